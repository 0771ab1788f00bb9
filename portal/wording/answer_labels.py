"""Words for the parts an answer is made of, for what is wanted of a machine's decision, and for what a complaint came to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portal.domain.answer_parts import Part, Wanted
from portal.domain.languages import Language
from portal.domain.rights import Decision, Kind
from portal.wording.catalogue import for_language
from portal.wording.labels import decision_label


def part_heading(part: Part, language: Language) -> str:
    """What a part of an answer is called, on its form and before its words."""
    return _headings(language)[part]


def part_hint(part: Part, language: Language) -> str:
    """What staff write there."""
    return _hints(language)[part]


def wanted_label(wanted: Wanted, language: Language) -> str:
    """What is wanted of a decision that a machine took alone."""
    words = for_language(language)
    return {
        Wanted.EXPLANATION: words.gettext("An explanation"),
        Wanted.REVIEW: words.gettext("A review by a person, who reads my observations"),
        Wanted.BOTH: words.gettext("Both"),
    }[wanted]


def outcome_label_of(kind: Kind, decision: Decision, language: Language) -> str:
    """What was decided, as this kind of request says it: a complaint is founded or not, rather than granted or refused."""
    words = for_language(language)
    of_complaint = {
        Decision.GRANTED: words.pgettext("complaint", "Founded"),
        Decision.PARTIALLY_GRANTED: words.pgettext("complaint", "Founded in part"),
        Decision.REFUSED: words.pgettext("complaint", "Not founded"),
    }
    found = of_complaint.get(decision) if kind is Kind.COMPLAINT else None
    return found or decision_label(decision, language)


@cache
def _headings(language: Language) -> Mapping[Part, str]:
    words = for_language(language)
    return {
        Part.FOUND: words.gettext("What we found"),
        Part.MEASURES: words.gettext("What we will do"),
        Part.USED: words.gettext("The information used for the decision"),
        Part.BASIS: words.gettext("The reasons for the decision"),
        Part.FACTORS: words.gettext("The principal factors and parameters"),
        Part.REVIEWER: words.gettext("Who reviewed the decision"),
        Part.OBSERVATIONS: words.gettext("The observations received"),
        Part.OUTCOME: words.gettext("What the review came to"),
    }


@cache
def _hints(language: Language) -> Mapping[Part, str]:
    words = for_language(language)
    return {
        Part.FOUND: words.gettext("What you looked into, and what is true of the complaint."),
        Part.MEASURES: words.gettext("What is put right, by whom and when; or that nothing is to be done, and why."),
        Part.USED: words.gettext("Each piece of personal information that the decision used."),
        Part.BASIS: words.gettext("Why the decision came out as it did, for this person."),
        Part.FACTORS: words.gettext("What weighed most, and how."),
        Part.REVIEWER: words.gettext("A title is enough: somebody able to review the decision."),
        Part.OBSERVATIONS: words.gettext("That the person could submit observations, and those you received."),
        Part.OUTCOME: words.gettext("Whether the decision stands or changes, and why."),
    }
