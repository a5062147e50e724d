"""Locks by what they are for: who asks for the same key gets the same lock, and nobody else waits for it.

One process writes to a store at a time, so that locks of the process will do.

    with lock_of("files", tenant.id, tenant.scope):
        ...
"""

from collections.abc import Hashable
from threading import Lock
from weakref import WeakValueDictionary

_locks: WeakValueDictionary[tuple[Hashable, ...], Lock] = WeakValueDictionary()
_looking = Lock()


def lock_of(*key: Hashable) -> Lock:
    """The lock of a key. It is there for as long as somebody holds on to it."""
    with _looking:
        lock = _locks.get(key)
        if lock is None:
            lock = _locks[key] = Lock()
        return lock
