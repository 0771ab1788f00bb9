"""The files for the Commission: whole, verifiable, in the reader's language, of nobody else, and never taken unseen."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from portal.domain.audit import AuditEvent
from portal.domain.languages import Language
from portal.domain.rights import Kind, Level
from portal.services.follow_codes import code_of
from portal.services.paper import enter
from portal.services.rights import Asked, open_request
from tests.client import Page, Visitor
from tests.installation import CAMILLE, MARGUERITE, Built, an_installation, on_paper
from tests.talking import ask, person_writes, staff_write
from tests.web.register_visits import A_DISCLOSURE

OFFICER, AGENT, AUDITOR = "officer@example.org", "agent@example.org", "auditor@example.org"
MINE, THEIRS = "Je veux tout voir; mon chat aussi.", "Le secret de Marguerite"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path / "portal", by_hand=True)


def somebody(built: Built, address: str, language: Language = "en") -> Visitor:
    visitor = Visitor(built, language)
    visitor.sign_in(address)
    return visitor


def asked(built: Built, address: str, message: str) -> str:
    with built.installation.database.writing() as store:
        person = store.people.ensure(address, language="fr", now=built.clock())
        asks = Asked(Kind.DELETION, "fr", Level.L2, message)
        return open_request(built.installation, store, person, asks, form_id=None, now=built.clock()).reference


def refused(built: Built, officer: Visitor, reference: str) -> None:
    form = officer.visit("staff_request", reference=reference).form("/decision")
    verdict = {"decision": "refused", "reason": "Une enquête est en cours.", "provision": "P-39.1, art. 39 (1)"}
    officer.send("staff_decision", form | verdict, reference=reference)
    built.work()


def unzipped(visitor: Visitor, endpoint: str, folder: Path, **arguments: str) -> dict[str, bytes]:
    answer = visitor.send(endpoint, {"do": "zip"}, status=200, **arguments)
    assert not isinstance(answer, Page)
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        archive.extractall(folder)
        return {name: archive.read(name) for name in archive.namelist()}


def table(content: bytes) -> tuple[list[str], list[str], list[list[str]]]:
    keys, labels, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    return keys, labels, rows


@pytest.mark.parametrize(
    ("language", "title", "letter"),
    [("en", "File of request", "Acknowledgement"), ("fr", "Dossier de la demande", "Accusé de réception")],
)
def test_the_file_of_a_request_is_whole_and_verifiable(
    built: Built, tmp_path: Path, language: Language, title: str, letter: str
) -> None:
    reference = asked(built, CAMILLE, MINE)
    asked(built, MARGUERITE, THEIRS)
    officer = somebody(built, OFFICER, language)
    refused(built, officer, reference)
    files = unzipped(officer, "staff_request_file", tmp_path / "zip", reference=reference)
    shutil.which("sha256sum") or pytest.skip("no sha256sum here")
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "hashes.txt"], cwd=tmp_path / "zip", capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert len(checked.stdout.splitlines()) == len(files) - 1
    index = files["index.html"].decode()
    assert f'<html lang="{language}-CA">' in index
    assert f"{title} {reference}" in index
    assert MINE in index
    assert files["request.txt"].decode() == MINE + "\n"
    assert "Une enquête est en cours." in files["decision.txt"].decode()
    keys, _, letters = table(files["letters.csv"])
    assert any(letter in row[keys.index("kind")] for row in letters)
    sent = [name for name in files if name.startswith("letters/")]
    refusal = next(name for name in sent if "outcome_refused-fr" in name)
    assert "Commission" in files[refusal].decode()
    assert [json.loads(files["request.json"])[name] for name in ("decision", "due")] == ["refused", "2026-12-23"]
    keys, _, events = table(files["events.csv"])
    assert len(events) >= 2
    whole = b"".join(files.values()).decode("utf-8", "replace")
    for word in (MARGUERITE, THEIRS, OFFICER, AGENT):
        assert word not in whole


def test_the_letter_in_the_file_is_the_letter_that_was_sent(built: Built, tmp_path: Path) -> None:
    reference = asked(built, CAMILLE, MINE)
    officer = somebody(built, OFFICER)
    files = unzipped(officer, "staff_request_file", tmp_path / "zip", reference=reference)
    [name] = [one for one in files if "acknowledgement-fr" in one]
    [sent] = [one for one in built.mailbox() if one["to"] == CAMILLE and reference in str(one["subject"])]
    subject, _, text = files[name].decode().partition("\n\n")
    assert subject == sent["subject"]
    without = str(sent["text"]).replace(_code(built, reference), "(retiré de ce dossier)")
    assert " ".join(text.split()) == " ".join(without.split())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_follow_code_is_in_no_part_of_the_file(built: Built, tmp_path: Path, language: Language) -> None:
    reference = asked(built, CAMILLE, MINE)
    codes = [_code(built, reference)]
    person = somebody(built, CAMILLE)
    person.send("follow_code", {"number": "0"}, reference=reference)
    built.work()
    codes.append(_code(built, reference))
    assert codes[0] != codes[1]
    assert all(any(code in str(one["text"]) for one in built.mailbox()) for code in codes), "they were sent"
    officer = somebody(built, OFFICER, language)
    files = unzipped(officer, "staff_request_file", tmp_path / "zip", reference=reference)
    page = officer.send("staff_request_file", {"do": "read"}, status=200, reference=reference)
    assert isinstance(page, Page)
    whole = b"".join(files.values()).decode("utf-8", "replace") + page.html
    for code in codes:
        assert code not in whole
        assert code.replace("-", "") not in whole
    [letter] = [files[name].decode() for name in files if "acknowledgement-fr" in name]
    assert "Code de suivi\u00a0: (retiré de ce dossier)" in letter


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_messages_are_in_the_file_and_its_attachments_by_name_and_hash_alone(
    built: Built, tmp_path: Path, language: Language
) -> None:
    reference = asked(built, CAMILLE, MINE)
    with built.installation.database.reading() as store:
        request = store.requests.by_reference(reference)
    assert request
    content = b"%PDF-1.4\nun contenu que le fichier ne donne pas"
    person_writes(built, request, "Voici ma preuve", [("preuve.pdf", content)])
    ask(built, request, text="De quelle année?", why="Pour chercher au bon endroit.")
    staff_write(built, request, "note", text="Vu au téléphone")
    officer = somebody(built, OFFICER, language)
    files = unzipped(officer, "staff_request_file", tmp_path / "zip", reference=reference)
    keys, _, rows = table(files["messages.csv"])
    who = [row[keys.index("who")] for row in rows]
    assert who[0] != who[1] == who[2]
    assert (AGENT in str(rows), len(rows)) == (False, 3)
    index = files["index.html"].decode()
    for words in ("Voici ma preuve", "De quelle année?", "Pour chercher au bon endroit.", "Vu au téléphone"):
        assert words in index
    assert files["messages/01-message-fr.txt"].decode() == "Voici ma preuve\n"
    keys, _, [row] = table(files["attachments.csv"])
    assert row[keys.index("name")] == "preuve.pdf"
    assert row[keys.index("sha256")] == hashlib.sha256(content).hexdigest()
    assert row[keys.index("message")] == "1"
    assert content not in b"".join(files.values())


HEADINGS = {
    "qc_p391": {"en": "the Commission", "fr": "la Commission"},
    "ca_pipeda": {
        "en": "the Privacy Commissioner of Canada",
        "fr": "le Commissariat à la protection de la vie privée du Canada",
    },
    "eu_gdpr": {"en": "the supervisory authority", "fr": "l’autorité de contrôle"},
    "us_ca_ccpa": {"en": "the authorities of California", "fr": "les autorités de la Californie"},
}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("law", HEADINGS)
def test_each_file_is_named_after_the_regulator_of_its_law(tmp_path: Path, law: str, language: Language) -> None:
    built = an_installation(tmp_path / "portal", change=lambda settings: replace(settings, regime=law))
    reference = asked(built, CAMILLE, MINE)
    officer = somebody(built, OFFICER, language)
    named = HEADINGS[law][language]
    one = {"en": f"File for {named}", "fr": f"Dossier pour {named}"}[language]
    whole = {"en": f"File of the organization for {named}", "fr": f"Dossier de l’organisation pour {named}"}[language]
    assert one in officer.visit("staff_request", reference=reference).links()
    assert officer.visit("staff_request_file", reference=reference).heading == one
    assert officer.visit("staff_organisation_file").heading == whole
    assert whole in officer.visit("staff_registers").text()
    body = built.installation.law.regimes[law].recourse.body.replace("_", "-")
    for endpoint, arguments, name in (
        ("staff_request_file", {"reference": reference}, f"{reference}-{body}-"),
        ("staff_organisation_file", {}, f"organisation-{body}-"),
    ):
        page = officer.send(endpoint, {"do": "read"}, status=200, **arguments)
        assert isinstance(page, Page)
        assert named in page.heading
        taken = officer.send(endpoint, {"do": "zip"}, status=200, **arguments)
        assert name in taken.headers["Content-Disposition"]  # type: ignore[union-attr]  # a ZIP is no page
    if law != "qc_p391":
        for endpoint, arguments in (("staff_request_file", {"reference": reference}), ("staff_organisation_file", {})):
            assert "Commission" not in officer.visit(endpoint, **arguments).text().replace("Commissioner", "")


def _code(built: Built, reference: str) -> str:
    with built.installation.database.reading() as store:
        request = store.requests.by_reference(reference)
    assert request
    return code_of(built.installation, request)


def test_a_letter_on_paper_is_there_in_words(built: Built, tmp_path: Path) -> None:
    with built.installation.database.writing() as store:
        agent = store.staff.by_address(AGENT)
        assert agent
        found = enter(built.installation, store, agent, on_paper(built), form_id="x" * 20, now=built.clock())
    files = unzipped(somebody(built, OFFICER), "staff_request_file", tmp_path / "zip", reference=found.reference)
    [name] = [one for one in files if "acknowledgement-fr" in one]
    assert found.reference in files[name].decode()
    assert "<" not in files[name].decode()
    assert "Rose Lavigne" in files["index.html"].decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_is_read_and_printed_as_a_page(built: Built, language: Language) -> None:
    reference = asked(built, CAMILLE, MINE)
    officer = somebody(built, OFFICER, language)
    page = officer.send("staff_request_file", {"do": "read"}, status=200, reference=reference)
    assert isinstance(page, Page)
    assert MINE in page.text()
    whole = officer.send("staff_organisation_file", {"do": "read"}, status=200)
    assert isinstance(whole, Page)
    assert AUDITOR in whole.text()


def test_only_an_officer_who_just_proved_it_takes_the_file_of_a_request(built: Built) -> None:
    reference = asked(built, CAMILLE, MINE)
    auditor, officer = somebody(built, AUDITOR), somebody(built, OFFICER)
    assert "An officer takes it" in auditor.visit("staff_request_file", reference=reference).text()
    auditor.send("staff_request_file", {"do": "zip"}, status=403, reference=reference)
    auditor.send("staff_organisation_file", {"do": "zip"}, status=403)
    somebody(built, AGENT).visit("staff_request_file", status=403, reference=reference)
    built.clock.advance(minutes=16)
    answer = officer.send("staff_request_file", {"do": "zip"}, reference=reference)
    assert "/en/confirm" in answer.headers["Location"]
    assert _events(built, AuditEvent.REQUEST_FILE_TAKEN) == 0


def test_each_taking_is_written_and_the_person_reads_that_staff_looked(built: Built, tmp_path: Path) -> None:
    reference = asked(built, CAMILLE, MINE)
    officer = somebody(built, OFFICER)
    unzipped(officer, "staff_request_file", tmp_path / "one", reference=reference)
    unzipped(officer, "staff_organisation_file", tmp_path / "two")
    assert _events(built, AuditEvent.REQUEST_FILE_TAKEN) == 1
    assert _events(built, AuditEvent.ORGANISATION_FILE_TAKEN) == 1
    assert reference in somebody(built, CAMILLE).visit("account").text()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_file_of_the_organization_reads_back(built: Built, tmp_path: Path, language: Language) -> None:
    reference = asked(built, CAMILLE, MINE)
    officer = somebody(built, OFFICER, language)
    officer.send("staff_disclosure_new", A_DISCLOSURE | {"form_id": "d" * 24})
    files = unzipped(officer, "staff_organisation_file", tmp_path / "zip")
    hashes = dict(line.split("  ")[::-1] for line in files["hashes.txt"].decode().splitlines())
    assert set(hashes) == set(files) - {"hashes.txt"}
    requests = json.loads(files["registers/requests.json"])["rows"]
    assert [row["reference"] for row in requests] == [reference]
    keys, _, rows = table(files["registers/disclosures.csv"])
    assert rows[0][keys.index("recipient")] == A_DISCLOSURE["recipient"]
    with built.installation.database.reading() as store:
        versions = store.policies.all("privacy")
    assert versions
    for version in versions:
        for tongue in ("fr", "en"):
            kept = files[f"policies/privacy/{version.id}/{tongue}.md"]
            assert kept == version.sources.in_(tongue).encode()  # type: ignore[arg-type]  # both languages
    keys, _, rows = table(files["policies.csv"])
    assert {row[keys.index("version")] for row in rows} >= {version.id for version in versions}
    keys, _, rows = table(files["colleagues.csv"])
    assert {row[keys.index("address")] for row in rows} >= {OFFICER, AGENT, AUDITOR}
    assert {"settings.csv", "notices.csv", "delegations.csv", "index.html"} <= set(files)
    whole = b"".join(files.values()).decode("utf-8", "replace")
    assert CAMILLE not in whole
    assert MINE not in whole


def _events(built: Built, event: AuditEvent) -> int:
    with built.installation.database.reading() as store:
        return sum(line.event is event for line in store.audit.newest(limit=500))
