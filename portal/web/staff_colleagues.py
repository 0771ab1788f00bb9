"""Colleagues: who works with the requests, inviting one, another role, handing requests over, removing access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import abort, redirect, request, session
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import Field, HiddenField, RadioField, SelectChoice, SelectField  # type: ignore[attr-defined]  # newer than the types of the package
from wtforms.validators import ValidationError

from portal.domain.languages import LANGUAGES, Language
from portal.domain.people import StaffMember
from portal.domain.rights import Role
from portal.services import members as service
from portal.services.addresses import BadAddress, canonical_address
from portal.services.links import link_until, live_link
from portal.services.members import AlreadyColleague, CannotTakeOver, Invited, LastOfficer, NoLongerOfficer
from portal.web import access
from portal.web.access import portal, store, viewer
from portal.web.forms import IdempotentForm, Line, PageForm, no_control_characters, something
from portal.web.languages import page_language, url
from portal.web.numbers import id_or_none
from portal.web.pages import page, words
from portal.wording.labels import kind_label_for_staff, role_label, role_sentence

LINK_IN_COOKIE = "handed_link"
"""What the last link shown by hand was made of, until the next page shows it, once. It opens nothing by itself."""


class RoleForm(PageForm):
    """One role of three."""

    role = RadioField(_l("Role"), validate_choice=False)

    def __init__(self, *arguments: Any, **values: Any) -> None:
        """Say the roles in the page's language."""
        super().__init__(*arguments, **values)
        self.role.choices = [SelectChoice(role.value, role_label(role, page_language())) for role in Role]

    def validate_role(self, field: Field) -> None:
        """A role we know, and our own sentence when it is none."""
        if field.data not in {role.value for role in Role}:
            raise ValidationError(words("Choose a role."))


class InvitationForm(RoleForm, IdempotentForm):
    """Whom to invite, in which role; `canonical` holds the address once found right."""

    email = Line(_l("E-mail address"), validators=[no_control_characters])
    language = RadioField(_l("Language of our letters to them"), validate_choice=False)
    canonical = ""

    def __init__(self, *arguments: Any, **values: Any) -> None:
        """Say the languages."""
        super().__init__(*arguments, **values)
        names = {"fr": words("French"), "en": words("English")}
        self.language.choices = [SelectChoice(tag, names[tag]) for tag in LANGUAGES]

    def validate_email(self, field: Field) -> None:
        """One rule for addresses, at every door."""
        something(field, words("Enter the e-mail address of your colleague."))
        try:
            self.canonical = canonical_address(field.data)
        except BadAddress as error:
            raise ValidationError(words("Enter one e-mail address, such as name@example.org.")) from error

    def validate_language(self, field: Field) -> None:
        """One of the two."""
        if field.data not in LANGUAGES:
            raise ValidationError(words("Choose a language."))


class LeavingForm(PageForm):
    """Who takes over a colleague's requests, and whether the colleague goes."""

    heir = SelectField(_l("Who takes over the open requests"), validate_choice=False)
    act = HiddenField()

    def __init__(self, member: StaffMember, *arguments: Any, **values: Any) -> None:
        """Offer whoever may take over."""
        super().__init__(*arguments, **values)
        self.heirs = {str(heir.id): heir for heir in service.heirs(store(), member)}
        nobody = SelectChoice("", words("Nobody: they wait in the queue"))
        offered = [SelectChoice(number, _named(heir)) for number, heir in self.heirs.items()]
        self.heir.choices = [*offered, nobody]

    def validate_heir(self, field: Field) -> None:
        """Somebody offered, or nobody."""
        if (field.data or "") not in {"", *self.heirs}:
            raise ValidationError(words("Choose a colleague who handles requests."))

    def validate_act(self, field: Field) -> None:
        """One of the two buttons."""
        if field.data not in {"hand_over", "remove"}:
            raise ValidationError(words("Choose whether to hand the requests over only, or to remove access too."))

    def chosen(self) -> StaffMember | None:
        """Who was chosen; None for nobody."""
        return self.heirs.get(self.heir.data or "")


@dataclass(frozen=True, slots=True)
class ColleagueLine:
    """One line of the list, in words."""

    address: str
    href: str
    role: str
    since: datetime
    last_sign_in: datetime | None
    in_hand: int
    active: bool


@access.with_fresh_proof()
@access.staff(Role.OFFICER)
def staff_colleagues() -> Any:
    """The list; a POST invites somebody."""
    if request.method != "POST":
        return _list(InvitationForm(None, language=page_language()))
    form = InvitationForm(request.form)
    if not form.validate():
        return _list(form, status=422)
    try:
        invited = service.invite_colleague(
            portal(),
            store(),
            _me(),
            form.canonical,
            Role(form.role.data),
            language=cast("Language", form.language.data),
            form_id=form.form_id.data or "",
        )
    except AlreadyColleague as error:
        form.email.errors = [_already(error.member)]
        return _list(form, status=422)
    except NoLongerOfficer as error:
        raise access.NotPermitted(frozenset({Role.OFFICER})) from error
    return _after_link(invited)


@access.staff(Role.OFFICER)
def staff_colleague(member: str) -> Any:
    """One colleague."""
    return _page(_found(member))


@access.with_fresh_proof()
@access.staff(Role.OFFICER)
def staff_colleague_role(member: str) -> Any:
    """Give a colleague another role."""
    found, form = _found(member), RoleForm(request.form)
    if not form.validate():
        return _page(found, role=form, status=422)
    try:
        service.change_role(portal(), store(), _me(), found, Role(form.role.data))
    except LastOfficer:
        form.role.errors = [_last_officer()]
        return _page(found, role=form, status=422)
    except NoLongerOfficer as error:
        raise access.NotPermitted(frozenset({Role.OFFICER})) from error
    return redirect(url("staff_colleague", member=found.id), 303)


@access.with_fresh_proof()
@access.staff(Role.OFFICER)
def staff_colleague_link(member: str) -> Any:
    """Send, or make, a new link."""
    found = _found(member)
    if not found.active:
        return _page(found, status=409)
    return _after_link(service.send_link(portal(), store(), _me(), found))


@access.with_fresh_proof()
@access.staff(Role.OFFICER)
def staff_colleague_leave(member: str) -> Any:
    """Hand over a colleague's requests and, if asked, remove their access, in one act."""
    found = _found(member)
    form = LeavingForm(found, request.form)
    if not form.validate():
        return _page(found, leaving=form, status=422)
    act = service.disable if form.act.data == "remove" else service.hand_over
    try:
        act(portal(), store(), _me(), found, heir=form.chosen())
    except LastOfficer:
        form.act.errors = [_last_officer()]
        return _page(found, leaving=form, status=422)
    except CannotTakeOver:
        form.heir.errors = [words("Choose a colleague who handles requests.")]
        return _page(found, leaving=form, status=422)
    except NoLongerOfficer as error:
        raise access.NotPermitted(frozenset({Role.OFFICER})) from error
    return redirect(url("staff_colleague", member=found.id), 303)


@access.with_fresh_proof()
@access.staff(Role.OFFICER)
def staff_colleague_enable(member: str) -> Any:
    """Give access back."""
    found = _found(member)
    try:
        service.enable(portal(), store(), _me(), found)
    except NoLongerOfficer as error:
        raise access.NotPermitted(frozenset({Role.OFFICER})) from error
    return redirect(url("staff_colleague", member=found.id), 303)


def _me() -> StaffMember:
    return cast("StaffMember", viewer().member)


def _found(member: str) -> StaffMember:
    return store().staff.by_id(id_or_none(member) or 0) or abort(404)


def _named(member: StaffMember) -> str:
    return f"{member.address}, {role_label(member.role, page_language())}"


def _already(member: StaffMember) -> str:
    if member.active:
        return words("This address is a colleague’s already: see the list.")
    return words("This colleague’s access was removed. Open their name in the list to give it back.")


def _last_officer() -> str:
    return words("This is the last person in charge who can sign in. Give somebody else this role first.")


def _after_link(invited: Invited) -> Response:
    """Where no letter brings the link, the next page shows it, once."""
    if invited.nonce:
        session[LINK_IN_COOKIE] = invited.nonce
    return redirect(url("staff_colleague", member=invited.member.id), 303)


def _list(form: InvitationForm, *, status: int = 200) -> Any:
    return page(
        "staff_colleagues.html",
        status=status,
        lines=[_line(one) for one in service.colleagues(store())],
        form=form,
        role_hints=_role_hints(),
        by_letter=service.letters_leave(portal()),
    )


def _line(one: service.Colleague) -> ColleagueLine:
    member = one.member
    return ColleagueLine(
        address=member.address,
        href=url("staff_colleague", member=member.id),
        role=role_label(member.role, page_language()),
        since=member.created_at,
        last_sign_in=member.last_sign_in_at,
        in_hand=one.in_hand,
        active=member.active,
    )


def _page(
    member: StaffMember, *, role: RoleForm | None = None, leaving: LeavingForm | None = None, status: int = 200
) -> Any:
    in_hand = service.in_hand(store(), member)
    link = live_link(portal(), store(), session.pop(LINK_IN_COOKIE)) if LINK_IN_COOKIE in session else None
    return page(
        "staff_colleague.html",
        status=status,
        member=member,
        role=role_label(member.role, page_language()),
        itself=member.id == _me().id,
        in_hand=[(one.reference, kind_label_for_staff(one.kind, page_language()), one.due) for one in in_hand],
        link=link.address if link and link.member.id == member.id else None,
        link_until=link_until(portal(), store(), member),
        role_form=role or RoleForm(None, role=member.role.value),
        leaving=leaving or LeavingForm(member, None, heir=str(_me().id)),
        role_hints=_role_hints(),
        by_letter=service.letters_leave(portal()),
    )


def _role_hints() -> dict[str, str]:
    return {role.value: role_sentence(role, page_language()) for role in Role}
