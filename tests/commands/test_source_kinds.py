"""Another package may give a kind of source: named by an entry point, opened like ours, and one sentence when it is broken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.installation import Built, an_installation

ROOT = Path(__file__).resolve().parents[2]
WORKING = """
from portal.sources.sql import SqlSource

def opened(id, url, *, hash_key, timeout_seconds, secret, allow_private):
    return SqlSource(id, url.removeprefix("ledger:"), hash_key=hash_key, timeout_seconds=timeout_seconds)
"""


@pytest.fixture
def built(tmp_path: Path) -> Built:
    """An installation whose source is of a kind that is not the portal's."""
    built = an_installation(tmp_path / "portal")
    file = built.folder / "portal.toml"
    text = file.read_text(encoding="utf-8")
    text = text.replace('kind = "sql"', 'kind = "ledger"').replace('url = "sqlite:////', 'url = "ledger:sqlite:////')
    file.write_text(text.replace('"ledger:sqlite:///portal.db"', '"sqlite:///portal.db"'), encoding="utf-8")
    return built


def _package(folder: Path, code: str) -> None:
    """A package as an installer leaves it: a module, and beside it what its metadata says."""
    about = folder / "ledger_source-1.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: ledger-source\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[portal.sources]\nledger = ledger_source:opened\n")
    (folder / "ledger_source.py").write_text(code)


def _run(built: Built, packages: Path, *command: str) -> subprocess.CompletedProcess[str]:
    config = str(built.folder / "portal.toml")
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join((str(packages), str(ROOT))), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "portal", *command, "--config", config],
        capture_output=True, text=True, env=environ, cwd=built.folder, check=False,
    )  # fmt: skip


def test_a_kind_of_another_package_is_opened_like_ours(built: Built, tmp_path: Path) -> None:
    _package(tmp_path / "packages", WORKING)
    listed = _run(built, tmp_path / "packages", "sources", "list")
    assert (listed.stdout, listed.returncode) == ("service\tledger\tanswers\n", 0)


@pytest.mark.parametrize(
    "code",
    ["import nothing_of_that_name", "opened = 5", "def opened(*_, **__):\n    raise RuntimeError('sqlite:////')"],
)
def test_a_kind_that_does_not_load_is_one_sentence(built: Built, tmp_path: Path, code: str) -> None:
    _package(tmp_path / "packages", code)
    sentence = (
        "portal.toml: sources[0].kind: the package that gives this kind of source cannot be loaded; "
        "expected it in working order\n1 problem.\n"
    )
    checked = _run(built, tmp_path / "packages", "check")
    assert (checked.stdout, checked.stderr, checked.returncode) == (sentence, "", 1)
    served = _run(built, tmp_path / "packages", "sources", "list")
    assert (served.stdout, served.stderr, served.returncode) == ("", sentence, 1)


def test_a_kind_nobody_gives_is_refused_with_those_there_are(built: Built, tmp_path: Path) -> None:
    checked = _run(built, tmp_path / "packages", "check")
    assert checked.stdout.startswith("portal.toml: sources[0].kind: expected one of: http, sql\n")
    assert checked.returncode == 1
