"""The look: the organization's logo, and its colour when it can be read."""

from __future__ import annotations

from typing import Any, cast

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField

from portal.domain.contrast import NEEDED, contrasts, is_colour
from portal.domain.pictures import PictureRefused, WhyNotPicture
from portal.domain.rights import Role
from portal.domain.settings import SettingKind, setting_key
from portal.services.settings.changing import standing
from portal.services.settings.look import keep_logo
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.languages import page_language
from portal.web.pages import effective, words
from portal.web.setting_edit import Editing, edit
from portal.web.setting_forms import SettingForm, Value, line, said
from portal.wording.numbers import number

MOST = 1_100_000
"""Bytes of the whole form: the largest logo, and the words around it."""


class LookForm(SettingForm):
    """Colour and logo. The picture sent is read by the view, which puts what it found in `kept`."""

    kept: Value | None = None

    accent = line(_l("Colour"))
    logo = FileField(_l("Logo"))
    remove = BooleanField(_l("Take the logo away"))

    def fill(self, value: Value) -> None:
        """Show a value."""
        self.accent.data = value.get("accent", "")

    def value(self) -> Value:
        """What was typed, and the logo sent or kept."""
        kept = None if self.remove.data else self.kept
        return said({"accent": (self.accent.data or "").lower(), "logo": kept})


@access.with_files(MOST)
@access.staff(Role.OFFICER)
def staff_settings_look() -> Any:
    """Logo and colour."""
    key = setting_key(SettingKind.LOOK)
    return edit(
        Editing(
            key=key,
            form=LookForm,
            template="staff_settings_look.html",
            endpoint="staff_settings_look",
            prepare=lambda form: _take_logo(cast("LookForm", form), standing(portal(), store(), key).value),
            values={
                "contrasts": _contrasts(request.form.get("accent", effective().look.accent or "").strip().lower()),
                "files": True,
            },
        )
    )


def _take_logo(form: LookForm, present: Value) -> None:
    """The logo sent, else the one there is; what is wrong with it is said beside its field."""
    form.kept = present.get("logo")
    sent = request.files.get("logo")
    if sent is None or not sent.filename:
        return
    try:
        form.kept = keep_logo(store(), sent.stream.read(), now=now())
    except PictureRefused as error:
        form.refused = {"logo": _sentence(error.why)}


def _sentence(why: WhyNotPicture) -> str:
    return {
        WhyNotPicture.EMPTY: words("This file is empty. Choose another."),
        WhyNotPicture.TOO_LARGE: words("This picture is larger than 1 MB. Make it smaller, then send it again."),
        WhyNotPicture.SVG: words(
            "An SVG file can hold a program, so it is not taken. Save the logo as PNG, then send it again."
        ),
        WhyNotPicture.KIND: words("This is no picture the portal knows. Send a PNG, a JPEG or a WebP."),
        WhyNotPicture.BROKEN: words("This picture is damaged. Save it again, or choose another."),
        WhyNotPicture.SIDES: words("This picture is too wide or too high: 2,000 pixels are the most."),
    }[why]


def _contrasts(accent: str) -> list[str]:
    """How well a colour is read where it stands, a sentence each."""
    if not is_colour(accent):
        return []
    places = {
        "surface": words("On white, and white words on it"),
        "paper": words("On the pages"),
        "sand": words("On the head and foot of the pages"),
        "tint": words("On its own pale shade"),
    }
    return [_contrast(places[name], ratio) for name, ratio in contrasts(accent).items()]


def _contrast(place: str, ratio: float) -> str:
    """Rounded down, so that nothing is said to be enough that is not."""
    shown = number(int(ratio * 10) / 10, page_language())
    if ratio >= NEEDED:
        return words("%(place)s: %(ratio)s to 1, enough.", place=place, ratio=shown)
    needed = number(NEEDED, page_language())
    return words(
        "%(place)s: %(ratio)s to 1, too little (%(needed)s is needed).", place=place, ratio=shown, needed=needed
    )
