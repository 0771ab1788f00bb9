"""Ready answers: what is often true of an organization, ticked rather than typed, put in a slot of both texts at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from portal.domain.languages import LANGUAGES, Text
from portal.domain.policies import slot_in, slots_in
from portal.domain.policy_drafts import DraftSection


@dataclass(frozen=True, slots=True)
class Answer:
    """One sentence that fills the slot of a section; `alone`: it excludes the others."""

    section: str
    id: str
    fr: str
    en: str
    alone: bool = False

    @property
    def text(self) -> Text:
        """The sentence in both languages."""
        return Text(fr=self.fr, en=self.en)


class NotTogether(Exception):
    """One of the answers excludes the others."""


def offered_for(section: DraftSection, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The answers a section may be filled with: none unless both its languages still have a slot."""
    if not all(slots_in(section.body.in_(language)) for language in LANGUAGES):
        return ()
    return tuple(answer for answer in answers if answer.section == section.key)


def filled_with(section: DraftSection, chosen: Collection[Answer]) -> DraftSection:
    """A section whose first slot says what was chosen, in both languages.

    Raises:
        NotTogether: an answer that stands alone was chosen with another.
    """
    if len(chosen) > 1 and any(answer.alone for answer in chosen):
        raise NotTogether
    bodies = {
        language: _filled(section.body.in_(language), [answer.text.in_(language) for answer in chosen])
        for language in LANGUAGES
    }
    return replace(section, body=Text(**bodies))


def _filled(body: str, sentences: Sequence[str]) -> str:
    """Items where the slot is an item of a list, else words in the line it stands in."""
    start, end = slot_in(body)
    if body[:start].endswith("\n- "):
        return body[:start] + "\n- ".join(sentences) + body[end:]
    return body[:start] + _in_a_line(sentences) + body[end:]


def _in_a_line(sentences: Sequence[str]) -> str:
    """Sentences one after the other; parts of a sentence, which begin with a small letter, with a semicolon between."""
    if sentences[0][:1].isupper():
        return " ".join(sentences)
    return "; ".join(sentence.rstrip(".") for sentence in sentences) + "."
