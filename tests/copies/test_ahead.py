"""Reading ahead: nothing is lost, doubled or reordered, what goes wrong comes out in its turn, and nobody reads on in the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from portal.copies.ahead import read_ahead


@pytest.mark.parametrize("number", [0, 1, 2, 50])
def test_the_parts_are_the_same_in_the_same_order(number: int) -> None:
    assert list(read_ahead(range(number))) == list(range(number))


def test_the_next_part_is_read_while_this_one_is_written() -> None:
    met = threading.Barrier(2, timeout=10)

    def parts() -> Iterator[int]:
        yield 1
        met.wait()
        yield 2

    reading = read_ahead(parts())
    assert next(reading) == 1
    met.wait()
    assert list(reading) == [2]


def test_what_goes_wrong_comes_after_what_was_read_before() -> None:
    def parts() -> Iterator[int]:
        yield 1
        raise ConnectionError

    reading = read_ahead(parts())
    assert next(reading) == 1
    with pytest.raises(ConnectionError):
        next(reading)


def test_no_more_than_one_part_is_read_ahead_and_none_after_the_end() -> None:
    read: list[int] = []

    def parts() -> Iterator[int]:
        for number in range(100):
            read.append(number)
            yield number

    reading = read_ahead(parts())
    assert next(reading) == 0
    reading.close()
    assert read in ([0], [0, 1])
    assert not any(thread.name.startswith("copy-reads") for thread in threading.enumerate())
