"""Reads what a machine needs from the file, section by section, and checks that the sections agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portal.config import shapes
from portal.config.addresses import from_folder, is_loopback, site_host
from portal.config.map_reading import Tree
from portal.config.problems import KeyPath, Problems, written_key
from portal.config.reading import ShapeT, piece, pieces, unknown_key
from portal.domain.law import Law
from portal.domain.regimes import Regime

GENERAL = tuple(shapes.GeneralShape.model_fields)
_SECTIONS = (
    "site",
    "web",
    "secrets",
    "organisation",
    "privacy_contact",
    "look",
    "approval",
    "reminders",
    "database",
    "limits",
    "mail",
    "sign_in",
    "erasure",
    "ledger",
    "first_officer",
)
_LISTS = ("sources", "purposes", "people", "categories", "accesses", "holidays", "replies")


@dataclass(frozen=True, slots=True)
class Sections:
    """Each section in its shape; None where it could not be read."""

    general: shapes.GeneralShape | None
    site: shapes.SiteShape | None
    web: shapes.WebShape | None
    secrets: shapes.SecretsShape | None
    organisation: shapes.OrganisationShape | None
    privacy_contact: shapes.ContactShape | None
    look: shapes.LookShape | None
    approval: shapes.ApprovalShape | None
    reminders: shapes.RemindersShape | None
    database: shapes.DatabaseShape | None
    limits: shapes.LimitsShape | None
    mail: shapes.MailShape | None
    sign_in: shapes.SignInShape | None
    erasure: shapes.ErasureShape | None
    ledger: shapes.LedgerShape | None
    first_officer: shapes.FirstOfficerShape | None
    sources: tuple[shapes.SourceShape, ...]
    holidays: tuple[shapes.HolidayShape, ...]
    replies: tuple[shapes.ReplyShape, ...]


def read_sections(tree: Tree, problems: Problems) -> Sections:
    """Every section of the file; what is wrong with the shape of each is noted, unknown sections too."""
    known = (*GENERAL, *_SECTIONS, *_LISTS)
    for name in tree:
        if name not in known:
            unknown_key((name,), known, problems)

    def section(name: str, shape: type[ShapeT]) -> ShapeT | None:
        return piece(shape, tree.get(name, {}), (name,), problems)

    def listed(name: str, shape: type[ShapeT]) -> tuple[ShapeT, ...]:
        return tuple(found for _, found in pieces(shape, tree.get(name, []), (name,), problems))

    general = {name: tree[name] for name in GENERAL if name in tree}
    return Sections(
        general=piece(shapes.GeneralShape, general, (), problems),
        site=section("site", shapes.SiteShape),
        web=section("web", shapes.WebShape),
        secrets=section("secrets", shapes.SecretsShape),
        organisation=section("organisation", shapes.OrganisationShape),
        privacy_contact=section("privacy_contact", shapes.ContactShape),
        look=section("look", shapes.LookShape),
        approval=section("approval", shapes.ApprovalShape),
        reminders=section("reminders", shapes.RemindersShape),
        database=section("database", shapes.DatabaseShape),
        limits=section("limits", shapes.LimitsShape),
        mail=section("mail", shapes.MailShape),
        sign_in=section("sign_in", shapes.SignInShape),
        erasure=section("erasure", shapes.ErasureShape),
        ledger=section("ledger", shapes.LedgerShape),
        first_officer=section("first_officer", shapes.FirstOfficerShape) if "first_officer" in tree else None,
        sources=listed("sources", shapes.SourceShape),
        holidays=listed("holidays", shapes.HolidayShape),
        replies=listed("replies", shapes.ReplyShape),
    )


def check_sections(sections: Sections, law: Law, folder: Path, problems: Problems) -> None:
    """Note what is wrong between sections, or with what the law knows."""
    if sections.general:
        _regimes_are_known(sections.general, law.regimes, problems)
    _mailbox_stays_here(sections, problems)
    _processes_share_counters(sections, problems)
    _ledger_is_apart(sections, folder, problems)
    days_differ(sections.holidays, ("holidays",), problems)


def _regimes_are_known(general: shapes.GeneralShape, known: Mapping[str, Regime], problems: Problems) -> None:
    """The regime of every request, and those people are asked about beside it: each once, and each askable."""
    expected = "one of: " + ", ".join(sorted(known))
    if general.regime not in known:
        problems.add(("regime",), "wrong", expected=expected)
    for index, key in enumerate(general.other_regimes):
        at = ("other_regimes", index)
        earlier = [general.regime, *general.other_regimes[:index]]
        if key not in known:
            problems.add(at, "wrong", expected=expected)
        elif key in earlier:
            first = earlier.index(key)
            problems.add(at, "duplicate", other=f"other_regimes[{first - 1}]" if first else "regime")
        elif known[key].declaration is None:
            problems.add(at, "never_asked")


def days_differ(holidays: Iterable[shapes.HolidayShape], at: KeyPath, problems: Problems) -> None:
    """Note a day that is written twice."""
    first: dict[date, int] = {}
    for index, holiday in enumerate(holidays):
        if holiday.day in first:
            problems.add((*at, index, "day"), "duplicate", other=written_key((*at, first[holiday.day], "day")))
        first.setdefault(holiday.day, index)


def _mailbox_stays_here(sections: Sections, problems: Problems) -> None:
    """The demo's mailbox shows everyone's letters to whoever opens it: only this machine may (design §4.4)."""
    if not (sections.mail and sections.mail.url and sections.mail.url.startswith("mailbox:")):
        return
    exposed = (sections.web and not is_loopback(sections.web.host)) or (
        sections.site and not is_loopback(site_host(sections.site.url))
    )
    if exposed:
        problems.add(("mail", "url"), "mailbox_host")


def _processes_share_counters(sections: Sections, problems: Problems) -> None:
    """Counters in memory would let each process allow as much as one should (performance.md §1)."""
    if sections.web and sections.limits and sections.web.processes > 1 and sections.limits.url is None:
        problems.add(("web", "processes"), "several_processes")


def _ledger_is_apart(sections: Sections, folder: Path, problems: Problems) -> None:
    """A ledger inside the database would be restored with it, and forget what it should replay."""
    ledger = sections.ledger.url if sections.ledger else None
    if ledger is None or sections.database is None:
        return
    own = from_folder(sections.database.url, folder).removeprefix("sqlite:///")
    if from_folder(ledger, folder).removeprefix("file:").partition("?")[0] == own.partition("?")[0]:
        problems.add(("ledger", "url"), "ledger_in_database")
