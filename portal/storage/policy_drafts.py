"""Drafts of policies: one for each document, changed only by who has seen its present version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, select, update

from portal.domain.languages import LANGUAGES, Text
from portal.domain.policies import Document
from portal.domain.policy_drafts import CalledBack, Draft, DraftSection, Hindrance, Origin, Piece, Stage
from portal.domain.policy_looks import Edit, Look
from portal.storage.policy_draft_tables import policy_drafts
from portal.storage.rows import Repository


class StaleDraft(Exception):
    """Somebody else changed or ended the draft meanwhile."""


class PolicyDrafts(Repository):
    """Rows of `policy_drafts`."""

    def one(self, document: Document) -> Draft | None:
        """The draft of a document, or None."""
        found = select(policy_drafts).where(policy_drafts.c.document == document)
        row = self.connection.execute(found).mappings().first()
        return _draft(row) if row else None

    def due(self, now: datetime) -> Sequence[Document]:
        """The documents whose draft is scheduled for a moment that has come."""
        scheduled = (policy_drafts.c.stage == Stage.SCHEDULED) & (policy_drafts.c.publish_at <= now)
        return [row.document for row in self.connection.execute(select(policy_drafts.c.document).where(scheduled))]

    def add(self, draft: Draft) -> bool:
        """Keep a new draft; False when the document has one."""
        return self.insert_if_absent(policy_drafts, document=draft.document, **_row(draft))

    def save(self, draft: Draft, *, seen_version: int) -> None:
        """Write a draft over the version its writer saw.

        Raises:
            StaleDraft: it is not there in that version any more.
        """
        there = (policy_drafts.c.document == draft.document) & (policy_drafts.c.version == seen_version)
        written = update(policy_drafts).where(there).values(**_row(draft) | {"version": seen_version + 1})
        if self.connection.execute(written).rowcount != 1:
            raise StaleDraft

    def remove(self, document: Document, *, seen_version: int) -> None:
        """Delete a draft in the version that was seen.

        Raises:
            StaleDraft: it is not there in that version any more.
        """
        there = (policy_drafts.c.document == document) & (policy_drafts.c.version == seen_version)
        if self.connection.execute(delete(policy_drafts).where(there)).rowcount != 1:
            raise StaleDraft


def _row(draft: Draft) -> dict[str, Any]:
    return {
        "origin": draft.origin,
        "sections": [_kept(section) for section in draft.sections],
        "pasted": {language: [asdict(piece) for piece in pieces] for language, pieces in draft.pasted.items()},
        "kind": draft.kind,
        "effective": draft.effective,
        "summary_fr": draft.summary.fr,
        "summary_en": draft.summary.en,
        "version": draft.version,
        "started_at": draft.started_at,
        "started_by": draft.started_by,
        "changed_at": draft.changed_at,
        "changed_by": draft.changed_by,
        "publish_at": draft.publish_at,
        "stage": draft.stage,
        "stage_at": draft.stage_at,
        "stage_by": draft.stage_by,
        "writers": [*draft.writers],
        "approved_by": draft.approved_by,
        "called_back_at": draft.called_back.at if draft.called_back else None,
        "called_back_why": draft.called_back.why if draft.called_back else None,
    }


def _draft(row: RowMapping) -> Draft:
    pasted = row["pasted"]
    return Draft(
        document=row["document"],
        origin=Origin(row["origin"]),
        sections=tuple(_section(section) for section in row["sections"]),
        pasted={
            language: tuple(Piece(**piece) for piece in pasted[language])
            for language in LANGUAGES
            if language in pasted
        },
        kind=row["kind"],
        effective=row["effective"],
        summary=Text(fr=row["summary_fr"], en=row["summary_en"]),
        version=row["version"],
        started_at=row["started_at"],
        started_by=row["started_by"],
        changed_at=row["changed_at"],
        changed_by=row["changed_by"],
        publish_at=row["publish_at"],
        stage=Stage(row["stage"]),
        stage_at=row["stage_at"],
        stage_by=row["stage_by"],
        writers=tuple(row["writers"]),
        approved_by=row["approved_by"],
        called_back=CalledBack(row["called_back_at"], Hindrance(why)) if (why := row["called_back_why"]) else None,
    )


def _kept(section: DraftSection) -> dict[str, Any]:
    """A section as JSON; instants are written, with their zone."""
    kept = asdict(section)
    for mark in (*kept["edits"].values(), kept["look"]):
        if mark:
            mark["at"] = mark["at"].isoformat()
    return kept


def _section(kept: dict[str, Any]) -> DraftSection:
    """A section as it was kept; one of before there were marks has none, as its words were side by side."""
    look, edits = kept.get("look"), kept.get("edits", {})
    return DraftSection(
        key=kept["key"],
        title=Text(**kept["title"]),
        body=Text(**kept["body"]),
        covers=tuple(kept["covers"]),
        edits={
            language: Edit(datetime.fromisoformat(edits[language]["at"]), edits[language]["by"])
            for language in LANGUAGES
            if language in edits
        },
        look=Look(datetime.fromisoformat(look["at"]), look["by"], look["words"]) if look else None,
    )
