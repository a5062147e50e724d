"""LangGraph's InMemoryStore: vectors only, in memory only."""

from collections.abc import Sequence
from pathlib import Path

from langgraph.store.base import PutOp
from langgraph.store.memory import InMemoryStore

from common import Doc
from peers import Peer, array

NAMESPACE = ("memory",)


class LangGraph:
    packages = ("langgraph",)
    reaches = "memory"

    def __init__(self, folder: Path, known: dict[str, bytes]) -> None:
        def embed(texts: Sequence[str]) -> list[list[float]]:
            return [array(known[text]).tolist() for text in texts]

        dimensions = len(next(iter(known.values()))) // 4
        self.store = InMemoryStore(index={"dims": dimensions, "embed": embed, "fields": ["text"]})
        self.count = 0

    def add(self, docs: Sequence[Doc]) -> None:
        self.store.batch([PutOp(NAMESPACE, str(place), {"text": doc.text}) for place, doc in enumerate(docs)])
        self.count = len(docs)

    def add_one(self, doc: Doc) -> None:
        self.store.put(NAMESPACE, str(self.count), {"text": doc.text})
        self.count += 1

    def search(self, text: str, vector: bytes, count: int) -> list[int]:
        return [int(hit.key) for hit in self.store.search(NAMESPACE, query=text, limit=count)]

    def close(self) -> None:
        """There is nothing to close."""


PEER: type[Peer] = LangGraph
