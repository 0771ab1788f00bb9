"""Faults of French spacing, by Québec usage, so that a gate can refuse them (law.md §4.3, §4.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_EXEMPT = re.compile(
    r"""
    `[^`]*`                               # code
    | \b[a-z][a-z0-9+.-]*://\S+           # addresses
    | \b(?:mailto|tel|data|urn|mailbox|print|sqlite):\S*
    | \[::\S*\]                           # network addresses
    | \b\d{1,2}:\d{2}(?::\d{2})?\b        # times in tables
    """,
    re.VERBOSE,
)

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("no space before ; ! ?", re.compile(r"[^\S\n][;!?]+")),
    ("no-break space before :", re.compile(r"(?<!\u00a0):")),
    ("a space after :", re.compile(r":(?=[^\W_])")),
    ("no-break space after «", re.compile(r"«(?!\u00a0)")),
    ("no-break space before »", re.compile(r"(?<!\u00a0)»")),
    ("no-break space before %", re.compile(r"\d[^\S\u00a0]?%(?!\()")),
    ("no-break space before $", re.compile(r"\d[^\S\u00a0]?\$")),
    ("no-break spaces around h in times", re.compile(r"\b\d{1,2}(?:h\d{0,2}\b|[^\S\u00a0]h\b|\u00a0h[^\S\u00a0]\d)")),
)


_BREAKABLE = re.compile(r"(?<=\S) (?=:(?:\s|\*|$))|« | »", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SpacingFault:
    """One fault: the rule, where it is broken, and the words around it."""

    rule: str
    position: int
    excerpt: str


def french_spacing_faults(text: str) -> list[SpacingFault]:
    """Every fault in a French text, in order; addresses, times in figures and code between backquotes are let be."""
    prose = _EXEMPT.sub(lambda found: "x" * len(found[0]), text)
    faults = [
        SpacingFault(rule, found.start(), text[max(0, found.start() - 20) : found.end() + 20])
        for rule, pattern in _RULES
        for found in pattern.finditer(prose)
    ]
    return sorted(faults, key=lambda fault: (fault.position, fault.rule))


def with_no_break_spaces(text: str) -> str:
    """A French text whose ordinary spaces before a colon and inside guillemets no longer break; nothing else changes."""
    return _BREAKABLE.sub(lambda found: found[0].replace(" ", "\u00a0"), text)
