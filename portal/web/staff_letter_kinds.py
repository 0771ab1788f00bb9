"""What each kind of letter says: a preview in both languages, with what cannot be changed and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from portal.domain.languages import LANGUAGES, Language
from portal.domain.letters import CODE_LETTERS, FIXED, LONGEST_PARAGRAPH, ON_PAPER, FixedPart, LetterKind
from portal.domain.rights import Role
from portal.domain.settings import SettingKind, setting_key
from portal.services.letter_previews import OWN, Piece, Preview, previews_of
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.forms import NoLongerThan, Paragraphs, no_control_characters
from portal.web.languages import TAGS, page_language, url
from portal.web.setting_edit import Editing, edit
from portal.web.setting_forms import SettingForm, Value, said
from portal.wording.letter_labels import letter_label
from portal.wording.letter_parts import own_label, part_label, part_reason
from portal.wording.numbers import number


@dataclass(frozen=True, slots=True)
class PieceView:
    """A piece of a letter as the page shows it: what is fixed about it says so in the letter's own language."""

    label: str | None
    own: bool
    content: str


@dataclass(frozen=True, slots=True)
class PreviewView:
    """One column: the letter in one language, as a mail program shows it and as plain text."""

    language: Language
    tag: str
    to: str
    subject: str
    html: list[PieceView]
    text: list[PieceView]


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
        "previews": [_view(previews[one]) for one in LANGUAGES],
        "fixed": [
            (part_label(part, language), part_reason(part, language)) for part in FixedPart if part in FIXED[kind]
        ],
        "is_code": kind in CODE_LETTERS,
        "longest": number(LONGEST_PARAGRAPH, language),
    }


def _kind(value: str) -> LetterKind:
    return next((kind for kind in LetterKind if kind.value == value), None) or abort(404)


def _view(preview: Preview) -> PreviewView:
    return PreviewView(
        language=preview.language,
        tag=TAGS[preview.language],
        to=preview.to,
        subject=preview.subject,
        html=[_piece(piece, preview.language, Markup(piece.text)) for piece in preview.html],  # noqa: S704  # escaped when written
        text=[_piece(piece, preview.language, piece.text.strip()) for piece in preview.text if piece.text.strip()],
    )


def _piece(piece: Piece, language: Language, content: str) -> PieceView:
    own = piece.part == OWN
    label = own_label(language) if own else part_label(FixedPart(piece.part), language) if piece.part else None
    return PieceView(label, own, content)
