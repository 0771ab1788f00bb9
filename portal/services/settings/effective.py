"""The settings in force: the operator's file first, what the officer wrote over it, kept ready until somebody changes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from portal.config.map_building import purpose_of, worded_category
from portal.config.map_shapes import OfficerCategoryShape, PurposeShape
from portal.config.officer import closed_day_of, contact_of, look_of, reminders_of, reply_of
from portal.config.settings import PrivacyContact
from portal.config.shapes import ContactShape, HolidayShape, OfficerLookShape, RemindersShape, ReplyShape
from portal.domain.data_map import Category, DataMap, Purpose
from portal.domain.languages import Text
from portal.domain.letters import LetterKind
from portal.domain.reminders import Reminders
from portal.domain.settings import ClosedDay, Look, ReplyParagraph, SettingKind, id_of, kind_of, setting_key
from portal.services.installation import Installation
from portal.services.settings.rows import Value, of_file
from portal.storage.settings import FROM_FILE, FROM_OFFICER, REVISION, Setting
from portal.storage.store import Store


@dataclass(frozen=True, slots=True)
class Effective:
    """What is in force today: who holds the information, whom to write to, and the map in the officer's words.

    `contact` is as people reach it today: while the person in charge is away its e-mail is the backup's.
    `in_charge` is the person in charge as recorded.
    """

    organisation: Text
    contact: PrivacyContact
    in_charge: PrivacyContact
    data_map: DataMap
    letters: Mapping[LetterKind, Text]
    """The organization's own paragraph, by the kind of letter that carries it."""
    holidays: tuple[ClosedDay, ...] = ()
    replies: tuple[ReplyParagraph, ...] = ()
    look: Look = field(default_factory=Look)
    four_eyes: bool = False
    """Whether a second officer approves each version before it is published."""
    two_people: bool = False
    """Whether one person prepares each answer and another decides."""
    reminders: Reminders = field(default_factory=Reminders)
    """On which days staff are reminded of a request."""
    figures_public: bool = False
    """Whether everybody may read how many requests there were and how they were answered."""


_kept: dict[tuple[int, int, date], tuple[Installation, Effective]] = {}
"""By installation, revision and day; the installation is held with it, so that its number cannot become another's."""


def fill_from_file(portal: Installation, store: Store) -> None:
    """Write the file's values where no officer has written: the file first, the officer after (design §2.8)."""
    now = portal.clock()
    present = store.settings.newest()
    changed = False
    for key, value in of_file(portal).items():
        found = present.get(key)
        if found and (found.origin == FROM_OFFICER or found.value == value):
            continue
        store.settings.write(key, value, origin=FROM_FILE, now=now)
        changed = True
        if key == setting_key(SettingKind.REMINDERS):
            look_anew(portal, store, now)
    if changed:
        store.marks.add(REVISION, now)


def look_anew(portal: Installation, store: Store, now: datetime) -> None:
    """The days of reminders changed: each open request is looked at from tomorrow on, so that none of its new days is missed."""
    store.requests.look_from(portal.today(now) + timedelta(days=1))


def in_effect(portal: Installation, store: Store) -> Effective:
    """The settings in force today, kept ready until somebody changes one or the day ends."""
    today = portal.today(portal.clock())
    key = (id(portal), store.marks.number(REVISION), today)
    found = _kept.get(key)
    if found is None:
        found = portal, _read(portal, store.settings.newest(), today)
        if len(_kept) > 8:
            _kept.clear()
        _kept[key] = found
    return found[1]


def last_known(portal: Installation) -> Effective:
    """The settings last read, or the file's: for the page that says the database is away."""
    kept = [found for owner, found in list(_kept.values()) if owner is portal]
    return kept[-1] if kept else _read(portal, {}, portal.today(portal.clock()))


def values_in_force(portal: Installation, rows: Mapping[str, Setting]) -> dict[str, Value]:
    """What each setting says: the file's, and over it the officer's rows; what is empty is gone."""
    values = of_file(portal)
    for key, row in rows.items():
        if row.origin == FROM_OFFICER and kind_of(key):
            values[key] = row.value
    return {key: value for key, value in values.items() if value}


def _read(portal: Installation, rows: Mapping[str, Setting], today: date) -> Effective:
    values = values_in_force(portal, rows)
    contact = contact_of(ContactShape.model_validate(values[setting_key(SettingKind.CONTACT)]))
    away = contact.is_away(today)
    return Effective(
        organisation=Text(**values[setting_key(SettingKind.ORGANISATION)]["name"]),
        contact=replace(contact, email=contact.backup or contact.email) if away else contact,
        in_charge=contact,
        data_map=_worded(portal.data_map, values),
        holidays=tuple(
            closed_day_of(HolidayShape.model_validate(one))
            for one in values.get(setting_key(SettingKind.HOLIDAYS), {}).get("days", ())
        ),
        look=look_of(OfficerLookShape.model_validate(values.get(setting_key(SettingKind.LOOK), {}))),
        four_eyes=bool(values.get(setting_key(SettingKind.APPROVAL), {}).get("four_eyes")),
        two_people=bool(values.get(setting_key(SettingKind.APPROVAL), {}).get("two_people")),
        figures_public=bool(values.get(setting_key(SettingKind.FIGURES), {}).get("public")),
        reminders=reminders_of(RemindersShape.model_validate(values.get(setting_key(SettingKind.REMINDERS), {}))),
        replies=tuple(
            reply_of(ReplyShape.model_validate(one))
            for one in values.get(setting_key(SettingKind.REPLIES), {}).get("paragraphs", ())
        ),
        letters=_letters(_of_kind(values, SettingKind.LETTER)),
    )


def _letters(values: Mapping[str, Value]) -> Mapping[LetterKind, Text]:
    known = {kind.value: kind for kind in LetterKind}
    return {known[id_]: Text(**value["paragraph"]) for id_, value in values.items() if id_ in known}


def _worded(data_map: DataMap, values: Mapping[str, Value]) -> DataMap:
    """The operator's map with the officer's words laid over it, and what the officer added behind it."""
    return replace(
        data_map,
        categories=tuple(_categories(data_map, _of_kind(values, SettingKind.CATEGORY))),
        purposes=tuple(_purposes(data_map, _of_kind(values, SettingKind.PURPOSE))),
    )


def _of_kind(values: Mapping[str, Value], kind: SettingKind) -> dict[str, Value]:
    return {id_of(key): value for key, value in values.items() if kind_of(key) is kind}


def _categories(data_map: DataMap, values: Mapping[str, Value]) -> list[Category]:
    of_map = [_category(category, values.get(category.id)) for category in data_map.categories]
    added = [_added(id_, value) for id_, value in values.items() if data_map.category(id_) is None]
    return [*of_map, *added]


def _category(category: Category, value: Value | None) -> Category:
    return worded_category(category, OfficerCategoryShape.model_validate(value)) if value else category


def _added(id_: str, value: Value) -> Category:
    return worded_category(Category(id_, Text("", "")), OfficerCategoryShape.model_validate(value))


def _purposes(data_map: DataMap, values: Mapping[str, Value]) -> list[Purpose]:
    of_map = [_purpose(one.id, values[one.id], one) if one.id in values else one for one in data_map.purposes]
    added = [_purpose(id_, value, None) for id_, value in values.items() if data_map.purpose(id_) is None]
    return [*of_map, *added]


def _purpose(id_: str, value: Value, of_map: Purpose | None) -> Purpose:
    """The officer's words; where the service records the answer stays the operator's to say."""
    return replace(purpose_of(_shaped(id_, value)), consent=of_map.consent if of_map else None)


def _shaped(id_: str, value: dict[str, Any]) -> PurposeShape:
    return PurposeShape.model_validate({"id": id_, **value})
