"""Letters and their facts for the tests of mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

from portal.config.law import shipped_law
from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.letters import FACTS, DueRequest, LetterKind
from portal.domain.remedies import Remedy
from portal.domain.rights import Decision, Kind, Role
from portal.mail.letters import Envelope, Letter, Letterhead, compose

NOW = datetime(2025, 8, 2, 14, 30, tzinfo=UTC)
REFERENCE = "R-7F3K-9QXM-2T4W"
LINK = f"https://privacy.example.org/en/requests/{REFERENCE}"

HEAD = Letterhead(
    organisation=Text(fr="Société d’essai", en="Example Society"),
    sender="privacy@example.org",
    site="https://privacy.example.org",
    zone=ZoneInfo("America/Toronto"),
    contact_title=Text(fr="Responsable de la protection", en="Person in charge"),
    contact_email="contact@example.org",
    contact_phone="514 873-4196",
    contact_address="1, rue de l’Essai\nMontréal (Québec)  H3A 2V4",
)


def remedies(*keys: str, until: date | None) -> tuple[Remedy, ...]:
    """The recourses of the regimes named, Québec's unless others are; a law that sets no last day has none."""
    law = shipped_law()
    regimes = [law.regimes[key] for key in keys or ("qc_p391",)]
    return tuple(
        Remedy(one.label, one.recourse, law.body_of(one), until if one.recourse.within else None, one.silence)
        for one in regimes
    )


ALL_FACTS: Mapping[str, object] = {
    "reference": REFERENCE,
    "kind": Kind.DELETION,
    "received": date(2025, 8, 1),
    "written": date(2025, 8, 2),
    "due": date(2025, 8, 31),
    "link": LINK,
    "follow_code": "K7Q2-M4XZ",
    "follow_page": "https://vieprivee.example.org/fr/suivi",
    "spoken": False,
    "may_comment": True,
    "reviewed": True,
    "code": "482913",
    "minutes": 10,
    "remedies": remedies(until=date(2025, 9, 30)),
    "complaints": remedies(until=date(2025, 9, 30)),
    "body": shipped_law().bodies["cai"],
    "silence": remedies(until=date(2025, 9, 12)),
    "given": False,
    "more_time": True,
    "other_law_first": False,
    "paused_on": date(2025, 8, 2),
    "missing": Text(fr="Il manque une preuve.", en="A proof is missing."),
    "moment": NOW,
    "purpose": Text(fr="Améliorer le service", en="Improve the service"),
    "wait_until": datetime(2025, 8, 5, 13, 0, tzinfo=UTC),
    "done_on": date(2025, 8, 6),
    "kept": True,
    "closed_on": date(2025, 8, 6),
    "decision": Decision.GRANTED,
    "role": Role.AGENT,
    "category": Text(fr="Dossiers papier", en="Paper files"),
    "system": Text(fr="Classeur, comptabilité", en="Filing cabinet, accounting"),
    "erasing": False,
    "left": 5,
    "hold_until": date(2025, 12, 11),
    "needed": Text(fr="Il nous faut une précision.", en="We need to know more exactly."),
    "answer_by": date(2025, 8, 12),
    "effective": date(2025, 9, 1),
    "summary": Text(fr="Une durée est précisée.", en="One period is made plain."),
    "changes_link": "https://privacy.example.org/en/policy/changes",
    "unsubscribe": None,
    "mine": 2,
    "late": 1,
    "nobodys": 3,
    "requests": (DueRequest(REFERENCE, date(2025, 8, 1)), DueRequest("R-6789-ABCD-EFGH", date(2025, 8, 9))),
    "party": Text(fr="Boréal inc.", en="Boréal inc."),
    "reach": Text(fr="514 555-0100", en="514 555-0100"),
    "transfer": Text(fr="Le service a été acquis en juin.", en="The service was acquired in June."),
    "information": Text(fr="Nom et courriel.", en="Name and e-mail."),
    "circumstances": Text(fr="Un envoi à la mauvaise liste.", en="A mailing to the wrong list."),
    "period": Text(fr="Le 3 juin.", en="June 3."),
    "measures": Text(fr="L’envoi a été arrêté.", en="The mailing was stopped."),
    "advice": Text(fr="Méfiez-vous des courriels inattendus.", en="Beware of unexpected e-mails."),
}


def facts_of(kind: LetterKind, **changes: object) -> dict[str, object]:
    """The facts a letter of that kind states, some of them changed."""
    facts = {name: ALL_FACTS[name] for name in FACTS[kind]}
    if kind is LetterKind.REQUEST_FOR_INFORMATION:
        facts["paused_on"] = None
    return facts | changes


def letter_of(
    kind: LetterKind, language: Language = "en", *, head: Letterhead = HEAD, own: Text | None = None, **changes: object
) -> Letter:
    """A letter of that kind to one reader, with some facts changed."""
    envelope = Envelope(to="camille@example.net", language=language, message_id="<token-1@example.org>")
    return compose(kind, facts_of(kind, **changes), envelope, head, own)


def a_letter(**changes: Any) -> Letter:
    """An acknowledgement, with some of its parts changed."""
    return replace(letter_of(LetterKind.ACKNOWLEDGEMENT), **changes)


ALL = [(kind, language) for kind in LetterKind for language in LANGUAGES]
"""Each letter in each language."""

REFUSALS = [LetterKind.OUTCOME_REFUSED, LetterKind.OUTCOME_PARTIALLY_GRANTED]


class _Lines(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def handle_data(self, data: str) -> None:
        self.read += [line.strip() for line in data.splitlines()]


def lines_read(page: str) -> list[str]:
    """The lines of text a reader of the page sees."""
    parser = _Lines()
    parser.feed(page)
    return parser.read
