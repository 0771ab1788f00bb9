"""Lines of the log go out together, and none is lost or late that matters."""

from __future__ import annotations

import io
import logging
import threading
import time
from collections.abc import Iterator

import pytest

from portal.web.log import LinesTogether

WITHIN = 5.0


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(stream: io.StringIO) -> Iterator[logging.Logger]:
    logger = logging.getLogger("apart from the others")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    handler = LinesTogether(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger.addHandler(handler)
    yield logger
    logger.removeHandler(handler)


def test_a_line_is_written_soon_by_itself(log: logging.Logger, stream: io.StringIO) -> None:
    log.info("GET %s", "/fr/")
    until = time.monotonic() + WITHIN
    while not stream.getvalue() and time.monotonic() < until:
        time.sleep(0.01)
    assert stream.getvalue() == "INFO GET /fr/\n"


def test_a_warning_is_written_at_once_behind_what_came_before(log: logging.Logger, stream: io.StringIO) -> None:
    log.info("first")
    log.warning("second")
    assert stream.getvalue() == "INFO first\nWARNING second\n"


def test_lines_of_many_threads_stay_whole(log: logging.Logger, stream: io.StringIO) -> None:
    threads = [threading.Thread(target=lambda: [log.info("x" * 50) for _ in range(200)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.warning("end")
    assert stream.getvalue() == f"INFO {'x' * 50}\n" * 1_600 + "WARNING end\n"


def test_a_line_that_cannot_be_formatted_takes_no_other_with_it(log: logging.Logger, stream: io.StringIO) -> None:
    log.info("good")
    ours = next(handler for handler in log.handlers if isinstance(handler, LinesTogether))
    ours.handle(logging.makeLogRecord({"msg": "%d", "args": ("not a number",), "levelno": logging.INFO}))
    log.warning("after")
    lines = stream.getvalue().splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("INFO good", "WARNING after", 3)


def test_a_stream_that_is_closed_stops_nobody(log: logging.Logger, stream: io.StringIO) -> None:
    stream.close()
    log.warning("unheard")
