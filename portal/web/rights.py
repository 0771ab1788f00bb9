"""Requests of a person: their list, one with its history, a new one, and taking one back."""

from __future__ import annotations

from typing import Any, cast

from flask import abort, redirect, request, session
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField
from wtforms.validators import ValidationError

from portal.domain.asking import ForWhom
from portal.domain.codes import Flow
from portal.domain.data_map import Category
from portal.domain.languages import LANGUAGES, Language
from portal.domain.rights import BEFORE_DECISION, Kind, OutOfOrder, RightsRequest
from portal.services import attachments, checklist
from portal.services import rights as service
from portal.services.addresses import BadAddress, canonical_address
from portal.services.attestation import attestation_of
from portal.services.behalf import is_to_check
from portal.services.kept import KeptForm, forget_form, keep_form, owner_of
from portal.services.lost_requests import lost_request
from portal.services.open_bound import TooManyOpen
from portal.services.rights import Asked
from portal.services.sign_in import TooMany, Viewer, ask_code, codes_leave
from portal.web import access, request_views
from portal.web.access import me, now, portal, store
from portal.web.answer_views import answer_view, earlier_views, machine_facts
from portal.web.asking_form import ASKING_FIELDS, AskingFields, behalf_in, prepare_asking, wanted_form_in, whom_chosen
from portal.web.asking_views import channel_fact, for_whom_facts, form_fact
from portal.web.complaint_words import complaint_words
from portal.web.errors import too_many_open
from portal.web.forms import (
    LONGEST_MESSAGE,
    IdempotentForm,
    Line,
    NoLongerThan,
    Paragraphs,
    no_control_characters,
    something,
)
from portal.web.languages import page_language, url
from portal.web.law_question import FIELD, law_question, laws_ticked, prepare_law_question
from portal.web.line_forms import ACCEPTED, given_view, line_views
from portal.web.lost_requests import lost_page
from portal.web.machine_form import MACHINE_FIELDS, MachineFields, machine_decision_in, prepare_machine
from portal.web.message_views import person_talk
from portal.web.numbers import id_or_none
from portal.web.pages import effective, page, words
from portal.web.statement_views import comments_here
from portal.wording.labels import kind_label

PAGE_REQUESTS = 25
KINDS = tuple(Kind)
FIRST_KINDS = (Kind.ACCESS, Kind.RECTIFICATION, Kind.DELETION, Kind.WITHDRAW)
"""What most people ask; the rest is behind *something else*."""

KEPT_FIELDS = (*ASKING_FIELDS, "kind", "message", "answer_in", "category", "again", "form_id")
"""What is kept while a visitor proves their address, in the order of the page."""


class RequestForm(AskingFields, MachineFields, IdempotentForm):
    """For whom, what is asked, in one's own words, and how to answer."""

    kind = RadioField(_l("What do you ask?"), validate_choice=False)
    message = Paragraphs(_l("In your own words"), validators=[no_control_characters, NoLongerThan(LONGEST_MESSAGE)])
    category = HiddenField()
    again = HiddenField()
    other_regimes = law_question()
    answer_in = RadioField(_l("Answer me in"), validate_choice=False)

    def validate_answer_in(self, field: Field) -> None:
        """One of the two."""
        if field.data not in LANGUAGES:
            raise ValidationError(words("Choose the language of our answer."))

    def validate_kind(self, field: Field) -> None:
        """One of the kinds the law knows, or something else."""
        if field.data not in {kind.value for kind in KINDS}:
            raise ValidationError(words("Choose what you ask."))

    def validate_message(self, field: Field) -> None:
        """Something to answer."""
        something(field, words("Tell us what you ask, in a few words."))


class VisitorForm(RequestForm):
    """The same, with an address to answer to; `canonical` holds it once found right."""

    email = Line(_l("E-mail address"), validators=[no_control_characters])
    canonical = ""

    def validate_email(self, field: Field) -> None:
        """One rule for addresses, at every door."""
        something(field, words("Enter your e-mail address."))
        try:
            self.canonical = canonical_address(field.data)
        except BadAddress as error:
            raise ValidationError(words("Enter one e-mail address, such as name@example.org.")) from error


@access.person
def requests() -> Any:
    """Every request of the person, newest first."""
    last = id_or_none(request.args.get("before"))
    found = service.of_person(store(), me(), before=last, limit=PAGE_REQUESTS + 1)
    shown = found[:PAGE_REQUESTS]
    return page(
        "requests.html",
        requests=[request_views.request_view(one) for one in shown],
        next_page=url("requests", before=shown[-1].id) if len(found) > PAGE_REQUESTS else None,
        first_page=url("requests") if last is not None else None,
    )


@access.person
def request_page(reference: str) -> Any:
    """One request, from its receipt to its answer; or what is still known of one that a restored backup did not hold."""
    lost = lost_request(store(), reference)
    if lost:
        return lost_page(lost)
    found = _mine(reference)
    if reference != found.reference:
        return redirect(url("request_page", reference=found.reference), 302)
    return _page(found)


@access.person
def take_back(reference: str) -> Any:
    """Take a request back; out of its time, its present state is shown."""
    found = _mine(reference)
    try:
        service.take_back(portal(), store(), found, now=now())
    except OutOfOrder:
        access.let_go()
        return _page(_mine(reference), status=409, too_late=True)
    return redirect(url("request_page", reference=found.reference), 303)


@access.open_form
def new_request() -> Any:
    """Ask for anything: at once when signed in, after a code otherwise; the text is kept meanwhile."""
    found = access.current()
    signed_in = found if found and found.person else None
    form = _form(signed_in)
    if request.method != "POST":
        return _new(form, signed_in)
    if signed_in is None and not codes_leave(portal()):
        return _new(form, signed_in, status=503)
    if not form.validate():
        return _new(form, signed_in, status=422)
    return _open(form, signed_in) if signed_in else _prove_first(form)


def _mine(reference: str) -> RightsRequest:
    """The request if it is this person's; somebody else's is none (ASVS 8.2.2)."""
    return service.one_of_person(store(), me(), reference) or abort(404)


def _page(found: RightsRequest, *, status: int = 200, too_late: bool = False) -> Any:
    followed = service.follow(portal(), store(), found, now=now())
    attested = attestation_of(store(), found)
    given = attachments.given_with(portal(), store(), found, now=now())
    return page(
        "request.html",
        status=status,
        request_view=request_views.request_view(found),
        laws=request_views.law_names(found),
        has_days=found.state in BEFORE_DECISION or found.recourse_until is not None,
        answer=answer_view(found),
        earlier=earlier_views(service.decisions_of(store(), found), found),
        asked_for=for_whom_facts(found),
        capacity_to_check=is_to_check(found),
        wanted_form=form_fact(found.wanted_form),
        channel=channel_fact(found.channel),
        was_spoken=found.was_spoken,
        machine=machine_facts(found),
        correction=request_views.correction_view(found),
        attested=attested,
        destroyed=request_views.destroyed_views(attested) if attested else [],
        places=line_views(checklist.lines_of(store(), found), []),
        given=given_view(given) if given else None,
        events=request_views.timeline(followed),
        letters=request_views.letters_sent(followed.letters),
        talk=person_talk(found),
        comments=comments_here(found),
        accepted=ACCEPTED,
        delayed=request_views.is_delayed(followed.letters),
        may_be_taken_back=followed.may_be_taken_back,
        too_late=too_late,
        follow_number=str(found.follow_number),
    )


def _form(signed_in: Viewer | None) -> Any:
    sent = request.form if request.method == "POST" else None
    form = (RequestForm if signed_in else VisitorForm)(
        sent,
        data={
            "kind": request.args.get("kind"),
            "category": request.args.get("category"),
            "again": request.args.get("again"),
            "for_whom": _whom_in_address(),
            "answer_in": page_language(),
        },
    )
    form.kind.choices = [(kind.value, kind_label(kind, page_language(), whom_chosen(form))) for kind in KINDS]
    prepare_law_question(form)
    form.answer_in.choices = [("fr", words("French")), ("en", words("English"))]
    prepare_asking(form)
    prepare_machine(form)
    return form


def _whom_in_address() -> str:
    """Whom the link followed was for; whoever asks unless it says so."""
    asked = request.args.get("for")
    return asked if asked in {whom.value for whom in ForWhom} else ForWhom.ME.value


def _new(form: Any, signed_in: Viewer | None, *, status: int = 200) -> Any:
    about = _about(form)
    again = lost_request(store(), form.again.data)
    hidden = {"category": form.category.data if about else None, "again": again.reference if again else None}
    return page(
        "new_request.html",
        status=status,
        form=form,
        hints=_hints(),
        kind_words=_kind_words(),
        whom=whom_chosen(form).value,
        first_kinds=[kind.value for kind in FIRST_KINDS],
        viewer=signed_in,
        visitor=signed_in is None,
        can_send=signed_in is not None or codes_leave(portal()),
        about=about.label.in_(page_language()) if about else None,
        again=again.reference if again else None,
        hidden={name: value for name, value in hidden.items() if value},
    )


def _about(form: Any) -> Category | None:
    """The category without a table that the request is about, if it names one."""
    found = effective().data_map.category(form.category.data or "")
    return found if found and not found.tables else None


def _kind_words() -> dict[str, dict[str, str]]:
    """How each kind is said for each whom, where it is not said alike for all."""
    said = {kind.value: {whom.value: kind_label(kind, page_language(), whom) for whom in ForWhom} for kind in KINDS}
    return {kind: by_whom for kind, by_whom in said.items() if len(set(by_whom.values())) > 1}


def _hints() -> dict[str, str]:
    """What can be done at once instead, where it can."""
    return {
        Kind.ACCESS.value: words("Most of yours is shown at once under My information."),
        Kind.PORTABILITY.value: words("A copy of yours in a common format can be taken at once under My information."),
        Kind.RECTIFICATION.value: words("Much of yours can be corrected at once under My information."),
        Kind.DELETION.value: words("For yours, the Deletion page shows first what would go and what must stay."),
        Kind.WITHDRAW.value: words("A consent of yours can be withdrawn at once under Consents."),
        Kind.COMMENT.value: words("Your words are kept beside the information, and sent with it."),
        Kind.AUTOMATED.value: words("For a decision about you that a machine took alone."),
        Kind.COMPLAINT.value: complaint_words(),
    }


def _open(form: Any, signed_in: Viewer) -> Any:
    person = signed_in.person
    assert person  # noqa: S101  # signed in as a person
    about = _about(form)
    asked = Asked(
        Kind(form.kind.data),
        cast("Language", form.answer_in.data),
        signed_in.session.level,
        message=form.message.data,
        category=about.id if about and form.kind.data != Kind.DELETION.value else None,
        other_regimes=laws_ticked(form),
        behalf=behalf_in(form),
        wanted_form=wanted_form_in(form),
        machine_decision=machine_decision_in(form),
        again=form.again.data,
    )
    try:
        made = service.open_request(portal(), store(), person, asked, form_id=form.form_id.data, now=now())
    except TooManyOpen as error:
        form.message.errors = [too_many_open(error)]
        return _new(form, signed_in, status=422)
    handle = session.pop("kept", None)
    if handle:
        forget_form(store(), handle)
    return redirect(url("request_page", reference=made.reference), 303)


def _prove_first(form: Any) -> Any:
    """Keep the text for that address and send it a code: the same for every address, known or not (ASVS 6.3.8)."""
    kept = (*KEPT_FIELDS, *(MACHINE_FIELDS if form.kind.data == Kind.AUTOMATED.value else ()))
    typed = [(name, form[name].data or "") for name in kept]
    fields = (*typed, *((FIELD, key) for key in laws_ticked(form)))
    try:
        ask_code(
            portal(),
            store(),
            flow=Flow.SIGN_IN,
            address=form.canonical,
            browser=access.browser(),
            language=page_language(),
            next_page=url("resume"),
        )
    except TooMany as error:
        form.email.errors = [words("Too many codes were sent to this address. Wait a few minutes, then send again.")]
        response = _new(form, None, status=429)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    session["kept"] = keep_form(
        portal(), store(), KeptForm(url("new_request"), fields), owner=owner_of(portal(), form.canonical)
    )
    session["asked_for"] = form.canonical
    return redirect(url("sign_in_code"), 303)
