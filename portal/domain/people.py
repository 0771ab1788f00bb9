"""Who signs in: people and staff, their sessions, and how recently someone proved who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.languages import Language
from portal.domain.periods import Period
from portal.domain.posting import PostalAddress
from portal.domain.rights import Level, Role

CONFIRMED_FOR = timedelta(minutes=15)
"""One confirmation serves every act in this time (design §4.3)."""

PERSON_IDLE = timedelta(hours=2)
STAFF_IDLE = timedelta(minutes=30)
SESSION_LIFE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who signed in or asked: only what answering needs is kept (design §2.5).

    Whoever asked on paper has no e-mail `address`, and so no door: `by_post` says where letters to them are posted.
    """

    id: int
    address: str | None
    language: Language
    created_at: datetime
    last_sign_in_at: datetime | None
    by_post: PostalAddress | None = None


PROVED_FOR = Period(months=12, days=0)
"""How long a proof of another address counts: a mailbox may be given to somebody else meanwhile."""

MOST_OTHER_ADDRESSES = 5
"""Other addresses of one person: the sources are asked about each of them on every page."""


@dataclass(frozen=True, slots=True)
class OtherAddress:
    """Another address a person uses and has proved, beside the one they sign in with: first when, and last when."""

    id: int
    person_id: int
    address: str
    added_at: datetime
    proved_at: datetime

    @property
    def until(self) -> datetime:
        """When the proof counts no more, unless it is given again."""
        return PROVED_FOR.after(self.proved_at)


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of staff; once disabled, out at once, but never deleted, so that records keep their author."""

    id: int
    address: str
    role: Role
    language: Language
    created_at: datetime
    disabled_at: datetime | None
    last_sign_in_at: datetime | None = None
    wants_summary: bool = True

    @property
    def active(self) -> bool:
        """Whether the member may sign in."""
        return self.disabled_at is None


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser, of a person or of a member of staff, never of both."""

    id: int
    person_id: int | None
    staff_id: int | None
    level: Level
    created_at: datetime
    last_seen_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None

    def alive(self, now: datetime) -> bool:
        """Whether it may still be used: not ended, not idle for too long, not too old (ASVS 7.3.1, 7.3.2)."""
        idle = STAFF_IDLE if self.staff_id is not None else PERSON_IDLE
        return self.ended_at is None and now - self.last_seen_at < idle and now - self.created_at < SESSION_LIFE

    def recently_confirmed(self, now: datetime) -> bool:
        """Whether a code was given in this session within the last fifteen minutes."""
        return self.confirmed_at is not None and now - self.confirmed_at < CONFIRMED_FOR

    def to_be_seen(self, now: datetime) -> bool:
        """Whether last-seen should be written: at most once a minute."""
        return now - self.last_seen_at >= SEEN_EVERY
