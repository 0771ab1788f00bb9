"""A draft of a map asks whether a table says who looked, and shows nobody's employees meanwhile."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from portal.cli import main
from portal.config import read_settings
from portal.demo.service import create_service_database
from portal.domain.data_map import TableName
from tests.config.written import ENVIRON, FOLDER, SMALLEST
from tests.installation import NOON


@pytest.fixture
def drafted(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LANG", "C.UTF-8")
    create_service_database(tmp_path / "service.db", today=NOON.date(), log_rows=5)
    assert main(["sources", "suggest", f"sqlite:///{tmp_path / 'service.db'}"]) == 0
    return capsys.readouterr().out


def test_a_record_of_looks_is_a_question_and_no_category(drafted: str) -> None:
    tables = [table["table"] for one in tomllib.loads(drafted)["categories"] for table in one["tables"]]
    assert "service.sign_ins" in tables, "an ordinary log is"
    assert "service.support_views" not in tables
    assert "# ? Does this table say who of your people looked at somebody’s information?" in drafted
    assert "# - service.support_views: it seems to say who looked at people’s information" in drafted
    assert "employee" not in drafted


def test_its_lines_load_once_their_marks_are_taken_away(drafted: str) -> None:
    _, offered = drafted.split("# [[accesses]]\n")
    lines = [line for line in offered.splitlines() if line.startswith("# ") and " = " in line][:8]
    log = "\n".join(line.removeprefix("# ") for line in lines)
    settings = read_settings(f"{SMALLEST}{drafted}\n[[accesses]]\n{log}\n", FOLDER, ENVIRON)
    (found,) = settings.data_map.accesses
    assert (found.table, found.person.columns, found.key) == (
        TableName("service", "support_views"),
        ("account_id",),
        ("id",),
    )
    assert (found.at, found.role, found.reason) == ("viewed_at", "team", "reason")
