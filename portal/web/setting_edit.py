"""How a page of a setting works: shown with its history, refused beside each field, never over a colleague's change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from flask import redirect, request

from portal.domain.languages import Language
from portal.domain.people import StaffMember
from portal.domain.settings import SettingKind, kind_of
from portal.services.settings.changing import (
    Change,
    SettingConflict,
    Standing,
    change,
    history,
    standing,
)
from portal.services.settings.checking import wrong_with
from portal.web import access
from portal.web.access import now, portal, store, viewer
from portal.web.languages import page_language, url
from portal.web.pages import effective, page, words
from portal.web.setting_forms import SettingForm
from portal.wording.setting_words import Part, setting_parts


@dataclass(frozen=True, slots=True)
class Editing:
    """One setting, its form and its template. `prepare` gives the form what may be chosen; `values` go to the template."""

    key: str
    form: type[SettingForm]
    template: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[SettingForm], None] | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


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
    well = form.validate()
    apart = form.show_problems(wrong_with(portal(), store(), editing.key, form.value()))
    if not well or apart or form.errors or any(one.errors for one in form):
        return show(editing, form, standing(portal(), store(), editing.key), status=422, apart=apart)
    return _write(editing, form)


def _write(editing: Editing, form: SettingForm) -> Any:
    try:
        changed = change(store(), member(), editing.key, form.value(), seen=form.seen(), now=now())
    except SettingConflict:
        access.let_go()
        return show(editing, form, standing(portal(), store(), editing.key), status=409, conflict=True)
    return redirect(url(request.endpoint or "", **editing.arguments, saved="1" if changed else "0"), 303)


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
        past=past_changes(editing.key),
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
