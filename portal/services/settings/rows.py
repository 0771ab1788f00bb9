"""Settings as rows hold them: plain values in the shapes of portal.toml, and what the operator's file says of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.config.settings import PrivacyContact
from portal.domain.data_map import Category, OutsideQuebec, Purpose
from portal.domain.languages import Text
from portal.domain.reminders import Reminders
from portal.domain.settings import ClosedDay, ReplyParagraph, SettingKind, setting_key
from portal.services.installation import Installation

Value = dict[str, Any]
"""One setting as its row keeps it. An empty one says that there is no such thing any more."""


def of_file(portal: Installation) -> dict[str, Value]:
    """What the operator's file says, by key."""
    settings = portal.settings
    found = {
        setting_key(SettingKind.ORGANISATION): {"name": text_row(settings.organisation.name)},
        setting_key(SettingKind.CONTACT): contact_row(settings.privacy_contact),
    }
    found |= {setting_key(SettingKind.CATEGORY, one.id): category_row(one) for one in settings.data_map.categories}
    if settings.holidays:
        found[setting_key(SettingKind.HOLIDAYS)] = holidays_row(settings.holidays)
    if settings.look.accent:
        found[setting_key(SettingKind.LOOK)] = {"accent": settings.look.accent}
    approval = approval_row(four_eyes=settings.four_eyes, two_people=settings.two_people)
    if approval:
        found[setting_key(SettingKind.APPROVAL)] = approval
    if settings.reminders != Reminders():
        found[setting_key(SettingKind.REMINDERS)] = reminders_row(settings.reminders)
    if settings.replies:
        found[setting_key(SettingKind.REPLIES)] = replies_row(settings.replies)
    return found | {setting_key(SettingKind.PURPOSE, one.id): purpose_row(one) for one in settings.data_map.purposes}


def approval_row(*, four_eyes: bool, two_people: bool) -> Value:
    """What a second person sees before it counts; nothing said is no."""
    asked = {"four_eyes": four_eyes, "two_people": two_people}
    return {name: True for name, wanted in asked.items() if wanted}


def reminders_row(reminders: Reminders) -> Value:
    """When staff are reminded, whole: what is not said would be the usual, and no days at all is something said."""
    return {
        "days": list(reminders.days),
        "half_time": reminders.half_time,
        "backup": list(reminders.backup),
        "unopened": reminders.unopened,
    }


def contact_row(contact: PrivacyContact) -> Value:
    """The person in charge."""
    away = None
    if contact.away_from and contact.away_to:
        away = {"from": contact.away_from.isoformat(), "to": contact.away_to.isoformat()}
    return _said(
        {
            "title": text_row(contact.title),
            "name": contact.name,
            "email": contact.email,
            "phone": contact.phone,
            "address": contact.address,
            "backup": contact.backup,
            "away": away,
            "delegated_on": contact.delegated_on.isoformat() if contact.delegated_on else None,
            "delegation": contact.delegation,
        }
    )


def category_row(category: Category) -> Value:
    """What the officer may say of a category. `keep`: how long each table's rows are kept, by the table's name."""
    return _said(
        {
            "label": text_row(category.label),
            "purposes": list(category.purposes),
            "origin": category.origin,
            "means": text_row(category.means),
            "seen_by": [text_row(text) for text in category.seen_by],
            "recipients": [text_row(text) for text in category.recipients],
            "sensitive": category.sensitive,
            "outside_quebec": [_outside(place) for place in category.outside_quebec],
            "system": text_row(category.system),
            "keeper": category.keeper,
            "retention": text_row(category.retention),
            "keep": {str(table.name): table.retention.keep.iso() for table in category.tables if table.retention},
        }
    )


def purpose_row(purpose: Purpose) -> Value:
    """What the officer may say of a purpose."""
    return _said(
        {"label": text_row(purpose.label), "basis": purpose.basis, "consequence": text_row(purpose.consequence)}
    )


def holidays_row(days: Sequence[ClosedDay]) -> Value:
    """The days closed."""
    return _said({"days": [{"day": one.day.isoformat(), "name": text_row(one.name)} for one in days]})


def replies_row(paragraphs: Sequence[ReplyParagraph]) -> Value:
    """The ready paragraphs."""
    return _said({"paragraphs": [{"name": text_row(one.name), "text": text_row(one.text)} for one in paragraphs]})


def _outside(place: OutsideQuebec) -> Value:
    return {"place": text_row(place.place), "safeguards": text_row(place.safeguards)}


def text_row(text: Text | None) -> dict[str, str] | None:
    """Words in both languages, or None."""
    return {"fr": text.fr, "en": text.en} if text else None


def _said(value: Mapping[str, Any]) -> Value:
    """Only what is said: two rows that say the same are equal."""
    return {name: inner for name, inner in value.items() if inner is not None and inner not in ({}, [], "")}
