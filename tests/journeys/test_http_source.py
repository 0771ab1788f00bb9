"""An installation whose only source is a service asked over HTTP: people read, take, correct and erase as with any other."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from werkzeug.test import TestResponse

from portal.config import Settings, SourceSettings
from portal.demo.people import STAFF
from portal.demo.service.tables import service_tables
from portal.domain.languages import Language
from portal.domain.rights import RightsRequest
from portal.sources.http import HttpSource
from tests.client import Visitor
from tests.installation import CAMILLE, MARGUERITE, Built, an_installation
from tests.journeys import story
from tests.sources.serving import SECRET, served
from tests.web.act_visits import asked
from tests.web.severing_visits import CALLS, copy_of, data_of, decided, left_out, list_opened

SERVICE_TABLES = service_tables.tables
OFFICER = STAFF[0].email
AWAY = {
    "fr": "ne peut pas être lue pour le moment",
    "en": "cannot be read just now",
}


@contextmanager
def over_http(folder: Path) -> Iterator[Built]:
    """The demo's map and service, with the reference server between them."""
    with served(f"sqlite:///{folder / 'service.db'}") as service:
        url = f"http://127.0.0.1:{service.server_port}"

        def asks_a_service(settings: Settings) -> Settings:
            source = SourceSettings("service", "http", url, secret=SECRET, allow_private=True)
            return replace(settings, sources=(source,))

        built = an_installation(folder, change=asks_a_service)
        source = built.installation.sources["service"]
        assert isinstance(source, HttpSource)
        yield built
        source.close()


@pytest.mark.parametrize(("language", "person"), [("fr", MARGUERITE), ("en", "daniel.macleod@example.org")])
def test_what_a_person_asked_is_done_by_the_service(tmp_path: Path, language: Language, person: str) -> None:
    with over_http(tmp_path) as built:
        visitor, officer = Visitor(built, language), Visitor(built, language)
        account = story.account_of(built, person)
        _, billed = story.rows_of(built, account)
        visitor.sign_in(person)
        visitor.visit("my_information")
        story.correct(visitor, "name", "Nouveau Nom")
        story.withdraw(visitor, "improve")
        reference = story.ask_for_deletion(visitor)
        officer.sign_in(OFFICER)
        story.decide(officer, reference, decision="granted")
        built.work()
        calls_left, billed_left = story.rows_of(built, account)
        assert calls_left == 0
        assert 0 < billed_left < billed
        assert visitor.visit("request_page", reference=reference).all("table"), "the attestation"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_and_the_copy_are_those_of_the_database_itself(tmp_path: Path, language: Language) -> None:
    direct = an_installation(tmp_path / "direct")
    with over_http(tmp_path / "http") as built:
        through, beside = _signed_in(built, language), _signed_in(direct, language)
        assert "Camille Tremblay" in through.visit("category", category="account").text()
        for category in ("account", "usage"):
            assert (
                through.visit("category", category=category).text()
                == beside.visit("category", category=category).text()
            )
        copied = _tables_of_the_copy(through)
        assert copied == _tables_of_the_copy(beside)
        assert [name for name in copied if name.endswith("api_requests.csv")] != []


def _signed_in(built: Built, language: Language) -> Visitor:
    visitor = Visitor(built, language)
    visitor.sign_in(CAMILLE)
    return visitor


def _tables_of_the_copy(visitor: Visitor) -> dict[str, bytes]:
    answer = visitor.send("download", {}, status=200)
    assert isinstance(answer, TestResponse)
    with ZipFile(io.BytesIO(answer.get_data())) as archive:
        names = (
            name for name in archive.namelist() if name.endswith(tuple(f"{table}.csv" for table in SERVICE_TABLES))
        )
        return {name: archive.read(name) for name in names}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_service_that_went_away_is_said_and_the_page_is_there(tmp_path: Path, language: Language) -> None:
    with over_http(tmp_path) as built:
        visitor = Visitor(built, language)
        visitor.sign_in(CAMILLE)
    assert AWAY[language] in visitor.visit("my_information").text()


def test_a_field_and_a_row_left_out_stay_out_of_what_a_service_answers(tmp_path: Path) -> None:
    with over_http(tmp_path) as built:
        request, officer = asked(built, "en"), _staff(built)
        calls = left_out(officer, request, CALLS, field="path", key=_newest_call(officer, request))
        decided(officer, request, calls)
        archive = copy_of(_signed_in(built, "en"))
        usage = data_of(archive)["usage"]
        [table] = usage["tables"]
        assert "path" not in [column["name"] for column in table["columns"]]
        assert [(one["field"], one["rows"]) for one in usage["left_out"]] == [("path", None), (None, 1)]
        whole = an_installation(tmp_path / "whole")
        [before] = data_of(copy_of(_signed_in(whole, "en")))["usage"]["tables"]
        assert table["count"] == before["count"] - 1


def _staff(built: Built) -> Visitor:
    officer = Visitor(built, "en")
    officer.sign_in(OFFICER)
    return officer


def _newest_call(officer: Visitor, request: RightsRequest) -> str:
    """The key of the first entry that staff may choose."""
    words = list_opened(officer, request, CALLS).all("label", **{"for": "row-1"})
    return "".join(words[0].itertext()).partition(",")[0]
