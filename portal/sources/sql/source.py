"""An SQL database as a source: one person's information is found, corrected and erased where it lives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from portal.domain.data_map import AccessLog, Column, ConsentColumn, People, Table, TableName
from portal.domain.days import Days
from portal.domain.languages import Text
from portal.sources.base import (
    AccessPage,
    Batch,
    Chunk,
    Corrected,
    Dates,
    Kept,
    Key,
    Page,
    Row,
    SourceRefused,
    SourceUnavailable,
    TableShape,
    Value,
)
from portal.sources.sql.changing import Rows, correct_cell, erase_rows
from portal.sources.sql.conditions import (
    Condition,
    belongs,
    held,
    holds,
    is_row,
    key_order,
    latest,
    outlived,
    page_order,
)
from portal.sources.sql.dated import dated_column, dates_question, dates_read, instant_of, number_of, on_days, walked_on
from portal.sources.sql.drivers import WRITING, fetch, limited, open_engine, put_away_journal
from portal.sources.sql.erasing import Eraser
from portal.sources.sql.failures import speaking_plainly
from portal.sources.sql.looking import access_page
from portal.sources.sql.people import everybody, is_plain, like_address, matching_keys, plain_question, plain_values
from portal.sources.sql.prepared import NotAParameter, Owner, PreparedStatements, prepare
from portal.sources.sql.reading import Selection, next_key_range, read_all, read_chunk, read_page
from portal.sources.sql.shapes import SqlTable, every_table, read_table
from portal.sources.sql.values import bound, fitting, literal, natural, reader, same_value


class SqlSource:
    """The Source protocol on SQLite, PostgreSQL and MariaDB, and unproven on what else SQLAlchemy speaks to.

    Nothing is connected until the first call.

    Each call has its own short transaction and is given up after `timeout_seconds`. An index on `lower(email)` of the people
    table (MariaDB: on the column, with a case-insensitive collation) keeps signing in quick when there are many people; indexes
    on (person, order, key) and (person, key) do it for pages, copies and erasures.
    """

    def __init__(self, id: str, url: str, *, timeout_seconds: float = 5, hash_key: bytes = b"") -> None:
        """Take the address as SQLAlchemy writes it; `hash_key` keys what "hash" and "random" leave.

        Raises:
            ValueError: the address is not of a database spoken here; the message does not repeat it.
        """
        self.id = id
        self._timeout = timeout_seconds
        self._engine = open_engine(url, timeout_seconds=timeout_seconds)
        self._writers = self._engine.execution_options(**{WRITING: True})
        self._hash_key = hash_key
        self._tables: dict[TableName, SqlTable] = {}
        self._prepared = PreparedStatements()

    def close(self) -> None:
        """Let every connection go."""
        self._engine.dispose()

    def describe(self) -> Mapping[TableName, TableShape]:
        """The tables and views that exist, with their columns. Raises SourceUnavailable."""
        with self._reading() as connection:
            return every_table(connection, self.id)

    def people_matching(self, people: People, address: str) -> Sequence[Key]:
        """Keys of the people whose address is `address`: the database proposes, `same_address` decides. Raises SourceUnavailable."""
        with self._reading() as connection:
            mine = self._table(connection, people.table)
            names = (*people.key, *people.match_email)
            if is_plain(address):
                asked = self._prepared.get((people,), build=lambda: plain_question(mine, names, people.match_email))
                found = fetch(connection, asked, plain_values(address))
            else:
                wanted = sa.or_(*(like_address(mine, name, address) for name in people.match_email))
                found = fetch(connection, sa.select(*map(mine.column, names)).where(wanted))
        return matching_keys(found, len(people.key), address)

    def language_of(self, people: People, person: Key) -> str | None:
        """The language tag the source records for the person, if any. Raises SourceUnavailable."""
        if people.language is None:
            return None
        with self._reading() as connection:
            mine = self._table(connection, people.table)
            cell = _first_cell(connection, mine, people.language, _is_person(mine, people, person))
        return cell if isinstance(cell, str) else None

    def people_page(self, people: People, *, after: Key | None, limit: int) -> Page:
        """At most `limit` people that follow `after`, by key: their key, address and language. Raises as `page` does."""
        with self._reading() as connection:
            mine = self._table(connection, people.table)
            listed = everybody(people)
            return read_page(connection, Selection.of(mine, listed, key_order(mine, listed)), sa.true(), after, limit)

    def page(self, table: Table, person: Key, *, after: Key | None, limit: int, within: Days | None = None) -> Page:
        """At most `limit` rows that follow `after`, newest first when the table names an order, else by key.

        Raises:
            SourceUnavailable: as every method.
            ValueError: `after` was not given by this method for this table.
        """
        with self._reading() as connection:
            mine = self._table(connection, table.name)
            order, chosen = walked_on(mine, table, within) if within else (page_order(mine, table), sa.true())
            wanted = sa.and_(self._of(connection, mine, table, person), chosen)
            return read_page(connection, Selection.of(mine, table, order), wanted, after, limit)

    def chunks(self, table: Table, person: Key, *, within: Days | None = None) -> Iterator[Chunk]:
        """All rows of the person by key, in constant memory, without holding a transaction. Raises SourceUnavailable.

        Those of some days come as pages do, by the index that finds them.
        """
        return read_all(lambda after, limit: self._chunk(table, person, within, after, limit))

    def _chunk(
        self, table: Table, person: Key, within: Days | None, after: Key | None, limit: int
    ) -> tuple[Chunk, Key | None]:
        with self._reading() as connection:
            mine = self._table(connection, table.name)
            order, chosen = walked_on(mine, table, within) if within else (key_order(mine, table), sa.true())
            wanted = sa.and_(self._of(connection, mine, table, person), chosen)
            return read_chunk(connection, Selection.of(mine, table, order), wanted, after, limit)

    def row(self, table: Table, person: Key, key: Key) -> Row | None:
        """One row if it exists and is the person's, else None. Raises SourceUnavailable."""
        with self._reading() as connection:
            mine = self._table(connection, table.name)
            selection = Selection.of(mine, table, key_order(mine, table))
            wanted = sa.and_(self._of(connection, mine, table, person), is_row(mine, table, key))
            rows = selection.rows(fetch(connection, selection.statement(wanted).limit(1)))
        return rows[0] if rows else None

    def count(self, table: Table, person: Key, *, bound: int, within: Days | None = None) -> int:
        """How many rows the person has, counted no further than `bound`. Raises SourceUnavailable."""
        return self.counts([table], person, bound=bound, within=within)[0]

    def counts(self, tables: Sequence[Table], person: Key, *, bound: int, within: Days | None = None) -> Sequence[int]:
        """The same for several tables in one statement, in their order. Raises SourceUnavailable."""
        if not tables:
            return []
        with self._reading() as connection:
            build = partial(self._numbers, connection, tables, bound, within)
            if within:
                return [int(number or 0) for number in connection.execute(build(person)).one()]
            counted = self._prepared.get((*tables,), bound, len(person), build=lambda: prepare(build, len(person)))
            try:
                found = connection.execute(counted.statement, counted.values(person, connection.dialect.name))
            except NotAParameter:
                found = connection.execute(build(person))
            return [int(number or 0) for number in found.one()]

    def _numbers(
        self, connection: Connection, tables: Sequence[Table], bound: int, within: Days | None, owner: Owner
    ) -> sa.Executable:
        return sa.select(*(self._number(connection, table, owner, bound, within) for table in tables))

    def _number(
        self, connection: Connection, table: Table, owner: Owner, bound: int, within: Days | None
    ) -> sa.ScalarSelect[int]:
        mine = self._table(connection, table.name)
        wanted = sa.and_(self._of(connection, mine, table, owner), on_days(mine, table, within))
        return number_of(mine, wanted, bound)

    def dates(self, table: Table, person: Key, *, bound: int) -> Dates | None:
        """The oldest and the newest date of the person's rows, and how many have none; None: no days can be chosen.

        Raises SourceUnavailable.
        """
        with self._reading() as connection:
            mine = self._table(connection, table.name)
            name = dated_column(mine, table)
            if name is None:
                return None
            wanted = self._of(connection, mine, table, person)
            (found,) = fetch(connection, dates_question(mine, name, wanted, bound))
            return dates_read(mine, name, found, bound)

    def correct(self, table: Table, person: Key, key: Key, column: str, *, before: Value, value: Value) -> Corrected:
        """Write `value` where `before` still stands (security.md B-48, B-49).

        `before` and `value` may come as text from a form. Raises SourceUnavailable; SourceRefused when the value does not fit or
        the source will not have it; LookupError when the row is gone or another's.
        """
        with self._writing() as connection:
            mine = self._table(connection, table.name)
            wanted = sa.and_(self._of(connection, mine, table, person), is_row(mine, table, key))
            mapped = table.column(column) or Column(column, Text(fr="", en=""))
            return correct_cell(Rows(connection, mine, table, wanted), mapped, before=before, value=value)

    def read_consent(self, consent: ConsentColumn, people: People, person: Key) -> bool | None:
        """True given, False withdrawn, None when nothing is recorded (which counts as not given). Raises SourceUnavailable."""
        with self._reading() as connection:
            mine = self._table(connection, consent.table)
            shape = mine.shape(consent.column)
            raw = _first_cell(connection, mine, consent.column, _is_person(mine, people, person))
        present = (reader(shape) or natural)(raw)
        if present is None:
            return None
        if same_value(present, consent.given, shape):
            return True
        return False if same_value(present, consent.withdrawn, shape) else None

    def write_consent(self, consent: ConsentColumn, people: People, person: Key, *, given: bool) -> None:
        """Record the answer in the service's own column. Raises SourceUnavailable, SourceRefused, LookupError (no such person)."""
        with self._writing() as connection:
            mine = self._table(connection, consent.table)
            shape = mine.shape(consent.column)
            value = bound(fitting(consent.given if given else consent.withdrawn, shape), shape, mine.dialect)
            change = sa.update(mine.clause).where(_is_person(mine, people, person))
            if not connection.execute(change.values({mine.column(consent.column): literal(value)})).rowcount:
                raise LookupError(consent.column)

    def accesses(
        self, people: People, person: Key, log: AccessLog | None, *, after: Key | None, limit: int
    ) -> AccessPage | None:
        """Who looked at the person's data by the table of the map, newest first; None without one. Raises as `page` does."""
        if log is None:
            return None
        return access_page(log, lambda table: self.page(table, person, after=after, limit=limit))

    def count_erasable(self, table: Table, person: Key, *, now: datetime) -> int:
        """How many rows erasing would destroy or change: the person's, less those the hold keeps. Raises SourceUnavailable."""
        if not table.is_erased:
            return 0
        with self._reading() as connection:
            mine = self._table(connection, table.name)
            wanted = self._erasable(connection, mine, table, person, now)
            return int(connection.scalar(sa.select(sa.func.count()).select_from(mine.clause).where(wanted)) or 0)

    def count_held(self, table: Table, person: Key, *, now: datetime) -> Kept:
        """How many rows the table's hold keeps at `now`, and until when (None: unknown, a row has no date). Raises SourceUnavailable."""
        if table.hold is None:
            return Kept(0, None)
        with self._reading() as connection:
            mine = self._table(connection, table.name)
            start = mine.column(table.hold.from_column)
            wanted = sa.and_(self._of(connection, mine, table, person), held(mine, table.hold, now))
            totals = sa.select(sa.func.count(), sa.func.count(start), latest(mine, table.hold.from_column))
            total, dated, last = connection.execute(totals.where(wanted)).one()
        until = instant_of(mine, table.hold.from_column, last) if total == dated else None
        return Kept(total, table.hold.keep.after(until) if until else None)

    def count_outlived(self, table: Table, *, before: datetime, bound: int, now: datetime) -> int:
        """How many rows have outlived the table's retention at `before`, whoever's they are. Raises SourceUnavailable."""
        if table.retention is None:
            return 0
        with self._reading() as connection:
            mine = self._table(connection, table.name)
            wanted = sa.and_(outlived(mine, table.retention, before), sa.not_(held(mine, table.hold, now)))
            return int(connection.scalar(sa.select(number_of(mine, wanted, bound))) or 0)

    def next_batch(self, table: Table, person: Key, *, after: Key | None, limit: int, now: datetime) -> Batch | None:
        """The key range of the next rows to erase after `after`, or None when none is left. Reads only. Raises SourceUnavailable."""
        if not table.is_erased:
            return None
        with self._reading() as connection:
            mine = self._table(connection, table.name)
            order = key_order(mine, table)
            wanted = self._erasable(connection, mine, table, person, now)
            return next_key_range(connection, order, wanted, after, limit)

    def erase(self, table: Table, person: Key, batch: Batch, *, now: datetime) -> int:
        """Erase the rows of the batch that are still there and not held; returns how many this call changed.

        Idempotent. Raises SourceUnavailable, or SourceRefused when other rows still point at these ("foreign_key") or a
        column's method does not fit it; then nothing of the batch has changed.
        """
        if not table.is_erased:
            return 0
        with self._writing() as connection:
            mine = self._table(connection, table.name)
            wanted = self._erasable(connection, mine, table, person, now)
            eraser = Eraser(mine.dialect, self._hash_key)
            erased = erase_rows(Rows(connection, mine, table, wanted), batch, eraser)
        put_away_journal(self._engine)
        return erased

    def _erasable(self, connection: Connection, mine: SqlTable, table: Table, person: Key, now: datetime) -> Condition:
        return sa.and_(self._of(connection, mine, table, person), sa.not_(held(mine, table.hold, now)))

    def _of(self, connection: Connection, mine: SqlTable, table: Table, owner: Owner) -> Condition:
        return belongs(mine, table, owner, lambda name: self._table(connection, name))

    def _table(self, connection: Connection, name: TableName) -> SqlTable:
        """The table as it was first seen; forgotten whenever the source turns out to be away or changed."""
        known = self._tables.get(name)
        if known is None:
            known = self._tables[name] = read_table(connection, name)
        return known

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._connected(writing=False) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._connected(writing=True) as connection:
            yield connection

    @contextmanager
    def _connected(self, *, writing: bool) -> Iterator[Connection]:
        """After a failure: forget the tables, which may have changed, and the driver's words, which may hold secrets."""
        try:
            with (
                speaking_plainly(self.id, writing=writing),
                (self._writers if writing else self._engine).begin() as connection,
                limited(connection, self._timeout),
            ):
                yield connection
        except (SourceUnavailable, SourceRefused) as failure:
            self._tables.clear()
            self._prepared.clear()
            failure.__context__ = None
            raise


def _is_person(mine: SqlTable, people: People, person: Key) -> Condition:
    return sa.and_(*(holds(mine, mine.clause, name, value) for name, value in zip(people.key, person, strict=True)))


def _first_cell(connection: Connection, mine: SqlTable, name: str, wanted: Condition) -> object:
    found = fetch(connection, sa.select(mine.column(name)).where(wanted).limit(1))
    return found[0][0] if found else None
