"""Words for how a request came in: for whom, in which capacity, in which form the answer is wanted, by which way it came."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portal.domain.asking import Capacity, Channel, Form, ForWhom, Proof
from portal.domain.languages import Language
from portal.wording.catalogue import for_language


def for_whom_label(whom: ForWhom, language: Language) -> str:
    """For whom somebody asks, as they say it: "For my child under 14"."""
    words = for_language(language)
    return {
        ForWhom.ME: words.gettext("For me"),
        ForWhom.CHILD: words.gettext("For my child under 14"),
        ForWhom.REPRESENTED: words.gettext("For someone I represent"),
        ForWhom.DECEASED: words.gettext("For someone who has died"),
    }[whom]


def for_whom_label_for_staff(whom: ForWhom, language: Language) -> str:
    """For whom somebody asks, as staff read it: "A child under 14"."""
    words = for_language(language)
    return {
        ForWhom.ME: words.gettext("The person themselves"),
        ForWhom.CHILD: words.gettext("A child under 14"),
        ForWhom.REPRESENTED: words.gettext("Someone they represent"),
        ForWhom.DECEASED: words.gettext("Someone who has died"),
    }[whom]


def capacity_label(capacity: Capacity, language: Language) -> str:
    """As whom somebody asks for another, in the words of the Act (law.md §4.1)."""
    return _capacities(language)[capacity]


def form_label(form: Form, language: Language) -> str:
    """A form an answer may be wanted in."""
    words = for_language(language)
    return {
        Form.LARGE_PRINT: words.gettext("In large print"),
        Form.PHONE: words.gettext("By phone"),
        Form.POST: words.gettext("By post"),
        Form.OTHER: words.gettext("Another way"),
    }[form]


def channel_label(channel: Channel, language: Language) -> str:
    """The way a request came."""
    words = for_language(language)
    return {
        Channel.PORTAL: words.gettext("On this portal"),
        Channel.POST: words.pgettext("channel", "By post"),
        Channel.EMAIL: words.pgettext("channel", "By e-mail"),
        Channel.PHONE: words.pgettext("channel", "By phone"),
        Channel.IN_PERSON: words.pgettext("channel", "In person"),
    }[channel]


def proof_label(proof: Proof, language: Language) -> str:
    """How far a capacity was shown."""
    words = for_language(language)
    return {
        Proof.CHECKED: words.gettext("Checked with what we know already"),
        Proof.DOCUMENT: words.gettext("A document was looked at, and not kept"),
    }[proof]


@cache
def _capacities(language: Language) -> Mapping[Capacity, str]:
    words = for_language(language)
    return {
        Capacity.PARENT: words.gettext("Parent (holder of parental authority)"),
        Capacity.TUTOR: words.gettext("Tutor"),
        Capacity.MANDATARY: words.gettext("Mandatary (by a mandate or power of attorney)"),
        Capacity.REPRESENTATIVE: words.gettext("Another representative"),
        Capacity.HEIR: words.gettext("Heir or successor"),
        Capacity.LIQUIDATOR: words.gettext("Liquidator of the succession"),
        Capacity.BENEFICIARY: words.gettext("Beneficiary of life insurance or of a death benefit"),
        Capacity.RELATIVE: words.gettext("Spouse or close relative"),
    }
