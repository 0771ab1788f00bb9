"""The portal's own tables. Nothing here copies what a source holds (design §2.5)."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from portal.storage.columns import Id, identity, reference
from portal.storage.instants import Instant as Instant  # noqa: PLC0414  # a type of these tables

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

people = Table(
    "people",
    metadata,
    identity(),
    Column("address", String(320), unique=True),
    Column("language", String(2), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_sign_in_at", Instant),
    Column("name", String(120)),
    Column("postal", Text),
)

other_addresses = Table(
    "other_addresses",
    metadata,
    identity(),
    reference("person_id", "people.id", nullable=False, index=True),
    Column("address", String(320), nullable=False, unique=True),
    Column("added_at", Instant, nullable=False),
    Column("proved_at", Instant, nullable=False, index=True),
)
"""An address is one person's at a time: that of whoever proved it last."""

staff = Table(
    "staff",
    metadata,
    identity(),
    Column("address", String(320), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("language", String(2), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    Column("last_sign_in_at", Instant),
    Column("wants_summary", Boolean, nullable=False, default=True, server_default=true()),
    Column("calendar_hash", String(64), index=True, unique=True),
    Column("summary_on", Date),
)

tokens = Table(
    "tokens",
    metadata,
    identity(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("purpose", String(24), nullable=False),
    reference("staff_id", "staff.id"),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

sessions = Table(
    "sessions",
    metadata,
    identity(),
    Column("token_hash", String(64), nullable=False, unique=True),
    reference("person_id", "people.id", index=True),
    reference("staff_id", "staff.id", index=True),
    Column("level", String(2), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("ended_at", Instant),
)

codes = Table(
    "codes",
    metadata,
    identity(),
    Column("flow", String(16), nullable=False),
    Column("browser_hash", String(64), nullable=False, index=True),
    Column("address", String(320), nullable=False),
    Column("language", String(2), nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("next", String(2000), nullable=False, default=""),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("tries", Integer, nullable=False, default=0),
    Column("used_at", Instant),
)

counts = Table(
    "counts",
    metadata,
    Column("bucket", String(80), primary_key=True),
    Column("window_start", Instant, primary_key=True),
    Column("number", Integer, nullable=False),
)

kept_texts = Table(
    "kept_texts",
    metadata,
    Column("handle_hash", String(64), primary_key=True),
    Column("owner_hash", String(64), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

forms_taken = Table(
    "forms_taken",
    metadata,
    Column("owner", String(40), primary_key=True),
    Column("form_id", String(64), primary_key=True),
    Column("result", String(200)),
    Column("at", Instant, nullable=False, index=True),
)

checklist_lines = Table(
    "checklist_lines",
    metadata,
    identity(),
    reference("request_id", "rights_requests.id", nullable=False),
    Column("position", Integer, nullable=False),
    Column("category", String(64), nullable=False),
    Column("label", JSON, nullable=False),
    Column("system", JSON, nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("nonce", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("hint", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("answered_by", String(8)),
    reference("staff_id", "staff.id"),
    Column("answered_at", Instant),
    Column("looked_at", Instant),
    UniqueConstraint("request_id", "position"),
)

attachments = Table(
    "attachments",
    metadata,
    identity(),
    reference("request_id", "rights_requests.id", nullable=False),
    reference("line_id", "checklist_lines.id", index=True),
    reference("message_id", "messages.id", index=True),
    Column("number", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("formulas", Boolean),
    UniqueConstraint("request_id", "number"),
)

letters = Table(
    "letters",
    metadata,
    identity(),
    Column("kind", String(32), nullable=False),
    Column("audience", String(8), nullable=False),
    Column("language", String(2), nullable=False),
    reference("person_id", "people.id", index=True),
    reference("staff_id", "staff.id"),
    reference("code_id", "codes.id", index=True),
    reference("request_id", "rights_requests.id", index=True),
    reference("line_id", "checklist_lines.id", index=True),
    Column("message_id", String(120), nullable=False, unique=True),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("outcome", String(32)),
    Column("created_at", Instant, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("template", String(64)),
    Column("text_hash", String(64)),
    Column("sealed", LargeBinary),
    Index("ix_letters_waiting", "state", "next_try_at", "id"),
    Index("ix_letters_newest", "state", "id"),
)

postings = Table(
    "postings",
    metadata,
    Column("letter_id", Id, ForeignKey("letters.id"), primary_key=True, autoincrement=False),
    Column("corrects", Boolean, primary_key=True),
    Column("posted_on", Date, nullable=False),
    Column("at", Instant, nullable=False),
    reference("staff_id", "staff.id", nullable=False),
)

audit = Table(
    "audit",
    metadata,
    identity(),
    Column("at", Instant, nullable=False),
    Column("event", String(40), nullable=False),
    Column("actor", String(8), nullable=False),
    Column("actor_id", Id),
    Column("person_id", Id),
    Column("request_id", Id, index=True),
    Column("staff_id", Id),
    Column("detail", String(64)),
    Index("ix_audit_person", "person_id", "event", "id"),
)

consent_events = Table(
    "consent_events",
    metadata,
    identity(),
    reference("person_id", "people.id", nullable=False),
    Column("purpose", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("at", Instant, nullable=False),
    Column("language", String(2), nullable=False),
    reference("request_id", "rights_requests.id", index=True),
    Index("ix_consent_events_person", "person_id", "purpose", "id"),
)

erasures = Table(
    "erasures",
    metadata,
    identity(),
    Column("request_id", Id, ForeignKey("rights_requests.id"), nullable=False, unique=True),
    Column("state", String(8), nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Index("ix_erasures_due", "state", "not_before"),
)

erasure_steps = Table(
    "erasure_steps",
    metadata,
    identity(),
    reference("erasure_id", "erasures.id", nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("category", String(64), nullable=False),
    Column("table_name", String(200), nullable=False),
    Column("person_key", JSON, nullable=False),
    Column("rule", String(8), nullable=False),
    Column("state", String(8), nullable=False),
    Column("erased", BigInteger, nullable=False, default=0),
    Column("kept", BigInteger, nullable=False, default=0),
    Column("kept_until", Instant),
    Column("remaining", BigInteger),
    Column("finished_at", Instant),
    UniqueConstraint("erasure_id", "position"),
)

erasure_batches = Table(
    "erasure_batches",
    metadata,
    identity(),
    reference("step_id", "erasure_steps.id", nullable=False, index=True),
    Column("first_key", JSON, nullable=False),
    Column("last_key", JSON, nullable=False),
    Column("found", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("done_at", Instant),
)

policy_versions = Table(
    "policy_versions",
    metadata,
    Column("document", String(16), primary_key=True),
    Column("id", String(16), primary_key=True),
    Column("effective", Date, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("imported", Boolean, nullable=False),
    Column("summary_fr", Text, nullable=False),
    Column("summary_en", Text, nullable=False),
    Column("text_fr", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("published_by", Id),
    Column("settings_text", Text),
    Column("revised", String(2)),
)

settings = Table(
    "settings",
    metadata,
    identity(),
    Column("key", String(64), nullable=False),
    Column("value", JSON, nullable=False),
    Column("origin", String(8), nullable=False),
    Column("at", Instant, nullable=False),
    reference("staff_id", "staff.id"),
    Index("ix_settings_key", "key", "id"),
)

marks = Table(
    "marks",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("at", Instant),
)

ledger_mark = Table(
    "ledger_mark",
    metadata,
    Column("installation", String(32), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("seal", String(64), nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("refused_since", Instant),
    Column("replay_after", BigInteger),
    Column("looking", JSON(none_as_null=True)),
    Column("people_back", Integer, nullable=False),
)
"""One row, made with the database: its installation, the last entry of the ledger that was written for it, the last event
of a request that was noted there, and since when the ledger takes nothing. `replay_after`: a backup was restored, and the
entries after that one are to be replayed before the portal opens. `looking`: how far the search for people who came back has
come. `people_back`: how many the last one found."""

lost_requests = Table(
    "lost_requests",
    metadata,
    Column("reference", String(16), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("due", Date, nullable=False),
)
"""Requests that only the ledger knows, because they came after the backup that was restored."""

setup_steps = Table(
    "setup_steps",
    metadata,
    identity(),
    Column("what", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    reference("staff_id", "staff.id"),
    Column("result", String(24)),
    Column("said", String(200)),
    Column("letter_id", Id),
    Index("ix_setup_steps_what", "what", "id"),
)
