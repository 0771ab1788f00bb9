"""Letters on pages of staff: one column a language, what is fixed in each told apart from what is not."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from portal.domain.languages import Language
from portal.domain.letters import FixedPart
from portal.services.letter_previews import OWN, Piece, Preview
from portal.web.languages import TAGS
from portal.wording.letter_parts import own_label, part_label


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


def column_of(preview: Preview) -> PreviewView:
    """One letter in one language, as its page shows it."""
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
