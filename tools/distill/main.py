"""From nothing to the artefact: `main.py --work DIR [--data DIR] STEP...`, steps in order: text teach train evaluate."""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np

import corpus
import evaluate
import fetch
import pack
import teach
import train
from table import Pieces


def read(path):
    """The training texts: lists of texts and group numbers."""
    rows = [json.loads(line) for line in path.open(encoding="utf8")]
    return [r[2] for r in rows], np.array([r[1] for r in rows])


def step_text(work, _):
    """Download the sources and write texts.jsonl."""
    rows = corpus.write(fetch.fetch(work), work / "texts.jsonl")
    print(f"{len(rows)} texts, sha256 {fetch.digest(work / 'texts.jsonl')}")


def step_teach(work, args):
    """Write the teacher's vectors of every text (--backwards: from the last chunk, beside a first process)."""
    folder = teach.model_files(fetch.fetch(work)["teacher"], work)
    teach.teach(folder, read(work / "texts.jsonl")[0], work / "vectors", args.backwards)


def step_train(work, args):
    """Train on the cached vectors and write the artefact and its reference vectors."""
    names = teach.model_files(fetch.fetch(work)["teacher"], work).joinpath("vocab.txt").read_text(encoding="utf8").split("\n")
    names = names[:-1] if names[-1] == "" else names
    keep = train.kept(names)
    tokens = [names[i] for i in keep]
    texts, groups = read(work / "texts.jsonl")
    chunks = sorted((work / "vectors").glob("[0-9][0-9][0-9][0-9].npy"))
    take = np.concatenate([np.arange(int(c.stem) * teach.CHUNK, min(len(texts), (int(c.stem) + 1) * teach.CHUNK)) for c in chunks])
    teacher = np.concatenate([np.load(c) for c in chunks]).astype(np.float32)
    pieces = Pieces(tokens)
    lists = [pieces.text(texts[i]) for i in take]
    print(f"{len(tokens)} tokens, {len(lists)} texts with vectors", flush=True)
    w, bags = train.train(lists, groups[take], teacher, np.load(work / "vectors" / "vocabulary.npy")[keep].astype(np.float32),
                          args.steps, lambda step, loss, _: print(f"step {step} loss {loss:.4f}", flush=True))
    data = pack.packed(tokens, train.whitened(w, bags), train.unknown_scale())
    pack.publish(args.out or work / "out", data)
    print(f"{len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


def step_evaluate(work, args):
    """Print the artefact's figures beside the teacher's."""
    bench = evaluate.Bench(args.data)
    tokens, scale, rows, unknown, _ = pack.unpacked(((args.out or work / "out") / f"{pack.NAME}.bin").read_bytes())
    print("teacher ", evaluate.line(bench.scores(bench.teacher)))
    print("artefact", evaluate.line(bench.of_table(tokens, pack.dequantised(scale, rows), unknown)))


def main():
    """Run the steps that the command line names."""
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--work", type=Path, required=True, help="folder for downloads, texts and vectors (about 2 GB)")
    p.add_argument("--data", type=Path, help="folder of the benchmark's tuning sets, for evaluate")
    p.add_argument("--out", type=Path, help="folder for the artefact (default: WORK/out)")
    p.add_argument("--steps", type=int, default=train.STEPS, help="training steps")
    p.add_argument("--backwards", action="store_true", help="teach from the last chunk")
    p.add_argument("step", nargs="+", choices=("text", "teach", "train", "evaluate"))
    args = p.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    for name in args.step:
        globals()[f"step_{name}"](args.work, args)


if __name__ == "__main__":
    main()
