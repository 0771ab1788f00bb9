"""A letter on paper, as Chromium prints it: the address lies in the window of an envelope, and nothing else does."""

from __future__ import annotations

import pytest

from portal.domain.languages import Language
from tests.browser.demo import running_demo
from tests.browser.driver import chromium, window
from tests.browser.walk import OFFICER, path_of

pytestmark = pytest.mark.xdist_group("browser")

INCH = 96
SIDE, TOP = 0.875, 0.5
"""The margins of the sheet, as static/paper.css sets them."""

BOXES = """() => {
  const box = (name) => { const r = document.querySelector(name).getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom] };
  return { from: box(".sheet__from"), to: box(".sheet__to span"), date: box(".sheet__date") };
}"""
LONGEST = """() => { document.querySelector(".sheet__to span").innerHTML = Array(6).fill("12345, chemin de la Longue-Montée-Saint-Jean").join("<br>") }"""


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_address_shows_in_the_window_and_nothing_else_does(language: Language) -> None:
    with running_demo() as demo, chromium() as browser, window(browser, demo) as at:
        at.be(OFFICER, language)
        at.open(path_of("staff_letter_sample", language, kind="outcome_refused"))
        at.page.emulate_media(media="print")
        at.page.set_viewport_size({"width": round((8.5 - 2 * SIDE) * INCH), "height": 950})
        _check(at.page.evaluate(BOXES), lines=3)
        at.page.evaluate(LONGEST)
        _check(at.page.evaluate(BOXES), lines=6)
        pdf = at.page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") == 1, "a refusal with a short answer fits one sheet"
    assert b"/MediaBox [0 0 612 792]" in pdf


def _check(boxes: dict[str, list[float]], *, lines: int) -> None:
    inches = {
        name: [left / INCH + SIDE, top / INCH + TOP, right / INCH + SIDE, bottom / INCH + TOP]
        for name, (left, top, right, bottom) in boxes.items()
    }
    left, top, right, bottom = inches["to"]
    assert left >= 0.87
    assert right <= 5.38
    assert top >= 2.04
    assert bottom <= 3.16
    assert lines > 3 or top >= 2.5, "three lines show wherever the sheet slid to"
    assert inches["from"][3] <= 2.04
    assert inches["date"][1] >= 3.63
