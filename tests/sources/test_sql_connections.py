"""Connections to a SQLite source are kept, and given up as soon as the file is no longer the one they opened."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.sources import open_source
from portal.sources.base import Source, SourceUnavailable
from tests.sources.bench import every_row
from tests.sources.invented_service import CAMILLE, NOW, REQUESTS, fill, metadata, some_requests


def _a_file(path: Path, requests: int) -> Path:
    engine = sa.create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    fill(engine, api_requests=some_requests(requests))
    engine.dispose()
    return path


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    source = open_source("sql", "service", f"sqlite:///{_a_file(tmp_path / 'service.db', 3)}")
    assert source.count(REQUESTS, CAMILLE, bound=10) == 3
    yield source
    source.close()


def test_a_restored_file_is_read_from_the_next_question_on(source: Source, tmp_path: Path) -> None:
    _a_file(tmp_path / "restored.db", 5).replace(tmp_path / "service.db")
    assert source.count(REQUESTS, CAMILLE, bound=10) == 5


def test_a_file_that_is_gone_is_away_until_it_is_back(source: Source, tmp_path: Path) -> None:
    (tmp_path / "service.db").rename(tmp_path / "elsewhere.db")
    with pytest.raises(SourceUnavailable):
        source.count(REQUESTS, CAMILLE, bound=10)
    (tmp_path / "elsewhere.db").rename(tmp_path / "service.db")
    assert source.count(REQUESTS, CAMILLE, bound=10) == 3


def test_many_questions_at_once_wait_for_no_connection(source: Source) -> None:
    walks = [every_row(source, REQUESTS, CAMILLE) for _ in range(20)]
    assert [len(list(walk)) for walk in walks if next(walk)] == [2] * 20


def test_a_batch_leaves_no_journal_for_the_service_s_next_writer_to_put_away(source: Source, tmp_path: Path) -> None:
    path = tmp_path / "service.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    batch = source.next_batch(REQUESTS, CAMILLE, after=None, limit=10, now=NOW)
    assert batch
    assert source.erase(REQUESTS, CAMILLE, batch, now=NOW) == 3
    alone = tmp_path / "without-its-journal.db"
    shutil.copyfile(path, alone)
    with sqlite3.connect(alone) as connection:
        assert connection.execute("SELECT count(*) FROM api_requests").fetchone() == (0,)
