"""The officer's settings: first filled from the operator's file, then rows with history that every page reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from portal.config.settings import PrivacyContact
from portal.domain.data_map import Category, DataMap, Purpose
from portal.domain.languages import Text
from portal.services.installation import Installation
from portal.storage.settings import FROM_FILE, FROM_OFFICER, REVISION
from portal.storage.store import Store

CONTACT, ORGANISATION, CATEGORIES, PURPOSES = "contact", "organisation", "categories", "purposes"


@dataclass(frozen=True, slots=True)
class Effective:
    """What is in force now: who holds the information, whom to write to, and the map in the officer's words."""

    organisation: Text
    contact: PrivacyContact
    data_map: DataMap


_kept: dict[tuple[int, int], tuple[Installation, Effective]] = {}
"""By installation and revision; the installation is held with it, so that its number cannot become another's."""


def fill_from_file(portal: Installation, store: Store) -> None:
    """Write the file's values where no officer has written: the file first, the officer after (design §2.8)."""
    now = portal.clock()
    present = store.settings.origins()
    changed = False
    for key, value in _of_file(portal).items():
        origin, written = present.get(key, (FROM_FILE, None))
        if origin == FROM_OFFICER or written == value:
            continue
        store.settings.write(key, value, origin=FROM_FILE, now=now)
        changed = True
    if changed:
        store.marks.add(REVISION, now)


def in_effect(portal: Installation, store: Store) -> Effective:
    """The settings in force, kept ready until somebody changes one."""
    key = (id(portal), store.marks.number(REVISION))
    found = _kept.get(key)
    if found is None:
        found = portal, _read(portal, store.settings.all() or _of_file(portal))
        if len(_kept) > 8:
            _kept.clear()
        _kept[key] = found
    return found[1]


def last_known(portal: Installation) -> Effective:
    """The settings last read, or the file's: for the page that says the database is away."""
    kept = [found for owner, found in list(_kept.values()) if owner is portal]
    return kept[-1] if kept else _read(portal, _of_file(portal))


def _of_file(portal: Installation) -> dict[str, Any]:
    settings, contact = portal.settings, portal.settings.privacy_contact
    return {
        ORGANISATION: {"name": _plain(settings.organisation.name)},
        CONTACT: {
            "title": _plain(contact.title),
            "email": contact.email,
            "phone": contact.phone,
            "address": contact.address,
            "backup": contact.backup,
        },
        CATEGORIES: {category.id: _category_words(category) for category in settings.data_map.categories},
        PURPOSES: {purpose.id: _purpose_words(purpose) for purpose in settings.data_map.purposes},
    }


def _category_words(category: Category) -> dict[str, Any]:
    return {
        "label": _plain(category.label),
        "means": _plain(category.means),
        "seen_by": [_plain(text) for text in category.seen_by],
        "recipients": [_plain(text) for text in category.recipients],
    }


def _purpose_words(purpose: Purpose) -> dict[str, Any]:
    return {"label": _plain(purpose.label), "consequence": _plain(purpose.consequence)}


def _plain(text: Text | None) -> dict[str, str] | None:
    return {"fr": text.fr, "en": text.en} if text else None


def _read(portal: Installation, rows: dict[str, Any]) -> Effective:
    contact = rows[CONTACT]
    return Effective(
        organisation=Text(**rows[ORGANISATION]["name"]),
        contact=PrivacyContact(**contact | {"title": Text(**contact["title"])}),
        data_map=_worded(portal.data_map, rows[CATEGORIES], rows[PURPOSES]),
    )


def _worded(data_map: DataMap, categories: dict[str, Any], purposes: dict[str, Any]) -> DataMap:
    """The operator's map with the officer's words laid over it; what the officer never saw keeps the file's words."""
    return replace(
        data_map,
        categories=tuple(
            _worded_category(category, categories.get(category.id, _category_words(category)))
            for category in data_map.categories
        ),
        purposes=tuple(
            _worded_purpose(purpose, purposes.get(purpose.id, _purpose_words(purpose))) for purpose in data_map.purposes
        ),
    )


def _worded_category(category: Category, words: dict[str, Any]) -> Category:
    return replace(
        category,
        label=Text(**words["label"]),
        means=_text(words["means"]),
        seen_by=tuple(Text(**text) for text in words["seen_by"]),
        recipients=tuple(Text(**text) for text in words["recipients"]),
    )


def _worded_purpose(purpose: Purpose, words: dict[str, Any]) -> Purpose:
    return replace(purpose, label=Text(**words["label"]), consequence=_text(words["consequence"]))


def _text(plain: dict[str, str] | None) -> Text | None:
    return Text(**plain) if plain else None
