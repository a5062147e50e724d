"""The steps on what a tenant chose, how well things are remembered and what is kept."""

from collections.abc import Sequence
from datetime import timedelta

from ebbmark import (
    ArchiveRule,
    Curve,
    DecayGroup,
    Fading,
    Filter,
    Grade,
    Language,
    Quotas,
    RateLimit,
    RetentionPolicy,
    Tenant,
    TenantConfig,
)

from conformance.filters import plain
from conformance.steps import (
    Readers,
    Run,
    Said,
    Shown,
    as_is,
    chosen,
    either,
    given,
    lower,
    micros,
    named,
    rounded,
    seconds,
    seconds_up,
    single,
    step,
)


def same(*names: str) -> Readers:
    """Fields that are arguments of the same name, as they are."""
    return {name: (name, as_is) for name in names}


POLICY: Readers = {
    **same("delete_archived_after_days", "delete_older_than_days", "episodes_max"),
    "archive": (
        "archive",
        lambda rule: ArchiveRule(**given(rule, same("older_than_days", "importance_below"))),
    ),
}
CONFIG: Readers = {
    **same("dissolve_below", "weak_below", "audit_days"),
    "curve": ("curve", either(Curve)),
    "language": ("language", either(Language)),
    "retention": ("retention", lambda policy: RetentionPolicy(**given(policy, POLICY))),
    "quotas": ("quotas", lambda quotas: Quotas(**given(quotas, same("records", "bytes", "vectors")))),
    "rate": ("rate", lambda rate: RateLimit(**given(rate, same("per_second", "burst")))),
}


@step("configure", reads=" ".join(CONFIG))
def configure(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Configures the tenant; what is not named is as it is without a choice."""
    tenant.configure(TenantConfig(**chosen(said, CONFIG)))
    return {}


MAINTAINED = "settled dissolved expired archived deleted unsupported rescheduled pending"


@step("maintain", reads="records seconds dry", shows=f"{MAINTAINED} next_due")
def maintain(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Does what has come due, within a budget."""
    budget = chosen(said, {"records": ("records", as_is), "seconds": ("time", as_is)})
    report = (tenant.dry_run() if said.get("dry") else tenant).maintain(**budget)
    counts = {name: getattr(report, name) for name in MAINTAINED.split()}
    return counts | {"next_due": seconds_up(report.next_due)}


@step("retention", reads="dry", shows="archived deleted unsupported")
def retention(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Applies the retention policy."""
    report = tenant.retention(dry_run=said.get("dry", False))
    return {"archived": report.archived, "deleted": report.deleted, "unsupported": report.unsupported}


@step("reinforce", reads="id grade")
def reinforce(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Tells how well something was remembered."""
    tenant.reinforce(run.ids[said["id"]], named(Grade, said.get("grade", "good")))
    return {}


@step("flush")
def flush(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Writes told uses down."""
    tenant.flush_uses()
    return {}


@step("pin", reads="id")
def pin(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Pins a record."""
    tenant.pin(run.ids[said["id"]])
    return {}


@step("unpin", reads="id")
def unpin(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Pins a record no more."""
    tenant.unpin(run.ids[said["id"]])
    return {}


@step("restore", reads="id")
def restore(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Brings an archived episode back."""
    tenant.restore(run.ids[said["id"]])
    return {}


@step("reconsolidate", reads="filter factor", shows="count")
def reconsolidate(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Makes atoms fade more slowly."""
    return {"count": tenant.reconsolidate(Filter(**plain(said)), said["factor"])}


REMEMBERED = "retention stability_days since uses used_at importance pinned archived archived_at"


@step("memory", reads="id", shows=REMEMBERED)
def memory(run: Run, tenant: Tenant, said: Said) -> Shown:
    """How well a record is remembered."""
    state = tenant.memory(run.ids[said["id"]])
    return {
        "retention": rounded(state.retention, 3),
        "stability_days": rounded(state.stability_days, 2),
        "since": seconds(state.since),
        "uses": state.uses,
        "used_at": seconds(state.used_at),
        "importance": None if state.importance is None else rounded(single(state.importance), 3),
        "pinned": state.pinned,
        "archived": state.archived_at is not None,
        "archived_at": seconds(state.archived_at),
    }


@step("decay_schedule", reads="id", shows="days")
def decay_schedule(run: Run, tenant: Tenant, said: Said) -> Shown:
    """The days until less than certain shares are left."""
    now = micros(run.clock.now())
    schedule = tenant.decay_schedule(run.ids[said["id"]])
    return {
        "days": [
            None if one.at is None else rounded((micros(one.at) - now) / 86_400e6, 2) for one in schedule
        ]
    }


@step("decay_report", shows="weak at_risk total groups means")
def decay_report(run: Run, tenant: Tenant, said: Said) -> Shown:
    """How well all is remembered, by kind and standing."""
    report = tenant.decay_report()
    return {
        "weak": report.weak,
        "at_risk": report.at_risk,
        "total": sum(sum(group.buckets) for group in report.groups),
        "groups": {group_name(group): list(group.buckets) for group in report.groups},
        "means": {group_name(group): rounded(group.mean_retention, 3) for group in report.groups},
    }


def group_name(group: DecayGroup) -> str:
    """`state substantiated`: the kind and the standing of a group."""
    return f"{lower(group.kind)} {lower(group.standing)}"


@step("weak", reads="share limit", shows="ids dissolves")
def weak(run: Run, tenant: Tenant, said: Said) -> Shown:
    """What is weak."""
    return fading(run, tenant.weak(said.get("share", 0.5), limit=said.get("limit", 100)))


@step("at_risk", reads="days limit", shows="ids dissolves")
def at_risk(run: Run, tenant: Tenant, said: Said) -> Shown:
    """What dissolves soon."""
    within = timedelta(days=said.get("days", 1))
    return fading(run, tenant.at_risk(within, limit=said.get("limit", 100)))


def fading(run: Run, found: Sequence[Fading]) -> Shown:
    """What fades, and when it dissolves."""
    ids = run.names(fading.id for fading in found)
    return {"ids": ids, "dissolves": [seconds_up(fading.dissolves_at) for fading in found]}
