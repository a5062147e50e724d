"""SQLite by hand: FTS5 and sqlite-vec in one file, what a good engineer writes in a day."""

import re
from collections.abc import Sequence
from pathlib import Path

import apsw
import sqlite_vec

from common import Doc
from peers import STOP_WORDS, Peer

LEG = 100
"""Candidates of each leg."""
DENSE = 0.5
"""Weight of the vectors; the rest is that of the words."""
SCHEMA = """
CREATE TABLE doc (id INTEGER PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(text, content='doc', content_rowid='id', tokenize='porter unicode61');
CREATE VIRTUAL TABLE vectors USING vec0(id INTEGER PRIMARY KEY, vector FLOAT[{dimensions}]);
"""
WORDS = "SELECT rowid, -bm25(words) FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"
# Of vectors of unit length the cosine is 1 - distance^2 / 2; sqlite-vec has SIMD code for the distance only.
VECTORS = "SELECT id, 1 - distance * distance / 2 FROM vectors WHERE vector MATCH ? AND k = ?"


class SqliteByHand(Peer):
    packages = ("apsw", "sqlite-vec")
    reaches = "disk"

    def __init__(self, folder: Path, known: dict[str, bytes]) -> None:
        self.db = apsw.Connection(str(folder / "memory.db"))
        self.db.enable_load_extension(True)
        self.db.load_extension(sqlite_vec.loadable_path())
        self.db.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
        dimensions = len(next(iter(known.values()))) // 4
        self.db.execute(SCHEMA.format(dimensions=dimensions))
        self.count = 0

    def add(self, docs: Sequence[Doc]) -> None:
        """One transaction."""
        rows = list(enumerate(docs, self.count))
        with self.db:
            self.db.executemany("INSERT INTO doc VALUES (?, ?, ?)", [(i, doc.name, doc.text) for i, doc in rows])
            self.db.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", [(i, doc.text) for i, doc in rows])
            self.db.executemany("INSERT INTO vectors VALUES (?, ?)", [(i, doc.vector) for i, doc in rows])
        self.count += len(docs)

    def add_one(self, doc: Doc) -> None:
        self.add([doc])

    def search(self, text: str, vector: bytes, count: int) -> list[int]:
        scores: dict[int, float] = {}
        for leg, weight in ((self._words(text), 1 - DENSE), (self._vectors(vector), DENSE)):
            for place, score in _scaled(leg):
                scores[place] = scores.get(place, 0.0) + weight * score
        return sorted(scores, key=lambda place: (-scores[place], place))[:count]

    def _words(self, text: str) -> list[tuple[int, float]]:
        words = re.findall(r"\w+", text.lower())
        words = [word for word in words if word not in STOP_WORDS] or words
        question = " OR ".join(f'"{word}"' for word in words)
        return self.db.execute(WORDS, (question, LEG)).fetchall() if question else []

    def _vectors(self, vector: bytes) -> list[tuple[int, float]]:
        return self.db.execute(VECTORS, (vector, LEG)).fetchall()

    def close(self) -> None:
        self.db.close()


def _scaled(leg: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Scores from 0 to 1, by the least and the greatest of them."""
    if not leg:
        return []
    low = min(score for _, score in leg)
    width = max(score for _, score in leg) - low or 1.0
    return [(place, (score - low) / width) for place, score in leg]


PEER = SqliteByHand
