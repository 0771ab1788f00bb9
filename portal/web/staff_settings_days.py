"""Days on which the organization is closed, beside those of the law. People read them; no legal date moves."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.domain.rights import Role
from portal.domain.settings import SettingKind, setting_key
from portal.web import access
from portal.web.setting_edit import Editing, edit
from portal.web.setting_forms import day, line
from portal.web.setting_lists import ListForm, list_form

EMPTY_ROWS = 3


class DaysForm(ListForm):
    """One row for each day."""

    LIST = "days"
    PLAIN = ("day",)
    BOTH = ("name",)


@access.staff(Role.OFFICER)
def staff_settings_holidays() -> Any:
    """The days closed."""
    fields = {
        "day": lambda: day(_l("Day")),
        "name_fr": lambda: line(_l("Name, in French")),
        "name_en": lambda: line(_l("Name, in English")),
    }
    return edit(
        Editing(
            key=setting_key(SettingKind.HOLIDAYS),
            form=list_form(DaysForm, SettingKind.HOLIDAYS, fields, more=EMPTY_ROWS),
            template="staff_settings_holidays.html",
            endpoint="staff_settings_holidays",
        )
    )
