"""Figures as pages show them: lines of words and numbers, each with the length of its bar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.figures import PublicYear, Shown
from portal.web.languages import page_language
from portal.web.pages import words
from portal.wording.figure_words import item_label

LONGEST_BAR = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One count. `length`: of the longest bar, in hundredths; a count of one and more is seen."""

    label: str
    number: int
    length: int


@dataclass(frozen=True, slots=True)
class YearView:
    """One year as everybody may read it. Where `received` is None, nothing else is there."""

    year: int
    until: date
    received: int | None
    kinds: Sequence[Bar]
    outcomes: Sequence[Bar]
    late: int | None
    median: int | None
    slowest_tenth: int | None


def bars(counts: Iterable[tuple[str, int]]) -> list[Bar]:
    """Counts with their bars, in their order."""
    every = list(counts)
    most = max((number for _, number in every), default=0)
    return [Bar(label, number, -(-number * LONGEST_BAR // most) if most else 0) for label, number in every]


def year_view(year: PublicYear) -> YearView:
    """A year in words of the page."""
    return YearView(
        year=year.year,
        until=year.until,
        received=year.received,
        kinds=_shown("kind", year.kinds),
        outcomes=_shown("outcome", year.outcomes),
        late=year.late,
        median=year.median,
        slowest_tenth=year.slowest_tenth,
    )


def _shown(breakdown: str, shown: Shown | None) -> list[Bar]:
    if shown is None:
        return []
    language = page_language()
    counts = [(item_label(breakdown, name, language), number) for name, number in shown.each.items()]
    if shown.together:
        named = ", ".join(item_label(breakdown, name, language) for name in shown.together)
        counts.append((words("Counted together: %(names)s", names=named), shown.sum_together))
    return bars(counts)
