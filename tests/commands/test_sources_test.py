"""`portal sources test`: whoever writes a service learns what it does wrong, in one line for each thing, with nobody's data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from portal.cli import main
from portal.demo.http_service.server import Service
from portal.demo.http_service.signatures import Nonces
from portal.domain.data_map import AccessLog, People, Table
from portal.domain.days import Days
from portal.sources.base import AccessPage, Batch, Corrected, Key, Page, Row, Value
from portal.sources.sql import SqlSource
from tests.installation import CAMILLE, EMILY, NOBODY, Built, an_installation
from tests.journeys import story
from tests.sources.serving import SECRET, answering

PAGES = "Rows come page by page, each once, and as many as are counted."
DAYS = "A choice of days gives every row of those days, and no others."
LOOKS = "Who looked is told page by page, newest first, each look once."
ERASES = "An erasure delivered twice is done and counted once, and what may go is gone."
CORRECTS = "A value that changed meanwhile is left and told; one that still stands is corrected."


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Built:
    for name in ("LC_ALL", "LC_MESSAGES", "PORTAL_CONFIG", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    return an_installation(tmp_path)


@contextmanager
def answered_by(built: Built, kind: type[SqlSource] = SqlSource, nonces: Nonces | None = None) -> Iterator[None]:
    """The installation's source is a service, with this one behind it."""
    source = kind("service", built.service_url, hash_key=SECRET)
    file = built.folder / "portal.toml"
    with Service(source, SECRET) as service, answering(service):
        service.nonces = nonces or service.nonces
        told = f'kind = "http"\nallow_private = true\nsecret = "{SECRET.decode()}"\n'
        url = json.dumps(f"http://127.0.0.1:{service.server_port}")
        text = file.read_text(encoding="utf-8").replace('kind = "sql"\n', told)
        file.write_text(text.replace(json.dumps(built.service_url), url), encoding="utf-8")
        yield
    source.close()


def tried(built: Built, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, list[list[str]]]:
    code = main(["sources", "test", "service", *options, "--config", str(built.folder / "portal.toml")])
    out = capsys.readouterr().out
    assert "@" not in out.replace("nobody@", "")
    assert "Camille" not in out
    return code, [line.split("\t") for line in out.splitlines()]


def wrong(lines: Sequence[Sequence[str]]) -> set[str]:
    return {line[2] for line in lines if line[0] == "wrong"}


def test_a_service_that_keeps_the_contract_has_nothing_wrong(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    with answered_by(built):
        code, lines = tried(built, capsys)
    assert (code, wrong(lines)) == (0, set())
    assert ["well", "", "A question sent twice is answered once."] in lines
    assert ["well", "service.api_requests", PAGES] in lines
    assert ["well", "service.api_requests", DAYS] in lines
    assert ["nothing to look at", "service.accounts", DAYS] in lines
    assert ["well", "", LOOKS] in lines
    assert sum(line[0] == "well" for line in lines) > 20
    assert story.rows_of(built, story.account_of(built, EMILY))[0] > 0


def test_a_made_up_person_is_corrected_and_erased_and_nobody_else(
    built: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    account, other = story.account_of(built, EMILY), story.account_of(built, CAMILLE)
    before = story.rows_of(built, other)
    with answered_by(built):
        code, lines = tried(built, capsys, "--write", EMILY)
    assert (code, wrong(lines)) == (0, set())
    assert ["well", "service.accounts", CORRECTS] in lines
    assert ["well", "service.api_requests", ERASES] in lines
    assert story.rows_of(built, account)[0] == 0
    assert story.rows_of(built, other) == before


def test_a_database_is_tried_too_without_what_only_a_service_has(
    built: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = tried(built, capsys)
    assert code == 0
    assert ["nothing to look at", "", "A question sent twice is answered once."] in lines


class Careless(SqlSource):
    """Answers for anybody, begins every page anew, takes no heed of days, and looks for addresses letter by letter."""

    def row(self, table: Table, person: Key, key: Key) -> Row | None:
        return super().row(table, key, key) if table.name.name == "accounts" else super().row(table, person, key)

    def page(self, table: Table, person: Key, *, after: Key | None, limit: int, within: Days | None = None) -> Page:
        return super().page(table, person, after=None, limit=limit)

    def counts(self, tables: Sequence[Table], person: Key, *, bound: int, within: Days | None = None) -> Sequence[int]:
        return super().counts(tables, person, bound=bound)

    def people_matching(self, people: People, address: str) -> Sequence[Key]:
        return [] if address.isupper() else super().people_matching(people, address)


class Disorderly(SqlSource):
    """Tells who looked in any order, and begins each page of it anew."""

    def accesses(
        self, people: People, person: Key, log: AccessLog | None, *, after: Key | None, limit: int
    ) -> AccessPage | None:
        page = super().accesses(people, person, log, after=None, limit=limit)
        return page and AccessPage(page.accesses[::-1], page.next_after)


class Hasty(SqlSource):
    """Writes over what changed meanwhile, and tells of every erasure that it did something."""

    def correct(self, table: Table, person: Key, key: Key, column: str, *, before: Value, value: Value) -> Corrected:
        return super().correct(table, person, key, column, before=value, value=value)

    def erase(self, table: Table, person: Key, batch: Batch, **when: Any) -> int:
        super().erase(table, person, batch, **when)
        return batch.count


class Forgetful(Nonces):
    """Remembers no question."""

    def use(self, nonce: str, created: int) -> None:
        """Let every one pass, however old and often."""


def test_what_a_service_does_wrong_when_it_is_read_is_said(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    with answered_by(built, Careless, Forgetful()):
        code, lines = tried(built, capsys)
    assert code == 1
    assert wrong(lines) >= {
        PAGES,
        f"{DAYS} The source service answers with rows of other days than those asked for.",
        "A question signed ten minutes ago is refused.",
        "A question sent twice is answered once.",
        "Somebody is found by their address, in capitals too.",
        "A row is read by its key, and by its own person alone.",
        "A page that begins nowhere is refused.",
    }


def test_a_service_that_tells_who_looked_in_any_order_is_told_so(
    built: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    with answered_by(built, Disorderly):
        code, lines = tried(built, capsys)
    assert (code, wrong(lines)) == (1, {LOOKS})


def test_what_a_service_does_wrong_when_it_writes_is_said(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    with answered_by(built, Hasty):
        code, lines = tried(built, capsys, "--write", EMILY)
    assert (code, wrong(lines)) == (1, {CORRECTS, ERASES})


def test_a_service_that_does_not_answer_is_wrong_and_why_is_said(
    built: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    with answered_by(built):
        pass
    code, lines = tried(built, capsys)
    assert code == 1
    assert "Its tables and columns are those the map relies on. The source service does not answer." in wrong(lines)


@pytest.mark.parametrize("address", [NOBODY, "nonsense"])
def test_nobody_is_written_who_is_not_exactly_one_person(
    built: Built, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    config = str(built.folder / "portal.toml")
    assert main(["sources", "test", "service", "--write", address, "--config", config]) == 1
    assert capsys.readouterr().err == "service does not know exactly one person there.\n"


def test_a_source_that_is_none_is_refused(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "test", "elsewhere", "--config", str(built.folder / "portal.toml")]) == 1
    assert capsys.readouterr().err == "There is no source elsewhere in portal.toml.\n"


def test_the_checks_speak_french(
    built: Built, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "fr_CA.UTF-8")
    assert main(["sources", "test", "service", "--config", str(built.folder / "portal.toml")]) == 0
    assert "bien\t\tOn ne trouve personne sous une adresse que personne n’a." in capsys.readouterr().out
