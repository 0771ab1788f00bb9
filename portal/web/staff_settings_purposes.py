"""Purposes: what information is used for, on which ground, and what stops when consent does (P-39.1, ss. 8, 12 and 14)."""

from __future__ import annotations

from typing import Any

from flask import abort, request

from portal.domain.data_map import Purpose
from portal.domain.rights import Role
from portal.domain.settings import SettingKind, setting_key
from portal.web import access
from portal.web.languages import page_language
from portal.web.pages import effective, words
from portal.web.purpose_fields import PurposeForm
from portal.web.setting_edit import Editing, create, edit, show_empty


@access.staff(Role.OFFICER)
def staff_settings_purpose(purpose: str) -> Any:
    """One purpose."""
    found = effective().data_map.purpose(purpose) or abort(404)
    return edit(_editing(found.id, found))


@access.staff(Role.OFFICER)
def staff_settings_purpose_new() -> Any:
    """Add a purpose."""
    form = PurposeForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        form.fill({})
        return show_empty(_editing("x", None), form)
    taken = words("There is something of this name already. Choose another name, or change that one.")
    return create(form, lambda made: _editing(made, None), form.id_, taken=taken)


def _editing(id_: str, found: Purpose | None) -> Editing:
    return Editing(
        key=setting_key(SettingKind.PURPOSE, id_),
        form=PurposeForm,
        template="staff_settings_purpose.html",
        endpoint="staff_settings_purpose",
        arguments={"purpose": id_},
        values={
            "purpose": found.label.in_(page_language()) if found else None,
            "in_service": found is not None and found.consent is not None,
        },
    )
