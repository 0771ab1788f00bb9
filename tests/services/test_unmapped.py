"""What a mapped source holds and the map does not mention is told apart from what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.cli import main
from portal.services.check import as_json, describe, problems
from portal.services.unmapped import unmapped
from tests.installation import an_installation
from tests.services import fresh_postgresql
from tests.services.test_check import LOCAL_TABLE, TABLES, found, installed

MORE = TABLES.replace("plan TEXT", "plan TEXT, nick TEXT") + "CREATE TABLE secrets (id INTEGER, whose INTEGER);"


def left(settings, sources):  # type: ignore[no-untyped-def]  # as test_check hands them
    return [(one.place, one.names) for one in unmapped(settings, describe(settings, sources))]


def test_a_map_that_mentions_everything_leaves_nothing(tmp_path: Path) -> None:
    assert found(tmp_path) == []
    places = [place for place, _ in left(*installed(tmp_path, LOCAL_TABLE, f"sqlite:///{tmp_path}/service.db"))]
    assert "service" not in places
    assert "service.accounts" not in places


def test_other_tables_and_other_columns_are_told_and_are_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path, tables=MORE) == []
    told = dict(left(*installed(tmp_path, LOCAL_TABLE, f"sqlite:///{tmp_path}/service.db")))
    assert told["service"] == ("secrets",)
    assert told["service.accounts"] == ("nick",)


def test_a_source_that_the_map_does_not_use_or_that_is_away_is_not_gone_through(tmp_path: Path) -> None:
    settings, _ = installed(tmp_path, LOCAL_TABLE, "sqlite:///nowhere.db")
    assert unmapped(settings, describe(settings, {})) == []


def test_of_several_schemas_only_those_the_map_uses_are_gone_through(tmp_path: Path) -> None:
    tables = TABLES.replace('"order.lines"', 'app."order.lines"').replace("TIMESTAMP", "timestamp")
    with fresh_postgresql() as url:
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            for statement in ("CREATE SCHEMA app", "CREATE SCHEMA aside", *filter(str.strip, tables.split(";"))):
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql("CREATE TABLE aside.nobody (id int)")
            connection.exec_driver_sql("CREATE TABLE app.other (id int)")
        engine.dispose()
        from tests.config.written import COMPLETE

        settings, sources = installed(tmp_path, COMPLETE, url.render_as_string(hide_password=False))
        assert problems(settings, sources) == []
        told = dict(left(settings, sources))
        for source in sources.values():
            source.close()
    assert told["service"] == ("app.other",)


def test_the_command_notes_them_uncounted_and_json_has_them_under_a_key_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    built = an_installation(tmp_path)
    engine = sa.create_engine(built.service_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE coupons (id INTEGER)")
        connection.exec_driver_sql("ALTER TABLE devices ADD COLUMN serial TEXT")
    engine.dispose()
    assert main(["check", "--config", str(tmp_path / "portal.toml")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Note: service: the map does not mention these tables: coupons" in lines
    assert "Note: service.devices: the map does not mention these columns: serial" in lines
    assert lines[-1] == "No problem found."
    assert main(["check", "--json", "--config", str(tmp_path / "portal.toml")]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "problems": [],
        "unmapped": {"service": ["coupons"], "service.devices": ["serial"]},
    }
    assert json.loads(as_json([])) == {"problems": []}
