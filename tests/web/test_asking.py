"""Asking for another: whom, in which capacity, checked first; never the rows of whoever asks, never erased by the portal."""

from __future__ import annotations

from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from portal.domain.asking import Capacity, Form, ForWhom, OnBehalf, Proof
from portal.domain.audit import AuditEvent
from portal.domain.languages import LANGUAGES, Language
from portal.domain.rights import Decision, Kind, Level, RightsRequest, State
from portal.services import deletion
from portal.services.attachments_in_copies import given_files
from portal.services.follow_codes import code_of
from portal.services.own_records import REQUESTS, own_rows
from portal.services.rights import Asked, open_request
from portal.wording.labels import kind_label
from tests import keepers
from tests.client import Page, Visitor
from tests.files import a_csv
from tests.installation import CAMILLE, EMILY, NOBODY, Built, an_installation
from tests.web.paper_visits import AGENT, AUDITOR, OFFICER, decide, now_of, signed_in, the_request, warnings

FOR_A_CHILD = {
    "for_whom": "child",
    "child_capacity": "parent",
    "concerned": "Léo Tremblay, carte de membre M-204",
    "kind": "access",
    "message": "Tout ce que vous avez sur lui.",
}


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def asked_for(built: Built, kind: Kind = Kind.ACCESS, address: str = CAMILLE, message: str = "…?") -> RightsRequest:
    """A request for a child, whose parent has this address."""
    now = built.clock()
    child = OnBehalf(ForWhom.CHILD, Capacity.PARENT, "Léo Tremblay")
    with built.installation.database.writing() as store:
        person = store.people.ensure(address, language="fr", now=now)
        asked = Asked(kind, "fr", Level.L2, message, behalf=child)
        return open_request(built.installation, store, person, asked, form_id=None, now=now)


def shown(built: Built, request: RightsRequest, by: str = AGENT, **changes: str) -> TestResponse | Page:
    agent = signed_in(built, by)
    form = agent.visit("staff_capacity", reference=request.reference).form("/qualite")
    typed = form | {"proof": "L4", "what": "Acte de naissance qui nomme les deux", "shown_on": "2026-11-20"} | changes
    return agent.send("staff_capacity", typed, reference=request.reference)


def rows(built: Built) -> list[object]:
    """What the service holds of Camille."""
    from portal.services.identities import identities_of

    portal = built.installation
    key = identities_of(portal, CAMILLE).keys["service"]
    tables = [table for _, table in portal.data_map.tables()]
    return list(portal.sources["service"].counts(tables, key, bound=1000))


def test_a_form_with_a_kind_and_a_message_is_for_whoever_asks(built: Built) -> None:
    visitor = signed_in(built, CAMILLE, "en")
    request = the_request(built, visitor.send("new_request", {"kind": "access", "message": "Mine."}).location or "")
    assert (request.behalf, request.wanted_form, request.language) == (None, None, "en")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_first_question_is_for_whom_and_four_kinds_stand_before_the_rest(built: Built, lang: Language) -> None:
    page = Visitor(built, lang).visit("new_request")
    radios = [one.get("name") for one in page.all("input", type="radio")]
    assert radios[0] == "for_whom"
    assert radios.index("for_whom") < radios.index("kind")
    inside = [one for details in page.all("details") for one in details.iter() if one.get("name") == "kind"]
    first = [one for one in page.all("input", name="kind") if one not in inside]
    assert [one.get("value") for one in first] == ["access", "rectification", "deletion", "withdraw"]
    assert len(inside) == len(Kind) - 4
    assert page.form(page.response.request.path)["for_whom"] == "me"
    assert {"fr": "À partir de 14\N{NO-BREAK SPACE}ans", "en": "From the age of 14"}[lang] in page.text()
    assert not page.all("input", type="date"), "no date of birth"
    assert not page.all("input", type="file"), "no document"


@pytest.mark.parametrize("whom", ["child", "represented", "deceased"])
def test_the_page_of_rights_leads_to_the_form_with_its_first_question_answered(built: Built, whom: str) -> None:
    visitor = Visitor(built, "fr")
    [href] = [one for one in visitor.visit("rights").links().values() if one.endswith(f"for={whom}")]
    assert visitor.open(href).form("/nouvelle")["for_whom"] == whom
    assert visitor.visit("new_request", **{"for": "//x.example"}).form("/nouvelle")["for_whom"] == "me"


ASKS_ACCESS = {
    "me": {"fr": "Accéder à mes renseignements", "en": "Access my information"},
    "child": {"fr": "Accéder aux renseignements de mon enfant", "en": "Access my child’s information"},
    "represented": {
        "fr": "Accéder aux renseignements de la personne que je représente",
        "en": "Access the information of the person I represent",
    },
    "deceased": {
        "fr": "Accéder aux renseignements d’une personne décédée",
        "en": "Access the information of someone who has died",
    },
}


def read_beside(page: Page, kind: str) -> list[str]:
    """What the label of a kind says where nothing of the style sheet is known."""
    field = next(one for one in page.all("input", name="kind") if one.get("value") == kind)
    label = next(one for one in page.all("label") if one.get("for") == field.get("id"))
    words = [one for one in label.iter() if one.get("class", "").startswith("said ")]
    return ["".join(one.itertext()) for one in words if one.get("hidden") is None]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("whom", ["me", "child", "represented", "deceased"])
def test_kinds_are_said_of_whoever_the_request_is_for(built: Built, whom: str, lang: Language) -> None:
    visitor = Visitor(built, lang)
    page = visitor.open(f"{visitor.address('new_request')}?for={whom}")
    assert read_beside(page, "access") == [ASKS_ACCESS[whom][lang]]
    refused = visitor.send("new_request", {"for_whom": whom, "kind": "access", "message": ""}, status=422)
    assert isinstance(refused, Page)
    assert read_beside(refused, "access") == [ASKS_ACCESS[whom][lang]]
    for kind in ("comment", "complaint", "other"):
        assert read_beside(page, kind) == [], "said alike for all"


def test_every_kind_that_says_my_is_said_otherwise_of_another() -> None:
    mine = {kind for kind in Kind if {"my", "me"} & set(kind_label(kind, "en").split())} - {Kind.COMMENT}
    for lang in LANGUAGES:
        for kind in Kind:
            said = {kind_label(kind, lang, whom) for whom in ForWhom}
            assert len(said) == (len(ForWhom) if kind in mine else 1), kind


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_pages_of_a_request_for_a_child_say_so_and_letters_and_follow_codes_do_not(
    built: Built, lang: Language
) -> None:
    visitor = signed_in(built, CAMILLE, lang)
    request = the_request(built, visitor.send("new_request", FOR_A_CHILD | {"answer_in": lang}).location or "")
    theirs, mine = ASKS_ACCESS["child"][lang], ASKS_ACCESS["me"][lang]
    for endpoint, place in (("request_page", {"reference": request.reference}), ("requests", {})):
        page = visitor.visit(endpoint, **place).text()
        assert theirs in page
        assert mine not in page
    letter = next(one for one in built.mailbox() if one["kind"] == "acknowledgement")
    assert theirs not in str(letter["text"])
    assert mine not in str(letter["text"])
    follower = Visitor(built, lang)
    code = code_of(built.installation, request)
    followed = follower.send("follow", {"reference": request.reference, "code": code}, status=200)
    assert isinstance(followed, Page)
    assert theirs not in followed.text()
    assert mine not in followed.text()


def test_the_kind_chosen_behind_something_else_is_not_hidden(built: Built) -> None:
    page = Visitor(built, "fr").visit("new_request", kind="comment")
    [details] = [one for one in page.all("details") if any(part.get("name") == "kind" for part in one.iter())]
    assert details.get("open") is not None


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_parent_asks_and_the_page_says_what_is_checked(built: Built, lang: Language) -> None:
    visitor = signed_in(built, CAMILLE, lang)
    answer = visitor.send("new_request", FOR_A_CHILD)
    request = the_request(built, answer.location or "")
    assert request.behalf == OnBehalf(ForWhom.CHILD, Capacity.PARENT, FOR_A_CHILD["concerned"])
    page = visitor.open(answer.location or "").text()
    assert "Léo Tremblay" in page
    assert {"fr": "nous assurer que vous pouvez agir", "en": "make sure that you may act"}[lang] in page


@pytest.mark.parametrize(
    ("changed", "lacking"),
    [
        ({"for_whom": "everybody"}, "for_whom"),
        ({"child_capacity": ""}, "child_capacity"),
        ({"child_capacity": "heir"}, "child_capacity"),
        ({"for_whom": "represented"}, "represented_capacity"),
        ({"for_whom": "deceased", "deceased_capacity": "mandatary"}, "deceased_capacity"),
        ({"concerned": " \u200b"}, "concerned"),
        ({"concerned": "x" * 301}, "concerned"),
        ({"concerned": "x" * 10_000}, "concerned"),
        ({"concerned": "Léo\x00"}, "concerned"),
        ({"concerned": "Léo \u202eyoR"}, "concerned"),
        ({"wanted_form": "pigeon"}, "wanted_form"),
        ({"wanted_form": "phone"}, "form_words"),
        ({"wanted_form": "post", "form_words": "x" * 10_000}, "form_words"),
        ({"answer_in": "de"}, "answer_in"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field_and_nothing_is_lost(
    built: Built, changed: dict[str, str], lacking: str
) -> None:
    visitor = signed_in(built, CAMILLE)
    page = visitor.send("new_request", FOR_A_CHILD | changed, status=422)
    assert isinstance(page, Page)
    refused = [one for one in page.all("fieldset") + page.all("div") if "field--refused" in (one.get("class") or "")]
    named = {control.get("name") for one in refused for control in one.iter() if control.get("name")}
    assert named == {lacking}
    assert page.form("/nouvelle")["message"] == FOR_A_CHILD["message"]
    with built.installation.database.reading() as store:
        assert list(store.requests.all()) == []


def test_a_capacity_of_another_whom_is_not_looked_at(built: Built) -> None:
    visitor = signed_in(built, CAMILLE)
    typed = FOR_A_CHILD | {"for_whom": "me", "child_capacity": "nonsense", "concerned": ""}
    assert the_request(built, visitor.send("new_request", typed).location or "").behalf is None


def test_a_visitor_proves_their_address_and_what_they_said_of_the_other_is_kept(built: Built) -> None:
    visitor = Visitor(built, "fr")
    typed = FOR_A_CHILD | {"wanted_form": "phone", "form_words": "819 555-0100", "answer_in": "en", "email": NOBODY}
    visitor.send("new_request", typed)
    visitor.send("sign_in_code", {"code": visitor.code_for(NOBODY)})
    page = visitor.visit("resume")
    for said in (
        "Pour mon enfant de moins de 14\N{NO-BREAK SPACE}ans",
        "Parent",
        "Léo Tremblay",
        "Par téléphone",
        "819 555-0100",
    ):
        assert said in page.text()
    request = the_request(built, visitor.send("new_request", page.form("/nouvelle")).location or "")
    assert request.behalf
    assert (request.behalf.about, request.language) == (FOR_A_CHILD["concerned"], "en")
    assert request.wanted_form
    assert (request.wanted_form.form, request.wanted_form.words) == (Form.PHONE, "819 555-0100")


def test_the_answer_comes_in_the_language_asked_for_whatever_the_page_and_the_account(built: Built) -> None:
    visitor = signed_in(built, CAMILLE, "fr")
    answer = visitor.send("new_request", {"kind": "info", "message": "Bonjour", "answer_in": "en"})
    request = the_request(built, answer.location or "")
    decide(signed_in(built, OFFICER), request, decision="refused", reason="No.", provision="P-39.1, s. 40", ground="")
    letters = [one for one in built.mailbox() if one["reference"] == request.reference and one["to"] == CAMILLE]
    assert {one["language"] for one in letters} == {"en"}
    assert len(letters) == 2
    person = signed_in(built, EMILY)
    assert person.visit("account"), "the account keeps its own language"
    with built.installation.database.reading() as store:
        found = store.people.by_address(CAMILLE)
        assert found
        assert found.language == "fr"


def test_the_form_wanted_is_read_by_its_person_and_by_staff(built: Built) -> None:
    visitor = signed_in(built, CAMILLE)
    typed = {"kind": "info", "message": "Bonjour", "wanted_form": "large_print"}
    request = the_request(built, visitor.send("new_request", typed).location or "")
    for page in (
        visitor.visit("request_page", reference=request.reference),
        signed_in(built, AGENT).visit("staff_request", reference=request.reference),
    ):
        assert "En gros caractères" in page.text()


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
