"""What an operator should know of the sources and is no problem: what the map does not mention, and what nobody has proved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from portal.config import Settings
from portal.config.addresses import is_proven
from portal.domain.data_map import TableName
from portal.services.check import Described, Use, uses
from portal.sources.base import TableShape


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Tables of a source, or columns of one of its tables, that the map does not mention. `table` is None for tables."""

    source: str
    table: TableName | None
    names: tuple[str, ...]

    @property
    def place(self) -> str:
        """Where they are, as the map would write it."""
        return str(self.table) if self.table else self.source


def unmapped(settings: Settings, described: Described) -> list[Unmapped]:
    """For each source that the map uses and that answered: its other tables, then the other columns of each mapped table.

    Of a table that says who looked the map is to name no other column: they may hold names of employees.
    """
    used = list(uses(settings))
    logs = {log.table for log in settings.data_map.accesses}
    return [
        one
        for source in settings.sources
        if isinstance(shapes := described.get(source.id), Mapping)
        for one in _of_source(source.id, [use for use in used if use.table.source == source.id], shapes)
        if one.table not in logs
    ]


def unproven(settings: Settings) -> list[str]:
    """The ids of sources in databases on which no test of the portal runs, or of a kind that another package gives."""
    return [
        source.id
        for source in settings.sources
        if source.kind != "http" and not (source.kind == "sql" and is_proven(source.url))
    ]


def _of_source(source: str, used: Iterable[Use], shapes: Mapping[TableName, TableShape]) -> Iterator[Unmapped]:
    columns: dict[TableName, set[str]] = {}
    usual = _usual_schema(shapes)
    for use in used:
        columns.setdefault(_whole(use.table, usual), set()).update({use.column} if use.column else ())
    if not columns:
        return
    schemas = {usual, *(table.schema for table in columns)}
    here = [table for table in shapes if table.schema is not None and table.schema in schemas]
    others = tuple(_shown(table, usual) for table in here if table not in columns)
    if others:
        yield Unmapped(source, None, others)
    for table in here:
        left = tuple(name for name in shapes[table].columns if table in columns and name not in columns[table])
        if left:
            yield Unmapped(source, _written(table, usual), left)


def _usual_schema(shapes: Iterable[TableName]) -> str | None:
    """The schema whose tables are also found without its name."""
    by_schema: dict[str | None, set[str]] = {}
    for table in shapes:
        by_schema.setdefault(table.schema, set()).add(table.name)
    bare = by_schema.pop(None, set())
    return next((schema for schema, names in by_schema.items() if names == bare), None)


def _whole(table: TableName, usual: str | None) -> TableName:
    return table if table.schema else TableName(table.source, table.name, usual)


def _written(table: TableName, usual: str | None) -> TableName:
    return TableName(table.source, table.name) if table.schema == usual else table


def _shown(table: TableName, usual: str | None) -> str:
    return table.name if table.schema == usual else f"{table.schema}.{table.name}"
