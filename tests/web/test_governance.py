"""The governance practices, the second document: read, compared and written as the policy is (P-39.1, s. 3.2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.languages import Language
from portal.services import policies
from portal.services.policies import GOVERNANCE
from tests.client import BASE, HTML, Page, Visitor
from tests.installation import Built, an_installation
from tests.services.drafts import draft_of
from tests.web.policy_visits import BOTH, TODAY, complete, officer_of, publish

NAME: dict[Language, str] = {"fr": "Pratiques de gouvernance", "en": "Governance practices"}


def hrefs(page: Page) -> list[str | None]:
    return [link.get("href") for link in page.all("a")]


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


@BOTH
def test_the_practices_in_force_are_read_at_an_address_of_their_own_and_lead_to_the_policy(
    built: Built, lang: Language
) -> None:
    reader = Visitor(built, lang)
    page = reader.visit("governance")
    assert page.all("h1")[0].text == NAME[lang]
    assert {"fr": "Traitement des plaintes", "en": "How we handle complaints"}[lang] in page.text()
    assert reader.address("policy") in hrefs(page)
    assert reader.address("governance_changes") in hrefs(page)
    assert reader.address("policy_changes") in hrefs(page), "at the foot"
    older = reader.visit("governance_version", version_id="2025-02-25")
    assert NAME[lang] in older.text()
    assert reader.address("governance") in hrefs(older)


@BOTH
def test_history_and_comparison_stay_within_the_document(built: Built, lang: Language) -> None:
    reader = Visitor(built, lang)
    history = reader.visit("governance_changes")
    pair = "2025-02-25..2026-06-15"
    assert reader.address("governance_comparison", pair=pair) in hrefs(history)
    assert reader.address("policy_comparison", pair=pair) not in hrefs(history)
    compared = reader.visit("governance_comparison", pair=pair).text()
    assert {"fr": "équipe technique", "en": "technical team"}[lang] in compared
    wrong = reader.client.get(reader.address("governance_comparison", pair="2026-06-15..2025-02-25"), base_url=BASE)
    assert wrong.status_code == 302
    assert wrong.headers["Location"].endswith(reader.address("governance_comparison", pair=pair))


@BOTH
def test_the_policy_the_contact_page_and_the_foot_lead_to_them(built: Built, lang: Language) -> None:
    reader = Visitor(built, lang)
    for endpoint in ("policy", "contact"):
        assert hrefs(reader.visit(endpoint)).count(reader.address("governance")) == 2, "in the page and at its foot"
    assert NAME[lang] in reader.visit("home").links()


@BOTH
def test_one_editor_writes_both_and_what_is_published_in_one_is_not_in_the_other(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    assert officer.address("staff_governance") in hrefs(officer.visit("staff_policy"))
    officer.send("staff_governance_start", {"from": "starter"})
    assert draft_of(built) is None
    assert draft_of(built, GOVERNANCE)
    complete(officer, GOVERNANCE)
    publish(officer, TODAY, document=GOVERNANCE)
    with built.installation.database.reading() as store:
        assert policies.versions(store, GOVERNANCE)[0].id == TODAY
        assert TODAY not in [version.id for version in policies.versions(store)]
    built.clock.advance(seconds=2)
    reader = Visitor(built, lang)
    assert {"fr": "23 novembre 2026", "en": "November 23, 2026"}[lang] in reader.visit("governance").text()
    assert {"fr": "15 juin 2026", "en": "June 15, 2026"}[lang] in reader.visit("policy").text()


@BOTH
def test_pages_of_the_practices_do_not_speak_of_the_policy(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    subscribe = officer.address("subscribe")
    assert subscribe not in main_hrefs(Visitor(built, lang).visit("governance_changes"))
    assert subscribe in main_hrefs(Visitor(built, lang).visit("policy_changes"))
    officer.send("staff_governance_start", {"from": "starter"})
    back = {"fr": "Retour aux pratiques de gouvernance", "en": "Back to the governance practices"}[lang]
    for endpoint, arguments in (
        ("staff_governance_paste", {}),
        ("staff_governance_preview", {}),
        ("staff_governance_publish", {}),
        ("staff_governance_comparison", {}),
        ("staff_governance_section", {"key": "roles"}),
    ):
        page = officer.visit(endpoint, **arguments)
        assert page.links()[back] == officer.address("staff_governance"), endpoint
        assert {"fr": "la politique", "en": "the policy"}[lang] not in main_of(page), endpoint


@BOTH
def test_people_are_told_ahead_of_changes_of_substance_to_the_policy_only(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    tell = officer.address("staff_notices")
    officer.send("staff_governance_start", {"from": "starter"})
    complete(officer, GOVERNANCE)
    publish(officer, "2027-01-15", document=GOVERNANCE)
    assert tell not in main_hrefs(officer.visit("staff_governance"))
    for kind, day in (("wording", "2027-01-15"), ("material", "2027-01-16")):
        officer.send("staff_policy_start", {"from": "starter"})
        complete(officer)
        publish(officer, day, kind=kind)
        assert (tell in main_hrefs(officer.visit("staff_policy"))) == (kind == "material")


def main_of(page: Page) -> str:
    return "".join(page.all("main")[0].itertext())


def main_hrefs(page: Page) -> list[str | None]:
    return [link.get("href") for link in page.all("main")[0].iter(f"{HTML}a")]


def test_both_documents_are_in_the_sitemap(built: Built) -> None:
    said = Visitor(built, "en").client.get("/sitemap.xml", base_url=BASE).get_data(as_text=True)
    assert "/en/governance</loc>" in said
    assert "/fr/gouvernance/2025-02-25</loc>" in said
