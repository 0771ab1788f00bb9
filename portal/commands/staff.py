"""`portal staff`: who works with the requests."""

from __future__ import annotations

import argparse

from portal.cli import Refused
from portal.commands.opening import installation_of
from portal.commands.refusals import words
from portal.config import Settings
from portal.domain.languages import Language
from portal.domain.rights import Role
from portal.services import members as service
from portal.services.addresses import BadAddress, canonical_address


def add(parsed: argparse.Namespace) -> None:
    """Add a member and print the one-time link that lets them in."""
    portal = installation_of(parsed)
    address = _address(parsed.email)
    with portal.database.writing() as store:
        token = service.add(portal, store, address, Role(parsed.role), language=parsed.language)
    print(one_time_link(portal.settings, parsed.language, token))


def one_time_link(settings: Settings, language: Language, token: str) -> str:
    """The address of a one-time link."""
    path = {"en": "/en/sign-in/link/", "fr": "/fr/connexion/lien/"}[language]
    return f"{settings.site.url}{path}{token}"


def list_staff(parsed: argparse.Namespace) -> None:
    """Print each member: address, role, and whether they are shut out."""
    portal = installation_of(parsed)
    with portal.database.reading() as store:
        for member in store.staff.all():
            state = words("active") if member.active else words("disabled")
            print(f"{member.address}\t{member.role.value}\t{state}")


def disable(parsed: argparse.Namespace) -> None:
    """Shut a member out: sessions end at once, one-time links die."""
    portal = installation_of(parsed)
    with portal.database.writing() as store:
        if not service.disable(portal, store, _address(parsed.email)):
            raise Refused(words("No member of staff has the address %(address)s.", address=parsed.email))
    print(words("%(address)s can no longer sign in as staff.", address=parsed.email))


def _address(typed: str) -> str:
    try:
        return canonical_address(typed)
    except BadAddress as error:
        raise Refused(words("%(address)s is not an e-mail address.", address=typed)) from error
