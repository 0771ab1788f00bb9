"""Comments kept beside a value, as pages show them: to their person, to staff, and in the row of the value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.acts import Bar
from portal.domain.people import Person
from portal.domain.rights import RightsRequest
from portal.domain.statements import Statement
from portal.services import statements as service
from portal.web.access import portal, store
from portal.web.languages import TAGS, page_language, url
from portal.web.pages import effective, words


@dataclass(frozen=True, slots=True)
class StatementView:
    """Comments in words. `field` and `before`: what they were written about, where it is known."""

    reference: str
    href: str
    field: str | None
    before: str | None
    text: str
    tag: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class CommentsHere:
    """Comments on the page of their request. `barred`: why none can be written now, in a sentence for their person.

    `soon`: they can be written once our letter has left.
    """

    kept: StatementView | None
    may_write: bool
    soon: bool
    barred: str


def statement_view(statement: Statement, *, page: str = "request_page") -> StatementView:
    """One person's comments; `page`: where their request is read."""
    language, zone = page_language(), portal().settings.zone
    about = service.about_in_words(statement.about, effective().data_map, language, zone)
    return StatementView(
        reference=statement.reference,
        href=url(page, reference=statement.reference),
        field=about.field if about else None,
        before=about.before if about else None,
        text=statement.text,
        tag=TAGS[statement.language],
        written_at=statement.written_at,
    )


def comments_here(found: RightsRequest) -> CommentsHere:
    """The comments of a request, and whether its person may write any now."""
    kept, barred = service.of_request(store(), found), service.bar_of(store(), found)
    return CommentsHere(
        statement_view(kept) if kept else None, barred is None, barred is Bar.LETTER_WAITS, _why(barred)
    )


def comments_of(person: Person, *, page: str = "request_page") -> list[StatementView]:
    """Every comment kept for a person."""
    return [statement_view(one, page=page) for one in service.of_person(store(), person)]


def others_kept(person: Person | None, found: RightsRequest) -> list[StatementView]:
    """What staff read beside a request: every comment its person had kept, this request's first; none for who sees nobody."""
    kept: Sequence[Statement] = service.of_person(store(), person) if person else ()
    ordered = sorted(kept, key=lambda one: one.request_id != found.id)
    return [statement_view(one, page="staff_request") for one in ordered]


def _why(barred: Bar | None) -> str:
    if barred is Bar.LETTER_WAITS:
        return words("You can add your comments as soon as our letter has left, usually within minutes.")
    if barred is Bar.NOT_ANSWERED:
        return words("You can add comments once we have answered, if we do not make the correction you ask for.")
    return (
        words("Comments are for a correction we did not make. Ask us to add yours in a new request.") if barred else ""
    )
