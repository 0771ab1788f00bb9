"""Links for the keepers of systems no table reaches: made of a nonce and the installation's secret, kept as a hash."""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass

from portal.domain.checklist import ChecklistLine
from portal.domain.codes import same, token_hash
from portal.services.installation import Installation
from portal.services.settings import in_effect
from portal.storage.store import Store

_USE = "keeper"


@dataclass(frozen=True, slots=True)
class NewLink:
    """What is stored of a link: enough to make it again for its letter, and to find its line; never the link itself."""

    nonce: str
    token_hash: str


def new_link(portal: Installation) -> NewLink:
    """Make a link no one can guess."""
    nonce = secrets.token_urlsafe(32)
    return NewLink(nonce, token_hash(_token(portal.keys.for_(_USE), nonce)))


def token_of_line(portal: Installation, store: Store, line: ChecklistLine) -> str | None:
    """The token of a line's link, made again; None once the secret it was made with is out of the settings."""
    nonce, hashed = store.checklist.link_of(line.id)
    made = (_token(secret, nonce) for secret in portal.keys.all_for(_USE))
    return next((token for token in made if same(token_hash(token), hashed)), None)


def keeper_of(portal: Installation, store: Store, line: ChecklistLine) -> str | None:
    """The address of who keeps a line's system today, or None when the map no longer names one."""
    category = in_effect(portal, store).data_map.category(line.category)
    return category.keeper if category else None


def _token(secret: bytes, nonce: str) -> str:
    """256 bits that the portal alone can make (ASVS 11.4.2, 11.5.1)."""
    return base64.urlsafe_b64encode(hmac.digest(secret, nonce.encode(), "sha256")).decode().rstrip("=")
