"""From the shape of what the officer owns to what the layers above read: the same for the file and for the officer's rows."""

from __future__ import annotations

from portal.config.settings import PrivacyContact
from portal.config.shapes import ContactShape, HolidayShape, OfficerLookShape, RemindersShape, ReplyShape
from portal.domain.reminders import Reminders
from portal.domain.settings import ClosedDay, Logo, Look, ReplyParagraph


def contact_of(shape: ContactShape) -> PrivacyContact:
    """The person in charge."""
    return PrivacyContact(
        title=shape.title.text(),
        email=shape.email,
        phone=shape.phone or "",
        address=shape.address or "",
        backup=shape.backup,
        name=shape.name,
        delegated_on=shape.delegated_on,
        delegation=shape.delegation,
        away_from=shape.away.from_ if shape.away else None,
        away_to=shape.away.to if shape.away else None,
    )


def closed_day_of(shape: HolidayShape) -> ClosedDay:
    """One day closed."""
    return ClosedDay(shape.day, shape.name.text())


def reply_of(shape: ReplyShape) -> ReplyParagraph:
    """One ready paragraph."""
    return ReplyParagraph(shape.name.text(), shape.text.text())


def reminders_of(shape: RemindersShape) -> Reminders:
    """When staff are reminded, the furthest day first."""
    return Reminders(
        days=tuple(sorted(shape.days, reverse=True)),
        half_time=shape.half_time,
        backup=tuple(sorted(shape.backup, reverse=True)),
        unopened=shape.unopened,
    )


def look_of(shape: OfficerLookShape) -> Look:
    """Colour and logo."""
    logo = shape.logo
    return Look(shape.accent, Logo(logo.digest, logo.width, logo.height) if logo else None)
