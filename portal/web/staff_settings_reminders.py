"""When staff are reminded of the last day to answer a request, and when a backup is told that nobody opened one."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from portal.domain.reminders import FURTHEST, LONGEST_UNOPENED, MOST_DAYS, Reminders
from portal.domain.rights import Role
from portal.domain.settings import SettingKind, setting_key
from portal.services.settings.rows import reminders_row
from portal.web import access
from portal.web.setting_edit import Editing, edit
from portal.web.setting_forms import SettingForm, Value, line

_NUMBER = re.compile(r"[0-9]{1,4}")


class RemindersForm(SettingForm):
    """The days before the last one, half time, the days of the backup, and the working days unopened."""

    days = line(_l("Days before the last day"))
    half_time = BooleanField(_l("Once half of the time has passed too"))
    backup = line(_l("Days on which the backup is told too"))
    unopened = line(_l("Working days after which the backup is told that nobody opened a request"))

    def fill(self, value: Value) -> None:
        """Show a value; the usual days where nothing is said."""
        shown = reminders_row(Reminders()) | value
        self.days.data, self.backup.data = _listed(shown["days"]), _listed(shown["backup"])
        self.half_time.data, self.unopened.data = shown["half_time"], str(shown["unopened"])

    def value(self) -> Value:
        """What was typed, the furthest day first; what is no number is kept to be refused."""
        return {
            "days": _numbers(self.days.data),
            "half_time": bool(self.half_time.data),
            "backup": _numbers(self.backup.data),
            "unopened": _number((self.unopened.data or "").strip()),
        }


@access.staff(Role.OFFICER)
def staff_settings_reminders() -> Any:
    """The days of reminders."""
    return edit(
        Editing(
            key=setting_key(SettingKind.REMINDERS),
            form=RemindersForm,
            template="staff_settings_reminders.html",
            endpoint="staff_settings_reminders",
            values={"furthest": FURTHEST, "most": MOST_DAYS, "longest": LONGEST_UNOPENED},
        )
    )


def _listed(days: list[int]) -> str:
    return ", ".join(map(str, days))


def _numbers(typed: str | None) -> list[int | str]:
    found = [_number(one) for one in re.split(r"[\s,;]+", typed or "") if one]
    return sorted(found, key=lambda one: -one if isinstance(one, int) else 0)


def _number(typed: str) -> int | str:
    return int(typed) if _NUMBER.fullmatch(typed) else typed
