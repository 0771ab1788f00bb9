"""Two buttons for one officer; with two and four eyes, a second approves; a publication waits for its local moment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from portal.domain.languages import Language, Text
from portal.domain.policies import Document
from portal.domain.policy_drafts import Stage
from portal.domain.rights import Role
from portal.domain.settings import SettingKind, setting_key
from tests.client import HTML, Page, Visitor
from tests.installation import Built, an_installation
from tests.services.drafts import a_draft, draft_of
from tests.web.policy_visits import BOTH, OFFICER, SECOND, TODAY, complete, officer_of, version_ids
from tests.web.settings_visits import form_of

SAID = {"summary_fr": "Tout est nouveau.", "summary_en": "All is new.", "kind": "material", "day": TODAY}
PUBLISH, REVIEW = "staff_policy_publish", "staff_policy_review"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def four_eyes(built: Built, lang: Language) -> tuple[Visitor, Visitor]:
    """Two officers, and the setting switched on by the first through its page."""
    with built.installation.database.writing() as store:
        store.staff.add(SECOND, Role.OFFICER, language=lang, now=built.clock())
    first = officer_of(built, lang)
    first.send("staff_settings_approval", form_of(first, "staff_settings_approval") | {"four_eyes": "y"})
    return first, officer_of(built, lang, SECOND)


def send(officer: Visitor, status: int = 303, document: Document = "privacy", **said: str) -> object:
    address = PUBLISH.replace("policy", document if document == "governance" else "policy")
    form = officer.visit(address).form(officer.address(address).rpartition("/")[2])
    return officer.send(address, form | SAID | said, status=status)


def move(officer: Visitor, do: str, *, status: int = 303, version: int | None = None) -> object:
    draft = draft_of(officer.built)
    seen = version if version is not None else draft.version if draft else 0
    return officer.send(REVIEW, {"do": do, "version": str(seen)}, status=status)


def buttons(page: Page) -> list[str]:
    return ["".join(one.itertext()).strip() for one in page.all("main")[0].iter(f"{HTML}button")]


def stage_of(built: Built) -> Stage | None:
    draft = draft_of(built)
    return draft.stage if draft else None


# --- four eyes -------------------------------------------------------------------------------------------------------


@BOTH
def test_one_officer_has_two_buttons(built: Built, lang: Language) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, lang)
    complete(officer)
    wanted = {"fr": ["Enregistrer", "Publier à cette date"], "en": ["Save", "Publish on this day"]}[lang]
    assert buttons(officer.visit(PUBLISH)) == wanted
    officer.send("staff_settings_approval", form_of(officer, "staff_settings_approval") | {"four_eyes": "y"})
    assert buttons(officer.visit(PUBLISH)) == wanted, "alone, nobody could approve"


@BOTH
def test_a_second_officer_approves_and_a_change_takes_the_approval_away(built: Built, lang: Language) -> None:
    first, second = four_eyes(built, lang)
    a_draft(built, pasted=None)
    complete(first)
    send(first, 422, do="publish")
    assert TODAY not in version_ids(built)
    send(first, do="review")
    assert {"fr": "une autre personne responsable", "en": "another officer approves"}[lang] in first.visit(
        PUBLISH
    ).text()
    move(first, "approve", status=409)
    assert stage_of(built) is Stage.IN_REVIEW
    move(second, "approve")
    assert SECOND in first.visit(PUBLISH).text()
    form = first.visit("staff_policy_section", key="security").form("security")
    first.send(
        "staff_policy_section", form | {"body_fr": "Sous clé.", "body_en": "Locked.", "do": "save"}, key="security"
    )
    assert stage_of(built) is Stage.DRAFT
    move(first, "publish", status=409)
    send(first, do="review")
    move(second, "approve")
    move(first, "publish")
    assert version_ids(built)[0] == TODAY
    with built.installation.database.reading() as store:
        said = [line.event.value for line in store.audit.newest(limit=8)]
    assert said[:2] == ["policy_published", "policy_approved"]


def test_whoever_approves_sees_what_was_sent_and_no_later_text(built: Built) -> None:
    first, second = four_eyes(built, "en")
    a_draft(built, pasted=None)
    complete(first)
    send(first, do="review")
    seen = draft_of(built)
    assert seen
    send(first, do="save")
    send(first, do="review")
    move(second, "approve", status=409, version=seen.version)
    assert stage_of(built) is Stage.IN_REVIEW
    move(second, "give_back")
    assert stage_of(built) is Stage.DRAFT


@BOTH
def test_whoever_sends_what_another_wrote_does_not_make_the_writer_a_second_pair_of_eyes(
    built: Built, lang: Language
) -> None:
    first, second = four_eyes(built, lang)
    a_draft(built, pasted=None)
    complete(first)
    send(first, do="save")
    send(second, do="save")
    send(second, do="review")
    assert {"fr": "Vous y avez écrit", "en": "You wrote in it"}[lang] in first.visit(PUBLISH).text()
    refused = move(first, "approve", status=409)
    assert isinstance(refused, Page)
    assert {"fr": "Vous y avez écrit", "en": "You wrote in it"}[lang] in refused.text()
    assert stage_of(built) is Stage.IN_REVIEW
    move(second, "approve")
    assert stage_of(built) is Stage.APPROVED


def test_whoever_writes_the_summary_does_not_approve_it(built: Built) -> None:
    first, second = four_eyes(built, "en")
    with built.installation.database.writing() as store:
        store.staff.add("third@example.org", Role.OFFICER, language="en", now=built.clock())
    third = officer_of(built, "en", "third@example.org")
    a_draft(built, pasted=None)
    complete(first)
    send(second, do="review")
    move(second, "approve", status=409)
    move(first, "approve", status=409)
    move(third, "approve")
    assert stage_of(built) is Stage.APPROVED


def test_when_every_officer_wrote_the_one_who_neither_wrote_last_nor_sent_it_approves(built: Built) -> None:
    first, second = four_eyes(built, "en")
    a_draft(built, pasted=None)
    complete(first)
    send(second, do="save")
    send(first, do="review")
    move(first, "approve", status=409)
    move(second, "approve", status=409)
    move(second, "give_back")
    send(second, do="review")
    move(second, "approve", status=409)
    move(first, "approve")
    assert stage_of(built) is Stage.APPROVED


def test_a_change_of_one_language_is_not_sent_for_review_as_one_of_substance(tmp_path: Path) -> None:
    built = an_installation(tmp_path, by_hand=True)
    first, _ = four_eyes(built, "en")
    first.send("staff_policy_start", {"from": "in_force"})
    form = first.visit("staff_policy_section", key="security").form("security")
    typed = {"body_en": form["body_en"] + "\n\nEach year.", "same": "y", "do": "save"}
    first.send("staff_policy_section", form | typed, key="security")
    refused = send(first, 422, do="review")
    assert isinstance(refused, Page)
    assert "#kind-0" in refused.links().values()
    assert stage_of(built) is Stage.DRAFT
    send(first, do="review", kind="wording")
    assert stage_of(built) is Stage.IN_REVIEW


def test_an_unfinished_draft_is_not_sent_for_review(built: Built) -> None:
    first, _ = four_eyes(built, "en")
    a_draft(built, pasted=None)
    send(first, 422, do="review")
    assert stage_of(built) is Stage.DRAFT


@BOTH
def test_the_setting_keeps_its_history_and_is_undone(built: Built, lang: Language) -> None:
    first, _ = four_eyes(built, lang)
    page = first.visit("staff_settings_approval")
    assert OFFICER in page.text()
    first.send(
        "staff_settings_approval",
        {k: v for k, v in form_of(first, "staff_settings_approval").items() if k != "four_eyes"},
    )
    with built.installation.database.reading() as store:
        rows = store.settings.history(setting_key(SettingKind.APPROVAL), limit=5)
    assert [row.value for row in rows] == [{}, {"four_eyes": True}]
    assert {"fr": "Un second regard", "en": "A second pair of eyes"}[lang] in first.visit("staff_settings").text()


# --- a moment to come ------------------------------------------------------------------------------------------------


@BOTH
def test_a_publication_waits_for_its_local_moment_and_is_published_by_itself(built: Built, lang: Language) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, lang)
    complete(officer)
    send(officer, do="publish", day="2026-11-24", at_day="2026-11-24", at_hour="08:30")
    assert {"fr": "8\u00a0h\u00a030", "en": "8:30"}[lang] in officer.visit(PUBLISH).text()
    built.work()
    assert "2026-11-24" not in version_ids(built)
    Visitor(built, lang).visit("policy_version", version_id="2026-11-24", status=404)
    built.clock.advance(hours=20, minutes=29)
    built.work()
    assert "2026-11-24" not in version_ids(built), "12:00 and 20 h 29 is 8:29"
    built.clock.advance(minutes=1)
    built.work()
    assert version_ids(built)[0] == "2026-11-24"
    assert draft_of(built) is None
    built.clock.advance(seconds=2)
    assert {"fr": "24 novembre 2026", "en": "November 24, 2026"}[lang] in Visitor(built, lang).visit("policy").text()


@BOTH
def test_a_scheduled_version_cannot_be_changed_and_is_called_back_before_its_time(built: Built, lang: Language) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, lang)
    complete(officer)
    form = officer.visit("staff_policy_section", key="security").form("security")
    send(officer, do="publish", day="2026-11-25", at_day="2026-11-24", at_hour="08:30")
    draft = draft_of(built)
    assert draft
    typed = form | {"body_fr": "Mes mots", "do": "save", "version": str(draft.version)}
    late = officer.send("staff_policy_section", typed, key="security", status=409)
    assert isinstance(late, Page)
    assert "Mes mots" in late.text()
    assert {"fr": "Rappelez-la", "en": "Call it back first"}[lang] in late.text()
    officer.send("staff_policy_discard", {"version": str(draft.version)}, status=409)
    move(officer, "call_back")
    built.clock.advance(days=3)
    built.work()
    assert stage_of(built) is Stage.DRAFT
    assert "2026-11-25" not in version_ids(built)


@BOTH
def test_an_hour_that_does_not_exist_is_refused_and_one_shown_twice_is_told(built: Built, lang: Language) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, lang)
    complete(officer)
    refused = send(officer, 422, do="publish", day="2027-03-14", at_day="2027-03-14", at_hour="02:30")
    assert isinstance(refused, Page)
    assert {"fr": "3\u00a0h\u00a030", "en": "3:30"}[lang] in refused.text()
    assert stage_of(built) is Stage.DRAFT
    send(officer, do="publish", day="2027-11-07", at_day="2027-11-07", at_hour="01:30")
    assert {"fr": "deux fois", "en": "twice"}[lang] in officer.visit(PUBLISH).text()
    draft = draft_of(built)
    assert draft
    assert draft.publish_at
    assert draft.publish_at.isoformat() == "2027-11-07T05:30:00+00:00"


@pytest.mark.parametrize(
    ("day", "at_day", "at_hour", "field"),
    [
        ("2026-11-24", "2026-11-23", "11:59", "at_day"),  # it is noon
        ("2026-11-24", "2026-11-25", "08:00", "day"),  # in force before anybody can read it
        ("2026-11-24", "2028-01-01", "08:00", "at_day"),
        ("2026-11-24", "2026-11-24", "", "at_hour"),
        ("2026-11-24", "", "08:00", "at_day"),
        ("2026-11-24", "2026-11-24", "25:00", "at_hour"),
        ("2026-11-24", "hier", "08:00", "at_day"),
        ("2026-11-24", "9999-12-31", "23:00", "at_day"),
        ("2026-11-24", "0001-01-01", "00:00", "at_day"),
        ("9999-12-31", "2026-11-24", "08:00", "day"),
        ("2026-11-24", "2026-11-24", "1430Z", "at_hour"),
    ],
)
def test_a_moment_that_cannot_be_is_refused_beside_its_field(
    built: Built, day: str, at_day: str, at_hour: str, field: str
) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, "en")
    complete(officer)
    refused = send(officer, 422, do="publish", day=day, at_day=at_day, at_hour=at_hour)
    assert isinstance(refused, Page)
    assert f"#{field}" in refused.links().values()
    assert stage_of(built) is Stage.DRAFT


def test_an_hour_of_another_clock_or_the_end_of_all_calendars_is_not_saved_either(built: Built) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, "en")
    for at_day, at_hour in (("9999-12-31", "23:00"), ("2026-11-24", "1430Z")):
        refused = send(officer, 422, do="save", at_day=at_day, at_hour=at_hour)
        assert isinstance(refused, Page)
        assert "never show" not in refused.text()


def test_a_worker_that_was_away_publishes_late_and_never_in_the_past(built: Built) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, "en")
    complete(officer)
    send(officer, do="publish", day="2026-11-24", at_day="2026-11-24", at_hour="08:30")
    built.clock.advance(days=3)
    built.work()
    assert version_ids(built)[0] == "2026-11-26"


def scheduled(officer: Visitor) -> None:
    a_draft(officer.built, pasted=None)
    complete(officer)
    send(officer, do="publish", at_day=TODAY, at_hour="12:10")


def called_back(officer: Visitor, because: str) -> None:
    """The draft is called back by itself and says why, until somebody takes it up."""
    banner = {"fr": "n’a pas été publiée. La page de son ébauche", "en": "was not published. The page of its draft"}
    officer.built.work()
    assert stage_of(officer.built) is Stage.DRAFT
    assert version_ids(officer.built)[0] == "2026-06-15"
    for address in (PUBLISH, "staff_policy"):
        assert because in officer.visit(address).text()
    assert banner[officer.language] in officer.visit("staff_settings").text()
    send(officer, do="save", day="2026-11-25")
    assert because not in officer.visit("staff_policy").text()
    assert banner[officer.language] not in officer.visit("staff_settings").text()


@BOTH
def test_four_eyes_switched_on_meanwhile_stop_a_publication_at_its_moment(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    scheduled(officer)
    four_eyes(built, lang)
    built.clock.advance(minutes=11)
    called_back(officer, {"fr": "ne l’avait pas approuvée", "en": "a second officer had not approved it"}[lang])


@BOTH
@pytest.mark.parametrize("wrong", ["[To be completed by the organization: x]", "[1]\n\n[1]: file:///etc/passwd"])
def test_a_publication_that_fails_at_its_moment_says_why_and_is_not_tried_for_ever(
    built: Built, lang: Language, wrong: str
) -> None:
    officer = officer_of(built, lang)
    scheduled(officer)
    built.clock.advance(minutes=11)
    late = {"fr": "ne l’est pas encore", "en": "is not yet"}[lang]
    assert late in officer.visit(PUBLISH).text()
    draft = draft_of(built)
    assert draft
    spoiled = replace(draft.sections[0], body=Text(fr=wrong, en=wrong))
    with built.installation.database.writing() as store:
        store.policy_drafts.save(replace(draft, sections=(spoiled, *draft.sections[1:])), seen_version=draft.version)
    called_back(officer, {"fr": "il restait quelque chose à faire", "en": "something remained to be done"}[lang])
