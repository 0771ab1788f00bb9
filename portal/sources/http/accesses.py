"""Who looked at a person's data within a service: in which role, when and why. Kept by services that keep such a record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from portal.sources.base import Access, AccessPage
from portal.sources.http import answers
from portal.sources.http.exact import instant_from, is_text
from portal.sources.http.failures import Failed, broken

LONGEST_REASON = 2_000
"""Characters of a reason that are kept."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


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
    return Access(answers.text_or_none(item, "role") or "", _moment(item.get("at")), _reason(item.get("why")))


def _reason(written: object) -> str:
    """Free text, cut where it is longer than anybody reads; one that cannot be written hides nothing else of the look."""
    if written is not None and not isinstance(written, str):
        raise broken()
    whole = written if written and is_text(written) else ""
    return whole if len(whole) <= LONGEST_REASON else f"{whole[:LONGEST_REASON]}…"


def _moment(written: object) -> datetime | date | None:
    """An instant, a day alone, or nothing where the service does not know."""
    if written is None:
        return None
    failure: Failed | None = None
    try:
        return (
            date.fromisoformat(written)
            if isinstance(written, str) and _DAY.fullmatch(written)
            else instant_from(written)
        )
    except ValueError:
        failure = broken()
    raise failure
