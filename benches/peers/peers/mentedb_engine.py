"""MenteDB's embedded engine: vectors only, as its Python package has no search by a text and a given vector."""

from collections.abc import Sequence
from pathlib import Path

from mentedb import MenteDB

from common import Doc
from peers import Peer, array


class Mente(Peer):
    packages = ("mentedb",)
    reaches = "disk"

    def __init__(self, folder: Path, known: dict[str, bytes]) -> None:
        self.memory = MenteDB(str(folder), dimension=len(next(iter(known.values()))) // 4)
        self.places: dict[str, int] = {}

    def add(self, docs: Sequence[Doc]) -> None:
        for doc in docs:
            self.add_one(doc)

    def add_one(self, doc: Doc) -> None:
        name = self.memory.store(doc.text, embedding=array(doc.vector).tolist())
        self.places[name] = len(self.places)

    def search(self, text: str, vector: bytes, count: int) -> list[int]:
        return [self.places[hit.id] for hit in self.memory.search(array(vector).tolist(), count)]

    def close(self) -> None:
        self.memory.close()


PEER = Mente
