"""`portal sources`: what the data map finds, for the operator who writes it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from portal.cli import Refused
from portal.commands.opening import installation_of
from portal.commands.refusals import words
from portal.domain.data_map import Column, Table
from portal.services.addresses import BadAddress, canonical_address
from portal.services.identities import identities_of
from portal.services.installation import Installation
from portal.sources.base import Key, Row, SourceUnavailable

if TYPE_CHECKING:
    from portal.services.source_checks import Outcome

SHOWN = 5
"""Rows shown of each table: enough to see whether the map finds the right ones."""


def list_sources(parsed: argparse.Namespace) -> int:
    """Print each source, its kind, and whether it answers."""
    portal = installation_of(parsed)
    silent = 0
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
    from portal.services import source_checks, source_trials

    portal = installation_of(parsed)
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
    portal = installation_of(parsed)
    try:
        found = identities_of(portal, canonical_address(parsed.email))
    except BadAddress as error:
        raise Refused(words("%(address)s is not an e-mail address.", address=parsed.email)) from error
    for source_id in sorted(found.away):
        print(words("%(source)s does not answer.", source=source_id))
    for source_id in sorted(found.shared):
        print(words("%(source)s knows several people under this address.", source=source_id))
    for category, table in portal.data_map.tables():
        key = found.keys.get(table.name.source)
        if key is not None:
            _print_table(portal, category.id, table, key, reveal=parsed.reveal)
    if not found.keys and not found.away:
        print(words("No source knows this address."))
    return 1 if found.away else 0


def _print_table(portal: Installation, category: str, table: Table, key: Key, *, reveal: bool) -> None:
    source = portal.sources[table.name.source]
    count = source.count(table, key, bound=10_000)
    print(f"{category}\t{table.name}\t{count}")
    for row in source.page(table, key, after=None, limit=SHOWN).rows:
        print("  " + "  ".join(f"{column.name}={_shown(row, column, reveal=reveal)}" for column in table.columns))


def _shown(row: Row, column: Column, *, reveal: bool) -> str:
    if column.show == "held":
        return words("held")
    value = row.get(column.name)
    if value is None:
        return "-"
    return repr(value) if reveal else "•" * min(len(str(value)), 8)
