"""People of an officer's week: an agent who leaves, an absence, and somebody else in charge."""

from __future__ import annotations

import time
from datetime import timedelta

from playwright.sync_api import Locator

from portal.domain.languages import twin_of
from portal.domain.rights import Role
from portal.wording.labels import role_label
from tests.browser.founded import IN_CHARGE, OFFICER
from tests.browser.somebody import Somebody
from tests.browser.week import AGENT, BACKUP, NEXT_IN_CHARGE, TITLE, Week
from tests.browser.week.ways import SAVED, open_administration, open_request, open_setting, write_both


def part_with_the_agent(week: Week, officer: Somebody, agent: Somebody, reference: str) -> None:
    """The agent's request is handed over and their access removed, in one form: they are out at their next page."""
    open_administration(officer, "Colleagues")
    officer.follow_written(AGENT)
    officer.reads(reference)
    officer.choose("Who takes over the open requests", f"{OFFICER}, {role_label(Role.OFFICER, officer.language)}")
    officer.press("Hand over and remove access")
    officer.sees("Give access back")
    open_request(officer, reference)
    officer.reads(OFFICER)
    officer.lacks_in_menu("Getting ready")
    agent.page.reload()
    agent.arrived()
    agent.lacks_in_menu("Requests to handle")


def be_away(week: Week, officer: Somebody) -> None:
    """From today somebody else reads: every page says so, and says it no more once the absence is taken back."""
    open_setting(officer, officer.say("Person in charge"))
    officer.write("First day away", week.today.isoformat())
    officer.write("Last day away", (week.today + timedelta(days=7)).isoformat())
    officer.press("Save")
    officer.sees(SAVED)
    officer.reads(BACKUP, within=officer.foot)
    officer.does_not_read(IN_CHARGE, within=officer.foot)
    with week.visitor() as visitor:
        visitor.reads(BACKUP, within=visitor.foot)
        visitor.foot.get_by_role("link", name=visitor.say("Contact us"), exact=True).click()
        visitor.reads(BACKUP)
        visitor.does_not_read(IN_CHARGE)
    officer.write("First day away", "")
    officer.write("Last day away", "")
    officer.press("Save")
    officer.reads(IN_CHARGE, within=officer.foot)
    officer.does_not_read(BACKUP, within=officer.foot)


def hand_the_charge_over(week: Week, officer: Somebody) -> None:
    """Somebody else is in charge, by a written delegation: the foot of every page and the policy say so the same minute."""
    with week.visitor() as visitor:
        visitor.reads("Jo Tremblay", within=visitor.foot)
    write_both(officer, "Title", TITLE)
    officer.write("Name", "Dominique Côté")
    officer.write("E-mail address", NEXT_IN_CHARGE)
    officer.write("Date of the written delegation", week.today.isoformat())
    officer.write("Where the delegation is kept", "Résolution 2026-11")
    officer.press("Save")
    saved = time.monotonic()
    officer.sees(SAVED)
    _says_who_is_in_charge(officer)
    with week.visitor() as visitor:
        _says_who_is_in_charge(visitor)
        for path in _links(visitor.foot):
            visitor.go(week.founded.url + path)
            _says_who_is_in_charge(visitor)
        visitor.read_in(twin_of(week.language))
        visitor.reads(TITLE[visitor.language], within=visitor.foot)
    assert time.monotonic() - saved < 60
    for place in ("Requests to handle", "Letters", "Audit log", "Administration"):
        officer.menu(place)
        _says_who_is_in_charge(officer)


def _says_who_is_in_charge(reader: Somebody) -> None:
    reader.reads(TITLE[reader.language], within=reader.foot)
    reader.reads("Dominique Côté", within=reader.foot)
    reader.reads(NEXT_IN_CHARGE, within=reader.foot)


def _links(foot: Locator) -> list[str]:
    links = [link.get_attribute("href") or "" for link in foot.get_by_role("link").all()]
    return [link for link in links if link.startswith("/") and not link.startswith("/.well-known")]
