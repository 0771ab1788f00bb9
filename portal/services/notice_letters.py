"""What a notice says: its facts from the version it tells or from what the officer wrote, in its reader's language."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.codes import keyed_hash
from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.notices import Notice, NoticeKind, Recipient
from portal.mail.letters import Envelope, Letter, Letterhead, compose, letterhead_from, message_id_for
from portal.mail.moulds import Mould, Places, mould_of
from portal.services import policies, subscriptions
from portal.services.installation import Installation
from portal.services.letter_previews import Preview, preview
from portal.services.settings import in_effect
from portal.storage.store import Store

POLICY_PATHS: Mapping[Language, str] = {"en": "/en/policy/", "fr": "/fr/politique/"}
CHANGES_PATHS: Mapping[Language, str] = {"en": "/en/policy/changes", "fr": "/fr/politique/modifications"}
RIGHTS_PATHS: Mapping[Language, str] = {"en": "/en/your-rights", "fr": "/fr/vos-droits"}
CONTACT_PATHS: Mapping[Language, str] = {"en": "/en/contact", "fr": "/fr/nous-joindre"}
"""Where notices lead. The web's own table of addresses is checked against these by a test."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one notice, as it and the settings are now."""

    portal: Installation
    notice: Notice
    head: Letterhead
    own: Text | None
    facts: Mapping[Language, Mapping[str, object]]

    def letter(self, language: Language, *, to: str, message_id: str, token: str | None = None) -> Letter:
        """The letter to one reader; with a token, to one who may unsubscribe.

        Raises:
            LetterUnfit: something in it no letter may hold.
        """
        facts = dict(self.facts[language])
        headers: tuple[tuple[str, str], ...] = ()
        if token is not None:
            link = f"{self.head.site}{subscriptions.UNSUBSCRIBE_PATH}{token}"
            facts["unsubscribe"], headers = link, _one_click(link)
        envelope = Envelope(to, language, message_id)
        return compose(self.notice.kind.letter, facts, envelope, self.head, self.own, headers=headers)

    def proof(self, language: Language, to: str) -> Letter:
        """The letter to the officer who looks at it first, under the same name however often it is tried."""
        named = f"{self.notice.id}:{self.notice.version}:{language}"
        name = keyed_hash(self.portal.keys.for_("notices"), "proof", named)[:32]
        return self.letter(language, to=to, message_id=message_id_for(name, self.head.sender))

    def preview(self, language: Language) -> Preview:
        """The letter as its page shows it.

        Raises:
            LetterUnfit: something in it no letter may hold.
        """
        return preview(self.notice.kind.letter, self.facts[language], language, self.head, self.own)


MOULD_SERVES = timedelta(minutes=1)
"""How long a mould is used: its letters are dated when it was cast."""

MOST_MOULDS = 16
_moulds: dict[Hashable, tuple[datetime, Mould]] = {}
"""By what they were cast of; casting one takes as long as handing several letters over."""


def poured(writer: Writer, recipient: Recipient, token: str | None, now: datetime) -> Letter:
    """The letter of one recipient; with a token, of one who may unsubscribe.

    Raises:
        LetterUnfit: something in it no letter may hold.
    """
    message_id = message_id_for(recipient.message_id, writer.head.sender)
    return _mould(writer, recipient.language, token is not None, now).poured(recipient.address, message_id, token or "")


def _mould(writer: Writer, language: Language, may_unsubscribe: bool, now: datetime) -> Mould:
    notice = writer.notice
    said = (notice.kind, notice.version_id, tuple(sorted(notice.details.items(), key=lambda one: one[0])))
    key = (*said, writer.head, writer.own, language, may_unsubscribe)
    cast_at, mould = _moulds.get(key, (None, None))
    if mould is not None and cast_at is not None and cast_at <= now < cast_at + MOULD_SERVES:
        return mould

    def write(places: Places) -> Letter:
        token = places.token if may_unsubscribe else None
        return writer.letter(language, to=places.to, message_id=places.message_id, token=token)

    if len(_moulds) >= MOST_MOULDS:
        _moulds.clear()
    mould = mould_of(write, now=now)
    _moulds[key] = now, mould
    return mould


def writer_of(portal: Installation, store: Store, notice: Notice) -> Writer | None:
    """What writes a notice; None while something is missing in it, or when the version it tells is not there."""
    settings = in_effect(portal, store)
    head = letterhead_from(portal.settings, settings.organisation, settings.contact)
    facts = {language: _facts(portal, store, notice, language) for language in LANGUAGES}
    found = {language: said for language, said in facts.items() if said is not None}
    if notice.missing or len(found) < len(facts):
        return None
    own = notice.paragraph if notice.paragraph.fr else settings.letters.get(notice.kind.letter)
    return Writer(portal, notice, head, own, found)


def _facts(portal: Installation, store: Store, notice: Notice, language: Language) -> Mapping[str, object] | None:
    site = portal.settings.site.url
    if notice.kind is NoticeKind.POLICY_CHANGE:
        return _change(store, notice, language, site)
    paths = RIGHTS_PATHS if notice.kind is NoticeKind.BUSINESS_TRANSFER else CONTACT_PATHS
    return {**notice.details, "link": f"{site}{paths[language]}"}


def _change(store: Store, notice: Notice, language: Language, site: str) -> Mapping[str, object] | None:
    """What changes, from when, where it is read whole and where word by word."""
    among = policies.versions(store)
    places: Sequence[str] = [version.id for version in among]
    if notice.version_id not in places:
        return None
    place = places.index(notice.version_id)
    changes = f"{site}{CHANGES_PATHS[language]}"
    return {
        "effective": among[place].effective,
        "summary": among[place].summary,
        "link": f"{site}{POLICY_PATHS[language]}{among[place].id}",
        "changes_link": f"{changes}/{places[place + 1]}..{places[place]}" if place + 1 < len(places) else changes,
        "unsubscribe": None,
    }


def _one_click(link: str) -> tuple[tuple[str, str], ...]:
    """What lets a mail program unsubscribe its reader by itself (RFC 8058)."""
    return (("List-Unsubscribe", f"<{link}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
