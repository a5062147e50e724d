"""The steps on what is believed, as in `conformance/truth/`."""

from ebbmark import Assertion, Cardinality, Conflict, Kind, Predicate, Provenance, Tenant, Trust

from conformance.records import changed
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
    step,
)

FACT: Readers = {
    **SCOPE,
    "subject": ("subject", as_is),
    "predicate": ("predicate", as_is),
    "object": ("object", as_is),
    "negated": ("negated", as_is),
    "contexts": ("contexts", as_is),
    "provenance": ("provenance", either(Provenance)),
    "confidence": ("confidence", as_is),
    "trust": ("trust", either(Trust)),
    "kind": ("kind", either(Kind)),
    "holder": ("holder", as_is),
    "from": ("valid_from", moment),
    "to": ("valid_to", moment),
    "said": ("said_at", moment),
}

PREDICATE: Readers = {
    "name": ("name", as_is),
    "slot": ("slot", as_is),
    "aliases": ("aliases", as_is),
    "cardinality": ("cardinality", either(Cardinality)),
    "opposites": ("opposites", as_is),
    "inverse": ("inverse", as_is),
    "symmetric": ("symmetric", as_is),
    "rank": ("rank", as_is),
    "kind": ("kind", either(Kind)),
    "stability_days": ("stability_days", as_is),
    "confidence_max": ("confidence_max", as_is),
    "immutable": ("immutable", as_is),
}

CHANGED = "added removed retired restored"
NO_CONFLICT = "00000000-0000-0000-0000-000000000007"


@step("assert", reads=f"{' '.join(FACT)} supports as", shows="outcome superseded same_as")
def claim(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Asserts a claim."""
    verdict = tenant.assert_fact(**chosen(said, FACT), supports=run.pick(said.get("supports", [])))
    return told(run, said, verdict)


@step("confirm", reads="id as", shows="outcome superseded same_as")
def confirm(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Confirms an atom."""
    return told(run, said, tenant.confirm(run.ids[said["id"]]))


def told(run: Run, said: Said, verdict: Assertion) -> Shown:
    """Remembers a verdict under its step's name, and shows it."""
    same_as = run.name(verdict.id)
    if said.get("as") is not None:
        run.remember(said["as"], verdict.id)
        run.operations[said["as"]] = verdict.operation
    return {
        "outcome": lower(verdict.outcome),
        "superseded": run.sorted(verdict.superseded),
        "same_as": same_as,
    }


@step("retract", reads="id as", shows=CHANGED)
def retract(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Takes an atom back."""
    return changed(run, said, tenant.retract(run.ids[said["id"]]))


@step("undo", reads="op as", shows=CHANGED)
def undo(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Undoes an operation."""
    return changed(run, said, tenant.undo(run.operations[said["op"]]))


@step("merge", reads="keep gone as", shows=CHANGED)
def merge(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Makes two entities one."""
    return changed(run, said, tenant.merge_entities(said["keep"], said["gone"]))


@step("define", reads="predicate as", shows=CHANGED)
def define(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Defines a predicate."""
    return changed(run, said, tenant.define_predicate(Predicate(**given(said["predicate"], PREDICATE))))


@step("resolve", reads="pair keep merge reject contexts as", shows=CHANGED)
def resolve(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Settles the conflict of a pair."""
    pair = run.pick(said["pair"])
    of_pair = (one.id for one in tenant.conflicts(settled=True) if {one.first, one.second} <= set(pair))
    conflict = next(of_pair, NO_CONFLICT)
    if said.get("keep") is not None:
        effect = tenant.resolve(conflict, keep=run.ids[said["keep"]])
    elif said.get("merge") is not None:
        effect = tenant.resolve(conflict, merge=run.ids[said["merge"]])
    elif said.get("reject"):
        effect = tenant.resolve(conflict, reject=True)
    else:
        # The first of a conflict is the one with the smaller id.
        first, second = said["contexts"] if pair[0] < pair[1] else reversed(said["contexts"])
        effect = tenant.resolve(conflict, both=(first, second))
    return changed(run, said, effect)


@step("entity", reads="name", shows="names")
def entity(run: Run, tenant: Tenant, said: Said) -> Shown:
    """The names of an entity."""
    return {"names": tenant.entity(said["name"])}


@step("neighbors", reads="name valid_at as_of", shows="names")
def neighbors(run: Run, tenant: Tenant, said: Said) -> Shown:
    """What an entity has to do with."""
    found = tenant.neighbors(said["name"], **chosen(said, VIEW))
    return {"names": sorted(neighbor.name for neighbor in found)}


@step("facts", reads="subject predicate object valid_at as_of historical", shows="objects ids")
def facts(run: Run, tenant: Tenant, said: Said) -> Shown:
    """What is believed of a subject."""
    asked = {name: said[name] for name in ("predicate", "object", "historical") if name in said}
    found = tenant.facts(said["subject"], **asked, **chosen(said, VIEW))
    objects = sorted(f"{'not ' if atom.negated else ''}{atom.object}" for atom in found)
    return {"objects": objects, "ids": run.sorted(atom.id for atom in found)}


@step("conflicts", reads="settled", shows="pairs clashes")
def conflicts(run: Run, tenant: Tenant, said: Said) -> Shown:
    """What contradicts what."""
    found = tenant.conflicts(settled=said.get("settled", False))
    pairs = sorted(run.sorted([conflict.first, conflict.second]) for conflict in found)
    return {"pairs": pairs, "clashes": sorted(clash(run, conflict) for conflict in found)}


def clash(run: Run, conflict: Conflict) -> str:
    """`x/z value open`: who, about what, and whether it is settled."""
    pair = "/".join(run.sorted([conflict.first, conflict.second]))
    return f"{pair} {lower(conflict.clash)} {'open' if conflict.settlement is None else 'settled'}"
