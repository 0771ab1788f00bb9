"""The logo: kept by the digest of its content, so that its address may be kept for ever by browsers."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from portal.domain.pictures import Picture, read_picture
from portal.services.settings.rows import Value
from portal.storage.store import Store

_DIGEST = re.compile(r"[0-9a-f]{64}")


def keep_logo(store: Store, content: bytes, *, now: datetime) -> Value:
    """Keep a picture that was sent, and give what the setting says of it.

    Raises:
        PictureRefused: it is none, or none that is taken.
    """
    picture = read_picture(content)
    digest = hashlib.sha256(picture.content).hexdigest()
    store.pictures.add(digest, picture, now=now)
    return {"digest": digest, "width": picture.width, "height": picture.height}


def logo(store: Store, digest: str) -> Picture | None:
    """The picture of a digest; what is no digest is not even looked for."""
    return store.pictures.one(digest) if _DIGEST.fullmatch(digest) else None
