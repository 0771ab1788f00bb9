"""A file that says it is a backup: whoever restores runs what is in it, so that nothing is used but what this portal wrote."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portal.app import NotReplayed, site_of
from portal.services import backups
from portal.storage import backups as storage
from tests.commands.test_backup import ask, backup_of, built, english, noted, restored, run, tables
from tests.installation import CAMILLE, Built, an_installation

__all__ = ["built", "english"]

Manifest = dict[str, Any]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Built]:
    made = an_installation(tmp_path)
    yield made
    made.installation.database.close()


def written(
    file: Path,
    manifest: Callable[[bytes], bytes | str] = lambda said: said,
    database: Callable[[bytes], bytes] = lambda held: held,
    how: int = zipfile.ZIP_DEFLATED,
) -> None:
    with zipfile.ZipFile(file) as present:
        held, said = present.read("database"), present.read("backup.json")
    with zipfile.ZipFile(file, "w", how) as anew:
        anew.writestr("database", database(held))
        anew.writestr("backup.json", manifest(said))


def saying(**changes: object) -> Callable[[bytes], str]:
    return lambda said: json.dumps({**json.loads(said), **changes})


def deep(file: Path) -> None:
    written(file, lambda _: "[" * 100_000)


def endless(file: Path) -> None:
    written(file, lambda said: json.dumps({**json.loads(said), "ledger": {"number": float("inf"), "seal": ""}}))


def huge_manifest(file: Path) -> None:
    written(file, lambda said: b" " * (1 << 24) + said)


def huge_database(file: Path) -> None:
    written(file, database=lambda held: held + bytes(1 << 24))


def another_number(file: Path) -> None:
    """Whoever says that the backup knew of more than it did would have erasures forgotten."""
    written(file, saying(ledger=None))


def another_database(file: Path) -> None:
    """A backup that somebody made themselves, whole in itself."""
    written(file, saying(sha256=hashlib.sha256(b"").hexdigest(), size=0), lambda _: b"")


def under_a_password(file: Path) -> None:
    """Every member says that it is encrypted."""
    held = bytearray(file.read_bytes())
    for beginning, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = held.find(beginning)
        while at >= 0:
            held[at + flags] |= 1
            at = held.find(beginning, at + 1)
    file.write_bytes(held)


def no_deflate(name: str) -> Callable[[Path], None]:
    def harm(file: Path) -> None:
        with zipfile.ZipFile(file) as present:
            start = present.getinfo(name).header_offset + 30 + len(name)
        held = bytearray(file.read_bytes())
        held[start : start + 8] = b"\xff" * 8
        file.write_bytes(held)

    return harm


def by_bzip2(file: Path) -> None:
    written(file, how=zipfile.ZIP_BZIP2)


def by_lzma(file: Path) -> None:
    written(file, how=zipfile.ZIP_LZMA)


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def a_pipe(file: Path) -> None:
    """Nobody writes into it: whoever opens it waits for ever."""
    file.unlink()
    os.mkfifo(file)


HARMS = [deep, endless, huge_manifest, huge_database, another_number, another_database, under_a_password]
HARMS += [no_deflate("backup.json"), no_deflate("database"), by_bzip2, by_lzma, a_folder, a_pipe]


@pytest.mark.parametrize("harm", HARMS)
def test_a_hostile_file_is_one_sentence_and_changes_nothing(
    here: Built, capsys: pytest.CaptureFixture[str], harm: Callable[[Path], None]
) -> None:
    ask(here, CAMILLE)
    noted(here)
    file = backup_of(here)
    harm(file)
    before = tables(here)
    assert restored(here, file) == 1
    [said] = capsys.readouterr().err.splitlines()
    assert said.startswith(str(file))
    assert tables(here) == before
    assert [path.name for path in here.folder.iterdir() if "restore" in path.name or "coming" in path.name] == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"schema": "9999"}, "was made by a newer version of the portal"),
        ({"kind": "postgresql"}, "is of another kind of database"),
        ({"size": 10}, "is not as it was written"),
        ({"size": 1 << 40}, "is not as it was written"),
    ],
)
def test_a_backup_of_ours_that_does_not_fit_says_why(
    here: Built, capsys: pytest.CaptureFixture[str], changes: dict[str, Any], sentence: str
) -> None:
    file = backup_of(here)
    with backups.opened(here.installation, file) as (manifest, _):
        sealed = backups.as_written(here.installation, replace(manifest, **changes))
    written(file, lambda _: sealed)
    capsys.readouterr()
    assert restored(here, file) == 1
    assert sentence in capsys.readouterr().err


def test_a_backup_made_with_a_secret_that_nobody_names_is_not_ours(
    here: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    file = backup_of(here)
    (here.folder / "secret.key").write_text("n" * 48)
    capsys.readouterr()
    assert restored(here, file) == 1
    assert "was not written by this portal" in capsys.readouterr().err


def test_a_secret_of_before_still_proves_a_backup(here: Built) -> None:
    file = backup_of(here)
    (here.folder / "secret.key").write_text("n" * 48)
    (here.folder / "portal.toml").write_text(
        (here.folder / "portal.toml").read_text().replace("previous = []", f'previous = ["{"k" * 48}"]')
    )
    assert restored(here, file) == 0


def test_a_database_put_back_is_closed_whatever_is_killed_after(built: Built) -> None:
    """All that follows may be killed: what was erased since is not erased again yet, and everybody is signed in as before."""
    ask(built, CAMILLE)
    noted(built)
    file = backup_of(built)
    built.installation.database.close()
    with backups.opened(built.installation, file) as (_, copy):
        storage.put(built.installation.database, copy, replay_after=1)
    with pytest.raises(NotReplayed):
        site_of(built.installation)
    assert run(built, "erasures", "replay") == 0
    site_of(built.installation)


def test_what_cannot_be_put_back_leaves_nothing_behind(here: Built) -> None:
    copy = here.folder / "copy"
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("CREATE TABLE t (a)")
    with pytest.raises(storage.CannotCopy):
        storage.put(here.installation.database, copy, replay_after=0)
    assert not (here.folder / "portal.db.coming").exists()


@pytest.mark.parametrize("name", ["portal.toml/x", "n" * 300, "no/such/folder/x"])
def test_where_no_backup_can_be_is_one_sentence(here: Built, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert run(here, "backup", str(here.folder / name)) == 1
    assert capsys.readouterr().err.startswith("The database could not be copied: ")
