"""Letters on paper: those to print and post, one with the day it was posted, and the sheet that is printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from flask import abort, redirect, request
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms.validators import ValidationError

from portal.domain.letters import LetterKind
from portal.domain.people import StaffMember
from portal.domain.posting import may_be_posted_on
from portal.domain.rights import Role
from portal.mail.letters import LetterUnfit
from portal.mail.paper import PaperLetter
from portal.services import desk, posting
from portal.services.posting import AlreadyWritten, NoReturnAddress, NotThatDay, ToPost
from portal.web import access
from portal.web.access import now, portal, store, viewer
from portal.web.errors import refusal
from portal.web.forms import DayField, PageForm, no_control_characters, something
from portal.web.languages import TAGS, page_language, url
from portal.web.numbers import id_or_none
from portal.web.pages import effective, page, words
from portal.wording.labels import kind_label_for_staff
from portal.wording.letter_labels import letter_label

POSTERS = (Role.OFFICER, Role.AGENT)


class PostedForm(PageForm):
    """The day a letter was put in the post."""

    posted_on = DayField(_l("Posted on"), validators=[no_control_characters])
    letter: ToPost

    def validate_posted_on(self, field: DayField) -> None:
        """Not before the letter was made, and not a day to come."""
        something(field, words("Enter the day the letter was posted."))
        today, made_on = portal().today(now()), self.letter.made_on
        if field.day and not may_be_posted_on(field.day, made_on=made_on, today=today):
            raise ValidationError(
                words("This day is still to come. Write it once the letter is in the post.")
                if field.day > today
                else words("The letter was made later than this day. Check the day.")
            )


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One letter on paper as lists show it: by reference, never by name."""

    label: str
    href: str
    print_href: str
    reference: str
    kind: str
    made_on: date
    due: date
    posted_on: date | None
    may_be_corrected: bool


@dataclass(frozen=True, slots=True)
class DayLine:
    """What was written of a posting, by whom and when."""

    day: date
    at: datetime
    who: str
    corrects: bool


@access.staff(*POSTERS)
def staff_letters_to_post() -> Any:
    """Letters to print and post, the oldest first; then those posted last."""
    return page(
        "staff_letters_to_post.html",
        waiting=[_line(one) for one in posting.to_post(portal(), store())],
        posted=[_line(one) for one in posting.posted(portal(), store())],
    )


@access.staff(*POSTERS)
def staff_letter(letter_id: int) -> Any:
    """One letter on paper: print it, then write the day it was posted; a wrong day is corrected once."""
    found = _found(letter_id)
    form = PostedForm(request.form if request.method == "POST" else None)
    form.letter = found
    if request.method != "POST":
        form.posted_on.data = portal().today(now()).isoformat()
        return _page(found, form)
    if not form.validate():
        return _page(found, form, status=422)
    member = cast("StaffMember", viewer().member)
    try:
        posting.write_day(portal(), store(), member, found, cast("date", form.posted_on.day), now=now())
    except (AlreadyWritten, NotThatDay):
        access.let_go()
        return _page(_found(letter_id), form, status=409)
    return redirect(url("staff_letter", letter_id=letter_id), 303)


@access.staff(*POSTERS)
def staff_letter_paper(letter_id: int) -> Any:
    """The sheet to print."""
    found = _found(letter_id)
    _look(found)
    try:
        sheet = posting.on_paper(portal(), store(), found)
    except NoReturnAddress:
        return _no_return_address(letter_id)
    except LetterUnfit:
        return refusal(
            409,
            words("This letter cannot be made"),
            words("A part that the law wants in it is missing. Tell the operator."),
            [(words("Go to the letters to post"), url("staff_letters_to_post"))],
        )
    return _sheet(sheet, back=url("staff_letter", letter_id=letter_id), example=False)


@access.staff(Role.OFFICER)
def staff_letter_sample(kind: str) -> Any:
    """How a kind of letter looks on paper, to an invented reader."""
    known = next((one for one in LetterKind if one.value == kind), None)
    sheet = posting.sample(portal(), store(), known, page_language(), now=now()) if known else None
    if sheet is None:
        abort(404)
    return _sheet(sheet, back=url("staff_letter_kind", kind=kind), example=True)


def _no_return_address(letter_id: int) -> Any:
    return refusal(
        409,
        words("This letter has no return address yet"),
        words("It gives the postal address of the organization, which is not written yet."),
        [*_where_to_write_it(), (words("Back to the letter"), url("staff_letter", letter_id=letter_id))],
    )


def _where_to_write_it() -> list[tuple[str, str]]:
    """The page where an officer writes the postal address; none for others."""
    officer = viewer().role == Role.OFFICER.value
    return [(words("Write our postal address"), url("staff_settings_contact"))] if officer else []


def _found(letter_id: int) -> ToPost:
    known = id_or_none(str(letter_id))  # no database takes a number of any length (security.md B-24)
    return (posting.one(portal(), store(), known) if known else None) or abort(404)


def _look(found: ToPost) -> None:
    """That a person's address was looked at is written before it is shown."""
    access.write_before_page(desk.look_line(cast("StaffMember", viewer().member), found.request, now=now()))


def _page(found: ToPost, form: PostedForm, *, status: int = 200) -> Any:
    members = desk.members_by_id(store())
    return page(
        "staff_letter.html",
        status=status,
        letter=_line(found),
        form=form,
        return_address=bool(effective().contact.address.strip()),
        where_to_write_it=_where_to_write_it(),
        days=[DayLine(one.posted_on, one.at, members[one.staff_id].address, one.corrects) for one in found.postings],
    )


def _line(found: ToPost) -> PaperLine:
    language = page_language()
    return PaperLine(
        label=letter_label(found.letter.kind, language),
        href=url("staff_letter", letter_id=found.letter.id),
        print_href=url("staff_letter_paper", letter_id=found.letter.id),
        reference=found.request.reference,
        kind=kind_label_for_staff(found.request.kind, language),
        made_on=found.made_on,
        due=found.request.due,
        posted_on=found.posted_on,
        may_be_corrected=found.may_be_corrected,
    )


def _sheet(sheet: PaperLetter, *, back: str, example: bool) -> Any:
    return page(
        "staff_letter_paper.html",
        label=letter_label(sheet.kind, page_language()),
        sheet=sheet,
        tag=TAGS[sheet.language],
        body=Markup(sheet.html),  # noqa: S704  # ours: every value in it was escaped when it was written
        back=back,
        example=example,
    )
