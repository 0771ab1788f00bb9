"""One-time links that let a member of staff in: made, looked at, used up once (ASVS 6.4.1, 6.5.1).

A link's token is made of a random nonce by a key of the installation, and kept as a hash. A letter's own random name is
such a nonce: the letter can say its link when it leaves, and no token waits in the database.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.codes import link_token, token_hash
from portal.domain.languages import Language
from portal.domain.people import StaffMember
from portal.services.installation import Installation
from portal.storage.store import Store

INVITATION = "staff_invitation"
INVITATION_LIFE = timedelta(hours=1)
"""Longer than a code's ten minutes, because an officer may have to be fetched to read it (ASVS 6.5.5)."""

LINK_PATHS: Mapping[Language, str] = {"en": "/en/sign-in/link/", "fr": "/fr/connexion/lien/"}
"""Where links lead. The web's own table of addresses is checked against these by a test."""


@dataclass(frozen=True, slots=True)
class LiveLink:
    """A link that still works: its address, whom it admits and until when."""

    address: str
    member: StaffMember
    expires_at: datetime


def invite(portal: Installation, store: Store, member: StaffMember, *, nonce: str | None = None) -> str:
    """A one-time token that lets a member of staff in, good for an hour; older ones die."""
    token = link_token(portal.keys.for_("links"), nonce or secrets.token_hex(16))
    store.tokens.forget_of(member.id)
    store.tokens.add(
        token_hash(token), purpose=INVITATION, staff_id=member.id, expires_at=portal.clock() + INVITATION_LIFE
    )
    return token


def live_link(portal: Installation, store: Store, nonce: str) -> LiveLink | None:
    """The link made of a nonce, in its member's language; None once it is used, late, replaced or withdrawn."""
    now = portal.clock()
    for key in portal.keys.all_for("links"):
        token = link_token(key, nonce)
        found = store.tokens.alive(token_hash(token), purpose=INVITATION, now=now)
        member = store.staff.by_id(found[0]) if found else None
        if found and member and member.active:
            return LiveLink(link_address(portal, token, member.language), member, found[1])
    return None


def link_address(portal: Installation, token: str, language: Language) -> str:
    """The address a link has, in one language."""
    return f"{portal.settings.site.url}{LINK_PATHS[language]}{token}"


def holder_of(portal: Installation, store: Store, token: str) -> int | None:
    """Whom an unused link admits; looking uses nothing up."""
    found = store.tokens.alive(token_hash(token), purpose=INVITATION, now=portal.clock())
    return found[0] if found else None


def use_link(portal: Installation, store: Store, token: str) -> int | None:
    """Use a link up: whom it admits, or None when it is used, late or unknown."""
    return store.tokens.use(token_hash(token), purpose=INVITATION, now=portal.clock())


def link_until(portal: Installation, store: Store, member: StaffMember) -> datetime | None:
    """Until when a member's unused link works; None when there is none."""
    return store.tokens.until(member.id, purpose=INVITATION, now=portal.clock())
