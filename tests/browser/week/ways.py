"""Ways an officer takes often: to a request, to a page of administration, and words written in both languages."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.browser.somebody import Somebody
from tests.browser.week import Both

SAVED = "Saved. Pages, letters and the policy say so from now on."


def open_request(officer: Somebody, reference: str) -> None:
    """A request, from the list."""
    officer.menu("Requests to handle")
    officer.follow_written(reference)


def open_administration(officer: Somebody, page: str) -> None:
    """One of the pages of administration."""
    officer.menu("Administration")
    officer.follow(page)
    officer.is_at(page)


def open_setting(officer: Somebody, name: str) -> None:
    """A setting, by the name it has in the officer's language."""
    open_administration(officer, "Settings")
    officer.follow_written(name)


def write_both(reader: Somebody, label: str, words: Both, *, within: Locator | None = None) -> None:
    """Write the same thing in French and in English."""
    reader.write(f"{label}, in French", words["fr"], within=within)
    reader.write(f"{label}, in English", words["en"], within=within)
