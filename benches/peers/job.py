"""One job of one peer, in a process of its own: prints what came of it as JSON on the last line.

`job.py PEER quality DATA FOLDER STRIDE` answers every STRIDE-th question of the sets, each in a store of its own
collection. `job.py PEER speed DATA FOLDER` adds the set `pool` in batches and one at a time, and asks its questions.
`benches/src/bin/peer.rs` does the same with Ebbmark.
"""

import gc
import importlib
import json
import re
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from common import HITS, MEASURES, WARM_UP, asked, read_set
from peers import Peer

SINGLES = 1000
SINGLES_TIME = 20.0
"""Records added one at a time: so many, or as many as fit into the seconds."""
QUERIES_TIME = 60.0
"""No question is asked after these seconds."""


def main() -> None:
    name, job, data, folder, *rest = sys.argv[1:]
    peer: type[Peer] = importlib.import_module(f"peers.{name}").PEER
    if job == "quality":
        result = quality(peer, Path(data), Path(folder), int(rest[0]))
    else:
        result = speed(peer, Path(data), Path(folder))
    result["version"] = ", ".join(f"{package} {version(package)}" for package in peer.packages)
    result["reaches"] = peer.reaches
    print(json.dumps(result))


def quality(make: type[Peer], data: Path, folder: Path, stride: int) -> dict:
    found: dict[str, list[list[str]]] = {}
    for measure in MEASURES:
        found[measure.set] = []
        for number, (collection, questions) in enumerate(asked(read_set(data, measure.set), stride)):
            home = folder / f"{measure.set}-{number}"
            home.mkdir(parents=True)
            peer = make(home, collection.vectors())
            peer.add(collection.docs)
            for question in questions:
                hits = peer.search(question.text, question.vector, HITS)
                found[measure.set].append([collection.docs[hit].name for hit in hits])
            peer.close()
    return {"found": found}


def speed(make: type[Peer], data: Path, folder: Path) -> dict:
    (pool,) = read_set(data, "pool")
    known = pool.vectors()
    batch, single = folder / "batch", folder / "single"
    batch.mkdir(parents=True)
    single.mkdir()
    gc.collect()
    resident_before = memory("VmRSS")

    start = time.perf_counter()
    peer = make(batch, known)
    opened = time.perf_counter()
    peer.add(pool.docs)
    added = time.perf_counter()

    for question in pool.questions[:WARM_UP]:
        peer.search(question.text, question.vector, HITS)
    times, hits, cpu, asking = [], 0, time.process_time(), time.perf_counter()
    for question in pool.questions[WARM_UP:]:
        before = time.perf_counter()
        if before - asking > QUERIES_TIME:
            break
        hits += len(peer.search(question.text, question.vector, HITS))
        times.append(1e3 * (time.perf_counter() - before))
    cpu = time.process_time() - cpu
    resident_peak = memory("VmHWM")
    peer.close()

    peer = make(single, known)
    singles, singles_start = 0, time.perf_counter()
    while singles < SINGLES and time.perf_counter() - singles_start < SINGLES_TIME:
        peer.add_one(pool.docs[singles])
        singles += 1
    singles_time = time.perf_counter() - singles_start
    peer.close()
    return {
        "records": len(pool.docs),
        "open_s": opened - start,
        "batch_per_second": len(pool.docs) / (added - opened),
        "single_per_second": singles / singles_time,
        "single_records": singles,
        "query_ms": times,
        "query_cpu_ms": 1e3 * cpu / len(times),
        "hits_per_query": hits / len(times),
        "resident_before_bytes": resident_before,
        "resident_peak_bytes": resident_peak,
        "disk_bytes": sum(file.stat().st_size for file in files(batch)),
    }


def files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file())


def memory(name: str) -> int | None:
    """A figure of this process's memory in bytes (proc(5), `status`); None where there is no `/proc`."""
    status = Path("/proc/self/status")
    line = re.search(rf"{name}:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return 1024 * int(line[1]) if line else None


if __name__ == "__main__":
    main()
