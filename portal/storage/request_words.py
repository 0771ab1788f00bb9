"""Looking for words in the messages of requests, by the index each database keeps of them by itself."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import TextClause, text

from portal.storage.rows import Repository

_FOUND: dict[str, TextClause] = {
    "sqlite": text("SELECT rowid FROM request_words WHERE request_words MATCH :words ORDER BY rowid DESC LIMIT :limit"),
    "postgresql": text(
        "WITH found AS MATERIALIZED (SELECT id FROM rights_requests WHERE to_tsvector('simple', translate(lower(message), "
        "'ÀÂÄÁÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜÝŸàâäáãåçéèêëíìîïñóòôöõúùûüýÿ@./_-', "
        "'aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuyy     ')) @@ plainto_tsquery('simple', :words)) "
        "SELECT id FROM found ORDER BY id DESC LIMIT :limit"
    ),
}
"""Exactly as PostgreSQL's index has its words (revision 0018), or it is not used; SQLite takes accents off by itself."""


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
            self.connection.execute(_BY_THE_INDEX)
        return list(self.connection.execute(_FOUND[dialect], {"words": asked, "limit": limit}).scalars())

    def let_go(self) -> None:
        """Take the words of deleted messages out of SQLite's index, a bounded part; PostgreSQL does so by itself."""
        if self.connection.dialect.name == "sqlite":
            self.connection.execute(_MERGE)
