"""Why a service could not be asked, in sentences that hold neither its address nor its secret."""

from __future__ import annotations

import time

from portal.wording.catalogue import N_

BROKEN = N_("The source %(source)s answers with something other than the contract’s JSON.")


class Failed(Exception):
    """The exchange came to nothing. `again`: the same question may fare better in a moment."""

    def __init__(self, sentence: str, *, again: bool = False, **values: object) -> None:
        """Keep a whole sentence with its values, but for the name of the source."""
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values
        self.again = again


class TooLarge(Failed):
    """The service answered, but more than there is room for."""

    def __init__(self) -> None:
        """Say so; the same question would be answered alike."""
        super().__init__(N_("The source %(source)s answers with more than there is room for."))


def broken(sentence: str = BROKEN) -> Failed:
    """The service does not keep the contract; asking again changes nothing."""
    return Failed(sentence)


def misplaced(status: int) -> Failed:
    """The service answers with a status, or an error, that the contract does not have there."""
    return Failed(
        N_("The source %(source)s answers with the status %(status)s, which has no place there."), status=status
    )


def away() -> Failed:
    """Nobody answered, or the line was cut."""
    return Failed(N_("The source %(source)s does not answer."), again=True)


def late() -> Failed:
    """The time is used up; there is none left to ask again."""
    return Failed(N_("The source %(source)s did not answer in time."))


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
