"""What the pages of the policy's draft share: the draft itself, the version its reader saw, and the page that says it moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import redirect, request
from wtforms import HiddenField

from portal.domain.documents import usual_section
from portal.domain.languages import Language, Text, twin_of
from portal.domain.people import StaffMember
from portal.domain.policy_coverage import Item
from portal.domain.policy_drafts import MOST_SECTIONS, Draft, DraftSection
from portal.domain.policy_tasks import Task, TaskKind
from portal.services import desk, policy_drafts
from portal.web import access
from portal.web.access import store, viewer
from portal.web.documents import document, document_url
from portal.web.forms import PageForm
from portal.web.languages import TAGS, page_language, url
from portal.web.pages import page, words
from portal.wording.policy_tasks import section_choice, task_sentence


class VersionedForm(PageForm):
    """A form that changes the draft its writer saw."""

    version = HiddenField()


IN_FRENCH = {"lang": TAGS["fr"]}
IN_ENGLISH = {"lang": TAGS["en"]}
"""What is typed in a field has its own language, whatever the page's."""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One thing to do, in words: in which section, where to go, and the ready text that does it, if one does.

    `look`: the section both of whose languages are to be looked at. `item`: what of the map is not said.
    """

    sentence: str
    section: str
    href: str | None
    slot: str | None = None
    slot_language: str | None = None
    ready: str = ""
    look: str | None = None
    item: Item | None = None


def member() -> StaffMember:
    """The officer who looks."""
    return cast("StaffMember", viewer().member)


def seen_version() -> int:
    """The version of the draft the page showed; -1 when what was sent is none."""
    typed = request.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def to_the_policy() -> Any:
    """Back to where the policy stands."""
    return redirect(document_url("staff_policy"), 303)


def title_of(section: DraftSection) -> str:
    """How a section is called on the page: its title in the page's language, else the usual one, else its twin's."""
    language = page_language()
    usual = usual_section(document(), section.key)
    titles = (
        section.title.in_(language),
        usual.title.in_(language) if usual else "",
        section.title.in_(twin_of(language)),
        section_choice(document(), section.key, language),
    )
    return next(title for title in titles if title)


def task_lines(draft: Draft, tasks: Iterable[Task]) -> list[TaskLine]:
    """What remains to be done, in words."""
    return [_line(draft, task) for task in tasks]


def changed_meanwhile(typed: Sequence[tuple[Language | None, str]] = (), *, key: str = "") -> Any:
    """409: who changed the draft and when, what was written here, to be copied, and what the section `key` says now."""
    access.let_go()
    present = policy_drafts.draft(store(), document())
    there = present.section(key) if present else None
    who = desk.members_by_id(store()).get(present.changed_by or 0) if present else None
    return page(
        "staff_policy_changed.html",
        status=409,
        present=present,
        who=who.address if who else None,
        typed=_tagged(typed),
        there=_tagged(typed_text(there.body)) if there else [],
        href=document_url("staff_policy_section", key=there.key) if there else document_url("staff_policy"),
    )


def _tagged(texts: Sequence[tuple[Language | None, str]]) -> list[tuple[str | None, str]]:
    return [(TAGS[language] if language else None, text) for language, text in texts if text.strip()]


def typed_text(text: Text) -> list[tuple[Language | None, str]]:
    """What was written in both languages, for the page that says it was not applied."""
    return [("fr", text.fr), ("en", text.en)]


def too_many_sections(number: int) -> str:
    """That a document cannot have as many sections."""
    return words(
        "That would make %(number)s sections, and a document has at most %(most)s. Join some of them.",
        number=number,
        most=MOST_SECTIONS,
    )


def _line(draft: Draft, task: Task) -> TaskLine:
    section = draft.section(task.section)
    return TaskLine(
        sentence=task_sentence(task, page_language()),
        section=title_of(section) if section else words("The data map") if task.table else words("The whole text"),
        href=_where_to_go(task, section),
        slot=task.words if task.kind is TaskKind.SLOT else None,
        slot_language=TAGS[task.language] if task.language else None,
        ready=task.ready,
        look=task.section if task.kind is TaskKind.LOOK else None,
        item=task.item,
    )


def _where_to_go(task: Task, section: DraftSection | None) -> str | None:
    if task.kind is TaskKind.PASTED:
        return document_url("staff_policy_sections")
    if task.table:
        return url("staff_settings_category", category=task.category)
    return document_url("staff_policy_section", key=section.key) if section and not task.ready else None
