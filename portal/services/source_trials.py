"""Tries what a source writes, on a person made up for it: their values are corrected, then their rows are erased."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from portal.domain.data_map import ConsentColumn, Table
from portal.domain.erasure import in_erasure_order
from portal.services.installation import Installation
from portal.services.source_checks import MANY, Bench, Outcome, bench_of, outcome
from portal.sources.base import Batch, Key
from portal.sources.http import HttpSource
from portal.wording.catalogue import N_

BATCH, MOST_BATCHES = 100, 10_000


class NotOne(Exception):
    """The source knows nobody under the address, or several people."""


def writing(portal: Installation, source_id: str, address: str, now: datetime) -> Iterator[Outcome]:
    """Everything that is tried by writing, one outcome after the other. The person's rows are gone at the end.

    Raises:
        KeyError: there is no such source.
        NotOne: the address is not that of exactly one person.
        SourceUnavailable: nobody can be looked for.
    """
    bench = bench_of(portal, source_id, now)
    found = bench.source.people_matching(bench.people, address) if bench.people else []
    if len(found) != 1:
        raise NotOne
    return _tried(bench, found[0])


def _tried(bench: Bench, person: Key) -> Iterator[Outcome]:
    for table in bench.tables:
        yield outcome(_CORRECTS, partial(_corrects, bench, table, person), str(table.name))
    for purpose in bench.portal.data_map.purposes:
        if purpose.consent and purpose.consent.table.source == bench.source.id:
            check = partial(_records_consent, bench, purpose.consent, person)
            yield outcome(_CONSENTS, check, f"{purpose.consent.table}.{purpose.consent.column}")
    for _, table in in_erasure_order(bench.portal.data_map):
        if table.name.source == bench.source.id:
            yield outcome(_ERASES, partial(_erases, bench, table, person), str(table.name))


def _corrects(bench: Bench, table: Table, person: Key) -> bool | None:
    """A stale value is refused and told; then the same value is written where it still stands."""
    columns = [column.name for column in table.columns if column.correct != "never" and column.show == "plain"]
    for row in bench.source.page(table, person, after=None, limit=1).rows:
        key: Key = tuple(row[name] for name in table.key)  # type: ignore[misc]  # scalars
        for name in columns:
            value = row[name]
            if isinstance(value, str) and value:
                stale = bench.source.correct(table, person, key, name, before=f"{value}?", value=value)
                again = bench.source.correct(table, person, key, name, before=value, value=value)
                return not stale.done and again.done and stale.present == again.present == value
    return None


def _records_consent(bench: Bench, consent: ConsentColumn, person: Key) -> bool | None:
    """The other answer is written and read back, then the one that was there."""
    source, people = bench.source, bench.people
    if people is None:
        return None
    before = source.read_consent(consent, people, person)
    read: list[bool | None] = []
    answers = (not before, bool(before))
    for given in answers:
        source.write_consent(consent, people, person, given=given)
        read.append(source.read_consent(consent, people, person))
    return read == list(answers)


def _erases(bench: Bench, table: Table, person: Key) -> bool | None:
    """Each batch is delivered twice, and once more as another act: it is done once, and told alike."""
    after: Key | None = None
    well, batches = True, 0
    while batches < MOST_BATCHES:
        batch = bench.source.next_batch(table, person, after=after, limit=BATCH, now=bench.now)
        if batch is None:
            break
        well = _done_once(bench, table, person, batch) and well
        after, batches = batch.last, batches + 1
    if not batches:
        return None
    held = bench.source.count_held(table, person, now=bench.now).count
    left = bench.source.count(table, person, bound=MANY) if table.erase == "delete" else held
    return well and left == held


def _done_once(bench: Bench, table: Table, person: Key, batch: Batch) -> bool:
    source, now = bench.source, bench.now
    if not isinstance(source, HttpSource):
        return source.erase(table, person, batch, now=now) == batch.count and not source.erase(
            table, person, batch, now=now
        )
    act = secrets.token_hex(16)
    told = {source.erase(table, person, batch, now=now, act=act) for _ in range(2)}
    return len(told) == 1 and source.erase(table, person, batch, now=now) == 0


_CORRECTS = N_("A value that changed meanwhile is left and told; one that still stands is corrected.")
_CONSENTS = N_("A consent is written and read back.")
_ERASES = N_("An erasure delivered twice is done and counted once, and what may go is gone.")
