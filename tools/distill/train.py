"""Training of the table: the rows start as the teacher's output for each token and learn to place texts as it does.

Two losses over batches of texts. One is relational: every text's similarities to the rest of the batch, as a
distribution, are drawn to the teacher's, mixed with a uniform one over the texts of the same group (a passage and
what asks for it). The other draws a text's vector to the teacher's, reduced to the table's dimensions.
"""

import unicodedata

import numpy as np

from table import counts, unit

DIMS = 256
SIF = 1e-4
STEPS, BATCH, RATE, WARM = 200, 4096, 3e-3, 50
HEAT = 0.07
GROUP = 0.5
DROP = 0.2
PULL = 1e-4
WHITEN, WHITEN_TEXTS = 0.5, 65536
UNKNOWN = 0.5
SEED = 0


def kept(vocabulary):
    """Rows of the teacher's vocabulary that become tokens: no special token, and none with a letter beyond Latin.

    A word of another script is then one unknown piece, with a direction of its own.
    """
    rows = []
    for i, token in enumerate(vocabulary):
        letters = token[2:] if token.startswith("##") and len(token) > 2 else token
        special = len(token) > 2 and token[0] == "[" and token[-1] == "]"
        if not special and all(ord(c) < 0x250 or unicodedata.category(c)[0] in "PS" for c in letters):
            rows.append(i)
    return rows


def start(vectors):
    """The first table (weights inside) and the map from the teacher's space to its own."""
    x = vectors - vectors.mean(axis=0)
    _, _, v = np.linalg.svd(x.T @ x)
    basis = v[:DIMS].T
    frequency = 1 / ((np.arange(len(x)) + 2.7) * np.log(len(x)))
    return ((x @ basis) * (SIF / (SIF + frequency))[:, None]).astype(np.float32), basis


def batches(groups, rng):
    """Endless batches of whole groups, each about BATCH texts."""
    order = np.argsort(groups, kind="stable")
    first = np.flatnonzero(np.r_[True, np.diff(groups[order]) != 0])
    members = np.split(order, first[1:])
    while True:
        batch, size = [], 0
        for g in rng.permutation(len(members)):
            batch.append(members[g])
            size += len(members[g])
            if size >= BATCH:
                yield np.concatenate(batch)[:BATCH]
                batch, size = [], 0


def softmax(s):
    """Rows as distributions, in place."""
    s -= s.max(axis=1, keepdims=True)
    np.exp(s, out=s)
    s /= s.sum(axis=1, keepdims=True)
    return s


def relation(z, y, group):
    """The relational loss of a batch and its gradient for the vectors z; y are the teacher's."""
    own, goal = z @ z.T / HEAT, y @ y.T / HEAT
    np.fill_diagonal(own, -1e9)
    np.fill_diagonal(goal, -1e9)
    own, goal = softmax(own), softmax(goal)
    same = group[:, None] == group[None, :]
    np.fill_diagonal(same, False)
    mates = same.sum(axis=1)
    share = np.where(mates > 0, GROUP, 0).astype(np.float32)
    goal *= (1 - share)[:, None]
    r, c = np.nonzero(same)
    goal[r, c] += (share / np.maximum(mates, 1))[r]
    loss = float(-(goal * np.log(own + 1e-12)).sum(axis=1).mean())
    own -= goal
    own /= HEAT * len(z)
    return loss, own @ z + own.T @ z


def train(lists, groups, teacher, vocabulary, steps=STEPS, report=None):
    """The trained rows. `lists` are texts as pieces, `teacher` their vectors, `vocabulary` those of the tokens."""
    rng = np.random.default_rng(SEED)
    w, basis = start(vocabulary)
    w0, m, v = w.copy(), np.zeros_like(w), np.zeros_like(w)
    goal = unit((teacher - teacher.mean(axis=0)) @ basis).astype(np.float32)
    texts = counts(lists, len(w))
    stream = batches(groups, rng)
    for step in range(1, steps + 1):
        i = next(stream)
        bag = texts[i]
        bag.data = bag.data * (rng.random(len(bag.data)) >= DROP).astype(np.float32)
        x = bag @ w
        length = np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-6)
        z = x / length
        loss, dz = relation(z, teacher[i], groups[i])
        dz -= goal[i] / len(i)
        g = bag.T.tocsr() @ ((dz - z * (z * dz).sum(axis=1, keepdims=True)) / length) + PULL * (w - w0)
        m += 0.1 * (g - m)
        v += 0.001 * (g * g - v)
        rate = RATE * min(1, step / WARM) * 0.5 * (1 + np.cos(np.pi * step / steps))
        w -= rate / (1 - 0.9**step) * m / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
        if report and (step % 50 == 0 or step == steps):
            report(step, loss, w)
    return w, texts


def whitened(w, texts):
    """Rows with the spread of texts over the axes made more even (folded into the rows), median length 1."""
    some = np.random.default_rng(SEED).permutation(texts.shape[0])[:WHITEN_TEXTS]
    values, axes = np.linalg.eigh(np.cov(unit(texts[some] @ w).T))
    w = (w @ axes) * values ** (-WHITEN / 2)
    return (w / np.median(np.linalg.norm(w, axis=1))).astype(np.float32)


def unknown_scale():
    """The scale of an unknown piece, for rows of median length 1."""
    return float(np.float32(UNKNOWN / np.sqrt(DIMS)))
