"""A service as a source: it answers for its own data in JSON over HTTP, and the portal never sees its database."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from portal.domain.data_map import AccessLog, ConsentColumn, People, Table, TableName
from portal.domain.days import Days
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
from portal.sources.http import answers
from portal.sources.http.accesses import access_page
from portal.sources.http.client import LARGE, SMALL, AnswerTooLarge, Client, Told
from portal.sources.http.exact import instant_to_json, is_text, to_json
from portal.sources.http.failures import Failed, misplaced
from portal.sources.http.questions import (
    batch_json,
    consent_json,
    days_json,
    key_json,
    log_json,
    people_json,
    table_json,
)
from portal.sources.http.walking import every_chunk, everybody

MOST_MATCHES = 100
"""People of one address: two are left to staff already, more than this is no answer."""

Read = TypeVar("Read")


class HttpSource:
    """The Source protocol on a service that keeps the contract of docs/http-source.md, version 1.

    Nothing is connected until the first call. Each call ends within `timeout_seconds`, asking again included.
    """

    def __init__(
        self, id: str, url: str, *, secret: bytes, allow_private: bool = False, timeout_seconds: float = 5
    ) -> None:
        """Take the address below which the contract is answered, and the secret both sides sign with."""
        self.id = id
        self.client = Client(id, url, secret=secret, allow_private=allow_private, timeout_seconds=timeout_seconds)

    def close(self) -> None:
        """Let every connection go."""
        self.client.transport.close()

    def describe(self) -> Mapping[TableName, TableShape]:
        """The tables and columns the service says it has. Raises SourceUnavailable."""
        return self._asked("describe", {}, lambda answer: answers.tables(answer, self.id), most=LARGE)

    def people_matching(self, people: People, address: str) -> Sequence[Key]:
        """Keys of the people whose address is `address`: the service proposes, `same_address` decides. Raises SourceUnavailable."""
        if not address.strip() or not is_text(address):
            return []
        return self._asked(
            "people/find",
            {"people": people_json(people), "address": address.strip()},
            lambda answer: answers.matching_keys(answer, address, len(people.key), most=MOST_MATCHES),
        )

    def language_of(self, people: People, person: Key) -> str | None:
        """The language tag the service records for the person, if any. Raises SourceUnavailable."""
        if people.language is None:
            return None
        question = {"people": people_json(people), "person": key_json(person)}
        return self._asked("people/language", question, answers.language)

    def people_page(self, people: People, *, after: Key | None, limit: int) -> Page:
        """At most `limit` people that follow `after`, by key: their key, address and language. Raises as `page` does."""
        question = {"people": people_json(people)}
        return self._page("people/list", question, everybody(people), after, limit)

    def page(self, table: Table, person: Key, *, after: Key | None, limit: int, within: Days | None = None) -> Page:
        """At most `limit` rows that follow `after`, newest first when the table names an order, else by key.

        Raises:
            SourceUnavailable: as every method.
            ValueError: `after` was not given by this method for this table.
        """
        question = {"table": table_json(table), "person": key_json(person), "within": days_json(within)}
        return self._dated(table, within, self._page("rows/list", question, table, after, limit))

    def chunks(self, table: Table, person: Key, *, within: Days | None = None) -> Iterator[Chunk]:
        """All rows of the person by key, in constant memory; those of some days as pages give them. Raises SourceUnavailable."""
        asked_for = table_json(table, by_key=within is None)
        question = {"table": asked_for, "person": key_json(person), "within": days_json(within)}

        def read(after: Key | None, limit: int) -> Page:
            try:
                return self._dated(table, within, self._page("rows/list", question, table, after, limit))
            except ValueError:
                failure = misplaced(400)
            raise self._unavailable(failure)

        return every_chunk(table, read, self.id)

    def row(self, table: Table, person: Key, key: Key) -> Row | None:
        """One row if it exists and is the person's, else None. Raises SourceUnavailable."""
        if not _may_exist(key, table):
            return None
        question = {"table": table_json(table), "person": key_json(person), "key": key_json(key)}
        return self._asked("rows/read", question, lambda answer: answers.row(answer, table), most=LARGE)

    def count(self, table: Table, person: Key, *, bound: int, within: Days | None = None) -> int:
        """How many rows the person has, counted no further than `bound`. Raises SourceUnavailable."""
        return self.counts([table], person, bound=bound, within=within)[0]

    def counts(self, tables: Sequence[Table], person: Key, *, bound: int, within: Days | None = None) -> Sequence[int]:
        """The same for several tables in one question, in their order. Raises SourceUnavailable."""
        if not tables:
            return []
        question = {
            "tables": [table_json(table) for table in tables],
            "person": key_json(person),
            "bound": bound,
            "within": days_json(within),
        }
        return self._asked(
            "rows/count", question, lambda answer: answers.counts(answer, number=len(tables), bound=bound)
        )

    def dates(self, table: Table, person: Key, *, bound: int) -> Dates | None:
        """The oldest and the newest date of the person's rows, and how many have none; None: no days can be chosen.

        Raises SourceUnavailable.
        """
        if table.order is None:
            return None
        question = {"table": table_json(table), "person": key_json(person), "bound": bound}
        told = self.client.ask("rows/dates", question)
        if told.is_error("unsupported"):
            return None
        if told.status != 200:
            raise self._unavailable(misplaced(told.status))
        return self._understood(lambda: answers.dates(told.answer, bound=bound))

    def correct(self, table: Table, person: Key, key: Key, column: str, *, before: Value, value: Value) -> Corrected:
        """Write `value` where `before` still stands (security.md B-48, B-49). It is asked for once: nobody knows what a lost answer said.

        Raises SourceUnavailable; SourceRefused when the service will not have the value; LookupError when the row is gone.
        """
        if isinstance(value, str) and not is_text(value):
            raise SourceRefused("type")
        if not _may_exist(key, table):
            raise LookupError(column)
        question = {
            "table": table_json(table),
            "person": key_json(person),
            "key": key_json(key),
            "column": column,
            "before": to_json(before),
            "value": to_json(value),
        }
        told = self.client.ask("rows/correct", question, most=LARGE, repeat=False)
        if told.is_error("changed"):
            return Corrected(done=False, present=self._understood(lambda: answers.present(told.answer)))
        if told.is_error("no_row"):
            raise LookupError(column)
        self._refuse_errors(told)
        return Corrected(done=True, present=self._understood(lambda: answers.present(told.answer)))

    def read_consent(self, consent: ConsentColumn, people: People, person: Key) -> bool | None:
        """True given, False withdrawn, None when nothing is recorded (which counts as not given). Raises SourceUnavailable."""
        question = {"consent": consent_json(consent, people), "person": key_json(person)}
        return self._asked("consent/read", question, answers.answer_to_consent)

    def write_consent(self, consent: ConsentColumn, people: People, person: Key, *, given: bool) -> None:
        """Record the answer in the service's own column. Raises SourceUnavailable, SourceRefused, LookupError (no such person)."""
        question = {"consent": consent_json(consent, people), "person": key_json(person), "given": given}
        told = self.client.ask("consent/write", question)
        if told.is_error("no_row"):
            raise LookupError(consent.column)
        self._refuse_errors(told)

    def count_erasable(self, table: Table, person: Key, *, now: datetime) -> int:
        """How many rows erasing would destroy or change: the person's, less those the hold keeps. Raises SourceUnavailable."""
        if not table.is_erased:
            return 0
        return self._asked("erasure/count", _at(table, person, now), lambda answer: answers.whole(answer, "count"))

    def count_held(self, table: Table, person: Key, *, now: datetime) -> Kept:
        """How many rows the table's hold keeps at `now`, and until when (None: unknown). Raises SourceUnavailable."""
        if table.hold is None:
            return Kept(0, None)
        return self._asked("erasure/held", _at(table, person, now), answers.kept)

    def count_outlived(self, table: Table, *, before: datetime, bound: int, now: datetime) -> int:
        """How many rows have outlived the table's retention at `before`, whoever's they are. Raises SourceUnavailable."""
        if table.retention is None:
            return 0
        question = {
            "table": table_json(table, now=now),
            "before": instant_to_json(before),
            "now": instant_to_json(now),
            "bound": bound,
        }
        return self._asked("erasure/outlived", question, lambda answer: min(bound, answers.whole(answer, "count")))

    def next_batch(self, table: Table, person: Key, *, after: Key | None, limit: int, now: datetime) -> Batch | None:
        """The key range of the next rows to erase after `after`, or None when none is left. Reads only. Raises SourceUnavailable."""
        if not table.is_erased:
            return None
        question = {**_at(table, person, now), "after": key_json(after), "limit": limit}
        told = self.client.ask("erasure/next", question)
        if told.status != 200:
            raise self._unavailable(misplaced(told.status))
        return self._understood(lambda: answers.batch(told.answer, after=after, limit=limit, length=len(table.key)))

    def erase(self, table: Table, person: Key, batch: Batch, *, now: datetime, act: str | None = None) -> int:
        """Erase the rows of the batch that are still there and not held; returns how many this call changed.

        Each call has a key of its own, or that of `act`, which its repetitions keep: one that arrives twice is done, and counted,
        once.
        Raises SourceUnavailable, or SourceRefused; then nothing of the batch has changed.
        """
        if not table.is_erased:
            return 0
        question = {**_at(table, person, now), "batch": batch_json(batch)}
        told = self.client.ask("erasure/erase", question, key=act or secrets.token_hex(16))
        self._refuse_errors(told)
        return self._understood(lambda: answers.whole(told.answer, "changed"))

    def accesses(
        self, people: People, person: Key, log: AccessLog | None, *, after: Key | None, limit: int
    ) -> AccessPage | None:
        """Who looked at the person's data within the service, newest first; None when the service keeps no such record.

        Raises SourceUnavailable; ValueError when `after` was not given by this method.
        """
        question = {
            "people": people_json(people),
            "person": key_json(person),
            "log": log_json(log) if log else None,
            "after": key_json(after),
            "limit": limit,
        }
        told = self.client.ask("accesses/list", question, most=LARGE)
        if told.is_error("unsupported"):
            return None
        if told.is_error("bad_place") and after is not None:
            raise ValueError("after")
        if told.status != 200:
            raise self._unavailable(misplaced(told.status))
        return self._understood(lambda: access_page(told.answer, limit=limit))

    def _dated(self, table: Table, within: Days | None, page: Page) -> Page:
        """The page, where the service left out what was not asked for: days it takes no heed of would be shown as chosen."""
        self._understood(lambda: answers.only_on(page, table, within))
        return page

    def _page(
        self, operation: str, question: Mapping[str, object], table: Table, after: Key | None, limit: int
    ) -> Page:
        """A page, or as much of it as fits: large cells are asked for by fewer rows."""
        while True:
            try:
                return self._whole_page(operation, question, table, after, limit)
            except AnswerTooLarge:
                if limit == 1:
                    raise
                limit = max(1, limit // 8)

    def _whole_page(
        self, operation: str, question: Mapping[str, object], table: Table, after: Key | None, limit: int
    ) -> Page:
        asked = {**question, "after": key_json(after), "limit": limit}
        return self._asked(operation, asked, lambda answer: answers.page(answer, table, limit=limit), most=LARGE)

    def _asked(
        self,
        operation: str,
        question: Mapping[str, object],
        read: Callable[[Mapping[str, object]], Read],
        *,
        most: int = SMALL,
    ) -> Read:
        told = self.client.ask(operation, question, most=most)
        if told.is_error("bad_place") and question.get("after") is not None:
            raise ValueError("after")
        if told.status != 200:
            raise self._unavailable(misplaced(told.status))
        return self._understood(lambda: read(told.answer))

    def _refuse_errors(self, told: Told) -> None:
        if told.is_error("refused"):
            raise self._understood(lambda: answers.refusal(told.answer))
        if told.status != 200:
            raise self._unavailable(misplaced(told.status))

    def _understood(self, read: Callable[[], Read]) -> Read:
        failure: Failed | None = None
        try:
            return read()
        except Failed as error:
            failure = error
        raise self._unavailable(failure)

    def _unavailable(self, failure: Failed) -> SourceUnavailable:
        return SourceUnavailable(failure.sentence, source=self.id, **failure.values)


def _at(table: Table, person: Key, now: datetime) -> dict[str, object]:
    return {"table": table_json(table, now=now), "person": key_json(person), "now": instant_to_json(now)}


def _may_exist(key: Key, table: Table) -> bool:
    """Whether any row could have the key; one of another length, or that nobody can write, is not asked about."""
    return len(key) == len(table.key) and all(not isinstance(part, str) or is_text(part) for part in key)
