"""What a word processor puts on the clipboard goes along with the pasted words, for as long as they are those pasted."""

from __future__ import annotations

import pytest

from tests.browser.demo import running_demo
from tests.browser.driver import chromium, window
from tests.browser.walk import OFFICER, path_of

pytestmark = pytest.mark.xdist_group("browser")

PASTE = """([selector, html]) => {
  const box = document.querySelector(selector);
  const data = new DataTransfer();
  data.setData("text/html", html);
  box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
  box.value = "Vos droits Accès.";
  box.dispatchEvent(new InputEvent("input", {inputType: "insertFromPaste", bubbles: true}));
}"""
HTML = "<html><head><style>p {color: red}</style></head><!--x--><h1>Vos droits</h1><p>Accès.</p></html>"


@pytest.mark.timeout(300)
def test_the_clipboards_headings_go_along_until_the_words_change() -> None:
    with running_demo() as demo, chromium() as browser, window(browser, demo) as at:
        at.be(OFFICER, "fr")
        at.open(path_of("staff_policy_paste", "fr"))
        page = at.page
        assert not page.locator("[data-pasted=fr_html]").is_visible()
        page.evaluate(PASTE, ["[name=fr]", HTML])
        page.locator("[data-pasted=fr_html]").wait_for(state="visible")
        assert page.input_value("#fr_html") == "<html><head></head><h1>Vos droits</h1><p>Accès.</p></html>"
        assert page.locator("[data-pasted=fr_html]").is_visible()
        page.locator("[name=fr]").press_sequentially("x")
        assert page.input_value("#fr_html") == ""
        assert not page.locator("[data-pasted=fr_html]").is_visible()
        page.fill("[name=fr]", "")
        page.evaluate(PASTE, ["[name=fr]", HTML])
        page.locator("[data-pasted=fr_html]").wait_for(state="visible")
        at.send(path_of("staff_policy_paste", "fr"))
        assert page.locator(".piece__title").all_inner_texts() == ["Vos droits"]
        assert not at.complaints
