"""A service that hangs, drips, lies, floods or goes away is unavailable, in time and without a crash."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Callable

import pytest

from portal.sources.base import Batch, SourceUnavailable
from portal.sources.http import HttpSource, breaker
from portal.sources.http.breaker import FAILURES, Breaker
from portal.sources.http.failures import Failed
from tests.sources.invented_service import ACCOUNTS, CAMILLE, NOW, REQUESTS
from tests.sources.rogue import (
    JSON,
    Manner,
    Rogue,
    answer,
    cut,
    cutting,
    deaf,
    dripping,
    flooding,
    hanging,
    misbehaving,
    saying,
)
from tests.sources.serving import asked_at

SECONDS = 0.6
GOOD = answer(b'{"counts": [3]}')
STEPS = {
    "before the question is read": cutting(b"", reads=False),
    "before the first byte": cutting(b""),
    "within the status": cutting(GOOD[:7]),
    "within the headers": cutting(GOOD[:30]),
    "before the body": cutting(GOOD[: GOOD.index(b"{")]),
    "within the body": cutting(GOOD[:-2]),
}
WRONG = {
    "a page": answer(b"<html>hello</html>", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"),
    "a page that calls itself JSON": answer(b"<html>hello</html>"),
    "a page not found": answer(b"<html>no</html>", b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n"),
    "a body that ends early": JSON + b"Content-Length: 500\r\nConnection: close\r\n\r\n{",
    "nothing": answer(b""),
    "half of JSON": answer(b'{"counts": [3'),
    "a list": answer(b"[3]"),
    "a number that is none": answer(b'{"counts": [NaN]}'),
    "text for a number": answer(b'{"counts": ["3"]}'),
    "a number too many": answer(b'{"counts": [3, 3]}'),
    "a negative number": answer(b'{"counts": [-1]}'),
    "yes for a number": answer(b'{"counts": [true]}'),
    "a number of ten thousand digits": answer(b'{"counts": [' + b"9" * 10_000 + b"]}"),
    "bytes that are no text": answer(b'{"counts": [3], "x": "\xff"}'),
    "brackets without end": answer(b"[" * 500_000),
    "ten megabytes": answer(b'{"counts": [3], "x": "' + b"x" * 10_000_000 + b'"}'),
    "a compressed body": answer(gzip.compress(b'{"counts": [3]}'), JSON + b"Content-Encoding: gzip\r\n"),
    "a status unknown": answer(b'{"counts": [3]}', b"HTTP/1.1 206 Partial\r\nContent-Type: application/json\r\n"),
    "a failure": answer(b"oops", b"HTTP/1.1 500 Oops\r\n"),
    "a refusal to answer": answer(b'{"error": "not_signed"}', b"HTTP/1.1 401 No\r\nContent-Type: application/json\r\n"),
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "an error that has no place here": answer(
        b'{"error": "bad_place"}', b"HTTP/1.1 400 Bad\r\nContent-Type: application/json\r\n"
    ),
}


def _is_away(
    manner: Manner, ask: Callable[[HttpSource], object] | None = None, *, seconds: float = SECONDS
) -> tuple[Rogue, str]:
    """Asked within a time limit, the service is unavailable; gives what it saw and what was said."""
    with misbehaving(manner) as rogue:
        source = asked_at(rogue.port, seconds=seconds)
        began = time.monotonic()
        with pytest.raises(SourceUnavailable) as failure:
            (ask or _count)(source)
        took = time.monotonic() - began
        source.close()
    assert took < seconds + 1.5
    assert failure.value.__context__ is None
    assert "127.0.0.1" not in f"{failure.value!r}"
    return rogue, str(failure.value)


def _count(source: HttpSource) -> object:
    return source.count(REQUESTS, CAMILLE, bound=10)


@pytest.mark.parametrize("manner", [hanging, deaf, dripping(GOOD * 5)])
def test_a_service_that_hangs_or_drips_is_given_up_in_time(manner: Manner) -> None:
    assert _is_away(manner)[1] == "The source service did not answer in time."


def test_a_question_nobody_takes_in_is_given_up_in_time() -> None:
    large = replace_value("x" * 3_000_000)
    assert _is_away(deaf, large)[1] == "The source service did not answer in time."


def replace_value(value: str) -> Callable[[HttpSource], object]:
    return lambda source: source.correct(ACCOUNTS, CAMILLE, CAMILLE, "order", before="a", value=value)


@pytest.mark.parametrize("step", STEPS)
def test_a_line_cut_at_any_step_is_tried_again_and_then_said(step: str) -> None:
    rogue, said = _is_away(STEPS[step], seconds=5)
    assert said == "The source service does not answer."
    assert rogue.connections == 3


@pytest.mark.parametrize("step", STEPS)
def test_a_correction_is_sent_once_whatever_becomes_of_its_answer(step: str) -> None:
    rogue, _ = _is_away(STEPS[step], replace_value("b"))
    assert rogue.connections == 1


def test_an_erasure_sent_again_keeps_its_key_and_signs_anew() -> None:
    batch = Batch((1,), (5,), 5)
    rogue, _ = _is_away(
        STEPS["within the body"], lambda source: source.erase(REQUESTS, CAMILLE, batch, now=NOW), seconds=5
    )
    keys = {_header(asked, b"idempotency-key") for asked in rogue.asked}
    assert len(rogue.asked) == 3
    assert len(keys) == 1
    assert len({_header(asked, b"signature") for asked in rogue.asked}) == 3


def _header(asked: bytes, name: bytes) -> bytes:
    (found,) = (row for row in asked.split(b"\r\n") if row.lower().startswith(name + b":"))
    return found


@pytest.mark.parametrize("wrong", WRONG)
def test_an_answer_that_is_none_makes_the_source_unavailable(wrong: str) -> None:
    _is_away(saying(WRONG[wrong]))


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (JSON + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b" " * 4096 + b"\r\n"),
        (JSON + b"\r\n", b" " * 4096),
        (JSON, b"X-More: and more\r\n"),
        (JSON + b"X-Long: ", b"x" * 4096),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_an_answer_without_end_is_not_read_to_its_end(head: bytes, piece: bytes) -> None:
    _is_away(flooding(head, piece))


def test_rows_of_more_than_sixteen_megabytes_are_asked_for_by_fewer_and_then_given_up() -> None:
    head = JSON + b"Content-Length: 17000000\r\n\r\n"
    rogue, said = _is_away(
        flooding(head, b" " * 65_536), lambda source: source.page(REQUESTS, CAMILLE, after=None, limit=20)
    )
    assert said == "The source service answers with more than there is room for."
    assert [json.loads(asked.partition(b"\r\n\r\n")[2])["limit"] for asked in rogue.asked] == [20, 2, 1]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_redirection_is_not_followed(status: str) -> None:
    with misbehaving(saying(GOOD)) as inside:
        where = f"HTTP/1.1 {status}\r\nLocation: http://127.0.0.1:{inside.port}/v1/rows/count\r\n"
        _, said = _is_away(saying(answer(b"", where.encode())))
    assert said == "The source service answers with a redirection, which is not followed."
    assert inside.connections == 0


def test_a_service_that_is_busy_is_asked_again() -> None:
    busy = answer(b"{}", b"HTTP/1.1 503 Busy\r\nContent-Type: application/json\r\n")

    def manner(line: socket.socket, rogue: Rogue) -> None:
        while rogue.read(line):
            line.sendall(busy if len(rogue.asked) < 3 else GOOD)

    with misbehaving(manner) as rogue:
        source = asked_at(rogue.port)
        assert _count(source) == 3
        source.close()
    assert len(rogue.asked) == 3


def test_connections_are_used_again_and_one_that_was_closed_meanwhile_is_noticed() -> None:
    def closes_after_two(line: socket.socket, rogue: Rogue) -> None:
        for _ in range(2):
            rogue.read(line)
            line.sendall(GOOD)

    with misbehaving(closes_after_two) as rogue:
        source = asked_at(rogue.port)
        for _ in range(6):
            assert _count(source) == 3
            time.sleep(0.02)
        source.close()
    assert (rogue.connections, len(rogue.asked)) == (3, 6)


def test_a_correction_trusts_no_connection_that_was_used_before() -> None:
    def cuts_the_second(line: socket.socket, rogue: Rogue) -> None:
        rogue.read(line)
        line.sendall(answer(b'{"counts": [3], "present": "b"}'))
        rogue.read(line)
        cut(line)

    with misbehaving(cuts_the_second) as rogue:
        source = asked_at(rogue.port)
        assert _count(source) == 3
        done = source.correct(ACCOUNTS, CAMILLE, CAMILLE, "order", before="a", value="b")
        source.close()
    assert (done.done, done.present, rogue.connections) == (True, "b", 2)


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with misbehaving(saying(GOOD)) as proxy, misbehaving(saying(GOOD)) as rogue:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        source = asked_at(rogue.port)
        assert _count(source) == 3
        source.close()
    assert (proxy.connections, rogue.connections) == (0, 1)


def test_a_service_that_keeps_failing_is_left_alone_and_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "WAIT_SECONDS", 0.3)
    well = False

    def manner(line: socket.socket, rogue: Rogue) -> None:
        while rogue.read(line):
            if not well:
                cut(line)
                return
            line.sendall(GOOD)

    with misbehaving(manner) as rogue:
        source = asked_at(rogue.port)
        for _ in range(FAILURES):
            with pytest.raises(SourceUnavailable):
                replace_value("b")(source)
        with pytest.raises(SourceUnavailable) as failure:
            _count(source)
        assert "left alone" in str(failure.value)
        assert len(rogue.asked) == FAILURES
        well = True
        time.sleep(0.35)
        assert [_count(source) for _ in range(3)] == [3, 3, 3]
        source.close()


def test_after_the_wait_one_goes_first_and_the_others_follow_when_it_went_well() -> None:
    now = 0.0
    one = Breaker(lambda: now)
    for _ in range(FAILURES):
        with pytest.raises(Failed), one.watching():
            raise Failed("fails")
    now = breaker.WAIT_SECONDS
    with one.watching(), pytest.raises(Failed, match="left alone"), one.watching():
        pytest.fail("nobody else goes while one tries")
    with one.watching(), one.watching():
        pass


def test_a_try_that_fails_begins_the_wait_anew() -> None:
    now = 0.0
    one = Breaker(lambda: now)
    for _ in range(FAILURES):
        with pytest.raises(Failed), one.watching():
            raise Failed("fails")
    now = breaker.WAIT_SECONDS + 1
    with pytest.raises(Failed, match="fails"), one.watching():
        raise Failed("fails")
    with pytest.raises(Failed, match="left alone"), one.watching():
        pytest.fail("nobody goes during the wait")


def test_a_service_that_leads_in_circles_ends() -> None:
    row = {column.name: None for column in REQUESTS.columns} | {"id": 1}
    circle = answer(json.dumps({"rows": [row], "next": [1, 1]}).encode())
    _is_away(saying(circle), lambda source: list(source.chunks(REQUESTS, CAMILLE)))


def test_an_erasure_that_does_not_advance_ends() -> None:
    same = answer(b'{"batch": {"first": [1], "last": [5], "count": 5}}')
    _is_away(saying(same), lambda source: source.next_batch(REQUESTS, CAMILLE, after=(5,), limit=9, now=NOW))
