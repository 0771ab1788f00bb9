"""What a bench found: a figure beside its limit, its goal and whether it is met; the table and the JSON of them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured row. `ratio` is what the goal is about; `at_least` says which way is good."""

    what: str
    measured: str
    limit: str
    ratio: float
    goal: float
    at_least: bool = False
    unit: str = "×"
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the goal is met."""
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal

    @property
    def verdict(self) -> str:
        """The last column of the table."""
        return "met" if self.met else "MISSED"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that could not be measured here, and why; it fails nothing."""

    what: str
    why: str


Row = Figure | Skipped


def budget(what: str, found: float, most: float, *, unit: str = "", note: str = "") -> Figure:
    """A count or a size that must not pass a budget: exact, so that its ratio is itself."""
    return Figure(what, f"{found:g}{_spaced(unit)}", "budget", found, most, unit=unit, note=note)


def times(what: str, measured: float, limit: float, goal: float, *, peer: str, note: str = "") -> Figure:
    """Two durations in seconds: how many times longer ours takes than its limit."""
    return Figure(what, duration(measured), f"{duration(limit)} {peer}", measured / limit, goal, note=note)


def rates(what: str, measured: float, limit: float, goal: float, *, peer: str) -> Figure:
    """Two rates a second: which part of its limit's rate ours reaches."""
    return Figure(what, f"{measured:,.0f}/s", f"{limit:,.0f}/s {peer}", measured / limit, goal, at_least=True)


def mebibytes(size: float) -> str:
    """A size in MiB."""
    return f"{size / 2**20:.1f} MiB"


def duration(seconds: float) -> str:
    """A duration in the unit that reads best."""
    for size, unit in ((1.0, "s"), (1e-3, "ms")):
        if seconds >= size:
            return f"{seconds / size:.2f} {unit}"
    return f"{seconds * 1e6:.0f} µs"


def table(rows: Sequence[Row]) -> str:
    """One line a row, the columns aligned."""
    lines = [("figure", "measured", "limit", "ratio", "goal", "")]
    lines += [_line(row) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def notes(rows: Sequence[Row]) -> str:
    """What the table has no room for."""
    return "\n".join(f"  {row.what}: {row.note}" for row in rows if isinstance(row, Figure) and row.note)


def as_json(rows: Sequence[Row]) -> list[dict[str, object]]:
    """The rows for bench.json."""
    return [asdict(row) | ({"met": row.met} if isinstance(row, Figure) else {"skipped": True}) for row in rows]


def _line(row: Row) -> tuple[str, str, str, str, str, str]:
    if isinstance(row, Skipped):
        return row.what, "–", "–", "–", "–", f"skipped: {row.why}"
    sign = "≥" if row.at_least else "≤"
    unit = _spaced(row.unit)
    return row.what, row.measured, row.limit, f"{row.ratio:.2f}{unit}", f"{sign} {row.goal:g}{unit}", row.verdict


def _spaced(unit: str) -> str:
    return f" {unit}" if unit else ""
