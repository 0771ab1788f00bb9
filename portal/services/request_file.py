"""The file of one request for its regulator: all that was asked, sent, decided and looked up, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from portal.copies.archive import Entry
from portal.copies.dossiers import Dossier, DossierPart, Quote
from portal.domain.audit import Actor, AuditEvent, AuditLine, RecordedLine
from portal.domain.checklist import ChecklistLine
from portal.domain.languages import Language
from portal.domain.letters import LetterKind
from portal.domain.outbox import Audience, PromisedLetter
from portal.domain.people import Person, StaffMember
from portal.domain.rights import RequestEvent, RightsRequest, Role, Withheld
from portal.services import desk, rights
from portal.services.dossier_tables import numbered, said, table, who
from portal.services.identities import addresses_of
from portal.services.installation import Installation
from portal.services.regimes import laws_of, regulators_of
from portal.services.register_lines import request_record
from portal.services.request_file_letters import letters_as_sent
from portal.services.request_file_messages import files_part, message_entries, messages_part
from portal.services.rights import FollowedRequest
from portal.services.settings import in_effect
from portal.storage.store import Store
from portal.wording.answer_labels import outcome_label_of, part_heading
from portal.wording.catalogue import N_, Catalogue, for_language
from portal.wording.checklist_labels import answered_by_label, line_state_label
from portal.wording.happenings import audit_event_sentence, request_event_sentence
from portal.wording.labels import decision_label, kind_label_for_staff, state_label
from portal.wording.left_out import part_label
from portal.wording.letter_labels import audience_label, letter_label, outcome_label
from portal.wording.regulators import regulator_name

LINES_SHOWN = 1_000
"""Lines of the audit log that one file holds; a request has some dozens."""

LOOKS = frozenset({AuditEvent.STAFF_VIEWED_PERSON, AuditEvent.KEEPER_VIEWED_PERSON, AuditEvent.REQUEST_FILE_TAKEN})


def take(
    portal: Installation,
    store: Store,
    member: StaffMember,
    request: RightsRequest,
    language: Language,
    *,
    now: datetime,
) -> Dossier:
    """The whole file in the reader's language; that it was taken is written, where the person reads it too."""
    store.audit.record(desk.look_line(member, request, now=now))
    taken = AuditLine(
        now, AuditEvent.REQUEST_FILE_TAKEN, Actor.STAFF, member.id, person_id=request.person_id, request_id=request.id
    )
    store.audit.record(taken)
    return _Writing(portal, store, request, language, now).dossier()


class _Writing:
    """One file being put together."""

    def __init__(
        self, portal: Installation, store: Store, request: RightsRequest, language: Language, now: datetime
    ) -> None:
        self._portal, self._store, self._request = portal, store, request
        self._language, self._now = language, now
        self._words: Catalogue = for_language(language)
        self._followed: FollowedRequest = rights.follow(portal, store, request, now=now)
        self._members = desk.members_by_id(store)
        self._person: Person | None = store.people.by_id(request.person_id)
        self._regulators = regulators_of(portal, store, request)
        self._messages = store.messages.of_request(request.id, notes=True)
        self._kept = store.attachments.of_request(request.id)
        self._letters = list(letters_as_sent(portal, store, request, self._followed.letters))
        self._lines = store.checklist.of_request(request.id)

    def dossier(self) -> Dossier:
        reference = self._request.reference
        organisation = in_effect(self._portal, self._store).organisation.in_(self._language)
        body = self._regulators[0]
        return Dossier(
            name=f"{reference}-{body.key.replace('_', '-')}",
            language=self._language,
            title=self._words.gettext(
                "File of request %(reference)s for %(regulator)s",
                reference=reference,
                regulator=regulator_name(body, self._language),
            ),
            lead=self._words.gettext("Kept by %(organisation)s.", organisation=organisation),
            taken_at=self._now.replace(microsecond=0),
            zone=self._portal.settings.zone,
            parts=(
                self._demand(),
                self._receipt(),
                self._clock(),
                self._letters_part(),
                messages_part(self._portal, self._messages, self._actor, self._language),
                files_part(self._portal, self._kept, self._messages, self._language),
                self._decision(),
                self._searches(),
                self._looks(),
            ),
            files=list(self._files()),
        )

    def _demand(self) -> DossierPart:
        request, asked = self._request, self._request.correction
        facts = [
            (self._words.gettext("Reference"), request.reference),
            (self._words.gettext("Request"), kind_label_for_staff(request.kind, self._language)),
            (self._words.gettext("Person"), self._who_asked()),
            (self._words.gettext("State"), state_label(request.state, self._language)),
            (self._words.gettext("Law applied"), self._laws()),
            (self._words.gettext("How identity was checked"), request.identity_check),
            (self._words.gettext("Consent withdrawn for"), request.purpose),
            (self._words.gettext("Field to correct"), f"{asked.table}.{asked.field}" if asked else None),
            (self._words.gettext("Value before"), asked.before if asked else None),
            (self._words.gettext("Value asked for"), asked.value if asked else None),
        ]
        quotes = [Quote(self._words.gettext("What the person wrote"), request.language, request.message)]
        return DossierPart(
            self._words.gettext("What was asked"),
            facts=said(facts, self._portal, self._language),
            quotes=quotes if request.message else (),
        )

    def _laws(self) -> str:
        """Each law the request was opened under, as it stood that day."""
        return "; ".join(law.regime.label.in_(self._language) for law in laws_of(self._store, self._request))

    def _receipt(self) -> DossierPart:
        """Proof of receipt: when it came, and the acknowledgement that left."""
        facts: list[tuple[str, object]] = [(self._words.gettext("Received on"), self._request.received_at)]
        for one in self._letters:
            if one.promised.kind is LetterKind.ACKNOWLEDGEMENT and one.promised.audience is Audience.PERSON:
                facts += [
                    (self._words.gettext("Acknowledgement promised"), one.promised.created_at),
                    (self._words.gettext("Acknowledgement sent"), one.posted_on or one.promised.sent_at),
                    (self._words.gettext("What became of it"), self._outcome(one.promised)),
                ]
        return DossierPart(self._words.gettext("Proof of receipt"), facts=said(facts, self._portal, self._language))

    def _clock(self) -> DossierPart:
        request = self._request
        facts = [
            (self._words.gettext("Received on"), request.received_on),
            (self._words.gettext("Last day to answer"), request.due),
            (self._words.gettext("Deemed refused on"), request.deemed_refused_on),
            (self._words.gettext("Information kept until"), request.hold_until),
            (self._words.gettext("Last day for the recourse"), request.recourse_until),
            (self._words.gettext("Closed on"), request.closed_at),
            (self._words.gettext("More time asked of the regulator on"), request.applied_on),
            (self._words.gettext("Last day once extended"), request.extended_to),
            (self._words.gettext("Before the regulator since"), request.contested_on),
            (self._words.gettext("File number of the regulator"), request.contested_file),
            (self._words.gettext("Final answer of the regulator on"), request.settled_on),
        ]
        rows = [
            {
                "at": event.at,
                "event": request_event_sentence(event.event, self._language),
                "who": self._actor(event.actor, event.actor_id),
                "detail": event.reason or self._detail(event.event, event.detail),
                "due_before": event.due_before,
                "due_after": event.due_after,
            }
            for event in self._followed.history
        ]
        return DossierPart(
            self._words.gettext("The clock and what happened"),
            facts=said(facts, self._portal, self._language),
            sheet=table("events", N_("What happened"), _EVENTS, rows, self._portal, self._language),
        )

    def _letters_part(self) -> DossierPart:
        rows = [
            {
                "number": number,
                "kind": letter_label(one.promised.kind, self._language),
                "audience": audience_label(one.promised.audience, self._language),
                "language": self._words.gettext("French")
                if one.promised.language == "fr"
                else self._words.gettext("English"),
                "promised_at": one.promised.created_at,
                "sent_at": one.promised.sent_at,
                "posted_on": one.posted_on,
                "attempts": one.promised.attempts,
                "outcome": self._outcome(one.promised),
                "message_id": one.promised.message_id,
                "template": one.kept.template if one.kept else None,
                "sha256": one.kept.digest if one.kept else None,
            }
            for number, one in enumerate(self._letters, start=1)
        ]
        quotes = [
            Quote(f"{number}. {one.subject}", one.promised.language, one.text)
            for number, one in enumerate(self._letters, start=1)
            if one.text
        ]
        return DossierPart(
            self._words.gettext("Letters"),
            note=self._words.gettext(
                "The words of a letter are written again from what is kept of the request, in the language it was sent in. "
                "Letters to the keepers of systems are named without their words. The follow code is left out: it opens the "
                "request. The SHA-256 is that of the words as they left, with the code."
            ),
            sheet=table("letters", N_("Letters"), _LETTERS, rows, self._portal, self._language),
            quotes=quotes,
        )

    def _decision(self) -> DossierPart:
        request = self._request
        if request.decision is None:
            nothing = self._words.gettext("Nothing is decided yet.")
            title, earlier = self._words.gettext("The decision"), list(self._earlier_answers())
            return DossierPart(title, note=nothing, quotes=[*self._comments(), *earlier])
        facts = [
            (self._words.gettext("Decision"), outcome_label_of(request.kind, request.decision, self._language)),
            (self._words.gettext("Decided on"), request.decided_at),
            (self._words.gettext("Legal provision"), request.provision),
            (self._words.gettext("Last day for the recourse"), request.recourse_until),
        ]
        facts += [(self._words.gettext("Left out"), self._left_out(one)) for one in request.withheld]
        quotes = [Quote(self._words.gettext("Reasons"), request.language, request.reason)] if request.reason else []
        said_of = [(part_heading(one.part, self._language), one.text) for one in request.parts]
        quotes += [Quote(heading, request.language, text) for heading, text in said_of] + self._comments()
        return DossierPart(
            self._words.gettext("The decision"),
            facts=said(facts, self._portal, self._language),
            quotes=[*quotes, *self._earlier_answers()],
        )

    def _comments(self) -> list[Quote]:
        """What the person had kept beside the value that was not corrected (CCQ, art. 40)."""
        kept = self._store.statements.of_request(self._request.id)
        title = self._words.gettext("The person’s comments, kept in their file")
        return [Quote(title, kept.language, kept.text)] if kept else []

    def _left_out(self, one: Withheld) -> str:
        label = part_label(in_effect(self._portal, self._store).data_map, one, self._language)
        return f"{label} – {one.provision}"

    def _earlier_answers(self) -> Iterator[Quote]:
        """What was answered before the request was opened again."""
        taken = self._store.requests.decisions(self._request.id)
        for one in taken if self._request.decision is None else taken[:-1]:
            said_then = self._words.gettext(
                "Earlier answer: %(decision)s", decision=decision_label(one.decision, self._language)
            )
            yield Quote(said_then, self._request.language, one.reason or one.provision or "–")

    def _searches(self) -> DossierPart:
        sources = [people.table.source for people in self._portal.data_map.people]
        facts = [(self._words.gettext("Databases the portal reads"), ", ".join(sources))]
        rows = [self._line(line) for line in self._lines]
        return DossierPart(
            self._words.gettext("Where we looked"),
            facts=said(facts, self._portal, self._language),
            sheet=table("searches", N_("Looked up by hand"), _SEARCHES, rows, self._portal, self._language),
        )

    def _line(self, line: ChecklistLine) -> Mapping[str, Any]:
        return {
            "number": line.position,
            "information": line.label.in_(self._language),
            "system": line.system.in_(self._language),
            "state": line_state_label(line.state, self._language),
            "answered_by": answered_by_label(line.answered_by, self._language) if line.answered_by else None,
            "answered_at": line.answered_at,
            "note": line.note,
        }

    def _looks(self) -> DossierPart:
        lines = self._store.audit.about_request(self._request.id, limit=LINES_SHOWN)
        rows = [
            {"at": line.at, "who": self._looked(line), "what": audit_event_sentence(line.event, self._language)}
            for line in reversed(lines)
            if line.event in LOOKS
        ]
        return DossierPart(
            self._words.gettext("Who looked"),
            sheet=table("looks", N_("Who looked"), _LOOKS, rows, self._portal, self._language),
        )

    def _files(self) -> Iterator[Entry]:
        """The same parts as files of their own: words as text, in their own language, and the request as data."""
        if self._request.message:
            yield _text("request.txt", self._request.message)
        if self._request.reason:
            yield _text("decision.txt", self._request.reason)
        for comments in self._comments():
            yield _text("comments.txt", comments.text)
        for number, one in enumerate(self._letters, start=1):
            if one.text:
                name = f"letters/{number:02d}-{one.promised.kind.value}-{one.promised.language}.txt"
                yield _text(name, f"{one.subject}\n\n{one.text}")
        yield from message_entries(self._messages)
        record = request_record(self._portal, self._request) | {"taken_at": self._now.replace(microsecond=0)}
        yield Entry("request.json", [orjson.dumps(record, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2)])

    def _who_asked(self) -> str:
        if self._person is None:
            return ""
        by_post = self._person.by_post.on_envelope if self._person.by_post else ()
        return ", ".join(addresses_of(self._portal, self._store, self._person) or by_post)

    def _outcome(self, promised: PromisedLetter) -> str:
        return outcome_label(promised.outcome, self._language) if promised.outcome else ""

    def _actor(self, actor: Actor, actor_id: int | None) -> str:
        return who(actor, actor_id, self._members, self._language)

    def _looked(self, line: RecordedLine) -> str:
        if line.role and line.actor_id:
            return numbered(Role(line.role), line.actor_id, self._language)
        return self._actor(line.actor, line.actor_id)

    def _detail(self, event: RequestEvent, detail: str | None) -> str:
        if event in {RequestEvent.POSTED, RequestEvent.POSTING_CORRECTED} and detail:
            return letter_label(LetterKind(detail), self._language)
        return ""


_EVENTS = {
    "at": N_("When"),
    "event": N_("What"),
    "who": N_("Who"),
    "detail": N_("Why, or which letter"),
    "due_before": N_("Last day before"),
    "due_after": N_("Last day after"),
}
_LETTERS = {
    "number": N_("Number"),
    "kind": N_("Letter"),
    "audience": N_("To"),
    "language": N_("Language"),
    "promised_at": N_("Promised"),
    "sent_at": N_("Sent"),
    "posted_on": N_("Posted on"),
    "attempts": N_("Tries"),
    "outcome": N_("Last try"),
    "message_id": N_("Message-ID"),
    "template": N_("Version of its template"),
    "sha256": N_("SHA-256 of its words as they left"),
}
"""What is kept of a letter, column by column; the rows are made in `_letters_part`."""
_SEARCHES = {
    "number": N_("Number"),
    "information": N_("Information"),
    "system": N_("Where it is"),
    "state": N_("State"),
    "answered_by": N_("Who answered"),
    "answered_at": N_("Answered on"),
    "note": N_("Note"),
}
_LOOKS = {"at": N_("When"), "who": N_("Who"), "what": N_("What")}


def _text(name: str, words: str) -> Entry:
    return Entry(name, [words.encode("utf-8", "replace") + b"\n"])
