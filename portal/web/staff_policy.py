"""The officer's page of a document: where things stand, beginning a draft, its sections and their order, giving it up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, request

from portal.domain.documents import SECTIONS
from portal.domain.policies import Version
from portal.domain.policy_drafts import MOST_SECTIONS, Draft, Origin
from portal.domain.policy_tasks import Task, TaskKind
from portal.domain.rights import Role
from portal.services import desk, policy_drafts
from portal.services.policies import PRIVACY
from portal.services.policy_drafts import StaleDraft, TooManySections
from portal.services.policy_gate import as_problems, policy_gate, wrong_words
from portal.services.policy_publishing import proposals, standings, tasks
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.documents import document, document_url
from portal.web.languages import page_language
from portal.web.pages import page, words
from portal.web.policy_drafting import (
    TaskLine,
    changed_meanwhile,
    member,
    seen_version,
    task_lines,
    title_of,
    to_the_policy,
    too_many_sections,
)
from portal.web.policy_links import title_of as version_title
from portal.wording.policy_tasks import hindrance_sentence, origin_label, section_choice, stage_label

ALL_PARTS = "all"
OWN = "own"


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section of the draft in the list: what it is called, what remains in it, where it may move."""

    key: str
    title: str
    href: str
    remaining: int
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class ToDo:
    """What remains in one section; `look`: its key, when both its languages are to be looked at."""

    title: str
    href: str | None
    sentences: list[str]
    look: str | None


@dataclass(frozen=True, slots=True)
class Uncovered:
    """One thing of the map no section covers: what it is, its ready paragraph, and the sections to choose from."""

    sentence: str
    ready: str
    name: str
    sections: list[tuple[str, str]]
    likely: str


@access.staff(Role.OFFICER)
def staff_policy() -> Any:
    """Where things stand."""
    return _page()


def _page(*, refusal: str | None = None) -> Any:
    where = standings(portal(), store(), document(), now=now())
    draft = where.draft
    remaining = tasks(portal(), store(), draft) if draft and draft.sections else ()
    lines = task_lines(draft, remaining) if draft else []
    there = [*([where.in_force] if where.in_force else []), *where.coming]
    published = next((version for version in there if version.id == request.args.get("published")), None)
    return page(
        "staff_policy.html",
        status=422 if refusal else 200,
        refusal=refusal,
        published=(_version(published)[1], published is where.in_force) if published else None,
        in_force=_version(where.in_force) if where.in_force else None,
        coming=[_version(version) for version in where.coming],
        to_tell=document() == PRIVACY and any(version.kind == "material" for version in where.coming),
        draft=draft,
        hindrance=hindrance_sentence(draft.called_back, page_language(), portal().settings.zone)
        if draft and draft.called_back
        else None,
        stage=stage_label(draft.stage, page_language()) if draft else None,
        started=_started(draft) if draft else None,
        to_do=_by_section([line for line in lines if not line.ready]),
        parts=[line for line in lines if line.ready and line.item is None],
        uncovered=_uncovered(draft, lines) if draft else [],
        lacking=_lacking(where.in_force),
        garbled=any(task.kind is TaskKind.GARBLED for task in remaining),
        sections=_sections(draft, remaining) if draft else [],
        addable=_addable(draft) if draft else [],
    )


@access.staff(Role.OFFICER)
def staff_policy_start() -> Any:
    """Begin a draft; the one there is stays."""
    origin = next((origin for origin in Origin if origin.value == request.form.get("from")), None)
    if origin is None or origin is Origin.PASTED:
        abort(422)
    policy_drafts.start(portal(), store(), member(), origin, document=document(), now=now())
    return to_the_policy()


@access.staff(Role.OFFICER)
def staff_policy_arrange() -> Any:
    """Move a section, take it out, add one, or add what the law asks for."""
    draft = policy_drafts.draft(store(), document())
    if draft is None:
        return changed_meanwhile()
    try:
        return _arranged(draft, request.form.get("do", ""), request.form.get("key", ""))
    except StaleDraft:
        return changed_meanwhile()
    except TooManySections as error:
        return _page(refusal=too_many_sections(error.number))


@access.staff(Role.OFFICER)
def staff_policy_discard() -> Any:
    """Give the draft up."""
    try:
        policy_drafts.discard(store(), document=document(), seen_version=seen_version())
    except StaleDraft:
        return changed_meanwhile()
    return to_the_policy()


def _arranged(draft: Draft, act: str, key: str) -> Any:
    who, seen, at = member(), seen_version(), now()
    if act in {"up", "down"}:
        policy_drafts.move(store(), who, draft, key, -1 if act == "up" else 1, seen_version=seen, now=at)
        return redirect(document_url("staff_policy", _anchor="sections"), 303)
    if act == "remove":
        policy_drafts.remove(store(), who, draft, key, seen_version=seen, now=at)
        return redirect(document_url("staff_policy", _anchor="sections"), 303)
    if act == "add":
        section = policy_drafts.add(store(), who, draft, key, seen_version=seen, now=at)
        return redirect(document_url("staff_policy_section", key=section.key), 303)
    return _remaining_done(draft, act, key)


def _remaining_done(draft: Draft, act: str, key: str) -> Any:
    """Do what remains, where a button can: a look kept, a thing covered, ready text added, accents put right."""
    who, seen, at = member(), seen_version(), now()
    if act == "same":
        policy_drafts.say_same(store(), who, draft, key, seen_version=seen, now=at)
        if request.form.get("back") == "section":
            return redirect(document_url("staff_policy_section", key=key), 303)
    elif act == "cover":
        name = request.form.get("name", "")
        policy_drafts.cover(store(), who, draft, key, name, seen_version=seen, now=at)
    elif act == "part":
        name_or_all = None if key == ALL_PARTS else key
        policy_drafts.add_ready(portal(), store(), who, draft, name_or_all, seen_version=seen)
    elif act == "mend":
        policy_drafts.mend(store(), who, draft, seen_version=seen, now=at)
    else:
        abort(422)
    return redirect(document_url("staff_policy", _anchor="to-do"), 303)


def _by_section(lines: Sequence[TaskLine]) -> list[ToDo]:
    """What remains in each section, each sentence once."""
    found: dict[tuple[str, str | None], list[TaskLine]] = {}
    for line in lines:
        found.setdefault((line.section, line.href), []).append(line)
    return [
        ToDo(
            title=title,
            href=href,
            sentences=[*dict.fromkeys(line.sentence for line in here)],
            look=next((line.look for line in here if line.look), None),
        )
        for (title, href), here in found.items()
    ]


def _uncovered(draft: Draft, lines: Sequence[TaskLine]) -> list[Uncovered]:
    """What no section covers, with the sections that may be said to, the likeliest chosen."""
    sections = [(section.key, title_of(section)) for section in draft.sections]
    likely = {name: key for key, names in proposals(portal(), store(), draft).items() for name in names}
    return [
        Uncovered(line.sentence, line.ready, line.item.name, sections, likely.get(line.item.name, ""))
        for line in lines
        if line.item
    ]


def _lacking(version: Version | None) -> list[str]:
    """What the version in force lacks today, in the sentences of the draft's page and of `portal check`."""
    if version is None:
        return []
    lacking = (*wrong_words(version.texts), *policy_gate(portal(), store(), version.texts, document=version.document))
    return [problem.message for problem in as_problems(lacking, page_language())]


def _version(version: Version) -> tuple[str, str]:
    """A version's words and address."""
    return version_title(version.id, version.effective), document_url("policy_version", version_id=version.id)


def _started(draft: Draft) -> dict[str, str | None]:
    """Who began the draft and from what, who saved it last."""
    members = desk.members_by_id(store())
    started, changed = members.get(draft.started_by or 0), members.get(draft.changed_by or 0)
    return {
        "origin": origin_label(draft.origin, page_language()),
        "by": started.address if started else None,
        "changed_by": changed.address if changed else None,
    }


def _sections(draft: Draft, remaining: Sequence[Task]) -> list[SectionLine]:
    numbers = Counter(task.section for task in remaining if not task.ready)
    last = len(draft.sections) - 1
    return [
        SectionLine(
            key=section.key,
            title=title_of(section),
            href=document_url("staff_policy_section", key=section.key),
            remaining=numbers[section.key],
            first=place == 0,
            last=place == last,
        )
        for place, section in enumerate(draft.sections)
    ]


def _addable(draft: Draft) -> list[tuple[str, str]]:
    """The sections that may be added: usual ones the draft lacks, and one of the organization's own."""
    if len(draft.sections) >= MOST_SECTIONS:
        return []
    usual = [
        (section.key, section_choice(draft.document, section.key, page_language()))
        for section in SECTIONS[draft.document]
        if draft.section(section.key) is None
    ]
    return [*usual, (OWN, words("Another section"))]
