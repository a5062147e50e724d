"""The table, the file of figures, and who is ahead in each column."""

import json
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from common import MEASURES

MARKS = {"disk": "", "files": "†", "memory": "‡"}
LEGEND = "† written to files without fsync when an add returns; ‡ in memory only. All others have fsynced."


@dataclass(slots=True)
class Row:
    """A peer with all its figures."""

    name: str
    figures: dict[str, float] = field(default_factory=dict)
    version: str = ""
    reaches: str = "disk"
    errors: dict[str, str] = field(default_factory=dict)
    raw: dict[str, dict] = field(default_factory=dict)

    def take(self, job: str, result: dict) -> None:
        if "error" in result:
            self.errors[job] = result["error"]
            return
        self.raw[job] = result
        self.version = result["version"]
        self.reaches = result.get("reaches", self.reaches)
        self.figures |= result.get("quality", {})
        if job == "speed":
            times = sorted(result["query_ms"])
            self.figures |= {
                "batch": result["batch_per_second"],
                "single": result["single_per_second"],
                "p50": times[len(times) // 2],
                "p95": times[len(times) * 95 // 100],
            }
            self._take_bytes(result)

    def _take_bytes(self, result: dict) -> None:
        if result["query_cpu_ms"] is not None:
            self.figures["cpu"] = result["query_cpu_ms"]
        if result["resident_peak_bytes"] is not None:
            self.figures["peak"] = result["resident_peak_bytes"] / 1e6
            self.figures["grown"] = (result["resident_peak_bytes"] - result["resident_before_bytes"]) / 1e6
        if result["disk_bytes"]:
            self.figures["disk"] = result["disk_bytes"] / 1e6


def rounded(digits: int) -> Callable[[float], str]:
    return lambda figure: f"{figure:,.{digits}f}"


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    title: str
    more_is_better: bool
    show: Callable[[float], str]

    def leads(self, figure: float, other: float) -> bool:
        """Whether a figure is better than another, as far as the table shows."""
        if self.show(figure) == self.show(other):
            return False
        return figure > other if self.more_is_better else figure < other


COLUMNS = (
    *(Column(measure.name, measure.name, True, rounded(3)) for measure in MEASURES),
    Column("batch", "add in batches, records/s", True, rounded(0)),
    Column("single", "add one at a time, records/s", True, rounded(0)),
    Column("p50", "query p50, ms", False, rounded(2)),
    Column("p95", "query p95, ms", False, rounded(2)),
    Column("cpu", "CPU a query, ms", False, rounded(2)),
    Column("peak", "peak memory, MB", False, rounded(0)),
    Column("grown", "of it since before the first add, MB", False, rounded(0)),
    Column("disk", "disk, MB", False, rounded(1)),
)


def write(rows: list[Row], folder: Path, setting: dict[str, int]) -> None:
    """Writes `peers.md` and `peers.json`."""
    machine = {"machine": platform.machine(), "system": platform.platform(), "python": platform.python_version()}
    when = datetime.now(UTC).isoformat(timespec="seconds")
    standing = [_standing(column, rows) for column in COLUMNS] if rows[0].name == "Ebbmark" else []
    whole = {"when": when, **setting, **machine, "rows": [asdict(row) for row in rows], "standing": standing}
    (folder / "peers.json").write_text(json.dumps(whole, indent=1), encoding="utf-8")
    stride = setting["question_stride"]
    asked = "all questions" if stride == 1 else f"one question in {stride}"
    lines = [f"Measured {when}: {setting['records']:,} records, {asked}.", ""]
    lines += [*_table(rows), "", LEGEND, ""]
    lines += [f"- **{row.name}, {job}: FAILED**: {error}" for row in rows for job, error in row.errors.items()]
    lines += ["", *(f"- {line}" for line in standing), ""]
    lines += [f"- {row.name}: {row.version}" for row in rows]
    (folder / "peers.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _table(rows: list[Row]) -> list[str]:
    titles = ["", *(f"{row.name}{MARKS[row.reaches]}" for row in rows)]
    lines = [titles, ["---"] * len(titles)]
    for column in COLUMNS:
        cells = [column.show(row.figures[column.key]) if column.key in row.figures else "–" for row in rows]
        lines.append([column.title, *cells])
    return [f"| {' | '.join(cells)} |" for cells in lines]


def _standing(column: Column, rows: list[Row]) -> str:
    """Whether Ebbmark, the first row, is first in a column, and who is ahead if not."""
    ours = rows[0]
    others = [row for row in rows if not row.name.startswith(ours.name)]
    if column.key not in ours.figures:
        return f"{column.title}: Ebbmark has no figure."
    figure = ours.figures[column.key]
    ahead = [row for row in others if column.key in row.figures and column.leads(row.figures[column.key], figure)]
    if not ahead:
        return f"{column.title}: Ebbmark is first ({column.show(figure)})."
    ahead.sort(key=lambda row: row.figures[column.key], reverse=column.more_is_better)
    names = ", ".join(f"{row.name}{MARKS[row.reaches]} ({column.show(row.figures[column.key])})" for row in ahead)
    return f"{column.title}: **Ebbmark is not first** ({column.show(figure)}); ahead: {names}."
