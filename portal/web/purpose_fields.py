"""The fields of a purpose: on a page of its own, or beside what is held for it."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from portal.domain.data_map import Basis
from portal.domain.settings import SettingKind, setting_key
from portal.domain.slugs import slug_of
from portal.services.settings.changing import standing
from portal.web.access import portal, store
from portal.web.languages import page_language
from portal.web.pages import words
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
_UNNAMED = "x"


class PurposeForm(SettingForm):
    """One purpose."""

    label_fr = line(_l("Name, in French"))
    label_en = line(_l("Name, in English"))
    basis = RadioField(_l("Ground"), validate_choice=False)
    consequence_fr = text(_l("What stops when consent is withdrawn, in French"))
    consequence_en = text(_l("What stops when consent is withdrawn, in English"))

    def __init__(self, *arguments: Any, **values: Any) -> None:
        """Say the grounds in the page's language."""
        super().__init__(*arguments, **values)
        self.basis.choices = [(basis, basis_label(basis, page_language())) for basis in _BASES]

    def fill(self, value: Value) -> None:
        """Show a value."""
        self.show_both("label", value.get("label"))
        self.show_both("consequence", value.get("consequence"))
        self.basis.data = value.get("basis", "")

    def value(self) -> Value:
        """What was typed."""
        label = self.both("label") or {"fr": "", "en": ""}
        return {"label": label, "basis": self.basis.data or ""} | said({"consequence": self.both("consequence")})

    @property
    def id_(self) -> str:
        """What a new purpose is known by, made of its name."""
        return slug_of(self.label_en.data or "") or slug_of(self.label_fr.data or "") or _UNNAMED


class PurposeBeside(PurposeForm):
    """A purpose written in the form of what is held for it, so that nobody leaves that form to add one."""

    label_fr = line(_l("Name of the purpose, in French"))
    label_en = line(_l("Name of the purpose, in English"))

    @classmethod
    def sent(cls) -> PurposeBeside:
        """The fields as they were sent, or empty."""
        return cls(request.form if request.method == "POST" else None, prefix="purpose_")

    @property
    def is_typed(self) -> bool:
        """Whether anything was written in it."""
        return any((self[name].data or "").strip() for name in _TYPED)

    def every_field(self) -> list[Any]:
        """The fields in the order of the page."""
        return [self[name] for name in _TYPED]

    @property
    def key(self) -> str:
        """The setting it would be."""
        return setting_key(SettingKind.PURPOSE, self.id_)

    def refuse_another_of_the_name(self) -> None:
        """Say so when the name is that of a purpose that says otherwise."""
        there = standing(portal(), store(), self.key).value
        if there and there != self.value():
            self.refused = {"label_fr": words("There is a purpose of this name already. Choose it above.")}
            self.label_fr.errors = list(self.refused.values())


_TYPED = ("label_fr", "label_en", "basis", "consequence_fr", "consequence_en")
