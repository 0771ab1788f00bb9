"""Sentences for what remains to be done on a draft of a policy, and labels of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portal.domain.documents import usual_section
from portal.domain.languages import Language
from portal.domain.policies import Difference, Document
from portal.domain.policy_drafts import JOINED, LEFT_OUT, Origin, Stage, Task, TaskKind
from portal.wording.catalogue import for_language


def task_sentence(task: Task, language: Language) -> str:
    """What is to be done, in one sentence; the section it is in is said beside it. Of a missing part, its name."""
    words = for_language(language)
    if task.kind is TaskKind.PART and task.part:
        label = task.part.label.in_(language)
        label = label[0].upper() + label[1:]
        if task.language is None:
            return label
        if task.language == "fr":
            return words.gettext("%(part)s (in French)", part=label)
        return words.gettext("%(part)s (in English)", part=label)
    if task.kind is TaskKind.DISPARITY and task.difference:
        return " ".join((_differences(language)[task.difference], *_where(task, language)))
    return _of_one_language(task, language)


def origin_label(origin: Origin, language: Language) -> str:
    """What a draft began from."""
    words = for_language(language)
    return {
        Origin.STARTER: words.gettext("Starting text"),
        Origin.IN_FORCE: words.gettext("Version in force"),
        Origin.PASTED: words.gettext("Pasted text"),
    }[origin]


def stage_label(stage: Stage, language: Language) -> str:
    """How far a draft is."""
    words = for_language(language)
    return {
        Stage.DRAFT: words.gettext("Draft, being written"),
        Stage.IN_REVIEW: words.gettext("In review: another officer approves it"),
        Stage.APPROVED: words.gettext("Approved, to be published"),
        Stage.SCHEDULED: words.gettext("Scheduled: it will be published by itself"),
    }[stage]


def section_choice(document: Document, key: str, language: Language) -> str:
    """A place a recognised piece of text may be given, or a kind of section to add."""
    words = for_language(language)
    usual = usual_section(document, key)
    if usual:
        return usual.title.in_(language)
    if key == JOINED:
        return words.gettext("The section before it, continued")
    if key == LEFT_OUT:
        return words.gettext("Leave it out")
    return words.gettext("Another section, number %(number)s", number=key.rpartition("-")[2])


def _of_one_language(task: Task, language: Language) -> str:
    words = for_language(language)
    is_french = task.language == "fr"
    if task.kind is TaskKind.LANGUAGE:
        return words.gettext("Write it in French.") if is_french else words.gettext("Write it in English.")
    if task.kind is TaskKind.SLOT:
        return words.gettext("Complete the French.") if is_french else words.gettext("Complete the English.")
    if task.kind in _WRONG_WORDS:
        return " ".join(part for part in (_place(task, language), _wrong_words(task, language)) if part)
    if task.kind is TaskKind.PLACEHOLDER:
        return words.gettext("%(name)s is not a blank the portal can fill in.", name=task.words)
    return words.gettext("Write a first section.")


_WRONG_WORDS = {TaskKind.RAW_HTML, TaskKind.BAD_LINK, TaskKind.GARBLED, TaskKind.LOST_LETTER}


def _place(task: Task, language: Language) -> str:
    """In which language of the section, and at which line."""
    words = for_language(language)
    if task.line is None:
        return words.gettext("In French:") if task.language == "fr" else words.gettext("In English:")
    if task.language == "fr":
        return words.gettext("In French, line %(line)s:", line=task.line)
    return words.gettext("In English, line %(line)s:", line=task.line)


def _wrong_words(task: Task, language: Language) -> str:
    words = for_language(language)
    return {
        TaskKind.RAW_HTML: words.gettext("%(words)s is HTML, which is not shown. Take it out.", words=task.words),
        TaskKind.BAD_LINK: words.gettext(
            "A link that begins with “%(words)s” cannot be opened. Write https://…, mailto: or tel:.",
            words=task.words.partition(":")[0],
        ),
        TaskKind.GARBLED: words.gettext("%(words)s has accents that were misread.", words=task.words),
        TaskKind.LOST_LETTER: words.gettext("%(words)s has lost a letter. Write it again.", words=task.words),
    }[task.kind]


@cache
def _differences(language: Language) -> Mapping[Difference, str]:
    words = for_language(language)
    return {
        "missing_section": words.gettext("The section exists in one language only."),
        "order": words.gettext("The sections are not in the same order in both languages."),
        "covers": words.gettext("The two languages do not cover the same parts of the data map."),
        "dates": words.gettext("The two languages do not have the same dates."),
        "links": words.gettext("The two languages do not have the same links."),
        "emails": words.gettext("The two languages do not have the same e-mail addresses."),
        "placeholders": words.gettext("The two languages do not have the same blanks filled in by the portal."),
    }


def _where(task: Task, language: Language) -> list[str]:
    """What only one language has, a sentence each."""
    words = for_language(language)
    said = []
    if task.only_fr:
        said.append(words.gettext("Only the French has: %(found)s.", found=", ".join(task.only_fr)))
    if task.only_en:
        said.append(words.gettext("Only the English has: %(found)s.", found=", ".join(task.only_en)))
    return said
