"""The reference service answers the portal alone, each question once, and does an act that arrives twice once."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.demo.http_service.operations import OPERATIONS
from portal.demo.http_service.server import Service
from portal.demo.http_service.signatures import SKEW_SECONDS, Nonces, NotSigned
from portal.sources.base import Batch
from portal.sources.http import HttpSource
from portal.sources.http.questions import batch_json, key_json, table_json
from portal.sources.http.signing import signed_headers
from tests.sources import invented_service as service
from tests.sources.invented_service import CAMILLE, NOW, PEOPLE, REQUESTS, count_of, fill, some_requests
from tests.sources.rogue import Rogue, cut, misbehaving
from tests.sources.serving import SECRET, asked_at, served

ERASE = {
    "table": table_json(REQUESTS, now=NOW),
    "person": key_json(CAMILLE),
    "now": "2026-03-15T12:00:00Z",
    "batch": batch_json(Batch((1,), (4,), 4)),
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'service.db'}")
    service.metadata.create_all(engine)
    fill(engine, api_requests=some_requests(10))
    yield engine
    engine.dispose()


@pytest.fixture
def server(engine: sa.Engine) -> Iterator[Service]:
    with served(engine.url.render_as_string(hide_password=False)) as running:
        yield running


@pytest.fixture
def source(server: Service) -> Iterator[HttpSource]:
    source = asked_at(server.server_port)
    yield source
    source.close()


def _post(
    server: Service, path: str, body: bytes, headers: Mapping[str, str], method: str = "POST"
) -> tuple[int, Mapping[str, Any]]:
    line = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    try:
        line.request(method, path, body, dict(headers))
        answer = line.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if answer.getheader("Content-Type") == "application/json" else {}
    finally:
        line.close()


def _signed(path: str, body: bytes, **changes: Any) -> Mapping[str, str]:
    known: dict[str, Any] = {"created": int(time.time()), "nonce": "0123456789abcdef0123456789abcdef"}
    secret = changes.pop("secret", SECRET)
    return signed_headers(secret, path=path, body=body, **(known | changes))


def _describe(server: Service, **changes: Any) -> int:
    return _post(server, "/v1/describe", b"{}", _signed("/v1/describe", b"{}", **changes))[0]


def test_a_signed_question_is_answered(server: Service) -> None:
    assert _describe(server) == 200


def test_a_question_is_answered_once(server: Service) -> None:
    assert [_describe(server) for _ in range(3)] == [200, 401, 401]
    assert _describe(server, nonce="f" * 32) == 200


@pytest.mark.parametrize("seconds", [-SKEW_SECONDS - 5, SKEW_SECONDS + 5, -(10**9)])
def test_a_question_of_another_time_is_refused(server: Service, seconds: int) -> None:
    assert _describe(server, created=int(time.time()) + seconds) == 401


def test_a_question_of_somebody_else_is_refused(server: Service) -> None:
    assert _describe(server, secret=b"another secret of thirty-two byte") == 401


@pytest.mark.parametrize("missing", ["Signature", "Signature-Input", "Content-Digest"])
def test_a_question_without_its_signature_is_refused(server: Service, missing: str) -> None:
    headers = {name: value for name, value in _signed("/v1/describe", b"{}").items() if name != missing}
    assert _post(server, "/v1/describe", b"{}", headers) == (401, {"error": "not_signed"})


def test_a_question_that_was_changed_on_its_way_is_refused(server: Service) -> None:
    signed = _signed("/v1/describe", b"{}")
    assert _post(server, "/v1/describe", b"{ }", signed)[0] == 401
    assert _post(server, "/v1/rows/count", b"{}", signed)[0] == 401
    assert _post(server, "/v1/describe?x=1", b"{}", signed)[0] == 401
    assert _post(server, "/v1/describe", b"{}", {**signed, "Idempotency-Key": "abc"})[0] == 401
    shorter = {**signed, "Signature-Input": signed["Signature-Input"].replace(' "content-digest"', "")}
    assert _post(server, "/v1/describe", b"{}", shorter)[0] == 401
    assert _post(server, "/v1/describe", b"{}", signed, method="PUT")[0] == 501
    assert _post(server, "/v1/describe", b"{}", signed)[0] == 200


def test_a_nonce_is_forgotten_only_when_its_question_is_too_old_to_be_sent_again() -> None:
    now = 1_000.0
    nonces = Nonces(lambda: now)
    nonces.use("a", 1_000 + SKEW_SECONDS)
    now = 1_000.0 + 2 * SKEW_SECONDS
    with pytest.raises(NotSigned):
        nonces.use("a", 1_000 + SKEW_SECONDS)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"table": 5}', b"[" * 100_000, b'{"table": {}, "person": [1]}'])
def test_a_question_that_is_none_is_told_so(server: Service, body: bytes) -> None:
    status, told = _post(server, "/v1/rows/list", body, _signed("/v1/rows/list", body))
    assert (status, told) == (400, {"error": "bad_question"})


def test_a_question_that_is_too_large_is_not_read(server: Service) -> None:
    for length in ("99999999", "-1", "x"):
        with socket.create_connection(("127.0.0.1", server.server_port)) as line:
            line.sendall(f"POST /v1/describe HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode())
            assert line.recv(100).startswith(b"HTTP/1.1 413 ")


def test_an_operation_that_is_none_is_told_so(server: Service) -> None:
    assert _post(server, "/v1/burn", b"{}", _signed("/v1/burn", b"{}")) == (404, {"error": "unknown_operation"})


def _delivered(server: Service, nonce: str, *, key: str = "k1", changes: Mapping[str, Any] | None = None) -> Any:
    body = json.dumps({**ERASE, **(changes or {})}).encode()
    headers = _signed("/v1/erasure/erase", body, nonce=nonce * 16, idempotency_key=key)
    return _post(server, "/v1/erasure/erase", body, headers)


def test_an_erasure_delivered_twice_is_done_and_counted_once(server: Service, engine: sa.Engine) -> None:
    assert _delivered(server, "a") == (200, {"changed": 4})
    fill(engine, api_requests=some_requests(10))
    assert _delivered(server, "b") == (200, {"changed": 4})
    assert count_of(engine, service.api_requests) == 10
    assert _delivered(server, "c", key="k2") == (200, {"changed": 4})
    assert _delivered(server, "d", key="k3") == (200, {"changed": 0})
    assert count_of(engine, service.api_requests) == 6


def test_a_key_is_for_one_act_alone(server: Service, engine: sa.Engine) -> None:
    assert _delivered(server, "a")[0] == 200
    other = {"batch": batch_json(Batch((5,), (9,), 5))}
    assert _delivered(server, "b", changes=other) == (400, {"error": "key_used"})
    assert count_of(engine, service.api_requests) == 6


def test_an_erasure_without_a_key_is_refused(server: Service, engine: sa.Engine) -> None:
    body = json.dumps(ERASE).encode()
    assert _post(server, "/v1/erasure/erase", body, _signed("/v1/erasure/erase", body))[0] == 400
    assert count_of(engine, service.api_requests) == 10


def test_an_erasure_whose_answer_is_lost_is_told_as_it_was_done(server: Service, engine: sa.Engine) -> None:
    """The line is cut after the service did it: the second delivery is answered as the first would have been."""

    def losing_the_first_answer(line: socket.socket, rogue: Rogue) -> None:
        with socket.create_connection(("127.0.0.1", server.server_port)) as behind:
            behind.sendall(rogue.read(line))
            answered = b""
            while not answered.endswith(b"}"):
                answered += behind.recv(65_536)
            if len(rogue.asked) == 1:
                cut(line)
                return
            line.sendall(answered)

    with misbehaving(losing_the_first_answer) as rogue:
        source = asked_at(rogue.port)
        assert source.erase(REQUESTS, CAMILLE, Batch((1,), (4,), 4), now=NOW) == 4
        source.close()
    assert len(rogue.asked) == 2
    assert count_of(engine, service.api_requests) == 6


def test_who_looked_at_a_person_is_told_where_it_is_kept(source: HttpSource, engine: sa.Engine) -> None:
    assert source.accesses(PEOPLE, CAMILLE, None, after=None, limit=2) is None
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE access_events (id INTEGER PRIMARY KEY, person TEXT, role TEXT, at TIMESTAMP, why TEXT)"
        )
        for number, person in enumerate(("1", "1", "2", "1"), 1):
            connection.exec_driver_sql(
                f"INSERT INTO access_events VALUES ({number}, '{person}', 'support', '2026-03-0{number} 10:00:00', 'a call')"
            )
    first = source.accesses(PEOPLE, CAMILLE, None, after=None, limit=2)
    assert first is not None
    rest = source.accesses(PEOPLE, CAMILLE, None, after=first.next_after, limit=2)
    assert rest is not None
    assert [access.at.day for access in (*first.accesses, *rest.accesses)] == [4, 2, 1]
    assert {(access.role, access.why) for access in first.accesses} == {("support", "a call")}
    assert rest.next_after is None
    with pytest.raises(ValueError, match="after"):
        source.accesses(PEOPLE, CAMILLE, None, after=(1,), limit=2)


PARTS = st.none() | st.booleans() | st.integers(-3, 3) | st.text("id", max_size=2) | st.just(2**70)
NAMES = ["account_id", "id", "accounts", "api_requests", "nowhere", "email", "requested_at", "path"]
WORDS = PARTS | st.sampled_from([*NAMES, "delete", "columns", "keep", "hash", "2026-01-01T00:00:00Z", "P1Y"])
TABLES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "person": st.fixed_dictionaries({"columns": st.lists(st.sampled_from(NAMES), max_size=2), "path": st.just([])}),
        "key": st.lists(st.sampled_from(NAMES), max_size=2),
        "order": st.none() | st.sampled_from(NAMES),
        "columns": st.lists(
            st.fixed_dictionaries({"name": st.sampled_from(NAMES), "held": st.booleans(), "erase": st.none()}),
            max_size=2,
        ),
        "erase": st.sampled_from(["delete", "columns", "keep"]),
        "hold": st.none(),
        "retention": st.none(),
    }
)
KEYS = st.lists(PARTS, max_size=3)
QUESTIONS = st.fixed_dictionaries(
    {
        "table": TABLES | WORDS,
        "tables": st.lists(TABLES, max_size=2) | WORDS,
        "person": KEYS | WORDS,
        "key": KEYS | WORDS,
        "after": st.none() | KEYS,
        "limit": st.integers(-1, 5) | WORDS,
        "bound": st.integers(-1, 5) | WORDS,
        "column": WORDS,
        "before": WORDS,
        "value": WORDS,
        "address": WORDS,
        "batch": st.fixed_dictionaries({"first": KEYS, "last": KEYS, "count": st.just(1)}) | WORDS,
        "now": st.just("2026-03-15T12:00:00Z") | WORDS,
    }
)


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_whatever_is_asked_the_line_is_never_cut(server: Service, operation: str) -> None:
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(QUESTIONS)
    def asks(question: dict[str, Any]) -> None:
        body, path = json.dumps(question).encode(), f"/v1/{operation}"
        nonce = secrets.token_hex(16)
        key = nonce if operation == "erasure/erase" else None
        status, told = _post(server, path, body, _signed(path, body, nonce=nonce, idempotency_key=key))
        assert status in (200, 400, 404, 409, 422, 501, 503)
        assert (status == 200) != ("error" in told)

    asks()


def test_the_reference_is_started_by_its_command(engine: sa.Engine) -> None:
    command = [sys.executable, "-m", "portal.demo.http_service", engine.url.render_as_string(), "--port", "0"]
    environ = {**os.environ, "SOURCE_SECRET": SECRET.decode(), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as running:
        assert running.stdout
        said = running.stdout.readline()
        source = asked_at(int(said.split("127.0.0.1:")[1].split("/")[0]))
        assert source.count(REQUESTS, CAMILLE, bound=50) == 10
        source.close()
        running.send_signal(signal.SIGINT)
        assert running.wait(10) == 0


def test_the_reference_does_not_start_with_a_short_secret() -> None:
    command = [sys.executable, "-m", "portal.demo.http_service", "sqlite:///service.db"]
    ended = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "SOURCE_SECRET": "short"}, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "The environment's SOURCE_SECRET must hold a secret of 32 bytes or more.\n"
