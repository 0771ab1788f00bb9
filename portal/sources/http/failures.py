"""Why a service could not be asked, in sentences that hold neither its address nor its secret."""

from __future__ import annotations

import time


class Failed(Exception):
    """The exchange came to nothing. `again`: the same question may fare better in a moment."""

    def __init__(self, why: str, *, again: bool = False) -> None:
        """Keep the end of a sentence that begins with the source's name."""
        super().__init__(why)
        self.why = why
        self.again = again


class TooLarge(Failed):
    """The service answered, but more than there is room for."""

    def __init__(self) -> None:
        """Say so; the same question would be answered alike."""
        super().__init__("answers with more than there is room for.")


def broken(what: str = "something other than the contract’s JSON") -> Failed:
    """The service does not keep the contract; asking again changes nothing."""
    return Failed(f"answers with {what}.")


def away() -> Failed:
    """Nobody answered, or the line was cut."""
    return Failed("does not answer.", again=True)


def late() -> Failed:
    """The time is used up; there is none left to ask again."""
    return Failed("did not answer in time.")


class Deadline:
    """The moment by which a call must have ended, however slowly the other side drips."""

    def __init__(self, seconds: float) -> None:
        """Begin to count."""
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left, more than none.

        Raises:
            Failed: none are.
        """
        left = self._until - time.monotonic()
        if left <= 0:
            raise late()
        return left

    def leaves(self, seconds: float) -> bool:
        """Whether that many seconds are left, and some to use."""
        return self._until - time.monotonic() > 2 * seconds
