"""Two versions compared, in the words of a page: the sections that changed, side by side or woven, and those that did not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.domain.comparison import Paragraph, SectionChange
from portal.domain.word_changes import Run, as_it_is, as_it_was, woven
from portal.web.pages import words

_TAKEN_ID = "content"


@dataclass(frozen=True, slots=True)
class Pair:
    """One paragraph as it was, as it is, and both in one line for a narrow window; `turn` says what words do not."""

    before: tuple[Run, ...]
    after: tuple[Run, ...]
    both: tuple[Run, ...]
    changed: bool
    turn: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """One section that changed: what became of it, its title word by word and its paragraphs side by side."""

    anchor: str
    title: str
    heading: tuple[Run, ...]
    state: str
    state_key: str
    is_elsewhere: bool
    whole: tuple[Paragraph, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """One section that stayed as it was, to open on demand."""

    title: str
    parts: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions: what changed, and what did not."""

    changed: Sequence[Changed]
    unchanged: Sequence[Unchanged]


def compared(changes: Iterable[SectionChange]) -> Compared:
    """What a comparison found, in the language of the page."""
    found = tuple(changes)
    return Compared(
        changed=[_changed(change) for change in found if change.kind != "unchanged"],
        unchanged=[Unchanged(change.title, change.parts) for change in found if change.kind == "unchanged"],
    )


def anchor(key: str) -> str:
    """A section's key is its anchor, but for the one name the frame of the page has taken."""
    return f"{key}-section" if key == _TAKEN_ID else key


def _changed(change: SectionChange) -> Changed:
    states = {
        "added": (words("New section"), "good"),
        "removed": (words("Section removed"), "bad"),
        "moved": (words("Section moved"), "neutral"),
        "changed": (words("Section changed"), "attention"),
    }
    state, key = states[change.kind]
    is_whole = change.kind in {"added", "removed"}
    return Changed(
        anchor=anchor(change.key),
        title=change.title,
        heading=woven(change.heading),
        state=state,
        state_key=key,
        is_elsewhere=change.moved,
        whole=change.parts if is_whole else (),
        pairs=tuple(_pair(part) for part in change.parts) if change.kind == "changed" else (),
    )


def _pair(part: Paragraph) -> Pair:
    turns = {
        "divided": words("From here on, a paragraph of its own:"),
        "joined": words("From here on, part of the paragraph before:"),
        "moved": words("Moved from another place in this section:"),
    }
    return Pair(
        before=as_it_was(part.runs),
        after=as_it_is(part.runs),
        both=woven(part.runs),
        changed=part.changed,
        turn=turns.get(part.turn),
    )
