"""What portal.toml says once it was found right: frozen settings that every layer above may read.

Addresses that may hold a password, and keys, stay out of `repr`, and so out of logs and error pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from portal.config.law import shipped_law
from portal.domain.data_map import DataMap
from portal.domain.languages import Language, Text
from portal.domain.law import Law
from portal.domain.periods import Period
from portal.domain.reminders import Reminders
from portal.domain.settings import ClosedDay, Look, ReplyParagraph

EmailDoor = Literal["full", "requests_only", "off"]

NOTICES_A_MINUTE = 600
"""What most mail servers take of one sender without a word: a hundred thousand letters in three hours."""

OPEN_REQUESTS = 20
"""Of one person at once: far above what people ask, far below what would bury a desk."""

KEPT_MEGABYTES = 200
"""Of one person's files: four requests whose messages are full of them."""

COPIES_AT_ONCE = 4
"""Of everybody together: each reads whole tables, and more of them would slow every other page down."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where people reach the portal. Links in letters come from here, never from a request's Host header."""

    url: str


@dataclass(frozen=True, slots=True)
class Web:
    """Where the web process listens, and which proxies in front of it are believed."""

    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 1
    trusted_proxies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Secrets:
    """The key that signs and encrypts, and older ones that are still read."""

    key: bytes = field(repr=False)
    previous: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who holds the information."""

    name: Text


@dataclass(frozen=True, slots=True)
class PrivacyContact:
    """The person in charge, whose title and contact information are published (P-39.1, s. 3.1)."""

    title: Text
    email: str
    phone: str = ""
    address: str = ""
    backup: str | None = None
    name: str | None = None
    delegated_on: date | None = None
    delegation: str | None = None
    away_from: date | None = None
    away_to: date | None = None

    def is_away(self, day: date) -> bool:
        """Whether somebody else reads what is sent to them on that day."""
        if self.away_from is None or self.away_to is None or self.backup is None:
            return False
        return self.away_from <= day <= self.away_to


@dataclass(frozen=True, slots=True)
class FirstOfficer:
    """Who runs the portal at first: `portal serve` gives them a link as long as nobody of staff ever came in."""

    email: str
    language: Language


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """The portal's own database, as a SQLAlchemy address."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LimitsSettings:
    """How much one person may ask for and send, and where counters are shared between web processes.

    `url`: None counts in memory. `open_requests`: of one person at once. `kept_megabytes`: of the files one person sent with
    messages, all their requests together, while they are kept. `copies_at_once`: of everybody, all processes together; more
    would slow every page down.
    """

    url: str | None = field(default=None, repr=False)
    open_requests: int = OPEN_REQUESTS
    kept_megabytes: int = KEPT_MEGABYTES
    copies_at_once: int = COPIES_AT_ONCE


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How letters leave; without `url` they wait and staff pages say so.

    `notices_per_minute`: how many letters of notices the mail server is handed. `bounces`: where those that came back
    are read; without it nobody says that a letter did not arrive.
    """

    sender: str
    url: str | None = field(default=None, repr=False)
    notices_per_minute: int = NOTICES_A_MINUTE
    bounces: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SignIn:
    """The doors, in order; the first is the large button."""

    doors: tuple[str, ...] = ("email",)
    email: EmailDoor = "full"


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """One outside place: a database, or a service that answers for its own.

    `secret` signs what a service is asked; `allow_private` lets it be one of this machine or of a private network.
    """

    id: str
    kind: str
    url: str = field(repr=False)
    secret: bytes = field(default=b"", repr=False)
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class ErasureSettings:
    """How long a person may take a deletion back before it begins."""

    wait: Period


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """Where erasures are remembered apart from the database, so that a restored backup replays them."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the operator's file says. `file` is None when the settings were not read from one.

    `own_law` names the folder of the operator's own rows of the law, which are in `law` already; empty without one.
    """

    file: Path | None
    folder: Path
    languages: tuple[Language, ...]
    timezone: str
    zone: ZoneInfo
    regime: str
    sells: bool
    site: Site
    web: Web
    secrets: Secrets
    organisation: Organisation
    privacy_contact: PrivacyContact
    database: DatabaseSettings
    limits: LimitsSettings
    mail: MailSettings
    sign_in: SignIn
    sources: tuple[SourceSettings, ...]
    data_map: DataMap
    erasure: ErasureSettings
    ledger: LedgerSettings
    first_officer: FirstOfficer | None = None
    holidays: tuple[ClosedDay, ...] = ()
    replies: tuple[ReplyParagraph, ...] = ()
    look: Look = field(default_factory=Look)
    four_eyes: bool = False
    other_regimes: tuple[str, ...] = ()
    law: Law = field(default_factory=shipped_law)
    own_law: str = ""
    two_people: bool = False
    reminders: Reminders = field(default_factory=Reminders)
