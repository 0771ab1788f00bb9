"""Installations as earlier versions left them: a folder for each revision, its portal.toml and a row in every table.

Each `rows.json` was written by the version of its revision: people asked, corrected, withdrew, deleted; staff took up
and decided; letters wait. At 0009 there are also a request on paper, a keeper's file, a logo and a policy being written;
at 0013 a policy that was read, a subscriber and a notice whose recipients are counted; at 0015 requests that nobody
answered in time; at 0025 a question and its answer with a file, comments kept, two requests that are the same, entries of
both registers, a delegation and a kept view.
"""

from __future__ import annotations

import base64
import json
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, LargeBinary, MetaData, Table, func, insert, select, text

from portal.demo.service import create_service_database
from portal.storage import schema
from portal.storage.database import Database
from tests.installation import NOON

FIRST = "0003"
REVISIONS = (FIRST, "0009", "0013", "0015", "0025")
HERE = Path(__file__).parent


def install_it(folder: Path, database_url: str = "sqlite:///portal.db", revision: str = FIRST) -> Path:
    """The installation of a revision in an empty folder; gives the path of its portal.toml."""
    create_service_database(folder / "service.db", today=NOON.date(), log_rows=20)
    text_ = (HERE / revision / "portal.toml").read_text(encoding="utf-8")
    text_ = text_.replace("SERVICE_URL", f"sqlite:///{folder / 'service.db'}").replace("DATABASE_URL", database_url)
    file = folder / "portal.toml"
    file.write_text(text_, encoding="utf-8")
    (folder / "secret.key").write_text("k" * 48)
    (folder / "secret.key").chmod(0o600)
    fill(database_url.replace("sqlite:///", f"sqlite:///{folder}/"), revision)
    return file


def fill(url: str, revision: str = FIRST) -> None:
    """A database at a revision with a row in every table."""
    database = Database(url)
    schema.upgrade(database.engine, to=revision)
    tables = MetaData()
    with database.engine.begin() as connection:
        tables.reflect(connection)
        for name, rows in json.loads((HERE / revision / "rows.json").read_text(encoding="utf-8")).items():
            table = tables.tables[name]
            connection.execute(insert(table), [_read(table, row) for row in rows])
            if not database.is_sqlite and "id" in table.c and name != "policy_versions":
                _count_on(connection, table)
        if not database.is_sqlite:
            connection.execute(text(_PROMISED))
        empty = [name for name, table in tables.tables.items() if not _rows(connection, table)]
    database.close()
    assert set(empty) <= {"procrastinate_events", "procrastinate_workers", "procrastinate_periodic_defers"}, empty


_PROMISED = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, status)
    VALUES ('default', 'deliver_letter', 'deliver_letter:19', '{"subject": 19, "failures": 0}', 'todo')
"""


def _rows(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _count_on(connection: Connection, table: Table) -> None:
    """Let new rows come after those that were given their number."""
    last = connection.execute(select(func.max(table.c.id))).scalar()
    connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {last})"))


def _read(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name].type, value) for name, value in row.items()}


def _value(kind: Any, value: Any) -> Any:
    """A value of JSON as the column's type takes it."""
    if value is None:
        return None
    if isinstance(kind, JSON):
        return json.loads(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    python = kind.python_type
    if python is datetime:
        return datetime.fromisoformat(value) if kind.timezone is not True else datetime.fromisoformat(f"{value}+00:00")
    if python is date:
        return date.fromisoformat(value)
    return bool(value) if python is bool else value


def copy_of_the_program(folder: Path) -> Path:
    """The program's own tree, to which a test may add a revision."""
    root = HERE.parents[1]
    for part in ("portal", "migrations", "translations"):
        shutil.copytree(root / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder
