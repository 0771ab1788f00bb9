"""The form an officer decides with: what may be chosen for a request, what was decided, and what it still lacks."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, SelectField  # type: ignore[attr-defined]  # newer than the types of the package
from wtforms.validators import ValidationError

from portal.domain.grounds import Ground
from portal.domain.rights import Decision, RightsRequest
from portal.services import decisions as deciding
from portal.services.decisions import Incomplete, LinesOpen, SomethingHeld, SourceUnavailable, Verdict
from portal.web.access import portal, store
from portal.web.forms import LONGEST_MESSAGE, Line, NoLongerThan, PageForm, Paragraphs, no_control_characters
from portal.web.languages import page_language
from portal.web.pages import effective, words
from portal.wording.decisions import nothing_found
from portal.wording.labels import decision_label

LONGEST_PROVISION = 300
READ, CHANGE = "read", "change"
"""Buttons beside the one that decides: read the answer first; go back to what was typed."""

LACKING = (Incomplete, LinesOpen, SomethingHeld, SourceUnavailable)
"""Why a decision is not one yet; the form says it beside the field."""


class DecisionForm(PageForm):
    """What the officer decides, in the words the person will read."""

    decision = RadioField(_l("Decision"), validate_choice=False)
    ground = SelectField(_l("Ready reason"), validate_choice=False)
    paragraph = SelectField(_l("Ready paragraph"), validate_choice=False)
    reason = Paragraphs(_l("Reason"), validators=[no_control_characters, NoLongerThan(LONGEST_MESSAGE)])
    provision = Line(_l("Legal provision"), validators=[no_control_characters, NoLongerThan(LONGEST_PROVISION)])
    version = HiddenField()

    def validate_decision(self, field: Any) -> None:
        """One of the decisions this request allows, and our own sentence when it is none."""
        if field.data not in {option.data for option in field}:
            raise ValidationError(words("Choose a decision."))

    def seen_version(self) -> int:
        """The version of the request the page showed; -1 when what was sent is none."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def prepared(form: DecisionForm, found: RightsRequest) -> DecisionForm:
    """The form with what may be chosen for this request."""
    language = page_language()
    allowed = deciding.decisions_for(found)
    form.decision.choices = [SelectChoice(decision.value, decision_label(decision, language)) for decision in allowed]
    ready = [
        SelectChoice(ground.code, ground.label.in_(language))
        for ground in deciding.ready_grounds(portal(), store(), found)
    ]
    form.ground.choices = [SelectChoice("", words("None: I write my own")), *ready]
    named = [SelectChoice(one.name.fr, one.name.in_(language)) for one in effective().replies]
    form.paragraph.choices = [SelectChoice("", words("No paragraph")), *named]
    return form


def verdict_of(form: DecisionForm, found: RightsRequest) -> Verdict:
    """What was decided; a ready reason fills what was left empty, in the language of the person who will read it."""
    ready = next((g for g in deciding.ready_grounds(portal(), store(), found) if g.code == form.ground.data), None)
    reason, provision = form.reason.data or "", form.provision.data or ""
    if ready and form.decision.data != Decision.GRANTED.value:
        reason = reason or ready.reason.in_(found.language)
        provision = provision or ready.provision.in_(found.language)
    paragraph = next((one for one in effective().replies if one.name.fr == form.paragraph.data), None)
    if form.decision.data == Decision.NO_INFORMATION_HELD.value:
        reason = reason or nothing_found(deciding.places_searched(portal(), store(), found), found.language)
    parts = [reason, paragraph.text.in_(found.language) if paragraph else ""]
    return Verdict(Decision(form.decision.data), "\n\n".join(part for part in parts if part), provision)


def lacking(form: DecisionForm, error: Exception) -> DecisionForm:
    """The form with what the decision lacks said beside each field."""
    if isinstance(error, Incomplete):
        return _incomplete(form, error)
    form.decision.errors = [_why_not(error)]
    return form


def _why_not(error: Exception) -> str:
    if isinstance(error, LinesOpen):
        return _waiting(error)
    if isinstance(error, SomethingHeld):
        return words("Something was found about this person. Grant, refuse or answer in part.")
    return words("One of our systems does not answer right now. Search again before you say so.")


def _incomplete(form: DecisionForm, error: Incomplete) -> DecisionForm:
    sentences = {
        "reason": words("Write your answer: it is printed in the letter.")
        if form.decision.data == Decision.GRANTED.value
        else words("Write the reason: the law requires it of every refusal, whole or in part."),
        "provision": words("Name the provision of the law the refusal rests on."),
    }
    for part in error.parts:
        form[part].errors = [sentences[part]]
    return form


def _waiting(error: LinesOpen) -> str:
    """Which systems the decision waits for, by name."""
    systems = [line.system.in_(page_language()) for line in error.lines]
    return words(
        "First say what was found in: %(systems)s. The decision comes once each system of the list above is answered.",
        systems=", ".join(systems),
    )


def ready(ground: Ground, found: RightsRequest) -> dict[str, str]:
    """A ready reason as the person would read it, under its label in the page's language."""
    return {
        "label": ground.label.in_(page_language()),
        "reason": ground.reason.in_(found.language),
        "provision": ground.provision.in_(found.language),
    }
