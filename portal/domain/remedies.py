"""The laws one request was opened under, each as it stood that day, and the recourses they open to its person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.domain.languages import Text
from portal.domain.regimes import ExtensionAuthority, Recourse, RecourseBody, Regime, Silence


@dataclass(frozen=True, slots=True)
class Applied:
    """One law a request was opened under, and the last day to answer that this law sets by itself."""

    regime: Regime
    due: date


@dataclass(frozen=True, slots=True)
class Remedy:
    """A recourse as it stands for one request: under which law, where to turn, how, and until when.

    `until`: None where the law sets no last day. `silence`: what ours is, None for what has our own promise alone.
    """

    law: Text
    recourse: Recourse
    body: RecourseBody
    until: date | None
    silence: Silence | None


def narrowed(main: Regime, others: Sequence[Regime]) -> Regime:
    """The main regime with only what every law allows: an extension by our own decision, and reasons to pause.

    Where one law leaves more time to its regulator, it can be asked: what it gives moves that law's day alone.
    """
    every = (main, *others)
    reasons = tuple(reason for reason in main.pause_reasons if all(reason in one.pause_reasons for one in every))
    if not others or all(one.extension_authority == "self" for one in every):
        return replace(main, pause_reasons=reasons)
    authority: ExtensionAuthority = "regulator" if any(map(_asks_its_regulator, every)) else "none"
    return replace(main, pause_reasons=reasons, extension=None, extension_authority=authority)


def left_to_regulator(laws: Sequence[Applied]) -> Applied | None:
    """The law that leaves more time to its regulator (P-39.1, s. 46), the main one first; None where none does."""
    return next((law for law in laws if _asks_its_regulator(law.regime)), None)


def as_they_stand(laws: Sequence[Applied], due: date, given: date | None) -> tuple[Applied, ...]:
    """Several laws, each with its last day today.

    What moved the request's day (`due`) moved each law's at least as far; a day its regulator gave is its own law's alone.
    """
    asked = left_to_regulator(laws) if given else None
    return tuple(replace(law, due=max(law.due, due, given if law is asked and given else due)) for law in laws)


def due_once_given(laws: Sequence[Applied], given: date) -> date:
    """The last day of a request once a regulator gave its own law another: the earliest of all laws still counts."""
    asked = left_to_regulator(laws)
    return min(given if law is asked else law.due for law in laws)


def _asks_its_regulator(regime: Regime) -> bool:
    return regime.extension_authority == "regulator"
