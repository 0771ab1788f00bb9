"""What the officer writes in a notice: what the law wants it to say, a paragraph of their own, and to whom it goes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import ValidationError

from portal.domain.languages import LANGUAGES, Text
from portal.domain.letters import LONGEST_PARAGRAPH
from portal.domain.notices import (
    COUNTDOWNS,
    DETAILS,
    LONGEST_CHOSEN,
    LONGEST_DETAIL,
    USUAL_COUNTDOWN,
    Notice,
    NoticeKind,
)
from portal.web.forms import NoLongerThan, PageForm, Paragraphs, no_control_characters, nothing_that_steers
from portal.web.languages import TAGS, page_language
from portal.web.pages import words
from portal.wording.notice_words import detail_label, lasting

_CHECKED = [no_control_characters, nothing_that_steers]


class NoticeForm(PageForm):
    """The words of a notice. `version` is the one its writer saw."""

    version = HiddenField()
    paragraph_fr = Paragraphs(
        _l("A paragraph of your own, in French"),
        validators=[*_CHECKED, NoLongerThan(LONGEST_PARAGRAPH)],
        render_kw={"lang": TAGS["fr"]},
    )
    paragraph_en = Paragraphs(
        _l("A paragraph of your own, in English"),
        validators=[*_CHECKED, NoLongerThan(LONGEST_PARAGRAPH)],
        render_kw={"lang": TAGS["en"]},
    )
    chosen = Paragraphs(_l("To whom"), validators=[no_control_characters, NoLongerThan(LONGEST_CHOSEN)])

    def details(self, notice: Notice) -> Mapping[str, Text]:
        """What was typed in the fields of its kind."""
        return {name: self.both(name) for name in DETAILS[notice.kind]}

    def both(self, name: str) -> Text:
        """A field in both languages."""
        return Text(fr=self[f"{name}_fr"].data or "", en=self[f"{name}_en"].data or "")

    def validate_paragraph_en(self, _field: Any) -> None:
        """Both or neither: nobody reads less than another."""
        paragraph = self.both("paragraph")
        if bool(paragraph.fr) != bool(paragraph.en):
            raise ValidationError(words("Write the paragraph in both languages, or leave both empty."))


class CountdownForm(PageForm):
    """How long the countdown lasts."""

    countdown = SelectField(_l("The letters leave in"), validate_choice=False)

    def span(self) -> timedelta:
        """The countdown chosen; the usual one for anything that is none."""
        minutes = {str(int(one.total_seconds() // 60)): one for one in COUNTDOWNS}
        return minutes.get(self.countdown.data or "", USUAL_COUNTDOWN)


def notice_form(notice: Notice, sent: Any = None) -> NoticeForm:
    """The form of a notice, filled with what is kept, or with what was sent."""
    form = _form_of(notice.kind)(sent)
    if sent is None:
        _fill(form, notice)
    return form


def countdown_form(sent: Any = None) -> CountdownForm:
    """The choice of a countdown."""
    form = CountdownForm(sent)
    form.countdown.choices = [
        (str(int(one.total_seconds() // 60)), lasting(one, page_language())) for one in COUNTDOWNS
    ]
    if sent is None:
        form.countdown.data = str(int(USUAL_COUNTDOWN.total_seconds() // 60))
    return form


def _form_of(kind: NoticeKind) -> type[NoticeForm]:
    """The form with the fields of a kind of notice, each in both languages."""
    fields = {
        f"{name}_{language}": Paragraphs(
            detail_label(name, page_language())[LANGUAGES.index(language)],
            validators=[*_CHECKED, NoLongerThan(LONGEST_DETAIL)],
            render_kw={"lang": TAGS[language]},
        )
        for name in DETAILS[kind]
        for language in LANGUAGES
    }
    return type("NoticeFormOfKind", (NoticeForm,), fields)


def _fill(form: NoticeForm, notice: Notice) -> None:
    form.version.data = str(notice.version)
    for name, said in {**notice.details, "paragraph": notice.paragraph}.items():
        if f"{name}_fr" in form:
            form[f"{name}_fr"].data, form[f"{name}_en"].data = said.fr, said.en
