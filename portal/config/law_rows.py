"""Reads the rows of one file of the law, and says of each what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from portal.config.document import text_of, tree_of
from portal.config.problems import KeyPath, Problems, written_key
from portal.config.reading import items, unknown_key
from portal.domain.grounds import Ground
from portal.domain.holidays import HOLIDAY_RULES, HolidayCalendar
from portal.domain.languages import Text
from portal.domain.letters import unfit_for_a_letter
from portal.domain.regimes import LONGEST_SPAN, RecourseBody, Regime

LawRow = Regime | RecourseBody | HolidayCalendar | Ground


@dataclass(frozen=True, slots=True)
class _File:
    """What one file holds: the name of its list, its rows, and the column that names each."""

    listed: str
    row: type[LawRow]
    key: str = "key"


FILES: Mapping[str, _File] = {
    "bodies": _File("bodies", RecourseBody),
    "holidays": _File("calendars", HolidayCalendar),
    "regimes": _File("regimes", Regime),
    "grounds": _File("grounds", Ground, key="code"),
}
"""The files of the law, by name without `.toml`: what is named by others comes first."""

LEAST_RECORD_MONTHS = 12
"""Where its law sets nothing: what a decision rested on is kept a year (P-39.1, s. 11), and so is the proof of it."""

LEAST_BY_LAW: Mapping[str, int] = {"us_ca_ccpa": 24}
"""What a law asks by itself: California, 24 months at least (11 CCR § 7101)."""

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_LONGEST_KEY = 64
_LONGEST_REGIME = 16
"""As much as the column of requests holds."""

_RULES = {rule.__name__: str(rule.__dataclass_fields__["rule"].default) for rule in HOLIDAY_RULES}
_EXPECTED = {
    "int": "a whole number",
    "bool": "true or false",
    "date": "a date that exists, such as 2026-07-01",
    "string": "words in quotes",
    "tuple": "a list",
    "dataclass": "a table",
    "dict": "a table",
}


def read_file(file: Path, name: str, problems: Problems) -> dict[str, LawRow]:
    """The rows of a file that are right, by their key; what is wrong with the others is noted."""
    text = text_of(file, problems)
    tree = tree_of(text, problems) if text is not None else None
    if tree is None:
        return {}
    kind = FILES[name]
    for key in tree:
        if key != kind.listed:
            unknown_key((key,), [kind.listed], problems)
    found: dict[str, LawRow] = {}
    for index, written in items(tree.get(kind.listed, []), (kind.listed,), problems):
        row = _read(written, (kind.listed, index), problems)
        if row is not None:
            _add(found, row, kind.key, (kind.listed, index), problems)
    return found


def check_rows(
    own: Mapping[str, Mapping[str, LawRow]], whole: Mapping[str, Mapping[str, LawRow]], noted: Mapping[str, Problems]
) -> None:
    """Note what the rows of `own` name that is not among those of the `whole` law."""
    for index, regime in enumerate(own["regimes"].values()):
        if isinstance(regime, Regime):
            at: KeyPath = ("regimes", index)
            _known((*at, "holiday_calendar"), regime.holiday_calendar, "holidays", whole, noted["regimes"])
            _known((*at, "recourse", "body"), regime.recourse.body, "bodies", whole, noted["regimes"])
    for index, ground in enumerate(own["grounds"].values()):
        if isinstance(ground, Ground):
            _known(("grounds", index, "regime"), ground.regime, "regimes", whole, noted["grounds"])


def _known(at: KeyPath, name: str, file: str, whole: Mapping[str, Mapping[str, LawRow]], problems: Problems) -> None:
    if name not in whole[file]:
        problems.add(at, "unknown_name", list=FILES[file].listed)


def _add(found: dict[str, LawRow], row: LawRow, column: str, at: KeyPath, problems: Problems) -> None:
    """Keep a row by its key, which no other row of the file has."""
    key = str(getattr(row, column))
    longest = _LONGEST_REGIME if isinstance(row, Regime) else _LONGEST_KEY
    if not _KEY.fullmatch(key) or len(key) > longest:
        problems.add((*at, column), "wrong", expected=f"a short name of letters, digits and _, {longest} at most")
    elif key in found:
        first = list(found).index(key)
        problems.add((*at, column), "duplicate", other=written_key((at[0], first, column)))
    else:
        found[key] = row


def _read(written: object, at: KeyPath, problems: Problems) -> LawRow | None:
    """One row, or None with each of its problems noted."""
    before = len(problems.all())
    try:
        row: LawRow = _adapter(str(at[0])).validate_python(written)
    except ValidationError as error:
        for found in error.errors(include_url=False, include_input=False):
            _note(found, written, at, problems)
        return None
    for key, known in _unknown(written, row, at):
        unknown_key(key, known, problems)
    for key in _unfit(row, at):
        problems.add(key, "wrong", expected="some words on one line")
    if isinstance(row, RecourseBody) and not row.website.startswith(("https://", "http://")):
        problems.add((*at, "website"), "wrong", expected="an address that begins with https://")
    if isinstance(row, Regime):
        _check_record(row, (*at, "record_months"), problems)
    return row if len(problems.all()) == before else None


def _check_record(row: Regime, at: KeyPath, problems: Problems) -> None:
    """The record of a request is kept no shorter than its law asks, and for a time that ends."""
    least = LEAST_BY_LAW.get(row.key, LEAST_RECORD_MONTHS)
    if not least <= row.record_months <= LONGEST_SPAN:
        problems.add(at, "record_months", least=str(least), most=str(LONGEST_SPAN))


@cache
def _adapter(listed: str) -> TypeAdapter[Any]:
    """What checks a row of a list, made once: a file has many."""
    return TypeAdapter(next(file.row for file in FILES.values() if file.listed == listed))


def _note(found: ErrorDetails, written: object, at: KeyPath, problems: Problems) -> None:
    """Say one of pydantic's findings in our own words; its own may repeat what was written."""
    place: KeyPath = found["loc"]
    rule = next((part for part in place if part in _RULES), None)
    if rule is not None:
        inside = _of_the_rule_written(str(rule), place, written, at, problems)
        if inside is None:
            return
        place = inside
    kind = found["type"]
    if kind == "missing":
        problems.add((*at, *place), "missing", expected="a value")
    elif kind == "value_error":
        _impossible((*at, *place), problems)
    else:
        problems.add((*at, *place), "wrong", expected=_expected(found))


def _of_the_rule_written(rule: str, place: KeyPath, written: object, at: KeyPath, problems: Problems) -> KeyPath | None:
    """The place without the name of the rule's class, if that rule is the one written; an unknown rule is noted once."""
    inside = place[: place.index(rule)]
    falls: Any = written
    for part in inside:
        falls = falls[part]
    said = falls.get("rule", "fixed") if isinstance(falls, dict) else None
    if said not in _RULES.values():
        problems.add((*at, *inside, "rule"), "wrong", expected="one of: " + ", ".join(_RULES.values()))
        return None
    return (*inside, *place[place.index(rule) + 1 :]) if said == _RULES[rule] else None


def _impossible(key: KeyPath, problems: Problems) -> None:
    """A row, or a piece of one, whose values each have the right type and cannot stand together."""
    match key[-1]:
        case "falls":
            problems.add(key, "impossible_day")
        case "base" | "acknowledgement" | "extension" | "within":
            problems.add((*key, "value"), "wrong", expected="a whole number from 1 to 1000")
        case _ if key[0] == "calendars":
            problems.add((*key, "weekly"), "no_working_day")
        case _:
            problems.add((*key, "extension_authority"), "extension_authority")


def _expected(found: ErrorDetails) -> str:
    if found["type"] == "literal_error":
        return "one of: " + str(found.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
    return next((words for kind, words in _EXPECTED.items() if found["type"].startswith(kind)), "another value")


def _unknown(written: object, understood: object, at: KeyPath) -> Iterator[tuple[KeyPath, list[str]]]:
    """The keys written that mean nothing here, so that a misspelt one is never passed over; each with those that do."""
    if isinstance(written, dict) and is_dataclass(understood) and not isinstance(understood, type):
        known = [field.name for field in fields(understood)]
        for key, value in written.items():
            if key in known:
                yield from _unknown(value, getattr(understood, key), (*at, key))
            else:
                yield (*at, key), known
    elif isinstance(written, list) and isinstance(understood, tuple):
        for index, (one, other) in enumerate(zip(written, understood, strict=True)):
            yield from _unknown(one, other, (*at, index))


def _unfit(value: object, at: KeyPath) -> Iterator[KeyPath]:
    """Where a text of the row says nothing, or holds what steers a letter instead of being read, in one language."""
    if isinstance(value, Text):
        yield from ((*at, language) for language in ("fr", "en") if _is_unfit(getattr(value, language)))
    elif isinstance(value, str) and unfit_for_a_letter(value):
        yield at
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from _unfit(one, (*at, index))
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _unfit(getattr(value, field.name), (*at, field.name))


def _is_unfit(words: str) -> bool:
    return not words.strip() or "\n" in words or unfit_for_a_letter(words)
