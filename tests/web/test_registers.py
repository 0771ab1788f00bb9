"""The registers through their pages: what each says and never says, its files read back, entries corrected, people told."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from portal.domain.audit import REGISTER_TAKEN, AuditEvent
from portal.domain.languages import Language
from portal.domain.rights import Kind, Level
from portal.services.rights import Asked, open_request
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, MARGUERITE, NOBODY, Built, an_installation
from tests.other_addresses import show
from tests.web.register_visits import A_DISCLOSURE, AN_INCIDENT

OFFICER, AGENT, AUDITOR = "officer@example.org", "agent@example.org", "auditor@example.org"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def somebody(built: Built, address: str, language: Language = "en") -> Visitor:
    visitor = Visitor(built, language)
    visitor.sign_in(address)
    return visitor


def asked(built: Built, address: str = CAMILLE, *, is_test: bool = False) -> str:
    with built.installation.database.writing() as store:
        person = store.people.ensure(address, language="fr", now=built.clock())
        asks = Asked(Kind.ACCESS, "fr", Level.L2, "Bonjour", is_test=is_test)
        return open_request(built.installation, store, person, asks, form_id=None, now=built.clock()).reference


def written(officer: Visitor, **changes: str) -> str:
    """Write a communication; gives the address of its page."""
    answer = officer.send("staff_disclosure_new", A_DISCLOSURE | {"form_id": "d" * 24} | changes)
    return str(answer.headers["Location"])


def as_csv(visitor: Visitor, register: str, lang: Language = "en") -> list[list[str]]:
    answer = visitor.client.get(visitor.address("staff_register_csv", lang, register=register), base_url=BASE)
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def as_json(visitor: Visitor, register: str, lang: Language = "en") -> dict[str, Any]:
    answer = visitor.client.get(visitor.address("staff_register_data", lang, register=register), base_url=BASE)
    assert answer.content_type == "application/json"
    return dict(json.loads(answer.data))


@pytest.mark.parametrize(("language", "kind"), [("en", "Access"), ("fr", "Accès")])
def test_the_register_of_requests_names_nobody_and_leaves_tests_out(
    built: Built, language: Language, kind: str
) -> None:
    reference, trial = asked(built), asked(built, MARGUERITE, is_test=True)
    auditor = somebody(built, AUDITOR, language)
    page = auditor.visit("staff_register_requests")
    assert reference in page.links()
    assert trial not in page.html
    keys, labels, *rows = as_csv(auditor, "requests", language)
    assert rows[0][: len(keys)][0] == reference
    assert (len(rows), len(rows[0]), len(labels)) == (1, len(keys), len(keys))
    assert rows[0][keys.index("kind")] == kind
    data = as_json(auditor, "requests", language)
    assert [one["key"] for one in data["columns"]] == keys == list(data["rows"][0])
    assert data["rows"][0]["kind"] == "access"
    assert data["rows"][0]["due"] == "2026-12-23"
    for text in (page.html, str(rows), str(data)):
        assert CAMILLE not in text
        assert "Bonjour" not in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_taking_of_a_register_leaves_a_line_that_names_who_which_and_how(built: Built, language: Language) -> None:
    asked(built)
    officer = somebody(built, OFFICER, language)
    officer.visit("staff_register_requests")
    assert _takings(built) == [], "reading a page takes nothing"
    as_csv(officer, "requests", language)
    as_json(officer, "disclosures", language)
    officer.open(officer.address("staff_register_incidents", print="1"))
    assert _takings(built) == [
        (AuditEvent.REGISTER_TAKEN_AS_CSV, "officer", "requests"),
        (AuditEvent.REGISTER_TAKEN_AS_JSON, "officer", "disclosures"),
        (AuditEvent.REGISTER_PRINTED, "officer", "incidents"),
    ]
    said = officer.visit("staff_audit").text()
    sentence = {
        "en": "Took a whole register as CSV: Register of requests",
        "fr": "A pris un registre entier en CSV\u00a0: Registre des demandes",
    }[language]
    assert sentence in said


def test_what_was_refused_a_register_leaves_no_line_of_taking(built: Built) -> None:
    agent = somebody(built, AGENT)
    for address in ("staff_register_csv", "staff_register_data"):
        path = agent.address(address, register="requests")
        assert agent.client.get(path, base_url=BASE).status_code == 403
    officer = somebody(built, OFFICER)
    path = officer.address("staff_register_csv", register="nothing")
    assert officer.client.get(path, base_url=BASE).status_code == 404
    assert _takings(built) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_register_is_printed_whole_not_a_page_of_it(built: Built, language: Language) -> None:
    references = [asked(built) for _ in range(27)]
    page = somebody(built, AUDITOR, language).visit("staff_register_requests", print="1")
    assert [word for word in page.links() if word.startswith("R-")] == references[::-1]
    assert page.all("button", data_print="")


def _takings(built: Built) -> list[tuple[AuditEvent, str | None, str | None]]:
    with built.installation.database.reading() as store:
        lines = store.audit.newest(limit=500)
    return [(line.event, line.role, line.detail) for line in reversed(lines) if line.event in REGISTER_TAKEN]


def test_a_long_register_is_read_page_by_page_and_whole_in_its_files(built: Built) -> None:
    references = [asked(built) for _ in range(27)]
    officer = somebody(built, OFFICER)
    first = officer.visit("staff_register_requests")
    second = officer.open(first.links()["Next page"])
    seen = [word for page in (first, second) for word in page.links() if word.startswith("R-")]
    assert seen == references[::-1]
    assert [row["reference"] for row in as_json(officer, "requests")["rows"]] == references[::-1]


def test_a_communication_is_written_corrected_and_its_past_stays(built: Built) -> None:
    officer = somebody(built, OFFICER)
    where = written(officer, recipient="=HYPERLINK(1)")
    assert written(officer) == where, "a second press finds what the first made"
    page = officer.open(where)
    form = page.form(where.rsplit("/", 1)[1])
    fixed = A_DISCLOSURE | {"recipient": "Recouvrement Austral", "version": form["version"]}
    number = where.rsplit("/", 1)[1]
    officer.send("staff_disclosure", fixed, number=number)
    page = officer.open(where)
    assert "Recouvrement Austral" in page.text()
    assert "=HYPERLINK(1)" in page.text()
    assert "officer@example.org" in page.text()
    stale = officer.send("staff_disclosure", fixed | {"recipient": "Troisième"}, number=number, status=409)
    assert isinstance(stale, Page)
    assert "Troisième" in stale.html
    assert "A colleague corrected this entry meanwhile" in stale.text()
    keys, _, row = as_csv(officer, "disclosures")
    assert (row[keys.index("recipient")], row[keys.index("revision")]) == ("Recouvrement Austral", "2")
    assert as_json(officer, "disclosures")["rows"][0]["categories"] == ["account"]


def test_no_cell_is_obeyed_by_a_spreadsheet(built: Built) -> None:
    officer = somebody(built, OFFICER)
    written(officer, recipient="=HYPERLINK(1)", why="+1")
    keys, _, row = as_csv(officer, "disclosures")
    assert (row[keys.index("recipient")], row[keys.index("why")]) == ("'=HYPERLINK(1)", "'+1")
    assert as_json(officer, "disclosures")["rows"][0]["recipient"] == "=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"made_on": "2027-01-01"}, "This day is to come. Write the day it happened."),
        ({"made_on": "hier"}, "Write the day as in 2025-02-25: year, month, day."),
        ({"recipient": " "}, "Enter to whom it was communicated."),
        ({"categories": ""}, "One of these categories does not exist any more. Choose again."),
        ({"ground": "x"}, "Choose the ground."),
        ({"provision": ""}, "Enter the provision, such as P-39.1, s. 18."),
        ({"people": ""}, "Name the person, or describe the people concerned."),
        ({"person": CAMILLE}, "Name one person, or describe several: not both."),
        ({"people": "", "person": "R-0000-0000-0000"}, "We know nobody by this."),
        ({"people": "", "person": "nobody@example.net"}, "We know nobody by this."),
        ({"hidden_until": "2027-01-01"}, "Enter both the day and the provision that forbids telling before it"),
    ],
)
def test_a_communication_that_is_not_right_is_refused_with_what_was_typed(
    built: Built, changed: dict[str, str], sentence: str
) -> None:
    officer = somebody(built, OFFICER)
    page = officer.send("staff_disclosure_new", A_DISCLOSURE | {"why": "Tapé avec soin"} | changed, status=422)
    assert isinstance(page, Page)
    assert sentence in page.text()
    assert "Tapé avec soin" in page.html
    assert as_json(officer, "disclosures")["rows"] == []


@pytest.mark.parametrize("by", ["reference", "address"])
def test_the_person_reads_what_was_communicated_about_them_once_they_may(built: Built, by: str) -> None:
    reference = asked(built)
    officer = somebody(built, OFFICER)
    whom = reference if by == "reference" else CAMILLE
    written(officer, people="", person=whom, hidden_until="2026-12-01", hidden_provision="C.cr.")
    assert whom == reference or CAMILLE not in officer.visit("staff_register_disclosures").html
    camille = somebody(built, CAMILLE, "fr")
    assert "Recouvrement Boréal" not in camille.visit("communications").text()
    assert "Recouvrement Boréal" not in _in_copy(camille)
    built.clock.advance(days=9)
    camille, other = somebody(built, CAMILLE, "fr"), somebody(built, MARGUERITE, "fr")
    page = camille.visit("communications")
    assert "Recouvrement Boréal inc., 20 novembre 2026" in page.text()
    assert "Un cas prévu par la loi" in page.text()
    assert "Recouvrement Boréal" in _in_copy(camille)
    assert "Recouvrement Boréal" not in other.visit("communications").text()
    assert "communiques" in str(camille.visit("my_information").links())


def test_a_communication_under_an_address_that_a_person_proved_is_read_by_them(built: Built) -> None:
    camille = somebody(built, CAMILLE)
    show(camille, NOBODY)
    written(somebody(built, OFFICER), people="", person=NOBODY)
    assert "Recouvrement" in camille.visit("communications").text()


def test_several_people_described_are_told_to_nobody(built: Built) -> None:
    written(somebody(built, OFFICER))
    assert "Recouvrement" not in somebody(built, CAMILLE).visit("communications").text()


def test_a_correction_keeps_its_person_unless_another_is_named(built: Built) -> None:
    officer = somebody(built, OFFICER)
    number = written(officer, people="", person=CAMILLE).rsplit("/", 1)[1]
    officer.send("staff_disclosure", A_DISCLOSURE | {"people": "", "version": "1"}, number=number)
    assert "Recouvrement" in somebody(built, CAMILLE).visit("communications").text()
    other = A_DISCLOSURE | {"people": "", "person": MARGUERITE, "version": "2"}
    officer.send("staff_disclosure", other, number=number)
    assert "Recouvrement" not in somebody(built, CAMILLE).visit("communications").text()
    assert "Recouvrement" in somebody(built, MARGUERITE).visit("communications").text()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_agent_reports_and_the_officer_completes(built: Built, language: Language) -> None:
    reference = asked(built)
    agent, officer = somebody(built, AGENT, language), somebody(built, OFFICER, language)
    links = agent.visit("staff_request", reference=reference).links()
    [report] = [href for href in links.values() if f"request={reference}" in href]
    form = agent.open(report).form(report.split("?")[0])
    assert form["reference"] == reference
    answer = agent.send("staff_incident_new", form | AN_INCIDENT)
    where = answer.headers["Location"]
    number = where.rsplit("/", 1)[1]
    assert "textarea" not in agent.open(where).html
    agent.send("staff_incident", AN_INCIDENT | {"injury": "serious"}, number=number, status=403)
    whole = {"people": "1 200", "people_in_quebec": "1000", "injury": "serious", "why": "NAS", "version": "1"}
    seen = officer.open(where)
    assert ("The register must still say:" in seen.text()) is (language == "en")
    officer.send("staff_incident", AN_INCIDENT | whole | {"measures": "Rappel"}, number=number)
    [row] = as_json(officer, "incidents")["rows"]
    assert (row["people"], row["injury"], row["complete"]) == (1200, "serious", False)
    told = {"commission_told_on": "2026-11-22", "people_told_on": "2026-11-22", "measures": "Rappel", "version": "2"}
    officer.send("staff_incident", AN_INCIDENT | whole | told, number=number)
    [row] = as_json(officer, "incidents")["rows"]
    assert (row["complete"], row["revision"], row["commission_told_on"]) == (True, 3, "2026-11-22")


def test_another_agents_incident_is_not_an_agents_to_read(built: Built) -> None:
    officer, agent = somebody(built, OFFICER), somebody(built, AGENT)
    where = officer.send("staff_incident_new", AN_INCIDENT | {"form_id": "i" * 24}).headers["Location"]
    agent.open(where, status=403)
    somebody(built, AUDITOR).open(where)
    agent.visit("staff_registers", status=403)


def test_the_notice_to_the_people_is_prepared_once_and_named_in_the_register(built: Built) -> None:
    officer = somebody(built, OFFICER)
    where = officer.send("staff_incident_new", AN_INCIDENT | {"form_id": "i" * 24}).headers["Location"]
    number = where.rsplit("/", 1)[1]
    officer.send("staff_incident", AN_INCIDENT | {"injury": "serious", "why": "NAS", "version": "1"}, number=number)
    first = officer.send("staff_incident", {"do": "notice"}, number=number).headers["Location"]
    assert officer.open(first).heading == "Confidentiality incident"
    assert "The notice to the people: Being prepared." in officer.open(where).text()
    assert officer.send("staff_incident", {"do": "notice"}, number=number).headers["Location"] == first
    kept = {"injury": "serious", "why": "NAS", "version": "3", "measures": "Rappel"}
    officer.send("staff_incident", AN_INCIDENT | kept, number=number)
    assert "The notice to the people: Being prepared." in officer.open(where).text()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"aware_on": "2026-12-25"}, "This day is to come."),
        ({"began_on": "2026-11-22"}, "It cannot have begun after the day you learned of it."),
        ({"ended_on": "2026-11-19"}, "The last day is before the first."),
        ({"people": "beaucoup"}, "Enter a number, in figures."),
        ({"people": "3", "people_in_quebec": "4"}, "They cannot be more than all people concerned."),
        ({"injury": "serious"}, "Say why the risk is serious or not."),
        ({"injury": "perhaps"}, "Choose whether the risk is serious."),
        ({"public_notice": "y"}, "Say why a public notice was given."),
        ({"circumstances": ""}, "Say in a few words what happened."),
    ],
)
def test_an_incident_that_is_not_right_is_refused(built: Built, changed: dict[str, str], sentence: str) -> None:
    officer = somebody(built, OFFICER)
    where = officer.send("staff_incident_new", AN_INCIDENT | {"form_id": "i" * 24}).headers["Location"]
    sent = AN_INCIDENT | {"injury": "to_assess", "measures": "Écrit avec soin", "version": "1"} | changed
    page = officer.send("staff_incident", sent, number=where.rsplit("/", 1)[1], status=422)
    assert isinstance(page, Page)
    assert sentence in page.text()
    assert "Écrit avec soin" in page.html


def test_the_processing_is_read_from_the_map_in_both_languages(built: Built) -> None:
    officer = somebody(built, OFFICER)
    data = as_json(officer, "processing")
    known = {category.id for category in built.installation.data_map.categories}
    assert {row["id"] for row in data["rows"]} == known
    english, french = as_csv(officer, "processing"), as_csv(officer, "processing", "fr")
    assert english[0] == french[0]
    assert english[2][0] == "Account information"
    assert french[2][0] == next(row["category"]["fr"] for row in data["rows"] if row["id"] == "account")
    assert officer.visit("staff_register_processing", "fr").text().count(french[2][0])


def _in_copy(person: Visitor) -> str:
    answer = person.send("download", {"form_id": "c" * 24}, status=200)
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        return archive.read("csv/portal-communications.csv").decode()
