"""How many requests one person may have open at once: far above what people ask, far below what would bury a desk."""

from __future__ import annotations

from portal.domain.people import Person
from portal.services.installation import Installation
from portal.storage.store import Store


class TooManyOpen(Exception):
    """A person has as many open requests as one may have at once; `most`: how many that is."""

    def __init__(self, most: int) -> None:
        """Keep how many."""
        super().__init__()
        self.most = most


def refuse_too_many(portal: Installation, store: Store, person: Person) -> None:
    """Let pass who may open one more. Two sent in the same instant may both pass: the bound need not be exact.

    Raises:
        TooManyOpen: the person has as many as one may have at once.
    """
    most = portal.settings.limits.open_requests
    if store.requests.number_open_of_person(person.id) >= most:
        raise TooManyOpen(most)
