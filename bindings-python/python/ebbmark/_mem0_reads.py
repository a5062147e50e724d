"""What the memory of `ebbmark.mem0` asks its tenant, beside searches.

    from ebbmark import Filter, Store
    from ebbmark._mem0_reads import find, records_of

    tenant = Store(":memory:").tenant("mem0")
    tenant.add("I live in Porto.")
    [episode] = records_of(tenant, Filter(sort="episode"), None)
    assert find(tenant, episode.id) == episode

Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice, takewhile

from ebbmark import (
    Atom,
    Episode,
    Filter,
    Hit,
    InvalidInputError,
    NotFoundError,
    Receipt,
    Scope,
    Tenant,
    field,
)
from ebbmark._handles import is_within
from ebbmark._mem0_filters import unexpired
from ebbmark._mem0_messages import HASH, Said, hash_of
from ebbmark._mem0_rows import Find, Row, changed_row, ended_row, holds

PAGE = 1000
# Messages whose hashes are asked for at once, within the parts that a condition may have.
_ASKED = 200
# Characters of a text that a search is asked with.
_QUERY = 200


def find(tenant: Tenant, memory_id: object) -> Episode | Atom | None:
    """The record of an id; None if there is none, also for what is no id."""
    with suppress(NotFoundError, InvalidInputError):
        return tenant.get(str(memory_id))
    return None


def records_of(tenant: Tenant, wanted: Filter, most: int | None) -> Iterator[Episode | Atom]:
    """The first so many records that a filter accepts, or all, by when they were said; read in pages."""
    return islice(_pages(tenant, wanted, PAGE if most is None else min(most, PAGE)), most)


def _pages(tenant: Tenant, wanted: Filter, limit: int) -> Iterator[Episode | Atom]:
    after: str | None = None
    while limit > 0:
        page = tenant.timeline(wanted, after=after, limit=limit)
        yield from page.records
        after = page.next
        if after is None:
            return


def found(tenant: Tenant, query: str, wanted: Filter, least: int, *, reranked: bool) -> list[Find]:
    """So many messages, or more, that answer a question, the best first, each as good as the best of itself
    and of the facts that hold and were drawn from it, as far as the filter lets facts through.
    """
    finds: list[Find] = []
    # Facts stand among the hits; where they leave too few messages, all that a search can give is looked at.
    for limit in (min(least if reranked else 4 * least, PAGE), PAGE):
        hits = tenant.search(query, limit=limit, filter=wanted, clustered=False, reranked=reranked)
        finds = _of_messages(hits)
        if len(finds) >= least or len(hits) < limit:
            break
    return finds


def _of_messages(hits: Sequence[Hit]) -> list[Find]:
    messages = {hit.id: hit for hit in hits if isinstance(hit.record, Episode)}
    finds: dict[str, Find] = {}
    for hit in hits:
        for one in hit.record.supports if isinstance(hit.record, Atom) else [hit.id]:
            if one in messages:
                finds.setdefault(one, Find(messages[one], hit))
    return list(finds.values())


def kept_before(tenant: Tenant, said: Sequence[Said], scope: Scope) -> list[str]:
    """The ids of the messages at the start of a conversation that were kept before with the same labels and can be
    found: two or more, with something new behind them.
    """
    known: list[str] = []
    for start in range(0, len(said) if len(said) > 2 else 0, _ASKED):
        part = said[start : start + _ASKED]
        kept = _kept(tenant, part, scope)
        ids = [kept[key] for key in takewhile(kept.__contains__, (one.key for one in part))]
        known += ids
        if len(ids) < len(part):
            break
    return known if 2 <= len(known) < len(said) else []


def _kept(tenant: Tenant, said: Sequence[Said], scope: Scope) -> dict[tuple[str, str, str | None], str]:
    """Those of a few messages that are kept with the same labels and have not expired, by their keys."""
    same = field(HASH).one_of(list({hash_of(one.text) for one in said}))
    wanted = Filter(
        user=scope.user, agent=scope.agent, session=scope.session, sort="episode", where=same & unexpired()
    )
    # A search finds what its filter accepts by an index; a timeline reads all with these labels.
    hits = tenant.search(said[0].text[:_QUERY], limit=PAGE, filter=wanted, reranked=False)
    records = [hit.record for hit in hits] if len(hits) < PAGE else records_of(tenant, wanted, None)
    return {
        (record.role, str(record.metadata[HASH]), record.speaker): record.id
        for record in records
        if isinstance(record, Episode) and record.scope == scope
    }


def fact_rows(tenant: Tenant, receipt: Receipt, scope: Scope) -> list[Row]:
    """Which facts took the place of others, or ended others, as far as these are of the same labels."""
    rows: list[Row] = []
    for told in receipt.facts:
        fact = find(tenant, told.verdict.id)
        if not isinstance(fact, Atom):
            continue
        for old in [find(tenant, one) for one in told.verdict.superseded]:
            if isinstance(old, Atom) and is_within(old.scope, scope):
                rows.append(changed_row(fact, old))
        if not holds(fact) and is_within(fact.scope, scope) and _held_before(tenant, fact):
            rows.append(ended_row(fact))
    return rows


def _held_before(tenant: Tenant, fact: Atom) -> bool:
    """Whether the version before the current one was of a fact that held."""
    before = [revision.record for revision in tenant.history(fact.id)][:-1]
    return bool(before) and isinstance(before[-1], Atom) and holds(before[-1])
