"""The law's data files shipped with the portal: regimes, holiday calendars, recourse bodies, grounds (design §2.7).

They are read once; a file that says something unknown or impossible is refused whole. An operator's own files are read
by `config.law_folder`, row by row, with every problem at once.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType

from portal.config.law_rows import FILES, LawRow, check_rows, read_file
from portal.config.problems import Problems
from portal.domain.grounds import Ground
from portal.domain.holidays import HolidayCalendar
from portal.domain.law import Law
from portal.domain.regimes import RecourseBody, Regime

FOLDER = Path(__file__).resolve().parent.parent / "law"


class LawFileInvalid(Exception):
    """A law file cannot be read as what it should be; the words say which file, where and what."""

    def __init__(self, file: str, problem: str) -> None:
        """Keep the file's name and what is wrong with it."""
        super().__init__(f"{file}: {problem}")
        self.file = file
        self.problem = problem


@cache
def shipped_law(folder: Path = FOLDER) -> Law:
    """The law as the portal ships it.

    Raises:
        LawFileInvalid: a file is malformed, or names a row that is not there.
    """
    rows: dict[str, dict[str, LawRow]] = {}
    noted = {name: Problems(f"{name}.toml") for name in FILES}
    for name in FILES:
        rows[name] = read_file(folder / f"{name}.toml", name, noted[name])
    check_rows(rows, rows, noted)
    for problems in noted.values():
        if problems:
            said = "; ".join(f"{one.key}: {one.message}" if one.key else one.message for one in problems.all())
            raise LawFileInvalid(problems.file, said)
    return law_of(rows)


def law_of(rows: dict[str, dict[str, LawRow]]) -> Law:
    """The law that these rows make, each list by the key of its rows."""
    return Law(
        regimes=MappingProxyType({key: row for key, row in rows["regimes"].items() if isinstance(row, Regime)}),
        bodies=MappingProxyType({key: row for key, row in rows["bodies"].items() if isinstance(row, RecourseBody)}),
        calendars=MappingProxyType(
            {key: row for key, row in rows["holidays"].items() if isinstance(row, HolidayCalendar)}
        ),
        grounds=tuple(row for row in rows["grounds"].values() if isinstance(row, Ground)),
    )
