"""The first day of an officer's week: everything that getting ready asks for."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from portal.wording.map_labels import basis_label
from tests.browser.founded import IN_CHARGE, OFFICER
from tests.browser.somebody import Somebody
from tests.browser.week import AGENT, BACKUP, CABINET, FILES, KEEPER, LIST, PURPOSE, SLOT, SUPPLIER, Both, Week
from tests.browser.week.ways import SAVED, write_both

TEXTS = ("Text in French", "Text in English")
MOST_SECTIONS_TO_COMPLETE = 9


def come_in(week: Week, officer: Somebody) -> None:
    """The one-time link, its button, and a list of which nothing is done."""
    officer.go(week.founded.link)
    officer.is_at("Open your staff session")
    officer.press("Sign in")
    officer.is_at("Getting ready")
    assert _left(officer) == 6
    with week.somebody() as stranger:
        stranger.go(week.founded.link)
        stranger.is_at("This link no longer works")


def say_how_to_reach(week: Week, officer: Somebody) -> None:
    """The person in charge, their backup, and an absence planned for later."""
    officer.follow("Say how to reach the person in charge")
    officer.write("Name", "Jo Tremblay")
    officer.write("Phone", "418 555-0142")
    officer.write("Postal address", "12, rue de l’Érable\nQuébec (Québec)  G1R 2B5")
    officer.write("First day away", (week.today + timedelta(days=20)).isoformat())
    officer.write("Last day away", (week.today + timedelta(days=30)).isoformat())
    officer.press("Save")
    officer.sees("Name a backup first: someone must read what is sent meanwhile.")
    officer.write("Backup’s e-mail address", BACKUP)
    officer.press("Save")
    officer.sees(SAVED)
    officer.reads("418 555-0142", within=officer.foot)
    officer.reads(IN_CHARGE, within=officer.foot)
    _back(officer, left=5)


def say_what_is_held(week: Week, officer: Somebody) -> None:
    """Two kinds of information that no table holds, what each serves, and who keeps it."""
    officer.follow("Say what you hold")
    _held(officer, FILES, CABINET, KEEPER)
    officer.write("Name of the purpose, in French", PURPOSE["fr"])
    officer.press("Save")
    officer.sees("Write it in both languages: one of them is empty.")
    officer.write("Name of the purpose, in English", PURPOSE["en"])
    officer.tick("Ground", basis_label("contract", officer.language))
    officer.press("Save")
    officer.is_at_written(FILES[officer.language])
    officer.menu("Getting ready")
    officer.follow("Say what you hold")
    _held(officer, LIST, SUPPLIER, OFFICER)
    officer.tick("Purposes", PURPOSE[officer.language])
    officer.press("Save")
    officer.is_at_written(LIST[officer.language])
    _back(officer, left=4)


def _held(officer: Somebody, name: Both, system: Both, keeper: str) -> None:
    write_both(officer, "Name", name)
    write_both(officer, "Where it is kept", system)
    officer.write("E-mail address of who keeps it", keeper)
    write_both(officer, "How long it is kept", {"fr": "Deux ans après le départ.", "en": "Two years after leaving."})


def invite_an_agent(week: Week, officer: Somebody, agent: Somebody) -> None:
    """A colleague is invited, and comes in with a link of their own."""
    officer.follow("Invite your colleagues")
    officer.write("E-mail address", AGENT)
    officer.tick("Role", officer.say("Agent"))
    officer.tick("Language of our letters to them", officer.say("French" if week.language == "fr" else "English"))
    officer.press("Invite")
    officer.reads(AGENT)
    agent.go(week.founded.link_to(AGENT))
    agent.press("Sign in")
    agent.is_at("Requests to handle")
    _back(officer, left=3)


def try_the_letters(week: Week, officer: Somebody) -> None:
    """A test letter really leaves."""
    officer.press("Send the letter")
    officer.sees("The mail server took the letter.")
    week.founded.letter_to(OFFICER)
    assert _left(officer) == 2


def try_a_request(week: Week, officer: Somebody) -> None:
    """A test request is made, looked at, and removed with all that it made."""
    officer.press("Make the request")
    officer.sees(
        "This is a test: it counts nowhere, and nobody waits for the answer. "
        "Do with it what you would do with any other."
    )
    officer.follow("Remove the test")
    officer.press("Remove the test")
    expect(officer.main.get_by_role("button", name=officer.say("Make another one"))).to_be_visible()
    assert _left(officer) == 1
    officer.menu("Requests to handle")
    officer.sees("No request here.")
    officer.menu("Getting ready")


def publish_the_policy(week: Week, officer: Somebody) -> None:
    """The draft: its places are filled in both languages, the whole is read, and it is in force."""
    officer.follow("Publish the privacy policy")
    officer.press("Begin with this text")
    completed = 0
    while officer.main.locator(".to-do a").count():
        officer.main.locator(".to-do a").first.click()
        officer.arrived()
        for label in TEXTS:
            text = officer.field(label)
            text.fill(SLOT.sub("Renseignements des membres", text.input_value()))
        officer.press("Save and see how it reads")
        officer.follow("Back to the policy")
        completed += 1
        assert completed <= MOST_SECTIONS_TO_COMPLETE, "a section stays to be completed"
    officer.sees("Nothing: the draft says all the law asks for, in both languages.")
    officer.follow("Read the whole draft")
    officer.is_at("The draft, as it will read")
    officer.reads("418 555-0142")
    officer.follow("Back to the policy")
    officer.main.get_by_role("link", name=officer.say("Publish the draft"), exact=True).first.click()
    officer.arrived()
    officer.is_at("Publish the draft")
    expect(officer.main.get_by_role("group", name=officer.say("Nature of the change"))).to_have_count(0)
    officer.press("Publish on this day")
    officer.sees("It is published, and in force: people read it from now on.")
    with week.visitor() as visitor:
        visitor.menu("Privacy policy")
        visitor.reads("418 555-0142")
        visitor.does_not_read("[")


def _left(officer: Somebody) -> int:
    return officer.main.get_by_text(officer.say("To do"), exact=True).count()


def _back(officer: Somebody, *, left: int) -> None:
    officer.menu("Getting ready")
    assert _left(officer) == left
