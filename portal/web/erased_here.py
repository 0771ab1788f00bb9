"""What erasing would do, in the page's language: the same figures for the person and for staff."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from portal.services.deletion import DeletionPreview, TablePreview
from portal.web.access import portal
from portal.web.languages import page_language


@dataclass(frozen=True, slots=True)
class ErasedHere:
    """One category: how many rows go, how many stay, why and until when."""

    label: str
    erasable: int
    emptied: bool
    kept: int
    kept_until: date | None
    because: str
    provision: str
    away: bool


def erased_here(preview: DeletionPreview) -> list[ErasedHere]:
    """The preview in the page's language, a line for each category; its tables together where the same becomes of them."""
    lines: dict[tuple[object, ...], ErasedHere] = {}
    for table in preview.tables:
        line = _line(table)
        same = (line.label, line.emptied, line.because, line.away)
        lines[same] = _together(lines[same], line) if same in lines else line
    return list(lines.values())


def _together(one: ErasedHere, other: ErasedHere) -> ErasedHere:
    untils = [until for until in (one.kept_until, other.kept_until) if until]
    return replace(
        one,
        erasable=one.erasable + other.erasable,
        kept=one.kept + other.kept,
        kept_until=max(untils, default=None),
    )


def _line(preview: TablePreview) -> ErasedHere:
    language, hold = page_language(), preview.table.hold
    kept = preview.kept
    return ErasedHere(
        label=preview.category.label.in_(language),
        erasable=preview.erasable or 0,
        emptied=preview.table.erase == "columns",
        kept=kept.count if kept else 0,
        kept_until=portal().today(kept.until) if kept and kept.until else None,
        because=hold.because.in_(language) if hold else "",
        provision=hold.provision if hold else "",
        away=preview.erasable is None,
    )
