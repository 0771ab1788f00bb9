"""A wrong file is refused with every problem at once, each naming its key, and none repeating a value."""

from __future__ import annotations

import contextlib
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.config import SettingsInvalid, load_settings, read_settings
from tests.config.written import ACCESSES, COMPLETE, ENVIRON, FOLDER, SMALLEST, changed, refusal, refused

CONSEQUENCE = 'consequence = { fr = "Rien ne change pour vous.", en = "Nothing changes for you." }'

WRONG = [
    # what stands in the file, what stands there instead, the key named, the code
    ("sells = false", 'sells = "no"', "sells", "wrong"),
    ('["fr", "en"]\ntime', '["fr"]\ntime', "languages", "wrong"),
    ('["fr", "en"]\ntime', '["fr", "en", "es"]\ntime', "languages[2]", "wrong"),
    ("America/Toronto", "America/Tornoto", "timezone", "wrong"),
    ("America/Toronto", "../../etc/passwd", "timezone", "wrong"),
    ("America/Toronto", "America", "timezone", "wrong"),
    ("qc_p391", "qc_p39", "regime", "wrong"),
    ("[web]", "[webb]", "webb", "unknown_key_nearest"),
    ("processes = 1", "proceses = 1", "web.proceses", "unknown_key_nearest"),
    ("processes = 1", "processes = 2", "web.processes", "several_processes"),
    ("processes = 1", "processes = true", "web.processes", "wrong"),
    ("port = 8000", "port = 70000", "web.port", "wrong"),
    ("port = 8000", 'port = "8000"', "web.port", "wrong"),
    ('host = "127.0.0.1"', 'host = "http://x"', "web.host", "wrong"),
    ("trusted_proxies = []", 'trusted_proxies = ["10.0.0.1", "nginx"]', "web.trusted_proxies[1]", "wrong"),
    ("previous = []", 'previous = ["short"]', "secrets.previous[0]", "key_short"),
    ("https://vieprivee", "http://vieprivee", "site.url", "plain_http"),
    ("https://vieprivee.example.org", "vieprivee.example.org", "site.url", "wrong"),
    ("https://vieprivee.example.org", "https://vieprivee.example.org/portal", "site.url", "wrong"),
    ("https://vieprivee.example.org", "https://u:p@vieprivee.example.org", "site.url", "wrong"),
    ("https://vieprivee.example.org", "https://[::1", "site.url", "wrong"),
    ('en = "Co-op"', 'en = "Co-op\\r\\nBcc: x@example.org"', "organisation.name.en", "wrong"),
    ('en = "Co-op"', 'en = "\u00a0\u200b"', "organisation.name.en", "wrong"),
    ('name = { fr = "Coop", en = "Co-op" }', 'name = { fr = "Coop" }', "organisation.name.en", "missing"),
    ('name = { fr = "Coop", en = "Co-op" }', 'name = "Coop"', "organisation.name", "wrong"),
    ('"privacy@example.org"', '"privacy at example.org"', "privacy_contact.email", "wrong"),
    ('"letters@example.org"', '"a@example.org\\nBcc: b@example.org"', "mail.sender", "wrong"),
    ("sqlite:///portal.db", "sqlite://", "database.url", "wrong"),
    ("sqlite:///portal.db", "sqlite:///:memory:", "database.url", "wrong"),
    ("sqlite:///portal.db", "sqlite:///.", "database.url", "wrong"),
    ("sqlite:///portal.db", "mysql://u:p@h/d", "database.url", "wrong"),
    ("sqlite:///portal.db", "postgresql://u:p@ss@h/d", "database.url", "wrong"),
    ("sqlite:///portal.db", "postgresql://u:p/ss@h/d", "database.url", "wrong"),
    ("sqlite:///portal.db", "postgresql://h:port/d", "database.url", "wrong"),
    ("sqlite:///portal.db", "postgresql://h", "database.url", "wrong"),
    ("file:erasures.ledger", "file:", "ledger.url", "wrong"),
    ("file:erasures.ledger", "file:portal.db", "ledger.url", "ledger_in_database"),
    ("starttls=required", "starttls=maybe", "mail.url", "wrong"),
    ("starttls=required", "tls=required", "mail.url", "wrong"),
    ("smtp://", "ftp://", "mail.url", "wrong"),
    ("${SMTP_PASSWORD}", "${NOT_THERE}", "mail.url", "variable_missing"),
    ("${SMTP_PASSWORD}", "${SMTP PASSWORD}", "mail.url", "variable_malformed"),
    ('doors = ["email"]', 'doors = ["window"]', "sign_in.doors[0]", "wrong"),
    ('doors = ["email"]', "doors = []", "sign_in.doors", "wrong"),
    ('email = "full"', 'email = "half"', "sign_in.email", "wrong"),
    ('kind = "sql"', 'kind = "mongo"', "sources[0].kind", "wrong"),
    ('id = "service"', 'id = "Service"', "sources[0].id", "wrong"),
    ('id = "usage"', 'id = "portal"', "categories[0].id", "reserved"),
    ('id = "usage"', 'id = "download"', "categories[0].id", "reserved"),
    ('id = "paper"', 'id = "usage"', "categories[1].id", "duplicate"),
    ('basis = "contract"', 'basis = "because"', "purposes[0].basis", "wrong"),
    ('basis = "consent"', 'basis = "contract"', "purposes[1].consent", "consent_basis"),
    ("consequence =", "consequences =", "purposes[1].consequences", "unknown_key_nearest"),
    (CONSEQUENCE, "", "purposes[1].consequence", "consent_consequence"),
    ("withdrawn = false", "withdrawn = true", "purposes[1].consent.withdrawn", "consent_same"),
    ("accounts.improve_ok", "improve_ok.x.y.z", "purposes[1].consent.column", "wrong"),
    ("service.accounts.improve_ok", "service.prefs.improve_ok", "purposes[1].consent.column", "consent_table"),
    ('["provide", "improve"]', '["provide", "improv"]', "categories[0].purposes[1]", "unknown_name_nearest"),
    ('["provide", "improve"]', '["provide", "zzz"]', "categories[0].purposes[1]", "unknown_name"),
    ('["provide", "improve"]', "[]", "categories[0].purposes", "wrong"),
    ('"service.api_requests"', '"servce.api_requests"', "categories[0].tables[0].table", "unknown_name_nearest"),
    ('"service.api_requests"', '"api_requests"', "categories[0].tables[0].table", "wrong"),
    ('"service.api_requests"', '{ source = "service" }', "categories[0].tables[0].table", "wrong"),
    ('"service.api_requests"', '"service.accounts"', "categories[0].tables[1].table", "duplicate"),
    ('"account_id"', '"account_id ->"', "categories[0].tables[0].person", "wrong"),
    ('"account_id"', '["a", "b"]', "categories[0].tables[0].person", "person_length"),
    ('"account_id"', '"a -> other.t.b"', "categories[0].tables[0].person", "path_source"),
    ('order = "requested_at"', "order = 1", "categories[0].tables[0].order", "wrong"),
    ('"P13M"', '"13 months"', "categories[0].tables[0].retention.keep", "wrong"),
    ('"P13M"', '"P0D"', "categories[0].tables[0].retention.keep", "wrong"),
    ('"P13M"', '"P999Y"', "categories[0].tables[0].retention.keep", "wrong"),
    ('{ kind = ["invoice"] }', '{ kind = "invoice" }', "categories[0].tables[2].hold.where.kind", "wrong"),
    ('{ kind = ["invoice"] }', "{ kind = [] }", "categories[0].tables[2].hold.where.kind", "wrong"),
    ("hold.because =", "hold.becuase =", "categories[0].tables[2].hold.becuase", "unknown_key_nearest"),
    ('erase = "columns"', 'erase = "shred"', "categories[0].tables[1].erase", "wrong"),
    (
        'show = "held"',
        'show = "held", correct = "self"',
        "categories[0].tables[1].columns.password.correct",
        "held_corrected",
    ),
    (
        'label = { fr = "Date", en = "Date" } }',
        'label = { fr = "Date", en = "Date" } }\n    id = { label = { fr = "No", en = "No." }, show = "held" }',
        "categories[0].tables[0].columns.id.show",
        "held_key",
    ),
    ('correct = "review"', 'correct = "self"', "categories[0].tables[1].columns.email.correct", "match_corrected"),
    ('correct = "review"', 'corect = "review"', "categories[0].tables[1].columns.email.corect", "unknown_key_nearest"),
    ("prefix = 24", "prefix = 300", "categories[0].tables[1].columns.ip.erase.prefix", "wrong"),
    ('"generalise", prefix', '"null", prefix', "categories[0].tables[1].columns.ip.erase.prefix", "erase_prefix"),
    ('"hash"', '"constant"', "categories[0].tables[1].columns.email.erase.value", "erase_value"),
    (
        'method = "hash"',
        'method = "hash", value = "x"',
        "categories[0].tables[1].columns.email.erase.value",
        "erase_value",
    ),
    ("{ P1 = { fr =", "{ P1 = { fra =", "categories[0].tables[1].columns.plan.values.P1.fr", "missing"),
    ('"accounting@example.org"', '"the accountant"', "categories[1].keeper", "wrong"),
    ("keeper =", "keper =", "categories[1].keper", "unknown_key_nearest"),
    ('"P3D"', '"PT3H"', "erasure.wait", "wrong"),
]


WRONG_ACCESSES = [
    ('at = "viewed_at"', "at = 1", "accesses[0].at", "wrong"),
    ('at = "viewed_at"', "", "accesses[0].at", "missing"),
    ('role = "team"', 'rol = "team"', "accesses[0].rol", "unknown_key_nearest"),
    ('"service.app.support_views"', '"servce.support_views"', "accesses[0].table", "unknown_name_nearest"),
    ('"account_id"', '["a", "b"]', "accesses[0].person", "person_length"),
    ('"account_id"', '"a -> other.t.b"', "accesses[0].person", "path_source"),
    ('SUP = { fr = "Le soutien",', "SUP = {", "accesses[0].roles.SUP.fr", "missing"),
]


@pytest.mark.parametrize(("before", "after", "key", "code"), WRONG_ACCESSES)
def test_each_mistake_about_who_looked_is_named_at_its_key(before, after, key, code):
    assert refused(COMPLETE + changed(before, after, text=ACCESSES))[key] == code


def test_a_record_of_who_looked_is_named_once():
    assert refused(COMPLETE + ACCESSES * 2)["accesses[1].table"] == "duplicate"


def test_no_category_shows_another_column_of_a_record_of_who_looked():
    """The name of an employee is nobody's but theirs: `plan` and `email` stand for it here."""
    found = refused(COMPLETE + changed("service.app.support_views", "service.accounts", text=ACCESSES))
    assert found["categories[0].tables[1].columns.plan"] == "access_column"
    assert found["categories[0].tables[1].columns.email"] == "access_column"
    assert "categories[0].tables[1].columns.password" not in found


@pytest.mark.parametrize(("before", "after", "key", "code"), WRONG)
def test_each_mistake_is_named_at_its_key(before, after, key, code):
    assert refused(changed(before, after))[key] == code


def test_a_misspelt_name_is_answered_with_the_nearest_right_one():
    problem = refusal(changed("processes = 1", "proceses = 1")).problems[0]
    assert (problem.key, problem.message) == ("web.proceses", "no such key here; nearest: processes")


def test_every_problem_is_said_at_once_however_far_apart():
    text = COMPLETE
    chosen = [WRONG[i] for i in (0, 9, 16)] + [
        row for row in WRONG if row[3] in {"consent_same", "match_corrected", "erase_value", "ledger_in_database"}
    ]
    keys = set()
    for before, after, key, _ in chosen:
        if before in text:
            text = changed(before, after, text=text)
            keys.add(key)
    assert len(keys) >= 7
    assert keys <= set(refused(text))


def test_a_wrong_purpose_is_not_also_said_to_be_missing():
    assert refused(changed('basis = "contract"', 'basis = "because"')) == {"purposes[0].basis": "wrong"}


def test_a_missing_variable_is_one_problem():
    assert refused(COMPLETE, {"PORTAL_SECRET_KEY": ENVIRON["PORTAL_SECRET_KEY"], "SMTP_PASSWORD": "x"}) == {
        "sources[0].url": "variable_missing"
    }


def test_a_source_without_people_is_named_where_its_tables_are():
    start, end = COMPLETE.index("[[people]]"), COMPLETE.index("[[categories]]")
    found = refused(COMPLETE[:start] + COMPLETE[end:])
    assert found == {
        "purposes[1].consent.column": "people_missing",
        "categories[0].tables[0].table": "people_missing",
        "categories[0].tables[1].table": "people_missing",
        "categories[0].tables[2].table": "people_missing",
    }


def test_two_kinds_of_people_of_one_source_are_refused():
    second = '[[people]]\ntable = "service.members"\nkey = "id"\nmatch = { email = "email" }\n'
    assert refused(COMPLETE + second) == {"people[1].table": "duplicate"}


def test_a_category_has_tables_or_a_system_and_not_both():
    both = changed('id = "usage"', 'id = "usage"\nsystem = { fr = "x", en = "x" }')
    assert refused(both) == {"categories[0]": "tables_or_system"}
    system = 'system = { fr = "Classeur, comptabilité", en = "Filing cabinet, accounting" }\n'
    assert refused(changed(system, "")) == {"categories[1]": "tables_or_system"}
    assert refused(changed('keeper = "accounting@example.org"\n', "")) == {"categories[1].keeper": "missing"}


def test_erasing_by_columns_needs_a_column_that_says_how():
    text = changed(', erase = { method = "hash" }', "")
    text = changed(', erase = { method = "generalise", prefix = 24 }', "", text=text)
    assert refused(text) == {"categories[0].tables[1].erase": "erase_columns"}


def test_a_column_that_says_whose_the_row_is_cannot_be_corrected():
    text = changed(
        "requested_at = {", 'account_id = { label = { fr = "N", en = "N" }, correct = "self" }\n    requested_at = {'
    )
    assert refused(text) == {"categories[0].tables[0].columns.account_id.correct": "key_corrected"}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"])
def test_http_is_accepted_on_this_machine_alone(host):
    assert read_settings(changed("https://vieprivee.example.org", f"http://{host}:8000"), FOLDER, ENVIRON)


@pytest.mark.parametrize(
    "host", ["127.0.0.1.example.org", "localhost.example.org", "10.0.0.1", "127.0.0.1@example.org"]
)
def test_a_host_that_only_looks_like_this_machine_gets_no_http_and_no_mailbox(host):
    text = changed("https://vieprivee.example.org", f"http://{host}:8000")
    assert "site.url" in refused(text)
    text = changed("https://vieprivee.example.org", "https://privacy.example.org")
    text = changed("smtp://user:${SMTP_PASSWORD}@mail.example.org:587?starttls=required", "mailbox:", text=text)
    assert refused(text) == {"mail.url": "mailbox_host"}


SECRET = "s3cr3t-p@/%#:x"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("sqlite:///portal.db", "oracle://portal:${SECRET}@db/portal"),
        ("sqlite:///portal.db", "postgresql://portal:s3cr3t-p@/%#:x@db/portal"),
        ("smtp://user", "smpt://${SECRET}"),
        ('kind = "sql"', 'kind = "${SECRET}"'),
        ('basis = "contract"', 'basis = "${SECRET}"'),
        ('["provide", "improve"]', '["${SECRET}"]'),
        ("America/Toronto", "${SECRET}"),
        ("qc_p391", "${SECRET}"),
        ("${PORTAL_SECRET_KEY}", "${SECRET}"),
        ('email = "full"', 'email = "${SECRET}"'),
        ('"P13M"', '"${SECRET}"'),
        ('"privacy@example.org"', '"${SECRET}"'),
        ("port = 8000", 'port = "${SECRET}"'),
        ("https://vieprivee.example.org", "https://user:${SECRET}@privacy.example.org"),
    ],
)
def test_no_problem_repeats_a_value(before, after):
    invalid = refusal(changed(before, after), {**ENVIRON, "SECRET": SECRET})
    said = repr(invalid.problems) + str(invalid) + repr(invalid)
    assert "s3cr3t" not in said
    assert ENVIRON["SMTP_PASSWORD"] not in said


class TestAFileThatCannotBeRead:
    """Whatever stands at the path, the answer is one problem that names the file."""

    def problem(self, path):
        with pytest.raises(SettingsInvalid) as invalid:
            load_settings(path, ENVIRON)
        (problem,) = invalid.value.problems
        assert problem.file == path.name
        return problem

    def test_that_is_absent(self, tmp_path):
        assert self.problem(tmp_path / "portal.toml").code == "file_missing"

    def test_that_is_a_folder(self, tmp_path):
        assert self.problem(tmp_path).code == "file_not_regular"

    def test_that_is_a_pipe_nobody_writes_to(self, tmp_path):
        os.mkfifo(tmp_path / "portal.toml")
        assert self.problem(tmp_path / "portal.toml").code == "file_not_regular"

    def test_that_is_too_large(self, tmp_path):
        (tmp_path / "portal.toml").write_bytes(b"#" * 2_000_000)
        assert self.problem(tmp_path / "portal.toml").code == "file_too_large"

    def test_that_is_not_utf_8(self, tmp_path):
        (tmp_path / "portal.toml").write_bytes(b'# one\nname = "Qu\xe9bec"\n')
        problem = self.problem(tmp_path / "portal.toml")
        assert (problem.code, problem.line) == ("file_encoding", 2)

    def test_whose_name_no_file_can_have(self, tmp_path):
        assert self.problem(tmp_path / "a\0b").code in {"file_missing", "file_unreadable"}

    @pytest.mark.parametrize(
        ("text", "line"),
        [("a = 1\nb = [\n", 3), ("a = 1\na = 2\n", 2), ("a\n", 1), ('\n\nx = "', 3), ("[a]\n[a]\n", 2), ("\0", 1)],
    )
    def test_that_is_not_toml(self, tmp_path, text, line):
        (tmp_path / "portal.toml").write_text(text)
        problem = self.problem(tmp_path / "portal.toml")
        assert (problem.code, problem.line) == ("toml", line)

    @pytest.mark.parametrize("text", ["x = " + "[" * 20_000, ".".join("a" * 3000) + " = 1", "x = " + "9" * 5000])
    def test_that_is_made_to_break_the_reader(self, tmp_path, text):
        (tmp_path / "portal.toml").write_text(text)
        assert self.problem(tmp_path / "portal.toml").code in {"toml", "nested_too_deeply"}


def test_a_file_full_of_mistakes_is_answered_with_the_first_ones():
    text = "".join(f"unknown{number} = 1\n" for number in range(5000)) + SMALLEST
    problems = refusal(text).problems
    assert problems[-1].code == "too_many"
    assert len(problems) < 1100


scalars = st.one_of(
    st.booleans(), st.integers(), st.floats(), st.text(), st.sampled_from(["${X}", "a.b.c", "a -> b.c.d"])
)
NAMES = sorted({word.strip(" []") for line in COMPLETE.splitlines() for word in line.split("=")[:1]} - {""})
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text()), inner, max_size=4)
    ),
    max_leaves=20,
)


def as_toml(value: object) -> str:
    """A value in TOML's words, tables written inline."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(c):08x}" for c in value) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(as_toml(inner) for inner in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_toml(key)} = {as_toml(inner)}" for key, inner in value.items()) + "}"
    return repr(value)


def refused_or_read(text: str) -> None:
    """Settings or a refusal; anything else that is raised fails the test."""
    with contextlib.suppress(SettingsInvalid):
        read_settings(text, FOLDER, ENVIRON)


TOP = ["site", "web", "secrets", "mail", "sources", "purposes", "people", "categories", "languages", "ledger"]


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(TOP), values, max_size=6))
def test_any_toml_is_settings_or_a_refusal(tree):
    refused_or_read("\n".join(f"{key} = {as_toml(value)}" for key, value in tree.items()))


@settings(max_examples=150, deadline=None)
@given(st.text() | st.text(alphabet='[]{}".=,\n# a1-:TZ'))
def test_any_text_is_settings_or_a_refusal(text):
    refused_or_read(text)


LINES = COMPLETE.splitlines()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(LINES) - 1), st.integers(0, 5), values)
def test_the_complete_file_with_some_lines_changed_is_settings_or_a_refusal(at, cut, value):
    name, equals, _ = LINES[at].partition(" = ")
    changed_line = [f"{name} = {as_toml(value)}"] if equals else []
    refused_or_read("\n".join([*LINES[:at], *changed_line, *LINES[at + 1 + cut :]]))


@pytest.mark.parametrize(
    ("before", "after", "ends"),
    [
        ('correct = "review"', 'correct = "reviw"', "one of: self, review, never; nearest: review"),
        ('basis = "contract"', 'basis = "contrat"', "consistent_purpose; nearest: contract"),
        ('correct = "review"', 'correct = "always"', "one of: self, review, never"),
        ('correct = "review"', "correct = 7", "one of: self, review, never"),
    ],
)
def test_one_of_a_few_words_misspelt_is_told_with_the_nearest(before: str, after: str, ends: str) -> None:
    [problem] = refusal(changed(before, after)).problems
    assert problem.code == "wrong"
    assert problem.message.endswith(ends)
