"""Sources that are SQL databases: SQLite, PostgreSQL, MariaDB."""

from portal.sources.sql.source import SqlSource

__all__ = ["SqlSource"]
