"""The shape of what a machine needs: one shape for each section of portal.toml (design §4.4), the data map apart."""

from __future__ import annotations

import ipaddress
from datetime import date
from functools import cache
from importlib.metadata import entry_points
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator

from portal.config import addresses
from portal.config.problems import nearest
from portal.config.reading import Refused, Shape
from portal.config.settings import COPIES_AT_ONCE, KEPT_MEGABYTES, NOTICES_A_MINUTE, OPEN_REQUESTS, EmailDoor
from portal.config.words import Both, BothOnOneLine, Colour, Day, Email, Line, Slug, Wait, Words
from portal.domain.languages import LANGUAGES, Language
from portal.domain.periods import Period
from portal.domain.pictures import LONGEST_SIDE
from portal.domain.reminders import FURTHEST, LONGEST_UNOPENED, MOST_DAYS, Reminders

_BOTH_LANGUAGES = 'both languages: ["fr", "en"]'
_ADDRESSES = 'a list of network addresses, such as ["10.0.0.0/8"]'
HIGHEST_PORT = 65535
OWN_KINDS = ("http", "sql")
SOURCE_KINDS = "portal.sources"
"""The group of entry points under which other packages name kinds of sources."""

SHORTEST_SECRET = 32
"""Bytes of a secret shared with a service: what HMAC-SHA-256 takes."""

Door = Literal["email"]
_DOORS: tuple[Door, ...] = ("email",)
_ZONE = "a time zone such as America/Toronto"


def _both_languages(written: list[Language]) -> list[Language]:
    if sorted(written) != sorted(LANGUAGES):
        raise Refused("wrong", expected=_BOTH_LANGUAGES)
    return written


def _zone(written: str) -> str:
    try:
        ZoneInfo(written)
    except (LookupError, ValueError, OSError):
        likely = nearest(written, _zones())
        raise Refused("wrong", expected=f"{_ZONE}; nearest: {likely}" if likely else _ZONE) from None
    return written


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _network(written: str) -> str:
    try:
        return str(ipaddress.ip_network(written))
    except ValueError:
        raise Refused("wrong", expected=_ADDRESSES) from None


def _host(written: str) -> str:
    if not written or not written.isascii() or any(c.isspace() or c in "/@?#" or not c.isprintable() for c in written):
        raise Refused("wrong", expected="a host such as 127.0.0.1")
    return written


def _each_once(written: list[int]) -> list[int]:
    if len(set(written)) < len(written):
        raise Refused("wrong", expected=DAYS_BEFORE)
    return written


def _doors(written: list[str]) -> list[str]:
    if not written or len(set(written)) < len(written):
        raise Refused("wrong", expected="at least one door, each once")
    return written


class GeneralShape(Shape):
    """The keys before the first section."""

    languages: Annotated[list[Language], AfterValidator(_both_languages)] = Field(
        default_factory=lambda: list(LANGUAGES), description=_BOTH_LANGUAGES
    )
    timezone: Annotated[str, AfterValidator(_zone), Field(description=_ZONE)] = "America/Toronto"
    regime: Annotated[str, Field(description="the id of a regime, such as qc_p391")] = "qc_p391"
    other_regimes: list[str] = Field(default_factory=list, description='a list of regimes, such as ["eu_gdpr"]')
    law: Annotated[str, Field(min_length=1, description="the name of a folder")] | None = None
    sells: bool = False


class SiteShape(Shape):
    """[site]."""

    url: Annotated[
        str, AfterValidator(addresses.site_url), Field(description="an address such as https://privacy.example.org")
    ]


class WebShape(Shape):
    """[web]."""

    host: Annotated[str, AfterValidator(_host), Field(description="a host such as 127.0.0.1")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=HIGHEST_PORT, description="a whole number from 1 to 65535")] = 8000
    processes: Annotated[int, Field(ge=1, le=64, description="a whole number from 1 to 64")] = 1
    trusted_proxies: list[Annotated[str, AfterValidator(_network)]] = Field(
        default_factory=list, description=_ADDRESSES
    )


class SecretsShape(Shape):
    """[secrets]. Without a key or a file of one, the key is the environment's PORTAL_SECRET_KEY."""

    key: SecretStr | None = None
    key_file: Annotated[str, Field(min_length=1, description="the name of a file")] | None = None
    previous: list[SecretStr] = Field(default_factory=list, description="a list of older keys")


class OrganisationShape(Shape):
    """[organisation]."""

    name: BothOnOneLine


class AwayShape(Shape):
    """The days on which somebody else reads what is sent to the person in charge."""

    from_: Annotated[Day, Field(alias="from")]
    to: Day

    @field_validator("to")
    @classmethod
    def _ends_after_it_begins(cls, to: date, info: ValidationInfo) -> date:
        if to < info.data.get("from_", to):
            raise Refused("away_order")
        return to


class ContactShape(Shape):
    """[privacy_contact]: the person in charge, and the written delegation that made them so (P-39.1, s. 3.1)."""

    title: BothOnOneLine
    email: Email
    phone: Line | None = None
    address: Words | None = None
    name: Line | None = None
    delegated_on: Day | None = None
    delegation: Line | None = None
    backup: Email | None = None
    away: AwayShape | None = None

    @field_validator("away")
    @classmethod
    def _somebody_reads_meanwhile(cls, away: AwayShape | None, info: ValidationInfo) -> AwayShape | None:
        if away is not None and info.data.get("backup", "") is None:
            raise Refused("away_backup")
        return away


class FirstOfficerShape(Shape):
    """[first_officer], written by `portal init`."""

    email: Email
    language: Annotated[Language, Field(description="fr or en")] = "fr"


class HolidayShape(Shape):
    """One of [[holidays]]: a day on which the organization is closed, beside those of the law."""

    day: Day
    name: BothOnOneLine


class ReplyShape(Shape):
    """One of [[replies]]: ready words for the reason of a decision."""

    name: BothOnOneLine
    text: Both


class LookShape(Shape):
    """[look]."""

    accent: Colour | None = None


class ApprovalShape(Shape):
    """[approval]."""

    four_eyes: Annotated[bool, Field(description="true or false")] = False
    two_people: Annotated[bool, Field(description="true or false")] = False


DAYS_BEFORE = f"whole numbers of days from 0 to {FURTHEST}, each once, {MOST_DAYS} at most"
_Days = Annotated[
    list[Annotated[int, Field(ge=0, le=FURTHEST, strict=True, description=DAYS_BEFORE)]],
    AfterValidator(_each_once),
    Field(max_length=MOST_DAYS, description=DAYS_BEFORE),
]


class RemindersShape(Shape):
    """[reminders]."""

    days: Annotated[_Days, Field(min_length=1, description=DAYS_BEFORE)] = Field(
        default_factory=lambda: list(Reminders().days)
    )
    half_time: Annotated[bool, Field(description="true or false")] = True
    backup: _Days = Field(default_factory=lambda: list(Reminders().backup))
    unopened: Annotated[
        int,
        Field(ge=1, le=LONGEST_UNOPENED, strict=True, description=f"a whole number from 1 to {LONGEST_UNOPENED}"),
    ] = Reminders().unopened

    @field_validator("backup")
    @classmethod
    def _among_the_days(cls, backup: list[int], info: ValidationInfo) -> list[int]:
        if not set(backup) <= set(info.data.get("days", backup)):
            raise Refused("backup_days")
        return backup


class LogoShape(Shape):
    """A logo as the officer's row names it; the picture itself lies in the portal's database."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="the digest of a picture")]
    width: Annotated[int, Field(ge=1, le=LONGEST_SIDE, description="a number of dots")]
    height: Annotated[int, Field(ge=1, le=LONGEST_SIDE, description="a number of dots")]


class OfficerLookShape(LookShape):
    """The look as the officer's row keeps it."""

    logo: LogoShape | None = None


class DatabaseShape(Shape):
    """[database]."""

    url: Annotated[
        str, AfterValidator(addresses.own_database_url), Field(description="an address such as sqlite:///portal.db")
    ]


class LimitsShape(Shape):
    """[limits]."""

    url: (
        Annotated[
            str, AfterValidator(addresses.limits_url), Field(description="an address such as redis://host:6379/0")
        ]
        | None
    ) = None
    open_requests: Annotated[int, Field(ge=1, le=1_000_000, description="a whole number from 1 to 1000000")] = (
        OPEN_REQUESTS
    )
    kept_megabytes: Annotated[int, Field(ge=1, le=100_000, description="a whole number from 1 to 100000")] = (
        KEPT_MEGABYTES
    )
    copies_at_once: Annotated[int, Field(ge=1, le=100, description="a whole number from 1 to 100")] = COPIES_AT_ONCE


class MailShape(Shape):
    """[mail]."""

    url: (
        Annotated[
            str,
            AfterValidator(addresses.mail_url),
            Field(description="mailbox:, print: or an address such as smtp://…"),
        ]
        | None
    ) = None
    sender: Email | None = None
    notices_per_minute: Annotated[int, Field(ge=1, le=1_000_000, description="a whole number from 1 to 1000000")] = (
        NOTICES_A_MINUTE
    )
    bounces: (
        Annotated[str, AfterValidator(addresses.bounces_url), Field(description="an address such as imaps://…/INBOX")]
        | None
    ) = None


class SignInShape(Shape):
    """[sign_in]."""

    doors: Annotated[list[Door], AfterValidator(_doors)] = Field(
        default_factory=lambda: list(_DOORS), description='a list such as ["email"]'
    )
    email: EmailDoor = "full"


def _kind(written: str) -> str:
    """One of ours, or one that an installed package names; it is loaded when its source is opened."""
    if written in OWN_KINDS:
        return written
    if written not in _kinds_of_others():
        raise Refused("wrong", expected="one of: " + ", ".join(sorted({*OWN_KINDS, *_kinds_of_others()})))
    return written


@cache
def _kinds_of_others() -> frozenset[str]:
    """Read once: the list of what is installed lies in a file for each package."""
    return frozenset(named.name for named in entry_points(group=SOURCE_KINDS))


class SourceShape(Shape):
    """One of [[sources]]. The options of a service stand before its address, which is read in their light."""

    id: Slug
    kind: Annotated[str, AfterValidator(_kind), Field(description="one of: " + ", ".join(OWN_KINDS))]
    allow_private: Annotated[bool, Field(description="true or false")] = False
    secret: Annotated[SecretStr | None, Field(validate_default=True)] = None
    url: Annotated[str, Field(description="the address of a database, such as postgresql://…, or of a service")]

    @field_validator("allow_private")
    @classmethod
    def _is_for_services(cls, allow: bool, info: ValidationInfo) -> bool:
        if allow and info.data.get("kind") == "sql":
            raise Refused("source_option")
        return allow

    @field_validator("secret")
    @classmethod
    def _signs_what_a_service_is_asked(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        kind = info.data.get("kind")
        if secret is None and kind == "http":
            raise Refused("missing", expected="the secret shared with the service, such as ${SERVICE_SECRET}")
        if secret is not None and kind == "sql":
            raise Refused("source_option")
        if secret is not None and len(secret.get_secret_value().encode()) < SHORTEST_SECRET:
            raise Refused("key_short", length=str(SHORTEST_SECRET))
        return secret

    @field_validator("url")
    @classmethod
    def _is_of_its_kind(cls, url: str, info: ValidationInfo) -> str:
        kind = info.data.get("kind")
        if kind == "http":
            return addresses.service_url(url, allow_private=info.data.get("allow_private", True))
        if kind == "sql":
            return addresses.source_url(url)
        return addresses.other_source_url(url)


class ErasureShape(Shape):
    """[erasure]."""

    wait: Wait = Period(months=0, days=3)


class LedgerShape(Shape):
    """[ledger]."""

    url: (
        Annotated[
            str, AfterValidator(addresses.ledger_url), Field(description="an address such as file:erasures.ledger")
        ]
        | None
    ) = None
