"""An officer's week in Chromium, in each language, on a new installation: no terminal after the one-time link."""

from __future__ import annotations

import pytest

from portal.domain.languages import Language
from tests.browser.accessible import faults_of
from tests.browser.driver import Window, chromium
from tests.browser.founded import Founded, founded
from tests.browser.week import Week
from tests.browser.week.whole import live_through

pytestmark = pytest.mark.xdist_group("browser")

COMPONENTS = """() => [...new Set([...document.querySelectorAll("main [class], main [aria-invalid]")].map(
  it => it.className + it.getAttribute("aria-invalid")))].sort().join()"""
"""What a page is made of: one that differs only in its words is not looked at twice."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_browser_is_all_an_officer_needs(language: Language) -> None:
    faults: list[str] = []
    seen: set[tuple[str, str]] = set()

    def look(at: Window[Founded]) -> None:
        made_of = (at.page.title(), str(at.page.evaluate(COMPONENTS)))
        if made_of not in seen:
            seen.add(made_of)
            faults.extend(f"{at.page.url}: {fault}" for fault in faults_of(at.page))

    with founded(language) as new, chromium() as browser:
        live_through(Week(new, browser, language, look))
    assert not faults, "\n".join(faults)
    assert len(seen) > 40
