"""The promise: what the READMEs and the docstrings show can be typed and does what they say.

It could be broken by any change of a name, a default or a result.
"""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import ebbmark
from ten_lines import check, check_lines

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("readme", ["README.md", "bindings-python/README.md"])
def test_the_lines_of_a_readme_do_what_they_say(
    readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check(ROOT / readme)


@pytest.mark.parametrize("name", sorted(module.name for module in pkgutil.iter_modules(ebbmark.__path__)))
def test_examples_of_docstrings_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        module = importlib.import_module(f"ebbmark.{name}")
    except ImportError as error:
        # CrewAI has an environment of its own.
        pytest.skip(str(error))
    assert doctest.testmod(module).failed == 0


def test_the_blocks_of_the_guide_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    guide = (ROOT / "docs" / "python.md").read_text()
    blocks = re.findall(r"^```python\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)
    assert len(blocks) > 5
    for number, lines in enumerate(blocks):
        (tmp_path / str(number)).mkdir()
        monkeypatch.chdir(tmp_path / str(number))
        monkeypatch.setenv("EBBMARK_DIR", str(tmp_path / str(number)))
        check_lines(lines)


def test_examples_of_the_package_run() -> None:
    result = doctest.testmod(ebbmark)
    assert result.attempted > 0 and result.failed == 0
