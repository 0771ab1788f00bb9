"""`portal sources`: what the data map finds, for the operator who writes it.

The portal's own database need not be there, so that a map can be tried before the portal is first started.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from portal.cli import Refused, WrongUsage
from portal.commands.opening import for_a_while, settings_of
from portal.commands.refusals import operator_language, words
from portal.domain.data_map import Column, Table
from portal.services.addresses import BadAddress, canonical_address
from portal.services.identities import addresses_together, identities_of
from portal.services.installation import Installation
from portal.services.map_drafts import suggesting
from portal.services.map_drafts.writing import Written
from portal.sources.base import DriverMissing, Key, Row, SourceUnavailable

if TYPE_CHECKING:
    from portal.services.source_checks import Outcome

SHOWN = 5
"""Rows shown of each table: enough to see whether the map finds the right ones."""


def list_sources(parsed: argparse.Namespace) -> int:
    """Print each source, its kind, and whether it answers."""
    silent = 0
    with for_a_while(settings_of(parsed)) as portal:
        for source in portal.settings.sources:
            try:
                portal.sources[source.id].describe()
                state = words("answers")
            except SourceUnavailable:
                silent += 1
                state = words("does not answer")
            print(f"{source.id}\t{source.kind}\t{state}")
    return 1 if silent else 0


def test(parsed: argparse.Namespace) -> int:
    """Print what becomes of each check of one source; no value of anybody's is printed."""
    with for_a_while(settings_of(parsed)) as portal:
        return _test(portal, parsed)


def _test(portal: Installation, parsed: argparse.Namespace) -> int:
    from portal.services import source_checks, source_trials

    now = portal.clock()
    if parsed.id not in portal.sources:
        raise Refused(words("There is no source %(source)s in portal.toml.", source=parsed.id))
    wrong = _print_outcomes(source_checks.reading(portal, parsed.id, now))
    if parsed.write:
        try:
            address = canonical_address(parsed.write)
            wrong += _print_outcomes(source_trials.writing(portal, parsed.id, address, now))
        except (BadAddress, source_trials.NotOne) as error:
            raise Refused(words("%(source)s does not know exactly one person there.", source=parsed.id)) from error
        except SourceUnavailable as error:
            raise Refused(words("%(source)s does not answer.", source=parsed.id)) from error
    return 1 if wrong else 0


def _print_outcomes(outcomes: Iterable[Outcome]) -> int:
    """Print each as soon as it is known; gives how many are wrong."""
    states = {"well": words("well"), "wrong": words("wrong"), "skipped": words("nothing to look at")}
    wrong = 0
    for one in outcomes:
        wrong += one.state == "wrong"
        why = words(one.why.sentence, **one.why.values) if one.why and one.why.sentence else ""
        said = " ".join(filter(None, (words(one.sentence), why)))
        print("\t".join((states[one.state], one.about, said)), flush=True)
    return wrong


def preview(parsed: argparse.Namespace) -> int:
    """Print what the map finds for one person; values are masked unless asked for."""
    with for_a_while(settings_of(parsed)) as portal:
        return _preview(portal, parsed)


def _preview(portal: Installation, parsed: argparse.Namespace) -> int:
    try:
        address = canonical_address(parsed.email)
    except BadAddress as error:
        raise Refused(words("%(address)s is not an e-mail address.", address=parsed.email)) from error
    found = identities_of(portal, *addresses_together(portal, address))
    for other in found.addresses[1:]:
        print(words("Also under %(address)s, which the person has shown to be theirs.", address=other))
    for source_id in sorted(found.away):
        print(words("%(source)s does not answer.", source=source_id))
    for source_id in sorted(found.shared):
        print(words("%(source)s knows several people under this address.", source=source_id))
    for category, table in portal.data_map.tables():
        for one in found.in_source(table.name.source):
            _print_table(portal, category.id, table, one.key, reveal=parsed.reveal)
    if not found.known and not found.away:
        print(words("No source knows this address."))
    return 1 if found.away else 0


def suggest(parsed: argparse.Namespace) -> None:
    """Print a draft of the map of a database, or write it into a new file; its questions are listed on stderr."""
    settings = Path(parsed.config or os.environ.get("PORTAL_CONFIG") or "portal.toml")
    asked = suggesting.Asked(parsed.url, parsed.id, parsed.schema, operator_language())
    drafted = _drafted(asked, suggesting.taken_in(settings))
    if parsed.output is None:
        print(drafted.text, end="")
    else:
        _write_new(Path(parsed.output), drafted.text)
    _tell_questions(drafted)


def _drafted(asked: suggesting.Asked, taken: suggesting.Taken) -> Written:
    """The draft. No refusal repeats the address, which may hold a password."""
    try:
        return suggesting.suggest(asked, folder=Path.cwd(), environ=os.environ, taken=taken)
    except suggesting.BadAddress as error:
        raise WrongUsage(
            words(
                "This is not the address of a database, such as postgresql://user@host/shop or sqlite:////srv/shop.db."
            )
        ) from error
    except suggesting.BadId as error:
        raise WrongUsage(
            words("The name of a source (--id) is made of a-z, 0-9 and -, and begins with a letter.")
        ) from error
    except suggesting.IdTaken as error:
        raise Refused(
            words("The settings have a source named %(id)s already. Give this one another name with --id.", id=asked.id)
        ) from error
    except suggesting.VariableMissing as error:
        raise Refused(words("The environment has no variable %(name)s.", name=error)) from error
    except suggesting.NothingThere as error:
        raise Refused(words("This database shows the portal no table. A schema is named with --schema.")) from error
    except DriverMissing as error:
        raise Refused(
            words(
                "No Python package installed here speaks to this kind of database. Install its SQLAlchemy driver first."
            )
        ) from error
    except SourceUnavailable as error:
        raise Refused(words("This database does not answer, or has no such schema.")) from error


def _write_new(file: Path, text: str) -> None:
    """Write a file that was not there: a map somebody completed is never written over."""
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise Refused(words("%(file)s is already there: nothing was touched.", file=file)) from error


def _tell_questions(drafted: Written) -> None:
    print(words("The draft asks the following, on lines that begin with # ?"), file=sys.stderr)
    for question in drafted.questions:
        print(f"- {question}", file=sys.stderr)


def _print_table(portal: Installation, category: str, table: Table, key: Key, *, reveal: bool) -> None:
    source = portal.sources[table.name.source]
    count = source.count(table, key, bound=10_000)
    print(f"{category}\t{table.name}\t{count}")
    for row in source.page(table, key, after=None, limit=SHOWN).rows:
        print("  " + "  ".join(f"{column.name}={_shown(row, column, reveal=reveal)}" for column in table.columns))


def _shown(row: Row, column: Column, *, reveal: bool) -> str:
    if column.show != "plain":
        return words("held") if column.show == "held" else words("another person’s")
    value = row.get(column.name)
    if value is None:
        return "-"
    return repr(value) if reveal else "•" * min(len(str(value)), 8)
