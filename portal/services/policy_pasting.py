"""Pasting a whole text over a draft: sections recognised in it, to be confirmed before they are any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from portal.domain.documents import SECTIONS, usual_section
from portal.domain.languages import Language
from portal.domain.people import StaffMember
from portal.domain.policies import Document
from portal.domain.policy_drafts import (
    JOINED,
    LEFT_OUT,
    MOST_SECTIONS,
    Draft,
    Origin,
    Piece,
    is_key,
    laid_over,
    pasted_over,
)
from portal.policies.pasting import from_html
from portal.policies.recognising import paired, sections_in
from portal.policies.writing import visible
from portal.services import policies
from portal.services.installation import Installation
from portal.services.policy_drafts import NO_DRAFT, StaleDraft, TooManySections, draft, new_draft, save_over
from portal.services.policy_ready import usual_order, with_proposed
from portal.services.settings import in_effect
from portal.storage.store import Store
from portal.wording.typography import with_no_break_spaces

LONGEST_PASTED = 100_000
"""Characters of one language of a pasted text: five times a long policy."""
_MOST_TAGS = 12_000
"""Elements of pasted HTML; what has more is read from its plain words, which come with it."""


class NothingPasted(Exception):
    """There is no text to read in what was pasted."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was pasted in one language: its words, and the HTML a word processor gave with them, if any."""

    words: str
    html: str = ""


def paste(
    store: Store,
    member: StaffMember,
    pasted: Mapping[Language, Pasted],
    *,
    document: Document = policies.PRIVACY,
    seen_version: int,
    now: datetime,
) -> Draft:
    """Keep what was pasted as recognised sections, for somebody to confirm.

    Raises:
        NothingPasted: no words in either language.
        TooManySections: more than a policy has.
        StaleDraft: the draft is not the one that was seen.
    """
    pieces: dict[Language, tuple[Piece, ...]] = {}
    for language, given in pasted.items():
        found = _sections_of(document, given, language)
        if len(found) > MOST_SECTIONS:
            raise TooManySections(len(found), language)
        if found:
            pieces[language] = found
    if not pieces:
        raise NothingPasted
    there = draft(store, document)
    if there is None and seen_version == NO_DRAFT:
        begun = replace(new_draft(document, member, Origin.PASTED, now), pasted=paired(pieces))
        if not store.policy_drafts.add(begun):
            raise StaleDraft
        return begun
    if there is None:
        raise StaleDraft
    return save_over(store, member, replace(there, pasted=paired(pieces)), seen_version=seen_version, now=now)


def confirm(
    portal: Installation,
    store: Store,
    member: StaffMember,
    found: Draft,
    keys: Mapping[Language, Sequence[str]],
    *,
    seen_version: int,
    now: datetime,
) -> Draft:
    """Make sections of what was pasted, each under the key chosen for it, to be looked at in both languages.

    Raises:
        NothingPasted: every piece was left out.
        TooManySections: both languages together make more than a policy has.
        StaleDraft: the draft is not the one that was seen.
    """
    chosen = {
        language: [
            _keyed(found.document, piece, key, language)
            for piece, key in zip(pieces, keys.get(language, ()), strict=False)
        ]
        for language, pieces in found.pasted.items()
    }
    laid = laid_over(found.sections, chosen)
    if not laid:
        raise NothingPasted
    sections = tuple(pasted_over(found.section(one.key), one, at=now, by=member.id) for one in laid)
    if found.document == policies.PRIVACY:
        sections = with_proposed(sections, in_effect(portal, store).data_map, by_heading=False)
    return save_over(store, member, replace(found, sections=sections, pasted={}), seen_version=seen_version, now=now)


def choices_for(found: Draft, language: Language) -> tuple[str, ...]:
    """The keys a recognised piece of that language may be given: usual ones, its own, joined to the one before, left out."""
    own = [piece.key for piece in found.pasted.get(language, ()) if not usual_section(found.document, piece.key)]
    others = [f"other-{number}" for number in range(1, max(len(own), 3) + 1)]
    return (*usual_order(found.document), *dict.fromkeys((*others, *own)), JOINED, LEFT_OUT)


def _sections_of(document: Document, given: Pasted, language: Language) -> tuple[Piece, ...]:
    """The sections of what was pasted: of its HTML when there is some that can be read, else of its words."""
    is_light = 0 < given.html.count("<") <= _MOST_TAGS
    html = from_html(visible(given.html)) if is_light else ""
    text = html if html.strip() else given.words
    spaced = with_no_break_spaces(text) if language == "fr" else text
    return sections_in(spaced, language, is_markdown=bool(html.strip()), usual=SECTIONS[document])


def _keyed(document: Document, piece: Piece, key: str, language: Language) -> Piece:
    """A piece under the key chosen; one whose heading is missing takes the usual title."""
    key = key if key in {JOINED, LEFT_OUT} or is_key(key) else piece.key
    usual = usual_section(document, key)
    return replace(piece, key=key, title=piece.title or (usual.title.in_(language) if usual else ""))
