"""The fields that say for whom a request is and in which form its answer is wanted: asked by people and entered by staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField
from wtforms.validators import ValidationError

from portal.domain.asking import CAPACITIES, Capacity, Form, ForWhom, OnBehalf, WantedForm
from portal.web.forms import NoLongerThan, Paragraphs, no_control_characters, nothing_that_steers, something
from portal.web.languages import page_language
from portal.web.pages import words
from portal.wording.asking_labels import capacity_label, for_whom_label, form_label

LONGEST_CONCERNED = 300
LONGEST_FORM_WORDS = 300

CAPACITY_FIELDS: Mapping[ForWhom, str] = {
    ForWhom.CHILD: "child_capacity",
    ForWhom.REPRESENTED: "represented_capacity",
    ForWhom.DECEASED: "deceased_capacity",
}
"""The field that names the capacity, for each whom: only the chosen one is read."""

ASKING_FIELDS = ("for_whom", *CAPACITY_FIELDS.values(), "concerned", "wanted_form", "form_words")


class AskingFields:
    """For whom, in which capacity, what the person concerned is recognised by, and the form wanted; for a form to take in."""

    for_whom = RadioField(_l("Who is this request for?"), default=ForWhom.ME.value, validate_choice=False)
    child_capacity = RadioField(_l("You ask for a child under 14 as"), validate_choice=False)
    represented_capacity = RadioField(_l("You represent someone as"), validate_choice=False)
    deceased_capacity = RadioField(_l("You ask for someone who has died as"), validate_choice=False)
    concerned = Paragraphs(
        _l("The person this request is about"),
        validators=[no_control_characters, nothing_that_steers, NoLongerThan(LONGEST_CONCERNED)],
    )
    wanted_form = RadioField(_l("Form of our answer"), default="", validate_choice=False)
    form_words = Paragraphs(
        _l("What we need to know for it"),
        validators=[no_control_characters, nothing_that_steers, NoLongerThan(LONGEST_FORM_WORDS)],
    )

    def validate_for_whom(self, field: Field) -> None:
        """Oneself unless another is chosen."""
        if field.data not in {whom.value for whom in ForWhom}:
            raise ValidationError(words("Choose who this request is for."))

    def validate_child_capacity(self, field: Field) -> None:
        """Parent or tutor."""
        self._capacity(field, ForWhom.CHILD)

    def validate_represented_capacity(self, field: Field) -> None:
        """As whom one represents somebody."""
        self._capacity(field, ForWhom.REPRESENTED)

    def validate_deceased_capacity(self, field: Field) -> None:
        """As whom one asks for somebody who has died."""
        self._capacity(field, ForWhom.DECEASED)

    def validate_concerned(self, field: Field) -> None:
        """Who it is about, where it is not whoever asks."""
        if self._whom() not in {None, ForWhom.ME}:
            something(field, words("Write who this request is about: a name, or what we know them by."))

    def validate_wanted_form(self, field: Field) -> None:
        """None, or one of those we can do."""
        if field.data and field.data not in {form.value for form in Form}:
            raise ValidationError(words("Choose the form you want."))

    def validate_form_words(self, field: Field) -> None:
        """A number to call, an address to write to, a way to answer."""
        sentences = {
            Form.PHONE.value: words("Write the number to call, and when."),
            Form.POST.value: words("Write the postal address."),
            Form.OTHER.value: words("Write which way suits you."),
        }
        wanted = cast("Any", self).wanted_form.data
        if wanted in sentences:
            something(field, sentences[wanted])

    def _whom(self) -> ForWhom | None:
        typed = cast("Any", self).for_whom.data
        return next((whom for whom in ForWhom if whom.value == typed), None)

    def _capacity(self, field: Field, whom: ForWhom) -> None:
        """A capacity of the chosen whom; the others' fields are not looked at."""
        if self._whom() is whom and field.data not in {capacity.value for capacity in CAPACITIES[whom]}:
            raise ValidationError(words("Choose in which capacity."))


def prepare_asking(form: Any) -> None:
    """Give the fields their choices, in the language of the page."""
    language = page_language()
    form.for_whom.choices = [(whom.value, for_whom_label(whom, language)) for whom in ForWhom]
    for whom, name in CAPACITY_FIELDS.items():
        form[name].choices = [(one.value, capacity_label(one, language)) for one in CAPACITIES[whom]]
    none = [("", words("On this portal and by e-mail, as usual"))]
    form.wanted_form.choices = none + [(one.value, form_label(one, language)) for one in Form]


def whom_chosen(form: Any) -> ForWhom:
    """Whom a form is for as it stands, valid or not; oneself unless another is chosen."""
    return next((whom for whom in ForWhom if whom.value == form.for_whom.data), ForWhom.ME)


def behalf_in(form: Any) -> OnBehalf | None:
    """Whom a valid form is for; None for whoever asks. No capacity is shown by having been written."""
    whom = ForWhom(form.for_whom.data)
    if whom is ForWhom.ME:
        return None
    return OnBehalf(whom, Capacity(form[CAPACITY_FIELDS[whom]].data), form.concerned.data)


def wanted_form_in(form: Any) -> WantedForm | None:
    """The form a valid form asks for."""
    wanted = form.wanted_form.data
    return WantedForm(Form(wanted), form.form_words.data or "") if wanted else None
