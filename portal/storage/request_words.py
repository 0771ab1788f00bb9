"""Looking for words in the messages of requests, by the index each database keeps of them by itself."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Integer, bindparam, select, text

from portal.storage.request_tables import rights_requests
from portal.storage.rows import Repository

_HOLDS = (
    "to_tsvector('simple', translate(lower(message), "
    "'ÀÂÄÁÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜÝŸàâäáãåçéèêëíìîïñóòôöõúùûüýÿ@./_-', "
    "'aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuyy     ')) @@ plainto_tsquery('simple', :words)"
)
"""Exactly as PostgreSQL's index has its words (revision 0018), or it is not used; SQLite takes accents off by itself."""

_LIMIT = bindparam("limit", type_=Integer)

_IN_SQLITE = text("SELECT rowid FROM request_words WHERE request_words MATCH :words ORDER BY rowid DESC LIMIT :limit")

_FOUND = select(rights_requests.c.id).where(text(_HOLDS)).cte("found").prefix_with("MATERIALIZED")
_BY_INDEX = select(_FOUND.c.id).order_by(_FOUND.c.id.desc()).limit(_LIMIT)

_NEWEST = select(rights_requests.c.id, rights_requests.c.message).order_by(rights_requests.c.id.desc())
_SOME = _NEWEST.limit(bindparam("many", type_=Integer)).subquery("newest")
_ONE_BY_ONE = select(_SOME.c.id).where(text(_HOLDS)).order_by(_SOME.c.id.desc()).limit(_LIMIT)
"""Reads messages one by one from the newest, without the index: quicker for words that stand in most of them."""

_SAMPLE, _OFTEN, _READ = 100, 16, 20_000
"""Of the newest hundred, sixteen with the words: from there on, reading costs less than what the index gives (PostgreSQL)."""


_BY_THE_INDEX = text(
    "SELECT set_config('enable_seqscan', 'off', true), set_config('work_mem', '64MB', true), set_config('jit', 'off', true)"
)
"""For the rest of the transaction. Left alone, PostgreSQL reads messages one by one from the newest, taking each apart."""

_MERGE = text("INSERT INTO request_words(request_words, rank) VALUES ('merge', -2000)")
"""At most so many pages of the index written anew; the next time it goes on where it stopped (SQLite, FTS5, 6.5)."""


class RequestWords(Repository):
    """The newest requests whose message holds some words."""

    def holding(self, words: Sequence[str], *, limit: int) -> Sequence[int]:
        """Ids of the newest requests whose message holds every word, without regard to accents or capitals."""
        if not words:
            return []
        dialect = self.connection.dialect.name
        asked = " ".join(f'"{word}"' for word in words) if dialect == "sqlite" else " ".join(words)
        if dialect == "postgresql":
            often = self._often(asked, limit)
            if len(often) == limit:
                return often
            self.connection.execute(_BY_THE_INDEX)
        return list(
            self.connection.execute(
                _IN_SQLITE if dialect == "sqlite" else _BY_INDEX, {"words": asked, "limit": limit}
            ).scalars()
        )

    def _often(self, asked: str, limit: int) -> Sequence[int]:
        """The newest of words that stand in many messages, read without the index; none, or too few, for other words."""
        if len(self._among_the_newest(asked, _SAMPLE, _SAMPLE)) < _OFTEN:
            return []
        return self._among_the_newest(asked, _READ, limit)

    def _among_the_newest(self, asked: str, many: int, limit: int) -> Sequence[int]:
        given = {"words": asked, "many": many, "limit": limit}
        return list(self.connection.execute(_ONE_BY_ONE, given).scalars())

    def let_go(self) -> None:
        """Take the words of deleted messages out of SQLite's index, a bounded part; PostgreSQL does so by itself."""
        if self.connection.dialect.name == "sqlite":
            self.connection.execute(_MERGE)
