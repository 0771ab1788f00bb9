"""What is wrong with a file an operator wrote: each problem names its key and says what was expected.

No sentence holds a value of the file: a value may be a secret, or may have come from the environment.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

KeyPath = tuple[str | int, ...]
"""The way to a key: names of tables, and positions in lists counted from zero."""

SENTENCES: Mapping[str, str] = {
    "file_missing": "no such file; expected the portal's settings",
    "file_unreadable": "cannot be read; expected a file the portal may read",
    "file_not_regular": "is not an ordinary file; expected the portal's settings",
    "file_too_large": "is larger than %(limit)s bytes; expected the portal's settings",
    "file_encoding": "is not UTF-8 text; expected a TOML file saved as UTF-8",
    "toml": "is not valid TOML: %(reason)s",
    "nested_too_deeply": "is nested too deeply to be read",
    "too_many": "has other problems too; mend these first",
    "missing": "is missing; expected %(expected)s",
    "wrong": "expected %(expected)s",
    "unknown_key": "no such key here",
    "unknown_key_nearest": "no such key here; nearest: %(nearest)s",
    "variable_missing": "the environment has no variable %(name)s",
    "variable_malformed": "expected a variable written ${NAME}, of letters, digits and _",
    "port_variable": "the environment's PORT says otherwise, and is not a whole number from 1 to 65535",
    "duplicate": "is the same as %(other)s; expected one that differs",
    "reserved": "is a name the portal keeps for itself; expected another",
    "unknown_name": "no such id among the %(list)s",
    "unknown_name_nearest": "no such id among the %(list)s; nearest: %(nearest)s",
    "both": "is given together with %(other)s; expected only one of them",
    "key_file_open": "other accounts of this machine may read this file; expected one its owner alone may read",
    "key_file_unreadable": "cannot be read; expected a file that holds the key",
    "key_short": "is too short; expected at least %(length)s bytes",
    "mailbox_host": "mailbox: is for a portal on this machine alone; expected web.host and site.url on 127.0.0.1",
    "plain_http": "expected an address that begins with https:// (http:// is for this machine alone)",
    "plain_http_source": "expected an address that begins with https:// (http:// needs allow_private = true)",
    "source_option": "only a source that is a service has this",
    "kind_unusable": "the package that gives this kind of source cannot be loaded; expected it in working order",
    "driver_missing": "no Python package installed here speaks to this kind of database; expected its SQLAlchemy driver",
    "several_processes": "more than one web process needs shared counters; expected limits.url as well",
    "ledger_in_database": "is the portal's own database; expected a file or another database",
    "consent_basis": "only a purpose whose basis is consent has this",
    "consent_consequence": "is missing; a purpose based on consent says what stops when it is withdrawn",
    "consent_same": "is the same as given; expected a value that differs",
    "consent_table": "expected a column of %(table)s, the table of the source's people",
    "people_missing": "no [[people]] entry says who the people of this source are",
    "person_length": "expected %(count)s, as many columns as the key of the source's people",
    "access_column": 'this table says who looked, and people read no more of it than when and why; expected show = "held"',
    "path_source": "a path stays in its table's source; expected tables of %(source)s",
    "path_lengths": "expected as many columns on both sides of each step of the path",
    "path_cycle": "the path comes back to where it was; expected each step to lead on towards the person",
    "links_circle": "the rows of these tables are found through each other: %(tables)s; expected one that leads to its person by itself",
    "linked_twice": "%(other)s leads from the same rows to people by another way; expected shared = true, or shared = false where no row concerns two people",
    "shared_erased": "these rows concern another person too, and are never erased whole; expected columns or keep",
    "other_unshared": "only a table with shared = true has columns about another person",
    "other_touched": "this column is another person's; expected neither a correction nor an erase method",
    "other_key": "the table's key comes with each row; expected a key without another person's columns",
    "held_key": "the table's key comes with each row; expected a key without a column that is never shown",
    "inside_named": "the table's key, order or another column has this name; expected another one for a field inside a column",
    "inside_held": "%(column)s is shown whole, with this field in it; expected one of them to change",
    "inside_erased": "%(column)s is erased whole and by this field; expected one of them",
    "tables_or_system": "expected either tables, or a system and its keeper",
    "erase_columns": "expected at least one column with an erase method, or another way to erase",
    "erase_value": "the method constant needs a value, and no other method takes one",
    "erase_prefix": "only the method generalise takes a prefix",
    "held_corrected": "a column that is only said to be held cannot be corrected; expected never",
    "key_corrected": "this column says which row it is, or whose; expected never",
    "away_order": "expected a day no earlier than the first day away",
    "away_backup": "expected a backup who reads letters meanwhile",
    "backup_days": "expected some of the days of `days`",
    "later_than_today": "expected a day no later than today",
    "too_pale": "expected a darker colour: words in it need a contrast of 4.5 with white and with the pages' backgrounds",
    "folder_missing": "no such folder; expected that of the operator's own rows of the law",
    "unknown_law_file": "is no file of the law; expected: %(names)s",
    "extension_authority": "expected a length in `extension`, in the unit of `base`, with the authority self, and none otherwise",
    "impossible_day": "expected a day that every year has",
    "no_working_day": "expected at least one weekday left to work",
    "record_months": "expected a whole number of months, from %(least)s, the least this law allows, to %(most)s",
    "never_asked": "this regime has no `declaration`, so nobody can be asked whether it protects them",
    "paragraph_code": "a number of six digits in it would be taken for the code",
    "paragraph_unfit": "it holds a character that cannot stand in a letter",
    "paragraph_long": "it is longer than %(longest)s characters",
    "purpose_used": "some categories still rest on this purpose",
    "match_corrected": "people are recognized by this column; expected review or never",
}
"""Every sentence about the operator's file, by code. The arguments are named, so that they can be translated."""

MOST_PROBLEMS = 1000
"""A file with more than that was named by mistake."""

LONGEST_NAME = 60
"""How much of an unknown key is shown."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: in which file, at which key, what it is in one word and in one sentence."""

    file: str
    key: str
    code: str
    message: str
    line: int | None = None
    arguments: Mapping[str, str] = field(default_factory=dict)


class SettingsInvalid(Exception):
    """The settings cannot be used. Carries every problem at once, never a value of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, in the order of the file as far as they have one."""
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("; ".join(f"{p.file}: {p.key}: {p.message}" for p in self.problems))


class Problems:
    """Gathers what is wrong with one file while it is read."""

    def __init__(self, file: str) -> None:
        """Begin a list about `file`, named as the operator will read it."""
        self.file = file
        self._found: dict[tuple[str, str], Problem] = {}
        self._explained: set[str] = set()

    def add(self, key: KeyPath, code: str, line: int | None = None, **arguments: str) -> None:
        """Note the problem `code` at `key`. What follows from a missing variable is not said again."""
        written = written_key(key)
        if written in self._explained or self.full:
            return
        if code.startswith("variable_"):
            self._explained.add(written)
        message = SENTENCES[code] % arguments
        self._found.setdefault((written, code), Problem(self.file, written, code, message, line, arguments))

    @property
    def full(self) -> bool:
        """Whether so much is wrong that more would help nobody: such a file was named by mistake."""
        return len(self._found) >= MOST_PROBLEMS

    def __bool__(self) -> bool:
        """Whether anything is wrong."""
        return bool(self._found)

    def all(self) -> tuple[Problem, ...]:
        """Every problem, in the order found; of a file that is full of them, the first ones."""
        found = tuple(self._found.values())
        more = Problem(self.file, "", "too_many", SENTENCES["too_many"])
        return (*found, more) if self.full else found


def problem_at(file: Path | None, key: KeyPath, code: str) -> Problem:
    """A problem that shows only once the settings are put to use; `file` is where they were read from."""
    return Problem(file.name if file else "portal.toml", written_key(key), code, SENTENCES[code])


def written_key(path: KeyPath) -> str:
    """The key as an operator would write it: `categories[0].tables[1].columns.email`, odd names in quotes."""
    written = ""
    for part in path:
        if isinstance(part, int):
            written += f"[{part}]"
        else:
            written += ("." if written else "") + (part if _BARE.fullmatch(part) else _quoted(part))
    return written


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` was probably meant to be, or None."""
    by_lower_case = {other.lower(): other for other in known}
    found = difflib.get_close_matches(name.lower()[:200], by_lower_case, n=1)
    return by_lower_case[found[0]] if found else None


def _quoted(name: str) -> str:
    """A name in quotes, on one line whatever it holds."""
    shown = name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…"
    return '"' + "".join(c if c.isprintable() and c not in '"\\' else f"\\u{ord(c):04x}" for c in shown) + '"'
