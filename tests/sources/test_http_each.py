"""Each question of the contract in turn to a service that hangs, slows, lies or drops the line, and to an address inside.

The others test how such a service is noticed; here no operation is forgotten.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest

from portal.sources import open_source
from portal.sources.base import Source, SourceUnavailable
from tests.sources.rogue import JSON, Manner, Rogue, answer, cutting, deaf, dripping, hanging, misbehaving, saying
from tests.sources.serving import SECRET, asked_at
from tests.sources.test_http_lies import EVERY

SECONDS = 0.5
SOME = answer(b'{"rows": [], "counts": [0, 0], "people": []}')
FAULTS: dict[str, Manner] = {
    "hangs": hanging,
    "never reads": deaf,
    "slows": dripping(SOME * 9),
    "drops the line before the question is read": cutting(b"", reads=False),
    "drops the line before an answer": cutting(b""),
    "drops the line within the status": cutting(SOME[:7]),
    "drops the line within the headers": cutting(SOME[:30]),
    "drops the line before the body": cutting(SOME[: SOME.index(b"{")]),
    "drops the line within the body": cutting(SOME[:-2]),
    "says what is no JSON": saying(answer(b"<html>hello</html>")),
    "says nothing of it": saying(answer(b"{}")),
    "says less than it promised": saying(JSON + b"Content-Length: 500\r\nConnection: close\r\n\r\n{"),
    "fails": saying(answer(b"oops", b"HTTP/1.1 500 Oops\r\n")),
    "leads elsewhere": saying(answer(b"", b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1/\r\n")),
}


def test_no_operation_is_forgotten() -> None:
    told = {name for name, member in vars(Source).items() if callable(member) and not name.startswith("_")}
    tried = {name.partition(" ")[0] for name in EVERY}
    assert told - {"close", "count"} == tried, "`count` is `counts` of one table"


@pytest.fixture(scope="module")
def answered() -> Iterator[dict[tuple[str, str], tuple[str, float]]]:
    """What came of each fault at each operation, and after how long: all of them at once, since most of it is waiting."""
    with ThreadPoolExecutor(40) as side_by_side:
        cases = list(product(FAULTS, EVERY))
        yield dict(zip(cases, side_by_side.map(lambda case: _asked(*case), cases), strict=True))


def _asked(fault: str, operation: str) -> tuple[str, float]:
    with misbehaving(FAULTS[fault]) as rogue:
        source = asked_at(rogue.port, seconds=SECONDS)
        began = time.monotonic()
        try:
            EVERY[operation](source)
        except SourceUnavailable as failure:
            return ("a trace" if failure.__context__ else str(failure)), time.monotonic() - began
        finally:
            source.close()
    return "an answer", time.monotonic() - began


CASES = [case for case in product(FAULTS, EVERY) if case != ("says nothing of it", "write_consent")]
"""Nothing is what a consent that was written is answered with."""


@pytest.mark.parametrize(("fault", "operation"), CASES)
def test_each_operation_ends_in_time_and_says_so(
    answered: dict[tuple[str, str], tuple[str, float]], fault: str, operation: str
) -> None:
    said, seconds = answered[fault, operation]
    assert said.startswith("The source service ")
    assert "127.0.0.1" not in said
    assert seconds < 4


@pytest.fixture
def inside() -> Iterator[Rogue]:
    with misbehaving(saying(SOME)) as found:
        yield found


@pytest.mark.parametrize("operation", EVERY)
def test_no_operation_reaches_an_address_inside_without_permission(inside: Rogue, operation: str) -> None:
    source = open_source("http", "service", f"https://127.0.0.1:{inside.port}", secret=SECRET, timeout_seconds=2)
    with pytest.raises(SourceUnavailable, match="allow_private"):
        EVERY[operation](source)  # type: ignore[arg-type]  # an HttpSource
    source.close()
    assert inside.connections == 0
