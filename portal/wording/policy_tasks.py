"""Sentences for what remains to be done on a draft of a policy, and labels of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from functools import cache

from portal.domain.documents import usual_section
from portal.domain.languages import Language
from portal.domain.policies import Difference, Disparity, Document
from portal.domain.policy_coverage import Item, Kind
from portal.domain.policy_drafts import JOINED, LEFT_OUT, CalledBack, Hindrance, Origin, Stage
from portal.domain.policy_tasks import WRONG_WORDS, Task, TaskKind
from portal.wording.catalogue import for_language
from portal.wording.dates import instant


def task_sentence(task: Task, language: Language) -> str:
    """What is to be done, in one sentence; the section it is in is said beside it. Of a missing part, its name."""
    if task.kind is TaskKind.PART and task.part:
        label = task.part.label.in_(language)
        return _in_one_language(label[0].upper() + label[1:], task.language, language)
    if task.kind is TaskKind.DISPARITY and task.difference:
        return disparity_sentence(Disparity(task.section, task.difference, task.only_fr, task.only_en), language)
    if task.kind in {*WRONG_WORDS, TaskKind.UNREADABLE, TaskKind.TOO_LONG}:
        return f"{_place(task, language)} {_wrong_words(task, language)}"
    if task.language:
        return _of_one_language(task, task.language, language)
    return _of_the_whole(task, language)


def disparity_sentence(disparity: Disparity, language: Language) -> str:
    """Where two texts part: what differs, and what only one of them has."""
    return " ".join((_differences(language)[disparity.difference], *_where(disparity, language)))


def item_sentence(item: Item, language: Language) -> str:
    """That a text covers something of the map, by what it is and its own name."""
    words, label = for_language(language), item.label.in_(language)
    return {
        Kind.CATEGORY: words.gettext("Information: %(label)s", label=label),
        Kind.PURPOSE: words.gettext("Purpose: %(label)s", label=label),
        Kind.RECIPIENT: words.gettext("Recipient: %(label)s", label=label),
    }[item.kind]


def revision_sentence(revised: Language, language: Language) -> str:
    """That a version revises one translation, when the other language's words stayed."""
    words = for_language(language)
    if revised == "fr":
        return words.gettext("Revision of the French only; the English says what it said")
    return words.gettext("Revision of the English only; the French says what it said")


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


def hindrance_sentence(called_back: CalledBack, language: Language, zone: tzinfo) -> str:
    """That a version was not published at its moment, and why."""
    words, moment = for_language(language), instant(called_back.at, language, zone)
    return {
        Hindrance.UNFINISHED: words.gettext(
            "Called back by itself on %(moment)s, because something remained to be done. It was not published.",
            moment=moment,
        ),
        Hindrance.UNAPPROVED: words.gettext(
            "Called back by itself on %(moment)s, because a second officer had not approved it. It was not published.",
            moment=moment,
        ),
        Hindrance.ONE_LANGUAGE: words.gettext(
            "Called back by itself on %(moment)s, because only one language changes and it is said to be a change of"
            " substance. It was not published.",
            moment=moment,
        ),
    }[called_back.why]


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


def revision_summary(revised: Language, language: Language) -> str:
    """What a version that revises one translation may say of itself."""
    words = for_language(language)
    if revised == "fr":
        return words.gettext("We revised the French text. The English text did not change.")
    return words.gettext("We revised the English text. The French text did not change.")


def _in_one_language(what: str, lacking: Language | None, language: Language) -> str:
    words = for_language(language)
    if lacking is None:
        return what
    if lacking == "fr":
        return words.gettext("%(part)s (in French)", part=what)
    return words.gettext("%(part)s (in English)", part=what)


def _of_one_language(task: Task, lacking: Language, language: Language) -> str:
    words, is_french = for_language(language), lacking == "fr"
    match task.kind:
        case TaskKind.LANGUAGE:
            return words.gettext("Write it in French.") if is_french else words.gettext("Write it in English.")
        case TaskKind.SLOT:
            return words.gettext("Complete the French.") if is_french else words.gettext("Complete the English.")
        case TaskKind.LOOK if is_french:
            return words.gettext("The English changed. Check that the French still says the same.")
        case TaskKind.LOOK:
            return words.gettext("The French changed. Check that the English still says the same.")
        case TaskKind.NOT_SAID_SOLD:
            return _in_one_language(_not_sold(language), lacking, language)
        case TaskKind.SAID_NOT_SOLD if is_french:
            return words.gettext(
                "The French says that information is not sold, and the settings say that you sell some."
            )
        case TaskKind.SAID_NOT_SOLD:
            return words.gettext(
                "The English says that information is not sold, and the settings say that you sell some."
            )
    return words.gettext("%(name)s is not a blank the portal can fill in.", name=task.words)


def _of_the_whole(task: Task, language: Language) -> str:
    words = for_language(language)
    match task.kind:
        case TaskKind.COVER if task.item:
            return item_sentence(task.item, language)
        case TaskKind.PASTED:
            return words.gettext("A pasted text waits. Confirm its sections first.")
        case TaskKind.UNMAPPED:
            return words.gettext("It is said to cover “%(name)s”, which your data map does not have.", name=task.words)
        case TaskKind.NOT_SAID_SOLD:
            return _not_sold(language)
        case TaskKind.PERIOD:
            return words.gettext("The data map does not say how long %(table)s is kept.", table=task.table)
        case TaskKind.ERASURE:
            return words.gettext("The data map does not say what erasing does to %(table)s.", table=task.table)
    return words.gettext("Write a first section.")


def _not_sold(language: Language) -> str:
    return for_language(language).gettext("That you do not sell personal information")


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
        TaskKind.TOO_LONG: words.gettext("the whole text is longer than %(most)s KiB. Shorten it.", most=task.words),
        TaskKind.UNREADABLE: words.gettext(
            "the text is not read back as it is written. Write it in plain paragraphs and lists."
        ),
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
        "amounts": words.gettext("The two languages do not have the same amounts and periods."),
        "addresses": words.gettext("The two languages do not have the same postal addresses."),
        "phones": words.gettext("The two languages do not have the same telephone numbers."),
        "links": words.gettext("The two languages do not have the same links."),
        "emails": words.gettext("The two languages do not have the same e-mail addresses."),
        "placeholders": words.gettext("The two languages do not have the same blanks filled in by the portal."),
    }


def _where(disparity: Disparity, language: Language) -> list[str]:
    """What only one language has, a sentence each."""
    words = for_language(language)
    said = []
    if disparity.only_fr:
        said.append(words.gettext("Only the French has: %(found)s.", found=", ".join(disparity.only_fr)))
    if disparity.only_en:
        said.append(words.gettext("Only the English has: %(found)s.", found=", ".join(disparity.only_en)))
    return said
