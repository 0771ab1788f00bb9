"""Upgrading a filled installation: copied first, whole again when a revision fails, never under a running portal."""

from __future__ import annotations

import os
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.storage import in_use, schema, upgrade
from portal.storage.database import Database, DatabaseAway
from tests.made_before import copy_of_the_program, fill, install_it
from tests.services import fresh_postgresql

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FAILS_HALF_WAY = '''"""A revision that fails after it changed much."""

from alembic import op

revision, down_revision, branch_labels, depends_on = "{number}", "{before}", None, None


def upgrade() -> None:
    """Change, and in the second one fail."""
    op.execute("UPDATE people SET language = 'xx'")
    op.execute("DELETE FROM audit")
    {then}


def downgrade() -> None:
    """Nothing."""
'''


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield "sqlite:///portal.db"
        return
    with fresh_postgresql() as found:
        yield found.render_as_string(hide_password=False)


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "PORTAL_"))}
    return subprocess.run(
        [sys.executable, "-m", "portal", *arguments],
        cwd=root,
        env=environment | {"PYTHONPATH": str(root), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def a_program_whose_second_revision_fails(folder: Path) -> Path:
    root = copy_of_the_program(folder)
    for number, before, then in (("9001", schema.head(), "pass"), ("9002", "9001", "raise RuntimeError")):
        revision = FAILS_HALF_WAY.format(number=number, before=before, then=then)
        (root / "migrations" / "versions" / f"{number}_fails.py").write_text(revision, encoding="utf-8")
    return root


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    names = ("people", "staff", "rights_requests", "audit", "letters", "settings", "policy_versions", "alembic_version")
    with database.engine.connect() as connection:
        return {name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))] for name in names}


def test_a_revision_that_fails_half_way_leaves_everything_as_it_was(tmp_path: Path, url: str) -> None:
    (tmp_path / "installation").mkdir()
    file = install_it(tmp_path / "installation", url)
    database = Database(url.replace("sqlite:///", f"sqlite:///{file.parent}/"))
    before = everything(database)
    database.close()
    answer = run(a_program_whose_second_revision_fails(tmp_path / "program"), "db", "upgrade", "--config", str(file))
    assert answer.returncode == 1, answer
    assert "The upgrade stopped at revision 9002 (RuntimeError). The database is as it was before" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert everything(database) == before
    assert before["alembic_version"] == [("0003",)]
    database.close()


def test_a_copy_is_made_first_for_its_owner_alone_and_three_are_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    fill(url)
    database = Database(url)
    before = everything(database)
    copies = [upgrade.copy_before(database, NOW + timedelta(days=day)) for day in range(5)]
    kept = sorted(tmp_path.glob("*.copy"))
    assert [copy.name for copy in kept] == [copy.name for copy in copies[2:] if copy]
    assert kept[0].name == "portal.db.20261126T090000Z-0003.copy"
    assert {stat.S_IMODE(copy.stat().st_mode) for copy in kept} == {0o600}
    assert everything(Database(f"sqlite:///{kept[-1]}")) == before
    upgrade.upgrade(database, kept[-1])
    with database.reading() as store:
        assert schema.is_head(store.connection)


def test_the_copy_holds_what_was_acknowledged_while_somebody_writes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    fill(url)
    database = Database(url)
    other = sqlite3.connect(tmp_path / "portal.db")
    other.execute("INSERT INTO people (address, language, created_at) VALUES ('a@example.org', 'fr', '2026-01-01')")
    other.commit()
    other.execute("INSERT INTO people (address, language, created_at) VALUES ('b@example.org', 'fr', '2026-01-01')")
    copy = upgrade.copy_before(database, NOW)
    other.rollback()
    assert copy
    addresses = {row[0] for row in sqlite3.connect(copy).execute("SELECT address FROM people")}
    assert "a@example.org" in addresses
    assert "b@example.org" not in addresses


def test_without_room_for_a_copy_nothing_is_upgraded(tmp_path: Path) -> None:
    file = install_it(tmp_path)
    command = f"ulimit -f 100; exec {sys.executable} -m portal db upgrade --config {file}"
    answer = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=120)
    assert answer.returncode == 1, answer
    assert answer.stderr.startswith("The database could not be copied first, so nothing was changed.")
    assert not list(tmp_path.glob("*.part"))
    with Database(f"sqlite:///{tmp_path / 'portal.db'}").reading() as store:
        assert schema.current(store.connection) == "0003"


@pytest.mark.parametrize(("lock", "who"), [("serve.lock", "The portal"), ("worker.lock", "The portal's worker")])
def test_a_running_portal_is_stopped_first(tmp_path: Path, lock: str, who: str) -> None:
    import fcntl

    file = install_it(tmp_path)
    with (tmp_path / lock).open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        answer = run(Path.cwd(), "db", "upgrade", "--config", str(file))
    assert answer.returncode == 1
    assert answer.stderr.startswith(who)
    assert answer.stderr.rstrip().endswith("Stop it first.")


def test_what_fails_and_cannot_be_put_back_says_where_the_copy_lies(tmp_path: Path) -> None:
    (tmp_path / "installation").mkdir()
    file = install_it(tmp_path / "installation")
    root = a_program_whose_second_revision_fails(tmp_path / "program")
    revision = root / "migrations" / "versions" / "9002_fails.py"
    gone = f"import os; [os.unlink(f) for f in __import__('glob').glob({str(file.parent / '*.copy')!r})]; raise RuntimeError"
    revision.write_text(revision.read_text().replace("raise RuntimeError", gone))
    answer = run(root, "db", "upgrade", "--config", str(file))
    assert answer.returncode == 1
    assert "could not be put back by itself" in answer.stderr
    assert ".copy in its place" in answer.stderr
    with Database(f"sqlite:///{file.parent / 'portal.db'}").reading() as store:
        assert schema.current(store.connection) == "9001", "nothing was poured over it"


@pytest.fixture
def web_alone(tmp_path: Path) -> Iterator[tuple[Path, subprocess.Popen[bytes]]]:
    """`portal web` without a worker, serving; the schema is made older under it, as an upgrade of the program finds it."""
    file = install_it(tmp_path)
    assert run(Path.cwd(), "db", "upgrade", "--config", str(file)).returncode == 0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = [sys.executable, "-m", "portal", "web", "--config", str(file), "--port", str(port)]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        with sqlite3.connect(tmp_path / "portal.db") as connection:
            connection.execute("UPDATE alembic_version SET version_num = '0003'")
        yield file, process
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError


def test_a_web_without_a_worker_is_stopped_first(web_alone: tuple[Path, subprocess.Popen[bytes]]) -> None:
    file, process = web_alone
    answer = run(Path.cwd(), "db", "upgrade", "--config", str(file))
    assert answer.returncode == 1
    assert answer.stderr == (
        "Another process of the portal has this database open, such as “portal web”. Stop it first.\n"
    )
    assert not list(file.parent.glob("*.copy.*")), "nothing was begun"
    with sqlite3.connect(file.parent / "portal.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0003",)
    process.terminate()
    process.wait(timeout=60)
    with Database(f"sqlite:///{file.parent / 'portal.db'}").alone():
        pass


def test_nobody_comes_while_somebody_is_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_use, "PATIENCE", 0.2)
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    fill(url)
    first, second = Database(url), Database(url)
    with first.alone():
        with pytest.raises(DatabaseAway), second.reading():
            pass
        with first.reading() as store:
            assert schema.current(store.connection) == "0003"
    with second.reading() as store:
        assert schema.current(store.connection) == "0003"
    with pytest.raises(in_use.InUse), first.alone():
        pass
    second.close()
    with first.alone():
        pass
