"""The policy and the person: one comparison offered, three facts that only they write, and no right that waits for any."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.config import Settings
from portal.domain.data_map import Purpose
from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.rights import Kind, State
from portal.policies.reading import published_text
from portal.policies.writing import written
from portal.services import policies
from portal.services.work import purge
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, NOON, Built, an_installation
from tests.policies.builders import section, version

BOTH = pytest.mark.parametrize("lang", LANGUAGES)
FIRST, NOW, NEXT = "2025-02-25", "2026-06-15", "2026-11-20"
WORDS: dict[Language, dict[str, str]] = {
    "fr": {
        "changed": "La politique a changé depuis la version que vous connaissez",
        "nothing": "Rien n’est inscrit.",
        "why acknowledged": "Vous nous avez dit avoir lu celle-ci\u00a0: Version du 15 juin 2026.",
        "why opened": "C’est celle que vous avez ouverte en premier\u00a0: Version du 15 juin 2026.",
        "button": "Je l’ai lue",
        "in force": "est en vigueur",
        "another": "Une autre version est maintenant en vigueur.",
        "choice": "Un nouveau choix s’offre à vous\u00a0: «\u00a0Mesurer l’audience\u00a0»",
        "not given": "non donné",
    },
    "en": {
        "changed": "The policy has changed since the version you know",
        "nothing": "Nothing is recorded.",
        "why acknowledged": "You told us that you had read this one: Version of June 15, 2026.",
        "why opened": "This is the one you opened first: Version of June 15, 2026.",
        "button": "I have read it",
        "in force": "is in force",
        "another": "Another version is in force now.",
        "choice": "There is a new choice to make: “Measure the audience”",
        "not given": "not given",
    },
}


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def person_of(built: Built, lang: Language = "en") -> Visitor:
    visitor = Visitor(built, lang)
    visitor.sign_in(CAMILLE)
    return visitor


def act(visitor: Visitor, what: str, version_id: str = NOW, *, status: int = 303) -> Any:
    return visitor.send("account_policy", {"act": what, "version": version_id}, status=status)


def recorded(built: Built) -> dict[str, tuple[bool, bool]]:
    """By version: whether it was opened and acknowledged."""
    with built.installation.database.reading() as store:
        person = store.people.by_address(CAMILLE)
        assert person
        return {
            one.version_id: (one.opened_at is not None, one.acknowledged_at is not None)
            for one in store.policy_readings.kept(person.id)
        }


def publish(built: Built, version_id: str = NEXT, *, covers: str = "") -> None:
    """Publish a version that differs from the demo's by one section."""
    with built.installation.database.writing() as store:
        before = policies.one(store, NOW)
        assert before
        texts = {}
        for language in LANGUAGES:
            more = section("news", "Something new.", title="News", covers=covers)
            source = written((*before.texts[language].sections, more))
            texts[language] = published_text(language, source)
        one = replace(version(version_id), texts=texts)
        policies.publish(built.installation, store, one, staff_id=None, now=built.clock())


@BOTH
def test_reading_writes_nothing(built: Built, lang: Language) -> None:
    visitor = person_of(built, lang)
    for endpoint in ("policy", "policy_changes", "my_information", "account", "account_policy"):
        visitor.visit(endpoint)
    visitor.visit("policy_version", version_id=NOW)
    assert recorded(built) == {}
    assert WORDS[lang]["nothing"] in visitor.visit("account").text()
    assert WORDS[lang]["changed"] not in visitor.visit("my_information").text()


@BOTH
def test_what_changed_since_one_said_one_had_read_it_is_offered_once_and_compared(built: Built, lang: Language) -> None:
    visitor = person_of(built, lang)
    page = visitor.visit("account_policy")
    visitor.send("account_policy", page.form("/politique" if lang == "fr" else "/policy"))
    assert recorded(built) == {NOW: (True, True)}
    assert WORDS[lang]["in force"] in visitor.visit("account_policy").text()
    publish(built)
    for endpoint in ("my_information", "account"):
        page = visitor.visit(endpoint)
        assert page.text().count(WORDS[lang]["changed"]) == 1
    form = visitor.visit("my_information").form("/politique" if lang == "fr" else "/policy")
    assert form["act"] == "open"
    visitor.send("account_policy", form)
    assert recorded(built)[NEXT] == (True, False)
    compared = visitor.visit("account_policy")
    assert WORDS[lang]["why acknowledged"] in compared.text()
    assert compared.all("section", class_="change")
    assert "Something new." in compared.text()
    act(visitor, "acknowledge", NEXT)
    assert WORDS[lang]["changed"] not in visitor.visit("my_information").text()
    assert not visitor.visit("account_policy").all("section", class_="change")


@BOTH
def test_one_who_only_opened_a_version_is_shown_what_changed_since(built: Built, lang: Language) -> None:
    visitor = person_of(built, lang)
    act(visitor, "open")
    publish(built)
    assert WORDS[lang]["why opened"] in visitor.visit("account_policy").text()


def test_the_first_instant_stays_however_often_the_button_is_pressed(built: Built) -> None:
    visitor = person_of(built)
    act(visitor, "acknowledge")
    built.clock.advance(minutes=5)
    act(visitor, "acknowledge")
    act(visitor, "open")
    with built.installation.database.reading() as store:
        person = store.people.by_address(CAMILLE)
        assert person
        [kept] = store.policy_readings.kept(person.id)
    assert kept.opened_at == kept.acknowledged_at == NOON


@BOTH
def test_what_one_said_can_be_taken_back_and_said_again(built: Built, lang: Language) -> None:
    visitor = person_of(built, lang)
    act(visitor, "acknowledge")
    forms = [
        form
        for form in visitor.visit("account").all("form")
        if form.get("action", "").endswith(("/policy", "/politique"))
    ]
    assert len(forms) == 1
    act(visitor, "take_back")
    assert recorded(built) == {NOW: (True, False)}
    assert WORDS[lang]["button"] in visitor.visit("account_policy").text()
    built.clock.advance(minutes=1)
    act(visitor, "acknowledge")
    assert recorded(built) == {NOW: (True, True)}


@BOTH
@pytest.mark.parametrize("version_id", [FIRST, "2031-01-01", "", "../x", "é\x00"])
@pytest.mark.parametrize("what", ["open", "acknowledge"])
def test_a_version_that_is_not_in_force_is_not_recorded_and_the_present_one_shown(
    built: Built, lang: Language, what: str, version_id: str
) -> None:
    visitor = person_of(built, lang)
    page = act(visitor, what, version_id, status=409)
    assert WORDS[lang]["another"] in page.text()
    assert recorded(built) == {}


@pytest.mark.parametrize("what", ["", "accept", "OPEN"])
def test_an_unknown_act_is_refused_in_words(built: Built, what: str) -> None:
    page = act(person_of(built), what, status=422)
    assert "Use one of the buttons below." in page.text()
    assert recorded(built) == {}


def test_taking_back_what_was_never_said_changes_nothing(built: Built) -> None:
    act(person_of(built), "take_back", FIRST)
    assert recorded(built) == {}


def test_with_no_version_in_force_the_page_says_so(tmp_path: Path) -> None:
    built = an_installation(tmp_path, now=NOON - timedelta(days=800))
    visitor = person_of(built)
    assert "No privacy policy is in force today." in visitor.visit("account_policy").text()
    visitor.visit("account")
    visitor.visit("my_information")


def with_a_new_purpose(settings: Settings, *, column: bool) -> Settings:
    """Measuring the audience is new, and rests on consent; its column is one nobody has answered in."""
    data_map = settings.data_map
    news = data_map.purpose("news")
    assert news
    label = Text(fr="Mesurer l’audience", en="Measure the audience")
    new = Purpose(
        "audience", label, "consent", consent=replace(news.consent, given=7) if column and news.consent else None
    )
    return replace(settings, data_map=replace(data_map, purposes=(*data_map.purposes, new)))


@BOTH
@pytest.mark.parametrize("column", [True, False])
def test_a_new_purpose_on_consent_is_not_given_and_told_as_a_new_choice(
    tmp_path: Path, lang: Language, *, column: bool
) -> None:
    built = an_installation(tmp_path, change=lambda settings: with_a_new_purpose(settings, column=column))
    visitor = person_of(built, lang)
    act(visitor, "acknowledge")
    publish(built, covers="audience")
    overview = visitor.visit("my_information")
    assert WORDS[lang]["choice"] in overview.text()
    assert visitor.address("consent", purpose="audience") in overview.links().values()
    card = next(
        "".join(card.itertext())
        for card in visitor.visit("consents").all("section", class_="card")
        if WORDS[lang]["choice"].split("“" if lang == "en" else "«\u00a0")[1].rstrip("”»\u00a0")
        in "".join(card.itertext())
    )
    assert WORDS[lang]["not given"] in card.lower()
    act(visitor, "acknowledge", NEXT)
    assert WORDS[lang]["choice"] not in visitor.visit("my_information").text()


def test_a_purpose_that_the_known_version_spoke_of_is_no_new_choice(built: Built) -> None:
    visitor = person_of(built)
    publish(built)
    assert "new choice" not in visitor.visit("my_information").text()


def test_the_three_facts_are_in_the_copy_and_go_with_the_person(built: Built) -> None:
    visitor = person_of(built)
    act(visitor, "acknowledge")
    shown = visitor.visit("category", category="portal").text()
    assert "Version of June 15, 2026" in shown
    answer = visitor.client.post(visitor.address("download"), data=visitor.visit("download").form(), base_url=BASE)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as copy:
        row = copy.read("csv/portal-policies.csv").decode("utf-8-sig").splitlines()[-1]
    assert row.count("2026-11-23") == 2
    assert "2026-06-15" in row
    built.clock.advance(days=91)
    while purge(built.installation, 0, built.clock()):
        pass
    with built.installation.database.reading() as store:
        assert store.people.by_address(CAMILLE) is None


@BOTH
def test_a_person_who_refused_the_version_in_force_exercises_every_right_with_no_page_in_between(
    built: Built, lang: Language
) -> None:
    visitor = person_of(built, lang)
    act(visitor, "acknowledge")
    act(visitor, "take_back")
    publish(built, covers="account")
    answer = visitor.send("delete", visitor.visit("delete").form() | {"confirm": "yes"})
    followed = visitor.open(answer.location)  # type: ignore[union-attr]
    assert followed.status == 200
    reference = answer.location.rsplit("/", 1)[1]  # type: ignore[union-attr]
    back = visitor.send(
        "take_back", followed.form(reference + ("/retirer" if lang == "fr" else "/withdraw")), reference=reference
    )
    assert visitor.open(back.location).status == 200  # type: ignore[union-attr]
    copy = visitor.client.post(visitor.address("download"), data=visitor.visit("download").form(), base_url=BASE)
    assert (copy.status_code, copy.mimetype) == (200, "application/zip")
    consent = visitor.visit("consent", purpose="news").form("/news")
    assert not isinstance(visitor.send("consent", consent, purpose="news"), Page)
    with built.installation.database.reading() as store:
        person = store.people.by_address(CAMILLE)
        assert person
        states = {one.kind: one.state for one in store.requests.of_person(person.id)}
    assert states == {Kind.DELETION: State.WITHDRAWN, Kind.WITHDRAW: State.CLOSED}
    assert recorded(built) == {NOW: (True, False)}
