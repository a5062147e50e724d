"""All episodes that a filter accepts, oldest first::

for episode in episodes(tenant, Filter(metadata={"log": "openai_agents"})):
    print(episode.text)
"""

from __future__ import annotations

from collections.abc import Iterator

from ebbmark import Episode, Filter, Tenant

# The most records that a page of a timeline may have.
PAGE_MAX = 1000


def episodes(tenant: Tenant, filter: Filter, page: int = PAGE_MAX) -> Iterator[Episode]:
    """The episodes, read `page` at a time (1 to 1000): a caller that wants few takes small pages."""
    after: str | None = None
    while True:
        part = tenant.timeline(filter, after=after, limit=page)
        yield from (record for record in part.records if isinstance(record, Episode))
        if part.next is None:
            return
        after = part.next
