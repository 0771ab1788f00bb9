"""Notices for tests: a change to tell, people and subscribers to tell it to, and the road from draft to done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from portal.demo.service.tables import accounts
from portal.domain.codes import link_token, token_hash
from portal.domain.languages import Language, Text
from portal.domain.notices import Notice, NoticeState
from portal.domain.people import StaffMember
from portal.domain.policies import VersionKind
from portal.domain.rights import Role
from portal.services import notices, policies
from portal.services.installation import Installation
from portal.services.subscriptions import token_of
from portal.storage.notice_tables import notice_recipients
from tests.installation import Built

CHANGE = Text(fr="Une durée est précisée.", en="One period is made plain.")
SOME_DAYS = timedelta(days=30)


def officer_of(portal: Installation) -> StaffMember:
    """The first officer."""
    with portal.database.reading() as store:
        return next(member for member in store.staff.all() if member.role is Role.OFFICER)


def a_change(portal: Installation, *, kind: VersionKind = "material", day: date | None = None) -> str:
    """Publish a version to come, made of the newest one; gives its id."""
    now = portal.clock()
    effective = day or portal.today(now) + SOME_DAYS
    with portal.database.writing() as store:
        newest = policies.versions(store)[0]
        change = {"id": effective.isoformat(), "effective": effective, "kind": kind, "summary": CHANGE}
        version = replace(newest, **change)  # type: ignore[arg-type]  # values of several types
        policies.publish(portal, store, version, staff_id=None, now=now)
    return version.id


def subscribe(portal: Installation, address: str, language: Language = "fr") -> str:
    """A subscription as a code would have confirmed it; gives the token of its link."""
    nonce = f"nonce of {address}"
    hashed = token_hash(link_token(portal.keys.for_("subscriptions"), nonce))
    with portal.database.writing() as store:
        now = portal.clock()
        store.subscribers.confirm(address, language=language, nonce=nonce, token_hash=hashed, now=now)
    token = token_of(portal, nonce, hashed)
    assert token
    return token


def drafted(portal: Installation, version_id: str) -> Notice:
    """Draft the notice of a version."""
    with portal.database.writing() as store:
        notice_id = notices.draft_change(portal, store, officer_of(portal), version_id, portal.clock())
    return again(portal, notice_id)


def again(portal: Installation, notice_id: int) -> Notice:
    """The notice as it stands now."""
    with portal.database.reading() as store:
        found = notices.one(store, notice_id)
    assert found
    return found


def proved(built: Built, notice: Notice) -> Notice:
    """Send oneself the proof."""
    portal = built.installation
    built.work()
    with portal.database.writing() as store:
        present = notices.one(store, notice.id)
        assert present
        notices.ask_proof(store, officer_of(portal), present, seen_version=present.version)
    built.work()
    return again(portal, notice.id)


def begun(portal: Installation, notice: Notice, countdown: timedelta = timedelta(hours=1)) -> Notice:
    """Let it count down."""
    with portal.database.writing() as store:
        now, member = portal.clock(), officer_of(portal)
        notices.begin(portal, store, member, notice, countdown=countdown, seen_version=notice.version, now=now)
    return again(portal, notice.id)


def worked_out(built: Built, notice: Notice, *, steps: int = 60, seconds: float = 30) -> Notice:
    """Turn the clock and work until the notice is done, or for so many steps."""
    for _ in range(steps):
        built.work()
        if again(built.installation, notice.id).state is NoticeState.DONE:
            break
        built.clock.advance(seconds=seconds)
    return again(built.installation, notice.id)


def told(built: Built, version_id: str) -> Notice:
    """The whole road for a version."""
    notice = begun(built.installation, proved(built, drafted(built.installation, version_id)))
    built.clock.advance(hours=1)
    return worked_out(built, notice)


def told_at(portal: Installation, address: str, version_id: str) -> datetime | None:
    """When the mail server took the letter that tells an address of a version, if it did and it did not come back."""
    with portal.database.reading() as store:
        return store.recipients.told(notices.address_hashes(portal, address), "privacy").get(version_id)


def people_of(built: Built) -> dict[str, str]:
    """Each person the service knows: the language recorded, by address."""
    engine = sa.create_engine(built.service_url)
    try:
        with engine.connect() as connection:
            found = connection.execute(sa.select(accounts.c.email, accounts.c.locale))
            return {row.email.lower(): (row.locale or "fr")[:2] for row in found if "@" in row.email}
    finally:
        engine.dispose()


def act(built: Built, notice: Notice, name: str) -> Notice:
    """Do what the officer may do: stop, resume, end."""
    with built.installation.database.writing() as store:
        member, now = officer_of(built.installation), built.clock()
        common = {"seen_version": notice.version, "now": now}
        if name == "resume":
            notices.resume(built.installation, store, member, notice, countdown=timedelta(hours=1), **common)  # type: ignore[arg-type]  # by name
        else:
            getattr(notices, name)(store, member, notice, **common)
    return again(built.installation, notice.id)


def recipients(built: Built) -> list[sa.Row[tuple[object, ...]]]:
    """Every recipient as it is kept."""
    with built.installation.database.reading() as store:
        return list(store.connection.execute(sa.select(notice_recipients)))
