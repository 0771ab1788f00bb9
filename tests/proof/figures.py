"""What a proof found: one line a claim, with what was found and what was wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that must be true, and whether it is."""

    says: str
    found: str
    wanted: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the proof: how many loops it made, in what time, what it claims, and what else is worth knowing."""

    name: str
    loops: int
    seconds: float
    claims: Sequence[Claim]
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def holds(self) -> bool:
        """Whether every claim does."""
        return all(claim.holds for claim in self.claims)


def equal(says: str, found: object, wanted: object) -> Claim:
    """A claim that two things are the same."""
    return Claim(says, str(found), str(wanted), found == wanted)


def at_most(says: str, found: float, wanted: float) -> Claim:
    """A claim that a figure stays within a limit."""
    return Claim(says, _short(found), f"≤ {_short(wanted)}", found <= wanted)


def at_least(says: str, found: float, wanted: float) -> Claim:
    """A claim that a figure reaches one."""
    return Claim(says, _short(found), f"≥ {_short(wanted)}", found >= wanted)


def table(parts: Sequence[Part]) -> str:
    """The parts as a person reads them."""
    lines = []
    for part in parts:
        result = "holds" if part.holds else "FAILS"
        lines.append(f"{part.name}: {part.loops} loops, {part.seconds:.0f} s, {result}")
        for claim in part.claims:
            mark = "  " if claim.holds else "!!"
            lines.append(f" {mark} {claim.says:<66} {claim.found:>12}   {claim.wanted}")
        lines += [f"    ({note})" for note in part.notes]
    return "\n".join(lines)


def as_json(parts: Sequence[Part]) -> dict[str, object]:
    """The parts for programs."""
    return {"parts": [asdict(part) | {"holds": part.holds} for part in parts], "holds": all(p.holds for p in parts)}


def _short(figure: float) -> str:
    return f"{figure:.1f}" if isinstance(figure, float) else str(figure)
