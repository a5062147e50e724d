"""The steps that add, read and remove records, as in `conformance/foundation/`."""

from ebbmark import Atom, Effect, NewEpisode, Role, Tenant, Trust

from conformance.filters import filter_of
from conformance.steps import (
    SCOPE,
    VIEW,
    Readers,
    Run,
    Said,
    Shown,
    as_is,
    chosen,
    either,
    given,
    lower,
    moment,
    rounded,
    seconds,
    single,
    step,
)

EPISODE: Readers = {
    **SCOPE,
    "text": ("text", as_is),
    "title": ("title", as_is),
    "role": ("role", either(Role)),
    "speaker": ("speaker", as_is),
    "at": ("occurred_at", moment),
    "expires": ("expires_at", moment),
    "importance": ("importance", as_is),
    "metadata": ("metadata", as_is),
    "trust": ("trust", either(Trust)),
    "vector": ("vector", as_is),
}

OF_ATOM = (
    "standing why object disputed assertions confirmations contradictions confidence trust provenance kind "
    "contexts from to holder superseded_by"
)


@step("add", reads="episodes key as", shows="replayed")
def add(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Adds a batch, and names its ids."""
    episodes = [NewEpisode(**given(episode, EPISODE)) for episode in said["episodes"]]
    receipt = tenant.add(episodes, idempotency_key=said.get("key"))
    run.ids.update(zip(said.get("as", []), receipt.ids, strict=False))
    return {"replayed": receipt.replayed}


@step("update", reads="id text metadata", shows="version")
def update(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Gives an episode another version."""
    changed = chosen(said, {"text": ("text", as_is), "metadata": ("metadata", as_is)})
    episode = tenant.update(run.ids[said["id"]], **changed)
    return {"version": episode.version}


@step("delete", reads="id as", shows="added removed retired restored")
def delete(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Deletes a record, with what rests on it."""
    return changed(run, said, tenant.delete(run.ids[said["id"]]))


@step("get", reads="id valid_at as_of", shows=f"text version {OF_ATOM}")
def get(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Reads a record."""
    record = tenant.get(run.ids[said["id"]], **chosen(said, VIEW))
    shown = {"text": record.text, "version": record.version}
    return shown | atom(run, record) if isinstance(record, Atom) else shown


@step("history", reads="id", shows="kinds")
def history(run: Run, tenant: Tenant, said: Said) -> Shown:
    """What became of a record."""
    return {"kinds": [lower(revision.kind) for revision in tenant.history(run.ids[said["id"]])]}


@step("changes", reads="since limit", shows="kinds")
def changes(run: Run, tenant: Tenant, said: Said) -> Shown:
    """What became of a tenant."""
    found = tenant.changes(said["since"], limit=said.get("limit", 100))
    return {"kinds": [lower(change.kind) for change in found]}


@step("list", reads="filter where limit", shows="ids more")
def listed(run: Run, tenant: Tenant, said: Said) -> Shown:
    """The first page of a list."""
    page = tenant.list(filter_of(said), limit=said.get("limit", 100))
    return {"ids": run.names(record.id for record in page.records), "more": page.next is not None}


def changed(run: Run, said: Said, effect: Effect) -> Shown:
    """Remembers an operation under its step's name, and shows what it changed."""
    if said.get("as") is not None and effect.operation is not None:
        run.operations[said["as"]] = effect.operation
    return {part: run.sorted(getattr(effect, part)) for part in ("added", "removed", "retired", "restored")}


HISTORICAL = ("superseded", "ended", "refined", "overruled", "retracted")
"""The standings that the corpus calls historical, with one of these as the reason."""


def atom(run: Run, atom: Atom) -> Shown:
    """What is shown of an atom beside its text and its version."""
    historical = atom.standing in HISTORICAL
    counted = ("object", "assertions", "confirmations", "contradictions", "holder")
    return {name: getattr(atom, name) for name in counted} | {
        "standing": "historical" if historical else lower(atom.standing),
        "why": lower(atom.standing) if historical else None,
        "disputed": atom.is_disputed,
        "confidence": rounded(single(atom.confidence), 2),
        "trust": lower(atom.trust),
        "provenance": lower(atom.provenance),
        "kind": lower(atom.kind),
        "contexts": list(atom.contexts),
        "from": seconds(atom.valid_from),
        "to": seconds(atom.valid_to),
        "superseded_by": run.name(atom.superseded_by),
    }
