"""Which versions people must be told of, and whether somebody has begun to (P-39.1, s. 8.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.notices import Notice, NoticeState
from portal.domain.policies import place_in_time
from portal.services.installation import Installation
from portal.services.policies import PRIVACY
from portal.storage.policies import Succession
from portal.storage.store import Store

SOON = timedelta(days=7)
"""So long before its day, staff are reminded of a change that nobody has begun to tell."""

_BEGUN = frozenset({NoticeState.COUNTING_DOWN, NoticeState.SENDING, NoticeState.DONE})


@dataclass(frozen=True, slots=True)
class ToTell:
    """A version that people must be told of, and the notice that does it, if there is one."""

    version: Succession
    notice: Notice | None
    in_force: bool

    @property
    def begun(self) -> bool:
        """Whether letters leave, will when a countdown ends, or have left."""
        return self.notice is not None and self.notice.state in _BEGUN


def to_tell(portal: Installation, store: Store, now: datetime) -> Sequence[ToTell]:
    """Changes of substance whose day is to come, or has come before everybody was told; the first one first.

    One that was in force before it was published here was told, or not, before there was a portal.
    """
    today = portal.today(now)
    found = [
        ToTell(version, store.notices.of_version(PRIVACY, version.id), version.effective <= today)
        for version in _tellable(portal, store, now)
        if version.effective > today or portal.today(version.published_at) <= version.effective
    ]
    return [one for one in found if not (one.in_force and one.notice and one.notice.state is NoticeState.DONE)]


def nobody_tells(portal: Installation, store: Store, now: datetime) -> ToTell | None:
    """The first change that is in force, or soon will be, and that nobody has begun to tell; None when all is well."""
    by_then = portal.today(now) + SOON
    waiting = (one for one in to_tell(portal, store, now) if not one.begun and one.version.effective <= by_then)
    return next(waiting, None)


def may_be_told(portal: Installation, store: Store, version_id: str, now: datetime) -> bool:
    """Whether a version changes something of substance in another, and none has taken its place."""
    return any(version.id == version_id for version in _tellable(portal, store, now))


def _tellable(portal: Installation, store: Store, now: datetime) -> Sequence[Succession]:
    """The version in force and those to come that change something of substance; a first version changes nothing."""
    today = portal.today(now)
    among = sorted(store.policies.succession(PRIVACY), key=lambda one: place_in_time(one.effective, one.id))
    past = sum(one.effective <= today for one in among)
    candidates = among[max(1, past - 1) :]
    return [one for one in candidates if one.kind == "material" and not one.imported]
