"""What a person wrote because we did not correct: it is kept beside the value and goes where the value goes (CCQ, art. 40)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.domain.languages import Language
from portal.domain.letters import unfit_for_a_letter
from portal.domain.rights import CorrectionAsked, Decision, Kind, RightsRequest

LONGEST_STATEMENT = 4_000

_NOT_CORRECTED = frozenset({Decision.REFUSED, Decision.PARTIALLY_GRANTED})
_ACCEPTED = frozenset({Decision.GRANTED, Decision.PARTIALLY_GRANTED})


class UnfitStatement(Exception):
    """A text is no statement: it says nothing, is too long, or holds a character that steers instead of being read."""


@dataclass(frozen=True, slots=True)
class Statement:
    """The comments of one person about what one request was about. `about`: the value, where the request named one."""

    id: int
    request_id: int
    reference: str
    text: str
    language: Language
    written_at: datetime
    about: CorrectionAsked | None = None


def opens_statement(request: RightsRequest) -> bool:
    """Whether the answer to a request lets its person have comments kept (CCQ, art. 40; PIPEDA, Sch. 1, 4.9.6).

    A correction that was refused, whole or in part, does; so does a request to add comments, once accepted.
    """
    if request.kind is Kind.COMMENT:
        return request.decision in _ACCEPTED
    return request.kind is Kind.RECTIFICATION and request.decision in _NOT_CORRECTED


def checked_statement(text: str) -> str:
    """The text, if it is one that can be kept, read aloud and printed.

    Raises:
        UnfitStatement: nothing can be read in it, it is too long, or a character of it steers.
    """
    says_something = any(character.isalnum() for character in text)
    if not says_something or len(text) > LONGEST_STATEMENT or unfit_for_a_letter(text):
        raise UnfitStatement
    return text


def about_category(statements: Iterable[Statement], category: str) -> tuple[Statement, ...]:
    """Those about a value of one category of the map, oldest first."""
    return tuple(one for one in statements if one.about is not None and one.about.category == category)


def about_no_category(statements: Iterable[Statement], categories: Iterable[str]) -> tuple[Statement, ...]:
    """Those about no value, or about one that the map does not have any more, oldest first."""
    known = set(categories)
    return tuple(one for one in statements if one.about is None or one.about.category not in known)
