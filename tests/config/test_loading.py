"""The operator's file becomes settings, from where it is named, with what the environment and the command line say."""

from __future__ import annotations

import os
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import make_url

from portal.config import SettingsInvalid, load_settings
from portal.config.settings import FirstOfficer
from portal.domain.data_map import DataMap, PersonLink, Step, TableName
from portal.domain.languages import Text
from portal.domain.periods import Period
from tests.config.written import COMPLETE, ENVIRON, FOLDER, KEY, SMALLEST, changed, read, refused

LOCAL = changed("https://vieprivee.example.org", "http://127.0.0.1:8000")


def test_the_complete_file_of_the_design_is_read():
    settings = read(COMPLETE)
    assert settings.languages == ("fr", "en")
    assert (settings.timezone, settings.zone) == ("America/Toronto", ZoneInfo("America/Toronto"))
    assert (settings.regime, settings.sells) == ("qc_p391", False)
    assert settings.site.url == "https://vieprivee.example.org"
    assert (settings.web.host, settings.web.port, settings.web.processes) == ("127.0.0.1", 8000, 1)
    assert settings.secrets.key == KEY.encode()
    assert settings.organisation.name == Text(fr="Coop", en="Co-op")
    assert settings.privacy_contact.backup == "second@example.org"
    assert settings.mail.sender == "letters@example.org"
    assert settings.sign_in.doors == ("email",)
    assert settings.erasure.wait == Period(months=0, days=3)
    assert [(source.id, source.kind) for source in settings.sources] == [("service", "sql")]


def test_no_map_at_all_is_a_valid_installation():
    settings = read(SMALLEST)
    assert settings.data_map == DataMap()
    assert settings.sources == ()
    assert settings.mail.url is None
    assert settings.mail.sender == "privacy@example.org"
    assert settings.ledger.url == f"file:{FOLDER}/erasures.ledger"


def test_a_contact_needs_no_phone_and_no_postal_address():
    contact = read(COMPLETE.replace('phone = "418 555-0100"\n', "").replace('address = "1, rue du Port, Québec"\n', ""))
    assert (contact.privacy_contact.phone, contact.privacy_contact.address) == ("", "")


def test_a_first_officer_may_be_named():
    assert read(COMPLETE).first_officer is None
    officer = read(f'{COMPLETE}\n[first_officer]\nemail = "jo@example.org"\nlanguage = "en"\n').first_officer
    assert officer == FirstOfficer("jo@example.org", "en")


def test_relative_files_are_beside_the_settings():
    settings = read(COMPLETE)
    assert settings.database.url == f"sqlite:///{FOLDER}/portal.db"
    assert settings.ledger.url == f"file:{FOLDER}/erasures.ledger"
    absolute = read(changed("sqlite:///portal.db", "sqlite:////var/lib/portal.db?timeout=3"))
    assert absolute.database.url == "sqlite:////var/lib/portal.db?timeout=3"


def test_a_password_with_every_awkward_character_is_escaped_in_an_address():
    assert "user:p%40ss%2Fw%25rd%23%3A1@mail.example.org" in (read(COMPLETE).mail.url or "")
    text = changed("sqlite:///portal.db", "postgresql://portal:${DB_PASSWORD}@db.example.org/portal")
    url = make_url(read(text, {**ENVIRON, "DB_PASSWORD": "a@b/c%d#e:f?[g]"}).database.url)
    assert (url.password, url.host, url.drivername) == ("a@b/c%d#e:f?[g]", "db.example.org", "postgresql+psycopg")


def test_a_password_that_is_not_text_is_escaped_byte_by_byte():
    text = changed("sqlite:///portal.db", "postgresql://portal:${DB_PASSWORD}@db.example.org/portal")
    assert ":%FF@" in read(text, {**ENVIRON, "DB_PASSWORD": "\udcff"}).database.url


@pytest.mark.parametrize(
    ("written", "opened"),
    [
        ("mysql://u@h/d", "mysql+pymysql"),
        ("mariadb://u@h/d", "mariadb+pymysql"),
        ("postgres://u@h/d", "postgresql+psycopg"),
    ],
)
def test_the_address_of_a_source_names_its_driver(written, opened):
    settings = read(COMPLETE, {**ENVIRON, "SERVICE_DATABASE_URL": written})
    assert make_url(settings.sources[0].url).drivername == opened


def test_nothing_secret_is_shown_when_settings_are_printed():
    shown = repr(read(changed("previous = []", f'previous = ["{"old-key-" * 5}"]')))
    for secret in (KEY, "hidden", "p%40ss", "p@ss", "old-key-", "reader"):
        assert secret not in shown


def test_a_file_is_found_where_the_caller_the_environment_or_the_folder_says(tmp_path, monkeypatch):
    (tmp_path / "portal.toml").write_text(COMPLETE)
    (tmp_path / "other.toml").write_text(changed("port = 8000", "port = 8001"))
    monkeypatch.chdir(tmp_path)
    here = load_settings(environ=ENVIRON)
    assert (here.file, here.folder, here.web.port) == (tmp_path / "portal.toml", tmp_path, 8000)
    environ = {**ENVIRON, "PORTAL_CONFIG": str(tmp_path / "other.toml")}
    assert load_settings(environ=environ).web.port == 8001
    assert load_settings(tmp_path / "portal.toml", environ).web.port == 8000


def test_the_command_line_goes_before_the_environment_and_that_before_the_file(tmp_path):
    file = tmp_path / "portal.toml"
    file.write_text(COMPLETE)
    assert load_settings(file, {**ENVIRON, "PORT": "9000"}).web.port == 9000
    assert load_settings(file, {**ENVIRON, "PORT": "9000"}, port=9001, host="::1").web.port == 9001
    for wrong in ("http", "0", "65536", "-1", "٣"):
        with pytest.raises(SettingsInvalid) as invalid:
            load_settings(file, {**ENVIRON, "PORT": wrong})
        assert [problem.code for problem in invalid.value.problems] == ["port_variable"]


def test_the_mailbox_is_refused_to_the_world_even_when_the_command_line_opens_it(tmp_path):
    file = tmp_path / "portal.toml"
    local = LOCAL.replace("smtp://user:${SMTP_PASSWORD}@mail.example.org:587?starttls=required", "mailbox:")
    file.write_text(local)
    assert load_settings(file, ENVIRON).mail.url == "mailbox:"
    with pytest.raises(SettingsInvalid) as invalid:
        load_settings(file, ENVIRON, host="0.0.0.0")  # noqa: S104 - the refusal is what is tested
    assert [problem.code for problem in invalid.value.problems] == ["mailbox_host"]


def test_the_key_may_come_from_the_environment_without_being_named():
    assert read(SMALLEST).secrets.key == KEY.encode()
    assert refused(SMALLEST, {}) == {"secrets.key": "missing"}
    assert refused(SMALLEST, {"PORTAL_SECRET_KEY": "short"}) == {"secrets.key": "key_short"}


class TestAFileThatHoldsTheKey:
    """`key_file` is for whoever may not put secrets in the environment."""

    text = SMALLEST + '[secrets]\nkey_file = "secret.key"\n'

    def write(self, folder, content=KEY + "\n", mode=0o600):
        (folder / "secret.key").write_text(content)
        (folder / "secret.key").chmod(mode)

    def test_is_read_without_its_line_end(self, tmp_path):
        self.write(tmp_path)
        assert read(self.text, {}, tmp_path).secrets.key == KEY.encode()

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
    def test_is_refused_when_others_may_open_it(self, tmp_path, mode):
        self.write(tmp_path, mode=mode)
        assert refused(self.text, {}, tmp_path) == {"secrets.key_file": "key_file_open"}

    def test_is_refused_when_short_absent_or_a_folder(self, tmp_path):
        assert refused(self.text, {}, tmp_path) == {"secrets.key_file": "key_file_unreadable"}
        self.write(tmp_path, content="short")
        assert refused(self.text, {}, tmp_path) == {"secrets.key_file": "key_short"}
        (tmp_path / "secret.key").unlink()
        (tmp_path / "secret.key").mkdir()
        assert refused(self.text, {}, tmp_path) == {"secrets.key_file": "key_file_unreadable"}

    def test_is_refused_beside_a_key(self, tmp_path):
        self.write(tmp_path)
        text = self.text + 'key = "${PORTAL_SECRET_KEY}"\n'
        assert refused(text, ENVIRON, tmp_path) == {"secrets.key_file": "both"}


class TestTheDataMap:
    """What the file says of tables and columns, as the domain carries it."""

    def test_has_the_purposes_people_and_categories_of_the_file(self):
        data_map = read(COMPLETE).data_map
        assert [purpose.id for purpose in data_map.purposes] == ["provide", "improve"]
        assert [category.id for category in data_map.categories] == ["usage", "paper"]
        people = data_map.people_of("service")
        assert people is not None
        assert (people.key, people.match_email, people.language) == (("id",), ("email",), "locale")

    def test_keeps_a_table_whole(self):
        usage = read(COMPLETE).data_map.category("usage")
        assert usage is not None
        requests, accounts, lines = usage.tables
        assert requests.retention is not None
        assert requests.retention.keep == Period(months=13, days=0)
        assert [column.name for column in accounts.columns] == ["plan", "email", "password", "ip"]
        assert accounts.columns[0].values == {"P1": Text(fr="Essai", en="Trial")}
        assert accounts.columns[2].show == "held"
        assert accounts.columns[3].erase is not None
        assert accounts.columns[3].erase.prefix == 24
        assert lines.name == TableName(source="service", schema="app", name="order.lines")
        assert lines.hold is not None
        assert (lines.hold.where, lines.hold.from_column) == ({"kind": ("invoice",)}, "issued_at")

    @pytest.mark.parametrize(
        ("written", "steps", "columns"),
        [
            ('"account_id"', (), ("account_id",)),
            ('["account_id"]', (), ("account_id",)),
            (
                '"order_id -> service.orders.account_id"',
                (Step("order_id", TableName("service", "orders"), "id"),),
                ("account_id",),
            ),
            (
                '"order_no->service.shop.orders(number).account_id"',
                (Step("order_no", TableName("service", "orders", "shop"), "number"),),
                ("account_id",),
            ),
            (
                '"line_id -> service.lines.order_id -> service.orders(no).account_id"',
                (
                    Step("line_id", TableName("service", "lines"), "id"),
                    Step("order_id", TableName("service", "orders"), "no"),
                ),
                ("account_id",),
            ),
            (
                '"shop, no -> service.orders(shop, number).account_id"',
                (Step("shop", TableName("service", "orders"), "shop", (("no", "number"),)),),
                ("account_id",),
            ),
            (
                '"shop, no -> service.carts.cart_no -> service.orders(no).account_id"',
                (
                    Step("shop", TableName("service", "carts"), "shop", (("no", "no"),)),
                    Step("cart_no", TableName("service", "orders"), "no"),
                ),
                ("account_id",),
            ),
            (
                '"answers -> service.notes.answers -> service.notes.account_id"',
                (
                    Step("answers", TableName("service", "notes"), "id"),
                    Step("answers", TableName("service", "notes"), "id"),
                ),
                ("account_id",),
            ),
            (
                '"request -> service.api_requests.account_id"',
                (Step("request", TableName("service", "api_requests"), "request_no"),),
                ("account_id",),
            ),
        ],
    )
    def test_follows_a_path_to_the_person(self, written, steps, columns):
        text = changed('"order_id -> service.orders.account_id"', written)
        text = (
            changed('person = "account_id"\n  key = ["id"]', 'person = "account_id"\n  key = ["request_no"]', text=text)
            if "api_requests." in written
            else text
        )
        usage = read(text).data_map.category("usage")
        assert usage is not None
        assert usage.tables[2].person == PersonLink(columns=columns, steps=steps)


def test_the_environment_of_the_process_is_the_usual_one(tmp_path, monkeypatch):
    (tmp_path / "portal.toml").write_text(SMALLEST)
    monkeypatch.setitem(os.environ, "PORTAL_SECRET_KEY", KEY)
    monkeypatch.delitem(os.environ, "PORT", raising=False)
    assert load_settings(tmp_path / "portal.toml").secrets.key == KEY.encode()
