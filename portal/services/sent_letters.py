"""What left, kept as it was: the words of each letter about a request, sealed, with their hash and their template's version.

A letter that carries a code or a link that opens something is never kept: only that it left.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.domain.letters import CODE_LETTERS, LetterKind
from portal.domain.outbox import PromisedLetter
from portal.mail.letters import template_version
from portal.services.installation import Installation
from portal.storage.store import Store

_USE = "letters"
_NONCE = 12
NEVER_KEPT = CODE_LETTERS | {LetterKind.STAFF_INVITATION, LetterKind.KEEPER_ASKED}


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter as it left. `text` is its plain text, or its page where it was printed. `digest`: SHA-256 of both parts."""

    subject: str
    text: str
    template: str
    digest: str


def keep(portal: Installation, store: Store, promised: PromisedLetter, subject: str, text: str) -> None:
    """Keep what a letter says, in the transaction that lets it leave; a later try says it anew."""
    if promised.request_id is None or promised.kind in NEVER_KEPT:
        return
    plain = json.dumps({"subject": subject, "text": text}, ensure_ascii=False).encode()
    nonce = os.urandom(_NONCE)
    sealed = nonce + AESGCM(portal.keys.for_(_USE)).encrypt(nonce, plain, _bound_to(promised.id))
    store.letters.wrote(
        promised.id, template=template_version(promised.kind), text_hash=digest_of(subject, text), sealed=sealed
    )


def as_sent(portal: Installation, store: Store, letter_id: int) -> SentLetter | None:
    """A letter as it left; None for one that was not kept, has not left, or was sealed with a secret since taken out."""
    found = store.letters.written(letter_id)
    if found is None:
        return None
    for secret in portal.keys.all_for(_USE):
        try:
            plain = AESGCM(secret).decrypt(found.sealed[:_NONCE], found.sealed[_NONCE:], _bound_to(letter_id))
        except InvalidTag:
            continue
        said = json.loads(plain)
        return SentLetter(said["subject"], said["text"], found.template, found.text_hash)
    return None


def digest_of(subject: str, text: str) -> str:
    """What tells two letters apart: SHA-256 of the subject, a line end and the text."""
    return hashlib.sha256(f"{subject}\n{text}".encode()).hexdigest()


def _bound_to(letter_id: int) -> bytes:
    return f"letter:{letter_id}".encode()
