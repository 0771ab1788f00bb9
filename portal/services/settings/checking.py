"""What is wrong with a setting before it is written: the shapes of portal.toml, and what must agree with the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from portal.config.map_shapes import OfficerCategoryShape, PurposeShape
from portal.config.officer import contact_of
from portal.config.problems import Problem, Problems
from portal.config.reading import Shape, piece, pieces
from portal.config.sections import days_differ
from portal.config.shapes import (
    ApprovalShape,
    ContactShape,
    HolidayShape,
    OfficerLookShape,
    RemindersShape,
    ReplyShape,
)
from portal.domain.data_map import DataMap
from portal.domain.languages import LANGUAGES
from portal.domain.letters import CODE_LETTERS, LONGEST_PARAGRAPH, looks_like_a_code, unfit_for_a_letter
from portal.domain.settings import SettingKind, id_of, kind_of, setting_key
from portal.services.installation import Installation
from portal.services.settings.effective import in_effect
from portal.services.settings.rows import Value
from portal.storage.store import Store

_FILE = "portal.toml"
_BY_SHAPE_ALONE: Mapping[SettingKind | None, type[Shape]] = {
    SettingKind.APPROVAL: ApprovalShape,
    SettingKind.REMINDERS: RemindersShape,
}
"""Settings that agree with the rest as soon as they are well written."""


def wrong_with(
    portal: Installation, store: Store, key: str, value: Value, *, beside: Collection[str] = ()
) -> Sequence[Problem]:
    """Every problem of a setting that an officer wrote, each at its key; none when it may be kept.

    `beside`: the keys of what is written in the same act, so that this one may name it.
    """
    problems = Problems(_FILE)
    kind = kind_of(key)
    if kind is SettingKind.CONTACT:
        _contact(value, portal.today(portal.clock()), problems)
    elif kind is SettingKind.CATEGORY:
        _category(in_effect(portal, store).data_map, id_of(key), value, beside, problems)
    elif kind is SettingKind.PURPOSE:
        _purpose(in_effect(portal, store).data_map, id_of(key), value, problems)
    elif kind in {SettingKind.HOLIDAYS, SettingKind.REPLIES}:
        _lists(value, problems)
    elif kind is SettingKind.LOOK:
        _look(store, piece(OfficerLookShape, value, (), problems), problems)
    elif kind in _BY_SHAPE_ALONE:
        piece(_BY_SHAPE_ALONE[kind], value, (), problems)
    elif kind is SettingKind.LETTER:
        _paragraph(id_of(key), value, problems)
    return problems.all()


def _lists(value: Value, problems: Problems) -> None:
    """Days closed, or ready paragraphs."""
    days = [shape for _, shape in pieces(HolidayShape, value.get("days", []), ("days",), problems)]
    days_differ(days, ("days",), problems)
    pieces(ReplyShape, value.get("paragraphs", []), ("paragraphs",), problems)


def _paragraph(letter: str, value: Value, problems: Problems) -> None:
    """The organization's own paragraph in a letter: in both languages or in none, and nothing that could mislead."""
    texts = value.get("paragraph") or {}
    for language in LANGUAGES if texts else ():
        text, key = str(texts.get(language) or ""), ("paragraph", language)
        if not text.strip():
            problems.add(key, "missing", expected="words in both languages")
        elif unfit_for_a_letter(text):
            problems.add(key, "paragraph_unfit")
        elif len(text) > LONGEST_PARAGRAPH:
            problems.add(key, "paragraph_long", longest=str(LONGEST_PARAGRAPH))
        elif letter in CODE_LETTERS and looks_like_a_code(text):
            problems.add(key, "paragraph_code")


def _contact(value: Value, today: date, problems: Problems) -> None:
    """A delegation made in writing was made by today (P-39.1, s. 3.1)."""
    shape = piece(ContactShape, value, (), problems)
    delegated = contact_of(shape).delegated_on if shape else None
    if delegated and delegated > today:
        problems.add(("delegated_on",), "later_than_today")


def _category(data_map: DataMap, id_: str, value: Value, beside: Collection[str], problems: Problems) -> None:
    if not value:
        return
    shape = piece(OfficerCategoryShape, value, (), problems)
    for index, purpose in enumerate(shape.purposes if shape else ()):
        if data_map.purpose(purpose) is None and setting_key(SettingKind.PURPOSE, purpose) not in beside:
            problems.add(("purposes", index), "unknown_name", list="purposes")
    there = data_map.category(id_)
    if there and there.tables:
        return
    for name in ("system", "keeper", "retention"):
        if value.get(name) is None:
            problems.add((name,), "missing", expected=name)


def _purpose(data_map: DataMap, id_: str, value: Value, problems: Problems) -> None:
    if not value:
        for category in data_map.categories:
            if id_ in category.purposes:
                problems.add((), "purpose_used")
        return
    shape = piece(PurposeShape, {"id": id_, **value}, (), problems)
    if shape and shape.basis == "consent" and shape.consequence is None:
        problems.add(("consequence",), "consent_consequence")
    there = data_map.purpose(id_)
    if shape and there and there.consent and shape.basis != "consent":
        problems.add(("basis",), "consent_basis")


def _look(store: Store, shape: OfficerLookShape | None, problems: Problems) -> None:
    """The picture named is kept here, as large as it is said to be."""
    if shape is None or shape.logo is None:
        return
    picture = store.pictures.one(shape.logo.digest)
    if picture is None or (picture.width, picture.height) != (shape.logo.width, shape.logo.height):
        problems.add(("logo",), "wrong", expected="a picture kept here")
