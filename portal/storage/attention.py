"""What every page of staff asks at once: whether letters stand still, and whether a version was not published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select

from portal.domain.outbox import LetterState
from portal.domain.policies import DOCUMENTS, Document
from portal.storage.policy_draft_tables import policy_drafts
from portal.storage.rows import Repository
from portal.storage.tables import ledger_mark, letters


@dataclass(frozen=True, slots=True)
class Standing:
    """Since when the oldest letter waits, how many were refused, the documents whose scheduled version was called back, and
    whether the erasure ledger takes nothing, and how many erased people a restored database brought back."""

    waiting_since: datetime | None
    refused: int
    called_back: Sequence[Document]
    ledger_refuses: bool
    people_back: int


def _was_called_back(document: Document) -> Any:
    return exists().where(policy_drafts.c.document == document, policy_drafts.c.called_back_at.is_not(None))


_STANDING = select(
    select(func.min(letters.c.created_at)).where(letters.c.state == LetterState.WAITING.value).scalar_subquery(),
    select(func.count()).where(letters.c.state == LetterState.REFUSED.value).scalar_subquery(),
    exists().where(ledger_mark.c.refused_since.is_not(None)),
    select(ledger_mark.c.people_back).limit(1).scalar_subquery(),
    *(_was_called_back(document) for document in DOCUMENTS),
)


class Attention(Repository):
    """One statement for the heads of all staff pages."""

    def standing(self) -> Standing:
        """How things stand now."""
        found: Sequence[Any] = self.connection.execute(_STANDING).one()
        since, refused, ledger_refuses, people_back, *were = found
        named = [document for document, was in zip(DOCUMENTS, were, strict=True) if was]
        return Standing(since, int(refused), named, bool(ledger_refuses), int(people_back or 0))
