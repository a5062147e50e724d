"""Chroma: vectors only, as it searches by default."""

from collections.abc import Sequence
from pathlib import Path

import chromadb
from chromadb.config import Settings

from common import Doc
from peers import Peer, array, chunks, matrix


class Chroma(Peer):
    packages = ("chromadb",)
    reaches = "disk"

    def __init__(self, folder: Path, known: dict[str, bytes]) -> None:
        self.client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
        self.memory = self.client.create_collection("memory", embedding_function=None)
        self.count = 0

    def add(self, docs: Sequence[Doc]) -> None:
        for part in chunks(docs, self.client.get_max_batch_size()):
            ids = [str(place) for place in range(self.count, self.count + len(part))]
            vectors = matrix([doc.vector for doc in part])
            self.memory.add(ids=ids, embeddings=vectors, documents=[doc.text for doc in part])
            self.count += len(part)

    def add_one(self, doc: Doc) -> None:
        self.add([doc])

    def search(self, text: str, vector: bytes, count: int) -> list[int]:
        found = self.memory.query(query_embeddings=array(vector), n_results=count, include=["documents"])
        return [int(name) for name in found["ids"][0]]

    def close(self) -> None:
        self.client.close()


PEER = Chroma
