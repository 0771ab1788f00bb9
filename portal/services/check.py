"""Checks an installation before people use it, so that a wrong map is found by its operator and not by a person.

The settings' own shape is checked where they are loaded; here they are compared with what really exists.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from portal.config import Problem, Settings, nearest
from portal.config.problems import KeyPath, written_key
from portal.domain.data_map import AccessLog, Column, PersonLink, Table, TableName
from portal.domain.languages import Language
from portal.sources.base import Source, SourceUnavailable, TableShape
from portal.wording.catalogue import for_language

Check = Callable[[Settings], Iterable[Problem]]
"""One more thing that can be checked: policies, translations, mail, keys."""

Described = Mapping[str, Mapping[TableName, TableShape] | SourceUnavailable]
"""The tables of each source by its id, or why it cannot be reached."""

_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
"""What French puts before a colon is no sign to make visible."""
_SENTENCES: Mapping[str, str] = {
    "source_unavailable": "this source cannot be reached; its tables were not compared",
    "service_unavailable": "its tables were not compared: %(place)s",
    "unknown_table": "no such table in %(place)s",
    "unknown_column": "no such column in %(place)s",
    "not_json": "this column of %(place)s cannot hold JSON; expected one with fields inside it",
    "view_corrected": "%(place)s is a view, through which nothing is written; expected never, and the table beneath in the map",
    "view_erased": "%(place)s is a view, through which nothing is written; expected keep, and the table beneath in the map",
}


Need = Literal["json", "corrected", "erased"]
"""What more a place of the map asks of a table or a column: fields inside it, or that it can be written to."""


@dataclass(frozen=True, slots=True)
class Use:
    """One place of the data map that relies on a table, or on a column of it, and what it `needs` of it beside being there."""

    key: KeyPath
    table: TableName
    column: str | None = None
    needs: Need | None = None


def describe(settings: Settings, sources: Mapping[str, Source]) -> Described:
    """What each source says of itself. `sources` are by id; one that could not be opened may be absent."""
    return {source.id: _described(sources.get(source.id)) for source in settings.sources}


def problems(
    settings: Settings,
    sources: Mapping[str, Source],
    further: Iterable[Check] = (),
    *,
    described: Described | None = None,
) -> list[Problem]:
    """Everything that is wrong: the map against each source's real tables and columns, then each further check.

    `sources` are by id. One that cannot be reached, or opened at all, is one problem; the others are still compared.
    They are asked now, unless `described` is what they said just before.
    """
    found: list[Problem] = []
    described = describe(settings, sources) if described is None else described
    for index, source in enumerate(settings.sources):
        answer = described[source.id]
        if isinstance(answer, SourceUnavailable):
            found.append(_away(settings, index, answer))
    for use in uses(settings):
        shapes = described.get(use.table.source)
        if isinstance(shapes, Mapping):
            found.extend(_of_use(settings, use, shapes))
    return [*found, *(problem for check in further for problem in check(settings))]


def uses(settings: Settings) -> Iterator[Use]:
    """Every table and column the map relies on, with the key that names it. A table comes before its columns."""
    data_map = settings.data_map
    for index, purpose in enumerate(data_map.purposes):
        if purpose.consent:
            key: KeyPath = ("purposes", index, "consent", "column")
            yield Use(key, purpose.consent.table)
            yield Use(key, purpose.consent.table, purpose.consent.column)
    for index, people in enumerate(data_map.people):
        at: KeyPath = ("people", index)
        yield Use((*at, "table"), people.table)
        yield from _each((*at, "key"), people.table, people.key)
        yield from _each((*at, "match", "email"), people.table, people.match_email)
        if people.language:
            yield Use((*at, "language"), people.table, people.language)
    for index, category in enumerate(data_map.categories):
        for position, table in enumerate(category.tables):
            yield from _of_table(("categories", index, "tables", position), table)
    for index, log in enumerate(data_map.accesses):
        yield from _of_access_log(("accesses", index), log)


def as_lines(found: Sequence[Problem], language: Language = "en") -> list[str]:
    """The problems as `portal check` prints them: one to a line, and how many there are on the last (design §4.1)."""
    words = for_language(language)
    if not found:
        return [words.gettext("No problem found.")]
    count = words.ngettext("%(num)s problem.", "%(num)s problems.", len(found))
    return [*(_line(problem) for problem in found), count]


def as_json(
    found: Sequence[Problem], unmapped: Mapping[str, Sequence[str]] | None = None, unproven: Sequence[str] = ()
) -> str:
    """The problems as `portal check --json` prints them (design §4.1).

    What the map does not mention stands apart, under `unmapped`, by the place where it is, and the sources whose kind of
    database is unproven under `unproven`; without any, the key is absent.
    """
    listed = [
        {
            "file": problem.file,
            "key": problem.key,
            "line": problem.line,
            "code": problem.code,
            "message": problem.message,
        }
        for problem in found
    ]
    more: dict[str, object] = {}
    if unmapped:
        more["unmapped"] = {place: list(names) for place, names in unmapped.items()}
    if unproven:
        more["unproven"] = list(unproven)
    return json.dumps({"problems": listed, **more}, ensure_ascii=False)


def _line(problem: Problem) -> str:
    """A problem of a whole file has no key; its line, where known, stands there."""
    where = problem.key or (f"line {problem.line}" if problem.line else "")
    line = ": ".join(part for part in (problem.file, where, problem.message) if part)
    return "".join(c if c.isprintable() or c in _SPACES else f"\\u{ord(c):04x}" for c in line)


def _described(source: Source | None) -> Mapping[TableName, TableShape] | SourceUnavailable:
    """The tables of a source, or why they are not known: it is away, or could not be opened."""
    if source is None:
        return SourceUnavailable()
    try:
        return source.describe()
    except SourceUnavailable as failure:
        return failure


def _away(settings: Settings, index: int, failure: SourceUnavailable) -> Problem:
    """A service says why, such as a private address that is not allowed; of a database nothing more is known."""
    key: KeyPath = ("sources", index, "url")
    if settings.sources[index].kind != "http":
        return _problem(settings, key, "source_unavailable")
    return _problem(settings, key, "service_unavailable", str(failure))


def _of_table(at: KeyPath, table: Table) -> Iterator[Use]:
    yield Use((*at, "table"), table.name)
    yield from _of_person((*at, "person"), table.name, table.person)
    yield from _each((*at, "key"), table.name, table.key)
    if table.order:
        yield Use((*at, "order"), table.name, table.order)
    if table.retention:
        yield Use((*at, "retention", "from"), table.name, table.retention.from_column)
    if table.hold:
        yield Use((*at, "hold", "from"), table.name, table.hold.from_column)
        for column in table.hold.where:
            yield Use((*at, "hold", "where", column), table.name, column)
    if table.erase != "keep":
        yield Use((*at, "erase"), table.name, needs="erased")
    for mapped in table.columns:
        yield from _of_column((*at, "columns", mapped.name), table.name, mapped)


def _of_column(at: KeyPath, table: TableName, column: Column) -> Iterator[Use]:
    if column.inside:
        yield Use((*at, "inside"), table, column.real_name, "json")
    else:
        yield Use(at, table, column.name)
    if column.correct != "never":
        yield Use((*at, "correct"), table, needs="corrected")


def _of_access_log(at: KeyPath, log: AccessLog) -> Iterator[Use]:
    yield Use((*at, "table"), log.table)
    yield from _of_person((*at, "person"), log.table, log.person)
    yield from _each((*at, "key"), log.table, log.key)
    for name, column in (("at", log.at), ("role", log.role), ("reason", log.reason)):
        if column:
            yield Use((*at, name), log.table, column)


def _of_person(key: KeyPath, table: TableName, link: PersonLink) -> Iterator[Use]:
    """Along a path each step leaves a table by one column and enters the next by another."""
    for step in link.steps:
        yield from _each(key, table, step.columns)
        yield Use(key, step.table)
        yield from _each(key, step.table, step.targets)
        table = step.table
    yield from _each(key, table, link.columns)


def _each(key: KeyPath, table: TableName, columns: Iterable[str]) -> Iterator[Use]:
    for column in columns:
        yield Use(key, table, column)


def _of_use(settings: Settings, use: Use, shapes: Mapping[TableName, TableShape]) -> Iterator[Problem]:
    """What is wrong with one use. Columns of a table that does not exist are not said again, one by one."""
    shape = shapes.get(use.table)
    if use.needs is not None and shape is not None:
        yield from _of_need(settings, use, shape)
    if use.column is None and shape is None and use.needs is None:
        known = {str(table): table for table in shapes}
        yield _problem(settings, use.key, "unknown_table", use.table.source, nearest(str(use.table), known))
    elif use.column is not None and shape is not None and use.column not in shape.columns:
        yield _problem(settings, use.key, "unknown_column", str(use.table), nearest(use.column, shape.columns))


def _of_need(settings: Settings, use: Use, shape: TableShape) -> Iterator[Problem]:
    if use.needs == "json" and use.column in shape.plain:
        yield _problem(settings, use.key, "not_json", str(use.table))
    if use.needs in ("corrected", "erased") and shape.view:
        yield _problem(settings, use.key, f"view_{use.needs}", str(use.table))


def _problem(settings: Settings, key: KeyPath, code: str, place: str = "", likely: str | None = None) -> Problem:
    arguments = {"place": place} | ({"nearest": likely} if likely else {})
    sentence = _SENTENCES[code] + ("; nearest: %(nearest)s" if likely else "")
    file = settings.file.name if settings.file else "portal.toml"
    return Problem(file, written_key(key), code, sentence % arguments, None, arguments)
