"""The sheet a draft is written on: lines of TOML, remarks, and questions, each at its place and once more in a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.services.written_toml import key, written

LONGEST_REMARK = 200


@dataclass(slots=True)
class Sheet:
    """What is written so far. `margin` is what each line begins with."""

    lines: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    margin: str = ""

    def head(self, written_head: str, *, margin: str = "") -> None:
        """The head of a table of TOML after an empty line; what follows has this margin."""
        self.margin = margin
        self.lines += ["", f"{margin}{written_head}"]

    def say(self, name: str, value: object) -> None:
        """One key and its value."""
        self.lines.append(f"{self.margin}{key(name)} = {written(value, name)}")

    def offer(self, name: str, value: object) -> None:
        """The same behind a #, for a human to complete."""
        self.lines.append(f"{self.margin}# {key(name)} = {written(value, name)}")

    def offer_head(self, written_head: str) -> None:
        """The head of a table of TOML behind a #."""
        self.lines.append(f"{self.margin}# {written_head}")

    def remark(self, sentence: str) -> None:
        """Something good to know."""
        self.lines.append(f"{self.margin}# {shown(sentence)}")

    def ask(self, place: str, question: str) -> None:
        """A question, here and in the list."""
        self.lines.append(f"{self.margin}# ? {shown(question)}")
        self.questions.append(f"{shown(place)}: {shown(question)}")

    def say_all(self, values: Mapping[str, object]) -> None:
        """Several keys and their values."""
        for name, value in values.items():
            self.say(name, value)


def shown(text: str) -> str:
    """Words on one line of a comment, whatever the database's names and comments hold."""
    return "".join(c if c.isprintable() or c == "\N{NO-BREAK SPACE}" else f"\\u{ord(c):04x}" for c in text)


def shortened(comment: str) -> str:
    """A comment of the database, no longer than a line or two."""
    folded = " ".join(comment.split())
    return folded if len(folded) <= LONGEST_REMARK else folded[: LONGEST_REMARK - 1] + "…"


def listed(names: tuple[str, ...]) -> str:
    """Names one after the other."""
    return ", ".join(names)
