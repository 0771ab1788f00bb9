"""Four eyes: whether a second officer approves each version of a document before it is published."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from portal.domain.rights import Role
from portal.domain.settings import SettingKind, setting_key
from portal.services.policy_publishing import number_of_officers
from portal.web import access
from portal.web.access import store
from portal.web.setting_edit import Editing, edit
from portal.web.setting_forms import SettingForm, Value


class ApprovalForm(SettingForm):
    """One box."""

    four_eyes = BooleanField(_l("A second officer approves each version before it is published"))

    def fill(self, value: Value) -> None:
        """Show a value."""
        self.four_eyes.data = bool(value.get("four_eyes"))

    def value(self) -> Value:
        """What was ticked; nothing said is no."""
        return {"four_eyes": True} if self.four_eyes.data else {}


@access.staff(Role.OFFICER)
def staff_settings_approval() -> Any:
    """Whether a second officer approves."""
    return edit(
        Editing(
            key=setting_key(SettingKind.APPROVAL),
            form=ApprovalForm,
            template="staff_settings_approval.html",
            endpoint="staff_settings_approval",
            values={"officers": number_of_officers(store())},
        )
    )
