"""Writing to the erasure ledger before anything is destroyed, once each whatever was killed, and proving what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from portal.domain.erasure import ErasureStep
from portal.domain.jobs import Again
from portal.domain.ledger import (
    USE,
    Begun,
    Entry,
    Erased,
    Erasing,
    Fact,
    Head,
    LedgerBroken,
    LedgerCut,
    LedgerRefused,
    OtherLedger,
    as_written,
    follow_on,
    hash_of_address,
    hash_of_person,
    keys_by_id,
    number_of,
    proved,
    read,
)
from portal.services.installation import Installation

NOTED_AT_ONCE = 1_000
LOOKED_BACK = 1_000
"""Entries before the last known one among which a step of an erasure is looked for: a kill and the work done again lie close."""

STILL_ON_THEIR_WAY = timedelta(seconds=10)
"""An act of a request that began before another may be kept after it, for no longer than a database waits for a lock."""


def record(portal: Installation, facts: Sequence[Fact], *, now: datetime) -> None:
    """Add facts to the ledger, on its disk for good when this returns. Idempotent: one written before a kill is found.

    Raises:
        LedgerRefused: nothing was written: it is away, not as it was written, another installation's, or sealed with a
            key that is no more.
    """
    with portal.database.reading() as store:
        known, installation = store.ledger.head(), store.ledger.installation()
    reached: list[Head] = []

    def adding(tail: Sequence[str]) -> list[str]:
        earlier, following = _parted(tail, known)
        entries = _after(portal, following, known)
        last = entries[-1].head if entries else known
        _of(installation, entries)
        present = {entry.fact for entry in entries}
        new = [fact for fact in facts if fact not in present and not _was_told(fact, earlier)]
        begin: list[Fact] = [] if last else [Begun(installation)]
        lines = follow_on([*begin, *new], last, key=portal.keys.for_(USE), at=now)
        reached.extend([read(lines[-1]).head] if lines else [last] if last else [])
        return lines

    portal.ledger.append(adding, since=_since(facts, known))
    with portal.database.writing() as store:
        store.ledger.reached(reached[-1])


def note_requests(portal: Installation, now: datetime) -> Again | None:
    """Tell the ledger of requests received or due on another day since the last time, a bounded number of them.

    A request that only a lost database held is then still known: when it came, and by when it must be answered. Where the
    ledger takes nothing, that is remembered for the head of every page of staff, and nothing is lost: they are noted later.
    """
    with portal.database.reading() as store:
        found = store.ledger.requests_to_note(until=now - STILL_ON_THEIR_WAY, limit=NOTED_AT_ONCE)
    try:
        record(portal, list(dict.fromkeys(fact for _, fact in found)), now=now)
    except LedgerRefused:
        with portal.database.writing() as store:
            store.ledger.refuses(now)
        return None
    with portal.database.writing() as store:
        if found:
            store.ledger.noted(found[-1][0])
        store.ledger.refuses(None)
    return Again(now) if len(found) == NOTED_AT_ONCE else None


def entries_of(portal: Installation) -> Iterator[Entry]:
    """Every entry, each proved in turn.

    Raises:
        LedgerRefused: as `record`; what was given before is proved.
    """
    with portal.database.reading() as store:
        known, installation = store.ledger.head(), store.ledger.installation()
    yield from entries_known(portal, known, installation)


def entries_known(portal: Installation, known: Head | None, installation: str) -> Iterator[Entry]:
    """Every entry, proved against what a database knows that may not be the present one: its installation and its last entry.

    Raises:
        LedgerRefused: as `record`; what was given before is proved.
    """
    last: Head | None = None
    for entry in proved(portal.ledger.lines(), keys_by_id(portal.keys)):
        _of(installation, [entry])
        if known and entry.number == known.number and entry.seal != known.seal:
            raise LedgerBroken(entry.number)
        last = entry.head
        yield entry
    if known and (last is None or last.number < known.number):
        raise LedgerCut(known.number)


def prove_the_end(portal: Installation) -> Entry | None:
    """The last entry, proved with its key and against what the database knows of it; None while nothing was written.

    Raises:
        LedgerRefused: as `record`.
    """
    with portal.database.reading() as store:
        known = store.ledger.head()
    if known is None:
        *_, last = (None, *entries_of(portal))
        return last
    after = _after(portal, portal.ledger.tail(known.number), known, with_known=True)
    return after[-1]


def erasing(portal: Installation, reference: str, step: ErasureStep, addresses: Sequence[str]) -> Erasing:
    """What the ledger says before the first row of a step goes."""
    key, source = portal.keys.for_(USE), _source_of(step)
    return Erasing(
        reference=reference,
        source=source,
        category=step.category,
        table=step.table_name,
        rule=step.rule,
        person=hash_of_person(key, source, step.person_key),
        addresses=" ".join(hash_of_address(key, address) for address in addresses),
    )


def erased(portal: Installation, reference: str, step: ErasureStep) -> Erased:
    """What the ledger says once a step is over."""
    source = _source_of(step)
    return Erased(
        reference=reference,
        source=source,
        table=step.table_name,
        rule=step.rule,
        person=hash_of_person(portal.keys.for_(USE), source, step.person_key),
        erased=step.erased,
        kept=step.kept,
        kept_until=step.kept_until,
    )


def _source_of(step: ErasureStep) -> str:
    """The source of a step: its table is written `source.table` or `source.schema.table`."""
    return step.table_name.partition(".")[0]


def _since(facts: Sequence[Fact], known: Head | None) -> int:
    """From which entry on what is there is looked at: the last known one, and for steps of erasures some before it."""
    back = LOOKED_BACK if any(isinstance(fact, Erasing | Erased) for fact in facts) else 0
    return max(1, known.number - back) if known else 1


def _parted(tail: Sequence[str], known: Head | None) -> tuple[Sequence[str], Sequence[str]]:
    """The lines up to the last entry that the database knows, and those from it on."""
    place = next(
        (place for place, line in enumerate(tail) if known is None or number_of(line) >= known.number), len(tail)
    )
    return tail[: place + 1], tail[place:]


def _was_told(fact: Fact, earlier: Sequence[str]) -> bool:
    """Whether a step of an erasure was told of before a kill, after which other work brought the database further."""
    return isinstance(fact, Erasing | Erased) and any(as_written(fact) in line for line in earlier)


def _after(portal: Installation, tail: Sequence[str], known: Head | None, *, with_known: bool = False) -> list[Entry]:
    """The proved entries after the one the database knows, which must be there as it was."""
    keys = keys_by_id(portal.keys)
    if known is None:
        return list(proved(tail, keys))
    if not tail or number_of(tail[0]) < known.number:
        raise LedgerCut(known.number)
    present = _read(tail[0], known.number)
    if present.head != known:
        raise LedgerBroken(known.number)
    entries = list(proved(tail, keys, after=Head(known.number - 1, present.before)))
    return entries if with_known else entries[1:]


def _read(line: str, number: int) -> Entry:
    try:
        return read(line)
    except ValueError as error:
        raise LedgerBroken(number) from error


def _of(installation: str, entries: Sequence[Entry]) -> None:
    for entry in entries:
        if isinstance(entry.fact, Begun) and entry.fact.installation != installation:
            raise OtherLedger
