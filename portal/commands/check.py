"""`portal check`: everything that is wrong, at once, before a reader meets it."""

from __future__ import annotations

import argparse
from collections.abc import Collection

from portal.commands.opening import for_a_while, settings_of
from portal.commands.refusals import operator_language, words
from portal.config import SettingsInvalid
from portal.domain.settings import name_in_file
from portal.services import check as service
from portal.services.installation import Installation
from portal.services.readiness_checks import differences, further_checks, policy_notes
from portal.services.settings.changing import Standing
from portal.services.unmapped import Unmapped, unmapped, unproven


def check(parsed: argparse.Namespace) -> int:
    """Print every problem; exits 1 when there is one."""
    notes: list[str] = []
    left: list[Unmapped] = []
    untried: list[str] = []
    try:
        settings = settings_of(parsed)
        with for_a_while(settings) as portal:
            described = service.describe(settings, portal.sources)
            further = further_checks(portal, operator_language())
            found = service.problems(settings, portal.sources, further, described=described)
            left, untried = unmapped(settings, described), unproven(settings)
            differing = [_note(one) for one in differences(portal)]
            notes = [
                *differing,
                *_of_policies(portal),
                *_of_mail(portal),
                *_of_law(portal),
                *map(_of_map, left),
                *map(_of_kind, untried),
            ]
    except SettingsInvalid as error:
        found = list(error.problems)
    if parsed.json:
        print(service.as_json(found, {one.place: one.names for one in left}, untried))
    else:
        print("\n".join([*notes, *service.as_lines(found, operator_language())]))
    return 1 if found else 0


def _of_policies(portal: Installation) -> list[str]:
    """A version of before this portal, or of before this gate, is told what it lacks; it is no problem of this installation."""
    return [words("Note: %(problem)s", problem=one) for one in policy_notes(portal, operator_language())]


def _of_mail(portal: Installation) -> list[str]:
    """No mail server yet is a way to begin, and no problem; but nobody should find it out by waiting for a letter."""
    if portal.transport is not None:
        return []
    return [words("Note: the mail server is not set yet, in portal.toml, under [mail]: no e-mail leaves.")]


def _of_law(portal: Installation) -> list[str]:
    """A row in use that nobody has read for a year, or at all, is told: the portal cannot know better."""
    today, regimes = portal.today(portal.clock()), (portal.regime, *portal.other_regimes)
    bodies = {body.key: body for body in map(portal.law.body_of, regimes)}
    return [
        *(
            words("Note: %(regime)s: counsel has not read this regime in the last twelve months.", regime=regime.key)
            for regime in regimes
            if regime.wants_review(today)
        ),
        *(
            words(
                "Note: %(body)s: nobody has read how to reach this body at its source in the last twelve months.",
                body=body.key,
            )
            for body in bodies.values()
            if body.wants_check(today)
        ),
        *_of_grounds(portal, {regime.key for regime in regimes}),
    ]


def _of_grounds(portal: Installation, regimes: Collection[str]) -> list[str]:
    """Grounds of refusal that counsel has not confirmed are offered to staff all the same, so they are told too."""
    codes = [one.code for one in portal.law.grounds if one.regime in regimes and one.to_be_reviewed]
    if not codes:
        return []
    return [words("Note: grounds of refusal still to be reviewed by counsel: %(codes)s.", codes=", ".join(codes))]


def _of_map(one: Unmapped) -> str:
    """What the map leaves out may be nobody's; an operator should know it all the same."""
    names = ", ".join(one.names)
    if one.table is None:
        return _on_one_line(
            words("Note: %(place)s: the map does not mention these tables: %(names)s", place=one.place, names=names)
        )
    return _on_one_line(
        words("Note: %(place)s: the map does not mention these columns: %(names)s", place=one.place, names=names)
    )


def _of_kind(source_id: str) -> str:
    """Any database that SQLAlchemy speaks to may be tried; nobody should rely on it before that."""
    return words(
        "Note: %(source)s: the portal’s own tests do not run on this kind of database, so it is unproven; first run: portal sources test %(source)s",
        source=source_id,
    )


def _on_one_line(note: str) -> str:
    """A note on one line of its own, whatever the names of a database hold."""
    return "".join(c if c.isprintable() or c == "\N{NO-BREAK SPACE}" else f"\\u{ord(c):04x}" for c in note)


def _note(one: Standing) -> str:
    """A difference is no problem: what the officer wrote counts, and the operator should know it."""
    return words(
        "Note: %(key)s: the officer set this otherwise in the browser, and that counts.", key=name_in_file(one.key)
    )
