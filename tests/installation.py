"""Builds a whole installation for a test: its database, an invented service of a few people, letters in a mailbox."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from types import MappingProxyType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from jinja2.bccache import Bucket

from portal.app import install, site_of
from portal.config import Settings, load_settings
from portal.demo.people import STAFF
from portal.demo.portal_toml import portal_toml
from portal.demo.service import create_service_database
from portal.domain.policies import Version
from portal.domain.posting import PostalAddress
from portal.domain.rights import Kind, Role
from portal.policies.folders import read_folder
from portal.resources import demo_policies_folder
from portal.services import policies
from portal.services.installation import Installation
from portal.services.paper import Entry
from portal.services.work import handlers
from portal.storage import schema
from portal.storage.database import Database
from tests.services import fresh_postgresql

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""Noon in Montréal on an ordinary Monday."""

EMBEDDED = "sqlite:///portal.db"

CAMILLE = "camille.tremblay@example.org"
EMILY = "emily.clarke@example.org"
MARGUERITE = "marguerite.roy@example.org"
NOBODY = "alex.morin@example.org"


@dataclass
class Clock:
    """A clock that tests turn."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        """The instant it shows."""
        return self.now

    def advance(self, **parts: float) -> None:
        """Turn it on by hours, minutes, days…"""
        self.now += timedelta(**parts)


@dataclass
class Built:
    """An installation, its site, its clock and what it may be asked by a test."""

    installation: Installation
    app: Flask
    clock: Clock
    service_url: str
    folder: Path = field(default_factory=Path)

    def work(self) -> int:
        """Do all promised work that is due by the clock; gives the number of steps."""
        return self.installation.engine.run_until_idle(handlers(self.installation), self.clock())

    def mailbox(self) -> list[dict[str, object]]:
        """The letters sent so far, the newest first, once all due work is done."""
        self.work()
        return list(self.installation.transport.list(limit=500))  # type: ignore[union-attr]  # the mailbox's own


ANY_NUMBER = "\n[limits]\nopen_requests = 1000000\n"
"""In tests one person opens as many requests as a test wants; what bounds them has tests of its own."""


def an_installation(
    folder: Path,
    *,
    database_url: str = EMBEDDED,
    service_url: str | None = None,
    change: Callable[[Settings], Settings] = lambda settings: settings,
    now: datetime = NOON,
    log_rows: int = 60,
    by_hand: bool = False,
) -> Built:
    """An installation at head in an empty folder, with the demo's map, staff of each role and policies published.

    Without its categories that no table holds, for which decisions wait, unless `by_hand`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    service = service_url or f"sqlite:///{folder / 'service.db'}"
    if service_url is None:
        shutil.copy(_service_of(now.date(), log_rows), folder / "service.db")
    text = portal_toml(port=8000, service_url=service, database_url=database_url) + ANY_NUMBER
    (folder / "portal.toml").write_text(text, encoding="utf-8")
    (folder / "secret.key").write_text("k" * 48)
    (folder / "secret.key").chmod(0o600)
    if database_url == EMBEDDED:
        shutil.copy(_portal_at_head(), folder / "portal.db")
    clock = Clock(now)
    settings = load_settings(folder / "portal.toml", {})
    installation = install(change(settings if by_hand else _in_tables_alone(settings)), clock=clock)
    if database_url != EMBEDDED:
        schema.upgrade(installation.database.engine)
    app = _site_of(installation)
    _publish_policies(installation)
    _hire_staff(installation)
    return Built(installation, app, clock, service, folder)


@contextmanager
def an_installation_on(engine: str, folder: Path, **options: Any) -> Iterator[Built]:
    """An installation whose own database is "sqlite" or "postgresql"; `options` are those of `an_installation`."""
    if engine == "sqlite":
        yield an_installation(folder, **options)
        return
    with fresh_postgresql(template=_postgresql_at_head()) as url:
        built = an_installation(folder, database_url=url.render_as_string(hide_password=False), **options)
        try:
            yield built
        finally:
            built.installation.database.close()


def an_empty_installation(
    folder: Path,
    *,
    change: Callable[[Settings], Settings] = lambda settings: settings,
    now: datetime = NOON,
    environ: Mapping[str, str] = MappingProxyType({}),
) -> Built:
    """The installation that `portal init` wrote in a folder, at head, as it is before anybody came in."""
    clock = Clock(now)
    installation = install(change(load_settings(folder / "portal.toml", environ, port=8000)), clock=clock)
    schema.upgrade(installation.database.engine)
    app = _site_of(installation)
    return Built(installation, app, clock, "", folder)


def _site_of(installation: Installation) -> Flask:
    """Its site, with templates compiled once a test process."""
    app = site_of(installation)
    app.testing = True
    if isinstance(app.jinja_env.bytecode_cache, FileSystemBytecodeCache):
        app.jinja_env.bytecode_cache = _COMPILED
    return app


class _CompiledInMemory(BytecodeCache):
    """Templates as they were compiled for the first site of this process, told apart by their text as the portal's own are."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _CompiledInMemory()


def without_sources(settings: Settings) -> Settings:
    """Settings of an installation that maps nothing."""
    return replace(settings, sources=(), data_map=type(settings.data_map)())


def _in_tables_alone(settings: Settings) -> Settings:
    in_tables = tuple(category for category in settings.data_map.categories if category.tables)
    return replace(settings, data_map=replace(settings.data_map, categories=in_tables))


@cache
def _service_of(today: date, log_rows: int) -> Path:
    """The invented service, made once a test process and copied for each test."""
    path = Path(mkdtemp(prefix="portal-tests-")) / "service.db"
    create_service_database(path, today=today, log_rows=log_rows)
    return path


@cache
def _portal_at_head() -> Path:
    """The portal's own database with every revision, made once a test process and copied for each test."""
    path = Path(mkdtemp(prefix="portal-tests-")) / "portal.db"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database.engine)
    database.close()
    return path


@cache
def _postgresql_at_head() -> str:
    """The same on PostgreSQL: the name of a database that lives as long as the test process."""
    stack = ExitStack()
    url = stack.enter_context(fresh_postgresql())
    atexit.register(stack.close)
    database = Database(url.render_as_string(hide_password=False))
    schema.upgrade(database.engine)
    database.close()
    return str(url.database)


def _publish_policies(installation: Installation) -> None:
    with installation.database.writing() as store:
        for version in _policies_of_the_demo():
            policies.publish(installation, store, version, staff_id=None, now=installation.clock())


@cache
def _policies_of_the_demo() -> tuple[Version, ...]:
    return tuple(read_folder(folder) for folder in sorted(demo_policies_folder().glob("*/*")))


def _hire_staff(installation: Installation) -> None:
    with installation.database.writing() as store:
        for member in STAFF:
            store.staff.add(member.email, Role(member.role), language=member.language, now=installation.clock())


def on_paper(built: Built, **changes: Any) -> Entry:
    """What somebody without an e-mail address asked in a letter that arrived today."""
    asked = Entry(
        to=PostalAddress("Rose Lavigne", ("8, rang du Lac", "Saint-Elzéar (Québec)  G0S 2J0")),
        language="fr",
        kind=Kind.ACCESS,
        message="Je veux savoir ce que vous avez sur moi.",
        received_on=built.installation.today(built.clock()),
        identity_check="Rappel au numéro que nous avions déjà.",
    )
    return replace(asked, **changes)
