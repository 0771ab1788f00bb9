"""What staff read of a request beside its state: who asks and how that is known, and the letters about it."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from portal.domain.people import Person
from portal.domain.rights import BEFORE_DECISION, Level, RightsRequest
from portal.services.desk import OnDesk
from portal.services.posting import days_posted
from portal.web.access import store
from portal.web.languages import page_language
from portal.web.letter_lines import LetterLine, letter_line
from portal.web.pages import effective, isolated, words


def identity_short(found: RightsRequest) -> str:
    """How far it is known who asks, in a word or two for the queue."""
    return {
        Level.L1: words("Address to check"),
        Level.L2: words("Address we hold"),
        Level.L3: words("Checked by staff"),
    }[found.level]


def letter_lines(seen: OnDesk) -> list[LetterLine]:
    """The letters about a request; those on paper open for whoever may see the person."""
    letters = seen.followed.letters
    days = days_posted(store(), letters)
    return [letter_line(letter, days, opens=seen.person is not None) for letter in letters]


def paper_words(seen: OnDesk) -> dict[str, Any]:
    """Who asks, how that is known, and what changes when letters to them are posted."""
    request, person = seen.followed.request, seen.person
    by_post = person is not None and person.by_post is not None
    return {
        "who": who_asks(person),
        "identity": _identity(request, person),
        "by_post": by_post,
        "may_answer": request.state in BEFORE_DECISION,
        "searched": [one.label.in_(page_language()) for one in effective().data_map.categories if one.tables],
        "answer_hint": words(
            "It is printed in the letter as you write it, whatever you decide: plain words, in their language. If you "
            "grant the request, say what you did or what you enclose."
        )
        if by_post
        else words("The person reads it as you write it: plain words, in their language."),
    }


def who_asks(person: Person | None) -> Any:
    """A person by their address, or by the lines of their envelope; None for nobody."""
    if person is None:
        return None
    if person.by_post is None:
        return isolated(person.address)
    return Markup("<br>").join(isolated(line) for line in person.by_post.on_envelope)


def _identity(request: RightsRequest, person: Person | None) -> Any:
    if request.level is Level.L3:
        checked = request.identity_check if person else None
        return (
            Markup("{}<br>{}").format(words("Checked by staff"), isolated(checked))
            if checked
            else words("Checked by staff")
        )
    if request.level is Level.L2:
        return words("The code went to an address one of our systems holds.")
    return words("The code went to an address none of our systems holds.")
