"""Reminders leave on their days, once; the day after the last one both sides are told and what it is about is held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.config import Settings
from portal.domain.jobs import Job, JobKind
from portal.domain.rights import Decision, Flag, Kind, Level, PauseReason, RequestEvent, RightsRequest, State
from portal.services import acts, clock, rights
from portal.services.acts import Doing
from portal.services.decisions import Verdict, decide, take_up
from portal.services.rights import Asked
from tests.client import Visitor
from tests.installation import CAMILLE, Built, an_installation, an_installation_on
from tests.web.act_visits import under_our_own_clock

BACKUP = "releve@example.org"
CONTACT = "jp@atomescroch.us"
OFFICER = "officer@example.org"


def with_a_backup(settings: Settings) -> Settings:
    return replace(settings, privacy_contact=replace(settings.privacy_contact, backup=BACKUP))


@pytest.fixture(params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Built]:
    with an_installation_on(request.param, tmp_path, change=with_a_backup) as made:
        yield made


def ask(built: Built, kind: Kind = Kind.ACCESS, *, language: str = "en", is_test: bool = False) -> RightsRequest:
    portal, now = built.installation, built.clock()
    with portal.database.writing() as store:
        person = store.people.ensure(CAMILLE, language=language, now=now)
        asked = Asked(kind, language, Level.L2, "Everything.", is_test=is_test)  # type: ignore[arg-type]  # one of the two
        return rights.open_request(portal, store, person, asked, form_id=None, now=now)


def as_now(built: Built, request: RightsRequest) -> RightsRequest:
    with built.installation.database.reading() as store:
        found = store.requests.by_id(request.id)
    assert found is not None
    return found


def morning(built: Built, day: date) -> list[tuple[str, str]]:
    """Look at the clocks on a day; the letters that leave: which, and to whom."""
    built.clock.advance(days=(day - built.installation.today(built.clock())).days)
    before = len(built.mailbox())
    with built.installation.database.writing() as store:
        store.promise(Job(JobKind.WATCH_CLOCKS, 0))
    letters = built.mailbox()
    return [(str(letter["kind"]), str(letter["to"])) for letter in letters[: len(letters) - before]]


def test_every_reminder_leaves_on_its_day_and_no_other(built: Built) -> None:
    request = ask(built)
    with built.installation.database.writing() as store:
        officer = store.staff.by_address(OFFICER)
        assert officer is not None
        take_up(built.installation, store, officer, request, seen_version=request.version)
    left: dict[int, Counter[str]] = {}
    for days in range(1, 31):
        letters = morning(built, request.received_on + timedelta(days=days))
        if letters:
            assert {kind for kind, _ in letters} == {"contact_reminder"}
            left[30 - days] = Counter(to for _, to in letters)
    both = Counter({CONTACT: 1, OFFICER: 1})
    assert left == {15: both, 10: both, 5: both | {BACKUP: 1}, 2: both, 0: both | {BACKUP: 1}}


def test_a_second_look_the_same_morning_says_nothing_more(built: Built) -> None:
    request = ask(built)
    day = request.due - timedelta(days=10)
    assert morning(built, day)
    assert morning(built, day) == []


def test_the_backup_is_told_of_a_request_nobody_opened(built: Built) -> None:
    request = ask(built)
    assert morning(built, request.received_on + timedelta(days=2)) == []
    letters = morning(built, request.received_on + timedelta(days=3))
    assert Counter(letters) == Counter({("contact_unopened", CONTACT): 1, ("contact_unopened", BACKUP): 1})


def test_opening_its_page_is_enough(built: Built) -> None:
    request = ask(built)
    officer = Visitor(built, "en")
    officer.sign_in(OFFICER)
    officer.visit("staff_request", reference=request.reference)
    assert morning(built, request.received_on + timedelta(days=3)) == []


def test_the_day_after_both_sides_are_told_once_and_what_it_is_about_is_held(built: Built) -> None:
    request = ask(built)
    letters = morning(built, request.due + timedelta(days=1))
    assert Counter(letters) == Counter(
        {("we_are_late", CAMILLE): 1, ("contact_late", CONTACT): 1, ("contact_late", BACKUP): 1}
    )
    late = as_now(built, request)
    assert (late.state, late.due) == (State.RECEIVED, request.due), "the request stays open, its date where it was"
    assert late.deemed_refused_on == request.due + timedelta(days=1)
    assert late.recourse_until == request.due + timedelta(days=30), "counted from the last day (P-39.1, s. 43)"
    assert late.hold_until == request.due + timedelta(days=121)
    with built.installation.database.reading() as store:
        history = [line.event for line in store.requests.history(request.id)]
    assert history == [RequestEvent.OPENED, RequestEvent.DEEMED_REFUSED]
    assert morning(built, request.due + timedelta(days=2)) == [("contact_reminder", CONTACT)]


def test_a_worker_away_for_weeks_tells_it_once(built: Built) -> None:
    request = ask(built)
    assert len(morning(built, request.due + timedelta(days=9))) == 3
    assert as_now(built, request).deemed_refused_on == request.due + timedelta(days=1)


def test_the_letter_to_the_person_says_what_the_law_wants(built: Built) -> None:
    request = ask(built)
    morning(built, request.due + timedelta(days=1))
    letter = next(one for one in built.mailbox() if one["kind"] == "we_are_late")
    text = str(letter["text"])
    for wanted in (
        request.reference,
        "December 23, 2026",
        "By law, this counts as a refusal",
        "Commission d’accès à l’information",
        "Until January 22, 2027",
        "https://www.cai.gouv.qc.ca/",
        "still working on your request",
    ):
        assert wanted in text, wanted
    assert "deemed" not in text


def test_kinds_the_law_gives_no_day_only_remind_staff(built: Built) -> None:
    request = ask(built, Kind.INFO)
    assert {kind for kind, _ in morning(built, request.due + timedelta(days=1))} == {"contact_reminder"}
    late = as_now(built, request)
    assert (late.deemed_refused_on, late.hold_until) == (None, None)


def paused(built: Built, request: RightsRequest) -> RightsRequest:
    """The request with its clock standing still from today, under a law that allows it."""
    under_our_own_clock(built, request)
    with built.installation.database.writing() as store:
        officer = store.staff.by_address(OFFICER)
        assert officer is not None
        doing = Doing(officer, request, request.version, built.clock())
        return acts.pause(built.installation, store, doing, PauseReason.IDENTITY, "Demandé le nom du compte")


def test_staff_are_reminded_each_week_that_a_clock_stands_still_and_its_person_each_month(built: Built) -> None:
    request = paused(built, ask(built))
    told = next(one for one in built.mailbox() if one["kind"] == "clock_changed")
    assert (told["to"], "stands still since November 23, 2026" in str(told["text"])) == (CAMILLE, True)
    left = {days: morning(built, request.received_on + timedelta(days=days)) for days in range(1, 31)}
    weekly = [("contact_paused", CONTACT)]
    assert {days: letters for days, letters in left.items() if days != 28 and letters} == {
        7: weekly,
        14: weekly,
        21: weekly,
    }
    assert Counter(left[28]) == Counter([*weekly, ("clock_changed", CAMILLE)]), "nobody is late, nobody is forgotten"
    reminder = next(one for one in built.mailbox() if one["kind"] == "contact_paused")
    for wanted in ("23 novembre 2026", "de quoi savoir qui fait la demande", "recule d’autant de jours"):
        assert wanted in str(reminder["text"]).replace("\u00a0", " "), wanted


def test_a_missed_morning_of_a_pause_is_made_up_for_once(built: Built) -> None:
    request = paused(built, ask(built))
    assert morning(built, request.received_on + timedelta(days=17)) == [("contact_paused", CONTACT)]
    assert morning(built, request.received_on + timedelta(days=18)) == []
    assert morning(built, request.received_on + timedelta(days=21)) == [("contact_paused", CONTACT)]


def test_a_clock_that_runs_again_is_told_with_its_new_last_day_and_reminds_no_more(built: Built) -> None:
    request = paused(built, ask(built))
    built.clock.advance(days=10)
    with built.installation.database.writing() as store:
        officer = store.staff.by_address(OFFICER)
        assert officer is not None
        doing = Doing(officer, request, request.version, built.clock())
        running = acts.resume(built.installation, store, doing)
    assert running.due == request.due + timedelta(days=10)
    told = next(one for one in built.mailbox() if one["kind"] == "clock_changed")
    assert "runs again" in str(told["text"])
    assert "January 2, 2027" in str(told["text"])
    kinds = {kind for days in range(11, 23) for kind, _ in morning(built, request.received_on + timedelta(days=days))}
    assert "contact_paused" not in kinds


def test_a_reminder_of_a_pause_that_is_over_goes_to_nobody(built: Built) -> None:
    """The worker was away: the letter was promised, and the clock runs again before it leaves."""
    request = paused(built, ask(built))
    built.mailbox()
    built.clock.advance(days=7)
    clock.watch(built.installation, 0, built.clock())
    with built.installation.database.writing() as store:
        officer = store.staff.by_address(OFFICER)
        assert officer is not None
        acts.resume(built.installation, store, Doing(officer, request, request.version, built.clock()))
    assert "contact_paused" not in {str(one["kind"]) for one in built.mailbox()}


def test_tests_and_ended_requests_are_left_alone(built: Built) -> None:
    test, over = ask(built, is_test=True), ask(built)
    with built.installation.database.writing() as store:
        rights.take_back(built.installation, store, over, now=built.clock())
    built.mailbox()
    assert morning(built, test.due + timedelta(days=1)) == []
    with built.installation.database.reading() as store:
        assert store.requests.to_look_at(test.due + timedelta(days=9), limit=10) == []


def test_a_late_grant_ends_recourse_and_hold_and_a_refusal_counts_them_anew(built: Built) -> None:
    granted, refused = ask(built), ask(built)
    morning(built, granted.due + timedelta(days=3))
    with built.installation.database.writing() as store:
        officer = store.staff.by_address(OFFICER)
        assert officer is not None
        for request, verdict in (
            (granted, Verdict(Decision.GRANTED)),
            (refused, Verdict(Decision.REFUSED, "Because.", "P-39.1, s. 40")),
        ):
            late = store.requests.by_id(request.id)
            assert late is not None
            decide(built.installation, store, officer, late, verdict, seen_version=late.version)
    today = built.installation.today(built.clock())
    assert (as_now(built, granted).recourse_until, as_now(built, granted).hold_until) == (None, None)
    assert as_now(built, refused).recourse_until == today + timedelta(days=30)
    assert as_now(built, refused).hold_until == today + timedelta(days=120)
    flags = rights.flags_of(built.installation, as_now(built, refused), now=built.clock())
    assert flags == {Flag.HELD}


def test_what_is_refused_is_held_even_where_the_law_sets_no_last_day_to_contest(tmp_path: Path) -> None:
    """As under the General Data Protection Regulation, whose complaint has no fixed day: the hold is ours to keep."""
    built = an_installation(tmp_path)
    portal = built.installation
    without_a_day = replace(portal.regime, recourse=replace(portal.regime.recourse, within=None))
    law = replace(portal.law, regimes={portal.settings.regime: without_a_day})
    built = replace(built, installation=replace(portal, settings=replace(portal.settings, law=law)))
    request = ask(built)
    with built.installation.database.writing() as store:
        officer = store.staff.by_address(OFFICER)
        assert officer is not None
        verdict = Verdict(Decision.REFUSED, "Because.", "P-39.1, s. 40")
        refused = decide(built.installation, store, officer, request, verdict, seen_version=request.version)
    assert refused.recourse_until is None
    assert refused.hold_until == built.installation.today(built.clock()) + timedelta(days=120)


def test_a_reminder_never_makes_a_colleague_s_form_stale(built: Built) -> None:
    request = ask(built)
    morning(built, request.due - timedelta(days=5))
    assert as_now(built, request).version == request.version


def test_more_requests_than_one_turn_holds_are_all_looked_at(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "PART", 2)
    requests = [ask(built) for _ in range(5)]
    letters = morning(built, requests[0].received_on + timedelta(days=3))
    assert Counter(letters) == Counter({("contact_unopened", CONTACT): 5, ("contact_unopened", BACKUP): 5})


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_staff_and_person_read_on_their_pages(built: Built, language: str) -> None:
    request = ask(built, language=language)
    officer, person = Visitor(built, language), Visitor(built, language)  # type: ignore[arg-type]  # one of the two
    morning(built, request.due - timedelta(days=4))
    officer.sign_in(OFFICER)
    said = officer.visit("staff_request", reference=request.reference).text()
    assert {"fr": "Ce que la loi vous demande", "en": "What the law asks of you"}[language] in said
    assert {"fr": "Lire la lettre", "en": "Read the letter"}[language] in said
    assert {"fr": "Seul cet organisme", "en": "Only this body"}[language] in said
    assert "Commission d’accès à l’information" in said
    morning(built, request.due + timedelta(days=1))
    officer.sign_in(OFFICER)
    said = officer.visit("staff_request", reference=request.reference).text()
    assert {"fr": "Lire la lettre", "en": "Read the letter"}[language] not in said
    assert {"fr": "ce silence équivaut à un refus", "en": "this silence counts as a refusal"}[language] in said
    person.sign_in(CAMILLE)
    said = person.visit("request_page", reference=request.reference).text()
    assert {"fr": "Nous sommes en retard", "en": "We are late"}[language] in said
