"""Settings of an officer's week: words, days, logo and colour, each read where it counts; one is taken back."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.somebody import Somebody
from tests.browser.week import CLOSED, FILES, PURPOSE, READY, THANKS, Both, Week
from tests.browser.week.ways import SAVED, open_setting, write_both
from tests.pictures import SVG, png

PERIOD: Both = {"fr": "Trois ans après le départ.", "en": "Three years after leaving."}
REGISTER: Both = {
    "fr": "Tenir le registre des membres et les convoquer",
    "en": "Keep the register of members and call them",
}
PETROL = "rgb(11, 85, 99)"


def change_the_settings(week: Week, officer: Somebody) -> None:
    """A period, a purpose, a ready paragraph and a closed day: each is read where it counts."""
    open_setting(officer, FILES[officer.language])
    write_both(officer, "How long it is kept", PERIOD)
    officer.press("Save")
    officer.sees(SAVED)
    open_setting(officer, PURPOSE[officer.language])
    write_both(officer, "Name", REGISTER)
    officer.press("Save")
    officer.is_at_written(REGISTER[officer.language])
    open_setting(officer, officer.say("Ready paragraphs"))
    first = officer.part("Paragraph %(number)s", number=1)
    write_both(officer, "Name", READY, within=first)
    write_both(officer, "Text", THANKS, within=first)
    officer.press("Save")
    officer.sees(SAVED)
    open_setting(officer, officer.say("Days we are closed"))
    first = officer.part("Day %(number)s", number=1)
    officer.write("Day", (week.today + timedelta(days=40)).isoformat(), within=first)
    write_both(officer, "Name", CLOSED, within=first)
    officer.press("Save")
    officer.sees(SAVED)
    with week.visitor() as visitor:
        visitor.foot.get_by_role("link", name=visitor.say("Contact us"), exact=True).click()
        visitor.reads(CLOSED[visitor.language])


def dress_the_portal(week: Week, officer: Somebody) -> None:
    """A logo and a colour: what could harm is refused, what is chosen shows at once, and the colour is taken back."""
    open_setting(officer, officer.say("Logo and colour"))
    officer.attach("Logo", ("logo.svg", "image/svg+xml", SVG))
    officer.press("Save")
    officer.sees("An SVG file can hold a program, so it is not taken. Save the logo as PNG, then send it again.")
    officer.attach("Logo", ("logo.png", "image/png", png()))
    officer.press("Save")
    officer.sees(SAVED)
    expect(officer.page.locator(".wordmark__logo")).to_be_visible()
    save = officer.main.get_by_role("button", name=officer.say("Save"), exact=True)
    expect(save).not_to_have_css("background-color", PETROL)
    officer.write("Colour", "#0b5563")
    officer.press("Save")
    officer.page.mouse.move(0, 0)
    expect(save).to_have_css("background-color", PETROL)
    officer.main.get_by_role("button", name=officer.say("Go back to this")).first.click()
    officer.arrived()
    officer.sees(SAVED)
    officer.page.mouse.move(0, 0)
    expect(save).not_to_have_css("background-color", PETROL)
    expect(officer.page.locator(".wordmark__logo")).to_be_visible()
