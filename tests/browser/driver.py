"""Chromium, driven: opened bare on a site, watched for what it asks of others, and led through the demo's doors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.services import chromium_path

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000
"""Milliseconds a page may take on a machine that does much else."""

NARROW, WIDE = 320, 1280
Width = int

STORED = """async () => [
  localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length,
  (await navigator.serviceWorker.getRegistrations()).length, document.cookie]"""
"""Everything a page can leave in a browser beside its own HttpOnly cookie."""


class Site(Protocol):
    """What a window is opened on."""

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""


Opened = TypeVar("Opened", bound=Site)


@dataclass
class Window(Generic[Opened]):
    """One browser window on a site, and what it was seen to do that it must not."""

    site: Opened
    page: Page
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Watch every request and every complaint of the browser."""
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._said)

    def open(self, path: str) -> None:
        """Go to an address of the site."""
        self.page.goto(self.site.url + path)

    def be(self, address: str, language: str) -> None:
        """Be somebody through the demo's page, by the button a visitor presses."""
        self.open(f"/demo?lang={language}")
        self.page.locator(f"form:has(input[name=email][value='{address}']) button").click()
        self.page.wait_for_url(f"{self.site.url}/{language}/**")

    def follow(self, href: str) -> None:
        """Follow the first link of the page's main part with that address."""
        self.page.locator(f"main a[href='{href}']").first.click()

    def send(self, action_ends: str) -> None:
        """Press the button of the form that goes there, and wait for the page that answers."""
        with self.page.expect_navigation():
            self.page.locator(f"main form[action$='{action_ends}'] button").first.click()

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def left_behind(self) -> list[object]:
        """What the page left in the browser's stores."""
        return [thing for thing in self.page.evaluate(STORED) if thing]

    def _said(self, said: ConsoleMessage) -> None:
        """Keep an error, but for the line that Chromium writes when the page itself is one of our refusals."""
        of_the_page = said.location["url"] == self.page.url and said.text.startswith("Failed to load resource")
        if said.type == "error" and not of_the_page:
            self.complaints.append(said.text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.site.url + "/", "data:", "blob:")):
            self.strangers.append(url)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser itself."""
    path = str(chromium_path())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def window(browser: Browser, site: Opened, *, javascript: bool = True, width: Width = WIDE) -> Iterator[Window[Opened]]:
    """A window without a past."""
    context: BrowserContext = browser.new_context(
        java_script_enabled=javascript, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield Window(site, context.new_page())
    finally:
        context.close()
