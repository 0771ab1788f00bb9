"""What the portal has kept as long as it promised: finding it, and deleting it with all that points to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update

from portal.domain.audit import Actor
from portal.storage.message_tables import messages
from portal.storage.policy_reading_tables import policy_readings
from portal.storage.register_tables import register_people
from portal.storage.request_sorts import RequestSorts
from portal.storage.request_tables import request_decisions, request_events, rights_requests, same_requests, statements
from portal.storage.rows import Repository
from portal.storage.statements import has_statement
from portal.storage.tables import (
    attachments,
    audit,
    checklist_lines,
    consent_events,
    erasure_batches,
    erasure_steps,
    erasures,
    letters,
    other_addresses,
    people,
    postings,
    sessions,
)

_record_months = rights_requests.c.regime_frozen["record_months"].as_integer()


class Retention(Repository):
    """Statements over every table that speaks of a person."""

    def record_months(self) -> Sequence[int]:
        """The lengths of time, in months, that the requests' own regimes keep a record."""
        return list(self.connection.execute(select(_record_months).distinct()).scalars())

    def never_asked(self, signed_in_before: datetime, *, limit: int) -> Sequence[int]:
        """Ids of people who asked nothing and last came before an instant; another unit of work's are passed over."""
        last_came = func.coalesce(people.c.last_sign_in_at, people.c.created_at)
        return self._held(select(people.c.id).where(last_came <= signed_in_before, ~_has_request()), limit)

    def outlived(self, ended_before: Mapping[int, datetime], *, limit: int) -> Sequence[int]:
        """Ids of people whose every request ended long enough ago, by the months its own regime keeps it.

        What is before the regulator is kept until its final answer; comments, as long as what they are about.
        """
        return self._held(select(people.c.id).where(_over(ended_before), ~has_statement(people.c.id)), limit)

    def kept_for_comments(self, ended_before: Mapping[int, datetime], *, after: int, limit: int) -> Sequence[int]:
        """Ids, in order after one, of people who would have gone by now, were it not for comments they had kept."""
        found = select(people.c.id).where(people.c.id > after, _over(ended_before), has_statement(people.c.id))
        return list(self.connection.execute(found.order_by(people.c.id).limit(limit)).scalars())

    def forget(self, person_ids: Sequence[int]) -> None:
        """Delete people with everything the portal holds of them.

        What staff or the system did stays in the audit trail without saying about whom, until its own time is over.
        """
        requests = select(rights_requests.c.id).where(rights_requests.c.person_id.in_(person_ids))
        self._forget_in_audit(person_ids, requests)
        self._forget_requests(requests)
        about = register_people.c.person_id.in_(person_ids)
        self.connection.execute(update(register_people).where(about).values(person_id=None))
        RequestSorts(self.connection).going(rights_requests.c.person_id.in_(person_ids))
        for statement in (
            delete(letters).where(letters.c.person_id.in_(person_ids)),
            delete(consent_events).where(consent_events.c.person_id.in_(person_ids)),
            delete(policy_readings).where(policy_readings.c.person_id.in_(person_ids)),
            delete(sessions).where(sessions.c.person_id.in_(person_ids)),
            delete(other_addresses).where(other_addresses.c.person_id.in_(person_ids)),
            delete(rights_requests).where(rights_requests.c.person_id.in_(person_ids)),
            delete(people).where(people.c.id.in_(person_ids)),
        ):
            self.connection.execute(statement)

    def forget_test(self, request_id: int) -> None:
        """Delete one request that is only a test, with all that points to it, and its person if nothing else is theirs."""
        chosen = rights_requests.c.is_test.is_(True) & (rights_requests.c.id == request_id)
        person_id = self.connection.execute(select(rights_requests.c.person_id).where(chosen)).scalar()
        if person_id is None:
            return
        requests = select(rights_requests.c.id).where(chosen)
        self._forget_in_audit([], requests)
        self._forget_requests(requests)
        RequestSorts(self.connection).going(chosen)
        self.connection.execute(delete(rights_requests).where(chosen))
        signed_in = exists().where(sessions.c.person_id == people.c.id)
        consented = exists().where(consent_events.c.person_id == people.c.id)
        nothing_else = (people.c.id == person_id) & people.c.last_sign_in_at.is_(None) & ~_has_request()
        found = select(people.c.id).where(nothing_else, ~signed_in, ~consented)
        if self.connection.execute(found).scalar() is not None:
            self.forget([person_id])

    def _forget_requests(self, requests: Select[int]) -> None:
        """Delete what points to some requests, which are then deleted themselves."""
        started = select(erasures.c.id).where(erasures.c.request_id.in_(requests))
        steps = select(erasure_steps.c.id).where(erasure_steps.c.erasure_id.in_(started))
        for statement in (
            delete(erasure_batches).where(erasure_batches.c.step_id.in_(steps)),
            delete(erasure_steps).where(erasure_steps.c.erasure_id.in_(started)),
            delete(erasures).where(erasures.c.request_id.in_(requests)),
            delete(same_requests).where(
                or_(same_requests.c.request_id.in_(requests), same_requests.c.same_as_id.in_(requests))
            ),
            delete(statements).where(statements.c.request_id.in_(requests)),
            delete(request_events).where(request_events.c.request_id.in_(requests)),
            delete(request_decisions).where(request_decisions.c.request_id.in_(requests)),
            delete(attachments).where(attachments.c.request_id.in_(requests)),
            delete(messages).where(messages.c.request_id.in_(requests)),
            delete(postings).where(
                postings.c.letter_id.in_(select(letters.c.id).where(letters.c.request_id.in_(requests)))
            ),
            delete(letters).where(letters.c.request_id.in_(requests)),
            delete(checklist_lines).where(checklist_lines.c.request_id.in_(requests)),
        ):
            self.connection.execute(statement)

    def forget_lines(self, before: datetime, *, limit: int) -> int:
        """Delete audit lines older than an instant, but those of requests still kept; gives how many."""
        request_kept = exists().where(rights_requests.c.id == audit.c.request_id)
        old = select(audit.c.id).where(audit.c.at <= before, ~request_kept).order_by(audit.c.id).limit(limit)
        return self.connection.execute(delete(audit).where(audit.c.id.in_(old))).rowcount

    def _held(self, found: Select[int], limit: int) -> list[int]:
        """Ids nobody else holds, held until this unit of work ends."""
        return list(self.connection.execute(found.limit(limit).with_for_update(skip_locked=True)).scalars())

    def _forget_in_audit(self, person_ids: Sequence[int], requests: Select[int]) -> None:
        """No line may name a number that is free again: the next person could be given it."""
        about = or_(audit.c.person_id.in_(person_ids), audit.c.request_id.in_(requests))
        self.connection.execute(delete(audit).where(about, audit.c.actor == Actor.PERSON.value))
        self.connection.execute(update(audit).where(about).values(person_id=None, request_id=None))


def _has_request(condition: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    found = exists().where(rights_requests.c.person_id == people.c.id)
    return found if condition is None else found.where(condition)


def _over(ended_before: Mapping[int, datetime]) -> ColumnElement[bool]:
    """Whether every request of a person ended long enough ago, by the months its own regime keeps it."""
    column = rights_requests.c
    over = [and_(months == _record_months, column.closed_at <= before) for months, before in ended_before.items()]
    before_regulator = and_(column.contested_on.is_not(None), column.settled_on.is_(None))
    kept = and_(column.is_open.is_(False), ~before_regulator, or_(*over)).is_not(True)
    return and_(_has_request(), ~_has_request(kept))
