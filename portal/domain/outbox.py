"""Letters promised: truth kept until the mail server takes them, or staff are told that it will not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.languages import Language
from portal.domain.letters import LetterKind


class LetterState(StrEnum):
    """Where a promised letter stands."""

    WAITING = "waiting"
    TO_POST = "to_post"
    SENT = "sent"
    REFUSED = "refused"


class Audience(StrEnum):
    """To whom a letter goes; the address itself is found when it is sent."""

    PERSON = "person"
    CONTACT = "contact"
    STAFF = "staff"
    CODE = "code"
    KEEPER = "keeper"
    BACKUP = "backup"


class DeliveryOutcome(StrEnum):
    """What became of the last try."""

    ACCEPTED = "accepted"
    TEMPORARILY_REFUSED = "temporarily_refused"
    REFUSED_FOR_GOOD = "refused_for_good"
    NO_TRANSPORT = "no_transport"
    EXPIRED = "expired"
    POSTED = "posted"


class WhyRefused(StrEnum):
    """Why a mail server did not take a letter, as far as its answer or its silence tells."""

    UNKNOWN_HOST = "unknown_host"
    NOBODY_LISTENS = "nobody_listens"
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    CERTIFICATE = "certificate"
    ENCRYPTION = "encryption"
    SIGN_IN_WANTED = "sign_in_wanted"
    CREDENTIALS = "credentials"
    NO_SIGN_IN = "no_sign_in"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CUT = "cut"
    NOT_NOW = "not_now"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PromisedLetter:
    """One letter of the outbox, in identifiers only."""

    id: int
    kind: LetterKind
    audience: Audience
    language: Language
    message_id: str
    state: LetterState
    attempts: int
    created_at: datetime
    next_try_at: datetime
    person_id: int | None = None
    staff_id: int | None = None
    code_id: int | None = None
    request_id: int | None = None
    line_id: int | None = None
    outcome: DeliveryOutcome | None = None
    sent_at: datetime | None = None


_WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
)


def wait_before_retry(attempts: int) -> timedelta:
    """How long to wait after so many refused tries: growing, an hour at most."""
    return _WAITS[min(max(attempts, 1), len(_WAITS)) - 1]
