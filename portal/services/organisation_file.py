"""The organization's file for its regulator: registers, policy versions, notices, settings, colleagues and delegations.

Long parts are read while the file is written, some rows at a time, each time in a short transaction of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.copies.archive import Entry
from portal.copies.dossiers import Dossier, DossierPart
from portal.copies.sheets import Heading, Line, Sheet, csv_of, json_of
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.languages import LANGUAGES, Language
from portal.domain.notices import Notice
from portal.domain.people import StaffMember
from portal.domain.policies import DOCUMENTS
from portal.domain.registers import Register
from portal.domain.settings import SettingKind, kind_of, setting_key
from portal.services import desk, registers
from portal.services.dossier_tables import cell, numbered, said, table
from portal.services.installation import Installation
from portal.services.settings import Effective, in_effect
from portal.storage.policies import PublishedVersion
from portal.storage.settings import Setting
from portal.storage.store import Store
from portal.wording.catalogue import N_, Catalogue, for_language
from portal.wording.labels import role_label
from portal.wording.notice_words import notice_label, notice_state_label
from portal.wording.register_words import both
from portal.wording.regulators import regulator_name
from portal.wording.setting_words import setting_parts

AT_ONCE = 200
MOST_NOTICES = 1_000


def take(portal: Installation, store: Store, member: StaffMember, language: Language, *, now: datetime) -> Dossier:
    """The whole file in the reader's language; that it was taken is written in the audit log."""
    store.audit.record(AuditLine(now, AuditEvent.ORGANISATION_FILE_TAKEN, Actor.STAFF, member.id, staff_id=member.id))
    return _Writing(portal, store, language, now).dossier()


class _Writing:
    """One file being put together: what is short is read now, what may be long while it is written."""

    def __init__(self, portal: Installation, store: Store, language: Language, now: datetime) -> None:
        self._portal, self._store, self._language, self._now = portal, store, language, now
        self._words: Catalogue = for_language(language)
        self._settings: Effective = in_effect(portal, store)
        self._members = desk.members_by_id(store)
        self._told = registers.telling(portal, store, language, now)
        self._purposes = {one.id: one.label.in_(language) for one in self._settings.data_map.purposes}

    def dossier(self) -> Dossier:
        organisation, body = self._settings.organisation.in_(self._language), self._portal.body
        return Dossier(
            name=f"organisation-{body.key.replace('_', '-')}",
            language=self._language,
            title=self._words.gettext(
                "File of the organization for %(regulator)s: %(organisation)s",
                regulator=regulator_name(body, self._language),
                organisation=organisation,
            ),
            lead=self._words.gettext(
                "Registers, policies in both languages, notices, settings and people, as they are kept."
            ),
            taken_at=self._now.replace(microsecond=0),
            zone=self._portal.settings.zone,
            parts=(self._in_charge(), self._policies(), self._notices(), self._colleagues(), self._registers()),
            files=self._files(),
        )

    def _in_charge(self) -> DossierPart:
        contact = self._settings.in_charge
        facts = [
            (self._words.gettext("Title"), contact.title.in_(self._language)),
            (self._words.gettext("Name"), contact.name),
            (self._words.gettext("E-mail"), contact.email),
            (self._words.gettext("Date of the written delegation"), contact.delegated_on),
            (self._words.gettext("Where the delegation is kept"), contact.delegation),
        ]
        rows = [self._delegation(row) for row in self._store.settings.history(_CONTACT, limit=AT_ONCE)]
        return DossierPart(
            self._words.gettext("Person in charge"),
            facts=said(facts, self._portal, self._language),
            sheet=table(
                "delegations", N_("Who was in charge, newest first"), _DELEGATIONS, rows, self._portal, self._language
            ),
        )

    def _delegation(self, row: Setting) -> Mapping[str, Any]:
        said_then = row.value
        return {
            "from": row.at,
            "title": said_then.get("title", {}).get(self._language),
            "name": said_then.get("name"),
            "delegated_on": said_then.get("delegated_on"),
            "delegation": said_then.get("delegation"),
        }

    def _policies(self) -> DossierPart:
        rows = [self._version(version) for document in DOCUMENTS for version in self._store.policies.all(document)]
        return DossierPart(
            self._words.gettext("Policies published"),
            note=self._words.gettext("The text of each version is in the folder policies, in both languages."),
            sheet=table("policies", N_("Versions published"), _VERSIONS, rows, self._portal, self._language),
        )

    def _version(self, version: PublishedVersion) -> Mapping[str, Any]:
        privacy = version.document == "privacy"
        return {
            "document": self._words.gettext("Privacy policy")
            if privacy
            else self._words.gettext("Governance practices"),
            "version": version.id,
            "effective": version.effective,
            "published_at": version.published_at,
            "kind": self._words.gettext("Substance") if version.kind == "material" else self._words.gettext("Wording"),
            "summary": version.summary.in_(self._language),
            "digest": version.digest,
        }

    def _notices(self) -> DossierPart:
        rows = [self._notice(notice) for notice in self._store.notices.newest(limit=MOST_NOTICES)]
        return DossierPart(
            self._words.gettext("Notices"),
            sheet=table("notices", N_("Notices, newest first"), _NOTICES, rows, self._portal, self._language),
        )

    def _notice(self, notice: Notice) -> Mapping[str, Any]:
        counters = notice.counters
        return {
            "kind": notice_label(notice.kind, self._language),
            "version": notice.version_id,
            "state": notice_state_label(notice.state, self._language),
            "created_at": notice.created_at,
            "begins_at": notice.begins_at,
            "done_at": notice.done_at,
            "to_tell": counters.all,
            "handed_over": counters.handed_over,
            "refused": counters.refused,
        }

    def _colleagues(self) -> DossierPart:
        rows = [
            {
                "number": member.id,
                "address": member.address,
                "role": role_label(member.role, self._language),
                "since": member.created_at,
                "until": member.disabled_at,
            }
            for member in self._members.values()
        ]
        return DossierPart(
            self._words.gettext("Colleagues"),
            sheet=table("colleagues", N_("Colleagues"), _COLLEAGUES, rows, self._portal, self._language),
        )

    def _registers(self) -> DossierPart:
        return DossierPart(
            self._words.gettext("Registers and settings"),
            note=self._words.gettext(
                "Each register is in the folder registers, as CSV and as JSON; every change of a setting is in settings.csv."
            ),
        )

    def _files(self) -> Iterator[Entry]:
        for register in Register:
            sheet = registers.sheet_of(self._portal, self._told, register, now=self._now)
            yield Entry(f"registers/{register.value}.csv", csv_of(sheet))
            yield Entry(f"registers/{register.value}.json", json_of(sheet))
        yield Entry("settings.csv", csv_of(self._settings_sheet()))
        yield from self._texts()

    def _texts(self) -> Iterator[Entry]:
        """Each published version, byte for byte, in both languages."""
        for document in DOCUMENTS:
            with self._portal.database.reading() as store:
                versions = store.policies.succession(document)
            for version in versions:
                with self._portal.database.reading() as store:
                    kept = store.policies.one(document, version.id)
                for language in LANGUAGES if kept else ():
                    name = f"policies/{document}/{version.id}/{language}.md"
                    yield Entry(name, [kept.sources.in_(language).encode()] if kept else [])

    def _settings_sheet(self) -> Sheet:
        return Sheet(
            "settings",
            both(N_("Every change of a setting, in order")),
            self._language,
            tuple(Heading(key, both(label)) for key, label in _SETTINGS.items()),
            self._setting_pages,
            {"language": self._language},
        )

    def _setting_pages(self) -> Iterator[Sequence[Line]]:
        last = 0
        while True:
            with self._portal.database.reading() as store:
                rows = store.settings.after(last, limit=AT_ONCE)
            if not rows:
                return
            yield [self._setting(row) for row in rows]
            last = rows[-1].id

    def _setting(self, row: Setting) -> Line:
        member, kind = self._members.get(row.staff_id or 0), kind_of(row.key)
        parts = setting_parts(kind, row.value, self._language, self._purposes) if kind else []
        record = {
            "at": row.at,
            "setting": row.key,
            "by": numbered(member.role, member.id, self._language) if member else "portal.toml",
            "says": "; ".join(f"{part.label} – {part.text}" for part in parts if part.text),
        }
        return Line(record, tuple(cell(record[key], self._portal, self._language) for key in _SETTINGS))


_CONTACT = setting_key(SettingKind.CONTACT)
_DELEGATIONS = {
    "from": N_("From"),
    "title": N_("Title"),
    "name": N_("Name"),
    "delegated_on": N_("Date of the written delegation"),
    "delegation": N_("Where the delegation is kept"),
}
_VERSIONS = {
    "document": N_("Document"),
    "version": N_("Version"),
    "effective": N_("In force from"),
    "published_at": N_("Published on"),
    "kind": N_("What changed"),
    "summary": N_("Summary"),
    "digest": N_("SHA-256"),
}
_NOTICES = {
    "kind": N_("Notice"),
    "version": N_("Version"),
    "state": N_("State"),
    "created_at": N_("Begun"),
    "begins_at": N_("First letter"),
    "done_at": N_("Over since"),
    "to_tell": N_("People to tell"),
    "handed_over": N_("Handed over"),
    "refused": N_("Refused by the mail server"),
}
_COLLEAGUES = {
    "number": N_("Number"),
    "address": N_("E-mail address"),
    "role": N_("Role"),
    "since": N_("Since"),
    "until": N_("Until"),
}
_SETTINGS = {"at": N_("When"), "setting": N_("Setting"), "by": N_("Who"), "says": N_("What it says")}
