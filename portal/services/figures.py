"""Figures on requests: twelve months for staff, and what everybody may read of each year once the officer says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from portal.copies.sheets import Heading, Line, Sheet
from portal.domain.figures import Figures, PublicYear, Shown, figures_of, public_year
from portal.domain.languages import Language
from portal.domain.people import StaffMember
from portal.domain.settings import SettingKind, setting_key
from portal.services.installation import Installation
from portal.services.settings import in_effect
from portal.services.settings.changing import SettingConflict as SettingConflict  # noqa: PLC0414  # pages answer it
from portal.services.settings.changing import Standing, change, standing
from portal.storage.store import Store
from portal.wording.figure_words import breakdown_label, figure_column, item_label
from portal.wording.register_words import both

MONTHS = 12
YEARS = 5
"""How many years everybody may read."""

_ROUND = 3
"""The present year counts by whole quarters."""


@dataclass(frozen=True, slots=True)
class Period:
    """Twelve months of figures, and where those before and after end; None where there is nothing."""

    figures: Figures
    first: date
    last: date
    earlier: date | None
    later: date | None


def twelve_months(portal: Installation, store: Store, *, until: date | None, now: datetime) -> Period:
    """The twelve months that end with `until` (a first day of a month), else with the present one."""
    present = portal.today(now).replace(day=1)
    last = min(until, present) if until else present
    months = [_plus(last, step) for step in range(1 - MONTHS, 1)]
    earliest = store.tallies.earliest()
    return Period(
        figures=_figures(store, months),
        first=months[0],
        last=last,
        earlier=_plus(last, -MONTHS) if earliest and earliest < months[0] else None,
        later=min(_plus(last, MONTHS), present) if last < present else None,
    )


def public_years(portal: Installation, store: Store, *, now: datetime) -> Sequence[PublicYear]:
    """What everybody may read, the newest year first: years that ended, and the whole quarters of the present one."""
    today, earliest = portal.today(now), store.tallies.earliest()
    if earliest is None:
        return []
    found = []
    for year in range(today.year, max(earliest.year, today.year - YEARS) - 1, -1):
        whole = (today.month - 1) // _ROUND * _ROUND if year == today.year else MONTHS
        if whole:
            months = [date(year, month, 1) for month in range(1, whole + 1)]
            until = _plus(months[-1], 1) - timedelta(days=1)
            found.append(public_year(year, until, _figures(store, months)))
    return found


def are_public(portal: Installation, store: Store) -> bool:
    """Whether the officer lets everybody read the figures."""
    return in_effect(portal, store).figures_public


def publicity(portal: Installation, store: Store) -> Standing:
    """Whether they are public, since when and by whom; its version goes with the button."""
    return standing(portal, store, setting_key(SettingKind.FIGURES))


def make_public(
    portal: Installation, store: Store, member: StaffMember, *, public: bool, seen: int, now: datetime
) -> None:
    """Let everybody read the figures, or nobody any more.

    Raises:
        SettingConflict: a colleague decided meanwhile.
    """
    value = {"public": True} if public else {}
    change(portal, store, member, setting_key(SettingKind.FIGURES), value, seen=seen, now=now)


def public_sheet(portal: Installation, store: Store, language: Language, *, now: datetime) -> Sheet:
    """The same figures for spreadsheets and programs: a row for each count that may be read."""
    lines = [_line(row, language) for year in public_years(portal, store, now=now) for row in _rows(year)]
    return Sheet(
        name="transparency",
        title=both("Requests and how we answered them"),
        language=language,
        headings=tuple(Heading(key, figure_column(key)) for key in _COLUMNS),
        pages=lambda: [lines],
        about={"organisation": asdict(in_effect(portal, store).organisation), "language": language},
    )


_COLUMNS = ("year", "until", "breakdown", "items", "number")


def _rows(year: PublicYear) -> Iterator[dict[str, Any]]:
    """A number is null where it may not be read."""
    for name, number in (
        ("received", year.received),
        ("late", year.late),
        ("median_days", year.median),
        ("slowest_tenth_days", year.slowest_tenth),
    ):
        yield _row(year, name, [], number)
    for name, shown in (("kind", year.kinds), ("outcome", year.outcomes)):
        for items, number in _counts(shown):
            yield _row(year, name, items, number)


def _counts(shown: Shown | None) -> Iterator[tuple[list[str], int]]:
    if shown is None:
        return
    for name, number in shown.each.items():
        yield [name], number
    if shown.together:
        yield list(shown.together), shown.sum_together


def _row(year: PublicYear, breakdown: str, items: list[str], number: int | None) -> dict[str, Any]:
    return {"year": year.year, "until": year.until, "breakdown": breakdown, "items": items, "number": number}


def _line(row: dict[str, Any], language: Language) -> Line:
    number = row["number"]
    return Line(
        row,
        (
            str(row["year"]),
            row["until"].isoformat(),
            breakdown_label(row["breakdown"], language),
            "; ".join(item_label(row["breakdown"], one, language) for one in row["items"]),
            "" if number is None else str(number),
        ),
    )


def _figures(store: Store, months: Sequence[date]) -> Figures:
    counted = store.tallies.counted(months[0], months[-1])
    return figures_of(months, counted, store.tallies.days(months[0], months[-1]))


def _plus(month: date, months: int) -> date:
    """The first day of the month so many months later."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
