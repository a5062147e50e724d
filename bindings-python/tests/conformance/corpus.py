"""The files of the corpus.

from conformance.corpus import scenarios

for scenario in scenarios("truth"):
    print(scenario.name, scenario.json["promise"])
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDERS = {"foundation": 15, "truth": 250, "forgetting": 200, "retrieval": 130}
"""The folders that hold scenarios, and how many each has at least."""


@dataclass(frozen=True)
class Scenario:
    """A scenario, its file and its number in it, from 1."""

    file: str
    number: int
    json: dict[str, Any]

    @property
    def name(self) -> str:
        """`truth/time.json-3`, as pytest shows it."""
        return f"{self.file}-{self.number}"


def corpus() -> Path:
    """The root of the corpus: `EBBMARK_CONFORMANCE`, or the folder `conformance` of the repository."""
    beside = Path(__file__).resolve().parents[3] / "conformance"
    root = Path(os.environ.get("EBBMARK_CONFORMANCE") or beside)
    if not (root / "README.md").is_file():
        raise FileNotFoundError(
            f"no corpus in {root}: set EBBMARK_CONFORMANCE to the folder conformance/ of the repository"
        )
    return root


def scenarios(folder: str) -> list[Scenario]:
    """The scenarios of a folder, file by file."""
    found = []
    for path in sorted((corpus() / folder).glob("*.json")):
        held = json.loads(path.read_bytes())
        several = held if isinstance(held, list) else [held]
        found += [Scenario(f"{folder}/{path.name}", number, one) for number, one in enumerate(several, 1)]
    return found


def labelled(file: str) -> Any:
    """A file that holds no scenarios: of `language/` or `embedding/`."""
    return json.loads((corpus() / file).read_bytes())
