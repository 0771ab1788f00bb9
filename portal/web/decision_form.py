"""The form an officer decides with: what may be chosen for a request, what was decided, and what it still lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, SelectField  # type: ignore[attr-defined]  # newer than the types of the package
from wtforms.validators import ValidationError

from portal.domain.grounds import Ground
from portal.domain.rights import Decision, Proposal, RightsRequest, Withheld
from portal.domain.withholding import CannotBeLeftOut, Unfit
from portal.services import decisions as deciding
from portal.services.decisions import (
    CapacityUnproven,
    IdentityFirst,
    Incomplete,
    LinesOpen,
    NothingLeftOut,
    SomethingHeld,
    SourceUnavailable,
    TwoPeople,
    Verdict,
)
from portal.web.access import portal, store
from portal.web.forms import LONGEST_MESSAGE, DayField, Line, NoLongerThan, PageForm, Paragraphs, no_control_characters
from portal.web.languages import page_language
from portal.web.left_out_parts import Chosen, carried, chosen_in, chosen_of, unfit_sentence, withheld_parts
from portal.web.pages import effective, words
from portal.web.part_fields import PART_NAMES, PartFields, lacks_part, parts_in, parts_shown_again, typed_parts
from portal.wording.answer_labels import outcome_label_of
from portal.wording.decisions import nothing_found
from portal.wording.left_out import part_said

LONGEST_PROVISION = 300
READ, CHANGE, PROPOSE = "read", "change", "propose"
"""Buttons beside the one that decides: read the answer first; go back to what was typed; send it to whoever decides."""

LEAVE_OUT = "leave_out_"
"""What the name of each field begins with that says why one kind of information is left out."""

LACKING = (
    CannotBeLeftOut,
    CapacityUnproven,
    Incomplete,
    LinesOpen,
    NothingLeftOut,
    SomethingHeld,
    SourceUnavailable,
    IdentityFirst,
    TwoPeople,
)
"""Why a decision is not one yet; the form says it beside the field."""


@dataclass(frozen=True, slots=True)
class PartChoice:
    """One kind of information and the grounds on which an answer may leave it out; `chosen` is empty where it is given."""

    name: str
    label: str
    choices: list[tuple[str, str]]
    chosen: str


class DecisionForm(PartFields, PageForm):
    """What the officer decides, in the words the person will read."""

    decision = RadioField(_l("Decision"), validate_choice=False)
    ground = SelectField(_l("Ready reason"), validate_choice=False)
    paragraph = SelectField(_l("Ready paragraph"), validate_choice=False)
    reason = Paragraphs(_l("Reason"), validators=[no_control_characters, NoLongerThan(LONGEST_MESSAGE)])
    provision = Line(_l("Legal provision"), validators=[no_control_characters, NoLongerThan(LONGEST_PROVISION)])
    kept_until = DayField(_l("What is left out is kept until"), validators=[no_control_characters])
    version = HiddenField()
    left_out: Mapping[str, str] = {}
    """The ground of each kind of information left out, by category; read from fields made for this request's map."""
    out: tuple[Chosen, ...] = ()
    """The lists, fields and entries left out of the kinds that are given."""

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
    form.decision.choices = [
        SelectChoice(decision.value, outcome_label_of(found.kind, decision, language)) for decision in allowed
    ]
    ready = [
        SelectChoice(ground.code, ground.label.in_(language))
        for ground in deciding.ready_grounds(portal(), store(), found)
    ]
    form.ground.choices = [SelectChoice("", words("None: I write my own")), *ready]
    named = [SelectChoice(one.name.fr, one.name.in_(language)) for one in effective().replies]
    form.paragraph.choices = [SelectChoice("", words("No paragraph")), *named]
    return form


def parts_of(form: DecisionForm, found: RightsRequest) -> list[PartChoice]:
    """Each kind of information an answer in part may leave out, with what was chosen for it; none for one field."""
    grounds = deciding.ready_grounds(portal(), store(), found)
    if Decision.PARTIALLY_GRANTED not in deciding.decisions_for(found) or not grounds:
        return []
    language, chosen = page_language(), form.left_out
    return [
        PartChoice(
            f"{LEAVE_OUT}{category.id}",
            category.label.in_(language),
            [("", words("Given to the person")), *((ground.code, ground.label.in_(language)) for ground in grounds)],
            chosen.get(category.id, ""),
        )
        for category in effective().data_map.categories
    ]


def read_parts(form: DecisionForm, sent: Mapping[str, str]) -> DecisionForm:
    """The form with what was chosen of each kind of information; what the map does not have is nothing."""
    known = {category.id for category in effective().data_map.categories}
    chosen = {name.removeprefix(LEAVE_OUT): code for name, code in sent.items() if name.startswith(LEAVE_OUT) and code}
    form.left_out = {category: code for category, code in chosen.items() if category in known}
    form.out = chosen_in(sent)
    return form


def typed_again(form: DecisionForm) -> dict[str, str]:
    """What was typed and chosen, by the name of its field, for a page that sends it again."""
    return {
        "decision": form.decision.data or "",
        "ground": form.ground.data or "",
        "paragraph": form.paragraph.data or "",
        "reason": form.reason.data or "",
        "provision": form.provision.data or "",
        "version": form.version.data or "",
        "kept_until": form.kept_until.data or "",
        **typed_parts(form),
        **{f"{LEAVE_OUT}{category}": code for category, code in form.left_out.items()},
        **carried(form.out),
    }


def as_proposed(form: DecisionForm, proposal: Proposal) -> DecisionForm:
    """The form filled with a prepared answer."""
    form.decision.data, form.reason.data = proposal.decision.value, proposal.reason
    form.provision.data = proposal.provision
    form.left_out = {one.category: one.ground for one in proposal.withheld if one.is_whole}
    form.out = chosen_of(proposal)
    parts_shown_again(form, proposal.parts)
    until = next((one.until for one in proposal.withheld if one.until), None)
    form.kept_until.data = until.isoformat() if until else ""
    return form


def verdict_of(form: DecisionForm, found: RightsRequest) -> Verdict:
    """What was decided; a ready reason fills what was left empty, in the language of the person who will read it.

    Raises:
        CannotBeLeftOut: parts are chosen that cannot be left out.
    """
    ready = next((g for g in deciding.ready_grounds(portal(), store(), found) if g.code == form.ground.data), None)
    reason, provision = form.reason.data or "", form.provision.data or ""
    if ready and form.decision.data != Decision.GRANTED.value:
        reason = reason or ready.reason.in_(found.language)
        provision = provision or ready.provision.in_(found.language)
    paragraph = next((one for one in effective().replies if one.name.fr == form.paragraph.data), None)
    if form.decision.data == Decision.NO_INFORMATION_HELD.value:
        reason = reason or nothing_found(deciding.places_searched(portal(), store(), found), found.language)
    if form.out and form.decision.data == Decision.GRANTED.value:
        raise CannotBeLeftOut(Unfit.NOT_IN_PART)
    withheld = withheld_by(form, found) if form.decision.data == Decision.PARTIALLY_GRANTED.value else ()
    said = [part_said(effective().data_map, one, found.language) for one in withheld]
    reason = "\n\n".join(part for part in (reason, *(one for one in said if one not in reason)) if part)
    cited = dict.fromkeys(one.provision for one in withheld if one.provision not in provision)
    provision = "; ".join(part for part in (provision, *cited) if part)
    parts = [reason, paragraph.text.in_(found.language) if paragraph else ""]
    said_in_all = "\n\n".join(part for part in parts if part)
    return Verdict(Decision(form.decision.data), said_in_all, provision, withheld, parts_in(form, found))


def withheld_by(form: DecisionForm, found: RightsRequest) -> tuple[Withheld, ...]:
    """What the answer leaves out, each on a ground of the catalogue, in the words of its person's language.

    Raises:
        CannotBeLeftOut: a part is none of the map's, rests on no ground, or is no row.
    """
    grounds = {ground.code: ground for ground in deciding.ready_grounds(portal(), store(), found)}
    for category, code in form.left_out.items():
        if code and code not in grounds:
            raise CannotBeLeftOut(Unfit.NO_GROUND, Withheld(category, code, "", ""))
    whole = tuple(
        Withheld(
            category.id,
            ground.code,
            ground.reason.in_(found.language),
            ground.provision.in_(found.language),
            form.kept_until.day,
        )
        for category in effective().data_map.categories
        for ground in [grounds.get(form.left_out.get(category.id, ""))]
        if ground is not None
    )
    return (*whole, *withheld_parts(form.out, found, form.kept_until.day))


def lacking(form: DecisionForm, error: Exception) -> DecisionForm:
    """The form with what the decision lacks said beside each field."""
    if isinstance(error, Incomplete):
        return _incomplete(form, error)
    form.decision.errors = [unfit_sentence(error) if isinstance(error, CannotBeLeftOut) else _why_not(error)]
    return form


def _why_not(error: Exception) -> str:
    if isinstance(error, CapacityUnproven):
        return words(
            "First write how the one who asks may act for the person concerned. Until then, only a refusal is possible, for "
            "instance that they did not prove it."
        )
    if isinstance(error, LinesOpen):
        return _waiting(error)
    if isinstance(error, NothingLeftOut):
        return words("Choose below which part stays, and why. Otherwise all of it would be erased.")
    if isinstance(error, IdentityFirst):
        return words("First check who asks: nothing is given or said of anybody before.")
    if isinstance(error, TwoPeople):
        if error.prepared:
            return words("You prepared this answer. A colleague who decides must take the decision.")
        return words("Here one person prepares an answer and another decides. Have a colleague prepare it first.")
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
        if part in PART_NAMES:
            lacks_part(form, part)
        else:
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
