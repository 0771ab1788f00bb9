"""An officer's week in the browser, without a terminal: from the one-time link to the day somebody else is in charge.

Every step is taken by the words people see. What a step finds is checked where a person would look for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser

from portal.domain.languages import Language
from tests.browser.driver import WIDE, Width, window
from tests.browser.founded import Founded
from tests.browser.somebody import OnPage, Somebody

AGENT, BACKUP, KEEPER, PERSON, NEXT_IN_CHARGE = (
    "alix.roy@example.org",
    "releve@example.org",
    "archives@example.org",
    "camille.tremblay@example.org",
    "dominique.cote@example.org",
)
AT_MOST_SO_OLD = 1_000
"""Milliseconds for which the portal gives a reading page without looking whether something changed (portal.web.cache)."""

SLOT = re.compile(r"\[(?:À compléter par l’organisation|To be completed by the organization)[^\]]*\]")

Both = dict[Language, str]
FILES: Both = {"fr": "Dossiers des membres", "en": "Member files"}
CABINET: Both = {"fr": "Classeur du bureau", "en": "Office filing cabinet"}
LIST: Both = {"fr": "Liste d’envoi", "en": "Mailing list"}
SUPPLIER: Both = {"fr": "Système du fournisseur d’envois", "en": "Mailing supplier’s system"}
PURPOSE: Both = {"fr": "Tenir le registre des membres", "en": "Keep the register of members"}
TITLE: Both = {"fr": "Présidence, responsable de la protection", "en": "Chair, in charge of protection"}
READY: Both = {"fr": "Bonne collaboration", "en": "Good cooperation"}
THANKS: Both = {"fr": "Merci de votre patience.", "en": "Thank you for your patience."}
CLOSED: Both = {"fr": "Journée d’inventaire", "en": "Stocktaking day"}


@dataclass
class Week:
    """The installation, who speaks which language, and the officer at their browser."""

    founded: Founded
    browser: Browser
    language: Language
    on_page: OnPage
    width: Width = WIDE
    today: date = field(default_factory=lambda: datetime.now(ZoneInfo("America/Toronto")).date())

    @contextmanager
    def somebody(self, *, language: Language | None = None) -> Iterator[Somebody]:
        """Somebody new, at a browser of their own."""
        with window(self.browser, self.founded, width=self.width) as at:
            yield Somebody(at, language or self.language, self.on_page)
            assert at.strangers == []
            assert at.complaints == []

    @contextmanager
    def visitor(self) -> Iterator[Somebody]:
        """Somebody who has just opened the portal's home page, in a browser that keeps no page from before."""
        with self.somebody() as visitor:
            visitor.page.wait_for_timeout(AT_MOST_SO_OLD)
            visitor.go(f"{self.founded.url}/{self.language}/")
            yield visitor
