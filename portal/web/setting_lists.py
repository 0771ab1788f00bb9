"""A setting that is a list: as many rows as there are, and some empty ones to add to it. An emptied row goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import request

from portal.domain.languages import LANGUAGES
from portal.domain.settings import SettingKind, setting_key
from portal.services.settings.changing import standing
from portal.web.access import portal, store
from portal.web.numbers import id_or_none
from portal.web.setting_forms import SettingForm, Value

MOST_ROWS = 100
_PLACE = re.compile(r"\w+\[(?P<index>\d+)\](?:\.(?P<part>.+))?")


class ListForm(SettingForm):
    """Rows of fields named `<part>_<row>`; a part in both languages is `<part>_fr_<row>` and `<part>_en_<row>`."""

    LIST = ""
    ROWS = 0
    PLAIN: tuple[str, ...] = ()
    BOTH: tuple[str, ...] = ()

    def fill(self, value: Value) -> None:
        """Show a value."""
        for row, one in enumerate(value.get(self.LIST, ())):
            for part in self.PLAIN:
                self[f"{part}_{row}"].data = one.get(part, "")
            for part in self.BOTH:
                for language in LANGUAGES:
                    self[f"{part}_{language}_{row}"].data = one[part][language]

    def value(self) -> Value:
        """The rows in which something was typed."""
        found = [self._row(row) for row in self._filled()]
        return {self.LIST: found} if found else {}

    def field_of(self, key: str) -> str | None:
        """The field of the row a problem is in: rows left empty are not counted by the key."""
        place, filled = _PLACE.fullmatch(key), self._filled()
        if place is None or int(place["index"]) >= len(filled):
            return None
        part, row = (place["part"] or "").replace(".", "_"), filled[int(place["index"])]
        return next((name for name in (f"{part}_{row}", f"{part}_fr_{row}") if name in self), None)

    def fields_by_row(self) -> list[list[Any]]:
        """The fields, row by row."""
        return [[self[name] for name in self._names(row)] for row in range(self.ROWS)]

    def _names(self, row: int) -> list[str]:
        both = [f"{part}_{language}_{row}" for part in self.BOTH for language in LANGUAGES]
        return [*(f"{part}_{row}" for part in self.PLAIN), *both]

    def _filled(self) -> list[int]:
        return [row for row in range(self.ROWS) if any(self[name].data for name in self._names(row))]

    def _row(self, row: int) -> Value:
        plain: Value = {part: self[f"{part}_{row}"].data or "" for part in self.PLAIN}
        return plain | {
            part: {language: self[f"{part}_{language}_{row}"].data or "" for language in LANGUAGES}
            for part in self.BOTH
        }


def list_form(
    base: type[ListForm], kind: SettingKind, fields: Mapping[str, Callable[[], Any]], *, more: int
) -> type[ListForm]:
    """A form with a row for each there is and `more` empty ones; of one that was sent, the rows that were sent.

    `fields`: what makes each field of a row, by its name without the row.
    """
    rows = _sent(next(iter(fields))) if request.method == "POST" else None
    if rows is None:
        there = standing(portal(), store(), setting_key(kind)).value.get(base.LIST, ())
        rows = min(len(there) + more, MOST_ROWS)
    made = {f"{name}_{row}": make() for row in range(rows) for name, make in fields.items()}
    return type(f"{base.__name__}OfRows", (base,), {"ROWS": rows, **made})


def _sent(first: str) -> int | None:
    """How many rows were sent, by the fields of the first column."""
    names = [name.removeprefix(f"{first}_") for name in request.form if name.startswith(f"{first}_")]
    rows = [id_or_none(name) or 0 for name in names]
    return min(max(rows) + 1, MOST_ROWS) if rows else None
