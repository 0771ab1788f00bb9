"""What every place for the ledger must do, whichever it is."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from portal.ledger.base import Ledger


def line(number: int, text: str = "a") -> str:
    """A line as entries write theirs: its number comes first."""
    return f'{{"number":{number},"text":"{text}"}}'


class LedgerContract:
    """One class, run for the file and for PostgreSQL; each test has an empty ledger."""

    @pytest.fixture
    def ledger(self) -> Ledger:
        raise NotImplementedError

    def test_a_ledger_nobody_wrote_to_is_empty(self, ledger: Ledger) -> None:
        assert list(ledger.lines()) == []
        assert ledger.tail(1) == []

    def test_lines_are_added_at_the_end_in_their_order(self, ledger: Ledger) -> None:
        ledger.append(lambda _: [line(1), line(2)], since=1)
        ledger.append(lambda _: [line(3)], since=3)
        assert list(ledger.lines()) == [line(1), line(2), line(3)]

    def test_whoever_adds_is_given_the_lines_from_a_number_on_or_at_least_the_last(self, ledger: Ledger) -> None:
        ledger.append(lambda _: [line(number) for number in range(1, 1_500)], since=1)
        seen: list[Sequence[str]] = []
        for since in (1, 1_490, 1_499, 1_500, 9_000):
            ledger.append(lambda tail: seen.append(tail) or [], since=since)  # type: ignore[func-returns-value]
        assert [len(tail) for tail in seen] == [1_499, 10, 1, 1, 1]
        assert seen[0][0] == line(1)
        assert seen[1] == [line(number) for number in range(1_490, 1_500)]
        assert seen[3] == seen[4] == [line(1_499)]
        assert ledger.tail(1_498) == [line(1_498), line(1_499)]

    def test_long_lines_and_many_are_given_back_as_they_were(self, ledger: Ledger) -> None:
        written = [line(number, "é\\u00e9 '\"".replace("é", "e") * number * 37) for number in range(1, 60)]
        ledger.append(lambda _: written, since=1)
        assert list(ledger.lines()) == written
        assert [ledger.tail(number) for number in (1, 30, 59)] == [written, written[29:], written[58:]]

    def test_nothing_is_added_where_making_the_lines_fails(self, ledger: Ledger) -> None:
        ledger.append(lambda _: [line(1)], since=1)

        def fails(_: Sequence[str]) -> Sequence[str]:
            raise LookupError

        with pytest.raises(LookupError):
            ledger.append(fails, since=1)
        ledger.append(lambda _: [line(2)], since=1)
        assert list(ledger.lines()) == [line(1), line(2)]

    def test_those_who_write_at_once_take_turns(self, ledger: Ledger) -> None:
        def next_line(tail: Sequence[str]) -> list[str]:
            last = int(tail[-1].split(":")[1].split(",")[0]) if tail else 0
            return [line(last + 1)]

        def add_ten() -> None:
            for _ in range(10):
                ledger.append(next_line, since=1)

        writers = [threading.Thread(target=add_ten) for _ in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert list(ledger.lines()) == [line(number) for number in range(1, 41)]
