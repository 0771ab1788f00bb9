"""What several tests of the portal's own database begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.storage.database import Database
from tests.services import fresh_postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of the portal's, on SQLite and then on PostgreSQL."""
    if request.param == "sqlite":
        found = Database(f"sqlite:///{tmp_path / 'portal.db'}")
        yield found
        found.close()
        return
    with fresh_postgresql() as url:
        found = Database(url)
        yield found
        found.close()
