"""Every page of the route list in Chromium, both languages: accessible, narrow enough, alone, leaving nothing behind."""

from __future__ import annotations

import pytest

from portal.domain.languages import Language
from tests.browser.accessible import faults_of
from tests.browser.demo import running_demo
from tests.browser.driver import NARROW, chromium
from tests.browser.walk import OF_THE_DEMO, Stop, readable, walk

pytestmark = pytest.mark.xdist_group("browser")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_passes_axe_at_both_widths_and_asks_nothing_of_strangers(language: Language) -> None:
    faults: list[str] = []
    seen: set[str] = set()
    with running_demo() as demo, chromium() as browser:
        for stop in walk(browser, demo, language):
            seen.add(stop.name)
            faults += _faults(stop)
    assert not faults, "\n".join(faults)
    assert seen >= readable() | set(OF_THE_DEMO)


def _faults(stop: Stop) -> list[str]:
    page = stop.window.page
    found = faults_of(page)
    size = page.viewport_size
    page.set_viewport_size({"width": NARROW, "height": 800})
    if stop.window.overflow() > 0:
        found.append(f"scrolls sideways at {NARROW} px by {stop.window.overflow()}")
    found += [f"at {NARROW} px, {fault}" for fault in faults_of(page)]
    if size:
        page.set_viewport_size(size)
    found += [f"asks {url}" for url in stop.window.strangers]
    found += [f"leaves {thing!r} in the browser" for thing in stop.window.left_behind()]
    return [f"{stop.name} ({stop.language}) {page.url}: {fault}" for fault in found]
