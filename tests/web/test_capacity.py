"""A request for another: its capacity is checked first, and what is granted is done by hand, never with the asker's rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.asking import Proof
from portal.domain.audit import AuditEvent
from portal.domain.rights import Decision, Kind, State
from portal.services import deletion
from portal.services.attachments_in_copies import given_files
from portal.services.own_records import own_rows
from portal.services.own_records.tables import REQUESTS
from tests import keepers
from tests.client import Page, Visitor
from tests.files import a_csv
from tests.installation import CAMILLE, NOBODY, Built, an_installation
from tests.web.asking_visits import asked_for, rows, shown
from tests.web.paper_visits import AGENT, AUDITOR, OFFICER, decide, now_of, signed_in, the_request, warnings


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def test_staff_are_told_to_check_first_and_the_auditor_reads_no_name(built: Built) -> None:
    request = asked_for(built)
    page = signed_in(built, AGENT).visit("staff_request", reference=request.reference)
    assert "Vérifiez d’abord la qualité" in warnings(page)
    assert "Léo Tremblay" in page.text()
    assert "Qualité à vérifier" in signed_in(built, AGENT).visit("staff_requests").text()
    hidden = signed_in(built, AUDITOR).visit("staff_request", reference=request.reference)
    assert "Léo" not in hidden.html
    assert "qualite" not in "".join(hidden.links().values())
    auditor = signed_in(built, AUDITOR)
    auditor.open(auditor.address("staff_capacity", reference=request.reference), status=403)


@pytest.mark.parametrize("decision", ["granted", "partially_granted", "no_information_held"])
def test_nothing_is_granted_nor_told_before_the_capacity_is_shown(built: Built, decision: str) -> None:
    request = asked_for(built, address=NOBODY)
    said = {"reason": "Voici.", "provision": "P-39.1, art. 40"}
    for button in ({}, {"do": "read"}):
        page = decide(signed_in(built, OFFICER), request, decision=decision, status=422, **said, **button)
        assert isinstance(page, Page)
        assert "Inscrivez d’abord comment" in page.text()
    assert now_of(built, request).state is State.RECEIVED


def test_not_entitled_stays_possible_before_the_capacity_is_shown(built: Built) -> None:
    request = asked_for(built)
    decide(
        signed_in(built, OFFICER),
        request,
        decision="not_entitled",
        reason="Vous ne nous avez pas montré que vous êtes son parent.",
        provision="P-39.1, art. 30",
    )
    assert now_of(built, request).decision is Decision.NOT_ENTITLED


def test_how_it_was_shown_is_written_once_with_the_day_and_by_whom(built: Built) -> None:
    request = asked_for(built)
    shown(built, request)
    behalf = now_of(built, request).behalf
    assert behalf
    assert behalf.shown
    assert (behalf.shown.proof, str(behalf.shown.on)) == (Proof.DOCUMENT, "2026-11-20")
    page = signed_in(built, OFFICER).visit("staff_request", reference=request.reference)
    assert "Vérifiez d’abord la qualité" not in warnings(page)
    for said in ("Acte de naissance", "20 novembre 2026", AGENT):
        assert said in page.text()
    agent = signed_in(built, AGENT)
    again = {"proof": "L3", "what": "Rappel", "shown_on": "2026-11-20", "version": str(now_of(built, request).version)}
    agent.send("staff_capacity", again, reference=request.reference, status=409)
    agent.send("staff_capacity", again | {"version": "1"}, reference=request.reference, status=409)
    with built.installation.database.reading() as store:
        [line] = [one for one in store.audit.newest() if one.event is AuditEvent.CAPACITY_SHOWN]
    assert (line.detail, line.request_id) == ("L4", request.id)
    person = signed_in(built, CAMILLE)
    assert "Nous avons vérifié que vous pouvez agir" in person.visit("request_page", reference=request.reference).text()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("proof", ""),
        ("proof", "L2"),
        ("what", ""),
        ("what", "x" * 10_000),
        ("what", "a\x00b"),
        ("shown_on", ""),
        ("shown_on", "2026-11-24"),
        ("shown_on", "2020-01-01"),
        ("shown_on", "hier"),
    ],
)
def test_a_capacity_shown_lacks_nothing(built: Built, field: str, typed: str) -> None:
    request = asked_for(built)
    whole = {"proof": "L4", "what": "Mandat", "shown_on": "2026-11-20", "version": str(request.version)}
    page = signed_in(built, AGENT).send(
        "staff_capacity", whole | {field: typed}, reference=request.reference, status=422
    )
    assert isinstance(page, Page)
    behalf = now_of(built, request).behalf
    assert behalf
    assert behalf.shown is None


def test_nobody_says_of_themselves_that_they_may_act_for_another(built: Built) -> None:
    request = asked_for(built, address=AGENT)
    typed = {"proof": "L3", "what": "C’est moi.", "shown_on": "2026-11-20", "version": str(request.version)}
    signed_in(built, AGENT).send("staff_capacity", typed, reference=request.reference, status=409)


def test_a_request_for_oneself_has_no_capacity_to_show(built: Built) -> None:
    visitor = signed_in(built, CAMILLE)
    request = the_request(built, visitor.send("new_request", {"kind": "info", "message": "…"}).location or "")
    agent = signed_in(built, AGENT)
    agent.open(agent.address("staff_capacity", reference=request.reference), status=404)


@pytest.mark.parametrize("kind", [Kind.DELETION, Kind.RECTIFICATION, Kind.ACCESS])
def test_what_is_granted_for_another_is_done_by_hand_and_leaves_the_askers_rows(built: Built, kind: Kind) -> None:
    """The parent's own address is known to the service: nothing under it is shown as the child's, corrected or erased."""
    before = rows(built)
    request = asked_for(built, kind)
    shown(built, request)
    page = signed_in(built, OFFICER).visit("staff_request", reference=request.reference)
    assert "Rows by category" not in page.text()
    assert "Lignes par catégorie" not in page.text()
    refused = decide(signed_in(built, OFFICER), now_of(built, request), decision="granted", status=422)
    assert isinstance(refused, Page), "what was done is said, since no system says it"
    decide(signed_in(built, OFFICER), now_of(built, request), decision="granted", reason="C’est fait, à la main.")
    built.clock.advance(days=10)
    built.work()
    closed = now_of(built, request)
    assert (closed.state, closed.decision, closed.wait_until) == (State.CLOSED, Decision.GRANTED, None)
    with built.installation.database.reading() as store:
        assert store.erasures.of_request(request.id) is None
    assert rows(built) == before
    letter = next(one for one in built.mailbox() if one["to"] == CAMILLE and one["reference"] == request.reference)
    assert letter["kind"] == ("erasure_done" if kind is Kind.DELETION else "outcome_granted")
    person = signed_in(built, CAMILLE)
    assert "C’est fait, à la main." in person.visit("request_page", reference=request.reference).text()


def test_that_the_asker_is_known_says_nothing_of_who_is_concerned(built: Built) -> None:
    """The parent has rows; of the child nothing was found, and that may be said once the capacity is shown."""
    request = asked_for(built, address=CAMILLE)
    shown(built, request)
    decide(
        signed_in(built, OFFICER),
        now_of(built, request),
        decision="no_information_held",
        reason="Nous avons cherché partout.",
    )
    assert now_of(built, request).decision is Decision.NO_INFORMATION_HELD


def test_a_deletion_asked_for_another_does_not_stand_in_for_ones_own(built: Built) -> None:
    asked_for(built, Kind.DELETION)
    with built.installation.database.reading() as store:
        person = store.people.by_address(CAMILLE)
        assert person
        assert deletion.open_deletion(store, person) is None


def test_keepers_look_for_the_person_concerned_once_the_capacity_is_shown(tmp_path: Path) -> None:
    built = an_installation(tmp_path, by_hand=True)
    request = asked_for(built)
    assert not [one for one in built.mailbox() if one["kind"] == "keeper_asked"]
    shown(built, request)
    letters = [one for one in built.mailbox() if one["kind"] == "keeper_asked"]
    assert letters
    link = next(word for word in str(letters[0]["text"]).split() if "/gardien/" in word)
    keeper = Visitor(built, "fr")
    token = link.rsplit("/", 1)[1]
    keeper.send("keeper", {"act": "look"}, token=token)
    page = keeper.visit("keeper", token=token)
    assert "Léo Tremblay" in page.text()
    assert CAMILLE not in page.html


def test_files_given_for_another_are_on_the_page_of_the_request_and_not_in_ones_own_copy(tmp_path: Path) -> None:
    built = an_installation(tmp_path, by_hand=True)
    request = asked_for(built)
    shown(built, request)
    assert keepers.answer(built, "paper", "found", [("dossier.csv", a_csv())]).status_code == 303
    assert keepers.answer(built, "support", "nothing").status_code == 303
    decide(signed_in(built, OFFICER), now_of(built, request), decision="granted", reason="Voici son dossier.")
    page = signed_in(built, CAMILLE).visit("request_page", reference=request.reference).text()
    assert "dossier.csv" in page
    assert "dans votre copie" not in page
    with built.installation.database.reading() as store:
        person = store.people.by_address(CAMILLE)
        assert person
        assert given_files(built.installation, store, person, now=built.clock()) == {}


def test_whom_somebody_asks_for_is_in_no_letter_audit_line_nor_address(built: Built) -> None:
    request = asked_for(built)
    shown(built, request)
    decide(signed_in(built, OFFICER), now_of(built, request), decision="granted", reason="C’est fait.")
    letters = [one for one in built.mailbox() if one["reference"] == request.reference]
    assert len(letters) == 4
    for letter in letters:
        assert "Léo" not in "".join(str(letter[part]) for part in ("subject", "text", "html"))
    with built.installation.database.reading() as store:
        assert "Léo" not in "".join(map(str, store.audit.newest()))


def test_for_whom_somebody_asked_is_in_their_own_records(built: Built) -> None:
    request = asked_for(built)
    with built.installation.database.reading() as store:
        person = store.people.by_address(CAMILLE)
        assert person
        found = own_rows(built.installation, store, person, now=built.clock())[str(REQUESTS.name)]
    [row] = [one for one in found if one["reference"] == request.reference]
    assert (row["for_whom"], row["capacity"], row["concerned"]) == ("child", "parent", "Léo Tremblay")
    assert set(row) == {column.name for column in REQUESTS.columns}
