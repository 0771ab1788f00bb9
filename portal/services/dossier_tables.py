"""Tables of the files given to a regulator: columns named in both languages, cells in the reader's, values for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from portal.copies.sheets import Heading, Line, Sheet
from portal.domain.audit import Actor
from portal.domain.languages import Language
from portal.domain.people import StaffMember
from portal.domain.rights import Role
from portal.services.installation import Installation
from portal.wording.catalogue import for_language
from portal.wording.dates import date_iso, instant
from portal.wording.happenings import actor_label
from portal.wording.labels import role_label
from portal.wording.register_words import both


def table(
    name: str,
    title: str,
    columns: Mapping[str, str],
    rows: Iterable[Mapping[str, Any]],
    portal: Installation,
    language: Language,
) -> Sheet:
    """A table of rows that are all there. `title` and the columns' names are marked sentences."""
    headings = tuple(Heading(key, both(label)) for key, label in columns.items())
    lines = [Line(row, tuple(cell(row.get(key), portal, language) for key in columns)) for row in rows]
    return Sheet(name, both(title), language, headings, lambda: [lines] if lines else [], {"language": language})


def cell(value: object, portal: Installation, language: Language) -> str:
    """A value in words: moments and days as the reader writes them."""
    match value:
        case None:
            return ""
        case datetime():
            return instant(value, language, portal.settings.zone)
        case date():
            return date_iso(value)
        case bool():
            words = for_language(language)
            return words.gettext("Yes") if value else words.gettext("No")
        case list() | tuple():
            return "; ".join(map(str, value))
    return str(value)


def who(actor: Actor, actor_id: int | None, members: Mapping[int, StaffMember], language: Language) -> str:
    """Who acted: staff by role and number, nobody by name."""
    member = members.get(actor_id or 0) if actor is Actor.STAFF else None
    if member is None:
        return actor_label(actor, language)
    return numbered(member.role, member.id, language)


def numbered(role: Role, number: int, language: Language) -> str:
    """A member of staff by role and number, as the audit log writes them."""
    return for_language(language).gettext("%(who)s, number %(number)s", who=role_label(role, language), number=number)


def said(facts: Sequence[tuple[str, object]], portal: Installation, language: Language) -> list[tuple[str, str]]:
    """Facts in words, without those that say nothing."""
    told = [(name, cell(value, portal, language)) for name, value in facts]
    return [(name, words) for name, words in told if words]


def utc(moment: datetime | None) -> datetime | None:
    """A moment as data holds it."""
    return moment.astimezone(UTC) if moment else None
