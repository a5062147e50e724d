"""Ebbmark beside its rivals: the same texts, the same vectors, the same questions, no LLM. See README.md.

`python benches/peers/run.py [--data FOLDER] [--quick] [--only NAME ...]` prints a table and writes it,
with all figures, to `target/peers/`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import environment
import report
from common import WARM_UP, judge, missing, write_pool

# In the order of the table; the slow ones last.
PEERS = {
    "ebbmark": "Ebbmark",
    "ebbmark_plain": "Ebbmark, no claims drawn",
    "sqlite_hand": "SQLite by hand",
    "lance": "LanceDB",
    "chroma": "Chroma",
    "txtai_hybrid": "txtai",
    "langgraph_store": "LangGraph InMemoryStore",
    "mentedb_engine": "MenteDB",
    "mem0_store": "mem0",
}
MODES = {"ebbmark": "claims", "ebbmark_plain": "plain"}
"""Ebbmark's own rows, by the first argument of its binary."""
QUICK_STRIDE = 10
QUICK_RECORDS = 1000
RECORDS = 10_000
QUERIES = 300


def main() -> int:
    arguments = parse()
    absent = missing(arguments.data)
    if absent:
        names = ", ".join(file.name for file in absent)
        print(f"the question sets are not in {arguments.data}: missing {names}; name their folder by --data or")
        print("EBBMARK_DATA. Nothing was measured.")
        return 2
    stride = QUICK_STRIDE if arguments.quick else 1
    records = QUICK_RECORDS if arguments.quick else RECORDS
    target = environment.ROOT / "target" / "peers"
    work = target / "work"
    shutil.rmtree(work, ignore_errors=True)
    write_pool(arguments.data, work, records, QUERIES + WARM_UP)
    binary, python = str(environment.ebbmark()), str(environment.python(target / "venv"))

    rows: dict[str, report.Row] = {}
    for name in arguments.only or PEERS:
        row = report.Row(PEERS[name])
        rows[name] = row
        for job in ("quality", "speed"):
            # What is found is not a matter of the disk; how fast it is added is.
            with tempfile.TemporaryDirectory(dir=None if job == "quality" else work) as folder:
                home = Path(folder)
                data, rest = (arguments.data, [str(stride)]) if job == "quality" else (work, [])
                command = [python, str(environment.HERE / "job.py"), name, job, str(data), folder, *rest]
                if name in MODES:
                    command = [binary, MODES[name], job, *(rest or [folder])]
                result = run(command, environment.variables(data, home), arguments.limit)
            if "found" in result:
                result["quality"] = judge(arguments.data, result.pop("found"), stride)
            row.take(job, result)
            print(f"{row.name}, {job}: {result.get('error', 'done')} after {result['seconds']:.0f} s", file=sys.stderr)
        setting = {"records": records, "question_stride": stride, "questions_timed": QUERIES}
        report.write(list(rows.values()), target, setting)
    print((target / "peers.md").read_text(encoding="utf-8"))
    return 1 if any(row.errors for row in rows.values()) else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    beside = environment.ROOT.parent / "shared" / "data"
    default = Path(os.environ.get("EBBMARK_DATA", beside))
    parser.add_argument("--data", type=Path, default=default, help="the question sets; EBBMARK_DATA, or ../shared/data")
    parser.add_argument("--quick", action="store_true", help="one question in ten, a tenth of the records")
    parser.add_argument("--only", nargs="+", choices=PEERS, help="these alone")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds for a job of a peer (900)")
    arguments = parser.parse_args()
    arguments.data = arguments.data.resolve()
    return arguments


def run(command: list[str], variables: dict[str, str], limit: float) -> dict:
    """What a job printed on its last line, or the error that it ended with."""
    start = time.monotonic()
    try:
        done = subprocess.run(
            command, env=variables, timeout=limit, capture_output=True, text=True, encoding="utf-8", errors="replace"
        )
    except subprocess.TimeoutExpired:
        return {"error": f"not done after {limit:.0f} s", "seconds": time.monotonic() - start}
    result = {"seconds": time.monotonic() - start}
    if done.returncode != 0:
        last = (done.stderr.strip() or "no message").splitlines()[-1]
        return result | {"error": f"ended with {done.returncode}: {last}"}
    return result | json.loads(done.stdout.strip().splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
