"""The laws one request was opened under, each as it stood that day, and the recourses they open to its person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.domain.languages import Text
from portal.domain.regimes import Recourse, RecourseBody, Regime, Silence


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

    A regulator gives more time under its own law alone; beside another law that gives none.
    """
    every = (main, *others)
    reasons = tuple(reason for reason in main.pause_reasons if all(reason in one.pause_reasons for one in every))
    if not others or all(one.extension_authority == "self" for one in every):
        return replace(main, pause_reasons=reasons)
    return replace(main, pause_reasons=reasons, extension=None, extension_authority="none")
