"""The readable page of a copy, opened from a disk with no network: whole alone, free of faults, at both widths."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from portal.domain.languages import LANGUAGES, Language
from tests.browser.accessible import faults_of
from tests.browser.driver import NARROW, WIDE, chromium
from tests.copies.snapshots import of_a_person

pytestmark = pytest.mark.xdist_group("browser")

SEEN = """() => ({
  wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  rules: [...document.styleSheets].reduce((sum, sheet) => sum + sheet.cssRules.length, 0),
  lost: [...document.querySelectorAll("a[href^='#']")].filter((a) => !document.querySelector(a.getAttribute("href"))).length,
  elsewhere: document.querySelectorAll("script, img, iframe, link[href], [src]").length,
})"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_reads_alone_and_offline_without_a_fault(language: Language, tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_bytes(of_a_person(tmp_path / "portal", language)["index.html"])
    with chromium() as browser:
        for width in (NARROW, WIDE):
            for scheme in ("light", "dark"):
                _read(browser, page, width, scheme, language)


def _read(browser: Browser, file: Path, width: int, scheme: str, language: Language) -> None:
    context = browser.new_context(
        offline=True,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]  # one of the two
    )
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())
    assert faults_of(page) == []
    seen = page.evaluate(SEEN)
    assert seen == {"wider": 0, "rules": seen["rules"], "lost": 0, "elsewhere": 0}
    assert seen["rules"] > 20
    assert (asked, said) == ([file.as_uri()], [])
    for words in {"fr": ("Mes renseignements", "exclut cette partie"), "en": ("My information", "leaves this out")}[
        language
    ]:
        assert words in page.inner_text("body")
    context.close()
