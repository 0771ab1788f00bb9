"""Ready answers: what is ticked stands in both texts, which say the same; from the starting text to publication without typing."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.languages import LANGUAGES, Language
from portal.domain.policies import slots_in
from portal.domain.policy_answers import filled_with
from portal.policies.starter import ready_answers
from portal.services.policy_publishing import tasks
from tests.client import BASE, Page, Visitor
from tests.installation import Built, an_installation, without_sources
from tests.services.drafts import a_draft, draft_of
from tests.web.policy_visits import BOTH, TODAY, officer_of, publish

SECTIONS = tuple(dict.fromkeys(answer.section for answer in ready_answers()))


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, change=without_sources)


def tick(officer: Visitor, key: str, *ids: str, status: int = 303) -> object:
    form = officer.visit("staff_policy_section", key=key).form("#answers")
    data = {"csrf_token": form["csrf_token"], "version": form["version"], "do": "answers"}
    path = officer.address("staff_policy_section", key=key)
    answer = officer.client.post(path, data={**data, "answer": list(ids)}, base_url=BASE)
    assert answer.status_code == status
    return answer


def test_every_slot_of_the_starting_text_has_answers(built: Built) -> None:
    draft = a_draft(built, pasted=None)
    with_slots = [section.key for section in draft.sections if slots_in(section.body.fr)]
    assert set(with_slots) == set(SECTIONS)
    for section in draft.sections:
        assert len(slots_in(section.body.fr)) == len(slots_in(section.body.en)) <= 1, section.key


@pytest.mark.parametrize("key", SECTIONS)
def test_each_answer_alone_and_all_together_say_the_same_in_both_languages(built: Built, key: str) -> None:
    """No figure, date or link differs, no slot is left, and what remains to be done in the section is nothing."""
    draft = a_draft(built, pasted=None)
    section = draft.section(key)
    assert section is not None
    offered = [answer for answer in ready_answers() if answer.section == key]
    together = [answer for answer in offered if not answer.alone]
    for chosen in [*([one] for one in offered), together]:
        filled = filled_with(section, chosen)
        for language in LANGUAGES:
            assert not slots_in(filled.body.in_(language))
            assert all(answer.text.in_(language).rstrip(".") in filled.body.in_(language) for answer in chosen)


@BOTH
def test_a_policy_is_published_without_typing_a_word(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    a_draft(built, pasted=None)
    key, seen = SECTIONS[0], []
    while key:
        seen.append(key)
        [first, *_] = [answer.id for answer in ready_answers() if answer.section == key]
        answer = tick(officer, key, first)
        place = str(answer.location)  # type: ignore[attr-defined]  # a redirection
        key = place.rpartition("/")[2].partition("?")[0] if "filled=1" in place else ""
    assert set(seen) == set(SECTIONS)
    draft = draft_of(built)
    assert draft
    with built.installation.database.reading() as store:
        assert list(tasks(built.installation, store, draft)) == []
    publish(officer, TODAY)
    assert draft_of(built) is None


@BOTH
def test_what_cannot_be_put_in_says_why_and_keeps_what_was_ticked(built: Built, lang: Language) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, lang)
    none_chosen = tick(officer, "sharing", status=422)
    assert {"fr": "Cochez au moins une réponse", "en": "Tick at least one answer"}[lang] in none_chosen.get_data(  # type: ignore[attr-defined]
        as_text=True
    )
    both = tick(officer, "sharing", "none", "host", status=422)
    page = Page(both, lang)  # type: ignore[arg-type]
    assert {"fr": "cochez-la seule", "en": "tick it alone"}[lang] in page.text()
    assert {one.get("value") for one in page.all("input", name="answer") if one.get("checked") is not None} == {
        "none",
        "host",
    }
    draft = draft_of(built)
    assert draft
    assert slots_in(draft.section("sharing").body.fr)  # type: ignore[union-attr]  # it is there


def test_a_colleague_who_wrote_meanwhile_loses_nothing(built: Built) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, "en")
    form = officer.visit("staff_policy_section", key="security").form("#answers")
    tick(officer, "sharing", "host")
    late = officer.send(
        "staff_policy_section",
        {"version": form["version"], "do": "answers", "answer": "locked"},
        key="security",
        status=409,
    )
    assert isinstance(late, Page)
    draft = draft_of(built)
    assert draft
    assert slots_in(draft.section("security").body.en)  # type: ignore[union-attr]  # it is there


def test_a_section_without_a_slot_offers_nothing(built: Built) -> None:
    a_draft(built, pasted=None)
    page = officer_of(built, "en").visit("staff_policy_section", key="rights")
    assert not page.all("input", name="answer")
