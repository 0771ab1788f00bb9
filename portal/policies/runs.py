"""Runs of words with one look, written as the inline Markdown of a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

_SPACES = re.compile(r"[ \u00a0]{2,}")
_SPECIAL = re.compile(r"[\\`*<]|(?<!\w)_|_(?!\w)")
_BEGINS_LIKE_A_BLOCK = re.compile(r"^(#{1,6}\s|[>+-]\s|[=~-]{3,})")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look; a line break is a line feed."""

    words: str
    bold: bool = False
    italic: bool = False
    href: str = ""


def markdown_of(runs: Sequence[Run], *, plain: bool = False) -> Iterator[str]:
    """The paragraphs that runs make: two line breaks end one. `plain`: one paragraph, no emphasis, no breaks."""
    if plain:
        words = "".join(_linked(run) for run in _joined(replace(run, bold=False, italic=False) for run in runs))
        line = _SPACES.sub(" ", words.replace("\n", " ")).strip(" \u00a0")
        if line:
            yield line
        return
    words = "".join(_written(run) for run in _joined(runs))
    for paragraph in re.split(r"\n[ \u00a0]*\n[\s\u00a0]*", words):
        lines = [_SPACES.sub(" ", line).strip(" \u00a0") for line in paragraph.split("\n")]
        text = "\\\n".join(line for line in lines if line)
        if text:
            yield _BEGINS_LIKE_A_BLOCK.sub(r"\\\1", text)


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbours of one look made one run."""
    for look, same in groupby(runs, key=lambda run: replace(run, words="")):
        yield replace(look, words="".join(run.words for run in same))


def _written(run: Run) -> str:
    """A run with its marks, which must touch the words: the spaces around them go outside."""
    mark = ("**" if run.bold else "") + ("*" if run.italic else "")
    if not mark or not run.words.strip():
        return _linked(run)
    lines = []
    for line in run.words.split("\n"):
        words = line.strip(" \u00a0")
        before, _, after = line.partition(words) if words else (line, "", "")
        lines.append(f"{before}{mark}{_linked(replace(run, words=words))}{mark[::-1]}{after}" if words else line)
    return "\n".join(lines)


def _linked(run: Run) -> str:
    words = _SPECIAL.sub(r"\\\g<0>", run.words)
    if not run.href or not run.words.strip():
        return words
    said = run.words.strip()
    if run.href.removeprefix("mailto:").split("?")[0].rstrip("/") == said.rstrip("/"):
        return words if run.href.startswith("mailto:") else f"<{run.href}>"
    address = re.sub(r"[()<> ]", lambda found: f"%{ord(found[0]):02X}", run.href)
    before, _, after = words.partition(words.strip())
    return f"{before}[{words.strip()}]({address}){after}"
