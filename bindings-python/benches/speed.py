"""What the Python package costs over the core, as ratios against the core in the same run.

    python speed.py REFERENCE

REFERENCE is the program `binding` of `benches/`, which does the same work in Rust. `make bench-python` builds and runs both.
Needs numpy.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy

import ebbmark

BATCH, DIMENSIONS, SEARCHES, ROUNDS = 10_000, 384, 20_000, 5
# Few, so that what a call costs besides the search can be seen.
RECORDS = 20


def text(number: int) -> str:
    return f"Note {number}: the order of customer {number % 97} is for {number % 13} boxes."


def vector(number: int) -> numpy.ndarray:
    places = numpy.arange(DIMENSIONS)
    return (
        ((number * 31 + places * 17) % 101).astype(numpy.float32) / numpy.float32(101) - numpy.float32(0.5)
    ).astype("f")


def open_plain(path: Path) -> ebbmark.Store:
    return ebbmark.Store(path, embedder=None, extraction="off", query_cache_bytes=0, embedding_cache_bytes=0)


def open_full(path: Path) -> ebbmark.Store:
    return ebbmark.Store(path, query_cache_bytes=0, embedding_cache_bytes=0)


def search_us(path: Path) -> tuple[float, float]:
    """Microseconds of a search as the caller waits for it, and as the core's own timer counts it, in the same calls."""
    with open_plain(path) as store:
        tenant = store.tenant("bench")
        tenant.add([ebbmark.NewEpisode(text(place), vector=vector(place)) for place in range(RECORDS)])
        vectors = [vector(number) for number in range(SEARCHES)]
        tenant.search(vector=vectors[0], limit=10)
        before = store.metrics().search
        began = time.perf_counter()
        for asked in vectors:
            assert len(tenant.search(vector=asked, limit=10)) == 10
        waited = time.perf_counter() - began
        after = store.metrics().search
    return waited / SEARCHES * 1e6, (after.sum_micros - before.sum_micros) / SEARCHES


def add_s(plain: bool) -> float:
    """Seconds for a batch in a fresh file, the best of some rounds."""
    best = float("inf")
    vectors = [vector(place) if plain else None for place in range(BATCH)]
    episodes = [
        ebbmark.NewEpisode(text(place), session="talk", vector=vectors[place]) for place in range(BATCH)
    ]
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "add.ebb"
            with (open_plain if plain else open_full)(path) as store:
                tenant = store.tenant("bench")
                began = time.perf_counter()
                tenant.add(episodes)
                best = min(best, time.perf_counter() - began)
    return best


def searches_per_s(store: ebbmark.Store, threads: int) -> float:
    tenant, each = store.tenant("bench"), 400
    vectors = [vector(number) for number in range(each)]

    def ask() -> None:
        for number, asked in enumerate(vectors):
            tenant.search(text(number), vector=asked, limit=10)

    with ThreadPoolExecutor(threads) as pool:
        began = time.perf_counter()
        for done in [pool.submit(ask) for _ in range(threads)]:
            done.result()
        return threads * each / (time.perf_counter() - began)


def import_ms() -> float:
    program = "import time; t = time.perf_counter(); import ebbmark; print((time.perf_counter() - t) * 1000)"
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        for _ in range(9)
    ]
    return statistics.median(float(run.stdout) for run in runs)


def main(reference: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        waited, core_us = search_us(folder / "search.ebb")
        print(
            f"search, numpy vector, k = 10: {waited:.1f} us, of which the core counts {core_us:.1f} us in whole microseconds"
        )
        told = subprocess.run([reference], capture_output=True, text=True, check=True)
        core = json.loads(told.stdout)
        for plain, what, key in ((True, "vectors given", "add_s"), (False, "text only", "add_full_s")):
            ours = add_s(plain)
            print(
                f"batch of {BATCH:,} episodes, {what}: {BATCH / ours:,.0f}/s; the core {BATCH / core[key]:,.0f}/s; "
                f"{ours / core[key]:.2f} times as long"
            )
        with open_plain(folder / "threads.ebb") as store:
            episodes = [ebbmark.NewEpisode(text(place), vector=vector(place)) for place in range(BATCH)]
            store.tenant("bench").add(episodes)
            # In turns, so that both see the same hours of the machine.
            rounds = [(searches_per_s(store, 1), searches_per_s(store, 2)) for _ in range(7)]
            one, two = (statistics.median(rates) for rates in zip(*rounds, strict=True))
            ratio = statistics.median(two / one for one, two in rounds)
            print(
                f"search in {BATCH:,} records: {one:,.0f}/s in one thread, {two:,.0f}/s in two: {ratio:.2f} times"
            )
    print(f"import: {import_ms():.1f} ms")


if __name__ == "__main__":
    main(sys.argv[1])
