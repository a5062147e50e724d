"""The steps on how much may be held, who may work, what happened in which order and who did it."""

from ebbmark import Cause, Filter, Lease, Tenant

from conformance.filters import plain
from conformance.steps import Readers, Run, Said, Shown, as_is, chosen, either, moment, rounded, seconds, step

COUNTED = "episodes atoms records archived vectors pending bytes added deleted uses"


@step("usage", shows=COUNTED)
def usage(run: Run, tenant: Tenant, said: Said) -> Shown:
    """What the tenant holds and has done."""
    usage = tenant.usage()
    return {name: getattr(usage, name) for name in COUNTED.split()}


@step("permit", reads="cost", shows="allowed remaining retry_after")
def permit(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Asks whether a call may go on."""
    permit = tenant.take_permit(said.get("cost", 1))
    return {
        "allowed": permit.allowed,
        "remaining": permit.remaining,
        "retry_after": None if permit.retry_after is None else rounded(permit.retry_after, 2),
    }


@step("lease", reads="name seconds as", shows="fence until")
def lease(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Takes a lease."""
    return leased(run, said, tenant.lease(said["name"], said["seconds"]))


@step("renew", reads="lease seconds as", shows="fence until")
def renew(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Renews a lease."""
    return leased(run, said, tenant.renew(run.leases[said["lease"]], said["seconds"]))


@step("release", reads="lease")
def release(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Gives a lease back."""
    tenant.release(run.leases[said["lease"]])
    return {}


def leased(run: Run, said: Said, lease: Lease) -> Shown:
    """Remembers a lease under its step's name, and shows it."""
    if said.get("as") is not None:
        run.leases[said["as"]] = lease
    return {"fence": lease.fence, "until": seconds(lease.until)}


@step("timeline", reads="filter limit", shows="ids more")
def timeline(run: Run, tenant: Tenant, said: Said) -> Shown:
    """What happened, in its order."""
    page = tenant.timeline(Filter(**plain(said)), limit=said.get("limit", 100))
    return {"ids": run.names(record.id for record in page.records), "more": page.next is not None}


@step("audit", reads="record cause actor since until limit", shows="causes actors pruned more")
def audit(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Who did what."""
    asked: Readers = {
        "cause": ("cause", either(Cause)),
        "actor": ("actor", as_is),
        "since": ("since", moment),
        "until": ("until", moment),
        "record": ("record", lambda name: run.ids[name]),
    }
    page = tenant.audit(**chosen(said, asked), limit=said.get("limit", 100))
    return {
        "causes": [entry.cause for entry in page.entries],
        "actors": [entry.actor for entry in page.entries],
        "pruned": sum(entry.pruned for entry in page.entries),
        "more": page.next is not None,
    }


@step("prune", reads="before", shows="count")
def prune(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Removes old entries of the audit."""
    return {"count": tenant.prune_audit(moment(said["before"]))}
