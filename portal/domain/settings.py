"""What the officer may set, by kind and by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.languages import Text


class SettingKind(StrEnum):
    """A kind of setting; also the fixed word its audit line holds."""

    CONTACT = "contact"
    CATEGORY = "category"
    PURPOSE = "purpose"
    HOLIDAYS = "holidays"
    REPLIES = "replies"
    LOOK = "look"
    APPROVAL = "approval"
    REMINDERS = "reminders"
    FIGURES = "figures"
    ORGANISATION = "organisation"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day on which the organization is closed, beside those of the law. It moves no legal date."""

    day: date
    name: Text


@dataclass(frozen=True, slots=True)
class ReplyParagraph:
    """Ready words that staff may add to the reason of a decision."""

    name: Text
    text: Text


@dataclass(frozen=True, slots=True)
class Logo:
    """The organization's logo, by the digest of its picture."""

    digest: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Look:
    """What makes the portal look like the organization's own. `accent`: a colour such as #0f5450."""

    accent: str | None = None
    logo: Logo | None = None


_PREFIXES = {SettingKind.CATEGORY: "cat:", SettingKind.PURPOSE: "pur:", SettingKind.LETTER: "let:"}
"""Short, so that the longest id still makes a key of 64 characters."""

LONGEST_KEY = 64


def setting_key(kind: SettingKind, id_: str = "") -> str:
    """The key a setting is kept under: its kind, or for one of many, its kind and id."""
    return _PREFIXES[kind] + id_ if kind in _PREFIXES else kind.value


def kind_of(key: str) -> SettingKind | None:
    """The kind a key belongs to; None for a key no release knows any more, and for what cannot be a key."""
    if len(key) > LONGEST_KEY or not key.isprintable():
        return None
    for kind, prefix in _PREFIXES.items():
        if key.startswith(prefix):
            return kind
    return SettingKind(key) if key in set(SettingKind) - set(_PREFIXES) else None


def id_of(key: str) -> str:
    """The id of one of many; empty where there is one only."""
    return key.partition(":")[2]


def name_in_file(key: str) -> str:
    """How portal.toml names the setting of a key."""
    kind = kind_of(key)
    lists = {SettingKind.CATEGORY: "categories", SettingKind.PURPOSE: "purposes"}
    if kind in lists:
        return f"{lists[kind]}: {id_of(key)}"
    return "privacy_contact" if kind is SettingKind.CONTACT else key
