"""What every kind of source must do, whichever database is behind it."""

from __future__ import annotations

from tests.sources.changing_contract import ChangingContract
from tests.sources.dated_contract import DatedContract
from tests.sources.erasing_contract import ErasingContract
from tests.sources.looking_contract import LookingContract
from tests.sources.reaching_contract import ReachingContract
from tests.sources.reading_contract import ReadingContract


class SourceContract(
    ReadingContract, DatedContract, LookingContract, ChangingContract, ErasingContract, ReachingContract
):
    """Inherit, and give a fresh database of your kind."""
