"""The laws a request falls under, frozen the day it was opened: its last day, what its silence means, its recourses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from portal.domain.clock import HOLD, silence_is_refusal, silence_of
from portal.domain.deadlines import acknowledgement_due, due_dates, extended_due_dates, local_date, recourse_until
from portal.domain.grounds import Ground, grounds_for
from portal.domain.people import Person
from portal.domain.regimes import RecourseBody, Regime
from portal.domain.remedies import Applied, Remedy, as_they_stand, due_once_given, left_to_regulator, narrowed
from portal.domain.rights import RegulatorOutcome, RightsRequest
from portal.services.installation import Installation
from portal.storage.rights import KeptLaws
from portal.storage.store import Store

AFTER_RECOURSE = timedelta(days=90)
"""How much longer than the recourse what a request is about is kept: whoever examines it takes weeks to say so."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a new request keeps of the laws it falls under: the earliest last day, and each law as it stands."""

    due: date
    regime: Mapping[str, Any]
    also: Sequence[Mapping[str, Any]] | None
    main_due: date | None


def freeze(portal: Installation, others: Collection[str], received_on: date) -> Frozen:
    """The laws of a request received on a day: the main one, and those switched on that its person says protect them.

    The earliest last day counts, and the record is kept for as long as any of them asks (law.md §3.3, 6).
    """
    keys = [key for key in portal.settings.other_regimes if key in others]
    laws = [_applied(portal, regime, received_on) for regime in (portal.regime, *map(portal.regimes.__getitem__, keys))]
    main = {**_snapshot(portal.regime), "record_months": max(law.regime.record_months for law in laws)}
    also = [{"due": law.due.isoformat(), "regime": _snapshot(law.regime)} for law in laws[1:]]
    return Frozen(
        due=min(law.due for law in laws), regime=main, also=also or None, main_due=laws[0].due if also else None
    )


def other_laws_said(portal: Installation, store: Store, person: Person) -> Sequence[str]:
    """The other laws a person's last request was opened under, for a request made where the question is not asked."""
    if not portal.settings.other_regimes:
        return ()
    return [kept["regime"]["key"] for kept in store.requests.also_of_last(person.id) or ()]


def laws_read(store: Store, request: RightsRequest) -> KeptLaws:
    """What a request froze, for a page that ends its unit of work before it is made."""
    return store.requests.frozen(request.id)


def laws_known(store: Store, request: RightsRequest, laws: KeptLaws) -> None:
    """Give another unit of work what one before it read of a request: it never changes."""
    store.requests.know(request.id, laws)


def regulators_of(portal: Installation, store: Store, request: RightsRequest) -> Sequence[RecourseBody]:
    """Who examines the answer to a request: the body of each law it was opened under, the main one first."""
    bodies = [portal.law.body_of(law.regime) for law in laws_of(store, request)]
    return list({body.key: body for body in bodies}.values())


def laws_of(store: Store, request: RightsRequest) -> tuple[Applied, ...]:
    """Every law a request was opened under, the main one first, each with its own last day.

    One law alone ends with the request; among several, more time given by a regulator is for its own law alone.
    """
    frozen = store.requests.frozen(request.id)
    main = Regime.from_snapshot(frozen.regime)
    if not frozen.also:
        return (Applied(main, request.due),)
    own = (Applied(main, frozen.main_due or request.due), *map(_thawed, frozen.also))
    given = request.extended_to if request.applied_outcome is RegulatorOutcome.GRANTED else None
    return as_they_stand(own, request.due, given)


def regime_of(store: Store, request: RightsRequest) -> Regime:
    """The regime a request was opened under, as it stood that day, whatever the law's file says since (law.md §3.2).

    Beside other laws, it allows only the extension and the pauses that every one of them allows, and asking for more time
    the regulator of the one that leaves it to its own.
    """
    main, *others = (law.regime for law in laws_of(store, request))
    return narrowed(main, others)


def ready_grounds(portal: Installation, store: Store, request: RightsRequest) -> tuple[Ground, ...]:
    """The lawful grounds staff may choose from for a request, law by law."""
    laws = [law.regime.key for law in laws_of(store, request)]
    return tuple(ground for law in laws for ground in grounds_for(portal.grounds, regime=law, kind=request.kind))


def due_of(portal: Installation, store: Store, request: RightsRequest, since: date) -> date:
    """The earliest last day of a request's laws, counted anew from a day: that on which it was opened again."""
    return min(
        due_dates(law.regime, since, portal.law.calendar_of(law.regime)).strict for law in laws_of(store, request)
    )


def more_time_of(portal: Installation, store: Store, request: RightsRequest, *, since: date) -> timedelta:
    """How much later an extension makes the last day, counted since receipt or since it was opened again (law.md §3.3, 5).

    Raises:
        ExtensionNotOurs: one of its laws lets nobody, or only its regulator, extend.
    """
    extended = min(
        extended_due_dates(law.regime, since, portal.law.calendar_of(law.regime)).strict
        for law in laws_of(store, request)
    )
    return extended - due_of(portal, store, request, since)


def left_to_regulator_of(store: Store, request: RightsRequest) -> Applied | None:
    """The law of a request that leaves more time to its regulator, with its own last day; None where none does."""
    return left_to_regulator(laws_of(store, request))


def due_once_given_of(store: Store, request: RightsRequest, given: date) -> date:
    """The last day of a request once a regulator gave its own law another day."""
    return due_once_given(laws_of(store, request), given)


def body_asked_for_time(portal: Installation, store: Store, request: RightsRequest) -> RecourseBody:
    """Who gives more time, where a law leaves it to its regulator; else the body of the main law."""
    asked = left_to_regulator_of(store, request)
    return portal.law.body_of(asked.regime if asked else regime_of(store, request))


def acknowledge_by(portal: Installation, store: Store, request: RightsRequest) -> date:
    """The last day to acknowledge receipt: the earliest of the request's laws."""
    return min(
        acknowledgement_due(law.regime, request.received_on, portal.law.calendar_of(law.regime))
        for law in laws_of(store, request)
    )


def law_that_counts_silence(store: Store, request: RightsRequest) -> Applied | None:
    """The law that first takes our silence as a refusal, with its own last day; None where none of them does."""
    counting = [law for law in laws_of(store, request) if silence_is_refusal(request, law.regime)]
    return min(counting, key=lambda law: law.due, default=None)


def silent_until(store: Store, request: RightsRequest) -> date | None:
    """The first last day to take a recourse if no answer ever comes; None where silence is no refusal."""
    counting = [law for law in laws_of(store, request) if silence_is_refusal(request, law.regime)]
    return _earliest(recourse_until(law.regime, law.due) for law in counting)


def recourse_if_refused(store: Store, request: RightsRequest, on: date) -> date | None:
    """The first last day to take a recourse if the request is refused on a day; None where no law sets one."""
    return _earliest(recourse_until(law.regime, on) for law in laws_of(store, request))


def hold_if_refused(store: Store, request: RightsRequest, on: date) -> date:
    """The last day on which what a request refused on a day is about must still be there, whichever law is applied."""
    ends = [recourse_until(law.regime, on) for law in laws_of(store, request)]
    return max([on + HOLD, *(end + AFTER_RECOURSE for end in ends if end)])


def remedies_of(portal: Installation, store: Store, request: RightsRequest) -> tuple[Remedy, ...]:
    """Each recourse of a request's person: from the day we answered, else from the end of our time to answer."""
    return tuple(_remedy(portal, request, law) for law in laws_of(store, request))


def remedies_for_silence(
    portal: Installation, store: Store, request: RightsRequest, *, today: date
) -> tuple[Remedy, ...]:
    """The recourses open because we did not answer: those of the laws that speak of silence and are out of time."""
    out_of_time = [law for law in laws_of(store, request) if law.due < today and silence_of(request, law.regime)]
    return tuple(_remedy(portal, request, law) for law in out_of_time)


def _remedy(portal: Installation, request: RightsRequest, law: Applied) -> Remedy:
    answered = local_date(request.decided_at, portal.settings.zone) if request.decided_at else None
    return Remedy(
        law=law.regime.label,
        recourse=law.regime.recourse,
        body=portal.law.body_of(law.regime),
        until=recourse_until(law.regime, answered or law.due),
        silence=silence_of(request, law.regime),
    )


def _applied(portal: Installation, regime: Regime, received_on: date) -> Applied:
    return Applied(regime, due_dates(regime, received_on, portal.law.calendar_of(regime)).strict)


@cache
def _snapshot(regime: Regime) -> Mapping[str, Any]:
    """A row as it is frozen; every request of a day freezes the same."""
    return regime.as_snapshot()


def _thawed(kept: Mapping[str, Any]) -> Applied:
    return Applied(Regime.from_snapshot(kept["regime"]), date.fromisoformat(kept["due"]))


def _earliest(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)
