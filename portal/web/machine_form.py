"""The questions about a decision that a machine took alone: which one, and what is wanted of it (P-39.1, s. 12.1)."""

from __future__ import annotations

from typing import Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField
from wtforms.validators import ValidationError

from portal.domain.answer_parts import MachineDecision, Wanted
from portal.domain.rights import Kind
from portal.web.forms import NoLongerThan, Paragraphs, no_control_characters, nothing_that_steers, something
from portal.web.languages import page_language
from portal.web.pages import words
from portal.wording.answer_labels import wanted_label

LONGEST_WHICH = 500

MACHINE_FIELDS = ("machine_which", "machine_wanted")
"""In the order of the page."""


class MachineFields:
    """What is asked once the request is about a decision of a machine; to stand in a form that has a `kind`."""

    machine_which = Paragraphs(
        _l("Which decision"), validators=[no_control_characters, nothing_that_steers, NoLongerThan(LONGEST_WHICH)]
    )
    machine_wanted = RadioField(_l("What do you want?"), default=Wanted.BOTH.value, validate_choice=False)

    def validate_machine_which(self, field: Field) -> None:
        """Which decision, where one is asked about."""
        if self._asked():
            something(field, words("Say which decision: what was decided, and when, if you know."))

    def validate_machine_wanted(self, field: Field) -> None:
        """An explanation, a review, or both."""
        if self._asked() and field.data not in {wanted.value for wanted in Wanted}:
            raise ValidationError(words("Choose what you want of this decision."))

    def _asked(self) -> bool:
        return bool(cast("Any", self).kind.data == Kind.AUTOMATED.value)


def prepare_machine(form: Any) -> None:
    """Give the choices, in the language of the page."""
    form.machine_wanted.choices = [(one.value, wanted_label(one, page_language())) for one in Wanted]


def machine_decision_in(form: Any) -> MachineDecision | None:
    """The decision a valid form is about; None for a request of another kind."""
    if form.kind.data != Kind.AUTOMATED.value:
        return None
    return MachineDecision(form.machine_which.data, Wanted(form.machine_wanted.data))
