"""The data files of a copy: one CSV for each table, and one JSON that describes everything and holds all but long tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import orjson

from portal.copies.ahead import read_ahead
from portal.copies.contents import (
    MOST_IN_JSON,
    CategoryContents,
    CopyContents,
    FileContents,
    PartLeftOut,
    Scope,
    TableContents,
)
from portal.copies.rows import csv_lines, csv_text, json_rows
from portal.domain.data_map import Column, Purpose
from portal.domain.languages import Text
from portal.domain.rights import LeftOut
from portal.wording.catalogue import for_language
from portal.wording.map_labels import unshown_label
from portal.wording.periods import period_words

FORMAT = "privacy-portal-copy/1"
_BOM = b"\xef\xbb\xbf"


class DataFiles:
    """The data files, written in turn: every CSV, then data.json, which says how many rows each of them holds."""

    def __init__(self, contents: CopyContents) -> None:
        self._contents = contents
        self._counts: dict[str, int] = {}

    def csv_file(self, table: TableContents) -> Iterator[bytes]:
        """One table: a line of stable names, a line of labels in the person's language, then every row.

        It begins with a byte order mark, by which spreadsheets know UTF-8 (law.md §8).
        """
        language, mapped = self._contents.language, table.table.columns
        names = ",".join(csv_text(column.name) for column in mapped)
        labels = ",".join(csv_text(column.label.in_(language)) for column in mapped)
        yield _BOM + f"{names}\r\n{labels}\r\n".encode()
        unreadable = for_language(language).gettext("Not readable")
        held = {place: said for place, column in enumerate(mapped) if (said := unshown_label(column, language))}
        count = 0
        for chunk in read_ahead(table.chunks()):
            yield csv_lines(chunk, held, unreadable)
            count += len(chunk)
        self._counts[table.file] = count

    def json_file(self) -> Iterator[bytes]:
        """Everything, for programs: keys, labels in both languages, and every row of every table that is not too long.

        A row is a list of its values, in the order of the table's `columns`. Where `rows` is null, all of them are in `file`.
        """
        yield orjson.dumps(_head(self._contents), option=orjson.OPT_UTC_Z)[:-1] + b',"categories":['
        for position, category in enumerate(self._contents.categories):
            yield (b",\n" if position else b"\n") + orjson.dumps(_category(category))[:-1] + b',"tables":['
            for place, table in enumerate(category.tables):
                yield b",\n" if place else b"\n"
                yield from self._table(table)
            yield b'],"left_out":' + orjson.dumps([_left_out_part(one) for one in category.left_out])
            yield b',"files":' + orjson.dumps([_file(given) for given in category.files]) + b"}"
        yield b"\n]}\n"

    def _table(self, table: TableContents) -> Iterator[bytes]:
        count = self._counts[table.file]
        described = _table(table) | {"count": count}
        if count > MOST_IN_JSON:
            yield orjson.dumps(described | {"rows": None})
            return
        yield orjson.dumps(described)[:-1] + b',"rows":[\n'
        yield from _rows(table)
        yield b"\n]}"


def _rows(table: TableContents) -> Iterator[bytes]:
    between = b""
    for chunk in table.chunks():
        yield between + json_rows(chunk)
        between = b",\n"


def _head(contents: CopyContents) -> dict[str, Any]:
    scope = contents.scope
    return {
        "format": FORMAT,
        "taken_at": contents.taken_at,
        "language": contents.language,
        "person": {"address": contents.address, "other_addresses": list(contents.other_addresses)},
        "organisation": asdict(contents.organisation),
        "person_in_charge": {
            "title": asdict(contents.contact.title),
            "email": contents.contact.email,
            "phone": contents.contact.phone,
            "address": contents.contact.address,
        },
        "scope": {
            **chosen_part(scope),
            "searched": list(contents.searched),
            "not_found_in": list(contents.unknown),
            "shared_in": list(contents.shared),
        },
        "purposes": [_purpose(purpose) for purpose in contents.data_map.purposes],
        "consents": [
            {
                "purpose": consent.purpose.id,
                "given": consent.given,
                "in_part": consent.in_part,
                "last_answer": consent.answered,
                "at": consent.at,
            }
            for consent in contents.consents
        ],
    }


def chosen_part(scope: Scope) -> dict[str, Any]:
    """What the person chose to take, for programs."""
    return {
        "categories": list(scope.categories),
        "from": scope.first_day,
        "to": scope.last_day,
        "portable": scope.portable,
    }


def _purpose(purpose: Purpose) -> dict[str, Any]:
    return {"id": purpose.id, "label": asdict(purpose.label), "basis": purpose.basis}


def _category(category: CategoryContents) -> dict[str, Any]:
    mapped = category.category
    return {
        "id": mapped.id,
        "label": asdict(mapped.label),
        "origin": mapped.origin,
        "sensitive": mapped.sensitive,
        "purposes": list(mapped.purposes),
        "means": _both(mapped.means),
        "seen_by": [asdict(text) for text in mapped.seen_by],
        "recipients": [asdict(text) for text in mapped.recipients],
        "outside_quebec": [
            {"place": asdict(outside.place), "safeguards": asdict(outside.safeguards)}
            for outside in mapped.outside_quebec
        ],
        "retention": _both(mapped.retention),
        "system": _both(mapped.system),
        "keeper": mapped.keeper,
        "withheld": _withheld(category.withheld),
    }


def _withheld(withheld: LeftOut | None) -> dict[str, Any] | None:
    if withheld is None:
        return None
    return {"reason": withheld.reason, "provision": withheld.provision, "request": withheld.reference}


def left_out_of(contents: CopyContents) -> Iterator[dict[str, Any]]:
    """Everything an answer leaves out of the copy: whole categories, then the tables, fields and rows of the others."""
    for category in contents.categories:
        if category.withheld:
            yield {"category": category.category.id, "table": None, "field": None, "rows": None} | (
                _withheld(category.withheld) or {}
            )
        for part in category.left_out:
            yield {"category": category.category.id} | _left_out_part(part)


def _left_out_part(left_out: PartLeftOut) -> dict[str, Any]:
    """A table, a field of it or some rows of it that are not in the copy, and why; rows are counted, never named."""
    part, why = left_out.part, left_out.why
    return {
        "table": part.table,
        "field": part.field or None,
        "rows": len(part.rows) or None,
        "reason": why.reason,
        "provision": why.provision,
        "request": why.reference,
    }


def _table(table: TableContents) -> dict[str, Any]:
    retention = table.table.retention
    return {
        "name": str(table.table.name),
        "file": table.file,
        "under": table.under,
        "key": list(table.table.key),
        "retention": {
            "from": retention.from_column,
            "fr": period_words(retention.keep, "fr"),
            "en": period_words(retention.keep, "en"),
        }
        if retention
        else None,
        "days": None if table.undated is None else {"column": table.table.order, "undated_left_out": table.undated},
        "columns": [_column(column) for column in table.table.columns],
    }


def _file(given: FileContents) -> dict[str, Any]:
    return {
        "file": given.file,
        "name": given.name,
        "bytes": given.size,
        "sha256": given.sha256,
        "request": given.reference,
        "kept_here_until": given.until,
    }


def _column(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {"name": column.name, "label": asdict(column.label)}
    if column.show != "plain":
        described["held_never_shown"] = True
    if column.show == "other":
        described["about_another_person"] = True
    if column.values:
        described["values"] = {key: asdict(text) for key, text in column.values.items()}
    return described


def _both(text: Text | None) -> dict[str, str] | None:
    return asdict(text) if text else None
