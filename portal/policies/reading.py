"""Reads one language of a policy: Markdown whose second-level headings are its sections, each with a key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from portal.domain.languages import Language
from portal.domain.policies import PLACEHOLDERS, PolicyText, Section
from portal.domain.policy_coverage import COVER_NAME
from portal.policies.markdown import MARKDOWN, placeholders_in
from portal.policies.problems import PolicyProblem
from portal.wording.catalogue import N_

_SECTION_LEVEL = 2
_ATTRIBUTES = re.compile(r"^(?P<key>[a-z][a-z0-9-]*)(?: +covers=\"(?P<covers>[^\"]*)\")? *\}$")
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading: its line counted from 0, the line after it, and its words taken apart when it has a key."""

    level: int
    words: str
    first: int
    after: int
    title: str = ""
    key: str = ""
    covers: tuple[str, ...] = ()


def read_text(language: Language, source: str) -> tuple[PolicyText, list[PolicyProblem]]:
    """The sections of one language, and everything wrong with how they are written.

    A section is `## Title {#key covers="usage improve"}` and what follows it; `covers` may be left out. The text is
    whole only when there is no problem.
    """
    file = f"{language}.md"
    headings = _headings(source)
    seconds = _of_sections(headings)
    lines = _LINE_END.split(source)
    problems = [*_problems_around(file, lines, headings), *_problems_of_headings(file, seconds)]
    found = _sections(seconds, lines)
    for heading, section in found:
        problems.extend(_problems_of_section(file, section, heading.first + 1))
    text = PolicyText(language, tuple(section for _, section in found), source)
    return text, sorted(problems, key=lambda problem: problem.line or 0)


def published_text(language: Language, source: str) -> PolicyText:
    """The sections of a language that was found right when it was published: nothing is looked for again."""
    found = _sections(_of_sections(_headings(source)), _LINE_END.split(source))
    return PolicyText(language, tuple(section for _, section in found), source)


def section_at(text: PolicyText, line: int) -> str:
    """The key of the section that a line of the source, counted from 1, lies in; empty before the first."""
    headings = _of_sections(_headings(text.source))
    return next((heading.key for heading in reversed(headings) if heading.first < line), "")


def _of_sections(headings: Sequence[_Heading]) -> list[_Heading]:
    return [heading for heading in headings if heading.level == _SECTION_LEVEL]


def _sections(seconds: Sequence[_Heading], lines: Sequence[str]) -> list[tuple[_Heading, Section]]:
    """Each section that has a key, under its heading: from there to the next heading of a section."""
    bounds = pairwise([*(heading.first for heading in seconds), len(lines)])
    return [
        (heading, Section(heading.key, heading.title, _body(lines[heading.after : end]), heading.covers))
        for heading, (_, end) in zip(seconds, bounds, strict=True)
        if heading.key
    ]


def _body(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip("\n")


def _headings(source: str) -> list[_Heading]:
    """Headings that stand on their own: not those inside code, a quotation or a list."""
    tokens = MARKDOWN.parse(source)
    return [
        _heading(int(token.tag[1]), tokens[index + 1].content.strip(), token.map)
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def _heading(level: int, words: str, lines: Sequence[int]) -> _Heading:
    title, _, attributes = words.rpartition("{#")
    found = _ATTRIBUTES.match(attributes)
    if not found or not title.strip():
        return _Heading(level, words, lines[0], lines[1])
    covers = tuple((found["covers"] or "").split())
    return _Heading(level, words, lines[0], lines[1], title.strip(), found["key"], covers)


def _problems_around(file: str, lines: Sequence[str], headings: Sequence[_Heading]) -> Iterator[PolicyProblem]:
    seconds = [heading.first for heading in headings if heading.level == _SECTION_LEVEL]
    if not seconds:
        yield PolicyProblem(file, "sections", "no_section", N_("no section; write each as ## Title {#key}"))
    for number, line in enumerate(lines[: seconds[0] if seconds else len(lines)], start=1):
        if line.strip():
            message = N_("text before the first section; put it under a heading ## Title {#key}")
            yield PolicyProblem(file, "sections", "text_outside", message, number)
            break
    for heading in headings:
        if heading.level == 1:
            message = N_("# %(words)s: the page has its own title; begin sections with ## and parts of them with ###")
            said = {"words": heading.words}
            yield PolicyProblem(file, "sections", "heading_too_high", message, heading.first + 1, said)


def _problems_of_headings(file: str, headings: Sequence[_Heading]) -> Iterator[PolicyProblem]:
    seen: dict[str, int] = {}
    for heading in headings:
        line = heading.first + 1
        if not heading.key:
            message = N_('section without key; write it as ## Title {#key} or ## Title {#key covers="usage improve"}')
            yield PolicyProblem(file, heading.words or "sections", "no_key", message, line)
            continue
        if heading.key in seen:
            message = N_("this key is already used at line %(before)s; give each section its own")
            said = {"before": seen[heading.key]}
            yield PolicyProblem(file, heading.key, "duplicate_key", message, line, said)
        seen.setdefault(heading.key, line)


def _problems_of_section(file: str, section: Section, line: int) -> Iterator[PolicyProblem]:
    if not section.body_markdown.strip():
        message = N_("this section says nothing; write it or remove it")
        yield PolicyProblem(file, section.key, "empty_section", message, line)
    for name in section.covers:
        if not COVER_NAME.match(name):
            message = N_("covers=%(name)s: not the key of a category, a purpose or a recipient")
            yield PolicyProblem(file, section.key, "bad_covers", message, line, {"name": name})
    for name in sorted(placeholders_in(f"{section.title}\n\n{section.body_markdown}") - {*PLACEHOLDERS}):
        message = N_("%(name)s: no such placeholder; there are %(known)s")
        said = {"name": f"{{{{ {name} }}}}", "known": ", ".join(PLACEHOLDERS)}
        yield PolicyProblem(file, section.key, "unknown_placeholder", message, line, said)
