"""Forms: their fields, what each accepts, and the sentence when it does not."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import DateInput

from portal.domain.letters import unfit_for_a_letter
from portal.services.addresses import BadAddress, canonical_address
from portal.web.languages import page_language
from portal.web.pages import words
from portal.web.typed import shown_again
from portal.wording.numbers import number

LONGEST_MESSAGE = 4_000
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")


class PageForm(FlaskForm):  # type: ignore[misc]  # the package ships no types
    """A form of ours: its token is checked before the view, its messages follow the page's language."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # the same
        """How WTForms speaks, and where the token is not looked at twice."""

        csrf = False

        @property
        def locales(self) -> list[str]:
            """The language of the page."""
            return ["fr" if page_language() == "fr" else "en"]


class IdempotentForm(PageForm):
    """A form that creates something: its `form_id` makes a second press find what the first one made."""

    form_id = HiddenField()

    def __init__(self, *arguments: Any, **values: Any) -> None:
        """Draw a form_id when the form is shown for the first time."""
        super().__init__(*arguments, **values)
        if not _PLAUSIBLE_ID.match(self.form_id.data or ""):
            self.form_id.data = secrets.token_urlsafe(18)


_PLAUSIBLE_ID = re.compile(r"^[A-Za-z0-9_-]{16,64}$")


class Line(StringField):
    """One line of text: spaces around dropped, composed (NFC), no control character."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first value sent."""
        super().process_formdata(valuelist)
        if isinstance(self.data, str):
            self.data = unicodedata.normalize("NFC", self.data).strip()

    def _value(self) -> str:
        """What is shown again: a character that no page may hold is left out."""
        return shown_again(self.data or "")


class DayField(Line):
    """One day, picked or typed, such as 2025-02-25; `day` holds it once read."""

    widget = DateInput()
    day: date | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the day, or say how it is written (security.md B-27)."""
        if not self.data:
            return
        try:
            self.day = date.fromisoformat(self.data if _ISO_DAY.fullmatch(self.data) else "")
        except ValueError as error:
            raise ValidationError(words("Write the day as in 2025-02-25: year, month, day.")) from error


class Paragraphs(TextAreaField):
    """Several lines of text, composed (NFC), with one kind of line end, counted as people count characters."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first value sent."""
        super().process_formdata(valuelist)
        if isinstance(self.data, str):
            text = self.data.replace("\r\n", "\n").replace("\r", "\n")
            self.data = unicodedata.normalize("NFC", text).strip()

    def _value(self) -> str:
        """What is shown again: a character that no page may hold is left out."""
        return shown_again(self.data or "")


def something(field: Field, message: str) -> None:
    """Refuse a field in which nothing can be seen: empty, spaces, zero-width characters (security.md B-1, B-2)."""
    text = _INVISIBLE.sub("", field.data or "")
    if not text.strip(" \t\n\r\u00a0\u202f\u3000"):
        raise ValidationError(message)


def no_control_characters(_form: Any, field: Field) -> None:
    """Refuse NUL and its kin, and what no page may hold, on every database alike (security.md B-3, B-5)."""
    text = field.data or ""
    controls = () if isinstance(field, Paragraphs) else ("\n", "\t")
    if shown_again(text) != text or any(control in text for control in controls):
        raise ValidationError(words("This text holds a character that cannot be kept. Remove it and try again."))


def nothing_that_steers(_form: Any, field: Field) -> None:
    """Refuse what would steer the lines around it on paper instead of being read: directions, private signs."""
    if unfit_for_a_letter(field.data or ""):
        raise ValidationError(
            words("This text holds a character that cannot be printed in a letter. Remove it and try again.")
        )


class NoLongerThan:
    """Refuse a text over a number of characters, and say both numbers (security.md B-6, B-7)."""

    def __init__(self, longest: int) -> None:
        """Allow `longest` characters; the browser is not told, so that nothing typed is cut."""
        self.longest = longest

    def __call__(self, _form: Any, field: Field) -> None:
        """Raise with the sentence."""
        length = len(field.data or "")
        if length > self.longest:
            raise ValidationError(
                words(
                    "This text has %(length)s characters. The limit is %(longest)s characters.",
                    length=_number(length),
                    longest=_number(self.longest),
                )
            )


def _number(value: int) -> str:

    return number(value, page_language())


class AddressForm(PageForm):
    """Ask for an e-mail address; `canonical` holds it once found right."""

    email = Line(_l("E-mail address"), validators=[no_control_characters])
    next = HiddenField()
    canonical = ""

    def validate_email(self, field: Field) -> None:
        """One rule for addresses, at every door."""
        something(field, words("Enter your e-mail address."))
        try:
            self.canonical = canonical_address(field.data)
        except BadAddress as error:
            raise ValidationError(words("Enter one e-mail address, such as name@example.org.")) from error


class CodeForm(PageForm):
    """Give the six digits of a letter; spaces and dashes do not matter."""

    code = Line(_l("Code"), validators=[no_control_characters])

    def validate_code(self, field: Field) -> None:
        """Six digits, however they were typed."""
        something(field, words("Enter the six digits of the code."))
        digits = re.sub(r"[\s-]", "", field.data)
        if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
            raise ValidationError(words("The code has six digits, and nothing else."))
