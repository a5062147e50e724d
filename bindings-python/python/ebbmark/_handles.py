"""The handle that an adapter works with::

tenant = plain(tenant)  # TypeError for an AsyncTenant
"""

from __future__ import annotations

from ebbmark import Scope, Tenant


def plain(tenant: Tenant) -> Tenant:
    """The tenant, if it is one. Adapters run calls in threads of their own: an AsyncTenant has its own."""
    if isinstance(tenant, Tenant):
        return tenant
    raise TypeError(
        f"tenant is of the type {type(tenant).__name__}, where an ebbmark.Tenant was expected: "
        "of an AsyncTenant, pass its attribute `sync`"
    )


def is_within(inner: Scope, outer: Scope) -> bool:
    """Whether a scope has all labels of another."""
    pairs = ((inner.user, outer.user), (inner.agent, outer.agent), (inner.session, outer.session))
    return all(wanted is None or has == wanted for has, wanted in pairs)
