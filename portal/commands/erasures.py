"""`portal erasures`: prove the ledger, find people who came back with a backup, and erase them again."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime

from portal.cli import Refused, WrongUsage
from portal.commands.backup import finish, say_back, say_who_may_be_others
from portal.commands.opening import for_a_while, refuse_other_schema, settings_of
from portal.commands.refusals import words
from portal.services import ledger, replay
from portal.services.installation import Installation
from portal.services.replay import Back
from portal.sources.base import SourceRefused, SourceUnavailable


def verify(parsed: argparse.Namespace) -> int:
    """Prove every entry of the ledger, then list who came back; 1 when somebody did. Changes nothing."""
    with for_a_while(settings_of(parsed)) as portal:
        refuse_other_schema(portal.database)
        number = sum(1 for _ in ledger.entries_of(portal))
        print(words("Entries of the erasure ledger, each proved: %(number)s.", number=number), flush=True)
        return 1 if _list(_found(portal, None)) else 0


def replay_again(parsed: argparse.Namespace) -> None:
    """Erase again whoever came back, less what a hold keeps; first, what a restored backup still waits for."""
    with for_a_while(settings_of(parsed)) as portal:
        refuse_other_schema(portal.database)
        if not finish(portal):
            _erase_again(portal, parsed.since, others_too=parsed.under_another_address)


def _erase_again(portal: Installation, since: str | None, *, others_too: bool) -> None:
    people = rows = 0
    found = _found(portal, _instant(portal, since))
    spared = [] if others_too else [back for back in found if not back.certain]
    for back in (back for back in found if back not in spared):
        try:
            rows += replay.erase_again(portal, back, now=portal.clock())
        except SourceUnavailable as error:
            raise Refused(words("%(source)s does not answer.", source=back.source)) from error
        except SourceRefused as error:
            raise Refused(words("%(source)s refuses to delete it.", source=back.source)) from error
        people += 1
        say_back(back)
    with portal.database.writing() as store:
        store.ledger.looked(0)
    print(words("People erased again: %(people)s. Rows: %(rows)s.", people=people, rows=rows))
    say_who_may_be_others(spared)


def _list(found: list[Back]) -> int:
    certain = [back for back in found if back.certain]
    for back in certain:
        say_back(back)
    if certain:
        print(
            words("People who came back: %(people)s. To erase them again: portal erasures replay", people=len(certain))
        )
    say_who_may_be_others([back for back in found if not back.certain])
    if not found:
        print(words("Nobody who was erased came back."))
    return len(found)


def _found(portal: Installation, since: datetime | None) -> list[Back]:
    erased = replay.remembered(portal, since=since)
    try:
        return list(replay.people_back(portal, erased, now=portal.clock()))
    except SourceUnavailable as error:
        raise Refused(words("A source does not answer: portal sources list says which.")) from error


def _instant(portal: Installation, typed: str | None) -> datetime | None:
    """The first instant of a day in the organization's time zone."""
    if typed is None:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError as error:
        raise WrongUsage(words("%(value)s is not a date such as 2026-11-28.", value=typed)) from error
    return datetime(day.year, day.month, day.day, tzinfo=portal.settings.zone).astimezone(UTC)
