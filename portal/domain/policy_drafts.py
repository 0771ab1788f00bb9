"""A draft of a policy: sections that hold both languages side by side, and what remains to be done before it is published."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.policies import Document, PolicyText, Section, VersionKind
from portal.domain.policy_looks import Edit, Look, changed_languages, fingerprint, lagging
from portal.domain.policy_tasks import Ground, Task, TaskKind, shortcomings

MOST_SECTIONS = 60
"""More than any policy has; what has more was cut at the wrong headings."""
LONGEST_TITLE = 150
LONGEST_BODY = 40_000

JOINED, LEFT_OUT = "+", "-"
"""In the place of a key: a recognised piece belongs to the section before it, or to none."""

_KEY = re.compile(r"^[a-z][a-z0-9-]{0,39}$")


class Origin(StrEnum):
    """What a draft began from."""

    STARTER = "starter"
    IN_FORCE = "in_force"
    PASTED = "pasted"


class Stage(StrEnum):
    """How far a draft is on its way to being published."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"


class Hindrance(StrEnum):
    """Why a draft was not published at its moment."""

    UNFINISHED = "unfinished"
    UNAPPROVED = "unapproved"
    ONE_LANGUAGE = "one_language"


@dataclass(frozen=True, slots=True)
class CalledBack:
    """When a scheduled draft was called back by itself, and why."""

    at: datetime
    why: Hindrance


@dataclass(frozen=True, slots=True)
class DraftSection:
    """One section in both languages; a language not written yet is empty.

    `edits`: the last change of each language in this draft. `look`: the last time somebody said both say the same.
    """

    key: str
    title: Text
    body: Text
    covers: tuple[str, ...] = ()
    edits: Mapping[Language, Edit] = field(default_factory=dict)
    look: Look | None = None

    @property
    def words(self) -> str:
        """What stands for its words in both languages."""
        return fingerprint(self.title, self.body)

    @property
    def lagging(self) -> Language | None:
        """The language nobody looked at since its twin was changed; None when both say the same."""
        return lagging(self.edits, self.look, self.words)


@dataclass(frozen=True, slots=True)
class Piece:
    """One section recognised in a pasted text of one language, and the key proposed for it."""

    key: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The one draft of a document; `pasted` holds what was pasted until its sections are confirmed.

    `publish_at`: when it is to be published, None for at once. `stage_by`: who sent, approved or scheduled it.
    `changed_by`: who saved it last. `writers`: who changed its words, whoever did so last at the end.
    """

    document: Document
    origin: Origin
    sections: tuple[DraftSection, ...]
    version: int
    started_at: datetime
    started_by: int | None
    changed_at: datetime
    changed_by: int | None
    pasted: Mapping[Language, tuple[Piece, ...]] = field(default_factory=dict)
    kind: VersionKind = "material"
    effective: date | None = None
    summary: Text = field(default_factory=lambda: Text(fr="", en=""))
    publish_at: datetime | None = None
    stage: Stage = Stage.DRAFT
    stage_at: datetime | None = None
    stage_by: int | None = None
    writers: tuple[int, ...] = ()
    approved_by: int | None = None
    called_back: CalledBack | None = None

    def section(self, key: str) -> DraftSection | None:
        """The section of that key, or None."""
        return next((section for section in self.sections if section.key == key), None)


def says_the_same(one: Draft, other: Draft) -> bool:
    """Whether two states of a draft have the same words, whatever is said of when it is published."""
    return _words(one) == _words(other)


def may_approve(draft: Draft, member: int, officers: Collection[int]) -> bool:
    """Whether an officer is a second pair of eyes on a draft in review: one who wrote nothing in it.

    Once every officer wrote in it, one who neither wrote last nor sent it. Where nobody did, one who did not send it.
    """
    if not draft.writers:
        return member != draft.stage_by
    if {*draft.writers}.issuperset(officers):
        return member not in {draft.writers[-1], draft.stage_by}
    return member not in draft.writers


def _words(draft: Draft) -> tuple[object, ...]:
    sections = tuple((section.key, section.title, section.body, section.covers) for section in draft.sections)
    return sections, draft.summary, dict(draft.pasted)


def is_key(written: str) -> bool:
    """Whether the text may be a section's key, which is also its anchor in the page."""
    return bool(_KEY.match(written))


def edited(
    before: DraftSection | None, after: DraftSection, *, at: datetime, by: int | None, same: bool
) -> DraftSection:
    """A section as it was just written, with the marks of who wrote which language and who looked at both.

    `same`: the writer says that both languages say the same. Both written at once were looked at together, and whoever
    writes the one that was behind had its twin beside it.
    """
    old = before or DraftSection(after.key, Text(fr="", en=""), Text(fr="", en=""))
    changed = changed_languages((old.title, old.body), (after.title, after.body))
    edits = {**old.edits, **dict.fromkeys(changed, Edit(at, by))}
    looked = same or len(changed) == len(LANGUAGES) or changed == (old.lagging,)
    return replace(after, edits=edits, look=Look(at, by, after.words) if looked else old.look)


def pasted_over(before: DraftSection | None, after: DraftSection, *, at: datetime, by: int | None) -> DraftSection:
    """A section as it was pasted: nobody saw its languages side by side yet, though both came at once."""
    return replace(edited(before, after, at=at, by=by, same=False), look=before.look if before else None)


def respelled(section: DraftSection, title: Text, body: Text) -> DraftSection:
    """A section whose misread letters were put right: what it says did not change, so a look at it still counts."""
    mended = replace(section, title=title, body=body)
    look = section.look
    return replace(mended, look=replace(look, words=mended.words)) if look and look.words == section.words else mended


# --- changing its sections ------------------------------------------------------------------------------------------


def with_section(sections: Sequence[DraftSection], changed: DraftSection) -> tuple[DraftSection, ...]:
    """The sections with one written anew."""
    return tuple(changed if section.key == changed.key else section for section in sections)


def without_section(sections: Sequence[DraftSection], key: str) -> tuple[DraftSection, ...]:
    """The sections but one."""
    return tuple(section for section in sections if section.key != key)


def moved(sections: Sequence[DraftSection], key: str, step: int) -> tuple[DraftSection, ...]:
    """The sections with one moved up (-1) or down (1); at the end it stays where it is."""
    order = list(sections)
    here = next((number for number, section in enumerate(order) if section.key == key), None)
    if here is not None and 0 <= here + step < len(order):
        order[here], order[here + step] = order[here + step], order[here]
    return tuple(order)


def placed(
    sections: Sequence[DraftSection], added: DraftSection, usual_order: Sequence[str]
) -> tuple[DraftSection, ...]:
    """The sections with one more, where a policy usually has it; one without a usual place goes before the contact."""
    order = list(usual_order)
    wanted = order.index(added.key) if added.key in order else order.index("contact")
    for number, section in enumerate(sections):
        if section.key in order and order.index(section.key) >= wanted:
            return (*sections[:number], added, *sections[number:])
    return (*sections, added)


def laid_over(sections: Sequence[DraftSection], pieces: Mapping[Language, Sequence[Piece]]) -> tuple[DraftSection, ...]:
    """The draft with confirmed pieces: those of both languages that have one key are one section.

    A language that was pasted replaces what the draft had in it; the other stays.
    """
    joined = {language: joined_by_key(pieces.get(language, ())) for language in LANGUAGES}
    kept = {
        section.key: section
        for section in sections
        if any(not joined[language] and section.title.in_(language) for language in LANGUAGES)
    }
    found = {language: {piece.key: piece for piece in joined[language]} for language in LANGUAGES}
    order = _merged_order([piece.key for piece in joined["fr"]], [piece.key for piece in joined["en"]], [*kept])
    return tuple(_laid(key, kept.get(key), found) for key in order)


def joined_by_key(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces of one key made one, in the order they came; the heading of a later one becomes a heading inside."""
    result: dict[str, Piece] = {}
    last = ""
    for piece in pieces:
        key = last if piece.key == JOINED else piece.key
        if piece.key == LEFT_OUT or not key:
            continue
        before = result.get(key)
        inside = f"### {piece.title}\n\n{piece.body}".strip() if piece.title else piece.body
        result[key] = replace(before, body=f"{before.body}\n\n{inside}".strip()) if before else replace(piece, key=key)
        last = key
    return list(result.values())


def _merged_order(*orders: Sequence[str]) -> list[str]:
    """One order that keeps the first list's, each further key after the one it follows in its own list."""
    result: list[str] = []
    for order in orders:
        before = ""
        for key in order:
            if key not in result:
                result.insert(result.index(before) + 1 if before else 0, key)
            before = key
    return result


def _laid(key: str, kept: DraftSection | None, found: Mapping[Language, Mapping[str, Piece]]) -> DraftSection:
    title, body = {}, {}
    for language in LANGUAGES:
        piece = found[language].get(key)
        old = kept if kept and not found[language] else None
        title[language] = piece.title if piece else old.title.in_(language) if old else ""
        body[language] = piece.body if piece else old.body.in_(language) if old else ""
    return DraftSection(key, Text(**title), Text(**body), kept.covers if kept else ())


# --- what remains to be done ----------------------------------------------------------------------------------------


def text_of(sections: Sequence[DraftSection], language: Language) -> PolicyText:
    """One language of a draft as a policy's text; its source is not written yet."""
    return PolicyText(
        language,
        tuple(
            Section(section.key, section.title.in_(language), section.body.in_(language), section.covers)
            for section in sections
        ),
        "",
    )


def texts_of(sections: Sequence[DraftSection]) -> dict[Language, PolicyText]:
    """Both languages of a draft as twin texts."""
    return {language: text_of(sections, language) for language in LANGUAGES}


def tasks_of(draft: Draft, ground: Ground) -> tuple[Task, ...]:
    """All that must be done before a draft may be published, section by section, then what the whole lacks."""
    if not draft.sections:
        return (Task(TaskKind.NO_SECTION),)
    return (
        *(task for section in draft.sections for task in _tasks_of_section(section)),
        *shortcomings(texts_of(draft.sections), ground, document=draft.document),
    )


def _tasks_of_section(section: DraftSection) -> Iterator[Task]:
    unwritten = [
        language
        for language in LANGUAGES
        if not section.title.in_(language).strip() or not section.body.in_(language).strip()
    ]
    for language in unwritten:
        yield Task(TaskKind.LANGUAGE, section.key, language)
    if section.lagging and not unwritten:
        yield Task(TaskKind.LOOK, section.key, section.lagging)
