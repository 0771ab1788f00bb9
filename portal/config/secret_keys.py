"""Finds the keys that sign and encrypt: in the file, in a file of their own, or in the environment."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from portal.config.problems import Problems
from portal.config.settings import Secrets
from portal.config.shapes import SecretsShape

SHORTEST = 32
"""Bytes of a key: what HMAC-SHA-256 and AES-256 take (security.md §3, design §4.4)."""

VARIABLE = "PORTAL_SECRET_KEY"
_LARGEST_FILE = 4096


def secrets_of(shape: SecretsShape, folder: Path, environ: Mapping[str, str], problems: Problems) -> Secrets | None:
    """The present key and the older ones, or None with what is wrong noted: never a byte of a key."""
    key = _present_key(shape, folder, environ, problems)
    previous = tuple(written.get_secret_value().encode() for written in shape.previous)
    for index, older in enumerate(previous):
        if len(older) < SHORTEST:
            problems.add(("secrets", "previous", index), "key_short", length=str(SHORTEST))
    return Secrets(key=key, previous=previous) if key is not None else None


def _present_key(shape: SecretsShape, folder: Path, environ: Mapping[str, str], problems: Problems) -> bytes | None:
    if shape.key_file is not None:
        if shape.key is not None:
            problems.add(("secrets", "key_file"), "both", other="secrets.key")
        return _long_enough(_key_in(folder / shape.key_file, problems), "key_file", problems)
    if shape.key is not None:
        return _long_enough(shape.key.get_secret_value().encode(), "key", problems)
    if VARIABLE not in environ:
        problems.add(("secrets", "key"), "missing", expected=f"a key, a key_file, or {VARIABLE} in the environment")
        return None
    return _long_enough(environ[VARIABLE].encode(errors="surrogateescape"), "key", problems)


def _key_in(file: Path, problems: Problems) -> bytes | None:
    """The key in a file that nobody else on the machine may read; a line end after it is not part of it."""
    try:
        if not file.is_file():
            problems.add(("secrets", "key_file"), "key_file_unreadable")
            return None
        with file.open("rb") as opened:
            open_to_others = os.fstat(opened.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO)
            key = opened.read(_LARGEST_FILE)
    except (OSError, ValueError):
        problems.add(("secrets", "key_file"), "key_file_unreadable")
        return None
    if open_to_others:
        problems.add(("secrets", "key_file"), "key_file_open")
    return key.strip() if key.isascii() else key


def _long_enough(key: bytes | None, name: str, problems: Problems) -> bytes | None:
    if key is not None and len(key) < SHORTEST:
        problems.add(("secrets", name), "key_short", length=str(SHORTEST))
    return key
