"""Ready text for a draft: what the law asks for in the words of the starting text, what is held in the map's own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from portal.domain.data_map import DataMap
from portal.domain.documents import SECTIONS, usual_section
from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.policies import Document, PolicyText, slots_in
from portal.domain.policy_coverage import SECTIONS as SAID_IN
from portal.domain.policy_coverage import Kind, items_of, proposed, with_covers
from portal.domain.policy_drafts import Draft, DraftSection, edited, placed, texts_of, with_section
from portal.domain.policy_tasks import Task
from portal.policies.starter import ready_paragraphs, ready_sections
from portal.wording.policy_paragraphs import (
    category_line,
    purpose_line,
    ready_paragraph,
    recipient_line,
    retention_lines,
    seen_by_lines,
)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who asked for the ready text, and when."""

    by: int | None
    at: datetime


def begun_with(
    document: Document, texts: Mapping[Language, PolicyText], data_map: DataMap, *, is_starter: bool
) -> tuple[DraftSection, ...]:
    """Twin texts as sections; those of the privacy policy with what the map says in the starting text's slots, each
    covering what it seems to.
    """
    sections = _side_by_side(texts)
    if document != "privacy":
        return sections
    filled = filled_from_map(sections, data_map) if is_starter else sections
    return with_proposed(filled, data_map, by_heading=is_starter)


def usual_order(document: Document) -> tuple[str, ...]:
    """The keys of the sections a document usually has, in its order."""
    return tuple(section.key for section in SECTIONS[document])


def ready_section(document: Document, key: str) -> DraftSection:
    """A usual section of a document with its ready text, or an empty one of the organization's own."""
    usual = usual_section(document, key)
    ready = {language: ready_sections(language, document).get(key) for language in LANGUAGES}
    bodies = {language: section.body_markdown if section else "" for language, section in ready.items()}
    return DraftSection(key, usual.title if usual else Text(fr="", en=""), Text(**bodies))


def with_ready(draft: Draft, task: Task, data_map: DataMap, writer: Writer) -> tuple[DraftSection, ...]:
    """The sections with the ready text that does a task, in the languages that lack it: a section, or words in one."""
    sections, document = draft.sections, draft.document
    there = draft.section(task.section)
    lacking: Container[Language] = (task.language,) if task.language else LANGUAGES
    if there is None:
        added = edited(None, _first_section(document, task, data_map), at=writer.at, by=writer.by, same=True)
        return placed(sections, added, usual_order(document))
    body = {language: there.body.in_(language) for language in LANGUAGES}
    for language in LANGUAGES:
        if language in lacking:
            body[language] = _followed(body[language], _paragraph(document, task, data_map, language))
    names = (task.item.name,) if task.item else ()
    changed = replace(there, body=Text(**body), covers=with_covers(there.covers, names))
    marked = edited(there, changed, at=writer.at, by=writer.by, same=False)
    return with_section(sections, replace(marked, look=there.look) if there.lagging else marked)


def filled_from_map(sections: Sequence[DraftSection], data_map: DataMap) -> tuple[DraftSection, ...]:
    """The starting text with what the map knows in the place of the slots that ask for it."""
    if not data_map.categories:
        return tuple(sections)
    return tuple(_filled(section, data_map) for section in sections)


def with_proposed(sections: Sequence[DraftSection], data_map: DataMap, *, by_heading: bool) -> tuple[DraftSection, ...]:
    """The sections covering what they seem to cover of what none covers yet; words do not change."""
    found = proposed(texts_of(sections), data_map, by_heading=by_heading)
    return tuple(
        replace(section, covers=with_covers(section.covers, found.get(section.key, ()))) for section in sections
    )


def _side_by_side(texts: Mapping[Language, PolicyText]) -> tuple[DraftSection, ...]:
    """Twin texts as sections of both languages; the same keys in the same order, as every published version has."""
    both = []
    for french in texts["fr"].sections:
        english = texts["en"].section(french.key)
        both.append(
            DraftSection(
                french.key,
                Text(fr=french.title, en=english.title if english else ""),
                Text(fr=french.body_markdown, en=english.body_markdown if english else ""),
                french.covers,
            )
        )
    return tuple(both)


def _followed(body: str, paragraph: str) -> str:
    """A body with a paragraph after it; an item of a list joins the list it follows."""
    lines = body.rstrip("\n").rsplit("\n", 1)
    between = "\n" if paragraph.startswith("- ") and lines[-1].startswith("- ") else "\n\n"
    return f"{body}{between}{paragraph}".strip("\n")


def _first_section(document: Document, task: Task, data_map: DataMap) -> DraftSection:
    """A section that was not there: with all the map has to say in it, or with the one thing that was asked for."""
    ready = ready_section(document, task.section)
    if document != "privacy":
        return ready
    if task.item is None:
        filled = _filled(ready, data_map)
        names = (item.name for item in items_of(data_map) if SAID_IN[item.kind] == task.section)
        return replace(filled, covers=tuple(names)) if filled != ready else ready
    said = {language: _paragraph(document, task, data_map, language) for language in LANGUAGES}
    return replace(ready, body=Text(**said), covers=(task.item.name,))


def _paragraph(document: Document, task: Task, data_map: DataMap, language: Language) -> str:
    if task.item:
        return ready_paragraph(task.item, data_map, language)
    paragraphs, sections = ready_paragraphs(language, document), ready_sections(language, document)
    return (paragraphs.get(task.ready) or sections[task.section]).body_markdown


def _filled(section: DraftSection, data_map: DataMap) -> DraftSection:
    """A section whose first item of a list is a slot, with the map's lines in its place, in both languages or in none."""
    lines = _LINES.get(section.key)
    said = {language: "\n".join(lines(data_map, language)) if lines else "" for language in LANGUAGES}
    if not all(said.values()):
        return section
    return replace(
        section, body=Text(**{language: _in_slot(section.body.in_(language), said[language]) for language in LANGUAGES})
    )


def _in_slot(body: str, lines: str) -> str:
    return re.sub(
        r"^- (.*)$", lambda found: lines if slots_in(found[1]) else found[0], body, count=1, flags=re.MULTILINE
    )


def _categories(data_map: DataMap, language: Language) -> list[str]:
    return [category_line(category, data_map, language) for category in data_map.categories]


def _purposes(data_map: DataMap, language: Language) -> list[str]:
    return [purpose_line(purpose, language) for purpose in data_map.purposes]


def _recipients(data_map: DataMap, language: Language) -> list[str]:
    return [recipient_line(item, data_map, language) for item in items_of(data_map) if item.kind is Kind.RECIPIENT]


_LINES: Mapping[str, Callable[[DataMap, Language], list[str]]] = {
    "collected": _categories,
    "uses": _purposes,
    "access": seen_by_lines,
    "sharing": _recipients,
    "retention": retention_lines,
}
