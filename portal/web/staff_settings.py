"""The officer's settings at a glance: what each says, who wrote it and when, and whether the file says the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, redirect, request
from wtforms import HiddenField

from portal.domain.rights import Role
from portal.domain.settings import SettingKind, id_of, kind_of
from portal.services.in_charge import undo
from portal.services.settings.changing import (
    SettingConflict,
    SettingUnfit,
    Standing,
    standing,
    standings,
)
from portal.services.settings.periods import Shortens
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.errors import refusal
from portal.web.forms import PageForm
from portal.web.languages import page_language, url
from portal.web.numbers import id_or_none
from portal.web.pages import page, words
from portal.web.setting_edit import ask_to_shorten, member
from portal.web.setting_forms import problem_sentence
from portal.wording.setting_words import in_short, name_of

THE_FILE = "file"
"""Stands for a row when a setting is given back to the file."""


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting in the list."""

    name: str
    href: str
    said: str
    who: str
    at: datetime | None
    file: str
    differs: bool


class UndoForm(PageForm):
    """Which row of which setting to say again, and the row it stands on."""

    key = HiddenField()
    row = HiddenField()
    version = HiddenField()
    confirmed = HiddenField()


@access.staff(Role.OFFICER)
def staff_settings() -> Any:
    """Every setting the officer owns."""
    found = standings(portal(), store())
    lines = {kind: [_line(one) for key, one in found.items() if kind_of(key) is kind] for kind in SettingKind}
    return page(
        "staff_settings.html",
        in_charge=lines[SettingKind.CONTACT],
        categories=lines[SettingKind.CATEGORY],
        purposes=lines[SettingKind.PURPOSE],
        others=[_line(found.get(kind.value) or standing(portal(), store(), kind.value)) for kind in _OTHERS],
        differing=sum(line.differs for kind in lines.values() for line in kind),
    )


@access.with_fresh_proof(when=lambda: request.form.get("key") == SettingKind.CONTACT.value)
@access.staff(Role.OFFICER)
def staff_settings_undo() -> Any:
    """Say again what an older row said, or let the file say it."""
    form = UndoForm(request.form)
    key, seen = form.key.data or "", id_or_none(form.version.data) or 0
    kind = kind_of(key) or abort(404)
    if kind not in PAGES:
        abort(404)
    row = None if form.row.data == THE_FILE else id_or_none(form.row.data) or 0
    try:
        undo(portal(), store(), member(), key, row, seen=seen, confirmed=form.confirmed.data or "", now=now())
    except LookupError:
        abort(404)
    except SettingUnfit as error:
        return _no_longer(key, problem_sentence(error.problems[0], ""))
    except Shortens as error:
        return ask_to_shorten(error.shorter)
    except SettingConflict:
        access.let_go()
        return _meanwhile(key)
    gone = kind is not SettingKind.LETTER and bool(PAGES[kind][1]) and not standing(portal(), store(), key).value
    return redirect(url("staff_settings") if gone else _href(key, saved="1"), 303)


def _meanwhile(key: str) -> Any:
    return refusal(
        409,
        words("This setting has changed meanwhile"),
        words("Nothing was put back. Look at where it stands now, then decide."),
        [(words("See the setting"), _href(key))],
    )


def _no_longer(key: str, why: str) -> Any:
    return refusal(
        422,
        words("This cannot be done"),
        why,
        [(words("See the setting"), _href(key))],
    )


def _line(found: Standing) -> SettingLine:
    kind = kind_of(found.key) or SettingKind.CONTACT
    if not found.of_officer:
        file = words("Follows the file")
    elif not found.of_file:
        file = words("Not in the file")
    else:
        file = words("Differs from the file") if found.differs else words("Same as the file")
    return SettingLine(
        name=_name(kind, found),
        href=_href(found.key) if kind in PAGES else "",
        said=in_short(kind, found.value, page_language()),
        who=found.by or words("The file portal.toml"),
        at=found.at,
        file=file,
        differs=found.of_officer and found.differs,
    )


def _name(kind: SettingKind, found: Standing) -> str:
    if kind is SettingKind.CONTACT:
        return words("Person in charge")
    if kind is SettingKind.HOLIDAYS:
        return words("Days we are closed")
    if kind is SettingKind.REPLIES:
        return words("Ready paragraphs")
    if kind is SettingKind.LOOK:
        return words("Logo and colour")
    if kind is SettingKind.REMINDERS:
        return words("Days of reminders")
    if kind is SettingKind.APPROVAL:
        return words("A second pair of eyes")
    return name_of(found.value or found.of_file, page_language())


PAGES = {
    SettingKind.CONTACT: ("staff_settings_contact", ""),
    SettingKind.CATEGORY: ("staff_settings_category", "category"),
    SettingKind.PURPOSE: ("staff_settings_purpose", "purpose"),
    SettingKind.HOLIDAYS: ("staff_settings_holidays", ""),
    SettingKind.REPLIES: ("staff_settings_replies", ""),
    SettingKind.LOOK: ("staff_settings_look", ""),
    SettingKind.APPROVAL: ("staff_settings_approval", ""),
    SettingKind.REMINDERS: ("staff_settings_reminders", ""),
    SettingKind.FIGURES: ("staff_transparency", ""),
    SettingKind.LETTER: ("staff_letter_kind", "kind"),
}
_OTHERS = (SettingKind.HOLIDAYS, SettingKind.REPLIES, SettingKind.LOOK, SettingKind.APPROVAL, SettingKind.REMINDERS)
"""The page of each kind of setting, and the name its address gives the id."""


def _href(key: str, **arguments: str) -> str:
    kind = kind_of(key)
    endpoint, name = PAGES[kind] if kind else ("staff_settings", "")
    return url(endpoint, **({name: id_of(key)} if name else {}), **arguments)
