"""Notices and their recipients: pages of them put in and taken out, never all at once, and counters in the notice's row."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, delete, exists, func, or_, select, update

from portal.domain.languages import Language, Text, language_or_default
from portal.domain.notices import (
    Counters,
    Gathering,
    Notice,
    NoticeKind,
    NoticeState,
    Recipient,
    RecipientState,
)
from portal.domain.policies import Document
from portal.storage.notice_tables import notice_recipients as recipients
from portal.storage.notice_tables import notices
from portal.storage.rows import Repository, insert_of

COUNTERS = tuple(field.name for field in fields(Counters))
_OPEN = [one.value for one in (RecipientState.COUNTED, RecipientState.WAITING, RecipientState.IN_DOUBT)]
"""Where an address may still be kept."""

_GATHERS = or_(
    and_(
        notices.c.state.in_([NoticeState.DRAFTED.value, NoticeState.PROOF_SENT.value]),
        notices.c.gathering == Gathering.COUNTING.value,
    ),
    and_(notices.c.state == NoticeState.SENDING.value, notices.c.gathering == Gathering.FETCHING.value),
)
_SENDS = or_(
    notices.c.proof_for.is_not(None),
    notices.c.state == NoticeState.COUNTING_DOWN.value,
    and_(notices.c.state == NoticeState.SENDING.value, notices.c.gathering == Gathering.FETCHED.value),
    and_(
        notices.c.state == NoticeState.DONE.value,
        exists().where(recipients.c.notice_id == notices.c.id, recipients.c.state.in_(_OPEN)),
    ),
)
_WAITS = recipients.c.state == RecipientState.WAITING.value
_TRIED = recipients.c.state.in_([RecipientState.WAITING.value, RecipientState.IN_DOUBT.value])
_DOUBTED = recipients.c.state == RecipientState.IN_DOUBT.value


class StaleNotice(Exception):
    """The notice is not the one that was seen: somebody acted meanwhile."""


class Notices(Repository):
    """Rows of `notices` as Notice."""

    def add(self, kind: NoticeKind, *, now: datetime, staff_id: int) -> int:
        """Draft a notice; gives its id."""
        return self.insert(notices, **_draft(kind, now, staff_id))

    def add_of_version(self, document: Document, version_id: str, *, now: datetime, staff_id: int) -> bool:
        """Draft the notice of a version; False when there is one (a simultaneous press waits for the first)."""
        draft = _draft(NoticeKind.POLICY_CHANGE, now, staff_id)
        return self.insert_if_absent(notices, **draft, document=document, version_id=version_id)

    def by_id(self, notice_id: int) -> Notice | None:
        """The notice of that id, or None."""
        return self._one(select(notices).where(notices.c.id == notice_id))

    def held(self, notice_id: int) -> Notice | None:
        """The same, held until this unit of work ends."""
        return self._one(select(notices).where(notices.c.id == notice_id).with_for_update())

    def of_version(self, document: Document, version_id: str) -> Notice | None:
        """The notice that tells a version, or None."""
        wanted = (notices.c.document == document) & (notices.c.version_id == version_id)
        return self._one(select(notices).where(wanted))

    def newest(self, *, limit: int) -> Sequence[Notice]:
        """The last notices, newest first."""
        found = select(notices).order_by(notices.c.id.desc()).limit(limit)
        return [_notice(row) for row in self.connection.execute(found).mappings()]

    def standing_still(self, *, due_before: datetime) -> tuple[Sequence[int], Sequence[int]]:
        """Ids of notices whose recipients should be gathered by now, and of those that should be sent."""
        due = or_(notices.c.next_step_at.is_(None), notices.c.next_step_at <= due_before)
        gathers, sends = (
            list(self.connection.execute(select(notices.c.id).where(which, due)).scalars())
            for which in (_GATHERS, _SENDS)
        )
        return gathers, sends

    def act(self, notice_id: int, *, seen_version: int, **values: object) -> None:
        """Change a notice as the officer saw it.

        Raises:
            StaleNotice: it has changed since.
        """
        seen = (notices.c.id == notice_id) & (notices.c.version == seen_version)
        changed = update(notices).where(seen).values(version=notices.c.version + 1, **values)
        if not self.connection.execute(changed).rowcount:
            raise StaleNotice

    def change(self, notice_id: int, **values: object) -> None:
        """Write what the worker found out."""
        self.connection.execute(update(notices).where(notices.c.id == notice_id).values(**values))

    def count(self, notice_id: int, **more: int) -> None:
        """Add to counters."""
        self.connection.execute(_counted(tuple(sorted(more))), {"notice": notice_id, **more})

    def idle(self, before: datetime, *, limit: int) -> Sequence[Notice]:
        """Some that were drafted before an instant and never begun, or began before it and stand stopped."""
        drafted = notices.c.state.in_([NoticeState.DRAFTED.value, NoticeState.PROOF_SENT.value])
        stopped = notices.c.state == NoticeState.STOPPED.value
        old = or_(and_(drafted, notices.c.created_at <= before), and_(stopped, notices.c.begins_at <= before))
        found = select(notices).where(old).order_by(notices.c.id).limit(limit).with_for_update()
        return [_notice(row) for row in self.connection.execute(found).mappings()]

    def remove(self, notice_id: int) -> None:
        """Delete a notice with its recipients."""
        self.connection.execute(delete(recipients).where(recipients.c.notice_id == notice_id))
        self.connection.execute(delete(notices).where(notices.c.id == notice_id))

    def forget(self, done_before: datetime, *, limit: int) -> int:
        """Delete recipients of notices that ended long ago, then those notices; gives how many rows went."""
        old = select(notices.c.id).where(notices.c.done_at <= done_before)
        some = select(recipients.c.id).where(recipients.c.notice_id.in_(old)).limit(limit)
        gone = self.connection.execute(delete(recipients).where(recipients.c.id.in_(some))).rowcount
        if gone < limit:
            self.connection.execute(delete(notices).where(notices.c.id.in_(old)))
        return gone

    def _one(self, found: Any) -> Notice | None:
        row = self.connection.execute(found).mappings().first()
        return _notice(row) if row else None


class Recipients(Repository):
    """Rows of `notice_recipients`."""

    def add(self, rows: Sequence[dict[str, Any]]) -> int:
        """Put in those who are not there yet; gives how many."""
        return self.insert_those_absent(recipients, rows)

    def fetched(self, rows: Sequence[dict[str, Any]]) -> int:
        """Let those wait who were only counted, or not even that, each with an address; gives how many."""
        if not rows:
            return 0
        return self.connection.execute(_fetched(self.connection.dialect.name), rows).rowcount

    def chosen(self, notice_id: int, *, after: int, limit: int) -> Sequence[tuple[int, str]]:
        """The ids and addresses of some who were counted with their address, by id."""
        found = (
            select(recipients.c.id, recipients.c.address)
            .where(recipients.c.notice_id == notice_id, recipients.c.id > after)
            .where(recipients.c.state == RecipientState.COUNTED.value)
            .order_by(recipients.c.id)
            .limit(limit)
        )
        return [(row.id, row.address) for row in self.connection.execute(found)]

    def speak(self, recipient_id: int, language: Language) -> None:
        """Write in which language somebody is written to."""
        self._set(recipient_id, language=language)

    def let_wait(self, ids: Sequence[int], now: datetime) -> None:
        """Let some wait for their letter."""
        changed = update(recipients).where(recipients.c.id.in_(ids))
        self.connection.execute(changed.values(state=RecipientState.WAITING.value, next_try_at=now))

    def drop_counted(self, notice_id: int, *, limit: int) -> int:
        """Delete some who were counted and are known no more; gives how many."""
        counted = recipients.c.state == RecipientState.COUNTED.value
        some = select(recipients.c.id).where(recipients.c.notice_id == notice_id, counted).limit(limit)
        return self.connection.execute(delete(recipients).where(recipients.c.id.in_(some))).rowcount

    def waiting(self, notice_id: int, now: datetime, *, limit: int) -> Sequence[Recipient]:
        """Some whose letter is due, the longest due first."""
        found = self.connection.execute(_WAITING, {"notice": notice_id, "now": now, "most": limit})
        return [Recipient(row[0], row[1], language_or_default(row[2]), *row[3:]) for row in found]

    def next_try(self, notice_id: int) -> datetime | None:
        """When the next letter is due; None when none waits."""
        found = select(recipients.c.next_try_at).where(recipients.c.notice_id == notice_id, _WAITS)
        return self.connection.execute(found.order_by(recipients.c.next_try_at).limit(1)).scalar()

    def handed_over(self, recipient_id: int, now: datetime) -> int:
        """The mail server took the letter: the address goes. Gives 1, or 0 when its reader waits no more."""
        return self.connection.execute(_HANDED_OVER, {"recipient": recipient_id, "now": now}).rowcount

    def over(self, recipient_id: int, state: RecipientState) -> int:
        """No letter will be tried again: the address goes. Gives 1, or 0 when its reader waits no more."""
        return self._of_waiting(recipient_id, state=state.value, address=None)

    def came_back(self, recipient_id: int) -> None:
        """A letter that was handed over did not arrive."""
        self._set(recipient_id, state=RecipientState.BOUNCED.value)

    def try_again(self, recipient_id: int, at: datetime) -> None:
        """The letter waits for another try."""
        self._of_waiting(recipient_id, attempts=recipients.c.attempts + 1, next_try_at=at)

    def doubt(self, recipient_id: int) -> int:
        """The letter was refused for good, perhaps because of us: the address stays until that is known."""
        return self._of_waiting(recipient_id, state=RecipientState.IN_DOUBT.value)

    def let_doubted_wait(self, notice_id: int, at: datetime) -> None:
        """We were the reason: those in doubt wait again, behind whoever was not tried yet."""
        again = {"state": RecipientState.WAITING.value, "next_try_at": at}
        self.connection.execute(update(recipients).where(recipients.c.notice_id == notice_id, _DOUBTED).values(**again))

    def refuse_doubted(self, notice_id: int) -> int:
        """We were not the reason: those in doubt are refused, and their addresses go; gives how many."""
        doubted = update(recipients).where(recipients.c.notice_id == notice_id, _DOUBTED)
        return self.connection.execute(doubted.values(state=RecipientState.REFUSED.value, address=None)).rowcount

    def doubted(self, notice_id: int) -> int:
        """How many are in doubt."""
        found = select(func.count()).select_from(recipients).where(recipients.c.notice_id == notice_id, _DOUBTED)
        return self.connection.execute(found).scalar_one()

    def numbers(self, notice_id: int) -> Mapping[RecipientState, int]:
        """How many stand where, counted row by row."""
        found = select(recipients.c.state, func.count()).where(recipients.c.notice_id == notice_id)
        counted = {row[0]: row[1] for row in self.connection.execute(found.group_by(recipients.c.state))}
        return {state: counted.get(state.value, 0) for state in RecipientState}

    def give_up(self, notice_id: int, *, limit: int) -> int:
        """Give up some who were not told: their addresses go; gives how many."""
        open_ = recipients.c.state.in_(_OPEN)
        some = select(recipients.c.id).where(recipients.c.notice_id == notice_id, open_).limit(limit)
        return self._given_up(recipients.c.id.in_(some))

    def give_up_subscriber(self, subscriber_id: int) -> Mapping[int, int]:
        """Give up whoever unsubscribed, in every notice under way; gives how many in each."""
        return self._given_up_in_each(recipients.c.subscriber_id == subscriber_id)

    def give_up_address(self, hashes: Collection[str]) -> Mapping[int, int]:
        """The same for an address, but of incidents, which are told to whoever they concern."""
        incidents = select(notices.c.id).where(notices.c.kind == NoticeKind.CONFIDENTIALITY_INCIDENT.value)
        mine = and_(recipients.c.address_hash.in_(hashes), recipients.c.notice_id.not_in(incidents))
        return self._given_up_in_each(mine)

    def _given_up_in_each(self, who: Any) -> Mapping[int, int]:
        mine = and_(who, _TRIED)
        under_way = list(self.connection.execute(select(recipients.c.notice_id).where(mine)).scalars())
        if under_way:
            self._given_up(mine)
        return {notice_id: under_way.count(notice_id) for notice_id in under_way}

    def by_message_id(self, message_id: str) -> tuple[int, int, RecipientState] | None:
        """The id, notice and state of whom a letter was for, or None."""
        return self._found(recipients.c.message_id == message_id)

    def newest_of(self, hashes: Collection[str], *, since: datetime) -> tuple[int, int, RecipientState] | None:
        """The same for the last letter handed over for an address since an instant."""
        taken = and_(recipients.c.state == RecipientState.HANDED_OVER.value, recipients.c.at >= since)
        return self._found(and_(recipients.c.address_hash.in_(hashes), taken))

    def told(self, hashes: Collection[str], document: Document) -> Mapping[str, datetime]:
        """When a letter was handed over for an address and did not come back, by the id of the version it tells."""
        asked = {"document": document, "hashes": list(hashes)}
        return {row[0]: row[1] for row in self.connection.execute(_TOLD, asked)}

    def _found(self, condition: Any) -> tuple[int, int, RecipientState] | None:
        found = select(recipients.c.id, recipients.c.notice_id, recipients.c.state).where(condition)
        row = self.connection.execute(found.order_by(recipients.c.id.desc()).limit(1).with_for_update()).first()
        return (row.id, row.notice_id, RecipientState(row.state)) if row else None

    def _given_up(self, condition: Any) -> int:
        values = {"state": RecipientState.GIVEN_UP.value, "address": None}
        return self.connection.execute(update(recipients).where(condition).values(**values)).rowcount

    def _of_waiting(self, recipient_id: int, **values: object) -> int:
        """Write of somebody who waits; gives 0 when they wait no more, because they left meanwhile."""
        changed = update(recipients).where(recipients.c.id == recipient_id, _WAITS).values(**values)
        return self.connection.execute(changed).rowcount

    def _set(self, recipient_id: int, **values: object) -> None:
        self.connection.execute(update(recipients).where(recipients.c.id == recipient_id).values(**values))


_TOLD = (
    select(notices.c.version_id, func.min(recipients.c.at))
    .select_from(recipients)
    .join(notices, notices.c.id == recipients.c.notice_id)
    .where(notices.c.document == bindparam("document"))
    .where(recipients.c.address_hash.in_(bindparam("hashes", expanding=True)))
    .where(recipients.c.state == RecipientState.HANDED_OVER.value)
    .group_by(notices.c.version_id)
)
_WAITING = (
    select(*(recipients.c[field.name] for field in fields(Recipient)))
    .where(recipients.c.notice_id == bindparam("notice"), _WAITS, recipients.c.next_try_at <= bindparam("now"))
    .order_by(recipients.c.next_try_at, recipients.c.id)
    .limit(bindparam("most"))
)
_HANDED_OVER = (
    update(recipients)
    .where(recipients.c.id == bindparam("recipient"), _WAITS)
    .values(state=RecipientState.HANDED_OVER.value, address=None, at=bindparam("now"))
)


def _draft(kind: NoticeKind, now: datetime, staff_id: int) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "state": NoticeState.DRAFTED.value,
        "version": 1,
        "details": {},
        "paragraph_fr": "",
        "paragraph_en": "",
        "gathering": Gathering.COUNTING.value,
        "created_at": now,
        "created_by": staff_id,
        "troubles": 0,
        **dict.fromkeys(COUNTERS, 0),
    }


@cache
def _counted(names: tuple[str, ...]) -> Any:
    """One statement for each set of counters: building one takes longer than running it."""
    more = {name: notices.c[name] + bindparam(name) for name in names}
    return update(notices).where(notices.c.id == bindparam("notice")).values(**more)


@cache
def _fetched(dialect: str) -> Any:
    insert = insert_of(dialect, recipients)
    given = {name: insert.excluded[name] for name in ("address", "language", "subscriber_id", "state", "next_try_at")}
    counted = recipients.c.state == RecipientState.COUNTED.value
    return (
        insert.on_conflict_do_update(index_elements=["address_hash", "notice_id"], set_=given, where=counted)
        .inline()
        .execution_options(preserve_rowcount=True)
    )


def _notice(row: RowMapping) -> Notice:
    return Notice(
        id=row["id"],
        kind=NoticeKind(row["kind"]),
        state=NoticeState(row["state"]),
        gathering=Gathering(row["gathering"]),
        version=row["version"],
        counters=Counters(**{name: row[name] for name in COUNTERS}),
        created_at=row["created_at"],
        created_by=row["created_by"],
        document=row["document"],
        version_id=row["version_id"],
        details={name: Text(**said) for name, said in row["details"].items()},
        paragraph=Text(fr=row["paragraph_fr"], en=row["paragraph_en"]),
        place=row["place"],
        proof_for=row["proof_for"],
        proof_refused=row["proof_refused"],
        begins_at=row["begins_at"],
        next_step_at=row["next_step_at"],
        troubles=row["troubles"],
        trouble=row["trouble"],
        done_at=row["done_at"],
    )
