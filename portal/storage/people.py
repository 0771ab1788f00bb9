"""People who signed in or asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, select, update

from portal.domain.languages import Language, language_or_default
from portal.domain.people import Person
from portal.domain.posting import PostalAddress
from portal.storage.rows import Repository
from portal.storage.tables import people

_BY_ID = select(people).where(people.c.id == bindparam("person_id"))
_BY_POST = select(people.c.id).where(people.c.id == bindparam("person_id"), people.c.address.is_(None))

_LANGUAGES = select(people.c.address, people.c.language).where(
    people.c.address.in_(bindparam("addresses", expanding=True))
)


class People(Repository):
    """Rows of `people` as Person."""

    def by_id(self, person_id: int) -> Person | None:
        """The person of that id, or None."""
        row = self.connection.execute(_BY_ID, {"person_id": person_id}).mappings().first()
        return person_of(row) if row else None

    def by_address(self, address: str) -> Person | None:
        """The person of that canonical address, or None."""
        row = self.connection.execute(select(people).where(people.c.address == address)).mappings().first()
        return person_of(row) if row else None

    def languages(self, addresses: Collection[str]) -> Mapping[str, Language]:
        """The language each person chose, by canonical address, of those among the addresses who came here."""
        chosen = self.connection.execute(_LANGUAGES, {"addresses": list(addresses)})
        return {row.address: language_or_default(row.language) for row in chosen}

    def ensure(self, address: str, *, language: Language, now: datetime) -> Person:
        """The person of that address, remembered from now on if unknown."""
        self.insert_if_absent(people, address=address, language=language, created_at=now)
        found = self.by_address(address)
        if found is None:
            raise LookupError
        return found

    def add_by_post(self, to: PostalAddress, *, language: Language, now: datetime) -> Person:
        """Remember somebody who asked on paper and has no e-mail address."""
        person_id = self.insert(people, name=to.name, postal="\n".join(to.lines), language=language, created_at=now)
        return Person(person_id, None, language, now, None, to)

    def is_by_post(self, person_id: int) -> bool:
        """Whether letters to the person are posted."""
        return self.connection.execute(_BY_POST, {"person_id": person_id}).first() is not None

    def hold(self, person_id: int) -> None:
        """Let no other unit of work hold the person until this one ends (SQLite lets only one write at all)."""
        self.connection.execute(select(people.c.id).where(people.c.id == person_id).with_for_update())

    def signed_in(self, person_id: int, now: datetime) -> None:
        """Write when the person last signed in."""
        self.connection.execute(update(people).where(people.c.id == person_id).values(last_sign_in_at=now))

    def speak(self, person_id: int, language: Language) -> None:
        """Write the language the person chose."""
        self.connection.execute(update(people).where(people.c.id == person_id).values(language=language))


def person_of(row: RowMapping | Mapping[str, Any]) -> Person:
    """A row of `people` as a Person."""
    return Person(
        id=row["id"],
        address=row["address"],
        language=language_or_default(row["language"]),
        created_at=row["created_at"],
        last_sign_in_at=row["last_sign_in_at"],
        by_post=PostalAddress(row["name"], tuple(row["postal"].splitlines())) if row["postal"] else None,
    )
