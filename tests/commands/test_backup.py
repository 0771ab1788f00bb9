"""`portal backup` and `portal restore`: everything is back but whom the ledger says to be erased; nobody is named."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.app import NotReplayed, create_app, install
from portal.cli import main
from portal.config import load_settings
from portal.domain.rights import RequestEvent, RightsRequest
from portal.serve import LOCK_FILE
from portal.services import backups, ledger
from tests.client import Visitor
from tests.installation import CAMILLE, EMILY, MARGUERITE, Built, an_installation
from tests.services import fresh_postgresql, postgresql_programs
from tests.services.test_erasure import ask, everything_of, finish, grant, service
from tests.services.test_replay import back_up as back_up_service
from tests.services.test_replay import erased
from tests.services.test_replay import restore as restore_service


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture(params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Built]:
    if request.param == "sqlite":
        yield an_installation(tmp_path)
        return
    postgresql_programs()
    with fresh_postgresql() as url:
        made = an_installation(tmp_path, database_url=url.render_as_string(hide_password=False))
        yield made
        made.installation.database.close()


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def run(built: Built, *arguments: str) -> int:
    return main([*arguments, "--config", str(built.folder / "portal.toml")])


def backup_of(built: Built) -> Path:
    file = built.folder / "portal.backup"
    assert run(built, "backup", str(file)) == 0
    return file


def restored(built: Built, file: Path, *options: str) -> int:
    built.installation.database.close()
    return run(built, "restore", str(file), *options)


def noted(built: Built) -> None:
    built.clock.advance(minutes=1)
    ledger.note_requests(built.installation, built.clock())


def known(built: Built, reference: str) -> RightsRequest | None:
    with built.installation.database.reading() as store:
        return store.requests.by_reference(reference)


def test_everything_is_back_but_the_people_erased_since(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    """Back up, erase, restore both databases, replay, verify: nobody is back, and nothing else changed."""
    before, neighbour = ask(built, EMILY), everything_of(built, EMILY)
    noted(built)
    file, service_before = backup_of(built), back_up_service(built)
    reference = erased(built, CAMILLE)
    after = ask(built, MARGUERITE)
    noted(built)
    with service(built) as connection:
        without = list(connection.iterdump())
    restore_service(built, service_before)
    capsys.readouterr()
    assert restored(built, file) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("People erased again: 1. Rows: ") for line in lines)
    assert "Requests received after the backup: 2." in lines
    assert {line.split("\t")[0] for line in lines if line.startswith("R-")} == {reference, after.reference}
    assert run(built, "erasures", "verify") == 0
    with service(built) as connection:
        assert list(connection.iterdump()) == without
    assert everything_of(built, EMILY) == neighbour
    assert known(built, before.reference) is not None
    assert known(built, after.reference) is None
    with built.installation.database.reading() as store:
        lost = {one.reference: one.due for one in store.lost_requests.all()}
    assert lost[after.reference] == after.due


def test_a_request_the_backup_knew_undecided_says_that_its_erasure_was_carried_out(on_sqlite: Built) -> None:
    request = ask(on_sqlite, CAMILLE)
    file = backup_of(on_sqlite)
    finish(on_sqlite.installation, grant(on_sqlite, request), on_sqlite)
    assert restored(on_sqlite, file) == 0
    with on_sqlite.installation.database.reading() as store:
        events = [event.event for event in store.requests.history(request.id)]
    assert events[-1] is RequestEvent.ERASED_BEFORE


def test_the_portal_stays_closed_until_the_erasures_are_done_again(
    on_sqlite: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    file, service_before = backup_of(on_sqlite), back_up_service(on_sqlite)
    erased(on_sqlite, CAMILLE)
    restore_service(on_sqlite, service_before)
    away = on_sqlite.folder / "service.db"
    away.rename(on_sqlite.folder / "elsewhere.db")
    assert restored(on_sqlite, file) == 1
    assert "stays closed" in capsys.readouterr().err
    for command in ("serve", "web", "worker"):
        assert run(on_sqlite, command) == 1
        assert "First run: portal erasures replay" in capsys.readouterr().err
    with pytest.raises(NotReplayed):
        create_app(load_settings(on_sqlite.folder / "portal.toml"))
    (on_sqlite.folder / "elsewhere.db").rename(away)
    assert run(on_sqlite, "erasures", "replay") == 0
    assert "People erased again: 1." in capsys.readouterr().out
    create_app(load_settings(on_sqlite.folder / "portal.toml"))


def test_everybody_is_signed_out_and_no_link_of_before_works(built: Built) -> None:
    visitor = Visitor(built)
    visitor.sign_in(CAMILLE)
    file = backup_of(built)
    assert restored(built, file) == 0
    with built.installation.database.reading() as store:
        person = store.people.by_address(CAMILLE)
        assert person
        assert list(store.sessions.open_of(person_id=person.id)) == []


def cut_short(folder: Path) -> None:
    path = folder / "erasures.ledger"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


def lost(folder: Path) -> None:
    (folder / "erasures.ledger").unlink()


def changed(folder: Path) -> None:
    path = folder / "erasures.ledger"
    path.write_text(path.read_text().replace("deletion", "deletiom"))


@pytest.mark.parametrize("harm", [cut_short, lost, changed])
def test_without_its_ledger_nothing_is_put_back(
    on_sqlite: Built, capsys: pytest.CaptureFixture[str], harm: Callable[[Path], None]
) -> None:
    ask(on_sqlite, EMILY)
    noted(on_sqlite)
    file = backup_of(on_sqlite)
    later = ask(on_sqlite, CAMILLE)
    harm(on_sqlite.folder)
    assert restored(on_sqlite, file) == 1
    assert "ledger" in capsys.readouterr().err
    assert known(on_sqlite, later.reference) is not None


def test_a_ledger_that_is_lost_may_be_done_without(on_sqlite: Built) -> None:
    ask(on_sqlite, EMILY)
    noted(on_sqlite)
    file = backup_of(on_sqlite)
    lost(on_sqlite.folder)
    assert restored(on_sqlite, file, "--without-ledger") == 0
    erased(on_sqlite, CAMILLE)
    assert run(on_sqlite, "erasures", "verify") == 0


def test_the_ledger_of_another_installation_puts_nothing_back(
    on_sqlite: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(on_sqlite, EMILY)
    noted(on_sqlite)
    file = backup_of(on_sqlite)
    with on_sqlite.installation.database.writing() as store:
        store.connection.exec_driver_sql("UPDATE ledger_mark SET installation = 'another', number = 0, seal = ''")
    lost(on_sqlite.folder)
    noted(on_sqlite)
    assert restored(on_sqlite, file) == 1
    assert capsys.readouterr().err == "The erasure ledger is that of another installation.\n"


def test_a_file_that_is_there_is_not_overwritten(on_sqlite: Built, capsys: pytest.CaptureFixture[str]) -> None:
    file = backup_of(on_sqlite)
    assert file.stat().st_mode & 0o777 == 0o600
    written = file.read_bytes()
    assert run(on_sqlite, "backup", str(file)) == 1
    assert "is left as it is" in capsys.readouterr().err
    assert file.read_bytes() == written
    assert run(on_sqlite, "backup", str(on_sqlite.folder / "no" / "such" / "file")) == 1


def no_zip(file: Path) -> None:
    file.write_bytes(b"SQLite format 3\0")


def another_zip(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as other:
        other.writestr("a.txt", "a")


def half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def other_bytes(file: Path) -> None:
    rewritten(file, lambda held: held.replace(b"camille", b"camilla"))


def rewritten(file: Path, database: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(file) as present:
        held, said = present.read("database"), present.read("backup.json")
    with zipfile.ZipFile(file, "w") as changed_file:
        changed_file.writestr("database", database(held))
        changed_file.writestr("backup.json", said)


@pytest.mark.parametrize("harm", [no_zip, another_zip, half, other_bytes])
def test_what_is_no_backup_of_this_portal_is_one_sentence_and_changes_nothing(
    on_sqlite: Built, capsys: pytest.CaptureFixture[str], harm: Callable[[Path], None]
) -> None:
    ask(on_sqlite, CAMILLE)
    file = backup_of(on_sqlite)
    harm(file)
    before = tables(on_sqlite)
    assert restored(on_sqlite, file) == 1
    [said] = capsys.readouterr().err.splitlines()
    assert said.startswith(str(file))
    assert tables(on_sqlite) == before


def test_a_portal_that_runs_is_not_restored_under(on_sqlite: Built, capsys: pytest.CaptureFixture[str]) -> None:
    file = backup_of(on_sqlite)
    code = "import sys, sqlite3, fcntl, os; h = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT); fcntl.flock(h, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(on_sqlite.folder / LOCK_FILE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout
        assert running.stdout.readline() == "held\n"
        assert restored(on_sqlite, file) == 1
        running.communicate("")
    assert capsys.readouterr().err.count("\n") == 1


def test_a_backup_under_load_holds_each_request_acknowledged_before_it_began(built: Built) -> None:
    """F-18 of security.md: requests go on coming while the backup is written; it is whole, and none of before is missing."""
    written: list[str] = []
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with built.installation.database.writing() as store:
                store.people.ensure(f"person{number}@example.org", language="fr", now=built.clock())
            written.append(f"person{number}@example.org")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 20:
            stop.wait(0.01)
        acknowledged = list(written)
        file = built.folder / "loaded.backup"
        backups.back_up(built.installation, file, now=built.clock())
    finally:
        stop.set()
        writer.join()
    assert restored(built, file) == 0
    with built.installation.database.reading() as store:
        assert all(store.people.by_address(address) for address in acknowledged)


def test_an_older_backup_is_brought_to_this_version(on_sqlite: Built) -> None:
    """A machine lost with everything but the backup, the settings, the secret and the ledger."""
    request = ask(on_sqlite, CAMILLE)
    noted(on_sqlite)
    file = backup_of(on_sqlite)
    on_sqlite.installation.database.close()
    for one in on_sqlite.folder.glob("portal.db*"):
        one.unlink()
    assert run(on_sqlite, "restore", str(file)) == 0
    anew = install(load_settings(on_sqlite.folder / "portal.toml"))
    with anew.database.reading() as store:
        assert store.requests.by_reference(request.reference) is not None
    anew.database.close()


def tables(built: Built) -> list[str]:
    with reading(built) as connection:
        return list(connection.iterdump())


@contextmanager
def reading(built: Built) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(built.folder / "portal.db")
    try:
        yield connection
    finally:
        connection.close()


def test_without_postgresql_s_programs_it_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with fresh_postgresql() as url:
        made = an_installation(tmp_path, database_url=url.render_as_string(hide_password=False))
        monkeypatch.setenv("PATH", str(tmp_path))
        assert run(made, "backup", str(tmp_path / "portal.backup")) == 1
        assert capsys.readouterr().err == "The database could not be copied: pg_dump is not installed.\n"
        assert not list(tmp_path.glob("*.part"))
        made.installation.database.close()


def test_a_password_is_no_argument_of_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody on a machine may read the arguments of its processes."""
    script = tmp_path / "pg_dump"
    script.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$0.said"\n')
    script.chmod(0o700)
    with fresh_postgresql() as url:
        address = url.set(password="unguessable").render_as_string(hide_password=False)
        made = an_installation(tmp_path, database_url=address)
        monkeypatch.setenv("PATH", str(tmp_path))
        run(made, "backup", str(tmp_path / "portal.backup"))
        made.installation.database.close()
    assert "unguessable" not in (tmp_path / "pg_dump.said").read_text()


def test_nothing_of_a_backup_is_left_where_there_is_no_room(on_sqlite: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    file = on_sqlite.folder / "locked" / "portal.backup"
    file.parent.mkdir()
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))\n"
        "from portal.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    command = ["backup", str(file), "--config", str(on_sqlite.folder / "portal.toml")]
    ran = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.startswith("The database could not be copied: ")
    assert list(file.parent.iterdir()) == []
