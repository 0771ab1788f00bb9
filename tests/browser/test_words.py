"""On the narrowest screen no word is cut in the middle, and a reference stays on one line."""

from __future__ import annotations

import pytest

from portal.domain.languages import Language
from tests.browser.broken_words import broken_words
from tests.browser.demo import Demo, running_demo
from tests.browser.driver import NARROW, Window, chromium, window
from tests.browser.walk import OFFICER, path_of

pytestmark = pytest.mark.xdist_group("browser")

WIDEST = "R-WMWM-WMWM-WMWM"
"""As wide as a reference can be."""

LONGEST = """(reference) => {
  document.querySelector(".wordmark__organisation").textContent = "Coopérative de l’Éveil";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    node.data = node.data.replace(/R(-[0-9A-Z]{4}){3}/g, reference).replace(/^(officer|agent)@$/, "coopdeserables.officer@");
  }
}"""


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_word_is_cut_and_no_reference_is_parted(language: Language) -> None:
    with running_demo() as demo, chromium() as browser, window(browser, demo, width=NARROW) as at:
        at.open(path_of("home", language))
        assert _faults(at) == []
        at.be(OFFICER, language)
        for endpoint in ("staff_requests", "staff_letters_to_post"):
            at.open(path_of(endpoint, language))
            request = at.page.locator("main a[href*='/R-']").first.get_attribute("href") or ""
            assert _faults(at) == []
        at.open(request)
        assert at.page.locator(".timeline__who").count(), "somebody of the staff acted"
        assert _faults(at) == []


def _faults(at: Window[Demo]) -> list[str]:
    at.page.evaluate(LONGEST, WIDEST)
    return [*broken_words(at.page), *(["too wide"] if at.overflow() > 0 else [])]
