"""The forms of the registers: a communication to a third party, and a confidentiality incident."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.domain.registers import (
    LONGEST_ACCOUNT,
    LONGEST_LINE,
    MOST_PEOPLE,
    Disclosure,
    DisclosureGround,
    Entry,
    Incident,
    Injury,
)
from portal.services.addresses import LONGEST as LONGEST_ADDRESS
from portal.web.access import now, portal
from portal.web.forms import (
    DayField,
    IdempotentForm,
    Line,
    NoLongerThan,
    Paragraphs,
    no_control_characters,
    something,
)
from portal.web.languages import page_language
from portal.web.numbers import id_or_none
from portal.web.pages import effective, words
from portal.wording.register_words import ground_label, injury_label

_LINE = [no_control_characters, NoLongerThan(LONGEST_LINE)]
_ACCOUNT = [no_control_characters, NoLongerThan(LONGEST_ACCOUNT)]


class RevisedForm(IdempotentForm):
    """A form of an entry. `version` is the revision its writer saw."""

    version = HiddenField()

    def seen(self) -> int:
        """That revision; 0 for anything that is none."""
        return id_or_none(self.version.data) or 0


class DisclosureForm(RevisedForm):
    """To whom what was communicated, why and on what ground, about whom, and whether they may know."""

    made_on = DayField(_l("Communicated on"), validators=[no_control_characters])
    recipient = Line(_l("To whom"), validators=_LINE)
    categories = SelectMultipleField(
        _l("Which information"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )
    why = Paragraphs(_l("Why"), validators=_ACCOUNT)
    ground = RadioField(_l("On what ground"), validate_choice=False)
    provision = Line(_l("Legal provision"), validators=_LINE)
    person = Line(_l("About one person"), validators=[no_control_characters, NoLongerThan(LONGEST_ADDRESS)])
    people = Paragraphs(_l("About several people"), validators=_ACCOUNT)
    hidden_until = DayField(_l("Not to be told before"), validators=[no_control_characters])
    hidden_provision = Line(_l("Which provision forbids telling"), validators=_LINE)
    known: frozenset[str] = frozenset()
    keeps_person = False
    """Whether the entry is about one person already, who stays where nobody is named."""

    def __init__(self, *arguments: Any, **values: Any) -> None:
        """Give what may be chosen: the categories of the map and the grounds."""
        super().__init__(*arguments, **values)
        language = page_language()
        self.categories.choices = [(one.id, one.label.in_(language)) for one in effective().data_map.categories]
        self.known = frozenset(one.id for one in effective().data_map.categories)
        self.ground.choices = [(one.value, ground_label(one, language)) for one in DisclosureGround]

    def validate_made_on(self, field: DayField) -> None:
        """A day, not to come."""
        something(field, words("Enter the day it was communicated."))
        _not_to_come(field.day)

    def validate_recipient(self, field: Field) -> None:
        """Somebody."""
        something(field, words("Enter to whom it was communicated."))

    def validate_categories(self, field: SelectMultipleField) -> None:
        """At least one that the map names."""
        if not field.data:
            raise ValidationError(words("Choose which information was communicated."))
        if not self.known.issuperset(field.data):
            raise ValidationError(words("One of these categories does not exist any more. Choose again."))

    def validate_why(self, field: Field) -> None:
        """A reason."""
        something(field, words("Say why it was communicated."))

    def validate_ground(self, field: Field) -> None:
        """One of those the law knows."""
        if field.data not in set(DisclosureGround):
            raise ValidationError(words("Choose the ground."))

    def validate_provision(self, field: Field) -> None:
        """Which provision it rests on."""
        something(field, words("Enter the provision, such as P-39.1, s. 18."))

    def validate_person(self, field: Field) -> None:
        """One person or several, not both; a correction keeps whom the entry is about."""
        if field.data and self.people.data:
            raise ValidationError(words("Name one person, or describe several: not both."))
        if not (field.data or self.people.data or self.keeps_person):
            raise ValidationError(words("Name the person, or describe the people concerned."))

    def validate_hidden_provision(self, field: Field) -> None:
        """A person is kept in the dark only where a provision says so, and until a day."""
        if bool(field.data) != bool(self.hidden_until.data):
            raise ValidationError(
                words("Enter both the day and the provision that forbids telling before it, or neither.")
            )

    def said(self) -> Disclosure:
        """What was typed, once found right."""
        made_on = self.made_on.day
        assert made_on  # noqa: S101  # validated
        return Disclosure(
            made_on=made_on,
            recipient=self.recipient.data or "",
            categories=tuple(self.categories.data or ()),
            why=self.why.data or "",
            ground=DisclosureGround(self.ground.data),
            provision=self.provision.data or "",
            people=self.people.data or "",
            hidden_until=self.hidden_until.day,
            hidden_provision=self.hidden_provision.data or "",
        )


class IncidentForm(RevisedForm):
    """What an agent reports: what happened, when, to which information. The officer completes the rest."""

    information = Paragraphs(_l("Which information"), validators=_ACCOUNT)
    circumstances = Paragraphs(_l("What happened"), validators=_ACCOUNT)
    aware_on = DayField(_l("The day you learned of it"), validators=[no_control_characters])
    began_on = DayField(_l("It happened on, or from"), validators=[no_control_characters])
    ended_on = DayField(_l("Until"), validators=[no_control_characters])
    measures = Paragraphs(_l("What was done, or will be, to reduce the risk"), validators=_ACCOUNT)
    reference = Line(_l("The request during which it was seen"), validators=_LINE)

    def validate_information(self, field: Field) -> None:
        """What is known, or why nothing is (Regulation, s. 7)."""
        something(field, words("Describe the information, or say why you cannot yet."))

    def validate_circumstances(self, field: Field) -> None:
        """Something."""
        something(field, words("Say in a few words what happened."))

    def validate_aware_on(self, field: DayField) -> None:
        """A day, not to come."""
        something(field, words("Enter the day you learned of it."))
        _not_to_come(field.day)

    def validate_began_on(self, field: DayField) -> None:
        """Not to come, and not after it was known."""
        _not_to_come(field.day)
        if field.day and self.aware_on.day and field.day > self.aware_on.day:
            raise ValidationError(words("It cannot have begun after the day you learned of it."))

    def validate_ended_on(self, field: DayField) -> None:
        """Not before it began."""
        if field.day and not self.began_on.day:
            raise ValidationError(words("Enter also the day it began."))
        if field.day and self.began_on.day and field.day < self.began_on.day:
            raise ValidationError(words("The last day is before the first. Exchange them."))

    def said(self, before: Incident | None = None) -> Incident:
        """What was typed, over what was there."""
        aware_on = self.aware_on.day
        assert aware_on  # noqa: S101  # validated
        typed = Incident(
            information=self.information.data or "",
            circumstances=self.circumstances.data or "",
            aware_on=aware_on,
            began_on=self.began_on.day,
            ended_on=self.ended_on.day,
            measures=self.measures.data or "",
            reference=self.reference.data or "",
        )
        return replace(typed, notice_id=before.notice_id if before else None)


class WholeIncidentForm(IncidentForm):
    """What the officer writes: all that the register must say."""

    people = Line(_l("How many people are concerned"), validators=[no_control_characters])
    people_in_quebec = Line(_l("How many of them in Québec"), validators=[no_control_characters])
    injury = RadioField(_l("Injury"), validate_choice=False)
    why = Paragraphs(_l("Why the risk is serious or not"), validators=_ACCOUNT)
    commission_told_on = DayField(_l("The Commission was told on"), validators=[no_control_characters])
    people_told_on = DayField(_l("The people concerned were told on"), validators=[no_control_characters])
    public_notice = BooleanField(_l("A public notice was given"))
    public_why = Paragraphs(_l("Why a public notice"), validators=_ACCOUNT)

    def __init__(self, *arguments: Any, **values: Any) -> None:
        """Give what may be chosen."""
        super().__init__(*arguments, **values)
        self.injury.choices = [(one.value, injury_label(one, page_language())) for one in Injury]

    def validate_people(self, field: Field) -> None:
        """A number, if any."""
        _number(field)

    def validate_people_in_quebec(self, field: Field) -> None:
        """A number, no larger than the other."""
        _number(field)
        there, every = _as_number(field), _as_number(self.people)
        if there is not None and every is not None and there > every:
            raise ValidationError(words("They cannot be more than all people concerned."))

    def validate_injury(self, field: Field) -> None:
        """One of the three; it is said why."""
        if field.data not in set(Injury):
            raise ValidationError(words("Choose whether the risk is serious."))

    def validate_why(self, field: Field) -> None:
        """An assessment says on what it rests (P-39.1, s. 3.7)."""
        if self.injury.data in {Injury.SERIOUS.value, Injury.NOT_SERIOUS.value}:
            something(field, words("Say why the risk is serious or not."))

    def validate_commission_told_on(self, field: DayField) -> None:
        """Not to come."""
        _not_to_come(field.day)

    def validate_people_told_on(self, field: DayField) -> None:
        """Not to come."""
        _not_to_come(field.day)

    def validate_public_why(self, field: Field) -> None:
        """A public notice is given for a reason (Regulation, s. 7)."""
        if self.public_notice.data:
            something(field, words("Say why a public notice was given."))

    def said(self, before: Incident | None = None) -> Incident:
        """What was typed, over what was there."""
        return replace(
            super().said(before),
            people=_as_number(self.people),
            people_in_quebec=_as_number(self.people_in_quebec),
            injury=Injury(self.injury.data),
            why=self.why.data or "",
            commission_told_on=self.commission_told_on.day,
            people_told_on=self.people_told_on.day,
            public_notice=bool(self.public_notice.data),
            public_why=self.public_why.data or "",
        )


def fill(form: RevisedForm, entry: Entry) -> None:
    """Show an entry in its form."""
    form.version.data = str(entry.revision)
    for one in fields(entry.said):
        if one.name not in form:
            continue
        value = getattr(entry.said, one.name)
        if isinstance(value, date):
            value = value.isoformat()
        form[one.name].data = list(value) if isinstance(value, tuple) else value
    if "people_in_quebec" in form:
        for name in ("people", "people_in_quebec"):
            number = getattr(entry.said, name)
            form[name].data = "" if number is None else str(number)


def _not_to_come(day: date | None) -> None:
    if day and day > portal().today(now()):
        raise ValidationError(words("This day is to come. Write the day it happened."))


def _number(field: Field) -> None:
    if field.data and _as_number(field) is None:
        raise ValidationError(words("Enter a number, in figures."))


def _as_number(field: Field) -> int | None:
    """The number typed, spaces of thousands apart; None for nothing and for what is none."""
    figures = "".join((field.data or "").split())
    if not (figures.isascii() and figures.isdigit()) or len(figures) > len(str(MOST_PEOPLE)):
        return None
    return min(int(figures), MOST_PEOPLE)
