"""What each kind of letter says: a preview in both languages, with what cannot be changed and why."""

from __future__ import annotations

from typing import Any

from flask import abort
from flask_babel import lazy_gettext as _l

from portal.domain.languages import LANGUAGES
from portal.domain.letters import CODE_LETTERS, FIXED, LONGEST_PARAGRAPH, ON_PAPER, FixedPart, LetterKind
from portal.domain.rights import Role
from portal.domain.settings import SettingKind, setting_key
from portal.services.letter_previews import previews_of
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.forms import NoLongerThan, Paragraphs, no_control_characters
from portal.web.languages import page_language, url
from portal.web.letter_columns import column_of
from portal.web.setting_edit import Editing, edit
from portal.web.setting_forms import SettingForm, Value, said
from portal.wording.letter_labels import letter_label
from portal.wording.letter_parts import part_label, part_reason
from portal.wording.numbers import number


class ParagraphForm(SettingForm):
    """The organization's own paragraph in one kind of letter."""

    paragraph_fr = Paragraphs(_l("In French"), validators=[no_control_characters, NoLongerThan(LONGEST_PARAGRAPH)])
    paragraph_en = Paragraphs(_l("In English"), validators=[no_control_characters, NoLongerThan(LONGEST_PARAGRAPH)])

    def fill(self, value: Value) -> None:
        """Show a value."""
        self.show_both("paragraph", value.get("paragraph"))

    def value(self) -> Value:
        """What was typed; nothing takes the paragraph out."""
        return said({"paragraph": self.both("paragraph")})


@access.staff(Role.OFFICER)
def staff_letter_kind(kind: str) -> Any:
    """One kind of letter, in French and in English; the organization's own paragraph in it, with its history."""
    shown = _kind(kind)
    return edit(
        Editing(
            key=setting_key(SettingKind.LETTER, shown.value),
            form=ParagraphForm,
            template="staff_letter_kind.html",
            endpoint="staff_letter_kind",
            arguments={"kind": shown.value},
            values=_words_of(shown),
        )
    )


def _words_of(kind: LetterKind) -> dict[str, Any]:
    """What the page shows beside the form: the letter itself, and what is fixed in it."""
    language = page_language()
    previews = previews_of(portal(), store(), kind, now=now())
    return {
        "label": letter_label(kind, language),
        "on_paper": url("staff_letter_sample", kind=kind.value) if kind in ON_PAPER else None,
        "previews": [column_of(previews[one]) for one in LANGUAGES],
        "fixed": [
            (part_label(part, language), part_reason(part, language, portal().settings.regime))
            for part in FixedPart
            if part in FIXED[kind]
        ],
        "is_code": kind in CODE_LETTERS,
        "longest": number(LONGEST_PARAGRAPH, language),
    }


def _kind(value: str) -> LetterKind:
    return next((kind for kind in LetterKind if kind.value == value), None) or abort(404)
