"""A request that came by e-mail, by post, by phone or in person: a member of staff enters it."""

from __future__ import annotations

from typing import Any, cast

from flask import redirect, request
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectField
from wtforms.validators import ValidationError

from portal.domain.asking import BY_STAFF, Channel, ForWhom
from portal.domain.languages import LANGUAGES, Language
from portal.domain.people import StaffMember
from portal.domain.posting import (
    FEWEST_LINES,
    LONGEST_LINE,
    LONGEST_NAME,
    MOST_LINES,
    PostalAddress,
    lines_of,
)
from portal.domain.rights import Kind, Role
from portal.services import paper
from portal.services.addresses import BadAddress, canonical_address
from portal.services.paper import Entry, NotThatDay
from portal.web import access
from portal.web.access import now, portal, store, viewer
from portal.web.asking_form import AskingFields, behalf_in, prepare_asking, wanted_form_in
from portal.web.forms import (
    LONGEST_MESSAGE,
    DayField,
    IdempotentForm,
    Line,
    NoLongerThan,
    Paragraphs,
    no_control_characters,
    nothing_that_steers,
    something,
)
from portal.web.languages import page_language, url
from portal.web.law_question import law_question, laws_ticked, prepare_law_question
from portal.web.machine_form import MachineFields, machine_decision_in, prepare_machine
from portal.web.pages import page, words
from portal.wording.asking_labels import channel_label, for_whom_label_for_staff
from portal.wording.labels import kind_label_for_staff

LONGEST_CHECK = 300


class EntryForm(AskingFields, MachineFields, IdempotentForm):
    """What was read or heard, where our letters go, and how staff know who asks; in the order of the page."""

    received_on = DayField(_l("Received on"), validators=[no_control_characters])
    channel = RadioField(_l("How it came"), validate_choice=False)
    email = Line(_l("E-mail address"), validators=[no_control_characters])
    name = Line(_l("Name"), validators=[no_control_characters, nothing_that_steers, NoLongerThan(LONGEST_NAME)])
    postal = Paragraphs(_l("Postal address"), validators=[no_control_characters, nothing_that_steers])
    language = RadioField(_l("Language of our letters"), validate_choice=False)
    kind = SelectField(_l("What the person asks"), validate_choice=False)
    message = Paragraphs(_l("In the person’s words"), validators=[no_control_characters, NoLongerThan(LONGEST_MESSAGE)])
    identity = Paragraphs(
        _l("How you checked who asks"), validators=[no_control_characters, NoLongerThan(LONGEST_CHECK)]
    )
    other_regimes = law_question(_l("Where the person lives"))
    canonical = ""

    def validate_channel(self, field: Field) -> None:
        """One of the ways a request comes that is not this portal."""
        if field.data not in {channel.value for channel in BY_STAFF}:
            raise ValidationError(words("Choose how the request came."))

    def validate_email(self, field: Field) -> None:
        """An e-mail address or a postal one: our letters go somewhere."""
        if not field.data:
            something(self.postal, words("Enter an e-mail address, or a name and a postal address."))
            return
        try:
            self.canonical = canonical_address(field.data)
        except BadAddress as error:
            raise ValidationError(words("Enter one e-mail address, such as name@example.org.")) from error

    def validate_name(self, field: Field) -> None:
        """A letter goes to somebody; an e-mail address alone says whom."""
        if self.email.data or not self.postal.data:
            return
        something(field, words("Enter the name to write on the envelope."))

    def validate_postal(self, field: Field) -> None:
        """Lines that fit the window of an envelope."""
        if self.email.data or not field.data:
            return
        lines = lines_of(field.data)
        if not FEWEST_LINES <= len(lines) <= MOST_LINES:
            raise ValidationError(
                words(
                    "Write the address on %(fewest)s to %(most)s lines, as on an envelope.",
                    fewest=FEWEST_LINES,
                    most=MOST_LINES,
                )
            )
        if max(map(len, lines)) > LONGEST_LINE:
            raise ValidationError(
                words("A line of the address has at most %(longest)s characters.", longest=LONGEST_LINE)
            )

    def validate_language(self, field: Field) -> None:
        """One of the two."""
        if field.data not in LANGUAGES:
            raise ValidationError(words("Choose the language the person reads."))

    def validate_kind(self, field: Field) -> None:
        """One of the kinds the law knows, or something else."""
        if field.data not in {kind.value for kind in Kind}:
            raise ValidationError(words("Choose what the person asks."))

    def validate_message(self, field: Field) -> None:
        """Something to answer."""
        something(field, words("Write what the person asks, as they put it."))

    def validate_received_on(self, field: DayField) -> None:
        """A day from which the law can count."""
        something(field, words("Enter the day the request was received."))
        if field.day is None:
            return
        try:
            paper.check_day(portal(), field.day, now())
        except NotThatDay as error:
            raise ValidationError(
                words("This day is more than three years ago. Check the year.")
                if error.too_old
                else words("This day is still to come. Enter the day the request was received.")
            ) from error


@access.staff(Role.OFFICER, Role.AGENT)
def staff_request_new() -> Any:
    """The form; once sent, the request as any other."""
    form = _prepared(EntryForm(request.form))
    if request.method != "POST":
        return page("staff_request_new.html", form=form)
    if not form.validate():
        return page("staff_request_new.html", status=422, form=form)
    member = cast("StaffMember", viewer().member)
    made = paper.enter(portal(), store(), member, _read(form), form_id=form.form_id.data or "", now=now())
    return redirect(url("staff_request", reference=made.reference), 303)


def _prepared(form: EntryForm) -> EntryForm:
    form.language.choices = [("fr", words("French")), ("en", words("English"))]
    language = page_language()
    form.channel.choices = [(channel.value, channel_label(channel, language)) for channel in BY_STAFF]
    prepare_asking(form)
    form.child_capacity.label.text = words("They ask for a child under 14 as")
    form.represented_capacity.label.text = words("They represent someone as")
    form.deceased_capacity.label.text = words("They ask for someone who has died as")
    form.for_whom.choices = [(whom.value, for_whom_label_for_staff(whom, language)) for whom in ForWhom]
    form.kind.choices = [("", words("Choose")), *((kind.value, kind_label_for_staff(kind, language)) for kind in Kind)]
    prepare_machine(form)
    form.machine_wanted.label.text = words("What is wanted")
    prepare_law_question(form)
    return form


def _read(form: EntryForm) -> Entry:
    return Entry(
        to=form.canonical or PostalAddress(form.name.data or "", lines_of(form.postal.data or "")),
        language=cast("Language", form.language.data),
        kind=Kind(form.kind.data),
        message=form.message.data or "",
        received_on=form.received_on.day or portal().today(now()),
        identity_check=form.identity.data or None,
        other_regimes=laws_ticked(form),
        channel=Channel(form.channel.data),
        behalf=behalf_in(form),
        wanted_form=wanted_form_in(form),
        machine_decision=machine_decision_in(form),
    )
