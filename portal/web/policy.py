"""The pages of a document, the privacy policy or the governance practices: the version in force, any version, what changed over time, and two versions side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, redirect

from portal.domain.comparison import Paragraph, Run, SectionChange
from portal.domain.policies import Version
from portal.services import policies
from portal.services.policies import Standing
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.documents import document, document_url
from portal.web.languages import page_language
from portal.web.pages import page, words
from portal.wording.dates import date_long
from portal.wording.policy_tasks import revision_sentence

BETWEEN = ".."
_TAKEN_ID = "content"


@dataclass(frozen=True, slots=True)
class Line:
    """A version as lists and headings say it; `compare` leads to what changed since the version before it."""

    id: str
    title: str
    effective: date
    summary: str
    kind: str
    imported: bool
    standing: Standing
    state: str
    state_key: str
    href: str
    compare: str | None = None
    before: str | None = None
    revision: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One section ready to show: its anchor, its title and its safe HTML."""

    anchor: str
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One paragraph as it was and as it is; the same runs on both sides when nothing in it changed."""

    before: tuple[Run, ...]
    after: tuple[Run, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """One section that changed: what became of it, its title word by word and its paragraphs side by side."""

    anchor: str
    title: str
    heading: tuple[Run, ...]
    state: str
    state_key: str
    is_elsewhere: bool
    whole: tuple[Paragraph, ...]
    pairs: tuple[Pair, ...]


@access.reading
def policy() -> Any:
    """The version in force today, or the sentence that says there is none."""
    among = policies.versions(store(), document())
    present = policies.in_force(portal(), store(), now(), document())
    lines = _lines(among)
    coming = [line for line in lines if line.standing.to_come]
    if present is None:
        return page("no_policy.html", coming=coming, older=len(lines) > len(coming))
    return _version_page(present, among, coming=coming, is_present=True)


@access.reading
def policy_version(version_id: str) -> Any:
    """One version at its own address, whatever its day."""
    version = policies.one(store(), version_id, document())
    if version is None:
        abort(404)
    return _version_page(version, policies.versions(store(), document()), coming=[], is_present=False)


@access.reading
def policy_changes() -> Any:
    """Every version with its written summary, the newest first."""
    return page("policy_changes.html", lines=_lines(policies.versions(store(), document())))


@access.reading
def policy_comparison(pair: str) -> Any:
    """What changed from one version to a later one; the wrong way round leads to the right one."""
    older, newer = _pair(pair)
    if policies.is_older(newer, older):
        return redirect(document_url("policy_comparison", pair=f"{newer.id}{BETWEEN}{older.id}"), 302)
    changes = policies.compare(portal(), store(), older, newer, page_language())
    lines = _lines(policies.versions(store(), document()))
    places = [line.id for line in lines]
    since = lines[places.index(newer.id) : places.index(older.id)]
    return page(
        "policy_comparison.html",
        older=lines[places.index(older.id)],
        newer=since[0],
        since=since,
        changed=[_changed(change) for change in changes if change.kind != "unchanged"],
        unchanged=[change.title for change in changes if change.kind == "unchanged"],
    )


def _version_page(version: Version, among: Sequence[Version], *, coming: Sequence[Line], is_present: bool) -> Any:
    rendered = policies.rendered(portal(), store(), version, page_language())
    return page(
        "policy.html",
        version=next(line for line in _lines(among) if line.id == version.id),
        parts=[Part(_anchor(section.key), section.title, section.html) for section in rendered.sections],
        coming=coming,
        is_present=is_present,
        first_published=among[-1].effective,
    )


def _pair(written: str) -> tuple[Version, Version]:
    """The two versions an address names; no page when one is unknown, or when there is only one."""
    older_id, between, newer_id = written.partition(BETWEEN)
    older, newer = (policies.one(store(), found, document()) for found in (older_id, newer_id))
    if not between or older is None or newer is None or older.id == newer.id:
        abort(404)
    return older, newer


def _lines(among: Sequence[Version]) -> list[Line]:
    today = portal().today(now())
    befores: Iterable[Version | None] = (*among[1:], None) if among else ()
    return [
        _line(version, policies.standing(version, among, today), before)
        for version, before in zip(among, befores, strict=True)
    ]


def _line(version: Version, standing: Standing, before: Version | None) -> Line:
    state, key = _state(standing)
    return Line(
        id=version.id,
        title=_title(version),
        effective=version.effective,
        summary=version.summary.in_(page_language()),
        kind=words("Change of substance") if version.kind == "material" else words("Change of wording"),
        imported=version.imported,
        standing=standing,
        state=state,
        state_key=key,
        href=document_url("policy_version", version_id=version.id),
        compare=document_url("policy_comparison", pair=f"{before.id}{BETWEEN}{version.id}") if before else None,
        before=_title(before) if before else None,
        revision=revision_sentence(version.revised, page_language()) if version.revised else None,
    )


def _title(version: Version) -> str:
    """A version by its day; of several on one day, the later ones by their number too."""
    day = date_long(version.effective, page_language())
    _, _, number = version.id[len("2025-02-25") :].partition("-")
    if number:
        return words("Version of %(date)s, number %(number)s", date=day, number=number)
    return words("Version of %(date)s", date=day)


def _state(standing: Standing) -> tuple[str, str]:
    if standing.in_force:
        return words("In force"), "in_force"
    if standing.to_come:
        return words("Not yet in force"), "coming"
    return words("No longer in force"), "past"


def _changed(change: SectionChange) -> Changed:
    states = {
        "added": (words("New section"), "good"),
        "removed": (words("Section removed"), "bad"),
        "moved": (words("Section moved"), "neutral"),
        "changed": (words("Section changed"), "attention"),
    }
    state, key = states[change.kind]
    is_whole = change.kind in {"added", "removed"}
    return Changed(
        anchor=_anchor(change.key),
        title=change.title,
        heading=change.heading,
        state=state,
        state_key=key,
        is_elsewhere=change.moved,
        whole=change.parts if is_whole else (),
        pairs=tuple(_side_by_side(part) for part in change.parts) if change.kind == "changed" else (),
    )


def _side_by_side(part: Paragraph) -> Pair:
    return Pair(
        before=tuple(run for run in part.runs if run.kind != "added"),
        after=tuple(run for run in part.runs if run.kind != "removed"),
        changed=part.changed,
    )


def _anchor(key: str) -> str:
    """A section's key is its anchor, but for the one name the frame of the page has taken."""
    return f"{key}-section" if key == _TAKEN_ID else key
