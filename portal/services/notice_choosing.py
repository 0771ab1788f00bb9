"""To whom the notice of an incident goes: people the officer names one by one, by address or by reference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from portal.domain.jobs import Job, JobKind
from portal.domain.languages import DEFAULT_LANGUAGE
from portal.domain.notices import MOST_CHOSEN, Gathering, Notice, NoticeAct
from portal.domain.references import canonical_reference
from portal.services.addresses import BadAddress, canonical_address
from portal.services.installation import Installation
from portal.services.notices import OutOfOrder, recipient_row
from portal.storage.store import Store


class NotChosen(Exception):
    """Lines that name nobody who can be written to, by their number and words; or too many of them."""

    def __init__(self, lines: Sequence[tuple[int, str]], *, too_many: bool = False) -> None:
        """Keep which lines."""
        super().__init__()
        self.lines = tuple(lines)
        self.too_many = too_many


def choose(portal: Installation, store: Store, notice: Notice, lines: str, now: datetime) -> None:
    """Add people to whom a notice goes, one address or reference a line; those there already stay once.

    Raises:
        OutOfOrder: the notice is past changing.
        NotChosen: a line names nobody who can be written to, or they are too many; nobody is added.
    """
    if not notice.allows(NoticeAct.SAVE):
        raise OutOfOrder
    written = _words(lines)
    if len(written) + notice.counters.people > MOST_CHOSEN:
        raise NotChosen([], too_many=True)
    rows = [
        recipient_row(portal, notice.id, address, language=DEFAULT_LANGUAGE, now=now) | {"address": address}
        for address in _addresses(store, written)
    ]
    added = store.recipients.add(rows)
    if added:
        store.notices.count(notice.id, people=added)
        store.notices.change(notice.id, gathering=Gathering.COUNTING.value, place=None, next_step_at=None)
        store.promise(Job(JobKind.GATHER_RECIPIENTS, notice.id))


def _words(lines: str) -> dict[str, int]:
    """Each word once, by the number of the line it first stands in."""
    found: dict[str, int] = {}
    for number, line in enumerate(lines.splitlines(), start=1):
        for word in line.replace(",", " ").replace(";", " ").split():
            found.setdefault(word, number)
    return found


def _addresses(store: Store, written: dict[str, int]) -> Sequence[str]:
    """The canonical address each word names, each once."""
    found = {word: _address(store, word) for word in written}
    refused = [(number, word) for word, number in written.items() if found[word] is None]
    if refused:
        raise NotChosen(refused)
    return list(dict.fromkeys(address for address in found.values() if address))


def _address(store: Store, word: str) -> str | None:
    """An address as it is written, or the one of whoever made a request; None when there is none."""
    if "@" in word:
        try:
            return canonical_address(word)
        except BadAddress:
            return None
    reference = canonical_reference(word)
    request = store.requests.by_reference(reference) if reference else None
    person = store.people.by_id(request.person_id) if request else None
    return person.address if person else None
