"""`portal mail`: the outbox, counted and tried again."""

from __future__ import annotations

import argparse

from portal.commands.opening import installation_of
from portal.commands.refusals import words
from portal.domain.outbox import LetterState
from portal.services.letters import retry_refused


def status(parsed: argparse.Namespace) -> None:
    """Count letters by what became of them, and say since when the oldest waits."""
    portal = installation_of(parsed)
    with portal.database.reading() as store:
        numbers, oldest = store.letters.numbers(), store.letters.oldest(LetterState.WAITING)
    for state, number in numbers.items():
        print(f"{state.value}\t{number}")
    if oldest:
        print(words("The oldest waits since %(moment)s.", moment=oldest.isoformat(timespec="seconds")))


def retry(parsed: argparse.Namespace) -> None:
    """Put refused letters back in the queue."""
    portal = installation_of(parsed)
    with portal.database.writing() as store:
        number = retry_refused(store, portal.clock())
    print(words("Letters put back in the queue: %(number)s.", number=number))
