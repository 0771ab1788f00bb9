"""Signing in: codes asked for, sessions open, one-time links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Table, and_, bindparam, delete, func, or_, select, update

from portal.domain.codes import Code, Flow
from portal.domain.languages import Language, language_or_default
from portal.domain.people import Person, Session, StaffMember
from portal.domain.rights import Level
from portal.storage.people import person_of
from portal.storage.rows import Repository
from portal.storage.staff import member_of
from portal.storage.tables import codes, letters, people, sessions, staff, tokens

_BY_TOKEN = select(sessions).where(sessions.c.token_hash == bindparam("token_hash"))
_WITH_HOLDER = (
    select(*(column.label(f"{table.name}__{column.name}") for table in (sessions, people, staff) for column in table.c))
    .join_from(sessions, people, sessions.c.person_id == people.c.id, isouter=True)
    .join(staff, sessions.c.staff_id == staff.c.id, isouter=True)
    .where(sessions.c.token_hash == bindparam("token_hash"))
)


class Codes(Repository):
    """Rows of `codes` as Code."""

    def add(self, code: Code) -> int:
        """Remember a code asked for; its id is given here."""
        return self.insert(
            codes,
            flow=code.flow.value,
            browser_hash=code.browser_hash,
            address=code.address,
            language=code.language,
            nonce=code.nonce,
            next=code.next,
            created_at=code.created_at,
            expires_at=code.expires_at,
            tries=0,
        )

    def by_id(self, code_id: int) -> Code | None:
        """The code of that id, or None."""
        row = self.connection.execute(select(codes).where(codes.c.id == code_id)).mappings().first()
        return _code(row) if row else None

    def latest(self, flow: Flow, browser_hash: str) -> Code | None:
        """The last code a browser asked for in a flow, or None."""
        found = (
            select(codes)
            .where(codes.c.browser_hash == browser_hash, codes.c.flow == flow.value)
            .order_by(codes.c.id.desc())
            .limit(1)
        )
        row = self.connection.execute(found).mappings().first()
        return _code(row) if row else None

    def tried(self, code_id: int) -> None:
        """Count one wrong try."""
        self.connection.execute(update(codes).where(codes.c.id == code_id).values(tries=codes.c.tries + 1))

    def use(self, code_id: int, now: datetime) -> bool:
        """Use the code up; False when another press was first."""
        statement = update(codes).where(codes.c.id == code_id, codes.c.used_at.is_(None)).values(used_at=now)
        return self.connection.execute(statement).rowcount == 1

    def kill_of(self, address: str, now: datetime) -> None:
        """Use up every code an address still waits for."""
        waiting = and_(codes.c.address == address, codes.c.used_at.is_(None))
        self.connection.execute(update(codes).where(waiting).values(used_at=now))

    def kill_every(self, now: datetime) -> None:
        """Let no code succeed any more: one given already may be among them again after a backup was restored."""
        self.connection.execute(update(codes).where(codes.c.used_at.is_(None)).values(used_at=now))

    def purge(self, before: datetime) -> int:
        """Delete codes that expired before an instant, with the letters that carried them."""
        dead = select(codes.c.id).where(codes.c.expires_at < before)
        self.connection.execute(delete(letters).where(letters.c.code_id.in_(dead)))
        return self.connection.execute(delete(codes).where(codes.c.expires_at < before)).rowcount


class Sessions(Repository):
    """Rows of `sessions` as Session."""

    def add(
        self, token_hash: str, *, person_id: int | None, staff_id: int | None, level: Level, now: datetime
    ) -> Session:
        """Open a session, confirmed now."""
        values = {
            "person_id": person_id,
            "staff_id": staff_id,
            "created_at": now,
            "last_seen_at": now,
            "confirmed_at": now,
        }
        session_id = self.insert(sessions, token_hash=token_hash, level=level.value, **values)
        return Session(id=session_id, level=level, ended_at=None, **values)  # type: ignore[arg-type]  # one dict, two shapes

    def by_token(self, token_hash: str) -> Session | None:
        """The session a token opens, dead or alive, or None."""
        row = self.connection.execute(_BY_TOKEN, {"token_hash": token_hash}).mappings().first()
        return _session(row) if row else None

    def with_holder(self, token_hash: str) -> tuple[Session, Person | StaffMember | None] | None:
        """The session a token opens, dead or alive, and whose it is, in one statement: every private page asks."""
        row = self.connection.execute(_WITH_HOLDER, {"token_hash": token_hash}).mappings().first()
        if row is None:
            return None
        session = _session(_part(row, sessions))
        if session.person_id is not None:
            return session, person_of(_part(row, people)) if row["people__id"] is not None else None
        return session, member_of(_part(row, staff)) if row["staff__id"] is not None else None

    def open_of(self, *, person_id: int | None = None, staff_id: int | None = None) -> Sequence[Session]:
        """Sessions not ended of one person or member of staff, newest first."""
        whose = sessions.c.person_id == person_id if person_id is not None else sessions.c.staff_id == staff_id
        found = select(sessions).where(whose, sessions.c.ended_at.is_(None)).order_by(sessions.c.id.desc()).limit(50)
        return [_session(row) for row in self.connection.execute(found).mappings()]

    def renew(self, session_id: int, token_hash: str, now: datetime) -> None:
        """Give a session a new token and a fresh confirmation; the old token is dead."""
        self.connection.execute(
            update(sessions).where(sessions.c.id == session_id).values(token_hash=token_hash, confirmed_at=now)
        )

    def prove_to(self, person_id: int, level: Level) -> None:
        """Write how far a person's open sessions prove who they are."""
        theirs = and_(sessions.c.person_id == person_id, sessions.c.ended_at.is_(None))
        self.connection.execute(update(sessions).where(theirs).values(level=level.value))

    def seen(self, session_id: int, now: datetime) -> None:
        """Write when the session was last used."""
        self.connection.execute(update(sessions).where(sessions.c.id == session_id).values(last_seen_at=now))

    def end(self, session_id: int, now: datetime) -> None:
        """End one session."""
        self.connection.execute(
            update(sessions).where(sessions.c.id == session_id, sessions.c.ended_at.is_(None)).values(ended_at=now)
        )

    def end_all_of_staff(self, staff_id: int, now: datetime) -> None:
        """End every session of a member of staff."""
        self.connection.execute(
            update(sessions).where(sessions.c.staff_id == staff_id, sessions.c.ended_at.is_(None)).values(ended_at=now)
        )

    def end_every(self, now: datetime) -> None:
        """Sign everybody out: a session ended since may be alive again after a backup was restored."""
        self.connection.execute(update(sessions).where(sessions.c.ended_at.is_(None)).values(ended_at=now))

    def purge(self, *, ended_before: datetime, created_before: datetime) -> int:
        """Delete sessions ended, or outlived, before an instant."""
        dead = or_(
            and_(sessions.c.ended_at.is_not(None), sessions.c.ended_at < ended_before),
            sessions.c.created_at < created_before,
        )
        return self.connection.execute(delete(sessions).where(dead)).rowcount


class Tokens(Repository):
    """One-time links, kept as hashes."""

    def add(self, token_hash: str, *, purpose: str, staff_id: int, expires_at: datetime) -> None:
        """Remember a link."""
        self.insert(tokens, token_hash=token_hash, purpose=purpose, staff_id=staff_id, expires_at=expires_at)

    def alive(self, token_hash: str, *, purpose: str, now: datetime) -> tuple[int, datetime] | None:
        """Whom an unused link admits, and until when, without using it."""
        found = select(tokens.c.staff_id, tokens.c.expires_at).where(
            tokens.c.token_hash == token_hash,
            tokens.c.purpose == purpose,
            tokens.c.used_at.is_(None),
            tokens.c.expires_at > now,
        )
        row = self.connection.execute(found).first()
        return (row[0], row[1]) if row else None

    def until(self, staff_id: int, *, purpose: str, now: datetime) -> datetime | None:
        """Until when the newest unused link of a member of staff works."""
        found = select(func.max(tokens.c.expires_at)).where(
            tokens.c.staff_id == staff_id,
            tokens.c.purpose == purpose,
            tokens.c.used_at.is_(None),
            tokens.c.expires_at > now,
        )
        return self.connection.execute(found).scalar()

    def use(self, token_hash: str, *, purpose: str, now: datetime) -> int | None:
        """Use a link up: whom it admits, or None when it is used, late or unknown."""
        found = self.alive(token_hash, purpose=purpose, now=now)
        if found is None:
            return None
        statement = update(tokens).where(tokens.c.token_hash == token_hash, tokens.c.used_at.is_(None))
        return found[0] if self.connection.execute(statement.values(used_at=now)).rowcount == 1 else None

    def has_unused(self, staff_id: int, *, now: datetime) -> bool:
        """Whether a member of staff holds a link that still works."""
        found = select(tokens.c.id).where(
            tokens.c.staff_id == staff_id, tokens.c.used_at.is_(None), tokens.c.expires_at > now
        )
        return self.connection.execute(found.limit(1)).first() is not None

    def forget_of(self, staff_id: int) -> None:
        """Kill every link of one member of staff."""
        self.connection.execute(delete(tokens).where(tokens.c.staff_id == staff_id))

    def use_every(self, now: datetime) -> None:
        """Let no link succeed any more: one used already may be among them again after a backup was restored."""
        self.connection.execute(update(tokens).where(tokens.c.used_at.is_(None)).values(used_at=now))

    def purge(self, before: datetime) -> None:
        """Delete links that expired before an instant."""
        self.connection.execute(delete(tokens).where(tokens.c.expires_at < before))


def _code(row: RowMapping) -> Code:
    language: Language = language_or_default(row["language"])
    return Code(**{**row, "flow": Flow(row["flow"]), "language": language})


def _part(row: RowMapping, table: Table) -> dict[str, Any]:
    """The cells of one table in a row of several."""
    return {column.name: row[f"{table.name}__{column.name}"] for column in table.c}


def _session(row: RowMapping | Mapping[str, Any]) -> Session:
    values = {**row, "level": Level(row["level"])}
    del values["token_hash"]
    return Session(**values)
