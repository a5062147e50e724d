"""Runs the Python lines of a README and checks what they print.

    python ten_lines.py README.md

The lines are those of its first block marked `python`; what they print is to be what the comments at their ends say. It needs
the package and nothing else.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from pathlib import Path


def block(readme: Path) -> str:
    found = re.search(r"^```python\n(.*?)^```", readme.read_text(), re.DOTALL | re.MULTILINE)
    assert found, f"{readme.name} has no Python block"
    return found.group(1)


def run(lines: str) -> list[str]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(lines, "<lines>", "exec"), {"__name__": "__main__"})
    return printed.getvalue().splitlines()


def check(readme: Path) -> list[str]:
    printed = check_lines(block(readme))
    assert printed, "the lines promise nothing"
    return printed


def check_lines(lines: str) -> list[str]:
    """Runs lines; what the comments behind their prints promise has to be among what is printed."""
    promised = re.findall(r"print\(.*\)\s*# (.*)$", lines, re.MULTILINE)
    printed = run(lines)
    missing = [promise for promise in promised if promise not in printed]
    assert not missing, f"promised {missing}, printed {printed}"
    return printed


if __name__ == "__main__":
    print("\n".join(check(Path(sys.argv[1]))))
