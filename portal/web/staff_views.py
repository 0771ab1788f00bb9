"""What staff read of a request beside its state: who asks and how that is known, and the letters about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from portal.domain.letters import OF_MESSAGES, LetterKind
from portal.domain.outbox import LetterState
from portal.domain.people import Person
from portal.domain.rights import BEFORE_DECISION, Level, RightsRequest, Role
from portal.services.behalf import is_to_check
from portal.services.desk import OnDesk
from portal.services.identities import addresses_of
from portal.services.paper import identity_is_to_check, never_checked
from portal.services.posting import Owed, days_posted, kept_back, owed
from portal.web.access import now, portal, store, viewer
from portal.web.languages import page_language, url
from portal.web.letter_lines import LetterLine, letter_line
from portal.web.pages import effective, isolated, words
from portal.wording.catalogue import for_language
from portal.wording.dates import date_long


def identity_short(found: RightsRequest) -> str:
    """How far it is known who asks, in a word or two for the queue."""
    if found.is_test:
        return words("Not needed")
    if is_to_check(found):
        return words("Capacity to check")
    return {
        Level.L1: words("To check"),
        Level.L2: words("Address we hold"),
        Level.L3: words("Checked by staff"),
    }[found.level]


def letter_lines(seen: OnDesk) -> list[LetterLine]:
    """The letters about a request; those on paper open for whoever may see the person."""
    letters = seen.followed.letters
    by_e_mail = seen.person is not None and seen.person.by_post is None
    days = {} if by_e_mail else days_posted(store(), letters)  # nothing is posted to who has an e-mail address
    return [letter_line(letter, days, opens=seen.person is not None) for letter in letters]


@dataclass(frozen=True, slots=True)
class NotLeft:
    """That the person does not have a letter yet, and the page where something is done about it, if the viewer has one."""

    sentence: str
    link: str
    href: str | None


def not_left(seen: OnDesk) -> list[NotLeft]:
    """What the head of the page says of letters the person does not have; nothing to who may not post."""
    if seen.person is None:
        return []
    found = [_to_post(one) for one in owed(portal(), store(), seen.followed.request, seen.followed.letters)]
    waiting = kept_back(portal(), seen.followed.letters)
    if any(one.kind in OF_MESSAGES and one.state is LetterState.REFUSED for one in seen.followed.letters):
        found.append(_not_told(seen.followed.request))
    return [*found, _kept_back(waiting)] if waiting else found


def _not_told(request: RightsRequest) -> NotLeft:
    """That a person does not know of a message: its letter was refused, and a message nobody reads answers nothing."""
    sentence = words("The mail server refused the letter that tells of a message: the person may not know of it.")
    return NotLeft(sentence, words("Read the messages"), url("staff_messages", reference=request.reference))


def _to_post(one: Owed) -> NotLeft:
    """What is to be printed and posted, by when."""
    if one.letter.kind in OF_MESSAGES:
        sentence = words("A message to the person waits on paper: print the letter and post it today.")
        return NotLeft(sentence, words("Open the letter"), url("staff_letter", letter_id=one.letter.id))
    first = one.letter.kind is LetterKind.ACKNOWLEDGEMENT
    sentence = _first_letter(one.by) if first else _answer(one.by)
    return NotLeft(sentence, words("Open the letter"), url("staff_letter", letter_id=one.letter.id))


def _first_letter(by: date) -> str:
    if by <= portal().today(now()):
        return words("The person has received nothing yet: print the acknowledgement and post it today.")
    return words(
        "The person has received nothing yet: print the acknowledgement and post it by %(day)s.",
        day=date_long(by, page_language()),
    )


def _answer(by: date) -> str:
    if by <= portal().today(now()):
        return words("The person does not have the answer yet: print the letter and post it today.")
    return words(
        "The person does not have the answer yet: print the letter and post it by %(day)s.",
        day=date_long(by, page_language()),
    )


def _kept_back(waiting: int) -> NotLeft:
    sentence = for_language(page_language()).ngettext(
        "The person has not received %(num)s letter: no e-mail leaves, for the mail server is not set yet.",
        "The person has not received %(num)s letters: no e-mail leaves, for the mail server is not set yet.",
        waiting,
    )
    officer = viewer().role == Role.OFFICER.value
    return NotLeft(sentence, words("What to do"), url("staff_health", _anchor="mail") if officer else None)


def paper_words(seen: OnDesk) -> dict[str, Any]:
    """Who asks, how that is known, and what changes when letters to them are posted."""
    request, person = seen.followed.request, seen.person
    by_post = person is not None and person.by_post is not None
    return {
        "not_left": not_left(seen),
        "who": who_asks(person),
        "identity": _identity(request, person),
        "identity_to_check": person is not None and identity_is_to_check(store(), request),
        "by_post": by_post,
        "by_hand": by_post or request.behalf is not None,
        "may_answer": request.state in BEFORE_DECISION,
        "searched": [one.label.in_(page_language()) for one in effective().data_map.categories if one.tables],
        "answer_hint": words(
            "It is printed in the letter as you write it, whatever you decide: plain words, in their language. If you "
            "grant the request, say what you did or what you enclose."
        )
        if by_post
        else words(
            "The person reads it as you write it, whatever you decide: plain words, in their language. If you grant the "
            "request, say what you did or what you enclose."
        )
        if request.behalf
        else words("The person reads it as you write it: plain words, in their language."),
    }


def who_asks(person: Person | None) -> Any:
    """A person by the addresses they proved, or by the lines of their envelope; None for nobody."""
    if person is None:
        return None
    lines = person.by_post.on_envelope if person.by_post else addresses_of(portal(), store(), person)
    return Markup("<br>").join(isolated(line) for line in lines)


def _identity(request: RightsRequest, person: Person | None) -> Any:
    if request.level is Level.L3:
        checked = request.identity_check if person else None
        return (
            Markup("{}<br>{}").format(words("Checked by staff"), isolated(checked))
            if checked
            else words("Checked by staff")
        )
    if request.is_test:
        return words("Not needed: this is a test.")
    if never_checked(store(), request):
        return words("Not checked yet") if request.state in BEFORE_DECISION else words("Not checked")
    if request.level is Level.L2:
        return words("The code went to an address one of our systems holds.")
    return words("The code went to an address none of our systems holds.")
