"""The form that answers a line of a checklist, for its keeper and for staff alike; what is shown of a line; a file as an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Response, request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import CombinedMultiDict
from wtforms import HiddenField, MultipleFileField, RadioField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.domain.attachments import LARGEST_TOGETHER, MEDIA_TYPES, TOO_LARGE, Attachment, FileKind, FileRefused
from portal.domain.checklist import ChecklistLine, LineState, answers_for
from portal.domain.rights import RightsRequest
from portal.services import attachments
from portal.services.attachments import GivenFiles, Uploaded
from portal.services.checklist import Answer, AnswerIncomplete
from portal.web.access import store
from portal.web.forms import NoLongerThan, PageForm, Paragraphs, no_control_characters
from portal.web.languages import page_language, url
from portal.web.numbers import id_or_none
from portal.web.pages import words
from portal.wording.checklist_labels import (
    answered_by_label,
    file_refused_sentence,
    line_answer_sentence,
    line_state_label,
)
from portal.wording.numbers import bytes_size

LONGEST_NOTE = 1_000
MOST_SENT = LARGEST_TOGETHER + 1_000_000
"""Of one form: files that may be kept, and what is typed beside them."""

ACCEPTED = ".csv,.xlsx,.pdf,.png,.jpg,.jpeg,.webp"
STAFF_FILE = "staff_file"
"""Where staff take a file."""

SANDBOX = "sandbox; default-src 'none'"
"""A file is to be kept: opened in a browser by mistake, it can do nothing."""

_KEYS = {
    LineState.NOT_YET: "attention",
    LineState.FOUND: "good",
    LineState.ON_PAPER: "good",
    LineState.CORRECTED: "good",
    LineState.DESTROYED: "good",
}


class LineForm(PageForm):
    """What was found in one system."""

    state = RadioField(_l("What did you find?"), validate_choice=False)
    files = MultipleFileField(_l("Files"))
    remove = SelectMultipleField(
        _l("Take these files out"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )
    note = Paragraphs(_l("Note"), validators=[no_control_characters, NoLongerThan(LONGEST_NOTE)])
    version = HiddenField()

    def validate_state(self, field: Any) -> None:
        """One of the answers this line allows."""
        if field.data not in {option.data for option in field}:
            raise ValidationError(words("Say what you found."))

    def answer(self) -> Answer:
        """What was answered; call it once the form is found right."""
        sent = [file for file in (self.files.data if self.files else None) or () if getattr(file, "filename", None)]
        return Answer(
            state=LineState(self.state.data),
            seen_version=id_or_none(self.version.data) or 0,
            note=self.note.data or "",
            files=[Uploaded(file.filename, file.read()) for file in sent],
            removed=frozenset(
                number for number in map(id_or_none, (self.remove.data if self.remove else None) or ()) if number
            ),
        )


@dataclass(frozen=True, slots=True)
class FileView:
    """A file in words; `href` takes it, by a form. `warning`: what staff are told before they open it."""

    name: str
    size: str
    href: str | None
    warning: str = ""


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a checklist in words."""

    number: int
    label: str
    system: str
    state: str
    key: str
    is_open: bool
    note: str
    hint: str
    answered: str | None
    answered_at: datetime | None
    files: Sequence[FileView]


@dataclass(frozen=True, slots=True)
class GivenView:
    """The files given with an answer, and their last day."""

    reference: str
    files: Sequence[FileView]
    until: date


def line_form(
    line: ChecklistLine, rights_request: RightsRequest, files: Sequence[Attachment], *, staff: bool
) -> LineForm:
    """The form for a line: as it stands when shown first, as it was sent when refused."""
    language = page_language()
    sent: Any = CombinedMultiDict[Any, Any]([request.files, request.form]) if request.method == "POST" else None
    answered = {} if line.is_open else {"state": line.state.value, "note": line.note}
    form = LineForm(sent, data=answered)
    allowed = answers_for(rights_request.kind)
    states = (*allowed, LineState.NOT_YET) if staff and not line.is_open else allowed
    form.state.choices = [(state.value, line_answer_sentence(state, language)) for state in states]
    form.remove.choices = [(str(file.number), file.name) for file in files]
    if LineState.FOUND not in allowed:
        del form.files
        del form.remove
    elif not files:
        del form.remove
    if request.method != "POST":
        form.version.data = str(line.version)
    return form


def refused_answer(form: LineForm, error: AnswerIncomplete | FileRefused) -> int:
    """Write beside its field why an answer is refused; gives the status of the page."""
    if isinstance(error, FileRefused):
        form.files.errors = [file_refused_sentence(error, page_language())]
        return 413 if error.why in TOO_LARGE else 422
    field, sentence = {
        "state": ("state", words("Say what you found.")),
        "note": ("note", words("Say why it is kept: the person reads the reason.")),
        "files": ("files", words("Attach what you found, or say that it is given on paper.")),
        "files_too": ("state", words("You attached files. Say that something was found, or leave them out.")),
    }[error.part]
    form[field].errors = [sentence]
    return 422


def line_views(
    lines: Sequence[ChecklistLine], files: Sequence[Attachment], href: str = "", reference: str = ""
) -> list[LineView]:
    """Lines with their files; `href`: the endpoint a file is taken at, none where it is not."""
    return [line_view(line, [file for file in files if file.line_id == line.id], href, reference) for line in lines]


def line_view(line: ChecklistLine, files: Sequence[Attachment], href: str = "", reference: str = "") -> LineView:
    """One line in the page's language."""
    language = page_language()
    return LineView(
        number=line.position,
        label=line.label.in_(language),
        system=line.system.in_(language),
        state=line_state_label(line.state, language),
        key=_KEYS.get(line.state, "neutral"),
        is_open=line.is_open,
        note=line.note,
        hint=line.hint,
        answered=answered_by_label(line.answered_by, language) if line.answered_by else None,
        answered_at=line.answered_at,
        files=[file_view(file, href, reference) for file in files],
    )


def given_view(given: GivenFiles) -> GivenView:
    """The files an answer gives, in the page's language."""
    reference = given.request.reference
    return GivenView(reference, [file_view(file, "given_file", reference) for file in given.files], given.until)


def file_view(file: Attachment, href: str, reference: str) -> FileView:
    """One file in the page's language."""
    address = url(href, reference=reference, number=file.number) if href else None
    warning = _runs_formulas() if file.formulas and href == STAFF_FILE else ""
    return FileView(file.name, bytes_size(file.size, page_language()), address, warning)


def _runs_formulas() -> str:
    """Why a file reaches staff as it was sent, and how to open it (security.md B-12)."""
    return words(
        "A spreadsheet would run some cells of this file as formulas. We keep it as it was sent, since it may prove "
        "something. Open it in a text editor, or import its columns as text."
    )


def files_of(rights_request: RightsRequest, line: ChecklistLine | None = None) -> Sequence[Attachment]:
    """The files of a request, or of one of its lines."""
    found = attachments.of_request(store(), rights_request)
    return [file for file in found if line is None or file.line_id == line.id]


def file_answer(file: Attachment, content: bytes) -> Response:
    """A file as a download and nothing else: never shown in the portal's place (ASVS 3.2.1, 5.4.2)."""
    response = Response(content, content_type=_media_type(file, content))
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _media_type(file: Attachment, content: bytes) -> str:
    if file.kind is not FileKind.CSV:
        return MEDIA_TYPES[file.kind]
    try:
        content.decode()
    except UnicodeDecodeError:
        return "text/csv; charset=windows-1252"
    return "text/csv; charset=utf-8"
