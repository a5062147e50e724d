"""The promise: the examples run as they are, and do what they say of themselves.

They could be broken by any change of the API, or of what is found.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"


def run(name: str, folder: Path, told: str = "") -> str:
    program = [sys.executable, str(EXAMPLES / name)]
    return subprocess.run(program, cwd=folder, input=told, capture_output=True, text=True, check=True).stdout


def test_the_chat_remembers_across_runs(tmp_path: Path) -> None:
    first = run("chat.py", tmp_path, "I live in Berlin.\nI moved to Porto.\n")
    assert "Mara lives_in Porto (superseded)" in first
    second = run("chat.py", tmp_path, "Where does Mara live?\n")
    assert second.startswith("2 things were said before.")
    assert "Porto" in second and "Berlin" not in second


def test_the_tour_draws_a_memory_fading(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    told = run("tour.py", tmp_path)
    assert "in January: Berlin" in told and "boat yard" in told
    assert (tmp_path / "fading.png").read_bytes().startswith(b"\x89PNG")


def test_the_agent_remembers_between_conversations(tmp_path: Path) -> None:
    pytest.importorskip("langgraph.graph")
    assert run("agent.py", tmp_path).splitlines()[-1] == "I know: I am allergic to nuts."
