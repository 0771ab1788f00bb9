"""Checklists: a line for each system to look up for a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select, update

from portal.domain.checklist import AnsweredBy, ChecklistLine, LineState
from portal.domain.languages import Text
from portal.storage.rows import Repository
from portal.storage.tables import checklist_lines


@dataclass(frozen=True, slots=True)
class LinePlan:
    """A line before it is recorded. `hint` helps its keeper find it; `nonce` is what its link's token is made of, `token_hash` what the link is found by."""

    category: str
    label: Text
    system: Text
    hint: str
    nonce: str
    token_hash: str


class Checklist(Repository):
    """Rows of `checklist_lines` as ChecklistLine."""

    def add(self, request_id: int, position: int, plan: LinePlan) -> int:
        """Record a line nobody has answered; gives its id."""
        return self.insert(
            checklist_lines,
            request_id=request_id,
            position=position,
            category=plan.category,
            label={"fr": plan.label.fr, "en": plan.label.en},
            system={"fr": plan.system.fr, "en": plan.system.en},
            nonce=plan.nonce,
            token_hash=plan.token_hash,
            state=LineState.NOT_YET.value,
            version=1,
            hint=plan.hint,
            note="",
        )

    def of_request(self, request_id: int) -> Sequence[ChecklistLine]:
        """The lines of a request, in order."""
        found = (
            select(checklist_lines)
            .where(checklist_lines.c.request_id == request_id)
            .order_by(checklist_lines.c.position)
        )
        return [_line(row) for row in self.connection.execute(found).mappings()]

    def by_id(self, line_id: int) -> ChecklistLine | None:
        """The line of that id, or None."""
        return self._one(checklist_lines.c.id == line_id)

    def by_token(self, token_hash: str) -> ChecklistLine | None:
        """The line whose link has that hash, or None."""
        return self._one(checklist_lines.c.token_hash == token_hash)

    def link_of(self, line_id: int) -> tuple[str, str]:
        """The nonce and the token's hash of a line's link."""
        found = select(checklist_lines.c.nonce, checklist_lines.c.token_hash).where(checklist_lines.c.id == line_id)
        nonce, token_hash = self.connection.execute(found).one()
        return nonce, token_hash

    def answer(
        self,
        line: ChecklistLine,
        state: LineState,
        note: str,
        *,
        by: AnsweredBy | None,
        staff_id: int | None,
        now: datetime,
    ) -> bool:
        """Write an answer over the version that was seen; False when somebody answered meanwhile."""
        return self._set(
            line,
            state=state.value,
            note=note,
            answered_by=by.value if by else None,
            staff_id=staff_id,
            answered_at=now if by else None,
            version=line.version + 1,
        )

    def help_keeper(self, line: ChecklistLine, hint: str) -> bool:
        """Write what helps the keeper find it."""
        return self._set(line, hint=hint)

    def looked(self, line: ChecklistLine, now: datetime) -> None:
        """Write when the keeper last read whose information it is."""
        self._set(line, looked_at=now)

    def _set(self, line: ChecklistLine, **values: Any) -> bool:
        same = (checklist_lines.c.id == line.id) & (checklist_lines.c.version == line.version)
        return self.connection.execute(update(checklist_lines).where(same).values(**values)).rowcount == 1

    def _one(self, condition: Any) -> ChecklistLine | None:
        row = self.connection.execute(select(checklist_lines).where(condition)).mappings().first()
        return _line(row) if row else None


def _line(row: RowMapping) -> ChecklistLine:
    values = {name: row[name] for name in ChecklistLine.__dataclass_fields__}
    values |= {
        "label": Text(**row["label"]),
        "system": Text(**row["system"]),
        "state": LineState(row["state"]),
        "answered_by": AnsweredBy(row["answered_by"]) if row["answered_by"] else None,
    }
    return ChecklistLine(**values)
