"""Comments kept beside a value we did not correct: written, written again, taken out, and let go with the value (CCQ, art. 40)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from portal.domain.acts import Act, Bar, By, Standing, bar
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.data_map import Column, DataMap, Table
from portal.domain.erasure import ErasureStep
from portal.domain.languages import Language
from portal.domain.people import Person
from portal.domain.rights import CorrectionAsked, Decision, RequestEvent, RightsRequest
from portal.domain.statements import Statement, UnfitStatement, checked_statement, opens_statement
from portal.services.acts import Barred, answer_has_not_left
from portal.services.identities import addresses_to_search, identities_of
from portal.services.information import key_of, row_token
from portal.services.installation import Installation
from portal.services.regimes import regime_of
from portal.sources.base import SourceUnavailable
from portal.storage.store import Store
from portal.wording.values import value_words

__all__ = ["Barred", "Statement", "UnfitStatement"]


@dataclass(frozen=True, slots=True)
class AboutWords:
    """What comments are about, in words: which field, and the value as it was then."""

    field: str
    before: str


def of_request(store: Store, request: RightsRequest) -> Statement | None:
    """The comments kept with a request, or None."""
    return store.statements.of_request(request.id)


def of_person(store: Store, person: Person) -> Sequence[Statement]:
    """Every comment kept for a person, oldest first."""
    return store.statements.of_person(person.id)


def bar_of(store: Store, request: RightsRequest) -> Bar | None:
    """Why the person of a request may not write comments now; None where they may."""
    commented = store.statements.of_request(request.id) is not None
    left = not opens_statement(request) or not answer_has_not_left(store, request)
    standing = Standing(regime_of(store, request), in_time=True, answer_left=left, commented=commented)
    return bar(Act.ADD_COMMENTS, By.PERSON, request, standing)


def write(
    store: Store, person: Person, request: RightsRequest, text: str, *, language: Language, now: datetime
) -> None:
    """Keep a person's comments, in place of those before; the same text again changes nothing.

    Raises:
        LookupError: the request is somebody else's.
        UnfitStatement: the text is none that can be kept.
        Barred: nothing was refused, or the answer has not left yet.
    """
    held = _held(store, person, request)
    checked_statement(text)
    barred = bar_of(store, held)
    if barred is not None:
        raise Barred(Act.ADD_COMMENTS, barred)
    kept = store.statements.of_request(held.id)
    if kept is None or kept.text != text:
        _keep(store, held, text, language, Actor.PERSON, person.id, now)


def withdraw(store: Store, person: Person, request: RightsRequest, *, now: datetime) -> None:
    """Take comments out of the file, for good; where there are none, nothing changes.

    Raises:
        LookupError: the request is somebody else's.
    """
    held = _held(store, person, request)
    kept = store.statements.of_request(held.id)
    if kept is None:
        return
    store.statements.remove([kept.id])
    store.requests.happened(held.id, RequestEvent.STATEMENT_WITHDRAWN, actor=Actor.PERSON, actor_id=person.id, now=now)
    _audit(store, AuditEvent.STATEMENT_WITHDRAWN, held, Actor.PERSON, person.id, now)


def keep_what_was_asked(store: Store, request: RightsRequest, staff_id: int, now: datetime) -> None:
    """Keep the comments that a request asked to add, once it is accepted."""
    _keep(store, request, request.message, request.language, Actor.STAFF, staff_id, now)


def about_in_words(
    about: CorrectionAsked | None, data_map: DataMap, language: Language, zone: tzinfo
) -> AboutWords | None:
    """The value comments are about, in a reader's words; one that the map does not have any more by its own names."""
    if about is None:
        return None
    column = _column(data_map, about)
    if column is None:
        return AboutWords(f"{about.table}.{about.field}", about.before)
    return AboutWords(column.label.in_(language), value_words(about.before, column, language, zone))


def beside(portal: Installation, table: Table, statements: Sequence[Statement]) -> dict[tuple[str, str], Statement]:
    """The comments about values of one table, by the row's token and the field's name.

    Tokens are made again from the keys they hold, so that comments find their row after the secret was replaced.
    """
    found = {}
    for one in statements:
        if one.about is None or one.about.table != str(table.name):
            continue
        key = key_of(portal, table, one.about.row[0])
        if key is not None:
            found[row_token(portal, table, key), one.about.field] = one
    return found


def erase_with(store: Store, request: RightsRequest, steps: Sequence[ErasureStep]) -> None:
    """Delete the comments about what an erasure left nothing of.

    Those about no value go where the whole deletion was granted and nothing stays.
    """
    emptied = {_place(step) for step in steps} - {_place(step) for step in steps if step.kept}
    all_gone = request.decision is Decision.GRANTED and not any(step.kept for step in steps)
    gone = [
        one.id
        for one in store.statements.of_person(request.person_id)
        if (all_gone if one.about is None else (one.about.category, one.about.table) in emptied)
    ]
    store.statements.remove(gone)


def _place(step: ErasureStep) -> tuple[str, str]:
    """A table in its category: an answer may erase what one category maps of it, and leave what another does."""
    return step.category, step.table_name


def value_is_gone(portal: Installation, store: Store, statement: Statement) -> bool:
    """Whether what comments are about is held no more; where nobody can be found, there is nothing to keep them beside.

    Raises:
        SourceUnavailable: a source does not answer, so nobody knows.
    """
    request = store.requests.by_id(statement.request_id)
    person = store.people.by_id(request.person_id) if request else None
    addresses = addresses_to_search(portal, store, request, person) if request else ()
    if not addresses:
        return True
    identities = identities_of(portal, *addresses)
    if identities.away:
        raise SourceUnavailable
    if identities.shared:
        return False
    about = statement.about
    table = _table(portal.data_map, about) if about else None
    if about is None or table is None:
        return about is not None or not identities.known
    owners, key = identities.keys_in(table.name.source), key_of(portal, table, about.row[0])
    source = portal.sources[table.name.source]
    return key is None or all(source.row(table, owner, key) is None for owner in owners)


def _held(store: Store, person: Person, request: RightsRequest) -> RightsRequest:
    held = store.requests.hold(request.id)
    if held is None or held.person_id != person.id:
        raise LookupError(request.reference)
    return held


def _keep(
    store: Store, request: RightsRequest, text: str, language: Language, actor: Actor, actor_id: int, now: datetime
) -> None:
    first = store.statements.put(request.id, text, language, now)
    event = RequestEvent.STATEMENT_WRITTEN if first else RequestEvent.STATEMENT_REPLACED
    store.requests.happened(request.id, event, actor=actor, actor_id=actor_id, now=now)
    _audit(store, AuditEvent.STATEMENT_WRITTEN, request, actor, actor_id, now)


def _table(data_map: DataMap, about: CorrectionAsked) -> Table | None:
    category = data_map.category(about.category)
    return category.table(about.table) if category else None


def _column(data_map: DataMap, about: CorrectionAsked) -> Column | None:
    table = _table(data_map, about)
    return table.column(about.field) if table else None


def _audit(store: Store, event: AuditEvent, request: RightsRequest, actor: Actor, actor_id: int, now: datetime) -> None:
    line = AuditLine(now, event, actor, actor_id, person_id=request.person_id, request_id=request.id)
    store.audit.record(line)
