"""What `portal check` asks beside the map: the database's schema, the policy in force, the way letters leave, the French."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from portal.config import Problem, Settings
from portal.domain.languages import Language
from portal.domain.ledger import KeyMissing, LedgerAway, LedgerBroken, LedgerCut, LedgerRefused, OtherLedger
from portal.mail.outcomes import Accepted
from portal.policies.problems import PolicyProblem
from portal.services.check import Check
from portal.services.installation import Installation
from portal.services.ledger import prove_the_end
from portal.services.policy_folders import only_told, problems_of_published
from portal.services.settings.changing import Standing, differing
from portal.storage import schema
from portal.storage.database import DatabaseAway
from portal.wording.catalogue import for_language
from portal.wording.ledger_words import refusal_sentence


def further_checks(portal: Installation, language: Language = "en") -> Iterable[Check]:
    """The checks that need the installation, each giving its problems; those of the policies in the language named."""
    return (
        lambda settings: _database(portal, settings),
        lambda settings: _ledger(portal, settings),
        lambda settings: _mail(portal, settings),
        lambda _settings: _published(portal, language),
        _translations,
    )


def differences(portal: Installation) -> list[Standing]:
    """Where an officer wrote something else than the file; nothing while the database cannot say."""
    try:
        with portal.database.reading() as store:
            return differing(portal, store) if schema.is_head(store.connection) else []
    except DatabaseAway:
        return []


def policy_notes(portal: Installation, language: Language) -> list[PolicyProblem]:
    """What versions in force lack today that is no problem of the installation; nothing while the database cannot say."""
    try:
        with portal.database.reading() as store:
            return list(only_told(portal, store, language)) if schema.is_head(store.connection) else []
    except DatabaseAway:
        return []


def _database(portal: Installation, settings: Settings) -> Iterator[Problem]:
    file = _file(settings)
    try:
        with portal.database.reading() as store:
            if schema.is_newer(store.connection):
                yield Problem(file, "database.url", "schema_newer", "the database was made by a newer version")
            elif not schema.is_head(store.connection) and not schema.is_empty(store.connection):
                yield Problem(file, "database.url", "schema_behind", "the schema is behind; run: portal db upgrade")
    except DatabaseAway:
        yield Problem(file, "database.url", "database_away", "the portal's database does not answer")


def _ledger(portal: Installation, settings: Settings) -> Iterator[Problem]:
    """The key opens the last entry, and nothing that was written is missing: erasures wait otherwise."""
    try:
        with portal.database.reading() as store:
            if not schema.is_head(store.connection):
                return
        prove_the_end(portal)
    except DatabaseAway:
        return
    except LedgerRefused as error:
        yield Problem(_file(settings), "ledger.url", _LEDGER_CODES[type(error)], refusal_sentence(error, "en"))


_LEDGER_CODES: Mapping[type[LedgerRefused], str] = {
    LedgerAway: "ledger_away",
    LedgerBroken: "ledger_broken",
    LedgerCut: "ledger_cut",
    KeyMissing: "ledger_key",
    OtherLedger: "ledger_other",
}


def _mail(portal: Installation, settings: Settings) -> Iterator[Problem]:
    if portal.transport is None:
        return
    outcome = portal.transport.probe()
    if not isinstance(outcome, Accepted):
        yield Problem(_file(settings), "mail.url", "mail_refused", f"letters cannot leave: {outcome.words}")


def _published(portal: Installation, language: Language) -> Iterator[Problem]:
    """Published versions are what they were, and those people read or will read pass the gate today."""
    try:
        with portal.database.reading() as store:
            if schema.is_head(store.connection):
                yield from list(problems_of_published(portal, store, language))
    except DatabaseAway:
        return


def _translations(settings: Settings) -> Iterator[Problem]:
    if for_language("fr").gettext("Sign in") == "Sign in":
        yield Problem("translations/fr", "", "catalogue_missing", "the French catalogue is missing")


def _file(settings: Settings) -> str:
    return settings.file.name if settings.file else "portal.toml"
