"""A plain correction, decided from the list in three clicks at most: each press of the pointer is counted by the browser."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from portal.domain.languages import Language
from portal.domain.rights import Decision, Kind, RequestEvent
from portal.wording.catalogue import for_language
from portal.wording.happenings import request_event_sentence
from portal.wording.labels import decision_label, kind_label_for_staff
from tests.browser.demo import WORK_WITHIN, Demo, running_demo
from tests.browser.driver import Window, chromium, window
from tests.browser.walk import OFFICER, path_of

pytestmark = pytest.mark.xdist_group("browser")

MOST_CLICKS = 3
COUNTED = """addEventListener("pointerdown", (event) => event.isTrusted && pressed(), true);
addEventListener("keydown", (event) => event.isTrusted && pressed(), true)"""
"""Every press of the pointer or of a key, whatever page it is on: nothing may be done beside the clicks that are counted."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_plain_correction_takes_three_clicks_from_the_list(language: Language) -> None:
    pressed: list[None] = []
    with running_demo() as demo, chromium() as browser, window(browser, demo) as at:
        at.be(OFFICER, language)
        at.page.expose_function("pressed", lambda: pressed.append(None))
        at.page.add_init_script(COUNTED)
        at.open(path_of("staff_requests", language))
        assert not pressed
        _decide_from_the_list(at, language)
        new = _wanted(at)
        _wait_until_corrected(at, demo, new, language)
    assert 0 < len(pressed) <= MOST_CLICKS, f"{len(pressed)} clicks"


def _decide_from_the_list(at: Window[Demo], language: Language) -> None:
    """Open the correction, grant it, say so: what the list and the page show is all that is touched."""
    kind = kind_label_for_staff(Kind.RECTIFICATION, language)
    row = at.page.get_by_role("main").get_by_role("row").filter(has_text=kind).first
    row.get_by_role("link").first.click()
    at.page.wait_for_url("**/R-*")
    granted = decision_label(Decision.GRANTED, language)
    at.page.get_by_role("radio", name=granted, exact=True).click()
    say = for_language(language).gettext
    at.page.get_by_role("button", name=say("Decide and tell the person"), exact=True).click()
    expect(at.page.get_by_role("main")).to_contain_text(request_event_sentence(RequestEvent.DECIDED, language))


def _wanted(at: Window[Demo]) -> str:
    """The value asked for, as the page of the request shows it."""
    return at.page.locator(".diff-value__side--after .diff-value__value").first.inner_text().strip()


def _wait_until_corrected(at: Window[Demo], demo: Demo, address: str, language: Language) -> None:
    """The worker writes the value into the service and closes the request, with nobody pressing anything more."""
    closed, until = request_event_sentence(RequestEvent.CLOSED, language), time.monotonic() + WORK_WITHIN
    while closed not in at.page.get_by_role("main").inner_text():
        assert time.monotonic() < until, "the request is not closed"
        time.sleep(0.3)
        at.page.reload()
    assert demo.account_of(address)
