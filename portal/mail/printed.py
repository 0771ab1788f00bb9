"""Paper: each letter becomes a page to print and post, in a folder of its own."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal.mail.letters import Letter
from portal.mail.outcomes import Accepted, Outcome, TemporarilyRefused


@dataclass(frozen=True, slots=True)
class PrintedTransport:
    """A folder of letters to print; only its owner may read it."""

    folder: Path

    def deliver(self, letters: Iterable[Letter], *, now: datetime) -> Iterator[Outcome]:
        """Write each letter to its file; a repeat writes the same file again, so that nobody posts it twice."""
        for letter in letters:
            yield self._write(letter, now)

    def probe(self) -> Outcome:
        """Whether the folder can be written."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            return TemporarilyRefused(error.strerror or type(error).__name__)
        return Accepted()

    def _write(self, letter: Letter, now: datetime) -> Outcome:
        token = re.sub(r"[^A-Za-z0-9-]+", "-", letter.message_id.strip("<>").rpartition("@")[0])
        finished = self.folder / f"{letter.reference or letter.kind.value}-{token}.html"
        if finished.exists():
            return Accepted()
        envelope = f'<p class="envelope">{html.escape(letter.to)}</p>\n<main'
        page = letter.html.replace("<main", envelope, 1)
        unfinished = finished.with_suffix(".unfinished")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished.touch(mode=0o600)
            unfinished.write_text(page, encoding="utf-8")
            unfinished.rename(finished)
        except OSError as error:
            return TemporarilyRefused(error.strerror or type(error).__name__)
        return Accepted()
