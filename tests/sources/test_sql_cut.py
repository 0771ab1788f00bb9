"""The connection to a server is cut at each step of each question in turn: an answer is whole, or is said not to be there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
import sqlalchemy as sa

from portal.sources.base import Batch, Source, SourceUnavailable
from tests.sources import invented_service as service
from tests.sources.bench import erase_all, every_row
from tests.sources.invented_service import (
    ACCOUNTS,
    CAMILLE,
    NOW,
    PEOPLE,
    REQUESTS,
    consent,
    count_of,
    fill,
    mapped,
    some_requests,
)
from tests.sources.reaching_contract import DOCUMENT, REPLIES, fields, held, write
from tests.sources.test_sql_faults import SERVERS, Fresh, Wire, opened

STEPS = 4
"""Where each question is cut: after its first bytes, its last but one, and between."""

NEWS = consent("news_ok", 1, 0)
PROFILES = fields("written")
READING: list[Callable[[Source], object]] = [
    lambda source: source.describe(),
    lambda source: source.people_matching(PEOPLE, "camille@example.org"),
    lambda source: source.people_matching(PEOPLE, "éloïse@example.org"),
    lambda source: source.language_of(PEOPLE, CAMILLE),
    lambda source: source.people_page(PEOPLE, after=None, limit=5),
    lambda source: source.page(REQUESTS, CAMILLE, after=None, limit=20),
    lambda source: list(every_row(source, REQUESTS, CAMILLE)),
    lambda source: list(every_row(source, PROFILES, CAMILLE)),
    lambda source: source.row(ACCOUNTS, CAMILLE, CAMILLE),
    lambda source: source.counts([REQUESTS, ACCOUNTS, REPLIES], CAMILLE, bound=1_000),
    lambda source: source.read_consent(NEWS, PEOPLE, CAMILLE),
    lambda source: source.count_erasable(REQUESTS, CAMILLE, now=NOW),
    lambda source: source.next_batch(REQUESTS, CAMILLE, after=None, limit=50, now=NOW),
]


@contextmanager
def wired(fresh: Fresh) -> Iterator[tuple[Source, Wire, sa.Engine]]:
    """The portal's source behind a wire, and the service's own way past it."""
    with fresh() as url:
        engine = sa.create_engine(url)
        service.metadata.create_all(engine)
        fill(engine, api_requests=some_requests(200))
        write(engine, "written", DOCUMENT)
        wire = Wire(url.host or "127.0.0.1", url.port or 0)
        through = url.set(host="127.0.0.1", port=wire.port).render_as_string(hide_password=False)
        try:
            with opened(through) as source:
                yield source, wire, engine
        finally:
            wire.listener.close()
            engine.dispose()


def cuts(wire: Wire, ask: Callable[[], object], steps: int = STEPS) -> Iterator[int]:
    """Numbers of bytes after which to cut: the answers to `ask` are measured once, and divided."""
    enough = 10**9
    wire.cut_after = enough
    ask()
    total, wire.cut_after = enough - (wire.cut_after or 0), None
    yield from sorted({0, 1, total - 1, *(total * step // steps for step in range(1, steps))})


@pytest.mark.parametrize("fresh", SERVERS)
def test_whatever_is_read_is_whole_or_away(fresh: Fresh) -> None:
    with wired(fresh) as (source, wire, _):
        for number, ask in enumerate(READING):
            whole = ask(source)
            away = 0
            for cut in cuts(wire, partial(ask, source)):
                wire.cut_after = cut
                try:
                    assert ask(source) == whole, number
                except SourceUnavailable:
                    away += 1
                wire.cut_after = None
                assert ask(source) == whole, number
            assert away, number


@pytest.mark.parametrize("fresh", SERVERS)
def test_what_is_written_is_there_whole_or_not_at_all(fresh: Fresh) -> None:
    """An answer that was lost on its way may have been a yes: then the value is there, and asking again finds it so."""
    with wired(fresh) as (source, wire, engine):
        number = 0

        def correct() -> None:
            nonlocal number
            before, number = str(held(engine, "written")["phone"]), number + 1
            assert source.correct(PROFILES, CAMILLE, (1,), "phone", before=before, value=f"new {number}").done

        known = held(engine, "written")
        for cut in cuts(wire, correct):
            before = held(engine, "written")["phone"]
            wire.cut_after = cut
            try:
                correct()
            except SourceUnavailable:
                assert held(engine, "written")["phone"] in (before, f"new {number}")
            wire.cut_after = None
            correct()
            assert held(engine, "written") == known | {"phone": f"new {number}"}


@pytest.mark.parametrize("fresh", SERVERS)
def test_an_erasure_cut_anywhere_ends_with_each_row_gone_and_no_other(fresh: Fresh) -> None:
    with wired(fresh) as (source, wire, engine):
        batch = Batch((1,), (50,), 50)
        for cut in cuts(wire, lambda: source.erase(REQUESTS, CAMILLE, batch, now=NOW)):
            fill(engine, api_requests=some_requests(200) + some_requests(5, account_id=2, first=1_000))
            wire.cut_after = cut
            try:
                assert source.erase(REQUESTS, CAMILLE, batch, now=NOW) == 50
            except SourceUnavailable:
                assert count_of(engine, service.api_requests) in (155, 205)
            wire.cut_after = None
            source.erase(REQUESTS, CAMILLE, batch, now=NOW)
            assert count_of(engine, service.api_requests) == 155
            assert erase_all(source, mapped(service.api_requests), CAMILLE) == 150
            assert count_of(engine, service.api_requests) == 5
