"""`portal staff`: who works with the requests."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from portal.cli import Refused
from portal.commands.opening import installation_of
from portal.commands.refusals import words
from portal.domain.people import StaffMember
from portal.domain.rights import Role
from portal.services import members as service
from portal.services.addresses import BadAddress, canonical_address
from portal.services.links import link_address
from portal.storage.store import Store


def add(parsed: argparse.Namespace) -> None:
    """Add a member and print the one-time link that lets them in."""
    portal = installation_of(parsed)
    address = _address(parsed.email)
    with _said(), portal.database.writing() as store:
        token = service.add(portal, store, address, Role(parsed.role), language=parsed.language)
    print(link_address(portal, token, parsed.language))


def list_staff(parsed: argparse.Namespace) -> None:
    """Print each member: address, role, and whether they are shut out."""
    portal = installation_of(parsed)
    with portal.database.reading() as store:
        for member in store.staff.all():
            state = words("active") if member.active else words("disabled")
            print(f"{member.address}\t{member.role.value}\t{state}")


def role(parsed: argparse.Namespace) -> None:
    """Give a member another role."""
    portal = installation_of(parsed)
    with _said(), portal.database.writing() as store:
        service.change_role(portal, store, None, _member(store, parsed.email), Role(parsed.role))
    print(words("%(address)s now has the role %(role)s.", address=parsed.email, role=parsed.role))


def disable(parsed: argparse.Namespace) -> None:
    """Shut a member out: sessions end at once, one-time links die, open requests go to a colleague or to the queue."""
    portal = installation_of(parsed)
    with _said(), portal.database.writing() as store:
        heir = _member(store, parsed.to) if parsed.to else None
        service.disable(portal, store, None, _member(store, parsed.email), heir=heir)
    print(words("%(address)s can no longer sign in as staff.", address=parsed.email))


def enable(parsed: argparse.Namespace) -> None:
    """Let a member in again, in the role they had."""
    portal = installation_of(parsed)
    with portal.database.writing() as store:
        service.enable(portal, store, None, _member(store, parsed.email))
    print(words("%(address)s may sign in again.", address=parsed.email))


@contextmanager
def _said() -> Iterator[None]:
    """Say in a sentence what the service refuses."""
    try:
        yield
    except service.LastOfficer as error:
        raise Refused(words("This is the last officer who can sign in. Give somebody else this role first.")) from error
    except service.CannotTakeOver as error:
        raise Refused(words("Requests go to another officer or agent who can sign in.")) from error


def _member(store: Store, typed: str) -> StaffMember:
    member = store.staff.by_address(_address(typed))
    if member is None:
        raise Refused(words("No member of staff has the address %(address)s.", address=typed))
    return member


def _address(typed: str) -> str:
    try:
        return canonical_address(typed)
    except BadAddress as error:
        raise Refused(words("%(address)s is not an e-mail address.", address=typed)) from error
