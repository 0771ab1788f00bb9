"""Forms already taken: the second press of a button finds what the first one made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, delete, select, update

from portal.storage.rows import Repository
from portal.storage.tables import forms_taken

_WHOSE = and_(forms_taken.c.owner == bindparam("of"), forms_taken.c.form_id == bindparam("key"))
_SETTLE = update(forms_taken).where(_WHOSE).values(result=bindparam("made"))
_RESULT = select(forms_taken.c.result).where(_WHOSE)


class Forms(Repository):
    """One row for each form sent, by its owner and the key the form carried."""

    def take(self, owner: str, form_id: str, now: datetime, *, result: str | None = None) -> bool:
        """Take a form; False when it was taken before (a simultaneous press waits for the first).

        `result`: what the form makes, where it is known beforehand.
        """
        return self.insert_if_absent(forms_taken, owner=owner, form_id=form_id, at=now, result=result)

    def settle(self, owner: str, form_id: str, result: str) -> None:
        """Write what the form made, for the press that comes second."""
        self.connection.execute(_SETTLE, {"of": owner, "key": form_id, "made": result})

    def result(self, owner: str, form_id: str) -> str | None:
        """What a form made, or None."""
        return self.connection.execute(_RESULT, {"of": owner, "key": form_id}).scalar()

    def purge(self, before: datetime) -> None:
        """Delete forms taken before an instant."""
        self.connection.execute(delete(forms_taken).where(forms_taken.c.at < before))
