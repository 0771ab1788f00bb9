"""Runs the demo from one folder: everything it needs is made there, and made once."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import sys
import time
import urllib.request
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portal import serve
from portal.app import install
from portal.config import Settings, load_settings
from portal.demo.people import PEOPLE, STAFF
from portal.demo.portal_toml import portal_toml
from portal.demo.seeds import plant
from portal.demo.service import create_service_database
from portal.storage import schema

HOST = "127.0.0.1"
TOLD = "demo.json"
PORTS_TRIED = 100
ANSWERS_WITHIN = 60.0


class FolderTaken(Exception):
    """The folder holds something that is not a demo; it is left alone."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a demo lies."""

    path: Path

    @property
    def settings(self) -> Path:
        """Its portal.toml."""
        return self.path / "portal.toml"

    @property
    def service(self) -> str:
        """The address of the invented service's database."""
        return f"sqlite:///{self.path / 'service.db'}"

    @property
    def portal(self) -> str:
        """The address of the portal's own database."""
        return f"sqlite:///{self.path / 'portal.db'}"

    @property
    def told(self) -> Path:
        """What tells programs where the demo answers."""
        return self.path / TOLD


def run(path: Path, *, port: int, reset: bool) -> int:
    """Make the demo where it is missing and serve it until told to stop; gives the exit code.

    Raises:
        FolderTaken: the folder holds something else.
    """
    folder = Folder(path.resolve())
    _make(folder, reset=reset)
    free = _free_port(port)
    if free != port:
        print(f"Port {port} is taken: the demo uses {free}. / Le port {port} est pris : la démo utilise {free}.")
    settings = _settings(folder, free)
    _fill(settings)
    os.environ.setdefault(serve.QUIET, "1")
    try:
        return serve.serve(settings, started=lambda: _announce(folder, settings))
    finally:
        folder.told.unlink(missing_ok=True)


def _make(folder: Folder, *, reset: bool) -> None:
    if folder.path.exists() and any(folder.path.iterdir()) and not folder.settings.exists():
        raise FolderTaken(str(folder.path))
    if reset and folder.path.exists():
        shutil.rmtree(folder.path)
    folder.path.mkdir(parents=True, exist_ok=True)
    create_service_database(folder.path / "service.db", today=date.today())  # noqa: DTZ011  # the reader's own day
    key = folder.path / "secret.key"
    if not key.exists():
        handle = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as stream:
            stream.write(secrets.token_hex(32))


def _settings(folder: Folder, port: int) -> Settings:
    text = portal_toml(port=port, service_url=folder.service, database_url=folder.portal)
    if not folder.settings.exists() or folder.settings.read_text(encoding="utf-8") != text:
        unfinished = folder.settings.with_suffix(".unfinished")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(folder.settings)
    return load_settings(folder.settings, host=HOST, port=port)


def _fill(settings: Settings) -> None:
    """Bring the database to head and plant what a visitor should find, the first time only."""
    installation = install(settings)
    with installation.database.reading() as store:
        new = schema.is_empty(store.connection)
    schema.upgrade(installation.database.engine)
    plant(installation, requests=new)
    installation.database.close()


def _announce(folder: Folder, settings: Settings) -> None:
    """Once the address answers, say so on the terminal and in demo.json."""
    until = time.monotonic() + ANSWERS_WITHIN
    while not _answers(f"{settings.site.url}/healthz"):
        if time.monotonic() > until:
            return
        time.sleep(0.05)
    told = {
        "url": settings.site.url,
        "mailbox": f"{settings.site.url}/mailbox.json",
        "portal_database": folder.portal,
        "service_database": folder.service,
        "config": str(folder.settings),
        "people": [{"email": person.email, "language": person.language, "note": person.note} for person in PEOPLE],
        "staff": [{"email": member.email, "role": member.role} for member in STAFF],
    }
    unfinished = folder.told.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(told, indent=2, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(folder.told)
    print(f"La démo répond à {settings.site.url}/ (Ctrl-C l’arrête).")
    print(f"The demo answers at {settings.site.url}/ (Ctrl-C stops it).")
    sys.stdout.flush()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  # our own loopback address
            return bool(answer.status == 200)
    except OSError:
        return False


def _free_port(wanted: int) -> int:
    for port in range(wanted, min(wanted + PORTS_TRIED, 65_536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    return wanted
