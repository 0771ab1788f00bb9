"""An invented request and its reader: what previews of letters are written with, so that none shows anybody's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.domain.answer_parts import Part
from portal.domain.clock import HOLD
from portal.domain.deadlines import due_dates, recourse_until
from portal.domain.holidays import HolidayCalendar
from portal.domain.languages import Language, Text
from portal.domain.letters import FACTS, ON_PAPER, DueRequest, LetterKind
from portal.domain.messages import Need
from portal.domain.regimes import RecourseBody, Regime
from portal.domain.remedies import Remedy
from portal.domain.rights import Decision, Kind, PauseReason, Role
from portal.mail.letters import Prose
from portal.wording.message_words import missing_in_letter, need_in_letter

REFERENCE = "R-2345-6789-ABCD"
READER = "jo.exemple@example.org"
"""Nobody's: the standards keep this domain for examples (RFC 2606)."""

_CODE = "483920"
FOLLOW_CODE = "K7Q2-M4XZ"
_MINUTES = 10
_DAYS_TO_A_CHANGE = 30
_ASKED_DAYS_AGO = 12
_ANSWER_IN = 10
_PAUSED_DAYS_AGO = 7


@dataclass(frozen=True, slots=True)
class Around:
    """What an invented letter borrows from the installation: its day, its address, its law, who examines a refusal."""

    now: datetime
    today: date
    regime: Regime
    body: RecourseBody
    holidays: HolidayCalendar
    link: str
    follow_page: str


_KINDS = {
    LetterKind.CORRECTION_DONE: Kind.RECTIFICATION,
    LetterKind.CONSENT_CHANGED: Kind.WITHDRAW,
    LetterKind.COMPLAINT_ANSWERED: Kind.COMPLAINT,
    LetterKind.DECISION_EXPLAINED: Kind.AUTOMATED,
    LetterKind.ERASURE_WAITING: Kind.DELETION,
    LetterKind.ERASURE_DONE: Kind.DELETION,
}


def sample_facts(kind: LetterKind, around: Around) -> Mapping[str, object]:
    """The invented facts of one kind of letter."""
    received, due = _days(around)
    every: Mapping[str, object] = {
        "reference": REFERENCE,
        "kind": _KINDS.get(kind, Kind.ACCESS),
        "received": received,
        "written": around.today,
        "due": due,
        "link": around.link,
        "follow_code": FOLLOW_CODE,
        "follow_page": around.follow_page,
        "code": _CODE,
        "minutes": _MINUTES,
        "remedies": _remedies(around, around.today),
        "complaints": _remedies(around, around.today),
        "body": around.body,
        "given": False,
        "more_time": True,
        "other_law_first": False,
        "paused_on": None
        if kind is LetterKind.REQUEST_FOR_INFORMATION
        else around.today - timedelta(days=_PAUSED_DAYS_AGO),
        "missing": missing_in_letter(PauseReason.IDENTITY),
        "moment": around.now,
        "purpose": Text(fr="Vous écrire au sujet de nos nouveautés", en="Write to you about what is new"),
        "wait_until": around.now + timedelta(days=3),
        "done_on": around.today,
        "kept": True,
        "spoken": False,
        "may_comment": False,
        "reviewed": True,
        "closed_on": around.today,
        "decision": Decision.GRANTED,
        "role": Role.AGENT,
        "needed": need_in_letter(Need.PRECISION),
        "answer_by": around.today + timedelta(days=_ANSWER_IN),
        "category": Text(fr="Dossiers papier", en="Paper files"),
        "system": Text(fr="Classeur, comptabilité", en="Filing cabinet, accounting"),
        "erasing": False,
        "effective": around.today + timedelta(days=_DAYS_TO_A_CHANGE),
        "changes_link": around.link,
        "left": (due - around.today).days,
        "silence": _remedies(around, due),
        "hold_until": around.today + HOLD,
        "unsubscribe": None,
        "mine": 2,
        "late": 1,
        "nobodys": 3,
        "requests": tuple(
            DueRequest(reference, around.today + timedelta(days=days))
            for reference, days in ((REFERENCE, -1), ("R-6789-ABCD-EFGH", 4))
        ),
        **_NOTICES,
    }
    return {name: every[name] for name in FACTS[kind]}


def sample_on_paper(kind: LetterKind, around: Around, language: Language) -> Mapping[str, object]:
    """The invented facts that a kind of letter states on paper alone."""
    every: Mapping[str, object] = {
        "silence": _remedies(around, _days(around)[1]),
        "answer": Prose(_ANSWER.in_(language)),
        "provision": around.regime.label.in_(language),
        "message": Prose(_MESSAGE.in_(language)),
        "why": Prose(_WHY.in_(language)),
        "transcript": None,
        **{f"said_{part}": Prose(_ANSWER.in_(language)) for part in Part},
    }
    return {name: every[name] for name in ON_PAPER[kind]}


def _days(around: Around) -> tuple[date, date]:
    """The day the invented request came in, and our last day to answer it."""
    received = around.today - timedelta(days=_ASKED_DAYS_AGO)
    return received, due_dates(around.regime, received, around.holidays).strict


def _remedies(around: Around, since: date) -> tuple[Remedy, ...]:
    """Its recourse, from the day it is refused or from the end of our time to answer."""
    regime, until = around.regime, recourse_until(around.regime, since)
    return (Remedy(regime.label, regime.recourse, around.body, until, regime.silence),)


_NOTICES: Mapping[str, Text] = {
    "summary": Text(
        fr="Nous précisons combien de temps chaque renseignement est conservé.",
        en="We say more exactly how long each piece of information is kept.",
    ),
    "party": Text(fr="Ateliers Boréal inc.", en="Ateliers Boréal inc."),
    "reach": Text(fr="vieprivee@boreal.example", en="privacy@boreal.example"),
    "transfer": Text(
        fr="Le 1er juin 2026, Ateliers Boréal inc. a acquis notre service et les comptes qui s’y trouvent.",
        en="On June 1, 2026, Ateliers Boréal inc. acquired our service and the accounts in it.",
    ),
    "information": Text(fr="Adresse courriel et nom.", en="E-mail address and name."),
    "circumstances": Text(
        fr="Un envoi a montré à chaque personne l’adresse des autres.",
        en="A mailing showed each person the addresses of the others.",
    ),
    "period": Text(fr="Le 3 juin 2026, vers 10 h.", en="On June 3, 2026, around 10 a.m."),
    "measures": Text(
        fr="Nous avons arrêté l’envoi et demandé à chaque personne de l’effacer.",
        en="We stopped the mailing and asked everybody to delete it.",
    ),
    "advice": Text(
        fr="Méfiez-vous des courriels inattendus qui prétendent venir de nous.",
        en="Beware of unexpected e-mails that claim to come from us.",
    ),
}

_ANSWER = Text(
    fr="Ici se trouve la réponse, telle que votre personnel l’a écrite pour cette demande.",
    en="Here stands the answer, as your staff wrote it for this request.",
)
_MESSAGE = Text(
    fr="Ici se trouve le message, tel que votre personnel l’a écrit.",
    en="Here stands the message, as your staff wrote it.",
)
_WHY = Text(fr="Pour trouver ce que vous cherchez.", en="To find what you are looking for.")
