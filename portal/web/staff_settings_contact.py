"""The person in charge, in one form: how to reach them, the written delegation, and who reads while they are away."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.domain.rights import Role
from portal.domain.settings import SettingKind, setting_key
from portal.web import access
from portal.web.setting_edit import Editing, edit
from portal.web.setting_forms import SettingForm, Value, day, line, said, text


class ContactForm(SettingForm):
    """The person in charge (P-39.1, s. 3.1)."""

    FIELDS = {"away": "backup"}  # noqa: RUF012  # read only

    title_fr = line(_l("Title, in French"))
    title_en = line(_l("Title, in English"))
    name = line(_l("Name"))
    email = line(_l("E-mail address"))
    phone = line(_l("Phone"))
    address = text(_l("Postal address"))
    delegated_on = day(_l("Date of the written delegation"))
    delegation = line(_l("Where the delegation is kept"))
    backup = line(_l("Backup’s e-mail address"))
    away_from = day(_l("First day away"))
    away_to = day(_l("Last day away"))

    def fill(self, value: Value) -> None:
        """Show a value."""
        self.show_both("title", value.get("title"))
        for name in _PLAIN:
            self[name].data = value.get(name, "")
        away = value.get("away") or {}
        self.away_from.data, self.away_to.data = away.get("from", ""), away.get("to", "")

    def value(self) -> Value:
        """What was typed."""
        away = said({"from": self.away_from.data, "to": self.away_to.data})
        return {"title": self.both("title") or {"fr": "", "en": ""}} | said(
            {name: self[name].data for name in _PLAIN} | {"away": away}
        )


_PLAIN = ("name", "email", "phone", "address", "delegated_on", "delegation", "backup")


@access.with_fresh_proof()
@access.staff(Role.OFFICER)
def staff_settings_contact() -> Any:
    """The person in charge."""
    return edit(
        Editing(
            key=setting_key(SettingKind.CONTACT),
            form=ContactForm,
            template="staff_settings_contact.html",
            endpoint="staff_settings_contact",
        )
    )
