"""Who looked at a person's data within a service: in which role, when and why. Kept by services that keep such a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.sources.base import Key
from portal.sources.http import answers
from portal.sources.http.exact import instant_from
from portal.sources.http.failures import Failed, broken


@dataclass(frozen=True, slots=True)
class Access:
    """One look at a person's data. `role` is what the service calls whoever looked, never a name."""

    role: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class AccessPage:
    """Some accesses, newest first, and where the next page begins."""

    accesses: tuple[Access, ...]
    next_after: Key | None


def access_page(answer: Mapping[str, object], *, limit: int) -> AccessPage:
    """The page a service answered.

    Raises:
        Failed: it is none.
    """
    listed = answer.get("accesses")
    if not isinstance(listed, list) or len(listed) > limit:
        raise broken()
    found = tuple(_access(item) for item in listed)
    return AccessPage(found, answers.key(answer, "next") if found and answer.get("next") is not None else None)


def _access(item: object) -> Access:
    if not isinstance(item, dict):
        raise broken()
    role, why = answers.text_or_none(item, "role"), answers.text_or_none(item, "why")
    failure: Failed | None = None
    try:
        at = instant_from(item.get("at"))
    except ValueError:
        failure = broken()
    if failure is not None or not role:
        raise failure or broken()
    return Access(role, at, why or "")
