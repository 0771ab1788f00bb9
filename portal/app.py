"""The composition root: builds the installation, the site and the worker from settings; holds no rule."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from flask import Flask

from portal.config import Problem, Settings, SettingsInvalid, load_settings
from portal.config.problems import problem_at
from portal.demo.clock import DemoClock
from portal.demo.where import is_demo
from portal.domain.jobs import JobKind
from portal.domain.keys import Keys
from portal.engine.base import Engine, utc_now
from portal.engine.calendar import Daily, Entry, Every
from portal.engine.embedded import EmbeddedEngine
from portal.ledger import ledger_from
from portal.mail.transports import transport_from
from portal.services import health
from portal.services.in_charge import fill_from_file
from portal.services.installation import Installation
from portal.services.work import handlers
from portal.sources import KindUnusable, open_source
from portal.sources.base import DriverMissing, Source
from portal.storage.database import Database
from portal.storage.jobs import JobRows, ProcrastinateRows
from portal.storage.settings import REVISION
from portal.web.site import make_site
from portal.web.views import VIEWS
from portal.worker import run

PURGE_HOUR = 3
LOOK_HOUR = 4
CLOCKS_HOUR = 6
LOCK_FILE = "worker.lock"


class NotReplayed(Exception):
    """A restored backup may have brought people back, so nothing is served until `portal erasures replay` ended well."""


def create_app(settings: Settings | None = None) -> Flask:
    """The site as any WSGI server serves it; settings from PORTAL_CONFIG, else ./portal.toml.

    Raises:
        SettingsInvalid: the file is wrong; every problem is named.
    """
    return site_of(install(settings or load_settings()))


def install(settings: Settings, *, clock: Callable[[], datetime] | None = None) -> Installation:
    """Put an installation together: nothing is connected yet."""
    now = clock or (DemoClock(settings.folder) if is_demo(settings) else utc_now)
    keys = Keys(settings.secrets.key, settings.secrets.previous)
    database = Database(settings.database.url, settings.zone)
    engine = _engine(settings, database, now)
    database.hand_jobs_to(engine.promise)
    return Installation(
        settings=settings,
        database=database,
        sources=_sources(settings, keys),
        keys=keys,
        clock=now,
        transport=transport_from(settings.mail.url, settings.folder),
        engine=engine,
        ledger=ledger_from(settings.ledger.url),
    )


def site_of(installation: Installation) -> Flask:
    """The site of an installation already put together.

    Raises:
        NotReplayed: a backup was restored, and what was erased since is not erased again yet.
    """
    with installation.database.writing() as store:
        if store.ledger.replay_after() is not None:
            raise NotReplayed
        fill_from_file(installation, store)
    site = make_site(installation, VIEWS, lambda: _edition(installation))
    if is_demo(installation.settings):
        from portal.demo import pages

        pages.add_to(site)
    return site


def work(installation: Installation, stop: threading.Event) -> None:
    """Do promised work until `stop` is set."""
    run(
        installation.engine,
        handlers(installation),
        calendar(installation),
        stop=stop,
        heartbeat=lambda: health.beat(installation),
    )


def calendar(installation: Installation) -> tuple[Entry, ...]:
    """What comes back by the clock: the sweep every minute, a purge and a look for erased people each night, requests' clocks each morning, bounces."""
    entries: tuple[Entry, ...] = (
        Every(JobKind.SWEEP, timedelta(minutes=1), at_start=True),
        Daily(JobKind.PURGE, PURGE_HOUR, installation.settings.zone),
        Daily(JobKind.LOOK_FOR_ERASED, LOOK_HOUR, installation.settings.zone),
        Daily(JobKind.WATCH_CLOCKS, CLOCKS_HOUR, installation.settings.zone, at_start=True),
        Daily(JobKind.SUMMARIES, CLOCKS_HOUR, installation.settings.zone),
    )
    if installation.settings.mail.bounces is None:
        return entries
    return (*entries, Every(JobKind.FETCH_BOUNCES, timedelta(minutes=5), at_start=True))


def _sources(settings: Settings, keys: Keys) -> Mapping[str, Source]:
    """Each source by its id. Raises SettingsInvalid when what opens one, a package or a driver, is not there or in no working order."""
    opened: dict[str, Source] = {}
    wrong: list[Problem] = []
    hash_key = keys.for_("sources")
    for index, source in enumerate(settings.sources):
        try:
            opened[source.id] = open_source(
                source.kind,
                source.id,
                source.url,
                hash_key=hash_key,
                secret=source.secret,
                allow_private=source.allow_private,
            )
        except KindUnusable:
            wrong.append(problem_at(settings.file, ("sources", index, "kind"), "kind_unusable"))
        except DriverMissing:
            wrong.append(problem_at(settings.file, ("sources", index, "url"), "driver_missing"))
    if wrong:
        raise SettingsInvalid(wrong)
    return opened


def _engine(settings: Settings, database: Database, clock: Callable[[], datetime]) -> Engine:
    """One machine has the embedded engine; PostgreSQL has Procrastinate (performance.md §1)."""
    if database.is_sqlite:
        return EmbeddedEngine(JobRows(database), settings.folder / LOCK_FILE, clock)
    from portal.engine.procrastinate import ProcrastinateEngine

    return ProcrastinateEngine(settings.database.url, ProcrastinateRows(database), clock=clock)


def _edition(installation: Installation) -> object:
    """What reading pages depend on today: the local date, and what was published or set."""
    with installation.database.reading() as store:
        return installation.today(installation.clock()), store.marks.number(REVISION)
