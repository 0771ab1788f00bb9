"""An installation of the version before, upgraded by the command and used by its people and staff through the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.app import install, site_of
from portal.cli import main
from portal.config import load_settings
from portal.services.work import sweep
from portal.storage import schema
from portal.storage.database import Database
from tests.client import Page, Visitor
from tests.installation import CAMILLE, NOON, Built, Clock
from tests.journeys import story
from tests.made_before import REVISIONS, install_it
from tests.services import fresh_postgresql

OFFICER, AGENT = "officer@example.org", "agent@example.org"


EACH = [(engine, revision) for engine in ("sqlite", "postgresql") for revision in REVISIONS]
OLDER = [(engine, revision) for engine, revision in EACH if revision != schema.head()]
"""The newest of them may have been made at this version's own schema: it has nothing to upgrade."""


@pytest.fixture(params=EACH)
def file(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("LC_ALL", "LC_MESSAGES", "PORTAL_CONFIG", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    engine, revision = request.param
    if engine == "sqlite":
        yield install_it(tmp_path, revision=revision)
        return
    with fresh_postgresql() as url:
        yield install_it(tmp_path, url.render_as_string(hide_password=False), revision)


def opened(file: Path) -> Built:
    clock = Clock(NOON)
    installation = install(load_settings(file, {}), clock=clock)
    app = site_of(installation)
    app.testing = True
    return Built(installation, app, clock, f"sqlite:///{file.parent / 'service.db'}", file.parent)


@pytest.mark.parametrize("file", OLDER, indirect=True)
def test_nothing_serves_an_older_database_and_each_names_the_command(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["serve"], ["web"], ["worker"], ["rights", "list"], ["staff", "list"]):
        assert main([*command, "--config", str(file)]) == 1
        said = capsys.readouterr().err
        assert said == "The database is not at this version's schema. Run: portal db upgrade\n", command
    assert main(["check", "--config", str(file)]) == 1
    assert "portal.toml: database.url: the schema is behind; run: portal db upgrade" in capsys.readouterr().out


def test_nothing_serves_a_newer_database_and_each_says_so(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = Database(load_settings(file, {}).database.url)
    schema.upgrade(database.engine)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    for command in (["serve"], ["web"], ["worker"], ["rights", "list"], ["db", "upgrade"]):
        assert main([*command, "--config", str(file)]) == 1
        said = capsys.readouterr().err
        assert said.startswith("The database was made by a newer version of the portal."), command
        assert said.count("\n") == 1
    assert main(["check", "--config", str(file)]) == 1
    assert "the database was made by a newer version" in capsys.readouterr().out


def test_an_upgraded_installation_goes_on_where_it_was(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not _is_at_head(file):
        _upgraded(file, capsys)
    assert main(["db", "upgrade", "--config", str(file)]) == 0
    assert capsys.readouterr().out == f"The database is already at {schema.head()}.\n"
    built = opened(file)
    sweep(built.installation, 0, built.clock())
    _staff_go_on(built)
    _people_go_on(built)
    built.installation.database.close()


def _is_at_head(file: Path) -> bool:
    database = Database(load_settings(file, {}).database.url)
    with database.engine.connect() as connection:
        at_head = schema.is_head(connection)
    database.close()
    return at_head


def _upgraded(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "upgrade", "--config", str(file)]) == 0
    said = capsys.readouterr().out
    assert f"The database is now at {schema.head()}." in said
    assert ("A copy from before the upgrade: " in said) is ("sqlite" in load_settings(file, {}).database.url)


def _staff_go_on(built: Built) -> None:
    officer = Visitor(built, "fr")
    officer.sign_in(OFFICER)
    queue = officer.visit("staff_requests")
    references = [words for words in queue.links() if words.startswith("R-")]
    assert len(references) >= 3
    waiting_for_nobody = next(one for one in references if not _systems_to_look_up(officer, one))
    story.decide(officer, waiting_for_nobody, decision="granted")
    for endpoint in ("staff_letters", "staff_audit", "staff_administration", "staff_settings"):
        officer.visit(endpoint)
    colleagues = officer.visit("staff_colleagues")
    assert AGENT in colleagues.text()
    page = officer.visit("staff_colleague", member="2")
    officer.send("staff_colleague_leave", page.form("/depart") | {"heir": "1", "act": "remove"}, member="2")
    assert "Accès retiré" in officer.visit("staff_colleagues").text()


def _systems_to_look_up(officer: Visitor, reference: str) -> list[str]:
    return [href for href in _hrefs(officer.visit("staff_request", reference=reference)) if "/liste/" in href]


def _people_go_on(built: Built) -> None:
    assert any(letter["kind"] == "acknowledgement" for letter in built.mailbox()), "letters that waited have left"
    camille = Visitor(built, "fr")
    camille.sign_in(CAMILLE)
    assert CAMILLE in camille.visit("my_information").text()
    requests = {href.rsplit("/", 1)[1] for href in _hrefs(camille.visit("requests")) if "/demandes/R-" in href}
    assert len(requests) >= 3
    for reference in requests:
        camille.visit("request_page", reference=reference)
    camille.visit("account")
    story.ask(camille, "Une nouvelle question")
    story.read_and_compare(Visitor(built, "en"))


def test_an_old_settings_file_is_taken_as_it_is(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "upgrade", "--config", str(file)]) == 0
    opened(file).installation.database.close()
    capsys.readouterr()
    assert main(["check", "--config", str(file)]) == 0
    *told, last = capsys.readouterr().out.splitlines()
    assert last == "No problem found."
    about_the_policy = [line for line in told if line.startswith("Note: privacy/2026-06-15/")]
    assert len(about_the_policy) == 3
    assert all("Recipient" in line for line in about_the_policy)


def _hrefs(page: Page) -> list[str]:
    return [link.get("href", "") for link in page.all("a")]
