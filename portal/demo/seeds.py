"""What a visitor of the demo finds: policies published, staff, and requests in every state, one late, one due tomorrow.

Everything goes through the portal's own services, at past dates: what is planted is what the program makes.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.demo.people import PEOPLE, STAFF
from portal.domain.asking import Capacity, ForWhom, OnBehalf
from portal.domain.checklist import LineState
from portal.domain.languages import Language
from portal.domain.messages import Need, day_to_suggest
from portal.domain.people import Person, StaffMember
from portal.domain.posting import PostalAddress
from portal.domain.rights import CorrectionAsked, Decision, Kind, Level, RightsRequest, Role
from portal.policies.folders import read_folder_whole
from portal.resources import demo_policies_folder
from portal.services import checklist, decisions, messages, paper, policies, rights
from portal.services.attachments import Uploaded
from portal.services.checklist import Answer
from portal.services.decisions import Verdict
from portal.services.identities import identities_of_person
from portal.services.information import row_token
from portal.services.installation import Installation
from portal.services.messages import Question, Written
from portal.services.paper import Entry
from portal.services.rights import Asked
from portal.services.work import handlers
from portal.storage.store import Store

OFFICER, AGENT = "officer@example.org", "agent@example.org"


def plant(portal: Installation, *, requests: bool) -> None:
    """Publish the policies and hire the staff, as often as asked; plant requests only in a new database."""
    now = portal.clock()
    with portal.database.writing() as store:
        for folder in sorted(demo_policies_folder().glob("*/*")):
            version, settings_text = read_folder_whole(folder)  # in force for months, whatever day it is today
            with suppress(policies.AlreadyPublished):  # a demo of an earlier release keeps the words it published
                policies.publish(portal, store, version, staff_id=None, now=now, settings_text=settings_text)
        for member in STAFF:
            if store.staff.by_address(member.email) is None:
                store.staff.add(member.email, Role(member.role), language=member.language, now=now)
    if requests:
        for act in sorted(_STORY, key=lambda act: -act.days_ago):
            act.play(portal, now)


@dataclass(frozen=True, slots=True)
class _Act:
    """One thing that happened some days ago."""

    days_ago: float
    happens: Callable[[Installation, Store], None]

    def play(self, portal: Installation, now: datetime) -> None:
        """Let it happen at its date, letters included."""
        then = now - timedelta(days=self.days_ago)
        at_its_date = replace(portal, clock=lambda: then)
        with portal.database.writing() as store:
            self.happens(at_its_date, store)
        portal.engine.run_until_idle(handlers(at_its_date), then)


def _person(portal: Installation, store: Store, name: str) -> tuple[Person, Language]:
    someone = next(person for person in PEOPLE if person.email.startswith(f"{name}@"))
    return store.people.ensure(someone.email, language=someone.language, now=portal.clock()), someone.language


def _staff(store: Store, address: str) -> StaffMember:
    member = store.staff.by_address(address)
    if member is None:
        raise LookupError(address)
    return member


def _asks(
    name: str, kind: Kind, words: str, *, correction: CorrectionAsked | None = None
) -> Callable[[Installation, Store], None]:
    def happens(portal: Installation, store: Store) -> None:
        person, language = _person(portal, store, name)
        asked = Asked(kind, language, Level.L2, words, correction=correction)
        rights.open_request(portal, store, person, asked, form_id=None, now=portal.clock())

    return happens


def _asks_for_a_child(portal: Installation, store: Store) -> None:
    """A parent asks for her child; nobody has checked her capacity yet."""
    person, language = _person(portal, store, "zoe.oconnor")
    child = OnBehalf(ForWhom.CHILD, Capacity.PARENT, "Maeve O’Connor, under my account")
    asked = Asked(Kind.ACCESS, language, Level.L2, "What do you hold about my daughter?", behalf=child)
    rights.open_request(portal, store, person, asked, form_id=None, now=portal.clock())


def _latest(portal: Installation, store: Store, name: str) -> RightsRequest:
    person, _ = _person(portal, store, name)
    return rights.of_person(store, person, limit=1)[0]


def _taken_up(name: str) -> Callable[[Installation, Store], None]:
    def happens(portal: Installation, store: Store) -> None:
        request = _latest(portal, store, name)
        decisions.take_up(portal, store, _staff(store, AGENT), request, seen_version=request.version)

    return happens


def _decided(name: str, decision: Decision, ground: str | None = None) -> Callable[[Installation, Store], None]:
    def happens(portal: Installation, store: Store) -> None:
        request = _latest(portal, store, name)
        ready = next((found for found in portal.grounds if found.code == ground), None)
        verdict = Verdict(
            decision,
            ready.reason.in_(request.language) if ready else "",
            ready.provision.in_(request.language) if ready else "",
        )
        decisions.decide(portal, store, _staff(store, OFFICER), request, verdict, seen_version=request.version)

    return happens


def _looked_up(name: str, system: str, answer: Answer) -> Callable[[Installation, Store], None]:
    """The keeper of a system answers by the link of their letter."""

    def happens(portal: Installation, store: Store) -> None:
        lines = checklist.lines_of(store, _latest(portal, store, name))
        line = next(line for line in lines if line.category == system)
        checklist.answer(portal, store, line, answer, member=None, now=portal.clock())

    return happens


_NOTHING = Answer(LineState.NOTHING, seen_version=1)
_PAPERS = Uploaded(
    "dossier papier.csv",
    "Date;Document;Montant\r\n2023-02-14;Contrat signé;\r\n2024-06-03;Preuve de paiement;118,40 $\r\n".encode(),
)
_FOUND = Answer(LineState.FOUND, seen_version=1, note="Deux documents, copiés du classeur.", files=(_PAPERS,))


def _taken_back(name: str) -> Callable[[Installation, Store], None]:
    def happens(portal: Installation, store: Store) -> None:
        rights.take_back(portal, store, _latest(portal, store, name), now=portal.clock())

    return happens


def _asked_for(name: str, question: str, why: str) -> Callable[[Installation, Store], None]:
    """The agent asks for what is missing, and takes the request up by it."""

    def happens(portal: Installation, store: Store) -> None:
        request, now = _latest(portal, store, name), portal.clock()
        by = day_to_suggest(request, today=portal.today(now))
        asked = Question(Need.PRECISION, question, why, by)
        messages.ask(portal, store, _staff(store, AGENT), request, asked, form_id=f"demo-asks-{name}", now=now)

    return happens


def _writes(name: str, words: str, *files: Uploaded) -> Callable[[Installation, Store], None]:
    def happens(portal: Installation, store: Store) -> None:
        person, language = _person(portal, store, name)
        messages.write_as_person(
            portal,
            store,
            person,
            _latest(portal, store, name),
            Written(words, files),
            language=language,
            form_id=f"demo-{name}",
            now=portal.clock(),
        )

    return happens


def _is_written_to(name: str, words: str) -> Callable[[Installation, Store], None]:
    def happens(portal: Installation, store: Store) -> None:
        request = _latest(portal, store, name)
        written = Written(words)
        member = _staff(store, AGENT)
        messages.write_as_staff(
            portal, store, member, request, written, form_id=f"demo-tells-{name}", now=portal.clock()
        )

    return happens


def _noted(name: str, words: str) -> Callable[[Installation, Store], None]:
    def happens(portal: Installation, store: Store) -> None:
        request = _latest(portal, store, name)
        messages.note(
            portal,
            store,
            _staff(store, AGENT),
            request,
            words,
            language="fr",
            form_id=f"demo-notes-{name}",
            now=portal.clock(),
        )

    return happens


_SCREEN = Uploaded("what I saw.csv", b"Date,Page,What it said\r\n2026-05-04,Account,Shared with a partner\r\n")

_NEW_EMAIL = "lea.nguyen.beaulieu@example.org"


def _asks_for_another_address(portal: Installation, store: Store) -> None:
    """A correction for staff to look at; it is due tomorrow."""
    person, language = _person(portal, store, "lea.nguyen")
    category, table = next(pair for pair in portal.data_map.tables() if str(pair[1].name) == "service.accounts")
    token = row_token(portal, table, identities_of_person(portal, store, person).keys_in(table.name.source)[0])
    correction = CorrectionAsked(category.id, str(table.name), (token,), "email", person.address or "", _NEW_EMAIL)
    asked = Asked(Kind.RECTIFICATION, language, Level.L2, "J’ai changé de nom.", correction=correction)
    rights.open_request(portal, store, person, asked, form_id=None, now=portal.clock())


def _comes_on_paper(portal: Installation, store: Store) -> None:
    """A letter from somebody without an e-mail address; its acknowledgement waits to be printed and posted."""
    now = portal.clock()
    asked = Entry(
        to=PostalAddress("Rose Lavigne", ("8, rang du Lac", "Saint-Elzéar (Québec)  G0S 2J0")),
        language="fr",
        kind=Kind.ACCESS,
        message="Je voudrais savoir ce que vous avez à mon nom depuis que j’ai fermé mon compte.",
        received_on=portal.today(now),
        identity_check="Signature comparée à celle du contrat, rappel au numéro que nous avions.",
    )
    paper.enter(portal, store, _staff(store, AGENT), asked, form_id="a-letter-on-paper", now=now)


_STORY = (
    _Act(35, _asks("zoe.oconnor", Kind.INFO, "Where does my information come from, and who has access to it?")),
    _Act(29, _asks_for_another_address),
    _Act(28, _taken_up("lea.nguyen")),
    _Act(29, _asks("marguerite.roy", Kind.PORTABILITY, "Je voudrais recevoir mes renseignements dans un fichier.")),
    _Act(28, _looked_up("marguerite.roy", "support", _NOTHING)),
    _Act(27, _looked_up("marguerite.roy", "paper", _FOUND)),
    _Act(26, _decided("marguerite.roy", Decision.GRANTED)),
    _Act(24, _asks("leila.haddad", Kind.ACCESS, "Please send me the support messages other people wrote about me.")),
    _Act(20, _looked_up("leila.haddad", "paper", _NOTHING)),
    _Act(19, _looked_up("leila.haddad", "support", Answer(LineState.ON_PAPER, seen_version=1))),
    _Act(15, _decided("leila.haddad", Decision.REFUSED, "QC40_third_party")),
    _Act(12, _asks("daniel.macleod", Kind.COMMENT, "Please add that I was never told about this charge.")),
    _Act(11, _taken_back("daniel.macleod")),
    _Act(9, _asks("soren.ostergard", Kind.INFO, "Who sees what I do with the service?")),
    _Act(
        8,
        _asked_for(
            "soren.ostergard",
            "Do you mean our own staff, or companies that work for us?",
            "To look in the right place: two teams keep two lists.",
        ),
    ),
    _Act(7, _writes("soren.ostergard", "Companies. My account page said this in May:", _SCREEN)),
    _Act(6.5, _is_written_to("soren.ostergard", "Thank you. We are asking the team that keeps that list.")),
    _Act(6.4, _noted("soren.ostergard", "Liste des fournisseurs demandée à l’équipe technique.")),
    _Act(6, _asks("jennifer.null", Kind.ACCESS, "Please send me everything, the signed contract too.")),
    _Act(4, _looked_up("jennifer.null", "support", _NOTHING)),
    _Act(4, _comes_on_paper),
    _Act(3, _asks_for_a_child),
    _Act(2, _asks("aicha.diallo", Kind.DELETION, "")),
    _Act(1, _asks("francois.lecuyer", Kind.COMPLAINT, "On m’a écrit deux fois après mon désabonnement.")),
    _Act(
        0.5,
        _asked_for(
            "francois.lecuyer",
            "Pouvez-vous nous donner la date de ces deux courriels, ou nous les joindre?",
            "Pour savoir lequel de nos systèmes les a envoyés.",
        ),
    ),
)
