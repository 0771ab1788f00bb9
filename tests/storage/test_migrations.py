"""Revisions: head equals the tables, up and down leave nothing behind, and each is met by rows."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import exc, inspect, text

from portal.domain.asking import Capacity, Channel, Form, ForWhom, OnBehalf, Proof, Shown, WantedForm
from portal.domain.attachments import FileKind
from portal.domain.messages import Author, Message, MessageKind
from portal.domain.policy_drafts import Stage
from portal.domain.posting import PostalAddress
from portal.domain.queues import Selection
from portal.domain.rights import Kind, Role
from portal.storage import jobs, schema
from portal.storage.database import Database
from portal.storage.rights import KeptLaws
from portal.storage.tables import metadata
from tests.installation import NOON

ROOT = Path(__file__).resolve().parents[2]


def test_head_equals_the_tables(database: Database) -> None:
    schema.upgrade(database.engine)
    assert jobs.jobs.metadata is metadata
    with database.reading() as store:
        context = MigrationContext.configure(store.connection, opts={"include_object": _described_here})
        assert compare_metadata(context, metadata) == []


def _described_here(_object: object, name: str, kind: str, *_more: object) -> bool:
    """Not the tables of the queue's library, nor the index of words that each database describes in its own way."""
    if kind == "index":
        return name != "ix_rights_requests_words"
    return kind != "table" or not name.startswith(("procrastinate_", "request_words"))


def test_an_upgrade_again_changes_nothing(database: Database) -> None:
    schema.upgrade(database.engine)
    schema.upgrade(database.engine)
    with database.reading() as store:
        assert schema.is_head(store.connection)
        assert not schema.is_newer(store.connection)


def test_a_filled_database_keeps_every_row_and_reference_when_addresses_become_optional(database: Database) -> None:
    _filled_and_upgraded(database, since="0003")
    with database.writing() as store:
        person = store.people.by_address("camille@example.org")
        assert person
        assert (person.id, person.by_post) == (7, None)
        assert [request.person_id for request in store.requests.of_person(7)] == [7]
        assert store.letters.by_id(3)
        by_post = store.people.add_by_post(
            PostalAddress("Jo Exemple", ("12, rue de l’Érable", "Québec (Québec)  G1R 1A1")), language="fr", now=NOON
        )
        assert store.people.by_id(by_post.id) == by_post
        assert store.people.is_by_post(by_post.id)
        assert not store.people.is_by_post(7)
    with database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        with pytest.raises(exc.IntegrityError):
            connection.execute(text("DELETE FROM people WHERE id = 7"))


def test_a_draft_and_versions_of_before_are_kept_and_nobody_is_asked_to_approve(database: Database) -> None:
    _upgrade_to(database, "0009")
    with database.engine.begin() as connection:
        for statement in WRITTEN:
            connection.execute(text(statement))
    schema.upgrade(database.engine)
    with database.reading() as store:
        draft, version = store.policy_drafts.one("privacy"), store.policies.one("privacy", "2026-06-15")
    assert draft
    assert (draft.stage, draft.publish_at, draft.changed_by) == (Stage.DRAFT, None, 4)
    assert (draft.writers, draft.approved_by, draft.called_back) == ((4,), None, None)
    assert [(one.key, one.edits, one.look, one.lagging) for one in draft.sections] == [("uses", {}, None, None)]
    assert version
    assert (version.settings_text, version.revised, version.sources.fr) == (None, None, "## Bonjour {#a}")


def test_a_filled_database_takes_notices_and_subscriptions_and_gives_them_back(database: Database) -> None:
    _filled_and_upgraded(database, since="0003")
    row = {"address_hash": "h", "language": "fr", "message_id": "m", "state": "counted", "attempts": 0}
    with database.writing() as store:
        member = store.staff.add("officer@example.org", Role.OFFICER, language="fr", now=NOON)
        told = [store.notices.add_of_version("privacy", "2026-12-23", now=NOON, staff_id=member.id) for _ in range(2)]
        assert told == [True, False]
        notice = store.notices.of_version("privacy", "2026-12-23")
        assert notice
        assert store.recipients.add([row | {"notice_id": notice.id, "next_try_at": NOON} for _ in range(2)]) == 1
        store.subscribers.confirm("a@example.net", language="en", nonce="n", token_hash="t", now=NOON)
    configuration = schema._configuration()
    with database.engine.connect() as connection:
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, "0009")
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM people")).scalar() == 1
        assert not {"notices", "notice_recipients", "subscribers"} & set(inspect(connection).get_table_names())


def test_files_of_before_stay_with_their_line_and_those_of_messages_go_with_them(database: Database) -> None:
    _upgrade_to(database, "0014")
    with database.engine.begin() as connection:
        for statement in (*FILLED, *ATTACHED):
            connection.execute(text(statement))
    schema.upgrade(database.engine)
    with database.writing() as store:
        [file] = store.attachments.of_request(5)
        assert (file.id, file.line_id, file.message_id) == (2, 9, None)
        draft = Message(0, 5, MessageKind.MESSAGE, Author.PERSON, None, "fr", "Bonjour", NOON, files=1, letter_id=3)
        message = store.messages.add(draft)
        assert store.messages.of_request(5, notes=True) == [message]
        store.attachments.add(
            5,
            line_id=None,
            message_id=message.id,
            name="b.pdf",
            kind=FileKind.PDF,
            size=1,
            sha256="s",
            sealed=b"y",
            now=NOON,
        )
    with database.engine.connect() as connection, pytest.raises(exc.IntegrityError):
        connection.execute(text("DELETE FROM messages"))
    configuration = schema._configuration()
    with database.engine.connect() as connection:
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, "0014")
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM attachments")).scalars().all() == ["a.pdf"]
        assert "messages" not in inspect(connection).get_table_names()


def test_requests_of_before_are_for_whoever_asked_and_may_be_marked_as_the_same(database: Database) -> None:
    _filled_and_upgraded(database, since="0003")
    with database.writing() as store:
        request = store.requests.by_id(5)
        assert request
        assert (request.behalf, request.wanted_form, request.channel) == (None, None, None)
        member = store.staff.add("officer@example.org", Role.OFFICER, language="fr", now=NOON)
        child = OnBehalf(ForWhom.CHILD, Capacity.PARENT, "Léo", Shown(Proof.CHECKED, "Rappel", NOON.date(), member.id))
        changed = replace(request, behalf=child, wanted_form=WantedForm(Form.PHONE, "x"), channel=Channel.PHONE)
        saved = store.requests.save(changed, seen_version=request.version)
        assert store.requests.by_id(5) == saved
        assert (saved.behalf, saved.was_spoken) == (child, True)
        again = replace(request, id=0, reference="R-2345-6789-ABCE")
        second = store.requests.add(again, KeptLaws({}, None, None))
        assert [one.request.id for one in store.same_requests.beside(saved)] == [second.id]
        told = [store.same_requests.mark(second.id, 5, staff_id=member.id, now=NOON) for _ in range(2)]
        assert told == [True, False]
        beside = [store.same_requests.beside(one) for one in (saved, second)]
        assert [[(one.request.id, one.marked_at, one.here) for one in found] for found in beside] == [
            [(second.id, NOON, False)],
            [(5, NOON, True)],
        ]
    configuration = schema._configuration()
    with database.engine.connect() as connection:
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, "0014")
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM rights_requests")).scalar() == 2
        assert "same_requests" not in inspect(connection).get_table_names()


def test_requests_of_before_are_counted_found_by_their_words_and_changed_when_something_happened(
    database: Database,
) -> None:
    _upgrade_to(database, "0015")
    with database.engine.begin() as connection:
        for statement in (*FILLED, HAPPENED):
            connection.execute(text(statement))
    schema.upgrade(database.engine)
    with database.writing() as store:
        member = store.staff.add("officer@example.org", Role.OFFICER, language="fr", now=NOON)
        numbers = store.queues.numbers(Selection(), member.id)
        assert (numbers.open, numbers.nobodys, numbers.mine) == (1, 1, 0)
        [(request, changed)] = store.queues.page(Selection(kind=Kind.ACCESS), today=NOON.date(), after=None, limit=5)
        assert (request.id, changed) == (5, NOON + timedelta(hours=1))
        assert store.request_words.holding(("bonjour",), limit=5) == [5]
        store.requests.save(replace(request, assignee_id=member.id), seen_version=1)
        assert store.queues.numbers(Selection(), member.id).mine == 1


HAPPENED = (
    "INSERT INTO request_events (id, request_id, at, event, actor)"
    " VALUES (1, 5, '2026-11-23 18:00:00.000000', 'identity_checked', 'staff')"
)


def test_requests_of_before_take_comments_and_are_still_found_by_their_words(database: Database) -> None:
    _filled_and_upgraded(database, since="0022")
    with database.writing() as store:
        request = store.requests.by_id(5)
        assert request
        assert request.message == "Bonjour"
        assert store.statements.of_request(5) is None
        assert store.statements.put(5, "Pas d’accord", "fr", NOON)
        assert not store.statements.put(5, "Toujours pas", "fr", NOON)
        again = replace(request, id=0, reference="R-2345-6789-ABCE", message="Rebonjour")
        second = store.requests.add(again, KeptLaws({}, None, None))
        found = [store.request_words.holding((word,), limit=5) for word in ("bonjour", "rebonjour")]
        assert found == [[5], [second.id]]
    with database.reading() as store:
        [kept] = store.statements.of_person(7)
        assert (kept.reference, kept.text, kept.about) == ("R-2345-6789-ABCD", "Toujours pas", None)


def test_a_filled_database_takes_other_addresses_and_gives_them_back(database: Database) -> None:
    _upgrade_to(database, "0025")
    with database.engine.begin() as connection:
        for statement in FILLED[:1]:
            connection.execute(text(statement))
    schema.upgrade(database.engine)
    with database.writing() as store:
        assert store.other_addresses.of_person(7, proved_after=NOON) == []
        assert store.other_addresses.prove(7, "autre@example.net", NOON) is None
        person = store.people.ensure("jo@example.net", language="en", now=NOON)
        assert store.other_addresses.prove(person.id, "autre@example.net", NOON + timedelta(days=1)) == 7
    with database.engine.connect() as connection:
        configuration = schema._configuration()
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, "0025")
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM people")).scalar() == 2
        assert "other_addresses" not in inspect(connection).get_table_names()


def _filled_and_upgraded(database: Database, *, since: str) -> None:
    """A database as a revision left it, with rows in it, brought to the newest."""
    _upgrade_to(database, since)
    with database.engine.begin() as connection:
        for statement in FILLED:
            connection.execute(text(statement))
    schema.upgrade(database.engine)


def _upgrade_to(database: Database, revision: str) -> None:
    configuration = schema._configuration()
    with database.engine.connect() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, revision)


_NOON = "'2026-11-23 17:00:00'"
FILLED = (
    f"INSERT INTO people (id, address, language, created_at) VALUES (7, 'camille@example.org', 'fr', {_NOON})",
    "INSERT INTO rights_requests (id, reference, person_id, kind, state, is_open, language, message, level, regime,"
    " regime_frozen, received_at, received_on, due, version) VALUES (5, 'R-2345-6789-ABCD', 7, 'access', 'received',"
    f" true, 'fr', 'Bonjour', 'L2', 'qc_p391', '{{}}', {_NOON}, '2026-11-23', '2026-12-23', 1)",
    "INSERT INTO letters (id, kind, audience, language, person_id, request_id, message_id, state, attempts, created_at,"
    f" next_try_at) VALUES (3, 'acknowledgement', 'person', 'fr', 7, 5, 'x', 'sent', 1, {_NOON}, {_NOON})",
)
ATTACHED = (
    "INSERT INTO checklist_lines (id, request_id, position, category, label, system, token_hash, nonce, state, version,"
    " hint, note) VALUES (9, 5, 1, 'paper', '{}', '{}', 'h', 'n', 'found', 2, '', '')",
    "INSERT INTO attachments (id, request_id, line_id, number, name, kind, size, sha256, added_at, sealed)"
    f" VALUES (2, 5, 9, 1, 'a.pdf', 'pdf', 1, 's', {_NOON}, 'x')",
)
WRITTEN = (
    "INSERT INTO staff (id, address, role, language, created_at)"
    f" VALUES (4, 'officer@example.org', 'officer', 'fr', {_NOON})",
    "INSERT INTO policy_drafts (document, origin, sections, pasted, kind, summary_fr, summary_en, version, started_at,"
    f" started_by, changed_at, changed_by) VALUES ('privacy', 'starter', "
    '\'[{"key"\\: "uses", "title"\\: {"fr"\\: "a", "en"\\: "b"}, "body"\\: {"fr"\\: "c", "en"\\: "d"}, "covers"\\: []}]\','
    f" '{{}}', 'material', '', '', 3, {_NOON}, 4, {_NOON}, 4)",
    "INSERT INTO policy_versions (document, id, effective, kind, imported, summary_fr, summary_en, text_fr, text_en,"
    " digest, published_at) VALUES ('privacy', '2026-06-15', '2026-06-15', 'material', false, 'a', 'b',"
    f" '## Bonjour {{#a}}', '## Hello {{#a}}', 'x', {_NOON})",
)


def test_a_person_of_before_may_open_and_acknowledge_a_version_of_before(database: Database) -> None:
    _upgrade_to(database, "0009")
    with database.engine.begin() as connection:
        for statement in (FILLED[0], A_VERSION):
            connection.execute(text(statement))
    schema.upgrade(database.engine)
    with database.writing() as store:
        assert [(one.id, one.says_something) for one in store.policy_readings.of_person(7, "privacy")] == [
            ("2026-06-15", False)
        ]
        store.policy_readings.acknowledged(7, "privacy", "2026-06-15", NOON)
        store.policy_readings.opened(7, "privacy", "2026-06-15", NOON)
        [one] = store.policy_readings.of_person(7, "privacy")
        assert (one.opened_at, one.acknowledged_at) == (NOON, NOON)
        assert store.feed_names.of("privacy") is None
        store.feed_names.keep("privacy", "vieprivee.example.org", NOON.date())
        store.feed_names.keep("privacy", "elsewhere.example.org", NOON.date())
        kept = store.feed_names.of("privacy")
    assert kept
    assert (
        kept.of_version("privacy", "2026-06-15", "fr") == "tag:vieprivee.example.org,2026-11-23:privacy:2026-06-15:fr"
    )


A_VERSION = (
    "INSERT INTO policy_versions (document, id, effective, kind, imported, summary_fr, summary_en, text_fr, text_en,"
    f" digest, published_at) VALUES ('privacy', '2026-06-15', '2026-06-15', 'material', false, '', '', '', '', 'd', {_NOON})"
)


def test_down_to_nothing_leaves_nothing(database: Database) -> None:
    schema.upgrade(database.engine)
    configuration = schema._configuration()
    with database.engine.connect() as connection:
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, "base")
    with database.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    schema.upgrade(database.engine)
    with database.reading() as store:
        assert schema.is_head(store.connection)


def test_a_newer_database_is_seen_as_such(database: Database) -> None:
    schema.upgrade(database.engine)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with database.reading() as store:
        assert schema.is_newer(store.connection)
        assert not schema.is_head(store.connection)


def test_an_upgrade_killed_half_way_runs_again_cleanly(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    program = (
        "from portal.storage import schema\n"
        "from portal.storage.database import Database\n"
        f"schema.upgrade(Database({url!r}).engine)\n"
    )
    for wait in (0.25, 0.35, 0.45, 0.55):
        child = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.wait()
    database = Database(url)
    schema.upgrade(database.engine)
    with database.reading() as store:
        assert schema.is_head(store.connection)
        assert store.connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
