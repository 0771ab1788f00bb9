"""What one installation is made of: the parts every service may need, put together once by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portal.config.settings import Settings
from portal.domain.data_map import DataMap
from portal.domain.deadlines import local_date
from portal.domain.grounds import Ground
from portal.domain.holidays import HolidayCalendar
from portal.domain.keys import Keys
from portal.domain.law import Law
from portal.domain.regimes import RecourseBody, Regime
from portal.engine.base import Engine
from portal.ledger.base import Ledger
from portal.mail.outcomes import Transport
from portal.sources.base import Source
from portal.storage.database import Database, DatabaseAway

__all__ = ["DatabaseAway", "Installation"]


@dataclass(frozen=True)
class Installation:
    """The operator's settings, the doors to every database, the law in force and the clock.

    `clock` gives aware instants in UTC; `transport` is None while letters wait for a mail server.
    Services never call `engine`: they promise through the store, so that a promise is kept or lost with its act.
    """

    settings: Settings
    database: Database
    sources: Mapping[str, Source]
    keys: Keys
    clock: Callable[[], datetime]
    transport: Transport | None
    engine: Engine
    ledger: Ledger

    @property
    def data_map(self) -> DataMap:
        """The data map the operator wrote; the officer's words are laid over it by services.settings."""
        return self.settings.data_map

    @property
    def law(self) -> Law:
        """The rows of the law: the portal's own, and the operator's in their place or beside them."""
        return self.settings.law

    @property
    def regimes(self) -> Mapping[str, Regime]:
        """Every regime by its key, in use or not."""
        return self.law.regimes

    @property
    def regime(self) -> Regime:
        """The regime every new request is opened under."""
        return self.regimes[self.settings.regime]

    @property
    def other_regimes(self) -> tuple[Regime, ...]:
        """The regimes that people are asked about, because they may be protected by them too."""
        return tuple(self.regimes[key] for key in self.settings.other_regimes)

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """Every ground of refusal, of every regime."""
        return self.law.grounds

    @property
    def body(self) -> RecourseBody:
        """Who examines a refusal under the regime of every request."""
        return self.law.body_of(self.regime)

    @property
    def holidays(self) -> HolidayCalendar:
        """The holidays of that regime."""
        return self.law.calendar_of(self.regime)

    def today(self, now: datetime) -> date:
        """The date the law counts by, in the organization's time zone."""
        return local_date(now, self.settings.zone)
