"""Corrections: at once where the map lets people make them, through staff where it asks for review (P-39.1, s. 28)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.data_map import Category, Column, Table
from portal.domain.languages import Language
from portal.domain.letters import LetterKind
from portal.domain.people import Person
from portal.domain.rights import CorrectionAsked, Kind, Level, RequestEvent, RightsRequest, State, WhyNot
from portal.domain.withholding import AllLeftOut
from portal.services import rights
from portal.services.identities import addresses_to_search, identities_of, identities_of_person
from portal.services.information import key_of
from portal.services.installation import Installation
from portal.services.rights import Asked
from portal.services.settings import in_effect
from portal.services.withheld import left_out_for
from portal.sources.base import Corrected, Key, Reason, Row, SourceRefused, SourceUnavailable
from portal.storage.store import Store

LONGEST_VALUE = 4_000
"""Characters of a value that a form can correct; what is longer, or is no text, is corrected by staff."""


class SourceAway(Exception):
    """The source does not answer; nothing was changed."""


class AlreadySo(Exception):
    """The value asked for is the one that stands there."""


class Changed(Exception):
    """The value is no longer the one the person saw; nothing was changed. `present` is what stands there now, as text."""

    def __init__(self, present: str) -> None:
        """Keep the present value."""
        super().__init__()
        self.present = present


class Refused(Exception):
    """The source will not have the value; nothing was changed."""

    def __init__(self, reason: Reason, limit: int | None) -> None:
        """Keep why and, for what is too long, how much fits."""
        super().__init__(reason)
        self.reason: Reason = reason
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one person that the map lets be corrected. `present`: as text, None when a form cannot carry it."""

    category: Category
    table: Table
    column: Column
    person: Key
    key: Key
    token: str
    present: str | None

    @property
    def at_once(self) -> bool:
        """Whether the person corrects it alone."""
        return self.column.correct == "self"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person sent: the value they saw, the one they want, why, and the form's key if it carried one."""

    before: str
    value: str
    reason: str
    form_id: str
    sent_form_id: bool


def as_text(value: object) -> str | None:
    """A value of a source as plain text: what a form shows and sends back, and what is compared. None when it is none."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case str() | int() | float() | Decimal():
            return str(value)
    return None


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same to their reader: line ends and composed letters aside (security.md B-22)."""
    return _levelled(one) == _levelled(other)


def _levelled(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def find_cell(
    portal: Installation, store: Store, person: Person, *, category: str, table: str, row: str, field: str
) -> Cell | None:
    """The value a person may correct, or None (ASVS 8.2.2).

    None where it is not in the map, never corrected, held, left out by an answer, gone or somebody else's.

    Raises:
        SourceAway: its source does not answer.
    """
    mapped = in_effect(portal, store).data_map.category(category)
    found = mapped.table(table) if mapped else None
    column = found.column(field) if found else None
    if mapped is None or found is None or column is None or column.correct == "never" or column.show != "plain":
        return None
    key = key_of(portal, found, row)
    if key is None or _is_left_out(left_out_for(store, person), category, found, field, key):
        return None
    owned = _owned_row(portal, found, _accounts_in(portal, store, person, found), key)
    if owned is None:
        return None
    owner, present = owned
    return Cell(mapped, found, column, owner, key, row, _for_a_form(present[field]))


def correct(
    portal: Installation,
    store: Store,
    person: Person,
    cell: Cell,
    typed: Typed,
    *,
    language: Language,
    level: Level,
    now: datetime,
) -> RightsRequest:
    """Correct a value at once, or open the request that staff will review; the second press gives the first one's request.

    Raises:
        AlreadySo, Changed, Refused, SourceAway: nothing was changed, and nothing of this unit of work may be kept.
    """
    # Presses of one form at once follow each other, so that the later ones find what the first made.
    store.people.hold(person.id)
    earlier = rights.was_taken(store, person, typed.form_id)
    if earlier:
        return earlier
    asked = Asked(Kind.RECTIFICATION, language, level, message=typed.reason, correction=_asked(cell, typed))
    written = _is_written_already(cell, typed)
    if not written:
        _check_still_so(cell, typed)
    if not cell.at_once:
        return rights.open_request(portal, store, person, asked, form_id=typed.form_id, now=now)
    request = rights.open_and_grant(
        portal, store, person, asked, outcome=LetterKind.CORRECTION_DONE, form_id=typed.form_id, now=now
    )
    _audit(store, request, Actor.PERSON, person.id, now)
    if not written:
        _write(portal, cell, typed)
    return request


def apply_correction(portal: Installation, request_id: int, now: datetime) -> None:
    """Carry out a correction that was granted, then close its request; may be run twice without harm.

    What cannot be carried out is written in the request's history, for staff; the source is never forced.

    Raises:
        SourceUnavailable: to be tried again later.
    """
    with portal.database.reading() as store:
        request = store.requests.by_id(request_id)
        person = store.people.by_id(request.person_id) if request else None
        addresses = addresses_to_search(portal, store, request, person) if request else ()
    if request is None or person is None or not _to_carry_out(request):
        return
    why_not = _carried_out(portal, addresses, request)
    with portal.database.writing() as store:
        request = store.requests.by_id(request_id)
        if request is None or not _to_carry_out(request):
            return
        if why_not is None:
            _audit(store, request, Actor.SYSTEM, None, now)
            rights.close(
                portal,
                store,
                request,
                outcome=LetterKind.CORRECTION_DONE,
                actor=Actor.SYSTEM,
                actor_id=None,
                now=now,
            )
        elif not _told_already(store, request):
            store.requests.happened(
                request.id, RequestEvent.NOT_CARRIED_OUT, actor=Actor.SYSTEM, actor_id=None, now=now, detail=why_not
            )


def _is_left_out(everything: AllLeftOut, category: str, table: Table, field: str, key: Key) -> bool:
    part = everything.table(category, table)
    return bool(everything.category(category) or part.whole or field in part.fields or part.row(key))


def _accounts_in(portal: Installation, store: Store, person: Person, table: Table) -> Sequence[Key]:
    identities = identities_of_person(portal, store, person)
    if table.name.source in identities.away:
        raise SourceAway
    return identities.keys_in(table.name.source)


def _owned_row(portal: Installation, table: Table, accounts: Sequence[Key], key: Key) -> tuple[Key, Row] | None:
    """The row of that key and the account it belongs to, or None when it is none of theirs."""
    source = portal.sources[table.name.source]
    try:
        read = ((account, source.row(table, account, key)) for account in accounts)
        return next(((account, row) for account, row in read if row is not None), None)
    except SourceUnavailable as error:
        raise SourceAway from error


def _for_a_form(value: object) -> str | None:
    text = as_text(value)
    return text if text is not None and len(text) <= LONGEST_VALUE else None


def _asked(cell: Cell, typed: Typed) -> CorrectionAsked:
    return CorrectionAsked(
        category=cell.category.id,
        table=str(cell.table.name),
        row=(cell.token,),
        field=cell.column.name,
        before=typed.before,
        value=typed.value,
    )


def _is_written_already(cell: Cell, typed: Typed) -> bool:
    """Whether this very form wrote the value before our own commit failed: sent again, only the record is missing."""
    present = cell.present or ""
    return (
        cell.at_once and typed.sent_form_id and same_text(present, typed.value) and not same_text(present, typed.before)
    )


def _check_still_so(cell: Cell, typed: Typed) -> None:
    present = cell.present or ""
    if not same_text(present, typed.before):
        raise Changed(present)
    if same_text(present, typed.value):
        raise AlreadySo


def _write(portal: Installation, cell: Cell, typed: Typed) -> None:
    """Write the value if the one seen still stands; last of all, so that a refusal leaves nothing half done."""
    source = portal.sources[cell.table.name.source]
    try:
        outcome = source.correct(
            cell.table, cell.person, cell.key, cell.column.name, before=typed.before, value=typed.value
        )
    except SourceUnavailable as error:
        raise SourceAway from error
    except SourceRefused as error:
        raise Refused(error.reason, error.limit) from error
    except LookupError as error:
        raise Changed("") from error
    if not outcome.done:
        raise Changed(as_text(outcome.present) or "")


def _to_carry_out(request: RightsRequest) -> bool:
    return request.state is State.FULFILLING and request.correction is not None


def _carried_out(portal: Installation, addresses: Sequence[str], request: RightsRequest) -> WhyNot | None:
    """Write the correction where it still applies; None when the value asked for stands there now."""
    asked = request.correction
    table = _table_of(portal, asked) if asked else None
    if asked is None or table is None:
        return WhyNot.GONE
    key = key_of(portal, table, asked.row[0])
    identities = identities_of(portal, *addresses)
    if table.name.source in identities.away:
        raise SourceUnavailable
    if key is None:
        return WhyNot.GONE
    try:
        outcome = _corrected(portal, table, identities.keys_in(table.name.source), key, asked)
    except SourceRefused:
        return WhyNot.REFUSED
    if outcome is None:
        return WhyNot.GONE
    stands = outcome.done or same_text(as_text(outcome.present) or "", asked.value)
    return None if stands else WhyNot.CHANGED


def _corrected(
    portal: Installation, table: Table, accounts: Sequence[Key], key: Key, asked: CorrectionAsked
) -> Corrected | None:
    """What became of the row of that key, in whichever account it belongs to; None when it is in none."""
    for account in accounts:
        try:
            return portal.sources[table.name.source].correct(
                table, account, key, asked.field, before=asked.before, value=asked.value
            )
        except LookupError:
            continue
    return None


def _table_of(portal: Installation, asked: CorrectionAsked) -> Table | None:
    category = portal.data_map.category(asked.category)
    table = category.table(asked.table) if category else None
    return table if table and table.column(asked.field) else None


def _told_already(store: Store, request: RightsRequest) -> bool:
    history = store.requests.history(request.id)
    return bool(history) and history[-1].event is RequestEvent.NOT_CARRIED_OUT


def _audit(store: Store, request: RightsRequest, actor: Actor, actor_id: int | None, now: datetime) -> None:
    store.audit.record(
        AuditLine(now, AuditEvent.CORRECTED, actor, actor_id, person_id=request.person_id, request_id=request.id)
    )
