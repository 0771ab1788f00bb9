"""A kind of database on which nothing was proved is spoken to by the same code, or said in one sentence to lack its driver."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from portal.cli import main
from portal.config.addresses import is_proven, source_url
from portal.config.reading import Refused
from portal.sources import open_source
from portal.sources.base import DriverMissing, Source
from tests.installation import an_installation
from tests.sources import invented_service as service
from tests.sources.erasing_contract import ErasingContract
from tests.sources.other_database import other
from tests.sources.reaching_contract import ReachingContract
from tests.sources.reading_contract import ReadingContract

ROOT = Path(__file__).resolve().parents[2]
MISSING = (
    "portal.toml: sources[0].url: no Python package installed here speaks to this kind of database;"
    " expected its SQLAlchemy driver"
)


class TestOnAnotherDatabase(ReadingContract, ErasingContract, ReachingContract):
    """Everything but what depends on how its driver takes exact numbers."""

    @classmethod
    @contextmanager
    def fresh(cls, folder: Path) -> Iterator[URL]:
        yield URL.create("sqlite", database=str(folder / "service.db"))

    def opened(self, url: str) -> Source:
        return open_source("sql", "service", other(url), hash_key=service.SECRET)

    def broken(self, url: URL) -> str:
        return other(url.set(database="/nowhere/p@ss/w%rd/service.db"))

    def spoil(self, engine: sa.Engine) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE api_requests SET path = CAST(x'61ff62' AS TEXT) WHERE id = 2")


@pytest.mark.parametrize(
    "url", ["mssql+pyodbc://u:hidden@host/shop", "oracle+oracledb://u:hidden@host/?service_name=x"]
)
def test_another_database_is_accepted_and_its_absent_driver_is_one_plain_refusal(url: str) -> None:
    assert source_url(url) == url
    assert not is_proven(url)
    with pytest.raises(DriverMissing) as missing:
        open_source("sql", "service", url)
    assert "hidden" not in repr(missing.value)
    assert missing.value.__context__ is None


@pytest.mark.parametrize(
    "url", ["nosuchbase://u:p@host/shop", "mssql+pyodbc://u:p@ss@host/shop", "mssql+pyodbc", "oracle:x y"]
)
def test_an_address_of_nothing_known_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        source_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////srv/x.db",
        "postgresql+psycopg://h/d",
        "postgres://h/d",
        "mysql+pymysql://h/d",
        "mariadb+pymysql://h/d",
    ],
)
def test_what_the_tests_run_on_is_proven(url: str) -> None:
    assert is_proven(url)


def _run(folder: Path, packages: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join((str(packages), str(ROOT))), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "portal", *command, "--config", str(folder / "portal.toml")],
        capture_output=True, text=True, env=environ, cwd=folder, check=False,
    )  # fmt: skip


def test_the_check_says_that_it_is_unproven_and_finds_no_problem(tmp_path: Path) -> None:
    built = an_installation(tmp_path / "portal")
    file = built.folder / "portal.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('url = "sqlite:////', 'url = "otherbase:////'), encoding="utf-8")
    about = tmp_path / "packages" / "otherbase-1.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: otherbase\nVersion: 1\n")
    (about / "entry_points.txt").write_text(
        "[sqlalchemy.dialects]\notherbase = tests.sources.other_database:OtherDialect\n"
    )
    checked = _run(built.folder, tmp_path / "packages", "check")
    note = "Note: service: the portal’s own tests do not run on this kind of database, so it is unproven;"
    assert note in checked.stdout
    assert (checked.stdout.splitlines()[-1], checked.stderr, checked.returncode) == ("No problem found.", "", 0)
    listed = _run(built.folder, tmp_path / "packages", "sources", "list")
    assert (listed.stdout, listed.returncode) == ("service\tsql\tanswers\n", 0)


def test_without_its_driver_the_check_and_the_draft_say_so_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    built = an_installation(tmp_path / "portal")
    file = built.folder / "portal.toml"
    text = file.read_text(encoding="utf-8")
    address = text.split('url = "sqlite:////')[1].split('"')[0]
    file.write_text(text.replace(f"sqlite:////{address}", "mssql+pyodbc://u:hidden@host/shop"), encoding="utf-8")
    capsys.readouterr()
    assert main(["check", "--config", str(file)]) == 1
    assert capsys.readouterr().out == f"{MISSING}\n1 problem.\n"
    assert main(["sources", "suggest", "mssql+pyodbc://u:hidden@host/shop"]) == 1
    told = capsys.readouterr().err
    assert told == (
        "No Python package installed here speaks to this kind of database. Install its SQLAlchemy driver first.\n"
    )
