"""Complaints and decisions of a machine: what is asked, what staff must write, what the person reads, in both languages."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZipFile

import pytest
from werkzeug.test import TestResponse

from portal.domain.answer_parts import AnswerPart, MachineDecision, Part, Wanted
from portal.domain.languages import Language
from portal.domain.letters import ON_PAPER, FixedPart, LetterKind
from portal.domain.rights import Decision, Kind, Level, RightsRequest, State
from portal.mail.letters import Prose, draft
from portal.mail.marks import parts_in
from portal.services.rights import Asked, open_request
from portal.services.settings import in_effect
from portal.wording.answer_labels import part_heading
from tests.client import Page, Visitor
from tests.installation import CAMILLE, Built, an_installation
from tests.mail.builders import HEAD, facts_of
from tests.web.act_visits import AGENT, EACH, OFFICER, now_of, signed_in

WORDS = {part: f"Voici ce qu’il en est ({part.value})." for part in Part}
COMPLAINT = (Part.FOUND, Part.MEASURES)
EXPLAINED = (Part.USED, Part.BASIS, Part.FACTORS)
REVIEWED = (Part.REVIEWER, Part.OBSERVATIONS, Part.OUTCOME)
SLUG = {"fr": "/demandes/nouvelle", "en": "/requests/new"}


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def asked(built: Built, kind: Kind, lang: Language, wanted: Wanted | None = None) -> RightsRequest:
    about = MachineDecision("Mon forfait refusé", wanted) if wanted else None
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language=lang, now=built.clock())
        asks = Asked(kind, lang, Level.L2, "…?", machine_decision=about)
        return open_request(built.installation, store, person, asks, form_id=None, now=built.clock())


def answer(
    built: Built, request: RightsRequest, parts: tuple[Part, ...], *, status: int = 303, **said: str
) -> Page | TestResponse:
    officer = signed_in(built, OFFICER, request.language)
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    written = {part.value: WORDS[part] for part in parts}
    data = form | {"decision": "granted"} | written | said
    return officer.send("staff_decision", data, reference=request.reference, status=status)


def letter(built: Built, kind: LetterKind) -> str:
    return str(next(one for one in built.mailbox() if one["kind"] == kind.value)["text"]).replace("\n", " ")


@EACH
@pytest.mark.parametrize("decision", ["granted", "partially_granted", "refused"])
def test_a_complaint_is_answered_with_what_was_found_and_what_will_be_done(
    built: Built, lang: Language, decision: str
) -> None:
    request = asked(built, Kind.COMPLAINT, lang)
    for some in ((), (Part.FOUND,), (Part.MEASURES,)):
        page = answer(built, request, some, status=422, decision=decision)
        assert isinstance(page, Page)
        assert len(page.all("textarea", aria_invalid="true")) == 2 - len(some)
    assert now_of(built, request).state is State.RECEIVED
    answer(built, request, COMPLAINT, decision=decision)
    closed = now_of(built, request)
    assert (closed.state, closed.decision) == (State.CLOSED, Decision(decision))
    assert [one.part for one in closed.parts] == list(COMPLAINT)
    assert (closed.recourse_until, closed.hold_until) == (None, None), "no right was refused: no clock of the law runs"
    said = letter(built, LetterKind.COMPLAINT_ANSWERED)
    assert "Commission d’accès à l’information" in said
    assert WORDS[Part.FOUND] not in said, "letters carry nothing of the answer"
    text = signed_in(built, CAMILLE, lang).visit("request_page", reference=request.reference).text()
    for part in COMPLAINT:
        assert f"{part_heading(part, lang)} {WORDS[part]}" in text
    assert "Commission d’accès à l’information" in text
    assert {"fr": "examen de mésentente", "en": "examine the disagreement"}[lang] not in text
    outcome = {"granted": ("Fondée", "Founded"), "partially_granted": ("Fondée en partie", "Founded in part")}
    french, english = outcome.get(decision, ("Non fondée", "Not founded"))
    assert (french if lang == "fr" else english) in text


@EACH
def test_wherever_a_complaint_can_be_made_it_is_said_what_for_who_looks_and_by_when(
    built: Built, lang: Language
) -> None:
    visitor = Visitor(built, lang)
    target = {
        "fr": "Nous fixons nous-mêmes ce délai\N{NO-BREAK SPACE}: la loi n’en prévoit aucun pour une plainte.",
        "en": "We set this time ourselves: the law sets none for a complaint.",
    }[lang]
    with built.installation.database.reading() as store:
        title = in_effect(built.installation, store).contact.title.in_(lang)
    for endpoint in ("rights", "new_request"):
        text = visitor.visit(endpoint).text()
        assert target in text, endpoint
        assert {"fr": f"Qui l’examine\N{NO-BREAK SPACE}: {title}.", "en": f"Who looks into it: {title}."}[lang] in text


@EACH
def test_whoever_asks_about_a_decision_of_a_machine_says_which_and_what_they_want(built: Built, lang: Language) -> None:
    visitor = signed_in(built, CAMILLE, lang)
    form = visitor.visit("new_request").form(SLUG[lang])
    typed = form | {"kind": "automated", "message": "Pourquoi?", "machine_which": "Mon forfait refusé en mars"}
    for bad in ({"machine_which": " "}, {"machine_wanted": "everything"}, {"machine_which": "x" * 501}):
        page = visitor.send("new_request", typed | bad, status=422)
        assert isinstance(page, Page)
        assert "Pourquoi?" in page.html
    made = visitor.send("new_request", typed | {"machine_wanted": "review"})
    assert isinstance(made, TestResponse)
    text = visitor.open(made.location).text()
    assert "Mon forfait refusé en mars" in text
    assert {"fr": "Une révision par une personne", "en": "A review by a person"}[lang] in text
    with built.installation.database.reading() as store:
        person = store.people.by_address(CAMILLE)
        assert person
        [request] = store.requests.of_person(person.id)
    assert request.machine_decision == MachineDecision("Mon forfait refusé en mars", Wanted.REVIEW)
    other = visitor.visit("new_request").form(SLUG[lang]) | {"kind": "info", "message": "D’où?"}
    visitor.send("new_request", other)


def test_a_visitor_finds_the_decision_they_named_once_their_address_is_proved(built: Built) -> None:
    visitor = Visitor(built, "fr")
    typed = {
        "kind": "automated",
        "message": "Pourquoi?",
        "machine_which": "Mon forfait refusé",
        "machine_wanted": "both",
        "answer_in": "fr",
        "for_whom": "me",
        "email": CAMILLE,
        "form_id": "v" * 24,
    }
    visitor.send("new_request", typed)
    answered = visitor.send("sign_in_code", {"code": visitor.code_for(CAMILLE)})
    assert isinstance(answered, TestResponse)
    page = visitor.open(answered.location)
    assert "Mon forfait refusé" in page.text()
    assert page.form("/nouvelle")["machine_wanted"] == "both"


@EACH
@pytest.mark.parametrize("wanted", list(Wanted))
def test_no_explanation_leaves_without_each_of_its_parts(built: Built, lang: Language, wanted: Wanted) -> None:
    request = asked(built, Kind.AUTOMATED, lang, wanted)
    mandatory = EXPLAINED if wanted is Wanted.EXPLANATION else (*EXPLAINED, *REVIEWED)
    for missing in mandatory:
        page = answer(built, request, tuple(part for part in mandatory if part is not missing), status=422)
        assert isinstance(page, Page)
        [refused] = page.all("textarea", aria_invalid="true")
        assert refused.get("name") == missing.value
    answer(built, request, mandatory)
    closed = now_of(built, request)
    assert closed.parts == tuple(AnswerPart(part, WORDS[part]) for part in mandatory)
    said = letter(built, LetterKind.DECISION_EXPLAINED)
    reviewed = {"fr": "Une personne a révisé la décision", "en": "A person reviewed the decision"}[lang]
    assert (reviewed in said) is (wanted is not Wanted.EXPLANATION)
    visitor = signed_in(built, CAMILLE, lang)
    text = visitor.visit("request_page", reference=request.reference).text()
    for part in mandatory:
        assert f"{part_heading(part, lang)} {WORDS[part]}" in text
    assert {"fr": "Vous avez le droit de faire rectifier", "en": "You have the right to have"}[lang] in text


@EACH
@pytest.mark.parametrize("reviewed", [True, False])
@pytest.mark.parametrize("paper", [True, False])
def test_the_letter_of_an_explanation_has_its_parts_by_name(lang: Language, reviewed: bool, paper: bool) -> None:
    kind = LetterKind.DECISION_EXPLAINED
    facts = facts_of(kind, reviewed=reviewed)
    if paper:
        facts |= {name: Prose(f"Dit\N{NO-BREAK SPACE}: {name}") for name in ON_PAPER[kind]}
    parts = parts_in(draft(kind, facts, lang, HEAD, paper=paper).html)
    assert parts.keys() >= {
        FixedPart.USED,
        FixedPart.BASIS,
        FixedPart.FACTORS,
        FixedPart.RIGHT,
        FixedPart.REVIEW,
    }
    assert {"fr": "droit de faire rectifier", "en": "right to have"}[lang] in parts[FixedPart.RIGHT]
    if paper:
        assert "said_used" in parts[FixedPart.USED]
        assert "said_basis" in parts[FixedPart.BASIS]
        assert "said_factors" in parts[FixedPart.FACTORS]
        for name in ("said_reviewer", "said_observations", "said_outcome"):
            assert (name in parts[FixedPart.REVIEW]) is reviewed


@EACH
def test_the_letter_of_a_complaint_has_its_parts_by_name_and_prints_them_on_paper(lang: Language) -> None:
    kind = LetterKind.COMPLAINT_ANSWERED
    printed = facts_of(kind) | {"said_found": Prose("Ceci"), "said_measures": Prose("Cela")}
    parts = parts_in(draft(kind, printed, lang, HEAD, paper=True).html)
    assert "Ceci" in parts[FixedPart.FOUND]
    assert "Cela" in parts[FixedPart.MEASURES]
    assert "Commission d’accès à l’information" in parts[FixedPart.WATCHDOG]


def test_a_refusal_to_explain_is_a_refusal_like_any_other(built: Built) -> None:
    request = asked(built, Kind.AUTOMATED, "fr", Wanted.BOTH)
    page = answer(built, request, (), status=422, decision="refused")
    assert isinstance(page, Page)
    answer(built, request, (), decision="refused", reason="Une personne a décidé.", provision="P-39.1, art. 12.1")
    closed = now_of(built, request)
    assert (closed.decision, closed.parts) == (Decision.REFUSED, ())
    assert closed.recourse_until is not None
    assert letter(built, LetterKind.OUTCOME_REFUSED)


def test_a_prepared_answer_keeps_its_parts_for_who_decides_and_reads_them_first(built: Built) -> None:
    request = asked(built, Kind.COMPLAINT, "fr")
    agent = signed_in(built, AGENT, "fr")
    form = agent.visit("staff_request", reference=request.reference).form("/decision")
    written = {part.value: WORDS[part] for part in COMPLAINT}
    agent.send("staff_decision", form | written | {"decision": "granted", "do": "propose"}, reference=request.reference)
    officer = signed_in(built, OFFICER, "fr")
    prepared = officer.visit("staff_request", reference=request.reference).form("/decision")
    assert {name: prepared[name] for name in written} == written
    read = officer.send("staff_decision", prepared | {"do": "read"}, reference=request.reference, status=200)
    assert isinstance(read, Page)
    assert WORDS[Part.FOUND] in read.text()
    again = read.form("/decision")
    assert {name: again[name] for name in written} == written
    officer.send("staff_decision", again, reference=request.reference)
    assert [one.text for one in now_of(built, request).parts] == list(written.values())


def test_the_copy_and_the_file_for_the_commission_hold_the_parts(built: Built) -> None:
    request = asked(built, Kind.AUTOMATED, "fr", Wanted.EXPLANATION)
    answer(built, request, EXPLAINED)
    built.work()
    taken = signed_in(built, OFFICER, "fr").send(
        "staff_request_file", {"do": "zip"}, status=200, reference=request.reference
    )
    copied = signed_in(built, CAMILLE, "fr").send("download", {}, status=200)
    for got in (taken, copied):
        assert isinstance(got, TestResponse)
        archive = ZipFile(io.BytesIO(got.get_data()))
        page = archive.read(next(one for one in archive.namelist() if one.endswith(".html"))).decode()
        for part in EXPLAINED:
            assert WORDS[part] in page
