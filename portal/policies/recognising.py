"""Finds the sections of a pasted text, as a person would: by its headings, its numbered titles or its bold lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from portal.domain.languages import LANGUAGES, Language, twin_of
from portal.domain.policy_drafts import Piece
from portal.domain.policy_sections import USUAL_SECTIONS, UsualSection, folded, key_of_heading
from portal.policies.markdown import only_blocks
from portal.policies.writing import tidy_body, tidy_title, visible

INTRODUCTION = "introduction"
OTHER = "other-"

_BULLET = re.compile(r"^\s*[·•▪◦●○■□§\uf0a7\uf0b7\uf0d8\uf0fc]\s*")
_LONGEST_TITLE_LINE = 110
_NUMBERED = re.compile(
    r"^(?:(?P<word>article|section|partie|part|chapitre|chapter)\s+)?(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}|[A-Z])"
    r"(?:\s*[.):\u2013\u2014-]+\s*|(?<=\d)\s+|$)",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"^(?:notre |la |our )?(?:politique|avis|declaration|privacy|confidentiality|protection des renseignements personnels$)"
)
_BOLD = re.compile(r"^\*\*(?P<words>[^*]+)\*\*\s*:?$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A line where a section, or a part of one, may begin: the lines of its title, what they say, and how high it is."""

    first: int
    after: int
    title: str
    level: int


def sections_in(
    source: str, language: Language, *, is_markdown: bool = False, usual: Sequence[UsualSection] = USUAL_SECTIONS
) -> tuple[Piece, ...]:
    """The sections of a text, each with the key its heading announces; one of its own when it announces none.

    `is_markdown`: its paragraphs are set apart by blank lines for certain. Otherwise, without headings, it is taken for
    plain text, in which each line may be a paragraph. `usual`: the sections its document usually has.
    """
    lines = visible(source).split("\n")
    marks = _headings(lines)
    if len(marks) < 2:
        lines = lines if is_markdown else _as_paragraphs(lines)
        marks = _titles(lines, language, usual)
    marks = _but_the_title_of_the_whole(lines, marks)
    top = _level_of_sections(marks)
    begins = [mark for mark in marks if mark.level == top]
    pieces = list(_pieces(lines, begins, [mark for mark in marks if mark.level > top]))
    return tuple(_with_keys(pieces, language, usual))


def paired(pieces: Mapping[Language, Sequence[Piece]]) -> dict[Language, tuple[Piece, ...]]:
    """Both languages' pieces: one whose heading says nothing takes the key of its twin at the same place."""
    both = {language: list(pieces.get(language, ())) for language in LANGUAGES}
    if len(both["fr"]) == len(both["en"]):
        for language in LANGUAGES:
            taken = {piece.key for piece in both[language]}
            for place, (here, there) in enumerate(zip(both[language], both[twin_of(language)], strict=True)):
                if here.key.startswith(OTHER) and not there.key.startswith(OTHER) and there.key not in taken:
                    both[language][place] = replace(here, key=there.key)
                    taken.add(there.key)
    return {language: tuple(found) for language, found in both.items() if found}


def _headings(lines: Sequence[str]) -> list[_Mark]:
    """The headings of Markdown, where the text has some."""
    tokens = only_blocks("\n".join(lines))
    return [
        _Mark(token.map[0], token.map[1], tokens[place + 1].content, int(token.tag[1]))
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map and tokens[place + 1].content.strip()
    ]


def _as_paragraphs(lines: Sequence[str]) -> list[str]:
    """Plain text, in which each line is a paragraph, with the blank lines Markdown wants and its bullets as `-`."""
    written = [line for line in lines if line.strip()]
    blank = len(lines) - len(written)
    wrapped = blank * 4 >= len(written) and all(len(line) <= _LONGEST_TITLE_LINE for line in written)
    result: list[str] = []
    for line in lines:
        found = _BULLET.match(line)
        plain = f"- {line[found.end() :]}" if found else line
        if result and not wrapped and not _items_of_one_list(plain, result[-1]):
            result.append("")
        result.append(plain)
    return result


def _items_of_one_list(line: str, before: str) -> bool:
    here, there = _ITEM.match(line), _ITEM.match(before)
    return bool(here and there) and line.strip()[0].isdigit() == before.strip()[0].isdigit()


def _titles(lines: Sequence[str], language: Language, usual: Sequence[UsualSection]) -> list[_Mark]:
    """Lines that stand alone and look like titles: bold, numbered, or in capitals; else known by their words."""
    alone = [place for place, line in enumerate(lines) if _stands_alone(lines, place)]
    numbered_alike = Counter(bool(_NUMBERED.match(lines[place])) for place in alone)
    marks = [mark for place in alone if (mark := _looks_like_title(lines, place))]
    if len(marks) >= 2 or numbered_alike[True] > len(alone) > 2:
        return marks
    return [
        _Mark(place, place + 1, lines[place], 2)
        for place in alone
        if len(lines[place].split()) <= 10
        and not re.search(r"[.;:,!]$", lines[place].strip())
        and key_of_heading(lines[place], language, usual)
    ]


def _stands_alone(lines: Sequence[str], place: int) -> bool:
    line = lines[place].strip()
    before = lines[place - 1].strip() if place else ""
    after = lines[place + 1].strip() if place + 1 < len(lines) else ""
    is_item = bool(_ITEM.match(line)) and not re.match(r"\d", line)
    return (
        bool(line)
        and len(line) <= _LONGEST_TITLE_LINE
        and not is_item
        and not line.startswith("|")
        and not (before or after)
    )


def _looks_like_title(lines: Sequence[str], place: int) -> _Mark | None:
    line = lines[place].strip()
    bold = _BOLD.match(line)
    words = bold["words"].strip() if bold else line
    numbered = _NUMBERED.match(words)
    rest = words[numbered.end() :] if numbered else words
    in_capitals = len(re.findall(r"[^\W\d_]", rest)) >= 4 and rest == rest.upper()
    ends_a_sentence = bool(re.search(r"[.;,]$", rest.strip())) and not in_capitals
    if not rest.strip() or ends_a_sentence or not (bold or numbered or in_capitals):
        return None
    depth = numbered["number"].count(".") if numbered else 0
    return _Mark(place, place + 1, words, 2 + depth)


def _but_the_title_of_the_whole(lines: list[str], marks: Sequence[_Mark]) -> list[_Mark]:
    """The marks without the policy's own title, which leaves the text: the page has that title already."""
    kept = list(marks)
    while kept and not any(line.strip() for line in lines[: kept[0].first]) and _WHOLE.search(folded(kept[0].title)):
        title = kept.pop(0)
        lines[title.first : title.after] = [""] * (title.after - title.first)
    return kept


def _level_of_sections(marks: Sequence[_Mark]) -> int:
    """The highest level that has several headings: one alone over the others is the title of the whole text."""
    counts = Counter(mark.level for mark in marks)
    return min((level for level, count in counts.items() if count > 1), default=min(counts, default=2))


def _pieces(lines: Sequence[str], begins: Sequence[_Mark], inside: Sequence[_Mark]) -> list[Piece]:
    """The text between marks; what stands before the first is an introduction, if it says something."""
    lowered = list(lines)
    for mark in inside:
        lowered[mark.first : mark.after] = [f"### {_without_number(mark.title)}"] + [""] * (mark.after - mark.first - 1)
    ends = [*(mark.first for mark in begins[1:]), len(lines)][: len(begins)]
    opening = [Piece(INTRODUCTION, "", tidy_body("\n".join(_without_title(lines, begins))))]
    rest = [
        Piece("", tidy_title(_without_number(mark.title)), tidy_body("\n".join(lowered[mark.after : end])))
        for mark, end in zip(begins, ends, strict=True)
    ]
    return [piece for piece in (*opening, *rest) if piece.title or piece.body]


def _without_title(lines: Sequence[str], begins: Sequence[_Mark]) -> list[str]:
    """What stands before the first section, without the headings of the whole text."""
    before = list(lines[: begins[0].first]) if begins else list(lines)
    first = next((place for place, line in enumerate(before) if line.strip()), None)
    if begins and first is not None and _stands_alone(before, first) and _WHOLE.search(folded(before[first])):
        before[first] = ""
    for mark in _headings(before):
        before[mark.first : mark.after] = [""] * (mark.after - mark.first)
    return before


def _with_keys(pieces: Sequence[Piece], language: Language, usual: Sequence[UsualSection]) -> list[Piece]:
    result: list[Piece] = []
    others = 0
    for piece in pieces:
        key = piece.key or key_of_heading(piece.title, language, usual)
        if key is None:
            others += 1
            key = f"{OTHER}{others}"
        result.append(replace(piece, key=key))
    return result


def _without_number(title: str) -> str:
    words = _BOLD.sub(r"\g<words>", title.strip()).replace("*", "")
    found = _NUMBERED.match(words)
    return words[found.end() :].strip() if found and words[found.end() :].strip() else words
