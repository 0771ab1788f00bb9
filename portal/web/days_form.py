"""A first and a last day, typed in a form or kept in an address, and the days between them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.domain.days import Days, days_between
from portal.web.access import portal
from portal.web.forms import DayField, PageForm
from portal.web.pages import words


class DaysForm(PageForm):
    """Everything unless a day is said."""

    first_day = DayField(_l("From this day"), name="from")
    last_day = DayField(_l("To this day"), name="to")

    def validate_last_day(self, field: DayField) -> None:
        """Not before the first."""
        first, last = self.first_day.day, field.day
        if first and last and last < first:
            raise ValidationError(words("The last day is before the first. Exchange them."))

    def chosen(self) -> Days | None:
        """The days of a form found right, in the organization's zone; None for all of them."""
        return days_between(self.first_day.day, self.last_day.day, portal().settings.zone)

    def query(self) -> dict[str, str]:
        """The days as an address says them."""
        said = {"from": self.first_day.day, "to": self.last_day.day}
        return {name: day.isoformat() for name, day in said.items() if day}
