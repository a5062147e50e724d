"""Runs a scenario: step by step, each compared with what it expects.

from conformance.run import run

run({"steps": [{"do": "clock", "to": 1800000000}, {"do": "usage", "episodes": 0}]})
"""

from typing import Any

from ebbmark import Access, EbbmarkError, ManualClock, Store, Tenant

from conformance import forgetting, knowledge, limits, records, retrieval, truth
from conformance.steps import SCOPE, STEPS, Run, Said, Shown, Step, Wrong, chosen, moment, named, step

MODULES = (records, truth, retrieval, knowledge, forgetting, limits)
"""The modules that hold the steps: importing them fills the table."""

CLOCK = 1_790_000_000
"""Where the clock stands until a step moves it."""

COMMON = frozenset({"do", "tenant", "user", "agent", "session", "access", "actor", "error"})
"""The fields that every step may have."""

ADMINISTERED = ("define", "undo", "configure", "audit", "prune")
"""The steps that need the right to administer a tenant."""


def run(scenario: Said) -> None:
    """Runs a scenario through a new store in memory.

    Raises `Wrong` at the first step that shows something else than it expects.
    """
    if unknown := scenario.keys() - {"promise", "clock", "steps"}:
        raise Wrong(f"no such field of a scenario: {sorted(unknown)}")
    clock = ManualClock(moment(scenario.get("clock", CLOCK)))
    with Store(":memory:", clock=clock, id_seed=1, embedder=None) as store:
        state = Run(store, clock)
        for said in scenario["steps"]:
            compare(state, said)


def expectations(said: Said) -> list[str]:
    """The fields of a step that say what it is to show, or how it is to fail."""
    told = COMMON - {"error"} | STEPS[said["do"]].reads - {"none_of"}
    return [name for name in said if name not in told]


@step("erase", shows="existed")
def erase(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Erases the tenant."""
    return {"existed": run.store.erase_tenant(tenant.id)}


@step("clock", reads="to")
def tick(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Moves the clock."""
    run.clock.set(moment(said["to"]))
    return {}


def compare(run: Run, said: Said) -> None:
    """Does a step, and compares what it shows with what it expects."""
    known = STEPS.get(said["do"])
    if known is None:
        raise Wrong(f"no such step: {said}")
    if unknown := said.keys() - COMMON - known.reads - known.shows:
        raise Wrong(f"{said}\nno such field: {', '.join(sorted(unknown))}")
    try:
        shown = known.act(run, handle(run, said), said)
    except EbbmarkError as error:
        if said.get("error") != error.code:
            raise Wrong(f"{said}\nfailed with {error.code}: {error}") from error
        return
    if "error" in said:
        raise Wrong(f"{said}\nshowed {shown} instead of the error")
    matched(said, known, shown)


def handle(run: Run, said: Said) -> Tenant:
    """The handle of a step, with the rights that it says, or as many as it needs."""
    needed = "admin" if said["do"] in ADMINISTERED else "readwrite"
    # An audit asks for an actor; with the others it is who does the step.
    actor = None if said["do"] == "audit" else said.get("actor")
    access = named(Access, said.get("access", needed))
    return run.store.tenant(said.get("tenant", "acme"), access=access, actor=actor, **chosen(said, SCOPE))


def matched(said: Said, known: Step, shown: Shown) -> None:
    """Compares every field that a step expects with what was shown."""
    for name in said.keys() - COMMON - known.reads:
        if name not in shown:
            raise Wrong(f"{said}\n{name} is not shown")
        if not same(said[name], shown[name]):
            raise Wrong(f"{said}\n{name} is {shown[name]!r}")
    if unwanted := set(said.get("none_of", ())) & set(shown.get("ids", ())):
        raise Wrong(f"{said}\nfound {', '.join(sorted(unwanted))}")


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same; 1 and 1.0 are one number, and true is none."""
    match one, other:
        case bool(), _:
            return one is other
        case ((int() | float()), (int() | float())) if not isinstance(other, bool):
            return float(one) == float(other)
        case list(), list():
            return len(one) == len(other) and all(map(same, one, other))
        case dict(), dict():
            return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    return type(one) is type(other) and bool(one == other)
