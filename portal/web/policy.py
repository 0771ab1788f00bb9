"""The pages of a document, the privacy policy or the governance practices: the version in force, any version, what changed over time, and two versions side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, redirect

from portal.domain.policies import Version
from portal.services import policies
from portal.services.policies import Standing
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.compared import anchor, compared
from portal.web.documents import document, document_url
from portal.web.languages import page_language
from portal.web.pages import page, words
from portal.web.policy_links import BETWEEN, feed, formats_of, title_of
from portal.wording.policy_tasks import revision_sentence


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
    return page("policy_changes.html", lines=_lines(policies.versions(store(), document())), feed=feed())


@access.reading
def policy_comparison(pair: str) -> Any:
    """What changed from one version to a later one; the wrong way round leads to the right one."""
    older, newer = _pair(pair)
    lines = _lines(policies.versions(store(), document()))
    places = [line.id for line in lines]
    first, last = places.index(newer.id), places.index(older.id)
    if first > last:
        return redirect(document_url("policy_comparison", pair=f"{newer.id}{BETWEEN}{older.id}"), 302)
    changes = policies.compare(portal(), store(), older, newer, page_language())
    return page(
        "policy_comparison.html",
        older=lines[last],
        newer=lines[first],
        since=lines[first:last],
        compared=compared(changes),
    )


def _version_page(version: Version, among: Sequence[Version], *, coming: Sequence[Line], is_present: bool) -> Any:
    rendered = policies.rendered(portal(), store(), version, page_language())
    return page(
        "policy.html",
        version=next(line for line in _lines(among) if line.id == version.id),
        parts=[Part(anchor(section.key), section.title, section.html) for section in rendered.sections],
        coming=coming,
        is_present=is_present,
        first_published=among[-1].effective,
        formats=formats_of(version),
        feed=feed(),
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
        title=title_of(version.id, version.effective),
        effective=version.effective,
        summary=version.summary.in_(page_language()),
        kind=words("Change of substance") if version.kind == "material" else words("Change of wording"),
        imported=version.imported,
        standing=standing,
        state=state,
        state_key=key,
        href=document_url("policy_version", version_id=version.id),
        compare=document_url("policy_comparison", pair=f"{before.id}{BETWEEN}{version.id}") if before else None,
        before=title_of(before.id, before.effective) if before else None,
        revision=revision_sentence(version.revised, page_language()) if version.revised else None,
    )


def _state(standing: Standing) -> tuple[str, str]:
    if standing.in_force:
        return words("In force"), "in_force"
    if standing.to_come:
        return words("Not yet in force"), "coming"
    return words("No longer in force"), "past"
