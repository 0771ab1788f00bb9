"""A draft on its way: sent for review, approved by another officer, scheduled, called back, published at its moment.

With one officer, or without four eyes, a draft needs none of this but a moment (issue 4: two buttons).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.jobs import Again, Job, JobKind
from portal.domain.people import StaffMember
from portal.domain.policies import DOCUMENTS, Document
from portal.domain.policy_drafts import CalledBack, Draft, Hindrance, Stage, may_approve
from portal.services.installation import Installation
from portal.services.policies import OneLanguageOnly
from portal.services.policy_publishing import (
    NotApproved,
    NotReady,
    officers,
    publish_as_scheduled,
    refuse_one_language,
    refuse_unfit,
    tasks,
)
from portal.storage.policy_drafts import StaleDraft
from portal.storage.store import Store


class OwnWork(Exception):
    """Whoever wrote in a draft cannot be the one who approves it."""


def send_for_review(
    portal: Installation, store: Store, member: StaffMember, draft: Draft, *, seen_version: int
) -> None:
    """Ask another officer to approve a draft.

    Raises:
        NotReady: something remains to be done.
        OneLanguageOnly: it changes one language, and is said to be a change of substance.
        StaleDraft: the draft is not the one that was seen, or is past that.
    """
    if draft.stage is not Stage.DRAFT:
        raise StaleDraft
    remaining = tasks(portal, store, draft)
    if remaining:
        raise NotReady(remaining)
    refuse_one_language(store, draft, draft.effective or portal.today(portal.clock()))
    _move(portal, store, member, draft, Stage.IN_REVIEW, AuditEvent.POLICY_SENT_FOR_REVIEW, seen_version)


def approve(portal: Installation, store: Store, member: StaffMember, draft: Draft, *, seen_version: int) -> None:
    """Approve a draft that is in review.

    Raises:
        OwnWork: the member wrote in it.
        StaleDraft: the draft is not the one that was seen, or is not in review.
    """
    if draft.stage is not Stage.IN_REVIEW:
        raise StaleDraft
    if not may_approve(draft, member.id, officers(store)):
        raise OwnWork
    approved = replace(draft, approved_by=member.id)
    _move(portal, store, member, approved, Stage.APPROVED, AuditEvent.POLICY_APPROVED, seen_version)


def give_back(portal: Installation, store: Store, member: StaffMember, draft: Draft, *, seen_version: int) -> None:
    """Give a draft in review, or approved, back to whoever writes it. Raises StaleDraft."""
    if draft.stage not in {Stage.IN_REVIEW, Stage.APPROVED}:
        raise StaleDraft
    unapproved = replace(draft, approved_by=None)
    _move(portal, store, member, unapproved, Stage.DRAFT, AuditEvent.POLICY_GIVEN_BACK, seen_version)


def schedule(portal: Installation, store: Store, member: StaffMember, draft: Draft, *, seen_version: int) -> None:
    """Have a draft published at its `publish_at`, by the worker.

    Raises:
        NotReady: something remains to be done.
        BadMoment: its moment is past, or more than a year away.
        BadDay: its day in force is before that, or more than a year away.
        OneLanguageOnly: it changes one language, and is said to be a change of substance.
        NotApproved: four eyes are asked for, and the second pair has not approved it.
        StaleDraft: the draft is not the one that was seen, or is scheduled already.
    """
    now = portal.clock()
    if draft.publish_at is None or draft.stage is Stage.SCHEDULED:
        raise StaleDraft
    refuse_unfit(portal, store, draft, draft.effective, at=draft.publish_at, now=now)
    _move(portal, store, member, draft, Stage.SCHEDULED, AuditEvent.POLICY_SCHEDULED, seen_version)
    store.promise(_job(draft.document), due=draft.publish_at)


def call_back(portal: Installation, store: Store, member: StaffMember, draft: Draft, *, seen_version: int) -> None:
    """Make a scheduled version a draft again, before its moment. Raises StaleDraft."""
    if draft.stage is not Stage.SCHEDULED:
        raise StaleDraft
    unapproved = replace(draft, approved_by=None)
    _move(portal, store, member, unapproved, Stage.DRAFT, AuditEvent.POLICY_CALLED_BACK, seen_version)


def publish_scheduled(portal: Installation, subject: int, now: datetime) -> Again | None:
    """Publish the draft of a document whose moment has come; the worker's job.

    One that cannot be published any more, because a setting changed meanwhile, is a draft again and says why.
    """
    with portal.database.writing() as store:
        draft = store.policy_drafts.one(DOCUMENTS[subject])
        if draft is None or draft.stage is not Stage.SCHEDULED or draft.publish_at is None:
            return None
        if draft.publish_at > now:
            return Again(draft.publish_at)
        try:
            publish_as_scheduled(portal, store, draft, now=now)
        except tuple(_HINDRANCES) as error:
            _called_back_by_itself(store, draft, _HINDRANCES[type(error)], now)
    return None


def promise_what_is_due(store: Store, now: datetime) -> None:
    """Promise again each publication whose moment has come; the sweep's part."""
    store.promise(*(_job(document) for document in store.policy_drafts.due(now)))


_HINDRANCES: Mapping[type[Exception], Hindrance] = {
    NotReady: Hindrance.UNFINISHED,
    NotApproved: Hindrance.UNAPPROVED,
    OneLanguageOnly: Hindrance.ONE_LANGUAGE,
}


def _called_back_by_itself(store: Store, draft: Draft, why: Hindrance, now: datetime) -> None:
    stayed = replace(draft, stage=Stage.DRAFT, stage_at=None, stage_by=None, approved_by=None)
    store.policy_drafts.save(replace(stayed, called_back=CalledBack(now, why)), seen_version=draft.version)
    store.audit.record(AuditLine(now, AuditEvent.POLICY_CALLED_BACK, Actor.SYSTEM))


def _job(document: Document) -> Job:
    return Job(JobKind.PUBLISH_POLICY, DOCUMENTS.index(document))


def _move(
    portal: Installation,
    store: Store,
    member: StaffMember,
    draft: Draft,
    stage: Stage,
    event: AuditEvent,
    seen_version: int,
) -> None:
    now = portal.clock()
    moved = replace(draft, stage=stage, stage_at=now, stage_by=member.id, called_back=None)
    store.policy_drafts.save(moved, seen_version=seen_version)
    store.audit.record(AuditLine(now, event, Actor.STAFF, member.id, staff_id=member.id))
