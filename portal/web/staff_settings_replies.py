"""Ready paragraphs: short texts in both languages that staff may add to the reason of a decision."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.domain.rights import Role
from portal.domain.settings import SettingKind, setting_key
from portal.web import access
from portal.web.setting_edit import Editing, edit
from portal.web.setting_forms import line, text
from portal.web.setting_lists import ListForm, list_form


class RepliesForm(ListForm):
    """One row for each paragraph."""

    LIST = "paragraphs"
    BOTH = ("name", "text")


@access.staff(Role.OFFICER)
def staff_settings_replies() -> Any:
    """The ready paragraphs."""
    fields = {
        "name_fr": lambda: line(_l("Name, in French")),
        "name_en": lambda: line(_l("Name, in English")),
        "text_fr": lambda: text(_l("Text, in French")),
        "text_en": lambda: text(_l("Text, in English")),
    }
    return edit(
        Editing(
            key=setting_key(SettingKind.REPLIES),
            form=list_form(RepliesForm, SettingKind.REPLIES, fields, more=1),
            template="staff_settings_replies.html",
            endpoint="staff_settings_replies",
        )
    )
