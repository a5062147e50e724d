"""txtai: vectors and BM25 in one index, fused by its own hybrid search."""

from collections.abc import Sequence
from pathlib import Path

import numpy
from txtai import Embeddings

from common import Doc
from peers import Peer, matrix


class Txtai(Peer):
    packages = ("txtai", "faiss-cpu", "torch")
    reaches = "memory"

    def __init__(self, folder: Path, known: dict[str, bytes]) -> None:
        def transform(texts: list[str]) -> numpy.ndarray:
            return matrix([known[text] for text in texts])

        self.folder = folder
        self.index = Embeddings(method="external", transform=transform, hybrid=True, content=True)
        self.count = 0

    def add(self, docs: Sequence[Doc]) -> None:
        self.index.index((str(place), doc.text, None) for place, doc in enumerate(docs))
        self.index.save(str(self.folder / "index"))
        self.count = len(docs)

    def add_one(self, doc: Doc) -> None:
        self.index.upsert([(str(self.count), doc.text, None)])
        self.count += 1

    def search(self, text: str, vector: bytes, count: int) -> list[int]:
        return [int(hit["id"]) for hit in self.index.search(text, count)]

    def close(self) -> None:
        self.index.close()


PEER = Txtai
