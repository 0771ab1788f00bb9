"""Where the person stands with the policy, as the pages of their account say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain.policy_readings import Reading
from portal.services import policies
from portal.services import policy_readings as service
from portal.services.policy_readings import SinceThen
from portal.web.access import me, now, portal, store
from portal.web.languages import page_language, url
from portal.web.pages import effective
from portal.web.policy_links import title_of


@dataclass(frozen=True, slots=True)
class Fact:
    """One version and what is recorded of it for the person."""

    id: str
    title: str
    href: str
    told: datetime | None
    opened: datetime | None
    acknowledged: datetime | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered where another version took the place of the one they know."""

    version_id: str
    known: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A purpose on consent that is new to the person."""

    label: str
    href: str


def since_then() -> SinceThen | None:
    """Where the person stands with the policy in force; None while none is."""
    return service.since_then(portal(), store(), me(), policies.PRIVACY, now=now())


def offer_of(then: SinceThen) -> Offer | None:
    """The comparison to offer, or None."""
    if not then.changed or then.start is None:
        return None
    return Offer(then.present.id, title_of(then.start.id, then.start.effective))


def policy_facts(then: SinceThen | None) -> list[Fact]:
    """The versions of which something is recorded, the newest first; what was asked already is not asked again."""
    readings = then.readings if then else service.facts(portal(), store(), me(), policies.PRIVACY)
    return [fact_of(one) for one in reversed(readings) if one.says_something]


def fact_of(one: Reading) -> Fact:
    """One version in the words of the page."""
    return Fact(
        id=one.id,
        title=title_of(one.id, one.effective),
        href=url("policy_version", version_id=one.id),
        told=one.told_at,
        opened=one.opened_at,
        acknowledged=one.acknowledged_at,
    )


def new_choices(then: SinceThen) -> list[Choice]:
    """Consents that are new to the person; none is given until they give it."""
    found = service.new_choices(portal(), store(), me(), effective().data_map, then=then, document=policies.PRIVACY)
    return [Choice(one.label.in_(page_language()), url("consent", purpose=one.id)) for one in found]
