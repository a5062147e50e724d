"""Recall of a table on the benchmark's tuning sets, beside its teacher: dense alone and fused with BM25."""

import json
import math
import re
from collections import Counter
from pathlib import Path

import numpy as np
import snowballstemmer

from table import Pieces, vectors

SETS = ("longmemeval", "hotpot", "musique", "locomo")
STEM = snowballstemmer.stemmer("english")


class Bench:
    """The tuning sets, the teacher's vectors of their texts, and BM25 scores (made once)."""

    def __init__(self, folder, fusion=True):
        self.sets, self.teacher, self.texts = {}, {}, {}
        for name in SETS:
            self.sets[name] = json.loads((Path(folder) / f"{name}_tune.json").read_text())["collections"]
            self.teacher[name] = np.fromfile(Path(folder) / f"{name}_tune.f32", np.float32).reshape(-1, 384)
            self.texts[name] = [x["text"] for c in self.sets[name] for x in c["docs"] + c["queries"]]
        self.lexical = [bm25(c) for c in self.sets["locomo"]] if fusion else None
        self.pieces = {}

    def scores(self, vecs):
        """The figures of vectors given as {set: one row a text}."""
        out = {}
        for name in SETS:
            out[name] = recall(self.sets[name], vecs[name], 10 if name == "locomo" else 5, name == "longmemeval")
        if self.lexical:
            out["fused"] = recall(self.sets["locomo"], vecs["locomo"], 10, False, self.lexical)
        return out

    def of_table(self, tokens, weighted, unknown=0.0, rule=vectors):
        """The figures of a table."""
        key = hash(tuple(tokens))
        if key not in self.pieces:
            p = Pieces(tokens)
            self.pieces[key] = {n: [p.text(t) for t in self.texts[n]] for n in SETS}
        return self.scores({n: rule(self.pieces[key][n], weighted, unknown) for n in SETS})


def spread(x):
    """Scores of one query moved to 0..1."""
    low, high = x.min(), x.max()
    return (x - low) / (high - low) if high > low else np.zeros_like(x)


def recall(collections, vecs, k, any_hit, lexical=None):
    """Mean share of gold in the first k (or: share of queries with any gold there)."""
    at, found = 0, []
    for n, c in enumerate(collections):
        d, q = len(c["docs"]), len(c["queries"])
        docs, queries, at = vecs[at:at + d], vecs[at + d:at + d + q], at + d + q
        place = {x["id"]: i for i, x in enumerate(c["docs"])}
        for i, query in enumerate(c["queries"]):
            gold = {place[g] for g in query["gold"] if g in place}
            if not gold:
                continue
            s = docs @ queries[i]
            if lexical:
                s = 0.5 * spread(s) + 0.5 * spread(lexical[n][i])
            hit = len(gold & set(np.argsort(-s, kind="stable")[:k].tolist()))
            found.append(float(hit > 0) if any_hit else hit / len(gold))
    return sum(found) / len(found)


def bm25(collection, k1=1.2, b=0.75):
    """BM25 of every query (rows) and document (columns) over stems."""
    stems = {}

    def terms(text):
        words = re.findall(r"\w+", text.lower())
        for w in words:
            if w not in stems:
                stems[w] = STEM.stemWord(w)
        return [stems[w] for w in words]

    docs = [Counter(terms(x["text"])) for x in collection["docs"]]
    sizes = [sum(d.values()) for d in docs]
    mean = sum(sizes) / len(sizes)
    posting = {}
    for i, d in enumerate(docs):
        for t, n in d.items():
            posting.setdefault(t, []).append((i, n * (k1 + 1) / (n + k1 * (1 - b + b * sizes[i] / mean))))
    out = np.zeros((len(collection["queries"]), len(docs)), np.float32)
    for q, query in enumerate(collection["queries"]):
        for t in terms(query["text"]):
            hits = posting.get(t, ())
            idf = math.log(1 + (len(docs) - len(hits) + 0.5) / (len(hits) + 0.5))
            for i, s in hits:
                out[q, i] += idf * s
    return out


def line(scores):
    """One line of figures."""
    return "  ".join(f"{k} {v:.3f}" for k, v in scores.items())
