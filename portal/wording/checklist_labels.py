"""Words for checklists and the files attached to them: what was answered of a system, and why a file is not taken."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portal.domain.attachments import LARGEST_FILE, LARGEST_TOGETHER, MOST_FILES, FileRefused, WhyNotFile
from portal.domain.checklist import AnsweredBy, LineState
from portal.domain.languages import Language
from portal.wording.catalogue import for_language
from portal.wording.numbers import bytes_size


def line_state_label(state: LineState, language: Language) -> str:
    """What was answered of a system, in a word or two."""
    return _states(language)[state]


def line_answer_sentence(state: LineState, language: Language) -> str:
    """What may be answered of a system, as whoever looked says it."""
    return _answers(language)[state]


def answered_by_label(by: AnsweredBy, language: Language) -> str:
    """Who answered."""
    words = for_language(language)
    return words.gettext("Its keeper") if by is AnsweredBy.KEEPER else words.gettext("Staff")


def file_refused_sentence(error: FileRefused, language: Language) -> str:
    """Why a file was not taken, and what to do."""
    words, name = for_language(language), error.name
    one, together = bytes_size(LARGEST_FILE, language), bytes_size(LARGEST_TOGETHER, language)
    return {
        WhyNotFile.EMPTY: words.gettext("“%(name)s” is empty. Choose another file.", name=name),
        WhyNotFile.TOO_LARGE: words.gettext(
            "“%(name)s” is larger than %(most)s. Split it, or say that it is given on paper.", name=name, most=one
        ),
        WhyNotFile.TOO_LARGE_IN_ALL: words.gettext(
            "With “%(name)s”, your files would take more room than we keep for one person. Send smaller ones, or write "
            "to us by post.",
            name=error.name,
        ),
        WhyNotFile.TOO_LARGE_TOGETHER: words.gettext(
            "With “%(name)s”, the files of this request exceed %(most)s together. Remove one first.",
            name=name,
            most=together,
        ),
        WhyNotFile.TOO_MANY: words.gettext(
            "A request holds %(most)s files at most. Put several in one PDF, for instance.", most=MOST_FILES
        ),
        WhyNotFile.KIND: words.gettext(
            "“%(name)s” is none of these: CSV, Excel (XLSX), PDF, PNG, JPEG, WebP. Save it as one of them.", name=name
        ),
        WhyNotFile.OTHERWISE: words.gettext(
            "“%(name)s” is a file of the kind %(kind)s, and its name says otherwise. Correct its name, then attach it again.",
            name=name,
            kind=error.kind.value.upper() if error.kind else "",
        ),
        WhyNotFile.BOMB: words.gettext(
            "“%(name)s” would take far too much room once it is opened. Send a smaller workbook, or a PDF.", name=name
        ),
        WhyNotFile.MACROS: words.gettext(
            "“%(name)s” is a workbook with macros. Save it as a workbook without macros (XLSX).", name=name
        ),
    }[error.why]


@cache
def _states(language: Language) -> Mapping[LineState, str]:
    words = for_language(language)
    return {
        LineState.NOT_YET: words.pgettext("line of a checklist", "Not yet"),
        LineState.FOUND: words.pgettext("line of a checklist", "Found, in a file"),
        LineState.ON_PAPER: words.pgettext("line of a checklist", "Found, given on paper"),
        LineState.NOTHING: words.pgettext("line of a checklist", "Nothing found"),
        LineState.CORRECTED: words.pgettext("line of a checklist", "Corrected"),
        LineState.DESTROYED: words.pgettext("line of a checklist", "Destroyed"),
        LineState.KEPT: words.pgettext("line of a checklist", "Kept as it is"),
    }


@cache
def _answers(language: Language) -> Mapping[LineState, str]:
    words = for_language(language)
    return {
        LineState.NOT_YET: words.gettext("Not looked up yet"),
        LineState.FOUND: words.gettext("Found: here are the files"),
        LineState.ON_PAPER: words.gettext("Found: it will be given on paper"),
        LineState.NOTHING: words.gettext("Looked: there is nothing about this person"),
        LineState.CORRECTED: words.gettext("Corrected"),
        LineState.DESTROYED: words.gettext("Destroyed"),
        LineState.KEPT: words.gettext("Kept as it is, for a reason written below"),
    }
