"""A second law switched on beside the main one: asked in one question, frozen, and followed wherever it says more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from portal.config.settings import Settings
from portal.domain.deadlines import ExtensionNotOurs
from portal.domain.jobs import Job, JobKind
from portal.domain.languages import Language
from portal.domain.rights import Kind, RightsRequest, State
from portal.services.regimes import acknowledge_by, due_of, laws_of, more_time_of, regime_of
from tests.client import Page, Visitor
from tests.installation import CAMILLE, Built, an_installation
from tests.web.paper_visits import AGENT, OFFICER, TYPED, decide, now_of, signed_in, the_request

EACH = pytest.mark.parametrize("lang", ["fr", "en"])
FEBRUARY = datetime(2027, 2, 1, 17, 0, tzinfo=UTC)
"""A month of 28 days follows: the two laws do not end on the same one."""

EUROPE, QUEBEC = date(2027, 3, 1), date(2027, 3, 3)
QUESTION = {"fr": "Votre lieu de résidence", "en": "Where you live"}
BOX = {"fr": "J’habite dans l’Union européenne", "en": "I live in the European Union"}
COMMISSION = {
    "fr": "demande d’examen de mésentente à la Commission",
    "en": "ask the Commission d’accès à l’information",
}
AUTHORITY = {"fr": "l’autorité de contrôle de votre pays", "en": "supervisory authority of your country"}
COURT = {"fr": "vous adresser à un tribunal", "en": "remedy before a court"}
ASKED = {"kind": "info", "message": "Tout / everything", "form_id": "g" * 24}


def beside(*keys: str) -> Callable[[Settings], Settings]:
    return lambda settings: replace(settings, other_regimes=keys)


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, change=beside("eu_gdpr"), now=FEBRUARY)


def asked_for(built: Built, lang: Language = "en", **fields: object) -> RightsRequest:
    visitor = signed_in(built, CAMILLE, lang)
    data = ASKED | {"kind": "access"} | fields
    answer = visitor.send("new_request", data)  # type: ignore[arg-type]  # a list stands for several boxes
    assert isinstance(answer, TestResponse)
    return the_request(built, answer.location or "")


def keys_of(built: Built, request: RightsRequest) -> list[str]:
    with built.installation.database.reading() as store:
        return [law.regime.key for law in laws_of(store, request)]


def morning(built: Built, day: date) -> list[dict[str, object]]:
    """The letters that leave on the morning of a day."""
    built.clock.advance(days=(day - built.installation.today(built.clock())).days)
    before = len(built.mailbox())
    with built.installation.database.writing() as store:
        store.promise(Job(JobKind.WATCH_CLOCKS, 0))
    letters = built.mailbox()
    return letters[: len(letters) - before]


@EACH
def test_nothing_is_asked_and_nothing_counts_until_a_law_is_switched_on(tmp_path: Path, lang: Language) -> None:
    built = an_installation(tmp_path, now=FEBRUARY)
    visitor = signed_in(built, CAMILLE, lang)
    for endpoint in ("new_request", "rights", "contact"):
        said = visitor.visit(endpoint).text()
        assert QUESTION[lang] not in said
        assert BOX[lang] not in said
    request = asked_for(built, lang, other_regimes="eu_gdpr")
    assert request.due == QUEBEC
    assert keys_of(built, request) == ["qc_p391"]


@EACH
def test_the_form_asks_once_and_the_earliest_day_counts(built: Built, lang: Language) -> None:
    form = signed_in(built, CAMILLE, lang).visit("new_request")
    assert QUESTION[lang] in form.text()
    assert BOX[lang] in form.text()
    request = asked_for(built, lang, other_regimes="eu_gdpr")
    assert (request.regime, request.due) == ("qc_p391", EUROPE)
    assert keys_of(built, request) == ["qc_p391", "eu_gdpr"]
    said = signed_in(built, CAMILLE, lang).visit("request_page", reference=request.reference).text()
    for law in built.installation.regime, built.installation.other_regimes[0]:
        assert law.label.in_(lang).replace("\u00a0", " ") in said.replace("\u00a0", " ")
    for day in {"fr": ("1er mars 2027", "3 mars 2027"), "en": ("March 1, 2027", "March 3, 2027")}[lang]:
        assert day in said.replace("\u00a0", " ")


def test_who_ticks_nothing_keeps_the_main_law_alone(built: Built) -> None:
    request = asked_for(built)
    assert (request.due, keys_of(built, request)) == (QUEBEC, ["qc_p391"])


@pytest.mark.parametrize("odd", ["us_ca_ccpa", "nowhere", "qc_p391", "x" * 5_000, "\x00"])
def test_a_law_that_was_not_offered_counts_for_nothing(built: Built, odd: str) -> None:
    request = asked_for(built, other_regimes=["eu_gdpr", odd, "eu_gdpr"])
    assert keys_of(built, request) == ["qc_p391", "eu_gdpr"]


def test_a_refused_form_keeps_the_box_ticked(built: Built) -> None:
    page = signed_in(built, CAMILLE, "en").send(
        "new_request", ASKED | {"message": "", "other_regimes": "eu_gdpr"}, status=422
    )
    assert isinstance(page, Page)
    assert page.form("/requests/new")["other_regimes"] == "eu_gdpr"


@EACH
def test_a_visitors_box_outlives_the_code_that_proves_the_address(built: Built, lang: Language) -> None:
    visitor = Visitor(built, lang)
    visitor.send("new_request", ASKED | {"email": CAMILLE, "other_regimes": "eu_gdpr"})
    answer = visitor.send("sign_in_code", {"code": visitor.code_for(CAMILLE)})
    assert isinstance(answer, TestResponse)
    page = visitor.open(answer.location or "")
    assert BOX[lang] in page.text()
    sent = visitor.send("new_request", page.form({"fr": "/demandes/nouvelle", "en": "/requests/new"}[lang]))
    assert isinstance(sent, TestResponse)
    assert keys_of(built, the_request(built, sent.location or "")) == ["qc_p391", "eu_gdpr"]


@EACH
def test_staff_tick_what_the_person_wrote(built: Built, lang: Language) -> None:
    agent = signed_in(built, AGENT, lang)
    assert BOX[lang] in agent.visit("staff_request_new").text()
    typed = TYPED | {"received_on": "2027-02-01", "other_regimes": "eu_gdpr", "language": lang}
    request = the_request(built, agent.send("staff_request_new", typed).location or "")
    assert (request.due, keys_of(built, request)) == (EUROPE, ["qc_p391", "eu_gdpr"])
    said = agent.visit("staff_request", reference=request.reference).text().replace("\u00a0", " ")
    assert {"fr": "Lois applicables", "en": "The laws that apply"}[lang] in said
    assert {"fr": "Seul cet organisme peut", "en": "only this body can"}[lang] in said
    assert {"fr": "au plus tard le 3 mars 2027", "en": "by March 3, 2027"}[lang] in said, "that law’s own day"


def test_a_person_s_last_answer_holds_where_nobody_asks(built: Built) -> None:
    asked_for(built, other_regimes="eu_gdpr")
    visitor = signed_in(built, CAMILLE, "en")
    cell = visitor.visit("category", category="account")
    href = next(link.get("href", "") for link in cell.all("a") if "field=email" in link.get("href", ""))
    page = visitor.open(href)
    answer = visitor.send("correct", page.form() | {"value": "camille@example.net"}, category="account")
    assert isinstance(answer, TestResponse)
    with built.installation.database.reading() as store:
        person = store.people.by_address(CAMILLE)
        assert person
        newest = store.requests.of_person(person.id)[0]
    assert newest.kind is Kind.RECTIFICATION
    assert keys_of(built, newest) == ["qc_p391", "eu_gdpr"]


def test_deletion_asks_too(built: Built) -> None:
    visitor = signed_in(built, CAMILLE, "en")
    visitor.confirm(CAMILLE)
    page = visitor.visit("delete")
    assert BOX["en"] in page.text()
    sent = visitor.send("delete", page.form("/delete") | {"confirm": "y", "other_regimes": "eu_gdpr"})
    assert isinstance(sent, TestResponse)
    assert keys_of(built, the_request(built, sent.location or "")) == ["qc_p391", "eu_gdpr"]


@EACH
def test_a_refusal_names_each_recourse_on_the_page_and_in_the_letter(built: Built, lang: Language) -> None:
    request = asked_for(built, lang, other_regimes="eu_gdpr")
    officer = signed_in(built, OFFICER, lang)
    form = officer.visit("staff_request", reference=request.reference)
    offered = [option.get("value") for option in form.all("option")]
    assert "QC40_third_party" in offered
    assert "GDPR15_4" in offered
    decide(officer, request, decision="refused", ground="GDPR15_4")
    refused = now_of(built, request)
    assert (refused.state, refused.recourse_until) == (State.CLOSED, date(2027, 3, 3))
    assert refused.hold_until == date(2027, 6, 1)
    page = signed_in(built, CAMILLE, lang).visit("request_page", reference=request.reference).text()
    letter = next(one for one in built.mailbox() if one["kind"] == "outcome_refused")
    for said in (page, str(letter["text"])):
        for wanted in (COMMISSION[lang], AUTHORITY[lang], COURT[lang]):
            assert wanted in said.replace("\u00a0", " ")


@EACH
def test_silence_is_a_refusal_only_once_the_law_that_says_so_is_out_of_time(built: Built, lang: Language) -> None:
    request = asked_for(built, lang, other_regimes="eu_gdpr")
    kinds = [one["kind"] for one in morning(built, EUROPE + timedelta(days=1))]
    assert "we_are_late" not in kinds
    assert now_of(built, request).deemed_refused_on is None
    page = signed_in(built, CAMILLE, lang).visit("request_page", reference=request.reference).text()
    assert {"fr": "Nous sommes en retard", "en": "We are late"}[lang] in page
    assert AUTHORITY[lang] in page
    assert COMMISSION[lang] not in page, "Québec’s thirty days are not over"
    staff = signed_in(built, OFFICER, lang).visit("staff_request", reference=request.reference).text()
    assert {"fr": "3 mars 2027", "en": "March 3, 2027"}[lang] in staff.replace("\u00a0", " ")
    letter = next(one for one in morning(built, QUEBEC + timedelta(days=1)) if one["kind"] == "we_are_late")
    late = now_of(built, request)
    assert late.deemed_refused_on == QUEBEC + timedelta(days=1)
    assert late.recourse_until == QUEBEC + timedelta(days=30)
    for wanted in (COMMISSION[lang], AUTHORITY[lang], COURT[lang]):
        assert wanted in str(letter["text"])
    assert str(letter["text"]).count({"fr": "équivaut à un refus", "en": "counts as a refusal"}[lang]) == 1


def test_what_was_frozen_stays_whatever_the_settings_say_since(built: Built) -> None:
    request = asked_for(built, other_regimes="eu_gdpr")
    law = replace(built.installation.law, regimes={"qc_p391": built.installation.regime}, bodies={}, calendars={})
    later = replace(built.installation, settings=replace(built.installation.settings, other_regimes=(), law=law))
    with later.database.reading() as store:
        assert [one.regime.key for one in laws_of(store, request)] == ["qc_p391", "eu_gdpr"]
        narrowed = regime_of(store, request)
    assert (narrowed.key, narrowed.extension, narrowed.extension_authority) == ("qc_p391", None, "regulator")


def test_more_time_is_the_least_that_each_law_gives_and_none_where_one_gives_none(tmp_path: Path, built: Built) -> None:
    under_pipeda = beside("eu_gdpr", "us_ca_ccpa")
    canadian = an_installation(
        tmp_path / "canada", change=lambda one: replace(under_pipeda(one), regime="ca_pipeda"), now=FEBRUARY
    )
    request = asked_for(canadian, other_regimes=["eu_gdpr", "us_ca_ccpa"])
    with canadian.installation.database.reading() as store:
        due = due_of(canadian.installation, store, request, request.received_on)
        more = more_time_of(canadian.installation, store, request, since=request.received_on)
        assert due + more == date(2027, 4, 2)
        assert acknowledge_by(canadian.installation, store, request) == date(2027, 2, 3)
    here = asked_for(built, other_regimes="eu_gdpr")
    with built.installation.database.reading() as store, pytest.raises(ExtensionNotOurs):
        more_time_of(built.installation, store, here, since=here.received_on)


@EACH
def test_time_the_commission_gives_counts_under_its_own_law_alone(built: Built, lang: Language) -> None:
    request = asked_for(built, lang, other_regimes="eu_gdpr")
    morning(built, QUEBEC - timedelta(days=1))
    officer = signed_in(built, OFFICER, lang)
    form = {"version": str(now_of(built, request).version), "day": "2027-03-02", "reason": "Volume"}
    officer.send("staff_act", form, reference=request.reference, act="apply")
    heard = {"version": str(now_of(built, request).version), "outcome": "granted", "reason": "Oui"}
    for wrong in ("2027-03-03", "2028-03-04"):
        officer.send("staff_act", heard | {"day": wrong}, reference=request.reference, act="hear", status=422)
    officer.send("staff_act", heard | {"day": "2027-03-20"}, reference=request.reference, act="hear")
    given = now_of(built, request)
    assert (given.due, given.extended_to) == (EUROPE, date(2027, 3, 20)), "Europe’s day is where it was"
    with built.installation.database.reading() as store:
        assert [law.due for law in laws_of(store, given)] == [date(2027, 3, 20), EUROPE]
    morning(built, QUEBEC + timedelta(days=1))
    letter = next(one for one in built.mailbox() if one["kind"] == "more_time_answered")
    said = str(letter["text"]).replace("\u00a0", " ")
    assert {"fr": "Une autre loi qui vous protège", "en": "Another law that protects you"}[lang] in said
    assert {"fr": "1er mars 2027", "en": "March 1, 2027"}[lang] in said
    assert now_of(built, request).deemed_refused_on is None, "the silence of Québec’s law begins later"
    page = signed_in(built, CAMILLE, lang).visit("request_page", reference=request.reference).text()
    assert {"fr": "20 mars 2027", "en": "March 20, 2027"}[lang] in page.replace("\u00a0", " ")
    assert "we_are_late" in [one["kind"] for one in morning(built, date(2027, 3, 21))]
    late = now_of(built, request)
    assert (late.deemed_refused_on, late.recourse_until) == (date(2027, 3, 21), date(2027, 4, 19))


def test_the_regulator_is_asked_whichever_law_comes_first(tmp_path: Path) -> None:
    """The main law is Canada's: the letter names the Commission, and silence under the main law stays a refusal."""
    built = an_installation(
        tmp_path, change=lambda one: replace(one, regime="ca_pipeda", other_regimes=("qc_p391",)), now=FEBRUARY
    )
    request = asked_for(built, "en", other_regimes="qc_p391")
    officer = signed_in(built, OFFICER, "en")
    form = {"version": str(request.version), "day": "2027-02-01", "reason": "Volume"}
    officer.send("staff_act", form, reference=request.reference, act="extend", status=409)
    officer.send("staff_act", form, reference=request.reference, act="apply")
    morning(built, QUEBEC + timedelta(days=2))
    asked = next(one for one in built.mailbox() if one["kind"] == "more_time_asked")
    assert "Commission d’accès à l’information" in str(asked["text"])
    refused = now_of(built, request)
    assert refused.deemed_refused_on == QUEBEC + timedelta(days=1)
    officer = signed_in(built, OFFICER, "en")
    heard = {"version": str(refused.version), "outcome": "granted", "day": "2027-04-02", "reason": "Yes"}
    officer.send("staff_act", heard, reference=request.reference, act="hear")
    given = now_of(built, request)
    assert (given.due, given.deemed_refused_on) == (QUEBEC, refused.deemed_refused_on), "Canada’s own day passed"
    assert given.recourse_until == date(2027, 5, 2), "thirty days from the Commission’s day come before six months"


@EACH
def test_the_page_of_rights_says_what_the_other_law_adds(built: Built, lang: Language) -> None:
    visitor = Visitor(built, lang)
    said = visitor.visit("rights").text().replace("\u00a0", " ")
    for wanted in (BOX[lang], AUTHORITY[lang], COURT[lang], {"fr": "1 mois", "en": "1 month"}[lang]):
        assert wanted in said
    contact = visitor.visit("contact").text()
    assert "edpb.europa.eu" in contact
    assert "cai.gouv.qc.ca" in contact
