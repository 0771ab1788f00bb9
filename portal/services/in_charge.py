"""A new person in charge gives each document in force a new version of the same text (P-39.1, ss. 3.1 and 8.2).

The texts name nobody: placeholders are filled in when a page is shown. Without a version of its own, the change would
leave no trace where people look for what changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count

from portal.domain.languages import Text
from portal.domain.people import StaffMember
from portal.domain.policies import DOCUMENTS, Document, Version
from portal.domain.settings import SettingKind, setting_key
from portal.services import policies, settings
from portal.services.installation import Installation
from portal.services.settings import changing
from portal.services.settings.rows import Value
from portal.storage.store import Store

SUMMARY = Text(
    fr="La personne responsable de la protection des renseignements personnels, ou la façon de la joindre, a changé."
    " Le reste du texte est le même.",
    en="The person in charge of the protection of personal information, or how to reach them, changed."
    " The rest of the text is the same.",
)
"""What such a version says of itself."""

_PUBLISHED = ("title", "name", "email", "phone", "address")
"""What people read of the person in charge; a delegation or an absence changes no text."""


def change(
    portal: Installation,
    store: Store,
    member: StaffMember,
    key: str,
    value: Value,
    *,
    seen: int,
    confirmed: str = "",
    beside: Mapping[str, Value] | None = None,
    now: datetime,
) -> bool:
    """Write a setting as `settings.changing.change` does, and the versions that follow from it. Raises what that raises."""
    with _followed(portal, store, member.id, now):
        return changing.change(
            portal, store, member, key, value, seen=seen, confirmed=confirmed, beside=beside, now=now
        )


def undo(
    portal: Installation,
    store: Store,
    member: StaffMember,
    key: str,
    row: int | None,
    *,
    seen: int,
    confirmed: str = "",
    now: datetime,
) -> bool:
    """Say again what an older row said, and publish the versions that follow. Raises what `settings.changing.undo` raises."""
    with _followed(portal, store, member.id, now):
        return changing.undo(portal, store, member, key, row, seen=seen, confirmed=confirmed, now=now)


def fill_from_file(portal: Installation, store: Store) -> None:
    """Take over what the operator's file says, and publish the versions that follow from a new person in charge."""
    with _followed(portal, store, None, portal.clock()):
        settings.fill_from_file(portal, store)


@contextmanager
def _followed(portal: Installation, store: Store, staff_id: int | None, now: datetime) -> Iterator[None]:
    before = _published(store)
    yield
    if before and _published(store) != before:
        for document in DOCUMENTS:
            _publish_again(portal, store, document, staff_id, now)


def _published(store: Store) -> dict[str, object]:
    row = store.settings.present(setting_key(SettingKind.CONTACT))
    return {name: row.value.get(name) for name in _PUBLISHED} if row else {}


def _publish_again(portal: Installation, store: Store, document: Document, staff_id: int | None, now: datetime) -> None:
    present = policies.in_force(portal, store, now, document)
    if present:
        policies.publish(portal, store, _following(portal, store, present, now), staff_id=staff_id, now=now)


def _following(portal: Installation, store: Store, present: Version, now: datetime) -> Version:
    """The same texts in force from today, under the first free id that comes after the present one's."""
    today = portal.today(now)
    day = max(today.isoformat(), present.id[:10]) if present.effective == today else today.isoformat()
    ids = (day if number == 1 else f"{day}-{number}" for number in count(1))
    candidates = (
        replace(present, id=one, effective=today, kind="wording", summary=SUMMARY, imported=False) for one in ids
    )
    return next(
        version
        for version in candidates
        if policies.is_older(present, version) and policies.one(store, version.id, present.document) is None
    )
