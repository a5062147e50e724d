"""LangGraph's InMemoryStore: vectors only, in memory only."""

from collections.abc import Sequence
from pathlib import Path

from langgraph.store.base import PutOp
from langgraph.store.memory import InMemoryStore

from common import Doc
from peers import Peer, array

NAMESPACE = ("memory",)


class LangGraph(Peer):
    packages = ("langgraph",)
    reaches = "memory"

    def __init__(self, folder: Path, known: dict[str, bytes]) -> None:
        def embed(texts: Sequence[str]) -> list[list[float]]:
            return [array(known[text]).tolist() for text in texts]

        dimensions = len(next(iter(known.values()))) // 4
        self.store = InMemoryStore(index={"dims": dimensions, "embed": embed, "fields": ["text"]})
        self.count = 0

    def add(self, docs: Sequence[Doc]) -> None:
        """One batch; texts that come again follow one by one, as a batch with the same text twice is an error there."""
        first: dict[str, PutOp] = {}
        again: list[PutOp] = []
        for place, doc in enumerate(docs):
            put = PutOp(NAMESPACE, str(place), {"text": doc.text})
            if first.setdefault(doc.text, put) is not put:
                again.append(put)
        self.store.batch(first.values())
        for put in again:
            self.store.batch([put])
        self.count = len(docs)

    def add_one(self, doc: Doc) -> None:
        self.store.put(NAMESPACE, str(self.count), {"text": doc.text})
        self.count += 1

    def search(self, text: str, vector: bytes, count: int) -> list[int]:
        return [int(hit.key) for hit in self.store.search(NAMESPACE, query=text, limit=count)]

    def close(self) -> None:
        """There is nothing to close."""


PEER = LangGraph
