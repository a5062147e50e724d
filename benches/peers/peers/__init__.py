"""The rivals, a file each. `PEER` is the class of a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Literal, Protocol

import numpy

from common import Doc

Reach = Literal["disk", "files", "memory"]
"""The disk (it is fsynced), files (it survives a crash of the process, not of the machine), or memory only."""
STOP_WORDS = frozenset(
    "a about an and are as at be been but by can could did do does for from had has have he her his how i if in is it "
    "its me my of on or our she so that the their them they this to was we were what when where which who whom why "
    "will with would you your".split()
)


class Peer(Protocol):
    """A store in a folder. Hits are places of documents, in the order in which they were added."""

    packages: ClassVar[tuple[str, ...]]
    """What it is made of, by the names of PyPI."""
    reaches: ClassVar[Reach]
    """What a record has reached when the call that added it returns."""

    def __init__(self, folder: Path, known: dict[str, bytes]) -> None:
        """`known` has the vector of every text that comes, for those that embed by themselves."""

    def add(self, docs: Sequence[Doc]) -> None:
        """Adds all documents to a new store in the way that the peer recommends, so that they can be found."""

    def add_one(self, doc: Doc) -> None: ...

    def search(self, text: str, vector: bytes, count: int) -> list[int]: ...

    def close(self) -> None: ...


def array(vector: bytes) -> numpy.ndarray:
    return numpy.frombuffer(vector, dtype="<f4")


def matrix(vectors: Sequence[bytes]) -> numpy.ndarray:
    return numpy.frombuffer(b"".join(vectors), dtype="<f4").reshape(len(vectors), -1)


def chunks(docs: Sequence[Doc], size: int) -> list[Sequence[Doc]]:
    return [docs[start : start + size] for start in range(0, len(docs), size)]
