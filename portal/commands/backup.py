"""`portal backup` and `portal restore`: the portal's own database as one file, and back, without bringing anybody back."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from portal.cli import Refused
from portal.commands.alone import nobody_works
from portal.commands.opening import for_a_while, refuse_other_schema, settings_of
from portal.commands.refusals import operator_language, words
from portal.services import backups
from portal.services.backups import BadBackup, CannotCopy, Finished
from portal.services.installation import Installation
from portal.services.replay import Back
from portal.sources.base import SourceRefused, SourceUnavailable
from portal.wording.dates import date_long


def backup(parsed: argparse.Namespace) -> None:
    """Write a backup while the portal runs, read it through, and say what it does not hold."""
    file = Path(parsed.file)
    with for_a_while(settings_of(parsed)) as portal:
        refuse_other_schema(portal.database)
        try:
            manifest = backups.back_up(portal, file, now=portal.clock())
        except FileExistsError as error:
            raise Refused(words("%(file)s is there already, and is left as it is.", file=file)) from error
        except BadBackup as error:
            raise Refused(_why_bad(error, file)) from error
        except CannotCopy as error:
            raise _cannot(error) from error
    moment = manifest.made_at.isoformat(timespec="seconds")
    print(words("Written and read through: %(file)s (%(moment)s).", file=file, moment=moment))
    print(words("It holds personal information: keep it locked up, and destroy it within 35 to 90 days."))
    print(words("Keep apart: portal.toml, its secret, and the erasure ledger, which is never restored."))


def restore(parsed: argparse.Namespace) -> None:
    """Put a backup back, erase again whoever was erased since, and list the requests that came since."""
    settings = settings_of(parsed)
    with for_a_while(settings) as portal:
        with nobody_works(settings, portal.database):
            _put_back(portal, Path(parsed.file), without_ledger=parsed.without_ledger)
        finish(portal)


def finish(portal: Installation) -> bool:
    """Do what a restored backup waits for, and say it; False when none does.

    Raises:
        Refused: a source does not answer or refuses; the portal stays closed.
    """
    try:
        done = backups.finish(portal, now=portal.clock())
    except (SourceUnavailable, SourceRefused) as error:
        raise Refused(
            words(
                "A source does not answer or refuses, so that people erased since the backup may be back there. The portal "
                "stays closed until this ends well: portal erasures replay"
            )
        ) from error
    if done is not None:
        _say(portal, done)
    return done is not None


def say_back(back: Back) -> None:
    """One line for each table: the reference, the table and how many rows; nobody is named."""
    for (_, table), number in back.rows.items():
        print(f"{back.reference}\t{table}\t{number}", flush=True)


def say_who_may_be_others(found: Sequence[Back]) -> None:
    """Whoever has the key of somebody erased and another address, and what to do about them."""
    for back in found:
        say_back(back)
    if found:
        print(
            words(
                "Not erased, since they have another address and may be somebody else: %(people)s. If you know that they "
                "are the people erased: portal erasures replay --under-another-address",
                people=len(found),
            )
        )


def _put_back(portal: Installation, file: Path, *, without_ledger: bool) -> None:
    try:
        with backups.opened(portal, file) as (manifest, copy):
            if not without_ledger:
                backups.prove_ledger(portal, manifest)
            aside = backups.put_back(portal, manifest, copy, without_ledger=without_ledger)
    except BadBackup as error:
        raise Refused(_why_bad(error, file)) from error
    except CannotCopy as error:
        raise _cannot(error) from error
    if aside:
        print(words("What was there before is now %(file)s. Destroy it once all is well.", file=aside), flush=True)


def _say(portal: Installation, done: Finished) -> None:
    print(words("People erased again: %(people)s. Rows: %(rows)s.", people=done.people, rows=done.rows))
    say_who_may_be_others(done.doubtful)
    print(words("Requests received after the backup: %(number)s.", number=len(done.lost)))
    language = operator_language()
    for one in done.lost:
        received = portal.today(one.received_at)
        print(f"{one.reference}\t{date_long(received, language)}\t{date_long(one.due, language)}")


def _why_bad(error: BadBackup, file: Path) -> str:
    return {
        BadBackup.NOT_ONE: words("%(file)s is no backup of a portal.", file=file),
        BadBackup.NOT_OURS: words(
            "%(file)s was not written by this portal, or with a secret that portal.toml does not name any more.",
            file=file,
        ),
        BadBackup.HARMED: words("%(file)s is not as it was written. Use another backup.", file=file),
        BadBackup.OTHER_KIND: words("%(file)s is of another kind of database than the one of portal.toml.", file=file),
        BadBackup.NEWER: words("%(file)s was made by a newer version of the portal. Install that version.", file=file),
    }[error.why]


def _cannot(error: CannotCopy) -> Refused:
    return Refused(words("The database could not be copied: %(reason)s.", reason=error.reason))
