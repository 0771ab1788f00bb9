"""Words for messages about requests: what a question is about, and why a file that comes with one is not taken."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portal.domain.attachments import LARGEST_FILE, LARGEST_TOGETHER, MOST_FILES, FileRefused, WhyNotFile
from portal.domain.languages import Language, Text
from portal.domain.messages import MessageKind, Need
from portal.domain.rights import PauseReason
from portal.wording.catalogue import for_language
from portal.wording.checklist_labels import file_refused_sentence
from portal.wording.numbers import bytes_size


def need_label(need: Need, language: Language) -> str:
    """What a question is about, as staff choose it."""
    return _labels(language)[need]


def kind_label(kind: MessageKind, language: Language) -> str:
    """What a message is."""
    words = for_language(language)
    return {
        MessageKind.MESSAGE: words.gettext("Message"),
        MessageKind.QUESTION: words.gettext("Question"),
        MessageKind.NOTE: words.gettext("Note of staff"),
    }[kind]


def need_in_letter(need: Need) -> Text:
    """What is needed and why, in a sentence that says nothing of the person: all that a letter may say of a question."""
    return Text(fr=_sentences("fr")[need], en=_sentences("en")[need])


def missing_in_letter(reason: PauseReason) -> Text:
    """What a clock stands still for, in a sentence for its person and for staff that says nothing of the person."""
    return Text(fr=_missing("fr")[reason], en=_missing("en")[reason])


def message_file_refused(error: FileRefused, language: Language) -> str:
    """Why a file was not taken with a message, and what to do."""
    words = for_language(language)
    if error.why is WhyNotFile.TOO_LARGE:
        return words.gettext(
            "“%(name)s” is larger than %(most)s. Send a smaller file, or write to us by post.",
            name=error.name,
            most=bytes_size(LARGEST_FILE, language),
        )
    if error.why is WhyNotFile.TOO_LARGE_TOGETHER:
        return words.gettext(
            "With “%(name)s”, the files of these messages exceed %(most)s together. Send fewer, or smaller ones.",
            name=error.name,
            most=bytes_size(LARGEST_TOGETHER, language),
        )
    if error.why is WhyNotFile.TOO_MANY:
        return words.gettext(
            "The messages of a request hold %(most)s files at most. Put several in one PDF, for instance.",
            most=MOST_FILES,
        )
    return file_refused_sentence(error, language)


@cache
def _labels(language: Language) -> Mapping[Need, str]:
    words = for_language(language)
    return {
        Need.PRECISION: words.gettext("What they are looking for, more exactly"),
        Need.IDENTITY: words.gettext("That the request comes from them"),
        Need.CAPACITY: words.gettext("In what capacity they ask for somebody else"),
        Need.OTHER: words.gettext("Something else"),
    }


@cache
def _sentences(language: Language) -> Mapping[Need, str]:
    words = for_language(language)
    return {
        Need.PRECISION: words.gettext(
            "To find what you ask for, we need to know more exactly what you are looking for."
        ),
        Need.IDENTITY: words.gettext("To protect your information, we must make sure the request comes from you."),
        Need.CAPACITY: words.gettext(
            "To protect the information of the person you ask for, we need to know in what capacity you ask."
        ),
        Need.OTHER: words.gettext("To answer your request, we need something more from you."),
    }


@cache
def _missing(language: Language) -> Mapping[PauseReason, str]:
    words = for_language(language)
    return {
        PauseReason.IDENTITY: words.gettext("What is missing: something that shows who makes the request."),
        PauseReason.CLARIFICATION: words.gettext("What is missing: a more exact word of what is asked for."),
    }
