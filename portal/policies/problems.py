"""What is wrong with a policy, said so that whoever wrote it can mend it, in their language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.domain.languages import Language
from portal.domain.policies import Disparity
from portal.wording.catalogue import for_language
from portal.wording.policy_tasks import disparity_sentence


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """One thing to fix: in which file, under which key (a setting or a section), at which line when known.

    `message`: a sentence of the catalogue, or one put in words already. `arguments`: what goes into it as it is;
    `expected`: what does once it is put in words too. `disparity`: what says it all, in the place of a message.
    """

    file: str
    key: str
    code: str
    message: str
    line: int | None = None
    arguments: Mapping[str, object] = field(default_factory=dict)
    expected: str = ""
    disparity: Disparity | None = None

    def __str__(self) -> str:
        """The form `portal check` prints, `FILE: KEY: sentence`, with the line where it is known."""
        return f"{self.file}: {self.key}: {self.sentence('en')}"

    def sentence(self, language: Language) -> str:
        """What is to be mended, and at which line."""
        said = self._in_words(language)
        if self.line is None:
            return said
        return for_language(language).gettext("line %(line)s: %(said)s", line=self.line, said=said)

    def _in_words(self, language: Language) -> str:
        if self.disparity:
            return disparity_sentence(self.disparity, language)
        words = for_language(language)
        expected = {"expected": words.gettext(self.expected)} if self.expected else {}
        return words.gettext(self.message, **self.arguments, **expected)


class PolicyFolderInvalid(Exception):
    """A version's folder cannot be read as it is; `problems` names everything wrong with it at once."""

    def __init__(self, problems: Sequence[PolicyProblem]) -> None:
        """Carry the problems, never empty."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
