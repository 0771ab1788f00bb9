"""How a service is named in [[sources]], and every way to write it wrong."""

from __future__ import annotations

import pytest

from portal.config import read_settings
from tests.config.written import ENVIRON, FOLDER, changed, refused

SECRET = "a secret shared with the service alone"
SQL = 'kind = "sql"\nurl = "${SERVICE_DATABASE_URL}"'
WELL = 'kind = "http"\nurl = "https://service.example.org/privacy"\nsecret = "${SERVICE_SECRET}"'
SURROUNDED = {**ENVIRON, "SERVICE_SECRET": SECRET}


def written(text: str) -> str:
    return changed(SQL, text)


def test_a_service_has_an_address_and_a_secret_that_is_never_shown() -> None:
    [source] = read_settings(written(WELL), FOLDER, SURROUNDED).sources
    assert (source.kind, source.url) == ("http", "https://service.example.org/privacy")
    assert (source.secret, source.allow_private) == (SECRET.encode(), False)
    assert SECRET not in repr(source)
    assert "service.example.org" not in repr(source)


@pytest.mark.parametrize("url", ["http://10.0.0.5:8090", "http://[::1]:8090/privacy/", "https://service.internal"])
def test_a_service_of_a_private_network_is_said_to_be_one(url: str) -> None:
    text = written(f'kind = "http"\nallow_private = true\nurl = "{url}"\nsecret = "{SECRET}"')
    [source] = read_settings(text, FOLDER, SURROUNDED).sources
    assert (source.url, source.allow_private) == (url, True)


@pytest.mark.parametrize(
    ("before", "after", "key", "code"),
    [
        ("https://", "http://", "url", "plain_http_source"),
        ("https://", "ftp://", "url", "wrong"),
        ("https://", "https://user:hidden@", "url", "wrong"),
        ("/privacy", "/privacy?x=1", "url", "wrong"),
        ("/privacy", "/privacy?", "url", "wrong"),
        ("/privacy", "/privacy#x", "url", "wrong"),
        ("https://service.example.org", "service.example.org", "url", "wrong"),
        ("service.example.org", "service.example.org:99999", "url", "wrong"),
        ("service.example.org", "", "url", "wrong"),
        ("https://service.example.org/privacy", "sqlite:///service.db", "url", "wrong"),
        ('secret = "${SERVICE_SECRET}"', "", "secret", "missing"),
        ("${SERVICE_SECRET}", "short", "secret", "key_short"),
        ("${SERVICE_SECRET}", "${NOT_THERE}", "secret", "variable_missing"),
        ('secret = "${SERVICE_SECRET}"', "secret = 5", "secret", "wrong"),
        ("secret =", "secrets =", "secrets", "unknown_key_nearest"),
        ('kind = "http"', 'kind = "http"\nallow_private = "yes"', "allow_private", "wrong"),
        ('kind = "http"', 'kind = "https"', "kind", "wrong"),
    ],
)
def test_each_mistake_is_named_at_its_key(before: str, after: str, key: str, code: str) -> None:
    assert before in WELL
    assert refused(written(WELL.replace(before, after)), SURROUNDED)[f"sources[0].{key}"] == code


@pytest.mark.parametrize("option", ["allow_private = true", 'secret = "${SERVICE_SECRET}"'])
def test_a_database_has_none_of_a_service_s_options(option: str) -> None:
    key = option.split(" ", maxsplit=1)[0]
    assert refused(written(f"{SQL}\n{option}"), SURROUNDED) == {f"sources[0].{key}": "source_option"}
