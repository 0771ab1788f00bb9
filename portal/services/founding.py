"""A new installation, from five answers: settings, a secret key, a place for data and a draft of the policy."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from portal.config import load_settings
from portal.domain.languages import Language, Text
from portal.policies.starter import FIRST_SUMMARY, starter

SETTINGS, KEY, DATA, POLICY = "portal.toml", "secret.key", "data", "policy"
ZONE = ZoneInfo("America/Toronto")
PIECES = (SETTINGS, KEY, DATA, POLICY)
USUAL_PORT = 8000

_FILES = Path(__file__).resolve().parent / "first_files"
_PROXY: dict[Language, str] = {
    "fr": "cette machine seule\N{NO-BREAK SPACE}: un serveur mandataire (nginx…) reçoit https et lui passe les demandes",
    "en": "this machine alone: a proxy (nginx…) takes https and passes requests on",
}
_ALONE: dict[Language, str] = {
    "fr": "cette machine seule, pour l’essayer",
    "en": "this machine alone, to try it",
}
_VARIABLE = re.compile(r"\$\{(\w+)\}")


class AlreadyFounded(Exception):
    """The folder holds an installation, or a part of one; `found` names it. Nothing was touched."""

    def __init__(self, found: Path) -> None:
        """Keep what was found."""
        super().__init__()
        self.found = found


@dataclass(frozen=True, slots=True)
class Answers:
    """What only the one who installs can say. `mail` is None for later; `language` is the one they read."""

    name: Text
    site: str
    contact: str
    mail: str | None
    officer: str
    language: Language


def found(folder: Path, answers: Answers, *, today: date) -> None:
    """Write a new installation into a folder, made if it is not there: whole, or not at all.

    Everything is written beside first and read back as `portal serve` will; portal.toml, which makes a folder an
    installation, comes last. Comments are in one language, that of whoever ran the command: a file twice as long in
    two would hide its own keys, and both READMEs explain them.

    Raises:
        AlreadyFounded: the folder holds an installation or a part of one.
        SettingsInvalid: the answers make no settings; every problem is named.
        OSError: the folder cannot be written.
    """
    refuse_founded(folder)
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with _beside(folder) as unfinished:
            _write(unfinished, answers, today)
            load_settings(unfinished / SETTINGS, unknown_secrets(answers))
            refuse_founded(folder)
            _move(unfinished, folder)
    except BaseException:
        for one in made:
            shutil.rmtree(one, ignore_errors=True)
        raise


def refuse_founded(folder: Path) -> None:
    """Let a folder pass that holds nothing an installation is made of.

    Raises:
        AlreadyFounded: it does.
    """
    for name in PIECES:
        if os.path.lexists(folder / name):
            raise AlreadyFounded(folder / name)


def unknown_secrets(answers: Answers) -> Mapping[str, str]:
    """An environment with something in each variable the answers name: its real value may come later."""
    return dict.fromkeys(_VARIABLE.findall(answers.mail or ""), "x")


def settings_text(answers: Answers) -> str:
    """The portal.toml of these answers."""
    site = urlsplit(answers.site)
    alone = site.scheme == "http"
    template = (_FILES / f"portal.{answers.language}.toml").read_text(encoding="utf-8")
    return template.format(
        url=_quoted(answers.site),
        port=(site.port or USUAL_PORT) if alone else USUAL_PORT,
        proxy=(_ALONE if alone else _PROXY)[answers.language],
        proxies="[]" if alone else '["127.0.0.1"]',
        name_fr=_quoted(answers.name.fr),
        name_en=_quoted(answers.name.en),
        contact=_quoted(answers.contact),
        officer=_quoted(answers.officer),
        mail=f"url = {_quoted(answers.mail)}" if answers.mail else '# url = "smtp://…"',
    )


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A folder of its own inside, on the same disk, gone at the end whatever happens."""
    with tempfile.TemporaryDirectory(prefix=".portal-init-", dir=folder) as unfinished:
        yield Path(unfinished)


def _write(unfinished: Path, answers: Answers, today: date) -> None:
    (unfinished / DATA).mkdir(mode=0o700)
    policy = unfinished / POLICY / today.isoformat()
    policy.mkdir(parents=True)
    for language, text in starter().items():
        (policy / f"{language}.md").write_text(text, encoding="utf-8")
    (policy / "policy.toml").write_text(_first_version(today), encoding="utf-8")
    _write_for_owner(unfinished / KEY, secrets.token_hex(32))
    _write_for_owner(unfinished / SETTINGS, settings_text(answers))


def _first_version(today: date) -> str:
    day, summary = today.isoformat(), FIRST_SUMMARY["privacy"]
    said = f"[summary]\nfr = {_quoted(summary.fr)}\nen = {_quoted(summary.en)}\n"
    return f'document = "privacy"\nid = "{day}"\neffective = {day}\nkind = "material"\n\n{said}'


def _write_for_owner(file: Path, text: str) -> None:
    """A file its owner alone reads, from its first byte on; portal.toml may hold a mail server's password."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _move(unfinished: Path, folder: Path) -> None:
    """Put every piece in its place, the settings last; if one cannot be, those that were go again."""
    placed: list[Path] = []
    try:
        for name in reversed(PIECES):
            (unfinished / name).rename(folder / name)
            placed.append(folder / name)
    except BaseException:
        for piece in placed:
            shutil.rmtree(piece) if piece.is_dir() else piece.unlink()
        raise


def _quoted(text: str) -> str:
    """A TOML basic string, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
