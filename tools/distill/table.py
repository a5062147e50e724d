"""The rule from a text to its vector, as the artefact's format defines it."""

import numpy as np
import scipy.sparse as sp
import xxhash
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

LONGEST = 100
MASK = (1 << 64) - 1


def direction(piece, dims):
    """The signs of a piece that no token covers, or of a text without pieces (the empty string)."""
    state, bits = xxhash.xxh3_64_intdigest(piece.encode()), []
    for _ in range(-(-dims // 64)):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        z ^= z >> 31
        bits += [(z >> k) & 1 for k in range(64)]
    return np.where(np.array(bits[:dims]) == 1, 1.0, -1.0).astype(np.float32)


def is_spaceless(c):
    """Whether a character is of Thai, Lao, Burmese or Khmer, whose words are not parted."""
    return 0x0E00 <= ord(c) <= 0x0EFF or 0x1000 <= ord(c) <= 0x109F or 0x1780 <= ord(c) <= 0x17FF


def loose_pieces(run):
    """The pieces of a run of characters that no token covers: itself, or its pairs where words are not parted."""
    if len(run) > 2 and all(map(is_spaceless, run)):
        return [run[i:i + 2] for i in range(len(run) - 1)]
    return [run]


class Pieces:
    """Greedy longest match of words against a list of tokens; a piece without a row is its own string."""

    def __init__(self, tokens):
        self.ids = {t: i for i, t in enumerate(tokens)}
        self.longest = max(len(t) for t in tokens)
        self.normalizer = BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True)
        self.splitter = BertPreTokenizer()
        self.cache = {}

    def words(self, text):
        """The words of a text, none longer than LONGEST characters."""
        found = []
        for word, _ in self.splitter.pre_tokenize_str(self.normalizer.normalize_str(text)):
            found += [word[i:i + LONGEST] for i in range(0, len(word), LONGEST)]
        return found

    def word(self, word):
        """The pieces of one word: row numbers, and strings where no token fits."""
        if word in self.cache:
            return self.cache[word]
        out, at, loose = [], 0, ""
        while at < len(word):
            for to in range(min(len(word), at + self.longest), at, -1):
                row = self.ids.get(("##" if at else "") + word[at:to])
                if row is not None:
                    break
            if row is None:
                loose, at = loose + word[at], at + 1
                continue
            if loose:
                out += loose_pieces(loose)
                loose = ""
            out.append(row)
            at = to
        if loose:
            out += loose_pieces(loose)
        self.cache[word] = out
        return out

    def text(self, text):
        """The pieces of a text."""
        return [p for w in self.words(text) for p in self.word(w)]


def counts(lists, tokens):
    """A sparse matrix of how often each row occurs in each text; pieces without a row are left out."""
    rows = [[p for p in line if not isinstance(p, str)] for line in lists]
    at = np.cumsum([0] + [len(r) for r in rows])
    flat = np.fromiter((p for r in rows for p in r), np.int32, int(at[-1]))
    m = sp.csr_matrix((np.ones(len(flat), np.float32), flat, at), (len(lists), tokens))
    m.sum_duplicates()
    return m


def unit(x):
    """Rows divided by their lengths."""
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)


def vectors(lists, weighted, unknown):
    """Unit vectors of texts given as pieces, for a table whose rows carry their weights."""
    total = counts(lists, len(weighted)) @ weighted
    for i, line in enumerate(lists):
        for p in line:
            if isinstance(p, str):
                total[i] += unknown * direction(p, weighted.shape[1])
        if not np.any(total[i]):
            total[i] = direction("", weighted.shape[1])
    return unit(total).astype(np.float32)
