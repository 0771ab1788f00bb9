"""The ground a proof stands on: an installation in a folder of its own, and people whose rows are many."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from portal.app import install
from portal.config import load_settings
from portal.demo.people import STAFF
from portal.demo.portal_toml import portal_toml
from portal.demo.service import create_service_database
from portal.demo.service.tables import accounts, api_requests, devices, invoices, sign_ins
from portal.domain.rights import Decision, Kind, Level, Role
from portal.services.decisions import Verdict, decide
from portal.services.installation import Installation
from portal.services.rights import Asked, open_request
from portal.storage import schema
from tests.bench.processes import free_port
from tests.installation import ANY_NUMBER
from tests.services import fresh_postgresql

OFFICER = next(member.email for member in STAFF if member.role == "officer")
FIRST_HEAVY = 1_000
"""Accounts from this number on were made to be erased; those before are neighbours, whose rows nothing may touch."""

KEPT_INVOICES, OLD_INVOICES, QUOTES, DEVICES, SIGN_INS = 5, 3, 2, 4, 30
_CALLS = sa.text("""
    INSERT INTO api_requests (account_id, requested_at, method, path, status, ip)
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :rows)
    SELECT :account, :at, 'GET', '/v1/atoms/' || CAST(n AS VARCHAR(20)), 200, '192.0.2.7' FROM counted
""").bindparams(sa.bindparam("at", type_=sa.DateTime()), sa.bindparam("account", type_=sa.Integer()))
_TABLES = (api_requests, devices, sign_ins, invoices)


@dataclass
class Stage:
    """An installation at head, its service's database, and how many people were invented to be erased."""

    folder: Path
    port: int
    installation: Installation
    service: sa.Engine
    rows: int
    invented: int = 0

    @property
    def url(self) -> str:
        """Where it is served."""
        return self.installation.settings.site.url

    def now(self) -> datetime:
        """The real time: other processes live by it."""
        return self.installation.clock()

    def invent(self) -> str:
        """Invent a person with many rows; gives their address."""
        self.invented += 1
        return _invent(self.service, FIRST_HEAVY + self.invented - 1, self.rows)

    def grant(self, address: str) -> None:
        """Ask deletion for somebody and grant it, as the person and the officer do."""
        portal, now = self.installation, self.now()
        with portal.database.writing() as store:
            person = store.people.ensure(address, language="en", now=now)
            request = open_request(portal, store, person, Asked(Kind.DELETION, "en", Level.L2), form_id=None, now=now)
        with portal.database.writing() as store:
            member = store.staff.by_address(OFFICER)
            assert member
            decide(portal, store, member, request, Verdict(Decision.GRANTED), seen_version=request.version)

    def left_of(self, account: int) -> dict[str, int]:
        """How many rows of one account each table still holds."""
        with self.service.connect() as connection:
            return {table.name: _count(connection, table, account) for table in _TABLES}

    def neighbours(self) -> str:
        """A digest of every row of everybody else."""
        digest = hashlib.sha256()
        with self.service.connect() as connection:
            for row in connection.execute(accounts.select().where(accounts.c.id < FIRST_HEAVY).order_by(accounts.c.id)):
                digest.update(repr(tuple(row)).encode())
            for table in _TABLES:
                mine = table.select().where(table.c.account_id < FIRST_HEAVY).order_by(table.c.id)
                for row in connection.execute(mine):
                    digest.update(repr(tuple(row)).encode())
        return digest.hexdigest()


@contextmanager
def on_sqlite(rows: int, *, mail_url: str = "mailbox:", mail_more: str = "") -> Iterator[Stage]:
    """Everything on SQLite: the default installation. `mail_more`: further lines of [mail]."""
    with (
        _folder() as folder,
        _staged(
            folder, "sqlite:///portal.db", f"sqlite:///{folder / 'service.db'}", rows, mail_url, mail_more
        ) as stage,
    ):
        yield stage


@contextmanager
def on_postgresql(rows: int) -> Iterator[Stage]:
    """Portal and service each in a PostgreSQL database of their own: the installation of several machines."""
    with _folder() as folder, fresh_postgresql() as portal, fresh_postgresql() as service:
        own, outside = (url.render_as_string(hide_password=False) for url in (portal, service))
        with _staged(folder, own, outside, rows) as stage:
            yield stage


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="portal-proof-") as folder:
        yield Path(folder)


@contextmanager
def _staged(
    folder: Path, database_url: str, service_url: str, rows: int, mail_url: str = "mailbox:", mail_more: str = ""
) -> Iterator[Stage]:
    port = free_port()
    create_service_database(service_url, today=datetime.now(UTC).date(), log_rows=200)
    whole = portal_toml(port=port, service_url=service_url, database_url=database_url, mail_url=mail_url)
    text = whole.partition("# ── Held elsewhere")[0]  # no keeper answers here, and a deletion waits for each
    assert len(text) < len(whole)
    text = text.replace("\n[sign_in]", f"{mail_more}\n[sign_in]") + ANY_NUMBER
    (folder / "portal.toml").write_text(text, encoding="utf-8")
    key = folder / "secret.key"
    key.touch(mode=0o600)
    key.write_text("p" * 48)
    installation = install(load_settings(folder / "portal.toml", {}))
    schema.upgrade(installation.database.engine)
    with installation.database.writing() as store:
        for member in STAFF:
            store.staff.add(member.email, Role(member.role), language=member.language, now=installation.clock())
    engine = sa.create_engine(service_url)
    try:
        yield Stage(folder, port, installation, engine, rows)
    finally:
        engine.dispose()
        installation.database.close()
        for source in installation.sources.values():
            source.close()


def _invent(service: sa.Engine, number: int, rows: int) -> str:
    address = f"heavy{number}@example.org"
    today = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    account: dict[str, object] = {"id": number, "email": address, "name": "Someone Invented", "locale": "en-CA"}
    account |= {"password_hash": "x", "plan": "pro", "created_at": today, "improve_ok": True}
    mine: dict[str, object] = {"account_id": number}
    with service.begin() as connection:
        connection.execute(accounts.insert(), account)
        connection.execute(_CALLS, {"account": number, "rows": rows, "at": today})
        connection.execute(devices.insert(), [mine | _device(today, index) for index in range(DEVICES)])
        connection.execute(sign_ins.insert(), [mine | _sign_in(today, index) for index in range(SIGN_INS)])
        connection.execute(invoices.insert(), [mine | one for one in _invoices(number, today.date())])
    return address


def _device(today: datetime, index: int) -> dict[str, object]:
    return {
        "label": f"Device {index}",
        "browser": "Firefox",
        "os": "Debian",
        "ip": "192.0.2.7",
        "first_seen_at": today,
        "last_seen_at": today,
    }


def _sign_in(today: datetime, index: int) -> dict[str, object]:
    return {"at": today - timedelta(hours=index), "ip": "192.0.2.7", "succeeded": True}


def _invoices(number: int, today: date) -> list[dict[str, object]]:
    """Some that the Act keeps, some older than what it keeps, and quotes, which it does not keep."""
    ages = [("invoice", 30 * index + 5) for index in range(KEPT_INVOICES)]
    ages += [("invoice", 365 * 7 + index) for index in range(OLD_INVOICES)]
    ages += [("quote", 10 + index) for index in range(QUOTES)]
    return [
        {
            "number": f"P{number}-{index}",
            "kind": kind,
            "amount_cents": 1_000,
            "currency": "CAD",
            "issued_at": datetime.combine(today - timedelta(days=days), datetime.min.time()),
            "description": "Professional plan",
        }
        for index, (kind, days) in enumerate(ages)
    ]


def _count(connection: sa.Connection, table: sa.Table, account: int) -> int:
    found = sa.select(sa.func.count()).select_from(table).where(table.c.account_id == account)
    return int(connection.execute(found).scalar_one())
