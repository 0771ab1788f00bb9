"""Regimes: what one privacy law gives a person and asks of the organization, as data a request keeps for life.

A request freezes the regime it was opened under (law.md §3.2), so that a later edit never moves a date already told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

from portal.domain.languages import Language, Text
from portal.domain.periods import Period

Unit = Literal["day", "business_day", "month"]
Rollover = Literal["none", "next_working_day"]
ExtensionAuthority = Literal["self", "regulator", "none"]
PauseReason = Literal["identity", "clarification"]
Silence = Literal["deemed_refusal", "breach"]
FeePolicy = Literal["free", "free_save_copies", "minimal_if_accepted", "free_unless_excessive", "regulated"]

LONGEST_SPAN = 1_000
"""More than any law leaves, in any unit."""

REVIEW_LASTS = Period(months=12, days=0)
"""How long counsel's reading of a row holds."""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as a law writes it: 30 days, 10 business days, 1 month."""

    value: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse a length that is none, or that no law has (ValueError)."""
        if not 1 <= self.value <= LONGEST_SPAN:
            raise ValueError(self.value)


@dataclass(frozen=True, slots=True)
class Recourse:
    """Where a person turns when refused, under which name, and within which time (none: the law sets no last day).

    `how` follows "you may": the whole act, with the body's name. `court`: a sentence, where the law wants the judicial
    remedy named too (GDPR, Art. 12(4)).
    """

    body: str
    remedy: Text
    how: Text
    provision: Text
    within: Span | None = None
    court: Text | None = None


@dataclass(frozen=True, slots=True)
class Regime:
    """One law's clock and remedies.

    `counts_receipt_day`: the day of receipt is day one. `rollover`: whether the law lets a last day on a holiday move;
    the date moved to is only ever shown beside the strict one, which every promise and alert uses (law.md §9.2, 2).
    `extension_authority`: who may extend; in Québec the Commission alone (P-39.1, s. 46). `record_months`: how long the
    record of a request is kept once it is closed (law.md §7). `declaration`: what a person ticks to say that this law
    protects them too; a law without one is never asked about. `alone_from`: the age from which a child asks alone, where
    the law sets one. Not reviewed: shown "to be reviewed by counsel".
    """

    key: str
    label: Text
    base: Span
    counts_receipt_day: bool
    rollover: Rollover
    holiday_calendar: str
    acknowledgement: Span
    acknowledgement_required: bool
    extension_authority: ExtensionAuthority
    silence: Silence
    recourse: Recourse
    fee_policy: FeePolicy
    record_months: int
    legal_text_version: str
    effective_from: date
    extension: Span | None = None
    pause_reasons: tuple[PauseReason, ...] = ()
    declaration: Text | None = None
    alone_from: int | None = None
    reviewed_by: str | None = None
    reviewed_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse an extension nobody here may grant, or one counted otherwise than the base (ValueError)."""
        if (self.extension is not None) != (self.extension_authority == "self"):
            raise ValueError(f"{self.key}: an extension has a length exactly when the organization grants it itself")
        if self.extension is not None and self.extension.unit != self.base.unit:
            raise ValueError(f"{self.key}: an extension is counted in the unit of the base")

    @property
    def is_reviewed(self) -> bool:
        """Whether counsel has read this row."""
        return bool(self.reviewed_by) and self.reviewed_on is not None

    def wants_review(self, today: date) -> bool:
        """Whether counsel has never read this row, or read it more than twelve months ago (law.md §9.2, 15)."""
        if not self.reviewed_by or self.reviewed_on is None:
            return True
        return not self.reviewed_on <= today <= REVIEW_LASTS.after(self.reviewed_on)

    def as_snapshot(self) -> dict[str, Any]:
        """The regime as plain JSON values, to be frozen on a request."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_snapshot(cls, snapshot: Mapping[str, Any]) -> Regime:
        """The regime a snapshot froze; what a later program no longer knows of it is passed over.

        Raises:
            KeyError, TypeError, ValueError: the snapshot is none of ours.
        """
        known = {field.name for field in fields(cls)}
        frozen = {name: value for name, value in snapshot.items() if name in known}
        frozen["label"] = Text(**snapshot["label"])
        frozen["base"] = Span(**snapshot["base"])
        frozen["acknowledgement"] = Span(**snapshot["acknowledgement"])
        frozen["recourse"] = _recourse(snapshot["recourse"])
        frozen["extension"] = _span(snapshot.get("extension"))
        frozen["declaration"] = _text(snapshot.get("declaration"))
        frozen["pause_reasons"] = tuple(snapshot.get("pause_reasons", ()))
        frozen["effective_from"] = date.fromisoformat(snapshot["effective_from"])
        frozen["reviewed_on"] = _date(snapshot.get("reviewed_on"))
        return cls(**frozen)


@dataclass(frozen=True, slots=True)
class Office:
    """A place where a recourse body receives letters and calls; `language` is that of its address."""

    city: str
    address: str
    phone: str | None = None
    language: Language = "fr"


@dataclass(frozen=True, slots=True)
class RecourseBody:
    """Who examines a refusal, and how to reach it.

    `to` follows "write": the name with its preposition. `role`: one sentence on what it is there for. `checked_on`,
    `checked_by`: the day these facts were last read at their source, and who read them where; None when nobody did.
    """

    key: str
    name: Text
    short_name: Text
    to: Text
    role: Text
    website: str
    toll_free: str | None = None
    offices: tuple[Office, ...] = ()
    checked_on: date | None = None
    checked_by: str | None = None

    def wants_check(self, today: date) -> bool:
        """Whether nobody read these facts at their source in the last twelve months, or nobody said who did."""
        if not self.checked_by or self.checked_on is None:
            return True
        return not self.checked_on <= today <= REVIEW_LASTS.after(self.checked_on)


def _plain(value: object) -> Any:  # JSON has no narrower type
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Text | Span | Recourse):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _recourse(frozen: Mapping[str, Any]) -> Recourse:
    return Recourse(
        body=frozen["body"],
        remedy=Text(**frozen["remedy"]),
        how=Text(**frozen["how"]) if "how" in frozen else _HOW_IN_QUEBEC,
        provision=Text(**frozen["provision"]),
        within=_span(frozen.get("within")),
        court=_text(frozen.get("court")),
    )


def _span(frozen: Mapping[str, Any] | None) -> Span | None:
    return None if frozen is None else Span(**frozen)


def _text(frozen: Mapping[str, str] | None) -> Text | None:
    return None if frozen is None else Text(**frozen)


def _date(frozen: str | None) -> date | None:
    return None if frozen is None else date.fromisoformat(frozen)


_HOW_IN_QUEBEC = Text(
    fr="présenter une demande d’examen de mésentente à la Commission d’accès à l’information",
    en="ask the Commission d’accès à l’information to examine the disagreement",
)
"""What requests frozen before `how` was written may do: no other law than Québec's was shipped until then."""
