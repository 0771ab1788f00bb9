"""Somebody at a browser of their own, who finds every thing as people do: by what it is and the words they see on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import FilePayload, Locator, Page, expect

from portal.domain.languages import Language
from portal.wording.catalogue import for_language
from tests.browser.driver import PATIENCE, Window
from tests.browser.founded import Founded

OnPage = Callable[[Window[Founded]], None]
File = tuple[str, str, bytes]
"""Its name, its kind and what is in it."""


@dataclass
class Somebody:
    """A reader of one language. Words are named in English, the source text, and sought as the page says them.

    `on_page` is called with each page they come to.
    """

    window: Window[Founded]
    language: Language
    on_page: OnPage

    @property
    def page(self) -> Page:
        """What they look at."""
        return self.window.page

    def say(self, message: str, **values: object) -> str:
        """A sentence of the program in their language."""
        return for_language(self.language).gettext(message, **values)

    def go(self, address: str) -> None:
        """Type an address, or press a link of a letter."""
        self.page.goto(address)
        self.arrived()

    def follow(self, message: str, **values: object) -> None:
        """Follow the one link with these words, in the page's main part."""
        self.follow_written(self.say(message, **values))

    def follow_written(self, words: str) -> None:
        """Follow the one link with the words that somebody wrote."""
        self.main.get_by_role("link", name=words, exact=True).click()
        self.arrived()

    def read_in(self, language: Language) -> None:
        """Have the same page in that language, by the link at its head."""
        if language != self.language:
            self.page.get_by_role("banner").get_by_role(
                "link", name="English" if language == "en" else "Français"
            ).click()
            self.language = language
            self.arrived()

    def menu(self, message: str) -> None:
        """Choose in the main menu."""
        self._in_menu(message).click()
        self.arrived()

    def lacks_in_menu(self, message: str) -> None:
        """The main menu is there, without this entry."""
        expect(self.page.get_by_role("navigation", name=self.say("Main menu"))).to_be_visible()
        expect(self._in_menu(message)).to_have_count(0)

    def press(self, message: str, *, within: Locator | None = None) -> None:
        """Press the one button with these words."""
        (within or self.main).get_by_role("button", name=self.say(message), exact=True).click()
        self.arrived()

    def write(self, label: str, text: str, *, within: Locator | None = None) -> None:
        """Write in the field with this label."""
        self.field(label, within=within).fill(text)

    def choose(self, label: str, option: str) -> None:
        """Choose by its words in the list with this label."""
        self.field(label).select_option(label=option)

    def tick(self, group: str, option: str) -> None:
        """Choose among the round or square boxes of a question."""
        boxes = self.main.get_by_role("group", name=self._label(group))
        round_ones = boxes.get_by_role("radio", name=option, exact=True)
        round_ones.or_(boxes.get_by_role("checkbox", name=option, exact=True)).check()

    def attach(self, label: str, file: File) -> None:
        """Choose a file."""
        name, kind, content = file
        self.field(label).set_input_files(FilePayload(name=name, mimeType=kind, buffer=content))

    def field(self, label: str, *, within: Locator | None = None) -> Locator:
        """The one field with this label, which may say that it is optional."""
        return (within or self.main).get_by_label(self._label(label))

    def part(self, group: str, **values: object) -> Locator:
        """A part of a form under a title of its own."""
        return self.main.get_by_role("group", name=self.say(group, **values), exact=True)

    def row(self, beginning: str) -> Locator:
        """The line of a table that has these words in its head."""
        return self.main.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=beginning))

    def is_at(self, message: str, **values: object) -> None:
        """The page is titled so."""
        self.is_at_written(self.say(message, **values))

    def is_at_written(self, title: str) -> None:
        """The page is titled with words that somebody wrote."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title, timeout=PATIENCE)

    def sees(self, message: str, **values: object) -> None:
        """The main part says so."""
        self.reads(self.say(message, **values))

    def reads(self, words: str, *, within: Locator | None = None) -> None:
        """The main part, or a piece of the page, holds these words."""
        expect(within or self.main).to_contain_text(words, timeout=PATIENCE)

    def does_not_read(self, words: str, *, within: Locator | None = None) -> None:
        """They are not there."""
        expect(within or self.main).not_to_contain_text(words, timeout=PATIENCE)

    @property
    def main(self) -> Locator:
        """The main part of the page."""
        return self.page.get_by_role("main")

    @property
    def foot(self) -> Locator:
        """The foot of the page."""
        return self.page.get_by_role("contentinfo")

    def _in_menu(self, message: str) -> Locator:
        menu = self.page.get_by_role("navigation", name=self.say("Main menu"))
        return menu.get_by_role("link", name=self.say(message), exact=True)

    def _label(self, label: str) -> re.Pattern[str]:
        words = self.say(label)
        either = (words, self.say("%(label)s (optional)", label=words))
        return re.compile(f"^(?:{'|'.join(map(re.escape, either))})$")

    def arrived(self) -> None:
        """They are at another page than before."""
        self.page.wait_for_load_state()
        self.on_page(self.window)
