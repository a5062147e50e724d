"""The steps on what is known as a whole: profiles, paths, contexts and documents."""

from typing import Any

from ebbmark import Tenant

from conformance.filters import filter_of
from conformance.steps import SCOPE, VIEW, Run, Said, Shown, Wrong, chosen, lower, step


@step("profile", reads="name valid_at as_of", shows="names of_kind neighbors disputed mentions more")
def profile(run: Run, tenant: Tenant, said: Said) -> Shown:
    """What is known of an entity."""
    profile = tenant.profile(said["name"], **chosen(said, VIEW))
    return {
        "names": list(profile.names),
        "of_kind": [[lower(kind), run.names(fact.id for fact in facts)] for kind, facts in profile.facts],
        "neighbors": [neighbor.name for neighbor in profile.neighbors],
        "disputed": len(profile.disputed),
        "mentions": run.names(profile.mentions),
        "more": profile.more,
    }


@step("path", reads="start end hops valid_at as_of", shows="found names relations ids")
def path(run: Run, tenant: Tenant, said: Said) -> Shown:
    """How two entities hang together."""
    hops = {"hops": said["hops"]} if "hops" in said else {}
    connection = tenant.path(said["start"], said["end"], **hops, **chosen(said, VIEW))
    if connection.path is None:
        return {"found": connection.outcome}
    steps = connection.path.steps
    return {
        "found": "path" if connection.outcome == "found" else connection.outcome,
        "names": [step.end for step in steps],
        "relations": [step.relation for step in steps],
        "ids": run.names(step.atom.id for step in steps),
    }


@step(
    "context", reads="text filter where budget neighbours valid_at as_of", shows="ids printed left_out tokens"
)
def context(run: Run, tenant: Tenant, said: Said) -> Shown:
    """What a question is answered from, within a budget."""
    context = tenant.context(
        said["text"],
        said["budget"],
        filter=filter_of(said),
        neighbours=said.get("neighbours", 1),
        **chosen(said, VIEW),
    )
    if context.tokens > context.budget:
        raise Wrong(f"{context.tokens} tokens in a budget of {context.budget}")
    return {
        "printed": context.text,
        "ids": run.names(citation.id for citation in context.citations),
        "left_out": context.left_out,
        "tokens": context.tokens,
    }


@step(
    "add_document",
    reads="name title text words overlap user agent session as",
    shows="added kept moved removed ids",
)
def add_document(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Adds a document, or another version of it, and names its passages."""
    split: dict[str, Any] = {}
    if "words" in said:
        split = {"words_max": said["words"], "overlap": said.get("overlap", 0)}
    receipt = tenant.add_document(
        said["name"], said["text"], title=said.get("title"), **chosen(said, SCOPE), **split
    )
    for name, id in zip(said.get("as", []), receipt.passages, strict=False):
        run.remember(name, id)
    counts = {part: len(getattr(receipt, part)) for part in ("added", "kept", "moved", "removed")}
    return counts | {"ids": run.names(receipt.passages)}


@step("document", reads="name", shows="ids texts headings count")
def document(run: Run, tenant: Tenant, said: Said) -> Shown:
    """The passages of a document."""
    passages = tenant.document(said["name"])
    return {
        "ids": run.names(passage.id for passage in passages),
        "texts": [passage.text for passage in passages],
        "headings": [passage.passage.heading for passage in passages if passage.passage is not None],
        "count": len(passages),
    }


@step("delete_document", reads="name", shows="removed")
def delete_document(run: Run, tenant: Tenant, said: Said) -> Shown:
    """Deletes a document."""
    return {"removed": len(tenant.delete_document(said["name"]).removed)}
