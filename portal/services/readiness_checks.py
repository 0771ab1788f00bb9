"""What `portal check` asks beside the map: the database's schema, the policy in force, the way letters leave, the French."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from portal.config import Problem, Settings
from portal.domain.languages import Language
from portal.domain.policies import Version
from portal.domain.policy_coverage import is_recipient
from portal.mail.outcomes import Accepted
from portal.policies.problems import PolicyProblem
from portal.services import policies
from portal.services.check import Check
from portal.services.installation import Installation
from portal.services.policy_gate import RECIPIENT_UNSAID, lacking
from portal.services.settings.changing import Standing, differing
from portal.storage import schema
from portal.storage.database import DatabaseAway
from portal.wording.catalogue import for_language


def further_checks(portal: Installation, language: Language = "en") -> Iterable[Check]:
    """The checks that need the installation, each giving its problems; those of the policy in the language named."""
    return (
        lambda settings: _database(portal, settings),
        lambda settings: _mail(portal, settings),
        lambda _settings: _policy(portal, language),
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
    """What the policy in force lacks that is no problem of the installation: it is told, and stays as it was."""
    version, lacking = _policy_in_force_lacks(portal, language)
    return [found for found in lacking if version and _is_only_told(version, found)]


def _policy_in_force_lacks(portal: Installation, language: Language) -> tuple[Version | None, list[PolicyProblem]]:
    """The policy in force, if any, and all it lacks today; nothing while the database cannot say."""
    try:
        with portal.database.reading() as store:
            version = policies.in_force(portal, store, portal.clock()) if schema.is_head(store.connection) else None
            return version, lacking(portal, store, version, language) if version else []
    except DatabaseAway:
        return None, []


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


def _mail(portal: Installation, settings: Settings) -> Iterator[Problem]:
    if portal.transport is None:
        return
    outcome = portal.transport.probe()
    if not isinstance(outcome, Accepted):
        yield Problem(_file(settings), "mail.url", "mail_refused", f"letters cannot leave: {outcome.words}")


def _policy(portal: Installation, language: Language) -> Iterator[Problem]:
    """What the policy in force lacks and should not; the rest is told (`policy_notes`)."""
    version, lacking = _policy_in_force_lacks(portal, language)
    for found in lacking:
        if version and not _is_only_told(version, found):
            yield Problem(found.file, found.key, found.code, found.message)


def _is_only_told(version: Version, found: PolicyProblem) -> bool:
    """Whether a version stays as it was: one older than the portal, or one of before recipients had names in `covers`."""
    names = (name for text in version.texts.values() for section in text.sections for name in section.covers)
    return version.imported or (found.code == RECIPIENT_UNSAID and not any(map(is_recipient, names)))


def _translations(settings: Settings) -> Iterator[Problem]:
    if for_language("fr").gettext("Sign in") == "Sign in":
        yield Problem("translations/fr", "", "catalogue_missing", "the French catalogue is missing")


def _file(settings: Settings) -> str:
    return settings.file.name if settings.file else "portal.toml"
