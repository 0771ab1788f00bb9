"""The forms messages are written with: a person's, and those of staff, who write in the language of the request."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field, MultipleFileField, RadioField, SelectChoice, SelectField  # type: ignore[attr-defined]  # newer than the types of the package
from wtforms.validators import ValidationError

from portal.domain.attachments import TOO_LARGE, FileRefused
from portal.domain.messages import Need, day_to_suggest, last_day_to_ask_by
from portal.domain.rights import RightsRequest
from portal.services.attachments import Uploaded
from portal.services.messages import Question, Written
from portal.web.access import now, portal
from portal.web.forms import (
    LONGEST_MESSAGE,
    DayField,
    IdempotentForm,
    NoLongerThan,
    Paragraphs,
    no_control_characters,
    something,
)
from portal.web.languages import TAGS, page_language
from portal.web.pages import effective, words
from portal.wording.dates import date_long
from portal.wording.message_words import message_file_refused, need_label

_TYPED = [no_control_characters, NoLongerThan(LONGEST_MESSAGE)]


class MessageForm(IdempotentForm):
    """What a person writes to staff."""

    text = Paragraphs(_l("Your message"), validators=_TYPED)
    files = MultipleFileField(_l("Files"))

    def validate_text(self, field: Field) -> None:
        """Something to read."""
        something(field, words("Write your message."))

    def written(self) -> Written:
        """What was written; call it once the form is found right."""
        return Written(self.text.data or "", uploads(self))


class StaffMessageForm(MessageForm):
    """What staff write to a person; a ready paragraph may follow it, or be all of it."""

    paragraph = SelectField(_l("Ready paragraph"), validate_choice=False)

    def validate_text(self, field: Field) -> None:
        """Something to read, typed or chosen."""
        if not self.paragraph.data:
            something(field, words("Write your message, or choose a ready paragraph."))


class QuestionForm(MessageForm):
    """What staff need of a person, why, and by which day."""

    need = RadioField(_l("What do you need?"), validate_choice=False)
    why = Paragraphs(_l("Why you need it"), validators=_TYPED)
    answer_by = DayField(_l("Answer hoped for by"), validators=[no_control_characters])
    first_day: date = date.min
    last_day: date = date.max

    def validate_need(self, field: Field) -> None:
        """One of the needs a letter can name."""
        if field.data not in set(Need):
            raise ValidationError(words("Say what you need."))

    def validate_text(self, field: Field) -> None:
        """What exactly."""
        something(field, words("Write what you need, so that the person can answer."))

    def validate_why(self, field: Field) -> None:
        """The reason, without which nothing more may be collected (P-39.1, s. 5)."""
        something(field, words("Write why you need it: the person reads the reason."))

    def validate_answer_by(self, field: DayField) -> None:
        """A day that leaves time on both sides."""
        something(field, words("Write the day, as in 2025-02-25."))
        if field.day is None or not self.first_day <= field.day <= self.last_day:
            raise ValidationError(
                words(
                    "Choose a day from %(first)s to %(last)s.",
                    first=date_long(self.first_day, page_language()),
                    last=date_long(self.last_day, page_language()),
                )
            )

    def question(self) -> Question:
        """What was asked; call it once the form is found right."""
        assert self.answer_by.day  # noqa: S101  # the form was found right
        return Question(
            Need(self.need.data), self.text.data or "", self.why.data or "", self.answer_by.day, uploads(self)
        )


class NoteForm(IdempotentForm):
    """A note among staff."""

    text = Paragraphs(_l("Your note"), validators=_TYPED)

    def validate_text(self, field: Field) -> None:
        """Something to read."""
        something(field, words("Write your note."))


def sent() -> Any:
    """What was sent, files too; None when the form is shown first."""
    return CombinedMultiDict[Any, Any]([request.files, request.form]) if request.method == "POST" else None


def uploads(form: MessageForm) -> list[Uploaded]:
    """The files that were sent."""
    given = (form.files.data if form.files else None) or ()
    return [Uploaded(file.filename, file.read()) for file in given if getattr(file, "filename", None)]


def sends_files() -> bool:
    """Whether files were sent: a browser does not give them back when the form is shown again."""
    return any(file.filename for file in request.files.getlist("files"))


def staff_message_form(found: RightsRequest, *, by_post: bool) -> StaffMessageForm:
    """The form of a message to a person."""
    form = StaffMessageForm(sent())
    named = [SelectChoice(one.name.fr, one.name.in_(page_language())) for one in effective().replies]
    form.paragraph.choices = [SelectChoice("", words("No paragraph")), *named]
    _in_language(form.text, found, fr=words("Your message, in French"), en=words("Your message, in English"))
    if by_post:
        del form.files
    return form


def question_form(found: RightsRequest, *, by_post: bool) -> QuestionForm:
    """The form of a question to a person."""
    today = portal().today(now())
    form = QuestionForm(sent(), data={"answer_by": day_to_suggest(found, today=today).isoformat()})
    form.first_day, form.last_day = today, last_day_to_ask_by(found, today=today)
    form.need.choices = [(need.value, need_label(need, page_language())) for need in Need]
    _in_language(form.text, found, fr=words("What you need, in French"), en=words("What you need, in English"))
    _in_language(form.why, found, fr=words("Why you need it, in French"), en=words("Why you need it, in English"))
    if by_post:
        del form.files
    return form


def put_in(form: StaffMessageForm, found: RightsRequest) -> None:
    """Put the ready paragraph that was chosen after what was typed, in the language of the person."""
    paragraph = next((one for one in effective().replies if one.name.fr == form.paragraph.data), None)
    if paragraph:
        form.text.data = "\n\n".join(part for part in (form.text.data, paragraph.text.in_(found.language)) if part)
    form.paragraph.data = ""


def refused_file(form: MessageForm, error: FileRefused) -> int:
    """Write beside the files why one is refused; gives the status of the page."""
    form.files.errors = [message_file_refused(error, page_language())]
    return 413 if error.why in TOO_LARGE else 422


def _in_language(field: Field, found: RightsRequest, *, fr: str, en: str) -> None:
    """Say in which language a field is written, to the eye and to a screen reader."""
    field.label.text = fr if found.language == "fr" else en
    field.render_kw = {"lang": TAGS[found.language]}
