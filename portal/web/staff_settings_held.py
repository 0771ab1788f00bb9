"""What we hold: one form for each category, and one to add what lies in no database (design §2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask import abort, request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.config.problems import Problem, written_key
from portal.config.words import NO_CATEGORY_IDS
from portal.domain.data_map import Category, Origin, Table
from portal.domain.periods import Period, period
from portal.domain.rights import Role
from portal.domain.settings import SettingKind, id_of, setting_key
from portal.domain.slugs import slug_of
from portal.services.settings.rows import category_row
from portal.web import access
from portal.web.languages import page_language
from portal.web.pages import effective, words
from portal.web.purpose_fields import PurposeBeside
from portal.web.setting_edit import Editing, create, edit, show_empty
from portal.web.setting_forms import SettingForm, Value, line, said, text
from portal.wording.map_labels import origin_label
from portal.wording.periods import period_words

_WITHOUT_TABLE = ("origin", "sensitive", "system_fr", "system_en", "keeper")
"""Said by the officer where no database holds it; where one does, by the operator's map."""

_ORIGINS: tuple[Origin, ...] = ("given", "observed", "created", "inferred")
AS_IT_IS = "as_it_is"


class HeldForm(SettingForm):
    """One category, as the person in charge speaks of it (P-39.1, s. 8)."""

    FIELDS = {  # noqa: RUF012  # read only
        "outside_quebec.place.fr": "place_fr",
        "outside_quebec.place.en": "place_en",
        "outside_quebec.safeguards.fr": "safeguards_fr",
        "outside_quebec.safeguards.en": "safeguards_en",
    }
    BASE: Value = {}  # noqa: RUF012  # read only
    KEPT: tuple[Table, ...] = ()
    purpose: PurposeBeside
    """Another purpose, written here."""

    label_fr = line(_l("Name, in French"))
    label_en = line(_l("Name, in English"))
    purposes = SelectMultipleField(
        _l("Purposes"),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    system_fr = line(_l("Where it is kept, in French"))
    system_en = line(_l("Where it is kept, in English"))
    keeper = line(_l("E-mail address of who keeps it"))
    origin = RadioField(_l("Where it comes from"), validate_choice=False)
    sensitive = BooleanField(_l("It is sensitive: health, beliefs, biometrics or the like"))
    means_fr = text(_l("How it is collected, in French"))
    means_en = text(_l("How it is collected, in English"))
    seen_by_fr = text(_l("Who sees it here, in French"))
    seen_by_en = text(_l("Who sees it here, in English"))
    recipients_fr = text(_l("Who receives it outside, in French"))
    recipients_en = text(_l("Who receives it outside, in English"))
    place_fr = text(_l("Places outside Québec, in French"))
    place_en = text(_l("Places outside Québec, in English"))
    safeguards_fr = text(_l("What protects it there, in French"))
    safeguards_en = text(_l("What protects it there, in English"))
    retention_fr = text(_l("How long it is kept, in French"))
    retention_en = text(_l("How long it is kept, in English"))

    def __init__(self, *arguments: Any, **values: Any) -> None:
        """Read the purpose written here too."""
        super().__init__(*arguments, **values)
        self.purpose = PurposeBeside.sent()

    def beside(self) -> Mapping[str, Value]:
        """The purpose written here; the first one must be."""
        is_first = not self.purposes.choices
        return {self.purpose.key: self.purpose.value()} if self.purpose.is_typed or is_first else {}

    def show_beside(self, problems: Sequence[Problem]) -> None:
        """Put what is wrong with the purpose beside its fields."""
        self.purpose.show_problems(problems)

    def every_field(self) -> list[Any]:
        """The fields of the category, those of the purpose among them."""
        fields = list(self)
        place = fields.index(self.purposes) + 1
        return [*fields[:place], *self.purpose.every_field(), *fields[place:]]

    def validate(self, *arguments: Any, **values: Any) -> bool:
        """Check both, so that everything to mend is said at once."""
        well = super().validate(*arguments, **values) & self.purpose.validate()
        if self.beside():
            self.purpose.refuse_another_of_the_name()
        return bool(well and not self.purpose.refused)

    def fill(self, value: Value) -> None:
        """Show a value."""
        for name in _BOTH:
            if f"{name}_fr" in self:
                self.show_both(name, value.get(name))
        self.purposes.data = value.get("purposes", [])
        for name in _LISTS:
            self.show_lists(name, value.get(name, []))
        outside = value.get("outside_quebec", [])
        self.show_lists("place", [one["place"] for one in outside])
        self.show_lists("safeguards", [one["safeguards"] for one in outside])
        if "keeper" in self:
            self.keeper.data, self.origin.data = value.get("keeper", ""), value.get("origin", "given")
            self.sensitive.data = bool(value.get("sensitive"))
        for index, table in enumerate(self.KEPT):
            self._show_period(index, table.retention.keep if table.retention else Period(0, 0))

    def value(self) -> Value:
        """What was typed, over what is not asked here."""
        typed: Value = {name: self.both(name) for name in _BOTH if f"{name}_fr" in self}
        typed |= {name: self.lists(name) for name in _LISTS}
        places, safeguards = self.lists("place"), self.lists("safeguards")
        none = {"fr": "", "en": ""}
        outside = [
            {"place": _at(places, index) or none, "safeguards": _at(safeguards, index) or none}
            for index in range(max(len(places), len(safeguards)))
        ]
        purposes = [*(self.purposes.data or []), *(id_of(key) for key in self.beside())]
        whole = {**self.BASE, **typed, "purposes": list(dict.fromkeys(purposes)), "outside_quebec": outside}
        whole["keep"] = {str(table.name): self._period(index, table) for index, table in enumerate(self.KEPT)}
        if "keeper" in self:
            whole |= {"keeper": self.keeper.data, "origin": self.origin.data or "", "sensitive": self.sensitive.data}
        whole["label"] = whole["label"] or none
        return said(whole) | {"purposes": whole["purposes"], "origin": whole["origin"]}

    def _show_period(self, index: int, present: Period) -> None:
        number, unit = self[f"keep{index}_number"], self[f"keep{index}_unit"]
        if present.months and present.days:
            unit.data = AS_IT_IS
        elif present.months and present.months % 12 == 0:
            number.data, unit.data = str(present.months // 12), "Y"
        else:
            number.data, unit.data = str(present.months or present.days), "M" if present.months else "D"

    def _period(self, index: int, table: Table) -> str:
        """The period as portal.toml writes it; what is no number stays wrong, and is said to be."""
        number, unit = str(self[f"keep{index}_number"].data or ""), self[f"keep{index}_unit"].data
        if unit == AS_IT_IS and not number and table.retention:
            return table.retention.keep.iso()
        typed = f"P{number}{unit}"
        try:
            return period(typed).iso()
        except ValueError:
            return typed


_BOTH = ("label", "system", "means", "retention")
_LISTS = ("seen_by", "recipients")


@access.staff(Role.OFFICER)
def staff_settings_category(category: str) -> Any:
    """One category."""
    found = effective().data_map.category(category) or abort(404)
    return edit(_editing(found))


@access.staff(Role.OFFICER)
def staff_settings_category_new() -> Any:
    """Add what lies in no database: paper, a supplier's system, a shared drive."""
    form = HeldForm(request.form if request.method == "POST" else None)
    _choices(form)
    id_ = slug_of(form.label_en.data or "") or slug_of(form.label_fr.data or "")
    if request.method != "POST":
        form.fill({})
        return show_empty(_adding("x"), form)
    taken = words("There is something of this name already. Choose another name, or change that one.")
    return create(form, _adding, id_ or "x", taken=taken, reserved=id_ in NO_CATEGORY_IDS)


def _editing(found: Category) -> Editing:
    return Editing(
        key=setting_key(SettingKind.CATEGORY, found.id),
        form=_form_for(found),
        template="staff_settings_category.html",
        endpoint="staff_settings_category",
        arguments={"category": found.id},
        prepare=lambda form: _prepare(cast("HeldForm", form), found),
        values={"category": found.label.in_(page_language()), "tables": [str(table.name) for table in found.tables]},
    )


def _adding(id_: str) -> Editing:
    return Editing(
        key=setting_key(SettingKind.CATEGORY, id_),
        form=HeldForm,
        template="staff_settings_category.html",
        endpoint="staff_settings_category",
        arguments={"category": id_},
        values={"category": None, "tables": [], "kept": []},
    )


def _form_for(found: Category) -> type[HeldForm]:
    """The form of one category: a number and a unit for each table that has a period."""
    kept = tuple(table for table in found.tables if table.retention)
    fields: dict[str, Any] = {"BASE": category_row(found), "KEPT": kept, "FIELDS": dict(HeldForm.FIELDS)}
    for index, table in enumerate(kept):
        label = words("How long rows of %(table)s are kept", table=str(table.name))
        fields[f"keep{index}_number"] = line(label)
        fields[f"keep{index}_unit"] = SelectField(words("Days, months or years"), validate_choice=False)
        fields["FIELDS"][written_key(("keep", str(table.name)))] = f"keep{index}_number"
    return type("HeldFormOfOne", (HeldForm,), fields)


def _prepare(form: HeldForm, found: Category) -> None:
    """What may be chosen; what the operator's map says of tables is not asked."""
    _choices(form)
    for index, table in enumerate(form.KEPT):
        units = {"D": words("days"), "M": words("months"), "Y": words("years")}
        present = table.retention.keep if table.retention else Period(0, 0)
        if present.months and present.days:
            units[AS_IT_IS] = period_words(present, page_language())
        form[f"keep{index}_unit"].choices = list(units.items())
    for name in _WITHOUT_TABLE if found.tables else ():
        del form[name]


def _choices(form: HeldForm) -> None:
    language = page_language()
    form.purposes.choices = [(one.id, one.label.in_(language)) for one in effective().data_map.purposes]
    form.origin.choices = [(origin, origin_label(origin, language)) for origin in _ORIGINS]


def _at(texts: list[Value], index: int) -> Mapping[str, str] | None:
    return texts[index] if index < len(texts) else None
