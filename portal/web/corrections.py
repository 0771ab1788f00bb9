"""Correcting one value: what stands there, what should, and what became of it when it could not be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, request
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField
from wtforms.validators import ValidationError

from portal.services import corrections as service
from portal.services.corrections import LONGEST_VALUE, AlreadySo, Cell, Changed, Refused, SourceAway, Typed
from portal.web import access
from portal.web.access import me, now, portal, store, viewer
from portal.web.errors import RETRY_SECONDS, refusal
from portal.web.forms import (
    LONGEST_MESSAGE,
    IdempotentForm,
    Line,
    NoLongerThan,
    Paragraphs,
    no_control_characters,
)
from portal.web.languages import page_language, url
from portal.web.pages import page, words
from portal.web.typed import shown_again
from portal.wording.values import value_words

CELL_NAMES = ("table", "row", "field")


class CorrectForm(IdempotentForm):
    """A new value for one that is held; `before` is the one the person saw."""

    table = HiddenField()
    row = HiddenField()
    field = HiddenField()
    before = HiddenField()
    reason = Paragraphs(
        _l("Why it should be corrected"), validators=[no_control_characters, NoLongerThan(LONGEST_MESSAGE)]
    )


class LineForm(CorrectForm):
    """One line."""

    value = Line(_l("New value"), validators=[no_control_characters, NoLongerThan(LONGEST_VALUE)])


class ParagraphsForm(CorrectForm):
    """Several lines, where several stand now."""

    value = Paragraphs(_l("New value"), validators=[no_control_characters, NoLongerThan(LONGEST_VALUE)])


class ChoiceForm(CorrectForm):
    """One of the values the map names."""

    value = RadioField(_l("New value"), validate_choice=False)
    known: frozenset[str] = frozenset()

    def validate_value(self, field: Field) -> None:
        """Only what the map names."""
        if field.data not in self.known:
            raise ValidationError(words("Choose one of the values."))


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that changed meanwhile: the one first seen, the present one, and the one asked for, in words."""

    seen: str
    present: str
    asked: str


@access.person
def correct(category: str) -> Any:
    """Show a value and ask for the right one; send it."""
    try:
        cell = _cell(category)
    except SourceAway:
        return _away()
    if cell is None:
        abort(404)
    if cell.present is None or not _comes_back(cell.present):
        return redirect(url("new_request", kind="rectification"), 303)
    form = _form(cell)
    if request.method != "POST":
        return _page(form, cell)
    if not form.validate():
        return _page(form, cell, status=422)
    return _send(form, cell)


def _comes_back(text: str) -> bool:
    """Whether a form sends the text back as it stands; a control character would be lost, and every try be a conflict."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return shown_again(lines) == lines


def _cell(category: str) -> Cell | None:
    person = viewer().person
    names = {name: request.values.get(name, "") for name in CELL_NAMES}
    return service.find_cell(portal(), store(), person, category=category, **names) if person else None


def _form(cell: Cell) -> Any:
    sent = request.form if request.method == "POST" else None
    shown = {"before": cell.present, "value": cell.present} | {name: request.values[name] for name in CELL_NAMES}
    kind = LineForm
    if cell.column.values:
        kind = ChoiceForm
    elif "\n" in (cell.present or ""):
        kind = ParagraphsForm
    form: Any = kind(sent, data=shown)
    if cell.column.values:
        language = page_language()
        form.value.choices = [(key, text.in_(language)) for key, text in cell.column.values.items()]
        form.known = frozenset(cell.column.values)
    return form


def _send(form: Any, cell: Cell) -> Any:
    found, person = viewer(), me()
    typed = Typed(
        before=form.before.data or "",
        value=form.value.data or "",
        reason="" if cell.at_once else form.reason.data or "",
        form_id=form.form_id.data or "",
        sent_form_id="form_id" in request.form,
    )
    try:
        made = service.correct(
            portal(),
            store(),
            person,
            cell,
            typed,
            language=page_language(),
            level=found.session.level,
            now=now(),
        )
    except (AlreadySo, Refused) as error:
        form.value.errors = [_why_not(error)]
        return _page(form, cell, status=422)
    except Changed as error:
        return _changed(form, cell, typed, error.present)
    except SourceAway:
        return _page(form, cell, status=503, away=True)
    return redirect(url("request_page", reference=made.reference), 303)


def _changed(form: Any, cell: Cell, typed: Typed, present: str) -> Any:
    """The value first seen, the present one, theirs (security.md B-49); sent again, it is about the present one."""
    conflict = Conflict(*(_in_words(cell, text) for text in (typed.before, present, typed.value)))
    form.before.data = present
    return _page(form, cell, status=409, conflict=conflict)


def _page(form: Any, cell: Cell, *, status: int = 200, conflict: Conflict | None = None, away: bool = False) -> Any:
    response = page(
        "correct.html",
        status=status,
        form=form,
        category=cell.category.id,
        label=cell.column.label.in_(page_language()),
        present=_in_words(cell, cell.present or ""),
        at_once=cell.at_once,
        conflict=conflict,
        away=away,
    )
    if away:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _in_words(cell: Cell, text: str) -> str:
    return value_words(text, cell.column, page_language(), portal().settings.zone)


def _why_not(error: AlreadySo | Refused) -> str:
    if isinstance(error, AlreadySo):
        return words("This is the value we hold already. There is nothing to correct.")
    match error.reason:
        case "too_long" if error.limit is not None:
            return words("This is too long. The service takes %(longest)s characters.", longest=error.limit)
        case "too_long":
            return words("This is too long for the service. Shorten it.")
        case "required":
            return words("The service needs a value here. It cannot be left empty.")
        case "type":
            return words("The service does not understand this value. Write it as the present one is written.")
        case "constraint":
            return words("The service refuses this value. It may be taken already, or break a rule of the service.")
    return words("The service does not let this be changed from here. Ask us to correct it.")


def _away() -> Any:
    response = refusal(
        503,
        words("This cannot be corrected just now"),
        words("The service that holds it does not answer. Nothing was changed. Try again in a few minutes."),
        [(words("Go to my information"), url("my_information"))],
    )
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
