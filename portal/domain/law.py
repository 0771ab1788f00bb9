"""The law as this installation knows it: regimes, who examines a refusal, holidays, grounds; each row found by its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.grounds import Ground
from portal.domain.holidays import HolidayCalendar
from portal.domain.languages import Text
from portal.domain.regimes import RecourseBody, Regime


@dataclass(frozen=True, slots=True)
class Law:
    """Every row shipped with the portal, those of the operator in their place or beside them."""

    regimes: Mapping[str, Regime]
    bodies: Mapping[str, RecourseBody]
    calendars: Mapping[str, HolidayCalendar]
    grounds: tuple[Ground, ...]

    def calendar_of(self, regime: Regime) -> HolidayCalendar:
        """The holidays a regime counts with; none where a request's frozen row names a calendar since taken away."""
        return self.calendars.get(regime.holiday_calendar) or _NO_HOLIDAYS

    def body_of(self, regime: Regime) -> RecourseBody:
        """Who examines a refusal under a regime; unnamed where a request's frozen row names a body since taken away."""
        return self.bodies.get(regime.recourse.body) or _UNNAMED


_NO_HOLIDAYS = HolidayCalendar("none", Text(fr="Aucun jour férié", en="No holiday"), weekly=())
_UNNAMED = RecourseBody(
    key="unnamed",
    name=Text(fr="Autorité compétente", en="Competent authority"),
    short_name=Text(fr="autorité compétente", en="competent authority"),
    to=Text(fr="à l’autorité compétente", en="to the competent authority"),
    role=Text(fr="Cette autorité examine les refus.", en="This authority examines refusals."),
    website="",
)
