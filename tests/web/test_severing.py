"""An answer leaves out a table, a field or some rows, and gives the rest: third parties are severed (P-39.1, ss. 34 and 40)."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path
from zipfile import ZipFile

import pytest
from werkzeug.test import TestResponse

from portal.domain.audit import AuditEvent
from portal.domain.languages import Language
from portal.services.information import PAGE_ROWS
from tests.client import Visitor
from tests.installation import CAMILLE, EMILY, Built, an_installation, an_installation_on
from tests.web.act_visits import AGENT, AUDITOR, EACH, OFFICER, asked, now_of, signed_in
from tests.web.severing_visits import (
    ACCOUNTS,
    CALLS,
    DEVICES,
    GROUND,
    answered,
    copy_of,
    csv_of,
    data_of,
    decided,
    everything_in,
    left_out,
    list_opened,
    pressed,
)

INQUIRY = "QC39_1_inquiry"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def held(built: Built, what: str, of: str = CAMILLE) -> list[object]:
    """A column of what the service holds of somebody, the oldest row first."""
    table, column = what.split(".")
    own = "id" if table == "accounts" else "account_id"
    asked_of = f"SELECT {column} FROM {table} WHERE {own} = (SELECT id FROM accounts WHERE email = ?) ORDER BY id"
    with sqlite3.connect(built.folder / "service.db") as service:
        return [value for (value,) in service.execute(asked_of, [of])]


@EACH
def test_a_field_left_out_is_in_no_file_of_the_copy_which_says_why(built: Built, lang: Language) -> None:
    with sqlite3.connect(built.folder / "service.db") as service:
        service.execute("UPDATE accounts SET company = 'Zébulon & fils' WHERE email = ?", [CAMILLE])
    assert "Zébulon" in everything_in(copy_of(signed_in(built, CAMILLE, lang)))
    request = answered(built, lang, ACCOUNTS, field="company")
    archive = copy_of(signed_in(built, CAMILLE, lang))
    assert "Zébulon" not in everything_in(archive)
    account = data_of(archive)["account"]
    assert "company" not in [column["name"] for column in account["tables"][0]["columns"]]
    [part] = account["left_out"]
    assert (part["table"], part["field"], part["rows"]) == ("service.accounts", "company", None)
    assert "40" in part["provision"]
    assert part["request"] == request.reference
    assert "company" not in csv_of(archive, "account-accounts")[0]
    assert len({len(line) for line in csv_of(archive, "account-accounts")}) == 1
    label = {"fr": "le champ «\u00a0Entreprise\u00a0»", "en": "the field “Company”"}[lang]
    for name in ("index.html", "README.txt"):
        assert label in archive.read(name).decode()
        assert request.reference in archive.read(name).decode()
    assert json.loads(archive.read("manifest.json"))["left_out"] == [{"category": "account", **part}]
    assert {"fr": "Rien n’a été retenu", "en": "Nothing was withheld"}[lang] not in archive.read("index.html").decode()


@EACH
def test_my_information_says_which_field_is_left_out_and_shows_the_others(built: Built, lang: Language) -> None:
    [phone] = held(built, "accounts.phone")
    before = signed_in(built, CAMILLE, lang).visit("category", category="account")
    assert str(phone) in before.text()
    answered(built, lang, ACCOUNTS, field="phone")
    person = signed_in(built, CAMILLE, lang)
    page = person.visit("category", category="account")
    assert str(phone) not in page.text()
    assert {"fr": "Exclu par notre réponse", "en": "Left out by our answer"}[lang] in page.text()
    assert {"fr": "le champ «\u00a0Téléphone\u00a0»", "en": "the field “Phone”"}[lang] in page.text()
    assert "Camille" in page.text()
    overview = person.visit("my_information").text()
    assert {"fr": "en exclut une partie", "en": "Part of it is left out"}[lang] in overview
    download = person.visit("download").text()
    assert {"fr": "le champ «\u00a0Téléphone\u00a0»", "en": "the field “Phone”"}[lang] in download


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_rows_left_out_are_nowhere_and_are_counted_never_named(engine: str, tmp_path: Path) -> None:
    with an_installation_on(engine, tmp_path) as built:
        keys = [str(key) for key in held(built, "api_requests.id")]
        with sqlite3.connect(built.folder / "service.db") as service:
            service.execute("UPDATE api_requests SET path = '/about/somebody-else' WHERE id IN (?, ?)", keys[:2])
        request, officer = asked(built, "en"), signed_in(built, OFFICER, "en")
        first = left_out(officer, request, CALLS, key=keys[0])
        decided(officer, request, left_out(officer, request, CALLS, first, key=keys[1]))
        [part] = now_of(built, request).withheld
        assert part.rows == ((int(keys[0]),), (int(keys[1]),))
        person = signed_in(built, CAMILLE, "en")
        archive = copy_of(person)
        assert "somebody-else" not in everything_in(archive)
        usage = data_of(archive)["usage"]
        assert usage["tables"][0]["count"] == len(keys) - 2 == len(csv_of(archive, "usage-api_requests")) - 2
        assert [(one["field"], one["rows"]) for one in usage["left_out"]] == [(None, 2)]
        answer = person.visit("request_page", reference=request.reference).text()
        assert "Usage data, 2 entries" in answer
        page = person.visit("category", category="usage")
        seen = page.text()
        while "Next" in " ".join(page.links()):
            page = person.open(next(href for label, href in page.links().items() if "Next" in label))
            seen += page.text()
        assert "somebody-else" not in seen
        assert "Usage data, 2 entries: our answer to your request" in seen


def test_the_day_of_a_row_left_out_is_told_by_nothing(tmp_path: Path) -> None:
    """Neither the dates of the list, nor a number of entries on some days, nor a page that is shorter than the others."""
    built = an_installation(tmp_path, log_rows=120)
    newest, *_ = reversed(held(built, "api_requests.id"))
    with sqlite3.connect(built.folder / "service.db") as service:
        service.execute("UPDATE api_requests SET requested_at = '2026-11-23 11:59:59' WHERE id = ?", [newest])
        service.execute(
            "UPDATE api_requests SET requested_at = '2026-11-20 12:00:' || printf('%02d', id % 60)"
            " WHERE id <> ? AND account_id = (SELECT account_id FROM api_requests WHERE id = ?)",
            [newest, newest],
        )
    person = signed_in(built, CAMILLE, "en")
    chosen = {"from": "2026-11-20", "to": "2026-11-23"}
    before = person.visit("category", category="usage", **chosen).text()
    assert "entries on the days you chose" in before
    assert "to today" in before
    answered(built, "en", CALLS, key=str(newest))
    page = person.visit("category", category="usage", **chosen)
    assert "entries on the days you chose" not in page.text()
    assert "to today" not in person.visit("category", category="usage").text()
    calls, *_ = page.all("tbody")
    assert len(list(calls)) == PAGE_ROWS


def test_a_list_left_out_has_no_file_and_the_other_list_stays(built: Built) -> None:
    answered(built, "en", DEVICES, whole="y", ground_of_part=INQUIRY)
    person = signed_in(built, CAMILLE, "en")
    archive = copy_of(person)
    technical = data_of(archive)["technical"]
    assert [table["name"] for table in technical["tables"]] == ["service.sign_ins"]
    assert "csv/technical-devices.csv" not in archive.namelist()
    page = person.visit("category", category="technical").text()
    assert "Technical data, list 1 of 2: our answer to your request" in page
    assert not any(str(label) in page for label in held(built, "devices.browser"))
    assert "Technical data, list 2 of 2" in archive.read("index.html").decode()


def test_every_field_left_out_is_the_list_left_out(built: Built) -> None:
    fields = ["label", "browser", "os", "ip", "first_seen_at", "last_seen_at"]
    answered(built, "en", DEVICES, field=fields)
    archive = copy_of(signed_in(built, CAMILLE, "en"))
    assert [table["name"] for table in data_of(archive)["technical"]["tables"]] == ["service.sign_ins"]


def test_neither_a_field_nor_a_row_left_out_is_corrected(built: Built) -> None:
    person = signed_in(built, CAMILLE, "en")
    links = [link.get("href", "") for link in person.visit("category", category="account").all("a")]
    phone, name = (next(href for href in links if f"field={field}" in href) for field in ("phone", "name"))
    request, officer = asked(built, "en"), signed_in(built, OFFICER, "en")
    devices = [link.get("href", "") for link in person.visit("category", category="technical").all("a")]
    device = next(href for href in devices if "field=label" in href)
    first = left_out(officer, request, ACCOUNTS, field="phone")
    for key in held(built, "devices.id"):
        first = left_out(officer, request, DEVICES, first, key=str(key))
    decided(officer, request, first)
    person.open(phone, status=404)
    person.open(device, status=404)
    person.open(name)


@EACH
def test_the_answer_and_the_file_for_the_commission_name_parts_by_label_with_ground_and_provision(
    built: Built, lang: Language
) -> None:
    key = str(held(built, "api_requests.id")[0])
    request = answered(built, lang, CALLS, key=key, field="ip")
    label = {"fr": "Données d’utilisation, 1 élément", "en": "Usage data, 1 entry"}[lang]
    said = now_of(built, request)
    assert said.reason
    assert label in said.reason
    for part in said.withheld:
        assert part.reason in said.reason
        assert part.provision in (said.provision or "")
    officer = signed_in(built, OFFICER, lang)
    archive = copy_file(officer, request.reference)
    assert label in archive
    assert said.withheld[0].provision in archive


def looks(built: Built) -> int:
    """How often staff looked at what is a person's."""
    with built.installation.database.reading() as store:
        return sum(line.event is AuditEvent.STAFF_VIEWED_PERSON for line in store.audit.newest(limit=100))


def copy_file(officer: Visitor, reference: str) -> str:
    """The page of the file for the Commission."""
    page = officer.visit("staff_request_file", reference=reference)
    answer = officer.send("staff_request_file", page.form(), reference=reference, status=200)
    assert isinstance(answer, TestResponse)
    return ZipFile(io.BytesIO(answer.get_data())).read("index.html").decode()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Choose what to leave out"),
        ({"ground_of_part": "", "field": "phone"}, "Choose the ground"),
        ({"ground_of_part": "nonsense", "field": "phone"}, "Choose the ground"),
        ({"field": "shoe_size"}, "The data map has no such part any more"),
        ({"key": "999999"}, "an entry is not there, or is not this person’s."),
        ({"key": "1, 2"}, "an entry is not there, or is not this person’s."),
        ({"key": "x" * 5_000}, "an entry is not there, or is not this person’s."),
        ({"row": "nonsense"}, "an entry is not there, or is not this person’s."),
        ({"whole": "y"}, "this ground is about another person."),
    ],
)
def test_what_cannot_be_left_out_is_refused_in_a_sentence(built: Built, said: dict[str, str], sentence: str) -> None:
    request, officer = asked(built, "en"), signed_in(built, OFFICER, "en")
    step = list_opened(officer, request, ACCOUNTS)
    page = pressed(officer, request, step, "leave", 422, **({"ground_of_part": GROUND} | said))
    assert sentence in page.text()
    assert now_of(built, request).withheld == ()


def test_a_row_of_somebody_else_is_refused_however_it_is_named(built: Built) -> None:
    hers = str(held(built, "api_requests.id", EMILY)[0])
    request, officer = asked(built, "en"), signed_in(built, OFFICER, "en")
    step = list_opened(officer, request, CALLS)
    page = pressed(officer, request, step, "leave", 422, ground_of_part=GROUND, key=hers)
    assert "is not this person’s" in page.text()


def test_a_list_the_map_does_not_have_is_chosen_again(built: Built) -> None:
    request, officer = asked(built, "en"), signed_in(built, OFFICER, "en")
    step = pressed(officer, request, officer.visit("staff_request", reference=request.reference), "choose")
    page = pressed(officer, request, step, "pick", 422, list="account service.shoes")
    assert "Choose one of these lists." in page.text()


def test_a_part_of_what_is_left_out_already_is_refused(built: Built) -> None:
    request, officer = asked(built, "en"), signed_in(built, OFFICER, "en")
    page = officer.visit("staff_request", reference=request.reference)
    fields = page.form("/decision") | {"leave_out_account": INQUIRY, "do": "pick", "list": ACCOUNTS}
    step = officer.send("staff_decision", fields, reference=request.reference, status=200)
    refused = pressed(officer, request, step, "leave", 422, ground_of_part=GROUND, field="phone")  # type: ignore[arg-type]
    assert "the whole category is left out already." in refused.text()
    whole = left_out(officer, request, DEVICES, whole="y", ground_of_part=INQUIRY)
    step = list_opened(officer, request, DEVICES, whole)
    refused = pressed(officer, request, step, "leave", 422, ground_of_part=GROUND, field="ip")
    assert "the whole list is left out already." in refused.text()


def test_an_answer_that_gives_nothing_is_no_answer_in_part(built: Built) -> None:
    request, officer = asked(built, "en"), signed_in(built, OFFICER, "en")
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    out = {f"leave_out_{one.id}": INQUIRY for one in built.installation.data_map.categories}
    fields = form | {"decision": "partially_granted"} | out
    page = officer.send("staff_decision", fields, reference=request.reference, status=422)
    assert "Nothing would be given" in page.text()  # type: ignore[union-attr]  # 422 is a page


@pytest.mark.parametrize(
    "written",
    [
        "",
        "{",
        "[]",
        '["QC40_third_party"]',
        '["QC40_third_party", 7, "", ""]',
        "[" * 5_000,
        '["QC40_third_party", "account", "service.accounts", "\\ud800"]',
        '["QC40_third_party", "account", "service.accounts", "", "\\ud800"]',
    ],
)
def test_a_part_damaged_on_its_way_is_said_and_never_given(built: Built, written: str) -> None:
    request, officer = asked(built, "en"), signed_in(built, OFFICER, "en")
    form = left_out(officer, request, ACCOUNTS, field="phone").form("/decision") | {"left_out_part_1": written}
    fields = form | {"decision": "partially_granted"}
    page = officer.send("staff_decision", fields, reference=request.reference, status=422)
    assert "The data map has no such part any more" in page.text()  # type: ignore[union-attr]  # 422 is a page


def test_a_category_left_out_on_no_ground_is_said_and_never_given(built: Built) -> None:
    request, officer = asked(built, "en"), signed_in(built, OFFICER, "en")
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    fields = form | {"decision": "partially_granted", "leave_out_account": "nonsense"}
    page = officer.send("staff_decision", fields, reference=request.reference, status=422)
    assert "Choose the ground" in page.text()  # type: ignore[union-attr]  # 422 is a page


def test_a_grant_with_parts_left_out_says_which_it_is(built: Built) -> None:
    request, officer = asked(built, "en"), signed_in(built, OFFICER, "en")
    form = left_out(officer, request, ACCOUNTS, field="phone").form("/decision")
    page = officer.send("staff_decision", form | {"decision": "granted"}, reference=request.reference, status=422)
    assert "the request is granted in part" in page.text()  # type: ignore[union-attr]  # 422 is a page
    parts = {name for name in form if name.startswith("left_out_part_")}
    given = {name: value for name, value in form.items() if name not in parts}
    officer.send("staff_decision", given | {"decision": "granted"}, reference=request.reference)
    assert now_of(built, request).withheld == ()


def test_nothing_typed_is_lost_on_the_way_and_a_part_can_be_unticked(built: Built) -> None:
    request, officer = asked(built, "en"), signed_in(built, OFFICER, "en")
    page = officer.visit("staff_request", reference=request.reference)
    typed = page.form("/decision") | {"reason": "Because of the neighbours.", "do": "choose"}
    step = officer.send("staff_decision", typed, reference=request.reference, status=200)
    step = pressed(officer, request, step, "pick", list=CALLS)  # type: ignore[arg-type]  # 200 is a page
    more = pressed(officer, request, step, "more", ground_of_part=GROUND)
    back = pressed(officer, request, more, "change")
    assert "Because of the neighbours." in back.form("/decision")["reason"]


def test_entries_ticked_on_one_page_stay_ticked_on_the_next(built: Built) -> None:
    request, officer = asked(built, "en"), signed_in(built, OFFICER, "en")
    step = list_opened(officer, request, CALLS)
    tokens = [box.get("value", "") for box in step.all("input", name="row")]
    assert len(tokens) == 25
    more = pressed(officer, request, step, "more", row=tokens[:2])
    assert [box.get("value") for box in more.all("input", name="row") if box.get("checked") is not None] == tokens[:2]
    fresh = [box.get("value", "") for box in more.all("input", name="row") if box.get("checked") is None]
    assert set(fresh).isdisjoint(tokens)


def test_staff_see_the_keys_and_dates_of_entries_and_nothing_they_hold(built: Built) -> None:
    request, officer = asked(built, "en"), signed_in(built, OFFICER, "en")
    step = pressed(officer, request, officer.visit("staff_request", reference=request.reference), "choose")
    before = looks(built)
    text = pressed(officer, request, step, "pick", list=CALLS).text()
    assert looks(built) == before + 1
    assert str(held(built, "api_requests.id")[-1]) in text
    assert not any(f"{path}" in text for path in held(built, "api_requests.path"))


def test_an_agent_prepares_it_and_the_officer_decides_it_as_it_was_prepared(built: Built) -> None:
    request, agent = asked(built, "en"), signed_in(built, AGENT, "en")
    page = left_out(agent, request, ACCOUNTS, field="phone")
    fields = page.form("/decision") | {"decision": "partially_granted", "do": "propose"}
    agent.send("staff_decision", fields, reference=request.reference)
    officer = signed_in(built, OFFICER, "en")
    waiting = officer.visit("staff_request", reference=request.reference)
    assert "the field “Phone” – Information about a third party" in waiting.text()
    decided(officer, request, waiting)
    [part] = now_of(built, request).withheld
    assert (part.table, part.field, part.ground) == ("service.accounts", "phone", GROUND)


def test_the_auditor_chooses_nothing_and_sees_no_entry(built: Built) -> None:
    request, auditor = asked(built, "en"), signed_in(built, AUDITOR, "en")
    fields = {"do": "pick", "list": CALLS, "version": str(request.version)}
    page = auditor.send("staff_decision", fields, reference=request.reference, status=403)
    assert not any(str(path) in page.text() for path in held(built, "api_requests.path"))  # type: ignore[union-attr]
