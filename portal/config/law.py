"""Reading the law's data files: regimes, holiday calendars, grounds of refusal, the Commission (design §2.7).

They are shipped with the portal and read once; a file that says something unknown or impossible is refused whole.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from portal.domain.grounds import Ground
from portal.domain.holidays import HolidayCalendar
from portal.domain.regimes import RecourseBody, Regime

FOLDER = Path(__file__).resolve().parent.parent / "law"

Row = TypeVar("Row")


class LawFileInvalid(Exception):
    """A law file cannot be read as what it should be; the words say which file and what."""

    def __init__(self, file: str, problem: str) -> None:
        """Keep the file's name and what is wrong with it."""
        super().__init__(f"{file}: {problem}")
        self.file = file
        self.problem = problem


@cache
def load_regimes(folder: Path = FOLDER) -> Mapping[str, Regime]:
    """Each regime by its key.

    Raises:
        LawFileInvalid: the file is malformed, or names a holiday calendar that is not there.
    """
    regimes = {regime.key: regime for regime in _rows(folder, "regimes", Regime)}
    calendars = load_calendars(folder)
    for regime in regimes.values():
        if regime.holiday_calendar not in calendars:
            raise LawFileInvalid("regimes.toml", f"{regime.key}: no calendar named {regime.holiday_calendar}")
    return MappingProxyType(regimes)


def load_calendars(folder: Path = FOLDER) -> Mapping[str, HolidayCalendar]:
    """Each holiday calendar by the key regimes name it with.

    Raises:
        LawFileInvalid: the file is malformed.
    """
    return _calendars(folder)


@cache
def _calendars(folder: Path) -> Mapping[str, HolidayCalendar]:
    """Under one key, whether the folder was named or not: regimes and the program ask for the same."""
    rows = _rows(folder, "calendars", HolidayCalendar, file="holidays.toml")
    return MappingProxyType({calendar.key: calendar for calendar in rows})


@cache
def load_grounds(folder: Path = FOLDER) -> tuple[Ground, ...]:
    """Every ground of refusal, in the order of the file.

    Raises:
        LawFileInvalid: the file is malformed.
    """
    return _rows(folder, "grounds", Ground)


@cache
def load_commission(folder: Path = FOLDER) -> RecourseBody:
    """The Commission d'accès à l'information and how to reach it.

    Raises:
        LawFileInvalid: the file is malformed.
    """
    file = "commission.toml"
    return _read_as(RecourseBody, _table(folder / file), file)


def _rows(folder: Path, key: str, row: type[Row], file: str | None = None) -> tuple[Row, ...]:
    name = file or f"{key}.toml"
    content = _table(folder / name)
    if set(content) != {key}:
        raise LawFileInvalid(name, f"one list named {key} was expected")
    return _read_as(tuple[row, ...], content[key], name)  # type: ignore[valid-type]


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as reason:
        raise LawFileInvalid(path.name, str(reason)) from reason


def _read_as(kind: type[Row], content: object, file: str) -> Row:
    adapter = TypeAdapter(kind)
    try:
        read = adapter.validate_python(content)
    except ValidationError as reason:
        raise LawFileInvalid(file, "; ".join(_said(error) for error in reason.errors())) from reason
    unknown = _unknown(content, adapter.dump_python(read))
    if unknown:
        raise LawFileInvalid(file, f"unknown: {', '.join(unknown)}")
    return read


def _said(error: ErrorDetails) -> str:
    return f"{'.'.join(str(step) for step in error['loc'])}: {error['msg']}"


def _unknown(written: object, understood: object) -> list[str]:
    """The keys written that mean nothing here, so that a misspelt one is never passed over in silence."""
    if isinstance(written, dict) and isinstance(understood, dict):
        here = [key for key in written if key not in understood]
        return here + [name for key in understood if key in written for name in _unknown(written[key], understood[key])]
    if isinstance(written, list) and isinstance(understood, tuple):
        return [name for one, other in zip(written, understood, strict=True) for name in _unknown(one, other)]
    return []
