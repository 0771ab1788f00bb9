"""What the invented service holds: accounts, logs, devices, sign-ins and invoices, odd values included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import Table

from portal.demo.people import PEOPLE, DemoPerson
from portal.demo.service.tables import accounts, api_requests, devices, invoices, sign_ins, support_views
from portal.domain.periods import Period

Row = dict[str, object]

_LOG_DAYS = 390
"""The service keeps its logs thirteen months; the oldest line is a little younger than that."""

_BROWSERS = (
    ("Firefox 145", "Windows 11"),
    ("Safari 26", "macOS 26"),
    ("Chrome 142", "Android 16"),
    ("Firefox 140 ESR", "Debian 13"),
    ("Edge 142", "Windows 10"),
    (None, None),
)
_DEVICES = (
    "Portable du bureau",
    "iPhone d\u2019Aïcha 📱",
    "Tablette <cuisine> & salon",
    "O'Brien's laptop",
    '"Serveur" n° 2; essai',
    "{{ build }} runner %s",
    "=POSTE(3)",
)
_USER_AGENTS = (
    "atomes-python/2.4.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0",
    "curl/8.14.1",
    "okhttp/5.1.0 (l\u2019appli de Zoé, «\u00a0bêta\u00a0»)",
    "Mozilla/5.0 (compatible; Sonde/1.0; +https://www.example.org/sonde?a=1&b=<2>)",
    "Mozilla/5.0 (Linux; Android 16) " + "Extension/1.0.0 (compatible; essai) " * 16 + "Mobile",
    None,
)
_EMPLOYEES = (
    ("Nadia Bélanger", "SUP"),
    ("Thomas O'Leary", "SUP"),
    ("Huguette Desrosiers", "ACC"),
    ("Wei Chen", "SEC"),
    ("Gaston Lapointe", "PARTNERS"),
)
"""Who works for the service, each with the code of a team; the last team is one the map has no word for."""

_REASONS = {
    "fr": ("Demande de soutien 4182", "Vérifier une facture", "Connexion inhabituelle à examiner", None),
    "en": ("Support ticket 4182", "Checking an invoice", "Unusual sign-in to look into", None),
}
_CALLS = (
    ("GET", "/v1/atoms", 200),
    ("GET", "/v1/atoms/42", 200),
    ("POST", "/v1/links", 201),
    ("GET", "/v1/search?q=caf%C3%A9%20%26%20th%C3%A9", 200),
    ("PATCH", "/v1/links/7", 200),
    ("GET", "/v1/search?q=<script>alert('allô')</script>", 400),
    ("DELETE", "/v1/links/7", 204),
    ("GET", "/v1/étiquettes/📎?sort=-date&page=2", 200),
    ("GET", "/v1/atoms/'%20OR%201=1--", 404),
    ("GET", "/v1/atoms", 429),
)


@dataclass(frozen=True, slots=True)
class _Profile:
    """How much of each kind one account has, and what its owner chose."""

    phone: str | None = "418 555-0142"
    company: str | None = None
    plan: str = "free"
    improve_ok: bool | None = True
    news_ok: bool | None = True
    months: int = 16
    calls: int = 60
    devices: int = 2
    sign_ins: int = 12
    invoices: int = 0
    quotes: int = 0
    views: int = 0


_PROFILES: dict[str, _Profile] = {
    "camille.tremblay@example.org": _Profile(phone="+1 418 555-0117", calls=120, devices=3, sign_ins=20, views=3),
    "emily.clarke@example.org": _Profile(phone="613 555-0163", calls=90, news_ok=False, views=1),
    "olivier.gagnon@example.org": _Profile(
        company="Gagnon & fils <API>", plan="partner", devices=6, sign_ins=80, views=46
    ),
    "marguerite.roy@example.org": _Profile(
        company="Boulangerie «\u00a0Chez Marguerite\u00a0»",
        plan="pro",
        months=76,
        invoices=75,
        quotes=2,
        sign_ins=40,
        views=7,
    ),
    "daniel.macleod@example.org": _Profile(
        company="MacLeod, O'Neil & Sons", plan="pro", months=82, invoices=81, quotes=1, news_ok=False
    ),
    "francois.lecuyer@example.org": _Profile(company="=Égal Conseil inc.", improve_ok=False),
    "zoe.oconnor@example.org": _Profile(phone=None, company="", news_ok=None, devices=1),
    "lea.nguyen@example.org": _Profile(company="Studio Đồng 🌿 <b>inc.</b>", calls=35),
    "leila.haddad@example.org": _Profile(phone="+1 514 555-0188", months=9, calls=45),
    "jennifer.null@example.org": _Profile(company="null", improve_ok=None, news_ok=None, calls=1, sign_ins=1),
    "soren.ostergard@example.org": _Profile(phone="+1 819 555-0121 ext. 4", improve_ok=False, news_ok=False),
    "aicha.diallo@example.org": _Profile(company="-1+1 Studio; @home", quotes=1, devices=4),
}


@dataclass(frozen=True, slots=True)
class _Account:
    """One person's account while its rows are being invented; `start` is the midnight that ended yesterday."""

    id: int
    person: DemoPerson
    profile: _Profile
    start: datetime

    def chance(self, kind: str) -> Random:
        """The choices for one kind of rows: the same each time, and untouched by how many rows another kind has."""
        return Random(f"{self.person.email} {kind}")  # noqa: S311 - invented rows; nothing here is a secret


def service_rows(today: date, *, log_rows: int) -> Iterator[tuple[Table, Iterator[Row]]]:
    """Every row of the service, table by table, parents before children; `log_rows` are the `heavy` person's."""
    everyone = _accounts(today)
    yield accounts, (_account_row(account) for account in everyone)
    yield api_requests, (row for account in everyone for row in _calls(account, log_rows))
    yield devices, (row for account in everyone for row in _devices(account))
    yield sign_ins, (row for account in everyone for row in _sign_ins(account))
    yield invoices, (row for account in everyone for row in _invoices(account))
    yield support_views, (row for account in everyone for row in _views(account))


def _accounts(today: date) -> list[_Account]:
    start = datetime.combine(today, time())
    known = [person for person in PEOPLE if person.note != "nothing_held"]
    return [_Account(number, person, _PROFILES[person.email], start) for number, person in enumerate(known, start=1)]


def _account_row(account: _Account) -> Row:
    profile = account.profile
    return {
        "id": account.id,
        "email": account.person.email,
        "name": account.person.name,
        "locale": f"{account.person.language}-CA",
        "password_hash": f"scrypt:32768:8:1$demo${account.chance('password').getrandbits(256):064x}",
        "phone": profile.phone,
        "company": profile.company,
        "plan": profile.plan,
        "improve_ok": profile.improve_ok,
        "news_ok": profile.news_ok,
        "created_at": Period(months=profile.months, days=0).before(account.start) + timedelta(hours=14, minutes=5),
    }


def _calls(account: _Account, log_rows: int) -> Iterator[Row]:
    """The account's log, oldest first; calls come in pairs of one instant, as from a program that works in parallel."""
    count = log_rows if account.person.note == "heavy" else account.profile.calls
    chance = account.chance("calls")
    addresses = _addresses(account)
    days = min(_LOG_DAYS, account.profile.months * 28)
    for index in range(count):
        method, path, status = chance.choice(_CALLS)
        yield {
            "account_id": account.id,
            "requested_at": account.start
            - timedelta(seconds=(count - index + index % 2) * days * 86_400 // (count + 1)),
            "method": method,
            "path": path,
            "status": status,
            "ip": chance.choice(addresses),
            "user_agent": chance.choice(_USER_AGENTS),
        }


def _devices(account: _Account) -> Iterator[Row]:
    chance = account.chance("devices")
    for index, label in enumerate(chance.sample(_DEVICES, account.profile.devices)):
        browser, system = chance.choice(_BROWSERS)
        yield {
            "account_id": account.id,
            "label": label,
            "browser": browser,
            "os": system,
            "ip": chance.choice(_addresses(account)),
            "first_seen_at": account.start - timedelta(days=200 - index, minutes=chance.randrange(1_440)),
            "last_seen_at": account.start - timedelta(days=1 + index * 9, minutes=chance.randrange(1_440)),
        }


def _sign_ins(account: _Account) -> Iterator[Row]:
    chance = account.chance("sign-ins")
    for index in range(account.profile.sign_ins, 0, -1):
        yield {
            "account_id": account.id,
            "at": account.start - timedelta(days=index * 4, minutes=chance.randrange(1_440)),
            "ip": chance.choice(_addresses(account)),
            "succeeded": chance.randrange(10) > 0,
        }


def _views(account: _Account) -> Iterator[Row]:
    """Who looked at the account, as the support tool writes it down: by name too, which nobody else needs to know."""
    chance = account.chance("views")
    for index in range(account.profile.views, 0, -1):
        employee, team = chance.choice(_EMPLOYEES)
        yield {
            "account_id": account.id,
            "viewed_at": account.start - timedelta(days=index * 11, minutes=chance.randrange(1_440)),
            "employee": employee,
            "team": team,
            "reason": chance.choice(_REASONS[account.person.language]),
        }


def _invoices(account: _Account) -> Iterator[Row]:
    """One invoice a month until three days before today, then the quotes, which no Act keeps."""
    for month in reversed(range(account.profile.invoices)):
        issued = Period(months=month, days=3).before(account.start) + timedelta(hours=13)
        yield _invoice_row(account, "invoice", month, issued, 3_334)
    for number in range(account.profile.quotes):
        issued = account.start - timedelta(days=45 * (number + 1)) + timedelta(hours=15)
        yield _invoice_row(account, "quote", number, issued, 40_008)


def _invoice_row(account: _Account, kind: str, number: int, issued: datetime, cents: int) -> Row:
    letter = "F" if kind == "invoice" else "S"
    return {
        "account_id": account.id,
        "number": f"{letter}{issued:%Y%m}-{account.id:03d}-{number:03d}",
        "kind": kind,
        "amount_cents": cents,
        "currency": "CAD",
        "issued_at": issued,
        "description": _description(account, kind),
    }


def _description(account: _Account, kind: str) -> str:
    words = {
        ("fr", "invoice"): "Forfait Professionnel, un mois",
        ("en", "invoice"): "Professional plan, one month",
        ("fr", "quote"): "Soumission, forfait Professionnel, un an",
        ("en", "quote"): "Quote, Professional plan, one year",
    }
    return f"{words[account.person.language, kind]} ({account.profile.company or account.person.name})"


def _addresses(account: _Account) -> tuple[str, ...]:
    """Addresses set apart for documentation (RFC 5737, RFC 3849): nobody's."""
    return (f"192.0.2.{account.id}", f"198.51.100.{200 - account.id}", f"2001:db8:{account.id:x}::{account.id + 16:x}")
