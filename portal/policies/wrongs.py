"""What is wrong in the words of a text themselves: HTML, dangerous links, misread accents, signs no page can hold."""

from __future__ import annotations

from collections.abc import Iterator

from portal.domain.policies import PolicyText
from portal.policies.accents import garbled_in
from portal.policies.dangers import dangers_in
from portal.policies.problems import PolicyProblem
from portal.policies.reading import section_at
from portal.wording.catalogue import N_

_MESSAGES = {
    "raw_html": N_("%(words)s: HTML is not shown; write it in Markdown, or take it out"),
    "bad_link": N_("%(words)s: a link leads to https://, http://, mailto:, tel: or a place here, and nowhere else"),
    "garbled": N_("%(words)s: accents were misread; mend them: portal policy check --mend"),
    "lost_letter": N_("%(words)s: a letter was lost; write the word again"),
    "control_character": N_("a character that cannot be shown; take it out"),
}
_UNFIT = {chr(code) for code in range(0x20)} - {"\n", "\r", "\t"} | {"\x7f"}


def wrongs_in(text: PolicyText) -> Iterator[PolicyProblem]:
    """Everything of the kind, each with its section and line."""
    for code, line, words in words_wrong_in(text.source):
        yield problem_of(f"{text.language}.md", section_at(text, line) or "sections", code, line, words)


def problem_of(file: str, key: str, code: str, line: int | None, words: str) -> PolicyProblem:
    """What is wrong in some words, as something to mend in a file."""
    return PolicyProblem(file, key, code, _MESSAGES[code], line, {"words": words})


def words_wrong_in(source: str) -> Iterator[tuple[str, int, str]]:
    """Of a piece of text: what is wrong in one word of ours, at which line, and the words it is wrong in."""
    for danger in dangers_in(source):
        yield danger.kind, danger.line, danger.words
    for garbled in garbled_in(source):
        yield ("garbled" if garbled.meant else "lost_letter"), garbled.line, garbled.written
    for number, line in enumerate(source.split("\n"), start=1):
        if _UNFIT.intersection(line):
            yield "control_character", number, ""
