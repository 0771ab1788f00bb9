"""What was typed when a session had ended: sealed with a key only that browser holds, given back to the same address."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken

from portal.domain.codes import keyed_hash, token_hash
from portal.services.installation import Installation
from portal.storage.store import Store

KEPT_FOR = timedelta(minutes=15)
LARGEST = 200_000
"""Characters kept at most; a longer form is not one of ours."""


Fields = tuple[tuple[str, str], ...]
"""Names and values in the order they were sent; a list, or several boxes, give one name more than once."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as it was sent: where to, and every field but its token."""

    path: str
    fields: Fields


def keep_form(portal: Installation, store: Store, form: KeptForm, *, owner: str) -> str | None:
    """Seal a form for the owner of an address hash; gives the handle the browser keeps, None when it is too large."""
    text = json.dumps({"path": form.path, "fields": form.fields})
    if len(text) > LARGEST:
        return None
    handle = secrets.token_urlsafe(32)
    store.kept.add(
        token_hash(handle),
        owner_hash=owner,
        sealed=_lock(handle).encrypt(text.encode()).decode(),
        expires_at=portal.clock() + KEPT_FOR,
    )
    return handle


def give_back(portal: Installation, store: Store, handle: str, *, owner: str) -> KeptForm | None:
    """The form a browser's handle opens, if it is the same owner's; somebody else's is deleted unread (design §4.3)."""
    found = store.kept.find(token_hash(handle), now=portal.clock())
    if found is None:
        return None
    owner_hash, sealed = found
    if owner_hash != owner:
        return None
    try:
        content = json.loads(_lock(handle).decrypt(sealed.encode()))
    except InvalidToken:
        return None
    return KeptForm(path=content["path"], fields=tuple((name, value) for name, value in content["fields"]))


def forget_form(store: Store, handle: str) -> None:
    """Delete a kept form: it was sent, or belongs to somebody else."""
    store.kept.forget(token_hash(handle))


def owner_of(portal: Installation, address: str) -> str:
    """The hash under which an address owns what was kept."""
    return keyed_hash(portal.keys.for_("kept"), "owner", address)


def _lock(handle: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"kept:{handle}".encode()).digest()))
