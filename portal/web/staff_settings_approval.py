"""Four eyes: whether a second officer approves each version of a document, and whether an answer takes two people."""

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
    """Two boxes."""

    four_eyes = BooleanField(_l("A second officer approves each version before it is published"))
    two_people = BooleanField(_l("One person prepares each answer, another decides"))

    def fill(self, value: Value) -> None:
        """Show a value."""
        self.four_eyes.data = bool(value.get("four_eyes"))
        self.two_people.data = bool(value.get("two_people"))

    def value(self) -> Value:
        """What was ticked; nothing said is no."""
        ticked = {"four_eyes": self.four_eyes.data, "two_people": self.two_people.data}
        return {name: True for name, said in ticked.items() if said}


@access.staff(Role.OFFICER)
def staff_settings_approval() -> Any:
    """Whether a second person sees it first."""
    return edit(
        Editing(
            key=setting_key(SettingKind.APPROVAL),
            form=ApprovalForm,
            template="staff_settings_approval.html",
            endpoint="staff_settings_approval",
            values={"officers": number_of_officers(store())},
        )
    )
