"""Rows of rights requests as the requests they keep, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import RowMapping

from portal.domain.answer_parts import AnswerPart, MachineDecision, Part, Wanted
from portal.domain.asking import Channel
from portal.domain.languages import language_or_default
from portal.domain.rights import (
    OPEN,
    CorrectionAsked,
    Decision,
    Kind,
    Level,
    PauseReason,
    Proposal,
    RegulatorOutcome,
    RightsRequest,
    State,
    Withheld,
)
from portal.storage.asking import behalf_kept, behalf_of, wanted_form_kept, wanted_form_of


def values_of(request: RightsRequest) -> dict[str, Any]:
    """A request as the columns of its row, its number and the day it is looked at left out."""
    values: dict[str, Any] = {
        name: getattr(request, name) for name in RightsRequest.__dataclass_fields__ if name not in {"id", "correction"}
    }
    for name in ("kind", "state", "level", "decision", "channel"):
        values[name] = values[name].value if values[name] is not None else None
    for name in ("paused_for", "applied_outcome", "first_decision"):
        values[name] = values[name].value if values[name] is not None else None
    values["is_open"] = request.state in OPEN
    values |= {"behalf": behalf_kept(request.behalf), "wanted_form": wanted_form_kept(request.wanted_form)}
    values["withheld"] = withheld_rows(request.withheld)
    values["parts"] = part_rows(request.parts)
    machine = request.machine_decision
    values["machine_decision"] = {"which": machine.which, "wanted": machine.wanted.value} if machine else None
    values["proposal"] = _proposal_row(request.proposal)
    values["correction"] = asdict(request.correction) if request.correction else None
    return values


def request_of(row: RowMapping | dict[str, Any]) -> RightsRequest:
    """A row as the request it keeps."""
    values = {name: row[name] for name in RightsRequest.__dataclass_fields__}
    values |= {
        "kind": Kind(row["kind"]),
        "state": State(row["state"]),
        "language": language_or_default(row["language"]),
        "level": Level(row["level"]),
        "decision": Decision(row["decision"]) if row["decision"] else None,
        "correction": correction_of(row["correction"]),
        "behalf": behalf_of(row["behalf"]),
        "wanted_form": wanted_form_of(row["wanted_form"]),
        "channel": Channel(row["channel"]) if row["channel"] else None,
        "paused_for": PauseReason(row["paused_for"]) if row["paused_for"] else None,
        "applied_outcome": RegulatorOutcome(row["applied_outcome"]) if row["applied_outcome"] else None,
        "first_decision": Decision(row["first_decision"]) if row["first_decision"] else None,
        "proposal": _proposal(row["proposal"]),
        "withheld": withheld_of(row["withheld"]),
        "machine_decision": _machine_decision(row["machine_decision"]),
        "parts": parts_of(row["parts"]),
    }
    return RightsRequest(**values)


def correction_of(kept: dict[str, Any] | None) -> CorrectionAsked | None:
    """The correction a request is about, as it was written; None for none."""
    return CorrectionAsked(**(kept | {"row": tuple(kept["row"])})) if kept else None


def withheld_rows(withheld: Sequence[Withheld]) -> list[dict[str, Any]] | None:
    """What an answer leaves out, as JSON; None for nothing."""
    rows = [asdict(one) | {"until": one.until.isoformat() if one.until else None} for one in withheld]
    return rows or None


def withheld_of(kept: Sequence[dict[str, Any]] | None) -> tuple[Withheld, ...]:
    """What JSON kept of what an answer leaves out."""
    return tuple(map(_withheld, kept or ()))


def _withheld(row: dict[str, Any]) -> Withheld:
    """One of them; what was kept before anything smaller than a category was left out names no table."""
    until = date.fromisoformat(row["until"]) if row["until"] else None
    return Withheld(**(row | {"until": until, "rows": tuple(map(tuple, row.get("rows", ())))}))


def _proposal_row(proposal: Proposal | None) -> dict[str, Any] | None:
    if proposal is None:
        return None
    return asdict(proposal) | {"withheld": withheld_rows(proposal.withheld), "parts": part_rows(proposal.parts)}


def _proposal(kept: dict[str, Any] | None) -> Proposal | None:
    if not kept:
        return None
    read = {"withheld": withheld_of(kept["withheld"]), "parts": parts_of(kept.get("parts"))}
    return Proposal(**(kept | read | {"decision": Decision(kept["decision"])}))


def part_rows(parts: Sequence[AnswerPart]) -> list[list[str]] | None:
    """The parts of an answer, as JSON; None for an answer without any."""
    return [[one.part.value, one.text] for one in parts] or None


def parts_of(kept: Sequence[Sequence[str]] | None) -> tuple[AnswerPart, ...]:
    """What JSON kept of the parts of an answer."""
    return tuple(AnswerPart(Part(name), text) for name, text in kept or ())


def _machine_decision(kept: dict[str, Any] | None) -> MachineDecision | None:
    return MachineDecision(kept["which"], Wanted(kept["wanted"])) if kept else None
