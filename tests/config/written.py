"""Settings as an operator would write them, to be changed by one word and read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from portal.config import Settings, SettingsInvalid, read_settings

KEY = "a-key-of-more-than-thirty-two-bytes"
ENVIRON = {
    "PORTAL_SECRET_KEY": KEY,
    "SMTP_PASSWORD": "p@ss/w%rd#:1",
    "SERVICE_DATABASE_URL": "postgresql://reader:hidden@db.example.org/service",
}
FOLDER = Path("/srv/portal")

COMPLETE = """\
languages = ["fr", "en"]
timezone = "America/Toronto"
regime = "qc_p391"
sells = false

[site]
url = "https://vieprivee.example.org"

[web]
host = "127.0.0.1"
port = 8000
processes = 1
trusted_proxies = []

[secrets]
key = "${PORTAL_SECRET_KEY}"
previous = []

[organisation]
name = { fr = "Coop", en = "Co-op" }

[privacy_contact]
title = { fr = "Responsable de la protection des renseignements personnels", en = "Person in charge" }
email = "privacy@example.org"
phone = "418 555-0100"
address = "1, rue du Port, Québec"
backup = "second@example.org"

[database]
url = "sqlite:///portal.db"

[mail]
url = "smtp://user:${SMTP_PASSWORD}@mail.example.org:587?starttls=required"
sender = "letters@example.org"

[sign_in]
doors = ["email"]
email = "full"

[[purposes]]
id = "provide"
label = { fr = "Fournir le service", en = "Provide the service" }
basis = "contract"

[[purposes]]
id = "improve"
label = { fr = "Améliorer le service", en = "Improve the service" }
basis = "consent"
consequence = { fr = "Rien ne change pour vous.", en = "Nothing changes for you." }
consent = { column = "service.accounts.improve_ok", given = true, withdrawn = false }

[[sources]]
id = "service"
kind = "sql"
url = "${SERVICE_DATABASE_URL}"

[[people]]
table = "service.accounts"
key = ["id"]
match = { email = ["email"] }
language = "locale"

[[categories]]
id = "usage"
label = { fr = "Données d’utilisation", en = "Usage data" }
purposes = ["provide", "improve"]
origin = "observed"
means = { fr = "À chaque appel.", en = "At each call." }
seen_by = [{ fr = "Le soutien", en = "Support" }]
recipients = []
sensitive = false
outside_quebec = [{ place = { fr = "Ontario", en = "Ontario" }, safeguards = { fr = "Contrat", en = "Contract" } }]

  [[categories.tables]]
  table = "service.api_requests"
  person = "account_id"
  key = ["id"]
  order = "requested_at"
  retention = { from = "requested_at", keep = "P13M" }
  erase = "delete"

    [categories.tables.columns]
    requested_at = { label = { fr = "Date", en = "Date" } }

  [[categories.tables]]
  table = "service.accounts"
  person = "id"
  key = ["id"]
  erase = "columns"

    [categories.tables.columns]
    plan     = { label = { fr = "Forfait", en = "Plan" }, values = { P1 = { fr = "Essai", en = "Trial" } } }
    email    = { label = { fr = "Courriel", en = "E-mail" }, correct = "review", erase = { method = "hash" } }
    password = { label = { fr = "Mot de passe", en = "Password" }, show = "held" }
    ip       = { label = { fr = "Adresse IP", en = "IP address" }, erase = { method = "generalise", prefix = 24 } }

  [[categories.tables]]
  table = { source = "service", schema = "app", name = "order.lines" }
  person = "order_id -> service.orders.account_id"
  key = ["order_id", "line"]
  erase = "delete"
  hold.where = { kind = ["invoice"] }
  hold.from = "issued_at"
  hold.keep = "P6Y"
  hold.because = { fr = "La loi", en = "The law" }
  hold.provision = "art. 35.1"

    [categories.tables.columns]
    item = { label = { fr = "Article", en = "Item" } }

[[categories]]
id = "paper"
label = { fr = "Papier", en = "Paper" }
purposes = ["provide"]
system = { fr = "Classeur, comptabilité", en = "Filing cabinet, accounting" }
keeper = "accounting@example.org"
retention = { fr = "Sept ans", en = "Seven years" }

[erasure]
wait = "P3D"

[ledger]
url = "file:erasures.ledger"
"""

SMALLEST = """\
[site]
url = "https://vieprivee.example.org"
[organisation]
name = { fr = "Coop", en = "Co-op" }
[privacy_contact]
title = { fr = "Responsable", en = "Person in charge" }
email = "privacy@example.org"
phone = "418 555-0100"
address = "1, rue du Port, Québec"
[database]
url = "sqlite:///portal.db"
"""

ACCESSES = """
[[accesses]]
table = "service.app.support_views"
label = { fr = "Le soutien", en = "Support" }
person = "account_id"
key = ["id"]
at = "viewed_at"
role = "team"
reason = "reason"
roles = { SUP = { fr = "Le soutien", en = "Support" } }
"""


def changed(before: str, after: str, *, text: str = COMPLETE) -> str:
    """The text with one passage changed, which must be there once."""
    assert text.count(before) == 1, before
    return text.replace(before, after)


def read(text: str, environ: Mapping[str, str] = ENVIRON, folder: Path = FOLDER) -> Settings:
    """The settings that the text says."""
    return read_settings(text, folder, environ)


def refused(text: str, environ: Mapping[str, str] = ENVIRON, folder: Path = FOLDER) -> dict[str, str]:
    """The codes of the problems of a text, by key; the text must be refused."""
    return {problem.key: problem.code for problem in refusal(text, environ, folder).problems}


def refusal(text: str, environ: Mapping[str, str] = ENVIRON, folder: Path = FOLDER) -> SettingsInvalid:
    """The refusal of a text that must be refused."""
    try:
        read_settings(text, folder, environ)
    except SettingsInvalid as invalid:
        return invalid
    raise AssertionError("these settings were accepted")
