"""Requests of an officer's week: one from the portal, one on paper, looked up by hand, decided, posted."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

from playwright.sync_api import expect

from portal.domain.asking import Channel
from portal.domain.checklist import LineState
from portal.domain.rights import Decision, Kind
from portal.wording.asking_labels import channel_label
from portal.wording.checklist_labels import line_answer_sentence, line_state_label
from portal.wording.dates import date_long
from portal.wording.labels import decision_label, kind_label, kind_label_for_staff
from tests.browser.somebody import Somebody
from tests.browser.week import AGENT, FILES, KEEPER, LIST, PERSON, READY, SUPPLIER, THANKS, Week
from tests.browser.week.ways import open_request
from tests.files import a_csv


def take_up_a_request(week: Week, agent: Somebody) -> str:
    """Somebody asks on the portal, with a code from a letter; the agent takes the request up. Gives its reference."""
    with week.visitor() as person:
        person.follow("See every way to exercise your rights")
        person.main.get_by_role("link", name=person.say("Write a request"), exact=True).first.click()
        person.main.locator("details:has([name=kind]) summary").click()
        person.tick("What do you ask?", kind_label(Kind.INFO, week.language))
        person.write("In your own words", "Bonjour.")
        person.write("E-mail address", PERSON)
        person.press("Continue")
        person.write("Code", _code(week.founded.letter_to(PERSON)))
        person.press("Continue")
        person.press("Send")
        reference = _reference(person)
    open_request(agent, reference)
    agent.press("Take up this request")
    agent.reads(AGENT)
    return reference


def enter_what_came_on_paper(week: Week, officer: Somebody) -> str:
    """A letter that arrived three days ago: the time to answer runs from that day. Gives the request's reference."""
    received = week.today - timedelta(days=3)
    officer.menu("Requests to handle")
    officer.follow("Enter a request received another way")
    officer.tick("How it came", channel_label(Channel.POST, week.language))
    officer.write("Received on", received.isoformat())
    officer.write("Name", "Rose Lavigne")
    officer.write("Postal address", "8, rang du Lac\nSaint-Elzéar (Québec)  G0S 2J0")
    officer.tick("Language of our letters", officer.say("French" if week.language == "fr" else "English"))
    officer.choose("What the person asks", kind_label_for_staff(Kind.ACCESS, week.language))
    officer.write("In the person’s words", "Je veux savoir ce que vous avez sur moi.")
    officer.write("How you checked who asks", "Rappel au numéro que nous avions déjà.")
    officer.press("Open the request")
    officer.reads(date_long(received, week.language))
    officer.reads(date_long(received + timedelta(days=30), week.language))
    return _reference(officer)


def post_the_acknowledgement(week: Week, officer: Somebody) -> None:
    """Its letter is seen as it prints, posted, and the day is written."""
    officer.menu("Requests to handle")
    officer.follow("Go to the letters to post")
    _post_the_only_letter(week, officer, "Rose Lavigne")


def look_everything_up(week: Week, officer: Somebody, reference: str) -> None:
    """The keeper answers once, by the link in their letter, with a file; the officer answers the other line: nothing."""
    with week.somebody(language="fr") as keeper:
        link = week.founded.link_to(KEEPER, saying=reference)
        keeper.go(link)
        keeper.does_not_read("Rose Lavigne")
        keeper.read_in(week.language)
        keeper.press("See whose information it is and answer")
        keeper.reads("Rose Lavigne")
        keeper.tick("What did you find?", line_answer_sentence(LineState.FOUND, keeper.language))
        keeper.attach("Files", ("dossier.csv", "text/csv", a_csv()))
        keeper.press("Send the answer")
        keeper.sees("Your answer is sent. Thank you: you can close this page.")
        keeper.reads("dossier.csv")
        with week.somebody() as another:
            another.go(link)
            another.does_not_read("Rose Lavigne")
    open_request(officer, reference)
    officer.sees(
        "No database holds this. Its keeper got a letter with a link to answer; you can answer too. "
        "The decision comes once each line is answered."
    )
    expect(officer.row(FILES[officer.language])).to_contain_text(line_state_label(LineState.FOUND, officer.language))
    officer.follow("Answer: %(system)s", system=SUPPLIER[officer.language])
    officer.tick("What did you find?", line_answer_sentence(LineState.NOTHING, officer.language))
    officer.press("Save this answer")
    expect(officer.row(LIST[officer.language])).to_contain_text(line_state_label(LineState.NOTHING, officer.language))


def decide(week: Week, officer: Somebody, reference: str) -> None:
    """The answer, with the ready paragraph, and its letter as it prints."""
    open_request(officer, reference)
    officer.tick("Decision", decision_label(Decision.GRANTED, officer.language))
    officer.write("Reason", "Voici tout ce que nous avons.")
    officer.choose("Ready paragraph", READY[officer.language])
    officer.press("Decide and tell the person")
    officer.reads(decision_label(Decision.GRANTED, officer.language))
    officer.menu("Requests to handle")
    officer.follow("Go to the letters to post")
    _post_the_only_letter(week, officer, THANKS[officer.language])


def _post_the_only_letter(week: Week, reader: Somebody, name: str) -> None:
    reader.is_at("Letters to print and post")
    reader.main.get_by_role("table").first.get_by_role("rowheader").get_by_role("link").click()
    reader.arrived()
    reader.follow("See it as it prints")
    reader.reads(name)
    reader.page.go_back()
    reader.write("Posted on", week.today.isoformat())
    reader.press("Write that it was posted")
    reader.sees("This letter is in the post.")


def _code(letter: str) -> str:
    [code] = re.findall(r"(?<!\d)[0-9]{6}(?!\d)", letter)
    return code


def _reference(reader: Somebody) -> str:
    reader.page.wait_for_url("**/R-*")
    return urlsplit(reader.page.url).path.rsplit("/", 1)[1]
