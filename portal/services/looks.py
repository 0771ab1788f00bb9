"""Who looked at a person's information: staff of this portal, and people of the services that write it down, together.

Who is told by role, never by name; then when, why and where (P-39.1, s. 27: who has access to it within the organization).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from heapq import merge
from itertools import islice
from time import monotonic

from portal.domain.audit import Actor, AuditEvent, RecordedLine
from portal.domain.data_map import AccessLog, People
from portal.domain.languages import Language
from portal.domain.people import Person
from portal.domain.rights import Role
from portal.services.identities import Identities, identities_of_person
from portal.services.information import opened_place, sealed_place
from portal.services.installation import Installation
from portal.services.own_records import Row
from portal.services.own_records.tables import LOOKS
from portal.services.side_by_side import PATIENCE, answers
from portal.sources.base import Access, AccessPage, Key, SourceUnavailable
from portal.storage.store import Store
from portal.wording.catalogue import N_, for_language
from portal.wording.labels import role_label

EVENTS = frozenset({AuditEvent.STAFF_VIEWED_PERSON, AuditEvent.STAFF_SEARCHED_PERSON, AuditEvent.KEEPER_VIEWED_PERSON})

SHOWN, READ_AT_ONCE = 20, 200
"""Looks on a page, and how many of one place are read at once for a copy."""

_HERE = ""
_BY_ITSELF: Sequence[AccessLog | None] = (None,)
"""The only record of a service that knows by itself who looked."""

_LEAST_PATIENCE = 1.0
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

Places = dict[str, Key | None]
"""How far each place has been read, by its name; None: not at all. One that was read to its end is absent."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look. `reference`: the request it was for, if staff of this portal looked for one."""

    at: datetime | date | None
    who: str
    why: str
    where: str
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class LooksPage:
    """Some looks, newest first, and the token with which older ones begin. `away`, `shared`: places that are not told of.

    `away` did not answer; in `shared` several people have the address, which is left to staff (security.md B-47). `outside`:
    whether any source may keep looks at all.
    """

    looks: tuple[Look, ...]
    older: str | None
    away: tuple[str, ...]
    shared: tuple[str, ...]
    outside: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """One place outside where looks are written, and how a page of them is read there."""

    name: str
    where: str
    read: Callable[[Key | None, int], _Stretch]


_Stretch = tuple[Sequence[Look], Key | None]
"""Some looks of one place, newest first, and where its next ones begin."""


def looks_at(
    portal: Installation, store: Store, person: Person, *, language: Language, older: str | None = None
) -> LooksPage:
    """The newest looks of every place together, or with a token those that follow; a place that is away is left out and said.

    All sources are asked side by side, within one time limit. A token that is damaged begins with the newest.
    """
    outside = any(_may_keep(portal, people.table.source) for people in portal.data_map.people)
    identities = identities_of_person(portal, store, person) if outside else Identities()
    here = partial(_staff_looks, store, person, language)
    reading = _Reading(here, {place.name: place for place in _places(portal, identities, language)})
    places = _opened(portal, older) or dict.fromkeys((_HERE, *reading.outside))
    until = monotonic() + PATIENCE
    read = reading.read({name: (after, SHOWN) for name, after in places.items()})
    shown = list(islice(_together({name: looks for name, (looks, _) in read.items()}), SHOWN))
    taken = Counter(name for name, _ in shown)
    # Of a place that gave more than there was room for, asking for just as many tells where the next page begins.
    halves = {name: (places[name], taken[name]) for name, (looks, _) in read.items() if 0 < taken[name] < len(looks)}
    again = reading.read(halves, seconds=max(_LEAST_PATIENCE, until - monotonic()))
    following = dict(_following(places, read, again, taken))
    away = [place.where for name, place in reading.outside.items() if name in places and name not in read]
    return LooksPage(
        looks=tuple(look for _, look in shown),
        older=_sealed(portal, following) if following.keys() & read.keys() else None,
        away=_named(portal, away, identities.away, language),
        shared=_named(portal, (), identities.shared, language),
        outside=outside,
    )


def every_look(
    portal: Installation, store: Store, person: Person, identities: Identities, *, language: Language
) -> Callable[[], Iterator[Row]]:
    """All looks as rows of a copy, newest first, read in constant memory each time they are asked for.

    What the portal itself wrote down is read now. What is given raises SourceUnavailable while it is read.
    """
    own = list(_walked(partial(_staff_looks, store, person, language)))
    outside = _places(portal, identities, language)

    def rows() -> Iterator[Row]:
        walks = {place.name: _walked(place.read) for place in outside}
        return (_row(look, language) for _, look in _together({_HERE: own, **walks}))

    return rows


def _may_keep(portal: Installation, source: str) -> bool:
    """A service may know by itself; of a database only the map can say."""
    kinds = {one.id: one.kind for one in portal.settings.sources}
    return kinds.get(source) != "sql" or bool(_logs(portal, source))


def _logs(portal: Installation, source: str) -> Sequence[AccessLog]:
    return [log for log in portal.data_map.accesses if log.table.source == source]


def _places(portal: Installation, identities: Identities, language: Language) -> list[_Place]:
    """Every place of the sources that know the person, for each account they know them by."""
    return [
        _Place(
            name=f"{number} {log.table if log else people.table.source}",
            where=log.label.in_(language) if log else people.table.source,
            read=partial(_looks_of, portal, people, person, log, language),
        )
        for people in portal.data_map.people
        if _may_keep(portal, people.table.source)
        for number, person in enumerate(identities.keys_in(people.table.source), 1)
        for log in _logs(portal, people.table.source) or _BY_ITSELF
    ]


def _looks_of(
    portal: Installation,
    people: People,
    person: Key,
    log: AccessLog | None,
    language: Language,
    after: Key | None,
    limit: int,
) -> _Stretch:
    source = portal.sources[people.table.source]
    page: AccessPage | None
    try:
        page = source.accesses(people, person, log, after=after, limit=limit)
    except ValueError:  # a place of the log as the map named it before it was changed
        page = source.accesses(people, person, log, after=None, limit=limit)
    if page is None and log is not None:  # a service whose record the map names, and which says it has none
        raise SourceUnavailable(N_("The source %(source)s keeps no record of who looked."), source=people.table.source)
    if page is None:
        return (), None
    where = log.label.in_(language) if log else people.table.source
    return [Look(one.at, _role(one, log, language), one.why, where) for one in page.accesses], page.next_after


def _role(access: Access, log: AccessLog | None, language: Language) -> str:
    """In the map's words. What a mapped column holds beside them may be a name, and is not told."""
    somebody = for_language(language).gettext("A member of staff")
    if log is None:
        return access.role or somebody
    return log.roles[access.role].in_(language) if access.role in log.roles else somebody


def _staff_looks(store: Store, person: Person, language: Language, after: Key | None, limit: int) -> _Stretch:
    """What the audit log says of staff and keepers; a place there is the number of a line."""
    before = int(after[0] or 0) if after else None
    lines = store.audit.about_person(person.id, EVENTS, limit=limit + 1, before=before)
    shown = lines[:limit]
    looks = [_staff_look(line, language) for line in shown]
    return looks, (shown[-1].id,) if len(lines) > limit else None


def _staff_look(line: RecordedLine, language: Language) -> Look:
    words = for_language(language)
    who = role_label(Role(line.role), language) if line.role else words.gettext("A member of staff")
    if line.actor is Actor.KEEPER:
        who = words.gettext("Who keeps what is not in a database")
    return Look(line.at, who, "", words.gettext("This portal"), line.reference)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How looks are read on the portal itself, and outside by the name of each place."""

    here: Callable[[Key | None, int], _Stretch]
    outside: Mapping[str, _Place]

    def read(
        self, wanted: Mapping[str, tuple[Key | None, int]], *, seconds: float | None = None
    ) -> Mapping[str, _Stretch]:
        """So many looks of each place after a place in it; whatever does not answer in time is absent."""
        asked = {
            name: partial(self.outside[name].read, after, limit)
            for name, (after, limit) in wanted.items()
            if name in self.outside
        }
        found = dict(answers(asked, seconds=seconds)) if asked else {}
        return found | {_HERE: self.here(*wanted[_HERE])} if _HERE in wanted else found


def _following(
    places: Places, read: Mapping[str, _Stretch], again: Mapping[str, _Stretch], taken: Mapping[str, int]
) -> Iterator[tuple[str, Key | None]]:
    """Where the next page begins in each place that has one; what did not answer begins where it was, so that nothing is lost."""
    for name, after in places.items():
        looks, behind = read.get(name, ((), None))
        if name not in read or (looks and not taken[name]):
            yield name, after
        elif taken[name] < len(looks):
            yield name, again[name][1] if name in again else after
        elif behind is not None:
            yield name, behind


def _walked(read: Callable[[Key | None, int], _Stretch]) -> Iterator[Look]:
    """All looks of one place. Raises SourceUnavailable, also where the place leads in circles."""
    seen: set[Key] = set()
    after: Key | None = None
    while True:
        looks, after = read(after, READ_AT_ONCE)
        yield from looks
        if after is None:
            return
        if after in seen:
            raise SourceUnavailable(N_("A record of who looked leads in circles."))
        seen.add(after)


def _together(looks: Mapping[str, Iterable[Look]]) -> Iterator[tuple[str, Look]]:
    """The looks of several places, newest first, each with the name of its own."""
    return merge(*(_with_name(name, some) for name, some in looks.items()), key=_moment, reverse=True)


def _with_name(name: str, looks: Iterable[Look]) -> Iterator[tuple[str, Look]]:
    return ((name, look) for look in looks)


def _moment(named: tuple[str, Look]) -> datetime:
    """What has a day alone stands at the end of it, and what has no date after all others."""
    at = named[1].at
    if isinstance(at, datetime):
        return at
    return datetime.combine(at, time.max, UTC) if at else _LONG_AGO


def _row(look: Look, language: Language) -> Row:
    for_request = for_language(language).gettext("For the request %(reference)s", reference=look.reference or "")
    return {"at": look.at, "who": look.who, "why": for_request if look.reference else look.why, "where": look.where}


def _named(portal: Installation, places: Iterable[str], sources: Iterable[str], language: Language) -> tuple[str, ...]:
    """Places in words, and those of whole sources that may keep looks."""
    of_sources = (
        [log.label.in_(language) for log in _logs(portal, source)] or [source]
        for source in sorted(sources)
        if _may_keep(portal, source)
    )
    return tuple(dict.fromkeys([*sorted(places), *(name for names in of_sources for name in names)]))


def _sealed(portal: Installation, places: Places) -> str:
    return sealed_place(portal, LOOKS, (json.dumps(places),))


def _opened(portal: Installation, token: str | None) -> Places | None:
    opened = opened_place(portal, LOOKS, token) if token else None
    if opened is None:
        return None
    return {name: None if place is None else tuple(place) for name, place in json.loads(str(opened[0])).items()}
