"""What all parts share: the question sets, the pool of records, and how an answer is judged. Standard library only."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Item = TypeVar("Item")

HITS = 10
"""Hits of a question."""
WARM_UP = 10
"""Questions asked before the clock runs."""


@dataclass(frozen=True, slots=True)
class Doc:
    name: str
    text: str
    vector: bytes
    """Little-endian float32, of unit length."""


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    gold: tuple[str, ...]
    vector: bytes


@dataclass(frozen=True, slots=True)
class Collection:
    docs: list[Doc]
    questions: list[Question]

    def vectors(self) -> dict[str, bytes]:
        """The vector of every text, for those that embed by a function."""
        known = {doc.text: doc.vector for doc in self.docs} | {asked.text: asked.vector for asked in self.questions}
        return known | {text.strip(): vector for text, vector in known.items()}


def recall(found: Sequence[bool], answers: int) -> float:
    return sum(found) / answers


def found_any(found: Sequence[bool], answers: int) -> float:
    return float(any(found))


@dataclass(frozen=True, slots=True)
class Measure:
    set: str
    name: str
    depth: int
    score: Callable[[Sequence[bool], int], float]


MEASURES = (
    Measure("locomo_tune", "LoCoMo recall@10", 10, recall),
    Measure("longmemeval_tune", "LongMemEval any@5", 5, found_any),
    Measure("hotpot_tune", "HotpotQA recall@5", 5, recall),
    Measure("musique_tune", "MuSiQue recall@5", 5, recall),
)
"""The same as in `benches/src/questions.rs`."""


def missing(data: Path) -> list[Path]:
    """The files of the sets that are not there."""
    files = [data / f"{measure.set}{end}" for measure in MEASURES for end in (".json", ".f32")]
    return [file for file in files if not file.is_file()]


def read_set(data: Path, name: str) -> list[Collection]:
    return [collection for _, collection in read_raw(data, name)]


def read_raw(data: Path, name: str) -> Iterator[tuple[dict, Collection]]:
    """The collections of a set, each as it is in its file and as the jobs use it."""
    raw = json.loads((data / f"{name}.json").read_text(encoding="utf-8"))
    with (data / f"{name}.f32").open("rb") as rows:
        for part in raw["collections"]:
            row = 4 * raw["dimensions"]
            docs = [Doc(str(doc["id"]), doc["text"], rows.read(row)) for doc in part["docs"]]
            questions = [
                Question(query["text"], tuple(map(str, query["gold"])), rows.read(row)) for query in part["queries"]
            ]
            yield part, Collection(docs, questions)


def asked(collections: Sequence[Collection], stride: int) -> Iterator[tuple[Collection, list[Question]]]:
    """Every `stride`-th question of a set, with its collection; collections without one are left out."""
    place = 0
    for collection in collections:
        chosen = [question for number, question in enumerate(collection.questions, place) if number % stride == 0]
        place += len(collection.questions)
        if chosen:
            yield collection, chosen


def judge(data: Path, found: dict[str, list[list[str]]], stride: int) -> dict[str, float]:
    """The figure of every set, by the names of the hits of its questions."""
    figures = {}
    for measure in MEASURES:
        questions = [question for _, chosen in asked(read_set(data, measure.set), stride) for question in chosen]
        scores = [
            measure.score([hit in question.gold for hit in hits[: measure.depth]], len(question.gold))
            for question, hits in zip(questions, found[measure.set], strict=True)
        ]
        figures[measure.name] = sum(scores) / len(scores)
    return figures


def write_pool(data: Path, folder: Path, records: int, questions: int) -> None:
    """Writes the set `pool`: different texts of all sets in one collection, thinned out evenly."""
    docs: dict[str, tuple[dict, bytes]] = {}
    queries: list[tuple[dict, bytes]] = []
    for measure in MEASURES:
        for part, collection in read_raw(data, measure.set):
            sessions = {doc["session"] for doc in part["docs"]}
            for raw, doc in zip(part["docs"], collection.docs, strict=True):
                # Passages that all share one session are no conversation.
                session = f"{measure.set}/{part['id']}/{raw['session']}" if len(sessions) > 1 else None
                docs.setdefault(doc.text, (raw | {"session": session}, doc.vector))
            pairs = zip(part["queries"], collection.questions, strict=True)
            queries += [(raw, question.vector) for raw, question in pairs]
    chosen = _thin(list(docs.values()), records), _thin(queries, questions)
    named = [doc | {"id": str(place)} for place, (doc, _) in enumerate(chosen[0])]
    pool = {"id": "pool", "docs": named, "queries": [query | {"gold": []} for query, _ in chosen[1]]}
    whole = {"name": "pool", "dimensions": len(queries[0][1]) // 4, "collections": [pool]}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pool.json").write_text(json.dumps(whole), encoding="utf-8")
    (folder / "pool.f32").write_bytes(b"".join(vector for part in chosen for _, vector in part))


def _thin(items: list[Item], count: int) -> list[Item]:
    if len(items) < count:
        raise ValueError(f"{len(items)} different items in the sets, {count} are needed")
    return [items[place * len(items) // count] for place in range(count)]
