"""Shows, through the real door, that another address is a signed-in visitor's."""

from __future__ import annotations

from portal.domain.languages import Language
from portal.services.identities import identities_of
from tests.client import Visitor
from tests.installation import CAMILLE, EMILY, Built

OTHER = EMILY
"""Another account of the service, which in these tests is the same person's."""


def somebody_with_two(built: Built, language: Language = "en", *, other: str = OTHER) -> Visitor:
    """A visitor who signed in and showed a second address of theirs."""
    visitor = Visitor(built, language)
    visitor.sign_in(CAMILLE)
    show(visitor, other)
    return visitor


def show(visitor: Visitor, address: str) -> None:
    """Ask for the code, read it in the other mailbox, give it."""
    visitor.send("other_addresses", {"email": address})
    visitor.send("other_address_code", {"code": visitor.code_for(address)})


def key_in_service(built: Built, address: str) -> object:
    """The number of an account of the service."""
    return identities_of(built.installation, address).keys_in("service")[0][0]
