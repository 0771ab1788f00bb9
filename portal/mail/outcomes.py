"""What every transport must be able to do with a letter, and what can become of one (security.md F-13)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal.domain.outbox import WhyRefused
from portal.mail.letters import Letter


@dataclass(frozen=True, slots=True)
class Accepted:
    """The letter was taken; it is the next one's turn to carry it."""


@dataclass(frozen=True, slots=True)
class TemporarilyRefused:
    """Not taken now: a later try, with the same Message-ID, may succeed. `words` never hold the reader's address."""

    words: str
    why: WhyRefused = WhyRefused.NOT_NOW


@dataclass(frozen=True, slots=True)
class RefusedForGood:
    """Never to be taken: staff are told. `words` never hold the reader's address.

    `of_reader`: the server says that the reader's own address is at fault; otherwise we may be.
    """

    words: str
    why: WhyRefused = WhyRefused.REFUSED
    of_reader: bool = False


Outcome = Accepted | TemporarilyRefused | RefusedForGood


class Transport(Protocol):
    """A way letters leave. Nothing it meets is raised: all comes back as an outcome."""

    def deliver(self, letters: Iterable[Letter], *, now: datetime) -> Iterator[Outcome]:
        """Send letters one by one: each outcome is given, and can be kept, before the next one leaves."""

    def probe(self) -> Outcome:
        """Whether a letter could leave now, without sending one."""
