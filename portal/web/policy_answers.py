"""Ready answers on the page of a section: what to tick, and what one press of the button does."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.domain.languages import Language, twin_of
from portal.domain.policy_drafts import Draft, DraftSection
from portal.services import policy_answers
from portal.services.policy_answers import Answer, NoneChosen, NotTogether
from portal.services.policy_drafts import StaleDraft
from portal.web.access import now, store
from portal.web.documents import document_url
from portal.web.languages import TAGS, page_language
from portal.web.pages import words
from portal.web.policy_drafting import VersionedForm, changed_meanwhile, member, seen_version

ANSWERS = "answers"
"""Fills the slot with what is ticked."""


class AnswersForm(VersionedForm):
    """What is true of the organization, ticked."""

    answer = SelectMultipleField(
        _l("What is true of you"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )


def answers_form(draft: Draft, section: DraftSection, refused: str | None) -> AnswersForm | None:
    """The answers a section may be filled with, those ticked before still ticked; None when it has none.

    `refused`: why what was ticked could not be put in the text.
    """
    found = policy_answers.answers_for(draft, section)
    if not found:
        return None
    form = AnswersForm(request.form if is_sent() else None)
    form.answer.choices = [(one.id, _plain(one, page_language())) for one in found]
    form.version.data = str(draft.version)
    form.answer.errors = [refused] if refused else []
    return form


def twins(draft: Draft, section: DraftSection) -> dict[str, Markup]:
    """Each answer in the other language, by its id."""
    language = twin_of(page_language())
    said = Markup('<span lang="{}">{}</span>')
    return {
        one.id: said.format(TAGS[language], _plain(one, language)) for one in policy_answers.answers_for(draft, section)
    }


def is_sent() -> bool:
    """Whether the page was sent by the button under the answers."""
    return request.method == "POST" and request.form.get("do") == ANSWERS


REFUSED = (NoneChosen, NotTogether)
"""Why what is ticked cannot be put in the texts."""


def why_not(refusal: Exception) -> str:
    """The same in words."""
    if isinstance(refusal, NotTogether):
        return words("One of these answers says that there is none: tick it alone, or tick the others.")
    return words("Tick at least one answer, or write your own text below.")


def fill(draft: Draft, section: DraftSection) -> Any:
    """Put what is ticked in both texts, then go to the next section that has answers. Raises one of REFUSED."""
    chosen = request.form.getlist("answer")
    try:
        saved = policy_answers.fill(store(), member(), draft, section, chosen, seen_version=seen_version(), now=now())
    except StaleDraft:
        return changed_meanwhile([], key=section.key)
    following = policy_answers.next_to_fill(saved, section.key)
    if following is None:
        return redirect(document_url("staff_policy"), 303)
    # A browser keeps the place the form was sent to unless it is given another.
    return redirect(document_url("staff_policy_section", key=following, filled="1", _anchor="content"), 303)


def _plain(answer: Answer, language: Language) -> str:
    return answer.text.in_(language).replace("**", "")
