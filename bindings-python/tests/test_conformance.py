"""The promise: the scenarios of `conformance/` hold in Python as they do in Rust, and what is drawn from
messages and made of texts is what the corpus says.

It could be broken by an argument that does not reach the store, a value that is turned into another on its
way, a default that differs from Rust's, or an error with another code. The runner is checked, too: a
scenario with a wrong expectation must fail, and so must one with a step or a field that the runner does not
know.
"""

import copy
from pathlib import Path
from typing import Any

import pytest
from conformance import FOLDERS, Scenario, Wrong, corpus, expectations, labelled, run, scenarios
from conformance.retrieval import score
from conformance.steps import moment, seconds, single
from ebbmark import BuiltInExtractor, ManualClock, Message, NewFact, ScoreParts, StaticEmbedder, Store

ALL = [scenario for folder in FOLDERS for scenario in scenarios(folder)]
FILES = list(dict.fromkeys(scenario.file for scenario in ALL))


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_scenario_holds(scenario: Scenario) -> None:
    run(scenario.json)


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_scenario_is_left_out(folder: str) -> None:
    assert len(scenarios(folder)) >= FOLDERS[folder]
    assert {path.name for path in (corpus() / folder).iterdir()} == {
        Path(scenario.file).name for scenario in scenarios(folder)
    }


def test_no_folder_is_left_out() -> None:
    folders = {path.name for path in corpus().iterdir() if path.is_dir()}
    assert folders == {*FOLDERS, "language", "embedding"}


def test_a_missing_corpus_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EBBMARK_CONFORMANCE", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="set EBBMARK_CONFORMANCE"):
        scenarios("truth")


def spoilt(value: Any) -> Any:
    """Another value of the same type; a text for null."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return value + "?"
        case list():
            return [*value, "nobody"]
        case dict():
            return {**value, "nobody": 0}
    return "nobody"


def first_with_expectations(file: str) -> dict[str, Any]:
    found = (
        one.json for one in ALL if one.file == file and any(expectations(said) for said in one.json["steps"])
    )
    return next(found)


@pytest.mark.parametrize("file", FILES)
def test_every_wrong_expectation_of_a_scenario_fails(file: str) -> None:
    scenario = first_with_expectations(file)
    run(scenario)
    for at, said in enumerate(scenario["steps"]):
        for name in expectations(said):
            if name == "none_of":
                continue
            wrong = copy.deepcopy(scenario)
            wrong["steps"][at][name] = spoilt(said[name])
            with pytest.raises(Wrong):
                run(wrong)


ADD = {"do": "add", "tenant": "a", "episodes": [{"text": "cat"}], "as": ["x"]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"do": "search", "text": "cat", "ids": []},
        {"do": "search", "text": "cat", "first": "y"},
        {"do": "search", "text": "cat", "none_of": ["x"]},
        {"do": "get", "id": "x", "version": 2},
        {"do": "get", "id": "x", "version": True},
        {"do": "get", "id": "x", "standing": "substantiated"},
        {"do": "get", "id": "x", "error": "record.not_found"},
        {"do": "list", "limit": 0},
        {"do": "memory", "id": "x", "importance": 0.999},
        {"do": "usage", "episodes": 2},
        {"do": "audit", "causes": []},
        {"do": "timeline", "ids": []},
        {"do": "maintain", "expired": 1},
        {"do": "missing", "text": "cat", "id": "x", "reason": "filtered"},
        {"do": "facets", "by": ["role"], "values": [[["user", 2]]]},
        {"do": "explain_search", "text": "cat", "accepted": 0},
        {"do": "permit", "allowed": False},
        {"do": "dream"},
        {"do": "search", "text": "cat", "best": "x"},
        {"do": "search", "text": "cat", "filter": {"colour": "red"}},
        {"do": "search", "text": "cat", "where": {"colour": "red"}},
        {"do": "search", "text": "cat", "where": {"field": "colour"}},
        {"do": "add", "episodes": [{"text": "cat", "colour": "red"}]},
        {"do": "define", "predicate": {"name": "colour", "hue": 1}},
        {"do": "configure", "quotas": {"cats": 9}},
    ],
    ids=str,
)
def test_a_wrong_step_fails(wrong: dict[str, Any]) -> None:
    with pytest.raises(Wrong):
        run({"steps": [ADD, {"tenant": "a", **wrong}]})


def test_a_wrong_field_of_a_scenario_fails() -> None:
    with pytest.raises(Wrong):
        run({"steps": [ADD], "clok": 1})


def test_parts_that_do_not_make_a_score_are_noticed() -> None:
    with Store(":memory:", embedder=None, clock=ManualClock(moment(0))) as store:
        tenant = store.tenant("a")
        tenant.add("a cat")
        (hit,) = tenant.search("cat")
    assert score(hit.parts) == single(hit.score) != 0.0
    parts = {name: getattr(hit.parts, name) for name in ScoreParts.__match_args__}
    assert score(ScoreParts(**parts | {"coverage": hit.parts.coverage + 1})) != single(hit.score)


def folded(text: str) -> str:
    return " ".join(text.lower().split())


def drawn_claim(fact: NewFact) -> tuple[object, ...]:
    """A fact, so that two are the same if these are."""
    contexts = sorted(map(folded, fact.contexts))
    bounds = (seconds(fact.valid_from), seconds(fact.valid_to))
    corrected, supposed = fact.provenance == "corrected", fact.kind == "hypothesis"
    return (
        fact.subject,
        fact.predicate,
        folded(fact.object),
        fact.negated,
        contexts,
        *bounds,
        corrected,
        supposed,
        fact.holder,
    )


def labelled_claim(claim: dict[str, Any]) -> tuple[object, ...]:
    """A claim of the corpus, as `drawn_claim` has it."""
    contexts = sorted(map(folded, claim.get("contexts", [])))
    object, negated = folded(claim["object"]), claim.get("negated", False)
    corrected, supposed = claim.get("provenance") == "corrected", claim.get("hypothesis", False)
    bounds = (claim.get("from"), claim.get("to"))
    holder = claim.get("holder")
    return (
        claim["subject"],
        claim["predicate"],
        object,
        negated,
        contexts,
        *bounds,
        corrected,
        supposed,
        holder,
    )


@pytest.mark.parametrize(
    ("file", "at_least", "messages"), [("labelled", 0.95, 400), ("frozen", 0.95, 200), ("extra", 1.0, 1)]
)
def test_what_is_said_is_drawn_and_nothing_else(file: str, at_least: float, messages: int) -> None:
    corpus = labelled(f"language/{file}.json")
    drawn = BuiltInExtractor().extract([message(said) for said in corpus])
    right = 0
    for facts, said in zip(drawn, corpus, strict=True):
        wanted = [labelled_claim(claim) for claim in said["claims"]]
        for fact in map(drawn_claim, facts):
            if fact in wanted:
                wanted.remove(fact)
                right += 1
    precision = right / sum(map(len, drawn))
    recall = right / sum(len(said["claims"]) for said in corpus)
    assert len(corpus) >= messages
    assert precision >= at_least
    assert recall >= (0.85 if at_least < 1 else 1)


def message(said: dict[str, Any]) -> Message:
    said_at = moment(said["at"])
    speaker = said.get("speaker", "user")
    return Message(said["text"], speaker=speaker, role="user", said_at=said_at, previous=said.get("previous"))


def test_vectors_are_those_of_the_reference() -> None:
    reference = labelled("embedding/static.json")
    embedder = StaticEmbedder()
    assert embedder.name == reference["artefact"]
    assert embedder.dimensions == reference["dimensions"]
    cases = [case for case in reference["texts"] if case.get("vector") is not None]
    assert len(cases) >= 40
    vectors = embedder.embed([case["text"] for case in cases])
    for case, vector in zip(cases, vectors, strict=True):
        assert vector == pytest.approx(case["vector"], rel=0, abs=2e-6), case["text"]
