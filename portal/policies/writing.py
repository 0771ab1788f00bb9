"""Writes sections as the Markdown of a policy folder, so that what is read back is exactly what was written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from portal.domain.languages import Language
from portal.domain.policies import Section
from portal.policies.markdown import only_blocks
from portal.policies.reading import read_text

_LOWEST_INSIDE = 3
"""Headings inside a section begin at ###: ## begins a section."""
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
"""What can be pasted and not seen: soft hyphens, zero-width spaces, marks that reorder what is around them."""
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\u0085\u2028\u2029]")
_AFTER = Section("after", "After", "After.")


def written(sections: Sequence[Section]) -> str:
    """The Markdown source of a text: `## Title {#key covers="…"}` and the body, for each section."""
    return "\n".join(f"{_heading(section)}\n\n{section.body_markdown}\n" for section in sections)


def _heading(section: Section) -> str:
    covers = f' covers="{" ".join(section.covers)}"' if section.covers else ""
    return f"## {section.title} {{#{section.key}{covers}}}"


def visible(text: str) -> str:
    """The text without what cannot be seen, composed, with one kind of line end; tabs become spaces."""
    lines = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text)).replace("\t", "    ")
    kept = "".join(sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs", "Cn"})
    return _INVISIBLE.sub("", kept)


def tidy_title(typed: str) -> str:
    """A title on one line, without a key or number signs of its own."""
    line = " ".join(re.sub(r"\{#[^}]*\}?|[{}]{1,2}#", "", visible(typed)).split(" "))
    return re.sub(r"\s*\n\s*", " ", line).strip(" #\\")


def tidy_body(typed: str) -> str:
    """The body of a section, its headings brought under the section's own."""
    lines = [line.rstrip(" ") for line in visible(typed).split("\n")]
    while lines and not lines[0].strip("\u00a0 "):
        lines.pop(0)
    return _with_lower_headings("\n".join(lines)).strip("\n")


def is_readable(language: Language, section: Section) -> bool:
    """Whether a section ends where it should: read back with another after it, both are found as they were written."""
    text, _ = read_text(language, written((section, _AFTER)))
    return tuple(text.sections) == (section, _AFTER)


def _with_lower_headings(body: str) -> str:
    """Headings `#` and `##`, and underlined ones, written as `###`."""
    lines = body.split("\n")
    for token in reversed(only_blocks(body)):
        if token.type != "heading_open" or token.level or not token.map or int(token.tag[1]) >= _LOWEST_INSIDE:
            continue
        first, after = token.map
        words = " ".join(line.strip() for line in lines[first : after - 1 if token.markup in {"=", "-"} else after])
        lines[first:after] = [f"{'#' * _LOWEST_INSIDE} {words.lstrip('# ')}"]
    return "\n".join(lines)
