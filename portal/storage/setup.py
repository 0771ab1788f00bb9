"""What was tried while getting ready, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Exists, exists, func, select

from portal.domain.setup import WELL, Step, Tried
from portal.storage.rows import Repository
from portal.storage.settings import FROM_OFFICER
from portal.storage.tables import settings, setup_steps, staff


@dataclass(frozen=True, slots=True)
class Come:
    """How far getting ready has come, as far as rows tell."""

    contact_written: bool
    members: int
    """Whoever was ever invited: what is done stays done when a colleague leaves."""
    alone: bool
    letter_left: bool
    request_made: bool


class Setup(Repository):
    """Rows of `setup_steps`."""

    def add(
        self,
        what: Tried,
        *,
        now: datetime,
        staff_id: int,
        result: str | None = None,
        said: str | None = None,
        letter_id: int | None = None,
    ) -> None:
        """Remember one step."""
        values = {"result": result, "said": said, "letter_id": letter_id}
        self.insert(setup_steps, what=what.value, at=now, staff_id=staff_id, **values)

    def last(self, what: Tried) -> Step | None:
        """The newest step of its kind, or None."""
        found = select(setup_steps).where(setup_steps.c.what == what.value).order_by(setup_steps.c.id.desc()).limit(1)
        row = self.connection.execute(found).mappings().first()
        return Step(row["at"], row["result"], row["said"]) if row else None

    def come(self) -> Come:
        """Everything rows tell, in one statement: it is asked for every page of an officer."""
        of_officer = exists().where(settings.c.key.like("contact%"), settings.c.origin == FROM_OFFICER)
        invited = select(func.count()).select_from(staff).scalar_subquery()
        tried = select(func.max(setup_steps.c.id)).where(setup_steps.c.what == Tried.LETTER.value).scalar_subquery()
        left = exists().where(setup_steps.c.id == tried, setup_steps.c.result.in_(sorted(WELL)))
        found = select(of_officer, invited, _step(Tried.ALONE), left, _step(Tried.REQUEST))
        contact, members, alone, letter, request = self.connection.execute(found).one()
        return Come(bool(contact), int(members), bool(alone), bool(letter), bool(request))


def _step(what: Tried) -> Exists:
    return exists().where(setup_steps.c.what == what.value)
