"""What an answer left out of an access request stays out of the person's pages, corrections and copy (P-39.1, s. 34)."""

from __future__ import annotations

import io
import json
from pathlib import Path
from zipfile import ZipFile

import fastjsonschema
import pytest
from werkzeug.test import TestResponse

from portal.domain.languages import Language
from portal.domain.rights import Kind, RightsRequest
from tests.client import Visitor
from tests.installation import CAMILLE, Built, an_installation
from tests.web.act_visits import EACH, OFFICER, asked, changed, signed_in

LEFT_OUT = {"fr": "exclut cette partie", "en": "leaves this out"}


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def answered(built: Built, lang: Language, kind: Kind = Kind.ACCESS, **said: str) -> RightsRequest:
    """A request whose answer leaves out an account, or what is said instead."""
    request = asked(built, lang, kind)
    officer = signed_in(built, OFFICER, lang)
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    part = {"decision": "partially_granted", "leave_out_account": "QC39_1_inquiry"}
    officer.send("staff_decision", form | (said or part), reference=request.reference)
    return request


def copy_of(visitor: Visitor, **fields: str) -> ZipFile:
    answer = visitor.send("download", fields, status=200)
    assert isinstance(answer, TestResponse)
    return ZipFile(io.BytesIO(answer.get_data()))


def parts(archive: ZipFile) -> dict[str, dict[str, object]]:
    """The categories of data.json by id, once it has its published form."""
    data = json.loads(archive.read("data.json"))
    fastjsonschema.compile(json.loads(archive.read("data.schema.json")))(data)
    return {category["id"]: category for category in data["categories"]}


@EACH
def test_the_copy_leaves_it_out_and_says_why(built: Built, lang: Language) -> None:
    request = answered(built, lang)
    archive = copy_of(signed_in(built, CAMILLE, lang))
    account = parts(archive)["account"]
    assert account["tables"] == []
    withheld = account["withheld"]
    assert isinstance(withheld, dict)
    assert withheld["request"] == request.reference
    assert "39" in withheld["provision"]
    assert not any(name.startswith("csv/account-") for name in archive.namelist())
    page = archive.read("index.html").decode()
    assert LEFT_OUT[lang] in page
    assert withheld["reason"] in page
    assert {"fr": "Rien n’a été retenu", "en": "Nothing was withheld"}[lang] not in page
    assert parts(archive)["usage"]["withheld"] is None
    assert parts(archive)["usage"]["tables"]


@EACH
def test_the_pages_of_the_person_leave_it_out_and_lead_to_the_answer(built: Built, lang: Language) -> None:
    request = answered(built, lang)
    person = signed_in(built, CAMILLE, lang)
    assert {"fr": "exclut cette partie. Ouvrez-la", "en": "Open it to see why."}[lang] in person.visit(
        "my_information"
    ).text()
    page = person.visit("category", category="account")
    assert LEFT_OUT[lang] in page.text()
    assert CAMILLE not in page.text().replace(f"{CAMILLE} ", "", 1)
    assert any(href.endswith(request.reference) for href in page.links().values())


def test_nobody_corrects_what_an_answer_leaves_out(built: Built) -> None:
    person = signed_in(built, CAMILLE, "en")
    link = next(href for href in person.visit("category", category="account").links().values() if "/correct" in href)
    answered(built, "en")
    person.open(link, status=404)


def test_a_later_answer_that_leaves_nothing_out_gives_it_back(built: Built) -> None:
    answered(built, "en")
    answered(built, "en", decision="granted")
    person = signed_in(built, CAMILLE, "en")
    assert LEFT_OUT["en"] not in person.visit("category", category="account").text()
    assert parts(copy_of(person))["account"]["tables"]


def test_an_answer_that_is_opened_again_still_leaves_it_out(built: Built) -> None:
    request = answered(built, "en")
    changed(built, request, decision=None, withheld=(), decided_at=None)
    assert parts(copy_of(signed_in(built, CAMILLE, "en")))["account"]["tables"] == []


def test_what_is_taken_elsewhere_has_nothing_created_or_inferred(built: Built) -> None:
    person = signed_in(built, CAMILLE, "en")
    whole, portable = parts(copy_of(person)), parts(copy_of(person, portable="y"))
    made = {name for name, part in whole.items() if part["origin"] in {"created", "inferred"}}
    assert made
    assert set(portable) == set(whole) - made
