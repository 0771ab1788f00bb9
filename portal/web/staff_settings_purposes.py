"""Purposes: what information is used for, on which ground, and what stops when consent does (P-39.1, ss. 8, 12 and 14)."""

from __future__ import annotations

from typing import Any, cast

from flask import abort, request
from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from portal.domain.data_map import Basis, Purpose
from portal.domain.rights import Role
from portal.domain.settings import SettingKind, setting_key
from portal.domain.slugs import slug_of
from portal.web import access
from portal.web.languages import page_language
from portal.web.pages import effective, words
from portal.web.setting_edit import Editing, create, edit, show_empty
from portal.web.setting_forms import SettingForm, Value, line, said, text
from portal.wording.map_labels import basis_label

_BASES: tuple[Basis, ...] = (
    "consent",
    "contract",
    "legal_obligation",
    "security",
    "legitimate_interest",
    "consistent_purpose",
)


class PurposeForm(SettingForm):
    """One purpose."""

    label_fr = line(_l("Name, in French"))
    label_en = line(_l("Name, in English"))
    basis = RadioField(_l("Ground"), validate_choice=False)
    consequence_fr = text(_l("What stops when consent is withdrawn, in French"))
    consequence_en = text(_l("What stops when consent is withdrawn, in English"))

    def fill(self, value: Value) -> None:
        """Show a value."""
        self.show_both("label", value.get("label"))
        self.show_both("consequence", value.get("consequence"))
        self.basis.data = value.get("basis", "")

    def value(self) -> Value:
        """What was typed."""
        label = self.both("label") or {"fr": "", "en": ""}
        return {"label": label, "basis": self.basis.data or ""} | said({"consequence": self.both("consequence")})


@access.staff(Role.OFFICER)
def staff_settings_purpose(purpose: str) -> Any:
    """One purpose."""
    found = effective().data_map.purpose(purpose) or abort(404)
    return edit(_editing(found.id, found))


@access.staff(Role.OFFICER)
def staff_settings_purpose_new() -> Any:
    """Add a purpose."""
    form = PurposeForm(request.form if request.method == "POST" else None)
    _choices(form)
    id_ = slug_of(form.label_en.data or "") or slug_of(form.label_fr.data or "")
    if request.method != "POST":
        form.fill({})
        return show_empty(_editing("x", None), form)
    taken = words("There is something of this name already. Choose another name, or change that one.")
    return create(form, lambda made: _editing(made, None), id_ or "x", taken=taken)


def _editing(id_: str, found: Purpose | None) -> Editing:
    return Editing(
        key=setting_key(SettingKind.PURPOSE, id_),
        form=PurposeForm,
        template="staff_settings_purpose.html",
        endpoint="staff_settings_purpose",
        arguments={"purpose": id_},
        prepare=lambda form: _choices(cast("PurposeForm", form)),
        values={
            "purpose": found.label.in_(page_language()) if found else None,
            "in_service": found is not None and found.consent is not None,
        },
    )


def _choices(form: PurposeForm) -> None:
    form.basis.choices = [(basis, basis_label(basis, page_language())) for basis in _BASES]
