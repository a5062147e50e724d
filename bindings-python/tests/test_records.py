"""The promise: a record is a value. It does not change, is equal to its copies and hashes as they do,
survives pickle and copy, can be taken apart by `match`, and shows itself in a line.

It could be broken by a field that is left out when a record is pickled or compared, a number that is
rounded on its way, a field that can be set, a hash of what equality does not see, or a `repr` that prints a
whole text. Every record type of the package is looked at: a tour of the API has to meet each of them.
"""

import copy
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import ebbmark
from ebbmark import (
    Admission,
    ArchiveRule,
    Atom,
    CallbackOptions,
    Condition,
    Episode,
    Filter,
    Hit,
    InvalidInputError,
    ManualClock,
    Message,
    NewEpisode,
    NewFact,
    Predicate,
    Quotas,
    RateLimit,
    Receipt,
    RetentionPolicy,
    Scope,
    Store,
    Tenant,
    TenantConfig,
    Weights,
    field,
)

NOW = datetime(2026, 9, 21, 12, 0, 0, 123456, tzinfo=UTC)
SAMPLES_MAX = 40


def is_record(candidate: object) -> bool:
    return isinstance(candidate, type) and "__match_args__" in vars(candidate)


RECORDS = sorted(name for name, held in vars(ebbmark).items() if is_record(held))


def letters(texts: list[str]) -> list[list[float]]:
    """An embedder: how often each letter is in a text. It fails for one of them."""
    if any("unreadable" in text for text in texts):
        raise RuntimeError("away")
    return [[0.01 + text.lower().count(chr(97 + at)) for at in range(26)] for text in texts]


def caller_made() -> Iterator[object]:
    """Records that the caller makes, with and without their fields."""
    scope: dict[str, Any] = {"user": "mara", "agent": "bot", "session": "s1"}
    fact = NewFact(
        "Mara",
        "likes",
        "tea",
        negated=True,
        contexts=["at work"],
        kind="preference",
        provenance="corrected",
        confidence=0.3,
        trust="low",
        holder="Tom",
        distance=2,
        valid_from=NOW,
        valid_to=NOW + timedelta(days=1),
        said_at=NOW,
        supports=["00000000-0000-0000-0000-000000000001"],
        vector=[0.1, 0.2],
        **scope,
    )
    metadata: dict[str, ebbmark.Json] = {
        "tags": ["a", "b"],
        "price": 3.5,
        "n": -(2**63),
        "deep": {"none": None, "yes": True},
    }
    yield fact
    yield NewFact("Mara", "likes", "tea")
    yield NewEpisode("hello")
    yield NewEpisode(
        "hello",
        role="assistant",
        speaker="Bot",
        title="Greeting",
        occurred_at=NOW,
        expires_at=NOW + timedelta(days=9),
        importance=0.7,
        metadata=metadata,
        trust="high",
        facts=[fact],
        vector=[1.0, -0.5],
        **scope,
    )
    yield Filter()
    where = (field("price") > 3) & Condition.kind("skill") | ~Condition.tag("a")
    yield Filter(
        sort="atom",
        roles=["user"],
        kinds=["skill"],
        since=NOW,
        until=NOW + timedelta(days=1),
        metadata={"a.b": 1},
        historical=True,
        quarantined=True,
        archived=True,
        retention_below=0.3,
        where=where,
        **scope,
    )
    yield from (Weights(), Weights.none(), Weights(dense=0.1, quoted=0.3))
    yield Predicate("likes")
    yield Predicate(
        "likes",
        aliases=["enjoys"],
        cardinality="one",
        slot="taste",
        opposites=["hates"],
        inverse="liked_by",
        rank=2,
        kind="preference",
        stability_days=0.1,
        confidence_max=0.9,
        immutable=True,
    )
    yield from (TenantConfig(), RetentionPolicy(), Quotas(), CallbackOptions(), config())
    yield CallbackOptions(failures_to_open=2, open_for=1.5, deadline=timedelta(seconds=2))
    yield Message("I like tea", speaker="Mara", role="user", said_at=NOW, previous="What do you like?")
    yield from (Admission.allow(), Admission.redact("x"), Admission.quarantine(), Admission.reject("secret"))


def config() -> TenantConfig:
    """A configuration in which everything is chosen."""
    return TenantConfig(
        curve="fsrs",
        dissolve_below=0.05,
        weak_below=0.4,
        retention=RetentionPolicy(
            archive=ArchiveRule(older_than_days=1000.5, importance_below=0.3),
            delete_archived_after_days=3.25,
            delete_older_than_days=4000.0,
            episodes_max=1000,
        ),
        quotas=Quotas(records=1000, bytes=10_000_000, vectors=1000),
        rate=RateLimit(per_second=0.5, burst=3),
        language="english",
        audit_days=30.0,
    )


def talked(tenant: Tenant) -> Iterator[object]:
    """What comes of adding, and of asking for it."""
    said = NewEpisode(
        "I moved to Porto with Tom.",
        speaker="Mara",
        title="News",
        occurred_at=NOW,
        importance=0.7,
        metadata={"tags": ["home"]},
    )
    receipt = tenant.with_scope(session="s1", user="mara").add([said, "A second line about tea."])
    yield receipt
    yield tenant.add("The secret is tea, and it is unreadable", idempotency_key="k")
    yield tenant.update(receipt.ids[1], text="A third line about tea.")
    yield tenant.add_document(
        "guide", "# Tea\n\n" + "Tea is a drink. Porto has a river. " * 40, words_max=40, overlap=5
    )
    yield tenant.document("guide")
    yield from (tenant.search("Porto"), tenant.search("tea", weights=Weights(lexical=2.0)))
    yield from (tenant.search_page("tea", limit=1), tenant.explain_search("Did Mara move on 2026-03-01?"))
    yield tenant.explain_missing("00000000-0000-0000-0000-000000000009", "tea")
    yield tenant.explain_missing(receipt.ids[0], "tea", limit=1, clustered=False)
    yield tenant.explain_missing(receipt.ids[0], "Porto")
    yield tenant.facets(["role", "kind", field("tags")])
    yield tenant.context("Where does Mara live?", 300)
    yield from (tenant.list(limit=2), tenant.timeline(limit=2))
    yield [tenant.history(id) for id in receipt.ids]
    yield tenant.memory(receipt.ids[0])


def believed(tenant: Tenant) -> Iterator[object]:
    """What is believed, and what contradicts it."""
    yield tenant.define_predicate(Predicate("drinks", aliases=["sips"], cardinality="one"))
    yield tenant.predicate("drinks")
    first = tenant.assert_fact("Mara", "drinks", "tea", trust="high", valid_from=NOW)
    other = tenant.assert_fact("Mara", "drinks", "coffee", trust="high", valid_from=NOW, confidence=0.9)
    yield from (first, other)
    conflicts = tenant.conflicts(settled=True)
    yield conflicts
    yield from (tenant.resolve(conflict.id, keep=conflict.first) for conflict in tenant.conflicts())
    yield tenant.conflicts(settled=True)
    yield tenant.assert_fact("Tom", "works_at", "Bosch")
    married = tenant.assert_fact("Tom", "married_to", "Mara")
    yield from (married, tenant.explain(married.id), tenant.decay_schedule(married.id))
    tenant.assert_fact("Tom", "works_at", "Siemens", valid_from=NOW + timedelta(hours=1))
    yield from (tenant.profile("Mara"), tenant.profile("Tom"), tenant.neighbors("Tom"))
    yield from (tenant.path("Mara", "Tom"), tenant.path("Mara", "Nobody"))
    yield tenant.facts("Tom", historical=True)
    yield from (tenant.get(first.id), tenant.history(first.id), tenant.delete(other.id))


def kept(store: Store, tenant: Tenant, clock: ManualClock) -> Iterator[object]:
    """What is kept, what fades, and what is counted."""
    subscription = tenant.subscribe(1)
    tenant.configure(config())
    tenant.add("one more")
    tenant.add("and one more")
    yield from (subscription.next(timeout=0), subscription.next(timeout=0))
    yield from (tenant.config(), tenant.take_permit(), tenant.take_permit(10**6))
    yield from (tenant.usage(), tenant.stats(), tenant.pending(), tenant.decay_report())
    yield from (tenant.weak(1.0), tenant.at_risk(timedelta(days=300)))
    lease = tenant.lease("upkeep", 60)
    yield from (lease, tenant.renew(lease, timedelta(seconds=90)))
    clock.set(clock.now() + timedelta(days=30))
    yield from (tenant.weak(1.0), tenant.at_risk(timedelta(days=366)), tenant.decay_report())
    yield from (tenant.process_pending(), tenant.retention(dry_run=True), tenant.reembed())
    yield from (tenant.maintain(), store.maintain())
    yield from (tenant.audit(), tenant.changes())
    yield from (store.health(), store.metrics(tenants=True), store.callbacks(), store.usage())
    yield from (store.query_cache(), store.embedding_cache(), store.working_sets())
    yield tenant.scope


def parts(value: object) -> Iterator[object]:
    """The records in a value, those within records included."""
    if is_record(type(value)):
        yield value
        for name in type(value).__match_args__:  # type: ignore[attr-defined]
            yield from parts(getattr(value, name))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from parts(item)
    elif isinstance(value, dict):
        yield from parts(list(value.values()))


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """Records of every type, by its name."""
    found: dict[str, list[Any]] = {}
    clock = ManualClock(NOW)
    path = tmp_path_factory.mktemp("records") / "memory.ebb"
    options = CallbackOptions(failures_to_open=1)
    with Store(path, clock=clock, embedder=letters, space="letters", callbacks=options) as store:
        tenant = store.tenant("acme", access="admin", actor="me", user="mara")
        tour = (*caller_made(), *talked(tenant), *believed(tenant), *kept(store, tenant, clock))
        for record in parts(list(tour)):
            several = found.setdefault(type(record).__name__, [])
            if len(several) < SAMPLES_MAX:
                several.append(record)
    return found


@pytest.fixture(params=RECORDS)
def several(request: pytest.FixtureRequest, samples: dict[str, list[Any]]) -> list[Any]:
    assert request.param in samples, f"the tour meets no {request.param}"
    return samples[request.param]


def fields(record: Any) -> dict[str, Any]:
    """The fields of a record, with what stands for those that cannot be compared themselves."""
    return {name: comparable(getattr(record, name)) for name in type(record).__match_args__}


def comparable(value: Any) -> Any:
    match value:
        case ebbmark.EbbmarkError():
            # Errors are equal when they have the same code.
            return (type(value), value.code)
        case ebbmark.Field():
            # Comparing it makes a condition.
            return (ebbmark.Field, value.path)
    return value


def test_there_are_records() -> None:
    assert {"Episode", "Atom", "Hit", "Receipt", "NewEpisode", "NewFact", "TenantConfig", "Filter"} <= set(
        RECORDS
    )
    assert len(RECORDS) >= 60


def test_fields_cannot_be_changed(several: list[Any]) -> None:
    record = several[0]
    for name in type(record).__match_args__:
        with pytest.raises(AttributeError):
            setattr(record, name, getattr(record, name))
        with pytest.raises(AttributeError):
            delattr(record, name)
    with pytest.raises(AttributeError):
        record.colour = "red"


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickling_keeps_all_of_it(several: list[Any], protocol: int) -> None:
    for record in several:
        again = pickle.loads(pickle.dumps(record, protocol))
        assert type(again) is type(record)
        assert again == record
        assert fields(again) == fields(record)
        assert hash(again) == hash(record)
        assert repr(again) == repr(record)


def test_copies_are_equal(several: list[Any]) -> None:
    for record in several:
        assert copy.copy(record) == record
        again = copy.deepcopy(record)
        assert again == record
        assert hash(again) == hash(record)


def test_it_is_equal_to_what_has_the_same_fields_alone(several: list[Any]) -> None:
    for one in several:
        assert one == copy.copy(one)
        assert one != object()
        assert one != fields(one)
        for other in several:
            assert (one == other) is (fields(one) == fields(other))
            assert (one != other) is not (one == other)
            assert one != other or hash(one) == hash(other)


def test_it_can_be_a_key(several: list[Any]) -> None:
    places = {record: at for at, record in enumerate(several)}
    for record in several:
        assert several[places[copy.deepcopy(record)]] == record


def test_match_takes_it_apart_by_position(several: list[Any]) -> None:
    record = several[0]
    of, names = type(record), type(record).__match_args__
    assert all(hasattr(record, name) for name in names)
    match record:
        case of():
            pass
        case _:
            pytest.fail("no match")
    if names:
        match record:
            case of(first):
                assert comparable(first) == fields(record)[names[0]]
            case _:
                pytest.fail("no match")


def test_match_takes_apart_by_keyword(samples: dict[str, list[Any]]) -> None:
    receipt, hit = samples["Receipt"][0], samples["Hit"][0]
    match receipt:
        case Receipt(ids=[first, *_], replayed=False):
            assert first == receipt.ids[0]
        case _:
            pytest.fail("no match")
    match hit:
        case Hit(record=Episode(text=text, role="user" | "document")):
            assert text == hit.record.text
        case Hit(record=Atom(subject=subject, object=object)):
            assert subject in hit.text
            assert object in hit.text
        case _:
            pytest.fail("no match")
    match hit.record:
        case Episode(role="tool") | Atom(predicate="no_such"):
            pytest.fail("a match")


def test_it_shows_itself_in_a_line(several: list[Any]) -> None:
    for record in several:
        shown = repr(record)
        assert shown.startswith(type(record).__name__)
        assert "\n" not in shown
        assert " object at 0x" not in shown


def test_it_shows_its_main_fields(samples: dict[str, list[Any]]) -> None:
    for name, main in {
        "Episode": ("id", "role", "text"),
        "Atom": ("id", "subject", "predicate", "object", "standing"),
        "Hit": ("score",),
        "Receipt": ("ids",),
        "Assertion": ("outcome",),
        "Change": ("kind", "version"),
        "NewFact": ("subject", "predicate", "object"),
        "MemoryState": ("id", "retention"),
    }.items():
        record = samples[name][0]
        for part in main:
            assert f"{part}=" in repr(record), (name, part)
    assert repr(samples["Episode"][0].text)[1:20] in repr(samples["Episode"][0])


HUGE = "tea " * 200_000


def test_it_is_short_for_huge_texts() -> None:
    metadata = {f"key {at}": "x" * 1000 for at in range(12)}
    with Store(":memory:", embedder=None) as store:
        tenant = store.tenant("acme")
        receipt = tenant.add(NewEpisode(HUGE, metadata=metadata))
        (hit,) = tenant.search("tea")
        page = tenant.list()
        shown = [
            receipt,
            hit,
            page,
            hit.record,
            tenant.context("tea", 100_000),
            tenant.history(receipt.ids[0])[0],
        ]
        fact = NewFact("Mara", "likes", HUGE, contexts=[HUGE])
        shown += [fact, NewEpisode(HUGE, metadata={"x": HUGE}, facts=[fact] * 100, vector=[0.1] * 8000)]
        shown += [
            Filter(metadata={"x": HUGE}, where=Condition.all([field("x") == HUGE] * 100)),
            Scope(user=HUGE),
        ]
        for record in shown:
            assert len(repr(record)) < 2000, type(record)


def errors(folder: Path) -> Iterator[ebbmark.EbbmarkError]:
    """Errors of several kinds, two of them with more than a code."""
    with Store(":memory:", embedder=None) as store:
        tenant = store.tenant("acme", access="admin")
        tenant.configure(TenantConfig(quotas=Quotas(records=1)))
        calls = (
            lambda: tenant.search(""),
            lambda: tenant.get("00000000-0000-0000-0000-000000000007"),
            lambda: tenant.add(["tea", "coffee"]),
            lambda: Store(folder / "no" / "such" / "folder" / "memory.ebb"),
        )
        for call in calls:
            with pytest.raises(ebbmark.EbbmarkError) as raised:
                call()
            yield raised.value


def test_what_an_explanation_names_besides_can_be_read() -> None:
    with Store(":memory:", embedder=None, clock=ManualClock(NOW)) as store:
        tenant = store.tenant("acme", access="admin")
        tenant.define_predicate(Predicate("drinks", cardinality="one"))
        first, _ = (tenant.assert_fact("Mara", "drinks", drink) for drink in ("tea", "coffee"))
        explanation = tenant.explain(first.id)
        (other,) = explanation.others
        assert (other.object, other.recorded_at) == ("coffee", NOW)
        assert pickle.loads(pickle.dumps(explanation)) == explanation
        assert "coffee" in repr(explanation)


def test_errors_survive_pickling(tmp_path: Path) -> None:
    for error in errors(tmp_path):
        for again in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
            assert type(again) is type(error)
            assert (str(again), again.code, again.remedy) == (str(error), error.code, error.remedy)
            assert vars(again) == vars(error)


def test_an_error_of_the_system_is_one_of_the_system(tmp_path: Path) -> None:
    *_, error = errors(tmp_path)
    assert isinstance(error, OSError)
    assert isinstance(error, ebbmark.StorageError)
    assert error.errno is None or isinstance(error.errno, int)
    assert error.filename is None or str(tmp_path) in str(error.filename)


def test_a_condition_is_no_truth_and_keeps_its_numbers() -> None:
    price = field("price")
    for misused in (lambda: 5 < price < 10, lambda: bool(price == 1), lambda: (price > 1) and (price < 2)):
        with pytest.raises(TypeError, match="`&`"):
            misused()
    condition = (price == 123456789.123456789) & Condition.importance(0.1, 0.7)
    assert pickle.loads(pickle.dumps(condition)) == condition
    with pytest.raises(InvalidInputError, match="not finite"):
        pickle.dumps(price < float("inf"))


def test_errors_that_say_something_else_are_not_equal() -> None:
    def receipt(dimensions: int) -> Receipt:
        clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        with Store(
            ":memory:",
            embedder=lambda texts: [[1.0] * dimensions for _ in texts],
            dimensions=2,
            clock=clock,
            id_seed=1,
        ) as store:
            return store.tenant("acme").add("tea")

    three, four = receipt(3), receipt(4)
    assert three != four
    assert len({three, four, receipt(3)}) == 2
