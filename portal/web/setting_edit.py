"""How a page of a setting works: shown with its history, refused beside each field, never over a colleague's change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from flask import redirect, request

from portal.domain.languages import Language
from portal.domain.people import StaffMember
from portal.domain.settings import SettingKind, kind_of
from portal.services.in_charge import change
from portal.services.settings.changing import (
    Change,
    SettingConflict,
    SettingUnfit,
    Standing,
    history,
    standing,
    unfit,
)
from portal.services.settings.periods import COUNTED_TO, Shortens, Shorter, named
from portal.web import access
from portal.web.access import now, portal, store, viewer
from portal.web.languages import page_language, url
from portal.web.pages import effective, page, words
from portal.web.setting_forms import SettingForm
from portal.wording.numbers import number
from portal.wording.periods import period_words
from portal.wording.setting_words import Part, setting_parts


@dataclass(frozen=True, slots=True)
class Editing:
    """One setting, its form and its template. `prepare` gives the form what may be chosen; `values` go to the template."""

    key: str
    form: type[SettingForm]
    template: str
    endpoint: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[SettingForm], None] | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShorterLine:
    """One period made shorter, in words."""

    table: str
    present: str
    coming: str
    rows: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of a setting before and after."""

    label: str
    before: str
    after: str
    language: Language | None


@dataclass(frozen=True, slots=True)
class PastChange:
    """One line of a history in words."""

    row: int
    at: datetime
    who: str
    sentence: str
    differences: list[Difference]
    in_force: bool


def edit(editing: Editing) -> Any:
    """Answer a GET or a POST of a setting's page."""
    if request.method != "POST":
        form = _prepared(editing, editing.form(None))
        found = standing(portal(), store(), editing.key)
        form.fill(found.value)
        return show(editing, form, found)
    form = _prepared(editing, editing.form(request.form))
    return _sent(editing, form, seen=form.seen())


def show_empty(editing: Editing, form: SettingForm) -> Any:
    """The page that adds one of many, before anything is typed."""
    form.version.data = "0"
    return show(editing, form, Standing(editing.key, {}, 0, None, None, of_officer=False, of_file={}))


def create(
    form: SettingForm, editing: Callable[[str], Editing], id_: str, *, taken: str, reserved: bool = False
) -> Any:
    """Answer the POST of a page that adds one of many, whose id was made of its name.

    `taken`: the sentence when another has that id. The same sent twice finds what the first made.
    """
    made = editing(id_)
    found = standing(portal(), store(), made.key)
    if reserved or (found.value and found.value != form.value()):
        form.validate()
        form["label_fr"].errors = [taken]
        return show(made, form, Standing(made.key, {}, 0, None, None, of_officer=False, of_file={}), status=422)
    return _sent(made, form, seen=found.version)


def _sent(editing: Editing, form: SettingForm, *, seen: int) -> Any:
    """Write what was sent, or say what is wrong, what it would destroy, or what a colleague wrote meanwhile."""
    well = form.validate() and not form.refused
    for name, sentence in form.refused.items():
        form[name].errors = [sentence]
    try:
        changed = _changed(editing, form, seen, well=well)
    except SettingUnfit as error:
        apart = form.show_problems(error.problems)
        form.show_beside(error.beside)
        return show(editing, form, standing(portal(), store(), editing.key), status=422, apart=apart)
    except Shortens as error:
        return ask_to_shorten(error.shorter)
    except SettingConflict:
        access.let_go()
        return show(editing, form, standing(portal(), store(), editing.key), status=409, conflict=True)
    return redirect(url(editing.endpoint, **editing.arguments, saved="1" if changed else "0"), 303)


def _changed(editing: Editing, form: SettingForm, seen: int, *, well: bool) -> bool:
    """Whether what was typed differs from what was said; it counts from now on."""
    value, beside = form.value(), form.beside()
    if not well:
        raise unfit(portal(), store(), editing.key, value, beside)
    return change(
        portal(),
        store(),
        member(),
        editing.key,
        value,
        seen=seen,
        confirmed=form.confirmed.data or "",
        beside=beside,
        now=now(),
    )


def ask_to_shorten(shorter: Sequence[Shorter]) -> Any:
    """What a shorter period destroys, and a button that sends the same form again with the confirmation."""
    language = page_language()
    lines = [
        ShorterLine(
            table=one.table,
            present=period_words(one.present, language),
            coming=period_words(one.coming, language),
            rows=_counted(one),
        )
        for one in shorter
    ]
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_AGAIN]
    return page(
        "staff_settings_shorter.html",
        status=422,
        lines=lines,
        typed=typed,
        confirmed=named(shorter),
        countable=all(one.rows is not None for one in shorter),
    )


def _counted(one: Shorter) -> str:
    if one.rows is None:
        return words("cannot be counted right now")
    if one.more:
        return words("more than %(number)s", number=number(COUNTED_TO, page_language()))
    return number(one.rows, page_language())


_NOT_AGAIN = frozenset({"csrf_token", "confirmed"})


def show(
    editing: Editing,
    form: SettingForm,
    found: Standing,
    *,
    status: int = 200,
    apart: list[tuple[str, str | None]] | None = None,
    conflict: bool = False,
) -> Any:
    """The page of a setting. After a conflict the form carries the present version: sent again, it counts."""
    kind = cast("SettingKind", kind_of(editing.key))
    if conflict or not form.version.data:
        form.version.data = str(found.version)
    return page(
        editing.template,
        status=status,
        form=form,
        apart=apart or [],
        setting=found,
        conflict=conflict,
        present=parts_of(kind, found.value) if conflict else [],
        of_file=_differences(kind, found.value, found.of_file) if found.of_file and found.differs else [],
        past=past_changes(editing.key) if found.value or found.version else [],
        saved=request.args.get("saved") if status == 200 else None,
        **editing.values,
    )


def past_changes(key: str) -> list[PastChange]:
    """The history of a setting, newest first, in words."""
    kind = cast("SettingKind", kind_of(key))
    return [
        PastChange(
            row=one.row,
            at=one.at,
            who=one.by or words("The file portal.toml"),
            sentence=_sentence(one),
            differences=_differences(kind, one.before, one.value),
            in_force=one.in_force,
        )
        for one in history(store(), key)
    ]


def parts_of(kind: SettingKind, value: Mapping[str, Any]) -> list[Part]:
    """What a setting says, in the page's language."""
    names = {purpose.id: purpose.label.in_(page_language()) for purpose in effective().data_map.purposes}
    return setting_parts(kind, value, page_language(), names)


def member() -> StaffMember:
    """The officer who looks."""
    return cast("StaffMember", viewer().member)


def _prepared(editing: Editing, form: SettingForm) -> SettingForm:
    if editing.prepare:
        editing.prepare(form)
    return form


def _sentence(one: Change) -> str:
    if not one.before:
        return words("Written for the first time.")
    if not one.value:
        return words("Removed.")
    if one.is_file and one.by:
        return words("Given back to the file.")
    return words("Changed.")


def _differences(kind: SettingKind, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Each part that two values say differently; what is said for the first time has no before."""
    old = {part.name: part for part in parts_of(kind, before)}
    new = {part.name: part for part in parts_of(kind, after)}
    both = {**old, **new}
    return [
        Difference(
            part.label, old[name].text if name in old else "", new[name].text if name in new else "", part.language
        )
        for name, part in both.items()
        if (old[name].text if name in old else "") != (new[name].text if name in new else "")
    ]
