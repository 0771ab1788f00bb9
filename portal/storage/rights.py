"""Rights requests and what happened to each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, bindparam, func, select, update

from portal.domain.answer_parts import AnswerPart
from portal.domain.audit import Actor
from portal.domain.rights import (
    BEFORE_DECISION,
    Decision,
    Kind,
    RequestEvent,
    RightsRequest,
    State,
    Withheld,
)
from portal.storage.request_rows import part_rows, parts_of, request_of, values_of, withheld_of, withheld_rows
from portal.storage.request_sorts import RequestSorts
from portal.storage.request_tables import request_decisions, request_events, rights_requests
from portal.storage.rows import Repository
from portal.storage.tallies import Tallies


@dataclass(frozen=True, slots=True)
class HappenedToRequest:
    """One line of a request's history."""

    at: datetime
    event: RequestEvent
    actor: Actor
    actor_id: int | None
    detail: str | None
    reason: str | None = None
    due_before: date | None = None
    due_after: date | None = None


@dataclass(frozen=True, slots=True)
class DecisionTaken:
    """One decision of a request, kept when the request is opened again."""

    decision: Decision
    reason: str | None
    provision: str | None
    withheld: tuple[Withheld, ...]
    recourse_until: date | None
    decided_at: datetime
    staff_id: int | None
    prepared_by: int | None
    parts: tuple[AnswerPart, ...] = ()


@dataclass(frozen=True, slots=True)
class AnsweredFor:
    """Which request an answer was to, and what it left out."""

    reference: str
    withheld: tuple[Withheld, ...]


_ANSWERS_READ = 100
"""Answers looked through for the newest to somebody's own request; the others ask for another."""

_OPEN_OF_PERSON = (
    select(rights_requests)
    .where(rights_requests.c.person_id == bindparam("person_id"), rights_requests.c.is_open.is_(True))
    .order_by(rights_requests.c.due, rights_requests.c.id)
    .limit(500)
)


class FrozenLaws(Protocol):
    """The laws a request was opened under, as it keeps them: the main one, and those beside it with their own last day.

    `also` and `main_due` are None where there is only one law.
    """

    @property
    def regime(self) -> Mapping[str, Any]:
        """The main one, as plain JSON values."""

    @property
    def also(self) -> Sequence[Mapping[str, Any]] | None:
        """Each of the others: its `regime` and its `due`."""

    @property
    def main_due(self) -> date | None:
        """The last day the main one sets by itself."""


@dataclass(frozen=True, slots=True)
class KeptLaws:
    """A request's FrozenLaws, read back."""

    regime: Mapping[str, Any]
    also: Sequence[Mapping[str, Any]] | None
    main_due: date | None


class Conflict(Exception):
    """The request changed since it was read; nothing was written."""


class RightsRequests(Repository):
    """Rows of `rights_requests` as RightsRequest."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the connection's open transaction."""
        super().__init__(connection)
        self._frozen: dict[int, KeptLaws] = {}
        self._sorts = RequestSorts(connection)

    def add(self, request: RightsRequest, laws: FrozenLaws, *, look_on: date | None = None) -> RightsRequest:
        """Record a request with the laws it was opened under, frozen, and the day its clock is first looked at.

        Gives it back with its id.
        """
        frozen = {"regime_frozen": laws.regime, "also_frozen": laws.also, "main_due": laws.main_due}
        values = values_of(request) | frozen | {"look_on": look_on}
        values |= {"sort_id": self._sorts.sort_of(values), "changed_at": request.received_at}
        self._sorts.came(values["sort_id"])
        Tallies(self.connection).moved(None, request)
        return replace(request, id=self.insert(rights_requests, **values))

    def by_reference(self, reference: str) -> RightsRequest | None:
        """The request of that canonical reference, or None."""
        return self._one(rights_requests.c.reference == reference)

    def by_id(self, request_id: int) -> RightsRequest | None:
        """The request of that id, or None."""
        return self._one(rights_requests.c.id == request_id)

    def hold(self, request_id: int) -> RightsRequest | None:
        """The request as it is now; no other unit of work holds it until this one ends (SQLite lets only one write at all)."""
        self.connection.execute(
            select(rights_requests.c.id).where(rights_requests.c.id == request_id).with_for_update()
        )
        return self.by_id(request_id)

    def frozen(self, request_id: int) -> KeptLaws:
        """The laws as they stood when the request was opened; they never change, so what was read is not read again."""
        if request_id not in self._frozen:
            column = rights_requests.c
            found = select(column.regime_frozen, column.also_frozen, column.main_due).where(column.id == request_id)
            self._frozen[request_id] = KeptLaws(*self.connection.execute(found).one())
        return self._frozen[request_id]

    def know(self, request_id: int, laws: KeptLaws) -> None:
        """Take over the laws of a request that an earlier unit of work read."""
        self._frozen[request_id] = laws

    def also_of_last(self, person_id: int) -> Sequence[Mapping[str, Any]] | None:
        """The other laws the newest request of a person was opened under; None without a request, or without another law."""
        column = rights_requests.c
        found = select(column.also_frozen).where(column.person_id == person_id).order_by(column.id.desc()).limit(1)
        kept: Sequence[Mapping[str, Any]] | None = self.connection.execute(found).scalar_one_or_none()
        return kept

    def of_person(self, person_id: int, *, before: int | None = None, limit: int = 50) -> Sequence[RightsRequest]:
        """A person's requests, newest first."""
        found = select(rights_requests).where(rights_requests.c.person_id == person_id)
        if before is not None:
            found = found.where(rights_requests.c.id < before)
        return self._all(found.order_by(rights_requests.c.id.desc()).limit(limit))

    def ids_of_person(self, person_id: int, *, limit: int) -> Sequence[int]:
        """The ids of a person's requests, newest first."""
        column = rights_requests.c
        found = select(column.id).where(column.person_id == person_id).order_by(column.id.desc()).limit(limit)
        return list(self.connection.execute(found).scalars())

    def open_of_person(self, person_id: int) -> Sequence[RightsRequest]:
        """A person's requests still to be answered or carried out, the most urgent first."""
        found = self.connection.execute(_OPEN_OF_PERSON, {"person_id": person_id})
        return [self._read(row) for row in found.mappings()]

    def number_open_of_person(self, person_id: int) -> int:
        """How many requests of a person are still to be answered or carried out."""
        column = rights_requests.c
        found = select(func.count()).where(column.person_id == person_id, column.is_open.is_(True))
        return int(self.connection.execute(found).scalar_one())

    def test(self) -> RightsRequest | None:
        """The newest request that is only a test, or None."""
        found = select(rights_requests).where(rights_requests.c.is_test.is_(True)).order_by(rights_requests.c.id.desc())
        return next(iter(self._all(found.limit(1))), None)

    def open_in_hand(self, staff_id: int, *, limit: int, hold: bool = False) -> Sequence[RightsRequest]:
        """Open requests a member of staff has in hand, oldest first; `hold` them until this unit of work ends."""
        column = rights_requests.c
        found = select(rights_requests).where(column.assignee_id == staff_id, column.is_open.is_(True))
        found = found.order_by(column.id).limit(limit)
        return self._all(found.with_for_update() if hold else found)

    def to_answer(self, staff_id: int, *, limit: int) -> Sequence[tuple[str, date]]:
        """The reference and last day of each request a member has still to answer, the earliest first; tests are none."""
        column, states = rights_requests.c, [state.value for state in BEFORE_DECISION]
        found = select(column.reference, column.due).where(column.assignee_id == staff_id, column.is_open.is_(True))
        found = found.where(column.state.in_(states), column.is_test.is_(False)).order_by(column.due, column.id)
        return [(row.reference, row.due) for row in self.connection.execute(found.limit(limit))]

    def overdue(self, today: date, *, bound: int) -> int:
        """How many requests are past their last day without an answer, counted no further than `bound`; tests are none."""
        column, states = rights_requests.c, [state.value for state in BEFORE_DECISION]
        late = and_(
            column.is_open.is_(True),
            column.due < today,
            column.state.in_(states),
            column.is_test.is_(False),
            column.paused_on.is_(None),
        )
        some = select(column.id).where(late).limit(bound).subquery()
        return int(self.connection.execute(select(func.count()).select_from(some)).scalar_one())

    def to_look_at(self, today: date, *, limit: int) -> Sequence[tuple[int, date]]:
        """Open requests whose clock has something to say: their ids, each with the day from which nobody looked."""
        column = rights_requests.c
        found = select(column.id, column.look_on).where(column.is_open.is_(True), column.look_on <= today)
        rows = self.connection.execute(found.order_by(column.look_on, column.id).limit(limit))
        return [(row.id, row.look_on) for row in rows]

    def look_again(self, request_id: int, on: date | None) -> None:
        """Set the next day a request's clock is looked at, None for never; that is no change to the request itself."""
        column = rights_requests.c
        self.connection.execute(update(rights_requests).where(column.id == request_id).values(look_on=on))

    def look_from(self, day: date) -> None:
        """Look at each open request's clock on a day, unless it is looked at before: what its clock says was set anew."""
        column = rights_requests.c
        later = (column.is_open.is_(True), column.look_on > day)
        self.connection.execute(update(rights_requests).where(*later).values(look_on=day))

    def all(self, state: State | None = None) -> Iterable[RightsRequest]:
        """Every request by id, for commands; read in pages."""
        last = 0
        while True:
            found = select(rights_requests).where(rights_requests.c.id > last)
            if state is not None:
                found = found.where(rights_requests.c.state == state.value)
            page = self._all(found.order_by(rights_requests.c.id).limit(500))
            if not page:
                return
            yield from page
            last = page[-1].id

    def save(self, request: RightsRequest, *, seen_version: int) -> RightsRequest:
        """Write a changed request if nobody changed it meanwhile.

        Raises:
            Conflict: its version is no longer the one seen.
        """
        before = self.by_id(request.id)
        values = values_of(request) | {"version": seen_version + 1}
        this = (rights_requests.c.id == request.id) & (rights_requests.c.version == seen_version)
        sort_before = self.connection.execute(select(rights_requests.c.sort_id).where(this)).scalar()
        sort = self._sorts.sort_of(values)
        statement = update(rights_requests).where(this).values(**values, sort_id=sort)
        if self.connection.execute(statement).rowcount != 1:
            raise Conflict
        self._sorts.moved(sort_before, sort)
        Tallies(self.connection).moved(before, request)
        return request_of(values | {"id": request.id})

    def happened(
        self,
        request_id: int,
        event: RequestEvent,
        *,
        actor: Actor,
        actor_id: int | None,
        now: datetime,
        detail: StrEnum | None = None,
        reason: str | None = None,
        due: tuple[date, date] | None = None,
    ) -> None:
        """Write one line of the request's history, and when it last changed: receiving one is no change.

        `due`: the last day before and after, where it moved.
        """
        if event is not RequestEvent.OPENED:
            here = rights_requests.c.id == request_id
            self.connection.execute(update(rights_requests).where(here).values(changed_at=now))
        self.insert(
            request_events,
            request_id=request_id,
            at=now,
            event=event.value,
            actor=actor.value,
            actor_id=actor_id,
            detail=detail.value if detail else None,
            reason=reason,
            due_before=due[0] if due else None,
            due_after=due[1] if due else None,
        )

    def history(self, request_id: int) -> Sequence[HappenedToRequest]:
        """What happened to a request, in order."""
        found = select(request_events).where(request_events.c.request_id == request_id).order_by(request_events.c.id)
        return [
            HappenedToRequest(
                at=row["at"],
                event=RequestEvent(row["event"]),
                actor=Actor(row["actor"]),
                actor_id=row["actor_id"],
                detail=row["detail"],
                reason=row["reason"],
                due_before=row["due_before"],
                due_after=row["due_after"],
            )
            for row in self.connection.execute(found).mappings()
        ]

    def decided(self, request: RightsRequest, *, staff_id: int | None, prepared_by: int | None) -> None:
        """Keep a decision as it was taken, whatever becomes of the request later."""
        if request.decision is None or request.decided_at is None:
            return
        self.insert(
            request_decisions,
            request_id=request.id,
            decision=request.decision.value,
            reason=request.reason,
            provision=request.provision,
            withheld=withheld_rows(request.withheld),
            parts=part_rows(request.parts),
            recourse_until=request.recourse_until,
            decided_at=request.decided_at,
            staff_id=staff_id,
            prepared_by=prepared_by,
        )

    def decisions(self, request_id: int) -> Sequence[DecisionTaken]:
        """Every decision taken of a request, in order."""
        column = request_decisions.c
        found = select(request_decisions).where(column.request_id == request_id).order_by(column.id)
        return [
            DecisionTaken(
                Decision(row["decision"]),
                row["reason"],
                row["provision"],
                withheld_of(row["withheld"]),
                row["recourse_until"],
                row["decided_at"],
                row["staff_id"],
                row["prepared_by"],
                parts_of(row["parts"]),
            )
            for row in self.connection.execute(found).mappings()
        ]

    def last_answer(self, person_id: int, kinds: Collection[Kind]) -> AnsweredFor | None:
        """What the newest answer to a person's own request of some kinds left out, even where it was opened again since."""
        of, taken = rights_requests.c, request_decisions.c
        found = select(of.reference, of.behalf, taken.withheld).join_from(request_decisions, rights_requests)
        found = found.where(of.person_id == person_id, of.kind.in_(sorted(kinds)), of.is_test.is_(False))
        for row in self.connection.execute(found.order_by(taken.id.desc()).limit(_ANSWERS_READ)):
            if not row.behalf:
                return AnsweredFor(row.reference, withheld_of(row.withheld))
        return None

    def _one(self, condition: ColumnElement[bool]) -> RightsRequest | None:
        row = self.connection.execute(select(rights_requests).where(condition)).mappings().first()
        return self._read(row) if row else None

    def _all(self, statement: Any) -> list[RightsRequest]:
        return [self._read(row) for row in self.connection.execute(statement).mappings()]

    def _read(self, row: RowMapping) -> RightsRequest:
        """A row as a request; its laws came with it, so that a page of many asks for them once."""
        self._frozen[row["id"]] = KeptLaws(row["regime_frozen"], row["also_frozen"], row["main_due"])
        return request_of(row)
