"""Letters on paper: which wait to be posted, and the days they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from portal.domain.outbox import DeliveryOutcome, LetterState
from portal.domain.posting import Posting
from portal.storage.rows import Repository
from portal.storage.tables import letters, postings


class Postings(Repository):
    """Rows of `postings`: one for each letter posted, and one more where its day was corrected."""

    def waiting(self) -> int:
        """How many letters wait to be printed and posted."""
        found = select(func.count()).where(letters.c.state == LetterState.TO_POST.value)
        return int(self.connection.execute(found).scalar_one())

    def newest(self, limit: int) -> Sequence[int]:
        """Ids of the letters whose posting was written last."""
        last = func.max(postings.c.at)
        found = select(postings.c.letter_id).group_by(postings.c.letter_id).order_by(last.desc()).limit(limit)
        return list(self.connection.execute(found).scalars())

    def of_letters(self, letter_ids: Iterable[int]) -> Mapping[int, Sequence[Posting]]:
        """What was written of each letter, the first day first; letters never posted are left out."""
        found = select(postings).where(postings.c.letter_id.in_(list(letter_ids))).order_by(postings.c.corrects)
        days: dict[int, list[Posting]] = {}
        for row in self.connection.execute(found).mappings():
            days.setdefault(row["letter_id"], []).append(Posting(**row))
        return days

    def add(self, posting: Posting) -> bool:
        """Write a day; False when that was written of the letter before."""
        return self.insert_if_absent(
            postings,
            letter_id=posting.letter_id,
            corrects=posting.corrects,
            posted_on=posting.posted_on,
            at=posting.at,
            staff_id=posting.staff_id,
        )

    def left(self, letter_id: int, now: datetime) -> None:
        """The letter is in the post."""
        self.connection.execute(
            update(letters)
            .where(letters.c.id == letter_id)
            .values(state=LetterState.SENT.value, sent_at=now, outcome=DeliveryOutcome.POSTED.value)
        )
