"""What anybody reads without signing in: home, the policy and its versions, rights, contact, accessibility."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.domain.languages import LANGUAGES, Language, Text, twin_of
from portal.domain.policies import Version
from portal.services import policies
from tests.client import BASE, Page, Visitor, folded
from tests.installation import NOON, Built, an_installation
from tests.policies.builders import section, text, version

PAIR = "2025-02-25..2026-06-15"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One installation that no test of this file changes."""
    return an_installation(tmp_path_factory.mktemp("reading"))


def with_published(folder: Path, *more: Version, now: datetime = NOON) -> Visitor:
    """A reader of an installation where more versions are published."""
    built = an_installation(folder, now=now)
    with built.installation.database.writing() as store:
        for one in more:
            policies.publish(built.installation, store, one, staff_id=None, now=now)
    return Visitor(built, "en")


def words_of(page: Page, tag: str, **attributes: str) -> list[str]:
    return [folded("".join(element.itertext())) for element in page.all(tag, **attributes)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("endpoint", "arguments"),
    [
        ("home", {}),
        ("policy", {}),
        ("policy_version", {"version_id": "2025-02-25"}),
        ("policy_version", {"version_id": "2026-06-15"}),
        ("policy_changes", {}),
        ("policy_comparison", {"pair": PAIR}),
        ("rights", {}),
        ("contact", {}),
        ("accessibility", {}),
    ],
)
def test_every_reading_page_is_right_in_both_languages(
    built: Built, lang: Language, endpoint: str, arguments: dict[str, str]
) -> None:
    visitor = Visitor(built, lang)
    page = visitor.visit(endpoint, **arguments)
    switch = page.all("a", class_="language")[0]
    assert switch.get("href") == visitor.address(endpoint, twin_of(lang), **arguments)
    assert not page.all("meta", name="robots")
    foot = folded("".join("".join(part.itertext()) for part in page.all("address")))
    assert "jp@atomescroch.us" in foot
    assert "418" in foot


@pytest.mark.parametrize("lang", LANGUAGES)
def test_home_leads_to_the_four_acts_and_says_free_and_when(built: Built, lang: Language) -> None:
    visitor = Visitor(built, lang)
    page = visitor.visit("home")
    choices = [link.get("href") for link in page.all("a", class_="big-choice__link")]
    acts = ("my_information", "my_information", "consents", "delete")
    assert choices == [visitor.address(endpoint) for endpoint in acts]
    [lead] = words_of(page, "p", class_="lead")
    assert ("free" if lang == "en" else "gratuit") in lead
    assert ("30 days" if lang == "en" else "30 jours") in lead.replace("\N{NO-BREAK SPACE}", " ")


def test_the_policy_in_force_has_its_contents_and_its_dates(built: Built) -> None:
    page = Visitor(built, "en").visit("policy")
    contents = page.all("nav", class_="contents")[0]
    anchors = [link.get("href", "").removeprefix("#") for link in contents.iter() if link.get("href")]
    assert anchors == [heading.get("id") for heading in page.all("h2") if heading.get("id")]
    assert len(anchors) > 9
    assert "In force since June 15, 2026" in page.text().replace("\n", " ")
    assert "Last update" in page.text()
    assert not page.all("div", class_="notice")


def test_a_past_version_says_so_and_that_it_is_older_than_the_portal(built: Built) -> None:
    page = Visitor(built, "en").visit("policy_version", version_id="2025-02-25")
    assert page.heading == "Version of February 25, 2025"
    assert "This is not the version in force." in page.text()
    assert page.links()["Read the version in force"] == "/en/policy"
    assert "Published before this portal" in page.text()


def test_the_version_in_force_at_its_own_address_carries_no_warning(built: Built) -> None:
    page = Visitor(built, "en").visit("policy_version", version_id="2026-06-15")
    assert not page.all("div", class_="notice")
    assert "Published before this portal" not in page.text()


def test_a_version_to_come_is_announced_and_says_from_when(tmp_path: Path) -> None:
    visitor = with_published(tmp_path, version("2026-12-01"))
    present = visitor.visit("policy")
    assert "This policy changes on December 1, 2026." in present.text()
    assert "In force since June 15, 2026" in present.text()
    assert present.links()["See what will change"] == "/en/policy/changes/2026-06-15..2026-12-01"
    coming = visitor.visit("policy_version", version_id="2026-12-01")
    assert "it will be in force on December 1, 2026" in coming.text()


def test_before_the_first_version_the_page_says_that_none_is_in_force(tmp_path: Path) -> None:
    visitor = with_published(tmp_path, now=datetime(2025, 2, 1, 17, tzinfo=UTC))
    page = visitor.visit("policy")
    assert "No privacy policy is in force today." in page.text()
    assert page.links()["Version of February 25, 2025"] == "/en/policy/2025-02-25"
    assert "No privacy policy is in force yet." in visitor.visit("home").text()


def test_a_publication_is_seen_although_the_page_was_kept(tmp_path: Path) -> None:
    visitor = with_published(tmp_path)
    assert "In force since June 15, 2026" in visitor.visit("policy").text()
    installation = visitor.built.installation
    with installation.database.writing() as store:
        policies.publish(installation, store, version("2026-11-20"), staff_id=None, now=NOON)
    visitor.built.clock.advance(seconds=2)
    pages = visitor.app.wsgi_app
    while not hasattr(pages, "_kept"):
        pages = pages._application
    pages._asked_at -= 2
    assert "In force since November 20, 2026" in visitor.visit("policy").text()


def test_the_history_is_newest_first_with_summary_state_and_comparison(tmp_path: Path) -> None:
    page = with_published(tmp_path, version("2026-12-01"), version("2026-12-01-2")).visit("policy_changes")
    assert words_of(page, "h2", class_="card__title") == [
        "Version of December 1, 2026, number 2",
        "Version of December 1, 2026",
        "Version of June 15, 2026",
        "Version of February 25, 2025",
    ]
    assert words_of(page, "span", class_="tag") == [
        "Not yet in force",
        "Not yet in force",
        "In force",
        "No longer in force",
    ]
    assert page.text().count("What changes.") == 2
    assert page.links()["Compare with “Version of December 1, 2026”"] == "/en/policy/changes/2026-12-01..2026-12-01-2"
    assert len([words for words in page.links() if words.startswith("Compare")]) == 3


def test_a_comparison_shows_what_changed_word_by_word_and_names_what_did_not(tmp_path: Path) -> None:
    before = text(section("uses", "We keep it for two years.\n\nWe sell nothing."), section("same"), section("gone"))
    after = text(section("uses", "We keep it for one year.\n\nWe sell nothing."), section("same"), section("new"))
    one = version("2026-12-01", english=before, french=replace(before, language="fr"))
    two = version("2026-12-02", english=after, french=replace(after, language="fr"))
    visitor = with_published(tmp_path, *(_with_source(each) for each in (one, two)))
    page = visitor.visit("policy_comparison", pair="2026-12-01..2026-12-02")
    removed = [words.removeprefix("[removed:] ") for words in words_of(page, "del")]
    added = [words.removeprefix("[added:] ") for words in words_of(page, "ins")]
    assert removed[:1] == ["two years [end]"]
    assert added[:1] == ["one year [end]"]
    assert words_of(page, "p", class_="sides__woven") == [
        "We keep it for [removed:] two years [end] [added:] one year [end]."
    ]
    assert words_of(page, "span", class_="tag") == ["Section changed", "Section removed", "New section"]
    assert words_of(page, "p", class_="sides__both") == ["We sell nothing."]
    [stayed] = page.all("details")
    assert folded("".join(next(iter(stayed)).itertext())) == "A title"


def test_a_comparison_the_wrong_way_round_leads_to_the_right_one(built: Built) -> None:
    for lang, address in (("en", "/en/policy/changes/"), ("fr", "/fr/politique/modifications/")):
        answer = built.app.test_client().get(f"{address}2026-06-15..2025-02-25", base_url=BASE)
        assert (answer.status_code, answer.location) == (302, f"{address}{PAIR}"), lang


@pytest.mark.parametrize(
    "pair",
    [
        "2025-02-25",
        "2025-02-25..",
        "..2025-02-25",
        "..",
        "2025-02-25..2025-02-25",
        "2025-02-25..2025-02-25-1",
        "2025-02-25-1..2025-02-25",
        "2025-02-25..1999-01-01",
        "2025-02-25..2026-06-15..2026-06-15",
        "2025-02-25..%00",
        "2025-02-25...2026-06-15",
    ],
)
def test_a_pair_that_names_no_two_versions_is_no_page(built: Built, pair: str) -> None:
    Visitor(built).open(f"/en/policy/changes/{pair}", status=404)


def test_rights_says_how_for_whom_when_at_what_cost_and_what_then(built: Built) -> None:
    visitor = Visitor(built, "en")
    page = visitor.visit("rights")
    for said in (
        "Within 30 days after the day we receive your request.",
        "If we have not answered after 30 days, the law counts it as a refusal.",
        "You have 30 days, from the refusal or from the end of our time to answer.",
        "For a child under 14: the parent or tutor.",
        "We tell you the approximate amount first",
        "1\N{NO-BREAK SPACE}888\N{NO-BREAK SPACE}528-7741",
        "large print",
    ):
        assert said in page.text(), said
    assert page.links()["Write a request"].startswith(visitor.address("new_request"))


def test_contact_gives_title_address_phone_complaint_and_the_commission(built: Built) -> None:
    page = Visitor(built, "en").visit("contact")
    for said in (
        "Person in charge of the protection of personal information",
        "jp@atomescroch.us",
        "418 555-0100",
        "12, rue des Affinités",
        "We confirm that we received your complaint.",
        "2045, rue Stanley",
    ):
        assert said in page.text(), said


def test_accessibility_names_the_standards_the_gaps_and_its_day(built: Built) -> None:
    page = Visitor(built, "en").visit("accessibility")
    for said in ("(WCAG) 2.2, level AA", "SGQRI 008 3.0", "What we know is missing", "November 23, 2026"):
        assert said in page.text(), said


def test_a_section_called_content_does_not_take_the_id_of_the_page(tmp_path: Path) -> None:
    one = _with_source(version("2026-11-20", english=text(section("content")), french=text(section("content"))))
    page = with_published(tmp_path, one).visit("policy")
    assert [heading.get("id") for heading in page.all("h2") if heading.get("id")] == ["content-section"]


def _with_source(one: Version) -> Version:
    """The version with files that read as its sections, as a folder would have them."""
    texts = {
        language: replace(
            written,
            language=language,
            source="\n\n".join(f"## {part.title} {{#{part.key}}}\n\n{part.body_markdown}" for part in written.sections),
        )
        for language, written in one.texts.items()
    }
    return replace(one, texts=texts, summary=Text(fr="Ce qui change.", en="What changes."))
