"""The table of the documentation: every state, every act, every role, and why an act is not open.

`python -m tests.meta.acts` writes docs/request-acts.md; a test compares it with the program.
"""

from __future__ import annotations

from pathlib import Path

from portal.config.law import shipped_law
from portal.domain.acts import WHO, Act, Bar, By, Standing, bar
from portal.domain.rights import BEFORE_DECISION, Decision, RightsRequest, State
from portal.wording.acts import act_words, bar_sentence
from tests.domain.requests import a_request

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "request-acts.md"
_STATES = [state for state in State if state is not State.DECIDED]
_INTRODUCTION = """# What may be done to a request

Written by the program from its own table (`portal/domain/acts.py`); do not edit it.

The request is one of access under Québec’s law, in time and in nobody’s hands: no pause, no application, no file of the
regulator. *Decided* lasts no longer than an instant, and is left out. Whoever may never do something is not named.

"""


def table() -> str:
    """The document."""
    parts = [_INTRODUCTION]
    for state in _STATES:
        parts.append(f"## {state.value}\n\n| act | open to | otherwise |\n|---|---|---|\n")
        parts += [_row(act, state) for act in Act]
        parts.append("\n")
    return "".join(parts).rstrip() + "\n"


def _row(act: Act, state: State) -> str:
    bars = {by: bar(act, by, _request(state), _standing(state)) for by in By}
    open_to = ", ".join(by.value for by, barred in bars.items() if barred is None) or "nobody"
    whys = dict.fromkeys(barred for by, barred in bars.items() if by in WHO[act] and barred not in {None, Bar.ROLE})
    why = " ".join(bar_sentence(barred, "en") for barred in whys if barred is not None) or "–"
    return f"| {act_words(act, 'en').label} | {open_to} | {why} |\n"


def _standing(state: State) -> Standing:
    identity_open = state is State.VERIFYING_IDENTITY
    return Standing(
        shipped_law().regimes["qc_p391"],
        in_time=True,
        identity_open=identity_open,
        may_take_back=state in BEFORE_DECISION,
    )


def _request(state: State) -> RightsRequest:
    decided = {State.FULFILLING, State.CLOSED}
    return a_request(state=state, decision=Decision.REFUSED if state in decided else None)


if __name__ == "__main__":
    DOCUMENT.write_text(table(), encoding="utf-8")
