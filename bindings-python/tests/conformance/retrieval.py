"""The steps that ask, and those that tell why something did not come back, as in `conformance/retrieval/`."""

from collections.abc import Sequence
from typing import Any

from ebbmark import Hit, Order, Tenant, field

from conformance.filters import filter_of
from conformance.steps import (
    VIEW,
    Readers,
    Run,
    Said,
    Shown,
    Wrong,
    as_is,
    chosen,
    either,
    seconds,
    single,
    step,
)

QUERY: Readers = {
    **VIEW,
    "vector": ("vector", as_is),
    "order": ("order", either(Order)),
    "clustered": ("clustered", as_is),
    "diversity": ("diversity", as_is),
}
ASKED = "text vector filter where limit order clustered diversity valid_at as_of"

FACETS = [
    "sort",
    "role",
    "kind",
    "standing",
    "subject",
    "predicate",
    "object",
    "user",
    "agent",
    "session",
    "speaker",
    "tag",
    "month",
]


def query(said: Said) -> dict[str, Any]:
    """The arguments of a question."""
    return chosen(said, QUERY) | {"filter": filter_of(said), "limit": said.get("limit", 100)}


def found(run: Run, hits: Sequence[Hit]) -> Shown:
    """What is shown of hits, whose parts have to make their scores."""
    for hit in hits:
        if single(hit.score) != score(hit.parts):
            raise Wrong(f"{hit.score} is not what {hit.parts} make: {score(hit.parts)}")
    ids = run.names(hit.record.id for hit in hits)
    also = [run.sorted(hit.also) for hit in hits]
    return {"ids": ids, "first": ids[0] if ids else None, "also": also, "count": len(hits)}


def score(parts: Any) -> float:
    """The score that parts make, in single precision: their sum, faded, less what an old version loses."""
    own = total(parts.dense, parts.lexical)
    around = total(parts.dense_around, parts.lexical_around, parts.answer)
    question = total(parts.question, parts.coverage, parts.dated, parts.speaker)
    links = total(parts.named, parts.linked, parts.bridged, parts.graph, parts.supported, parts.quoted)
    summed = total(own, around, question, parts.length, links)
    faded = single(summed * single(parts.retention)) if summed > 0 else summed
    judged = faded if parts.reranked is None else single(parts.reranked)
    return single(judged - single(parts.outdated))


def total(*parts: float) -> float:
    """The sum of numbers of single precision."""
    summed = 0.0
    for part in parts:
        summed = single(summed + single(part))
    return summed


@step("search", reads=f"{ASKED} none_of", shows="ids first also count")
def search(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Asks."""
    return found(run, tenant.search(said.get("text", ""), **query(said)))


@step("page", reads=f"{ASKED} none_of after", shows="ids first also count next")
def page(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Asks for a page."""
    page = tenant.search_page(said.get("text", ""), **query(said), after=said.get("after"))
    return found(run, page.hits) | {"next": page.next}


@step("explain_search", reads=ASKED, shows="names aliases own dates when quotes accepted")
def explain_search(run: Run, tenant: Tenant, said: Said) -> Shown:
    """How a question is read."""
    read = tenant.explain_search(said.get("text", ""), **query(said))
    return {
        "names": list(read.names),
        "aliases": list(read.aliases),
        "own": read.own,
        "dates": [[seconds(date.start), seconds(date.end)] for date in read.dates],
        "when": read.asks_when,
        "quotes": read.quotes,
        "accepted": read.accepted,
    }


@step("missing", reads=f"{ASKED} id", shows="reason rank with")
def missing(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Why a record is not among the hits."""
    absence = tenant.explain_missing(run.ids[said["id"]], said.get("text", ""), **query(said))
    reason = absence.reason.replace("_", "")
    return {"reason": reason, "rank": absence.rank, "with": run.name(absence.cluster)}


@step("facets", reads="filter where by limit", shows="values more without")
def facets(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Which values records have, and how many of each."""
    by: list[Any] = [name if name in FACETS else field(name) for name in said["by"]]
    counts = tenant.facets(by, filter=filter_of(said), limit=said.get("limit", 100))
    return {
        "values": [[list(value) for value in count.values] for count in counts],
        "more": [count.more for count in counts],
        "without": [count.without for count in counts],
    }
