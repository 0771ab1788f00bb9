"""An installation under each law: its pages speak of that law, of its time and of its body, and of no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from portal.config.law import shipped_law
from portal.domain.languages import LANGUAGES, Language
from portal.domain.regimes import Span
from portal.domain.rights import Decision, Kind, Level
from portal.services.rights import Asked, open_request
from portal.wording.spans import span_words
from tests.client import Visitor
from tests.installation import CAMILLE, Built, an_installation
from tests.web.paper_visits import OFFICER, decide, now_of, signed_in

LAW = shipped_law()
CASES = [(key, language) for key in LAW.regimes for language in LANGUAGES]
OF_QUEBEC = ("P-39.1", "Commission d’accès", "cai.gouv.qc.ca", "CAI", "mésentente", "30 jours", "30 days")
PUBLIC = ("rights", "contact")
"""Not the home page: it carries the summary of a policy, in the organization’s own words."""
SIGNED_IN = ("my_information", "new_request", "requests")


def under(tmp_path: Path, key: str) -> Built:
    return an_installation(tmp_path, change=lambda settings: replace(settings, regime=key))


@pytest.mark.parametrize(("key", "language"), CASES)
def test_what_people_read_before_they_ask_is_of_their_law(tmp_path: Path, key: str, language: Language) -> None:
    built, regime = under(tmp_path, key), LAW.regimes[key]
    visitor, person = Visitor(built, language), signed_in(built, CAMILLE, language)
    pages = {name: visitor.visit(name).text() for name in PUBLIC} | {
        name: person.visit(name).text() for name in SIGNED_IN
    }
    time = span_words(regime.base, language).replace("\u00a0", " ")
    assert time in pages["rights"].replace("\u00a0", " ")
    assert regime.recourse.how.in_(language) in pages["rights"]
    assert LAW.body_of(regime).website in pages["contact"]
    if regime.recourse.body != "cai":
        for name, said in pages.items():
            for foreign in OF_QUEBEC[:5]:
                assert foreign not in said, (name, foreign)
    if Span(30, "day") not in {regime.base, regime.recourse.within}:
        assert all(foreign not in said.replace("\u00a0", " ") for said in pages.values() for foreign in OF_QUEBEC[5:])


@pytest.mark.parametrize(("key", "language"), CASES)
def test_a_refused_request_tells_its_person_and_staff_the_recourse_of_its_law(
    tmp_path: Path, key: str, language: Language
) -> None:
    built, regime = under(tmp_path, key), LAW.regimes[key]
    now = built.clock()
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language=language, now=now)
        asked = Asked(Kind.DELETION, language, Level.L2, "Tout")
        request = open_request(built.installation, store, person, asked, form_id=None, now=now)
    officer = signed_in(built, OFFICER, language)
    form = officer.visit("staff_request", reference=request.reference)
    said = form.text()
    ready = next(one for one in LAW.grounds if one.regime == key and Kind.DELETION in one.applies_to)
    assert {one.get("value") for one in form.all("option")} >= {ready.code}
    if regime.recourse.body != "cai":
        assert not [foreign for foreign in OF_QUEBEC[:5] if foreign in said]
    decide(officer, request, decision=Decision.REFUSED.value, ground=ready.code)
    refused, today = now_of(built, request), built.installation.today(now)
    assert refused.provision == ready.provision.in_(language)
    page = signed_in(built, CAMILLE, language).visit("request_page", reference=request.reference).text()
    letter = next(one for one in built.mailbox() if one["kind"] == "outcome_refused")
    for told in (page, str(letter["text"])):
        assert regime.recourse.how.in_(language) in told
        if regime.recourse.court:
            assert regime.recourse.court.in_(language) in told
        if regime.recourse.within is None:
            none = {"fr": "La loi ne fixe aucune date limite", "en": "The law sets no last day"}[language]
            assert none in told
    assert (refused.recourse_until is None) is (regime.recourse.within is None)
    assert refused.hold_until is not None
    assert refused.hold_until >= today + timedelta(days=120)
    if refused.recourse_until:
        assert refused.hold_until >= refused.recourse_until + timedelta(days=90), "until the recourse is over, and told"


@pytest.mark.parametrize(("key", "language"), CASES)
def test_the_officer_reads_the_law_in_plain_words_and_that_nobody_reviewed_it(
    tmp_path: Path, key: str, language: Language
) -> None:
    built, regime = under(tmp_path, key), LAW.regimes[key]
    page = signed_in(built, OFFICER, language).visit("staff_settings_law")
    said = page.text().replace("\u00a0", " ")
    assert regime.label.in_(language).replace("\u00a0", " ") in said
    assert span_words(regime.base, language).replace("\u00a0", " ") in said
    assert LAW.body_of(regime).name.in_(language) in said
    assert {"fr": "Relecture juridique à faire", "en": "To be reviewed by counsel"}[language] in said
    assert len(page.all("div", class_="notice--warning")) == 1
    checked, unchecked = {
        "fr": ("2026 (privacy-portal, cai.gouv.qc.ca", "vérifier à leur source. Demandez"),
        "en": ("2026 (privacy-portal, cai.gouv.qc.ca", "read at their source, then ask"),
    }[language]
    quebec = regime.recourse.body == "cai"
    assert (checked in said.replace("\u2060", ""), unchecked in said) == (quebec, not quebec)


@pytest.mark.parametrize("language", LANGUAGES)
def test_models_of_letters_speak_of_the_law_of_the_installation(tmp_path: Path, language: Language) -> None:
    officer = signed_in(under(tmp_path, "eu_gdpr"), OFFICER, language)
    for kind in ("outcome_refused", "acknowledgement", "we_are_late", "contact_reminder"):
        said = officer.visit("staff_letter_kind", kind=kind).text()
        assert not [foreign for foreign in OF_QUEBEC[:5] if foreign in said], kind
    paper = officer.visit("staff_letter_sample", kind="outcome_refused").text()
    assert not [foreign for foreign in OF_QUEBEC[:5] if foreign in paper]
    assert LAW.regimes["eu_gdpr"].recourse.how.in_(language) in paper


@pytest.mark.parametrize(("days_ago", "warned"), [(0, 0), (365, 0), (367, 1)])
def test_a_review_of_more_than_a_year_is_warned_of(tmp_path: Path, days_ago: int, warned: int) -> None:
    built = under(tmp_path, "qc_p391")
    portal = built.installation
    day = portal.today(built.clock()) - timedelta(days=days_ago)
    row = replace(portal.regime, reviewed_by="Me Roy", reviewed_on=day)
    law = replace(portal.law, regimes={**portal.regimes, "qc_p391": row})
    built = an_installation(tmp_path / "again", change=lambda settings: replace(settings, law=law))
    page = signed_in(built, OFFICER, "en").visit("staff_settings_law")
    assert len(page.all("div", class_="notice--warning")) == warned
    assert "By Me Roy, on" in page.text()


def test_only_the_officer_opens_it_and_the_settings_lead_there(tmp_path: Path) -> None:
    built = under(tmp_path, "qc_p391")
    officer = signed_in(built, OFFICER, "en")
    assert "/en/staff/settings/law" in officer.visit("staff_settings").links().values()
    for other in ("agent@example.org", "auditor@example.org"):
        signed_in(built, other, "en").visit("staff_settings_law", status=403)
