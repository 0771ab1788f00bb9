"""The demo's portal.toml: a complete file in the words an operator writes, good enough to be copied as an example."""

from __future__ import annotations

import json
from importlib.resources import files

_HEAD = """\
# Settings of the demo. A real installation has the same file, with https, a mail server and databases of its own.
languages = ["fr", "en"]
timezone = "America/Toronto"
regime = "qc_p391"
sells = false

[site]
url = {site_url}

[web]
host = "127.0.0.1"
port = {port}
processes = 1
trusted_proxies = []

[secrets]
key_file = {key_file}                   # made at the first start, readable by its owner only
previous = []

[organisation]
name = {{ fr = "Atomes crochus", en = "Atomes crochus" }}

[privacy_contact]
email = "jp@atomescroch.us"
phone = "418 555-0100"
address = "Atomes crochus, 12, rue des Affinités, Québec (Québec)  G1K 0A1"
backup = "officer@example.org"

  [privacy_contact.title]
  fr = "Responsable de la protection des renseignements personnels"
  en = "Person in charge of the protection of personal information"

[database]
url = {database_url}

[mail]
url = {mail_url}                        # letters stay on this machine
sender = "confidentialite@example.org"

[sign_in]
doors = ["email"]
email = "full"

[erasure]
wait = "P0D"                            # nobody waits in a demo; "P3D" leaves three days to change one's mind

[ledger]
url = "file:erasures.ledger"

[[sources]]
id = "service"
kind = "sql"
url = {service_url}

"""


def portal_toml(
    *, port: int, service_url: str, database_url: str, mail_url: str = "mailbox:", key_file: str = "secret.key"
) -> str:
    """The text of the demo's portal.toml, data map included.

    Takes the port the demo answers at, the SQLAlchemy addresses of the service's database and of the portal's own
    (a SQLite address may be relative to the file), where letters go, and where the secret key lies.
    """
    head = _HEAD.format(
        port=port,
        site_url=_quoted(f"http://127.0.0.1:{port}"),
        service_url=_quoted(service_url),
        database_url=_quoted(database_url),
        mail_url=_quoted(mail_url),
        key_file=_quoted(key_file),
    )
    return head + data_map_toml()


def data_map_toml() -> str:
    """The demo's data map alone: purposes, people and categories."""
    return files("portal.demo").joinpath("data_map.toml").read_text(encoding="utf-8")


def _quoted(text: str) -> str:
    """A TOML basic string, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
