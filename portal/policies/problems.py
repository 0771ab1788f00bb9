"""What is wrong with a policy, said so that whoever wrote it can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """One thing to fix: in which file, under which key (a setting or a section), at which line when known."""

    file: str
    key: str
    code: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        """The form `portal check` prints, `FILE: KEY: sentence`, with the line where it is known."""
        return f"{self.file}: {self.key}: {self.sentence}"

    @property
    def sentence(self) -> str:
        """What is to be mended, and at which line."""
        return f"line {self.line}: {self.message}" if self.line else self.message


class PolicyFolderInvalid(Exception):
    """A version's folder cannot be read as it is; `problems` names everything wrong with it at once."""

    def __init__(self, problems: Sequence[PolicyProblem]) -> None:
        """Carry the problems, never empty."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
