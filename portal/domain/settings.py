"""What the officer may set, by kind and by key."""

from __future__ import annotations

from enum import StrEnum


class SettingKind(StrEnum):
    """A kind of setting; also the fixed word its audit line holds."""

    CONTACT = "contact"
    CATEGORY = "category"
    PURPOSE = "purpose"
    ORGANISATION = "organisation"


_PREFIXES = {SettingKind.CATEGORY: "cat:", SettingKind.PURPOSE: "pur:"}
"""Short, so that the longest id still makes a key of 64 characters."""


def setting_key(kind: SettingKind, id_: str = "") -> str:
    """The key a setting is kept under: its kind, or for one of many, its kind and id."""
    return _PREFIXES[kind] + id_ if kind in _PREFIXES else kind.value


def kind_of(key: str) -> SettingKind | None:
    """The kind a key belongs to; None for a key no release knows any more."""
    for kind, prefix in _PREFIXES.items():
        if key.startswith(prefix):
            return kind
    return SettingKind(key) if key in set(SettingKind) - set(_PREFIXES) else None


def id_of(key: str) -> str:
    """The id of one of many; empty where there is one only."""
    return key.partition(":")[2]
