"""Scripts that run in a process of their own, under a watchdog: what could end or hang a process.

from own_process import process

assert process(tmp_path, "print(len(Store(path).tenants()))") == "0"
"""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import ebbmark

WATCHDOG = 60
PRELUDE = f"""
import faulthandler, sys
faulthandler.dump_traceback_later({WATCHDOG}, exit=True)
from ebbmark import CallbackOptions, EbbmarkError, ReopenError, Store
path = sys.argv[1]
def vectors(texts):
    return [[1.0, float(len(text)), 0.5] for text in texts]
"""


def process(tmp_path: Path, script: str) -> str:
    """What a script prints that has to end by itself, and in peace."""
    source = PRELUDE + textwrap.dedent(script)
    paths = os.pathsep.join(
        [str(Path(ebbmark.__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    done = subprocess.run(
        [
            sys.executable,
            "-X",
            "faulthandler",
            "-W",
            "ignore::DeprecationWarning",
            "-c",
            source,
            str(tmp_path / "m.ebb"),
        ],
        capture_output=True,
        text=True,
        timeout=2 * WATCHDOG,
        env={**os.environ, "PYTHONPATH": paths},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr[-4000:]
    return done.stdout.strip()
