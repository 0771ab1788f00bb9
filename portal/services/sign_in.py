"""Signing in without passwords: a code by letter, a session on the server, a confirmation for what matters."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.codes import CODE_LIFE, DIGITS, Code, Flow, digits_of, keyed_hash, same, token_hash
from portal.domain.languages import Language
from portal.domain.letters import LetterKind
from portal.domain.outbox import Audience
from portal.domain.people import Person, Session, StaffMember
from portal.domain.rights import Level
from portal.services.identities import addresses_of, level_of
from portal.services.installation import Installation
from portal.services.kept import owner_of
from portal.services.letters import promise_letters, unsent
from portal.services.links import holder_of, use_link
from portal.storage.limits import seconds_left
from portal.storage.store import Store

ASKS, ASKS_WINDOW = 20, timedelta(minutes=10)
"""Codes one address may be sent in a window; asking more would only fill a mailbox (ASVS 2.4.1)."""

WRONG_TRIES, TRIES_WINDOW = 10, timedelta(minutes=15)
"""Wrong codes an address may see in a window, over every browser and process (ASVS 6.3.1)."""


_LETTERS = {Flow.SIGN_IN: LetterKind.SIGN_IN_CODE, Flow.OTHER_ADDRESS: LetterKind.OTHER_ADDRESS_CODE}


class Door(StrEnum):
    """Whom a sign-in may open a session for: whoever the address belongs to, or the person even if also staff."""

    ANY = "any"
    PERSON = "person"


class WrongCode(Exception):
    """The digits are not those of the code, or it is dead: late, used, or tried too often."""

    def __init__(self, *, dead: bool) -> None:
        """Keep whether asking for a new code is the only way on."""
        super().__init__()
        self.dead = dead


class TooMany(Exception):
    """Too many tries; `seconds` until the next is allowed."""

    def __init__(self, seconds: int) -> None:
        """Keep how long to wait."""
        super().__init__()
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session just opened or renewed: the token goes to the browser and nowhere else."""

    token: str
    session: Session
    code: Code


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a page: a person or a member of staff, with their session."""

    session: Session
    person: Person | None = None
    member: StaffMember | None = None

    @property
    def kind(self) -> str:
        """`person` or `staff`."""
        return "person" if self.person else "staff"

    @property
    def address(self) -> str:
        """The address they signed in with."""
        return (self.person or self.member).address or ""  # type: ignore[union-attr]  # one of the two is always there

    @property
    def role(self) -> str | None:
        """The member's role; None for a person."""
        return self.member.role.value if self.member else None

    @property
    def language(self) -> Language:
        """The language letters to them are written in."""
        return (self.person or self.member).language  # type: ignore[union-attr]  # one of the two is always there


def codes_leave(portal: Installation) -> bool:
    """Whether a code can reach anybody in time: there is a mail server, and letters are not printed."""
    return portal.transport is not None and not (portal.settings.mail.url or "").startswith("print:")


def ask_code(
    portal: Installation, store: Store, *, flow: Flow, address: str, browser: str, language: Language, next_page: str
) -> None:
    """Send a code to a canonical address. The same happens whether or not the address is known (ASVS 6.3.8).

    Raises:
        TooMany: the address was sent enough codes for now.
    """
    now = portal.clock()
    asked = store.counts.add(_bucket(portal, "ask", address), ASKS_WINDOW, now)
    if asked > ASKS:
        raise TooMany(seconds_left(ASKS_WINDOW, now))
    code = Code(
        id=0,
        flow=flow,
        browser_hash=_browser_hash(portal, browser),
        address=address,
        language=language,
        nonce=secrets.token_hex(16),
        next=next_page,
        created_at=now,
        expires_at=now + CODE_LIFE,
        tries=0,
        used_at=None,
    )
    kind = _LETTERS.get(flow, LetterKind.CONFIRM_CODE)
    letter = unsent(kind, Audience.CODE, language=language, now=now, code_id=store.codes.add(code))
    promise_letters(store, [letter])


def asked_code(portal: Installation, store: Store, *, flow: Flow, browser: str) -> Code | None:
    """The code this browser last asked for in a flow, or None."""
    return store.codes.latest(flow, _browser_hash(portal, browser))


def sign_in(portal: Installation, store: Store, *, typed: str, browser: str, door: Door) -> SignedIn:
    """Open a session for whoever proved the address.

    Raises:
        WrongCode: the code is wrong or dead; the try is counted, so the transaction must be kept.
        TooMany: the address saw too many wrong codes.
    """
    now = portal.clock()
    code = prove(portal, store, flow=Flow.SIGN_IN, typed=typed, browser=browser)
    member = store.staff.by_address(code.address)
    if member and member.active and door is Door.ANY:
        return _open_for_staff(store, member, code, now)
    person = store.people.ensure(code.address, language=code.language, now=now)
    store.people.signed_in(person.id, now)
    token = secrets.token_urlsafe(32)
    level = level_of(portal, *addresses_of(portal, store, person))
    session = store.sessions.add(token_hash(token), person_id=person.id, staff_id=None, level=level, now=now)
    store.audit.record(AuditLine(now, AuditEvent.SIGNED_IN, Actor.PERSON, person.id, person_id=person.id))
    return SignedIn(token, session, code)


def confirm(portal: Installation, store: Store, *, viewer: Viewer, typed: str, browser: str) -> SignedIn:
    """Take a fresh proof for a session already open, and give it a new token.

    Raises:
        WrongCode: as for signing in; a code asked for another address counts as wrong.
        TooMany: as for signing in.
    """
    now = portal.clock()
    code = prove(portal, store, flow=Flow.CONFIRM, typed=typed, browser=browser, address=viewer.address)
    token = secrets.token_urlsafe(32)
    store.sessions.renew(viewer.session.id, token_hash(token), now)
    store.audit.record(_line(AuditEvent.CONFIRMED, viewer, now))
    return SignedIn(token, viewer.session, code)


def viewer_of(portal: Installation, store: Store, token: str) -> Viewer | None:
    """Who holds a session token, if it still opens anything; a disabled member is out at once (ASVS 7.4.2)."""
    session, holder = store.sessions.with_holder(token_hash(token)) or (None, None)
    if session is None or not session.alive(portal.clock()):
        return None
    if isinstance(holder, Person):
        return Viewer(session, person=holder)
    return Viewer(session, member=holder) if holder and holder.active else None


def owner_of_ended(portal: Installation, store: Store, token: str) -> str | None:
    """Whose session a dead token was, as the owner of what was typed in it; None for who is shut out, and unknown tokens."""
    _, holder = store.sessions.with_holder(token_hash(token)) or (None, None)
    if holder is None or not holder.address or (isinstance(holder, StaffMember) and not holder.active):
        return None
    return owner_of(portal, holder.address)


def sign_out(portal: Installation, store: Store, viewer: Viewer) -> None:
    """End the session on the server: a copied cookie is dead too (ASVS 7.4.1)."""
    now = portal.clock()
    store.sessions.end(viewer.session.id, now)
    store.audit.record(_line(AuditEvent.SIGNED_OUT, viewer, now))


def invited(portal: Installation, store: Store, token: str) -> bool:
    """Whether a one-time link would still work; looking uses nothing up."""
    return holder_of(portal, store, token) is not None


def accept_invitation(portal: Installation, store: Store, token: str) -> tuple[str, Session] | None:
    """Open a session by a one-time link, once: the token and its session, or None when it is used, late or unknown."""
    now = portal.clock()
    staff_id = use_link(portal, store, token)
    member = store.staff.by_id(staff_id) if staff_id is not None else None
    if member is None or not member.active:
        return None
    session_token = secrets.token_urlsafe(32)
    session = _staff_session(store, member, session_token, now)
    return session_token, session


def prove(
    portal: Installation, store: Store, *, flow: Flow, typed: str, browser: str, address: str | None = None
) -> Code:
    """The code that the digits open, used up now.

    Raises:
        WrongCode: the code is wrong or dead; the try is counted, so the transaction must be kept.
        TooMany: the address saw too many wrong codes.
    """
    now = portal.clock()
    code = asked_code(portal, store, flow=flow, browser=browser)
    if code is None or (address is not None and code.address != address):
        raise WrongCode(dead=True)
    bucket = _bucket(portal, "try", code.address)
    if store.counts.number(bucket, TRIES_WINDOW, now) >= WRONG_TRIES:
        raise TooMany(seconds_left(TRIES_WINDOW, now))
    digits = "".join(typed.split()).replace("-", "")
    if not code.alive(now):
        raise WrongCode(dead=True)
    if not _opens(portal, code, digits):
        store.codes.tried(code.id)
        store.counts.add(bucket, TRIES_WINDOW, now)
        store.audit.record(AuditLine(now, AuditEvent.SIGN_IN_FAILED, Actor.NOBODY))
        raise WrongCode(dead=not code.alive_after_one_more_try())
    if not store.codes.use(code.id, now):
        raise WrongCode(dead=True)
    return code


def _opens(portal: Installation, code: Code, digits: str) -> bool:
    if len(digits) != DIGITS or not digits.isascii():
        return False
    return any(same(digits_of(key, code.nonce), digits) for key in portal.keys.all_for("codes"))


def _open_for_staff(store: Store, member: StaffMember, code: Code, now: datetime) -> SignedIn:
    token = secrets.token_urlsafe(32)
    return SignedIn(token, _staff_session(store, member, token, now), code)


def _staff_session(store: Store, member: StaffMember, token: str, now: datetime) -> Session:
    session = store.sessions.add(token_hash(token), person_id=None, staff_id=member.id, level=Level.L2, now=now)
    store.staff.signed_in(member.id, now)
    store.audit.record(AuditLine(now, AuditEvent.SIGNED_IN, Actor.STAFF, member.id, staff_id=member.id))
    return session


def _line(event: AuditEvent, viewer: Viewer, now: datetime) -> AuditLine:
    """What someone did to their own session: a line about themselves."""
    if viewer.person:
        return AuditLine(now, event, Actor.PERSON, viewer.person.id, person_id=viewer.person.id)
    staff_id = viewer.session.staff_id
    return AuditLine(now, event, Actor.STAFF, staff_id, staff_id=staff_id)


def _bucket(portal: Installation, what: str, address: str) -> str:
    return f"{what}:{keyed_hash(portal.keys.for_('counts'), what, address)}"


def _browser_hash(portal: Installation, browser: str) -> str:
    return keyed_hash(portal.keys.for_("browsers"), "browser", browser)
