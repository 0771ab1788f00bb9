"""`portal mail`: the outbox, counted and tried again."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from portal.cli import FAILED, WELL, Refused
from portal.commands.opening import installation_of
from portal.commands.refusals import words
from portal.domain.outbox import LetterState
from portal.mail.bounces import LARGEST
from portal.services.bounces import Taken, take
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


def bounce(parsed: argparse.Namespace) -> int:
    """Read one report of letters that did not arrive, and mark whom it is about."""
    raw = _read(parsed.file)
    portal = installation_of(parsed)
    with portal.database.writing() as store:
        taken = take(portal, store, raw, portal.clock())
    said = {
        Taken.MARKED: words("Marked: the letter did not arrive."),
        Taken.KNOWN: words("Nothing to do: this was known already."),
        Taken.NOT_OURS: words("The report is about no letter of a notice of ours."),
        Taken.NO_REPORT: words("This is no report of a letter that did not arrive (RFC 3464)."),
    }
    print(said[taken])
    return WELL if taken in {Taken.MARKED, Taken.KNOWN} else FAILED


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(LARGEST)
    try:
        with Path(file).open("rb") as stream:
            return stream.read(LARGEST)
    except OSError as error:
        raise Refused(words("%(file)s cannot be read: %(why)s", file=file, why=error.strerror)) from None
