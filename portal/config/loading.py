"""Loads portal.toml and the environment into settings, or says everything that is wrong at once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from portal.config.addresses import from_folder
from portal.config.document import text_of, tree_of
from portal.config.environment import filled
from portal.config.law_folder import law_with
from portal.config.map_building import data_map_of
from portal.config.map_checks import check_pieces
from portal.config.map_reading import Tree, read_pieces
from portal.config.officer import closed_day_of, contact_of, reminders_of, reply_of
from portal.config.problems import Problems, SettingsInvalid
from portal.config.secret_keys import secrets_of
from portal.config.sections import Sections, check_sections, read_sections
from portal.config.settings import (
    DatabaseSettings,
    ErasureSettings,
    FirstOfficer,
    LedgerSettings,
    LimitsSettings,
    MailSettings,
    Organisation,
    Secrets,
    Settings,
    SignIn,
    Site,
    SourceSettings,
    Web,
)
from portal.config.shapes import HIGHEST_PORT, SourceShape
from portal.domain.data_map import DataMap
from portal.domain.law import Law
from portal.domain.settings import Look

FILE_NAME = "portal.toml"
LEDGER = "file:erasures.ledger"
"""Where erasures are remembered unless the file says otherwise: beside it."""

Found = TypeVar("Found")

_PORT = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds the text: where it stands, the environment and the command line."""

    file: Path | None
    folder: Path
    environ: Mapping[str, str]
    web: Mapping[str, object]


def load_settings(
    path: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    *,
    host: str | None = None,
    port: int | None = None,
) -> Settings:
    """The settings of a file: `path`, else the environment's PORTAL_CONFIG, else ./portal.toml.

    `host` and `port` come from the command line and go before the file, PORT of the environment between them;
    they are checked with the rest. Raises SettingsInvalid with every problem found.
    """
    written = path or Path(environ.get("PORTAL_CONFIG") or FILE_NAME)
    problems = Problems(written.name)
    text = text_of(written, problems)
    if text is None:
        raise SettingsInvalid(problems.all())
    file = written.resolve()
    web = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    return _settings(text, _Around(file, file.parent, environ, web), problems)


def read_settings(text: str, folder: Path, environ: Mapping[str, str]) -> Settings:
    """The settings that a text says, relative files being in `folder`.

    Raises SettingsInvalid with every problem found.
    """
    return _settings(text, _Around(None, folder.resolve(), environ, {}), Problems(FILE_NAME))


def _settings(text: str, around: _Around, problems: Problems) -> Settings:
    tree = _filled_tree(text, around.environ, problems)
    if tree is None:
        raise SettingsInvalid(problems.all())
    sections = read_sections(_with_web(tree, around, problems), problems)
    law, wrong = law_with(_law_folder(sections, around))
    check_sections(sections, law, around.folder, problems)
    shape = sections.secrets
    secrets = secrets_of(shape, around.folder, around.environ, problems) if shape else None
    pieces = read_pieces(tree, problems)
    check_pieces(pieces, problems)
    if problems or wrong:
        raise SettingsInvalid((*problems.all(), *wrong))
    return _assembled(sections, secrets, data_map_of(pieces), around, law)


def _filled_tree(text: str, environ: Mapping[str, str], problems: Problems) -> Tree | None:
    tree = tree_of(text, problems)
    if tree is None:
        return None
    try:
        return {key: filled(value, environ, (key,), problems) for key, value in tree.items()}
    except RecursionError:
        problems.add((), "nested_too_deeply")
        return None


def _with_web(tree: Tree, around: _Around, problems: Problems) -> Tree:
    """The tree with the command line's host and port, else the environment's PORT, in the place of the file's."""
    web = tree.get("web", {})
    if not isinstance(web, dict):
        return tree
    return {**tree, "web": {**web, **_port_of(around.environ, problems), **around.web}}


def _port_of(environ: Mapping[str, str], problems: Problems) -> Mapping[str, int]:
    written = environ.get("PORT", "")
    if not written:
        return {}
    if not (_PORT.fullmatch(written) and 1 <= int(written) <= HIGHEST_PORT):
        problems.add(("web", "port"), "port_variable")
        return {}
    return {"port": int(written)}


def _assembled(sections: Sections, secrets: Secrets | None, data_map: DataMap, around: _Around, law: Law) -> Settings:
    """Settings from sections in which no problem was found: each of them is there."""
    general, site, web = _found(sections.general), _found(sections.site), _found(sections.web)
    contact, mail = _found(sections.privacy_contact), _found(sections.mail)
    sign_in, limits = _found(sections.sign_in), _found(sections.limits)
    return Settings(
        file=around.file,
        folder=around.folder,
        languages=tuple(general.languages),
        timezone=general.timezone,
        zone=ZoneInfo(general.timezone),
        regime=general.regime,
        sells=general.sells,
        site=Site(url=site.url),
        web=Web(host=web.host, port=web.port, processes=web.processes, trusted_proxies=tuple(web.trusted_proxies)),
        secrets=_found(secrets),
        organisation=Organisation(name=_found(sections.organisation).name.text()),
        privacy_contact=contact_of(contact),
        database=DatabaseSettings(url=from_folder(_found(sections.database).url, around.folder)),
        limits=LimitsSettings(
            url=limits.url,
            open_requests=limits.open_requests,
            kept_megabytes=limits.kept_megabytes,
            copies_at_once=limits.copies_at_once,
        ),
        mail=MailSettings(
            sender=mail.sender or contact.email,
            url=mail.url,
            notices_per_minute=mail.notices_per_minute,
            bounces=mail.bounces,
        ),
        sign_in=SignIn(doors=tuple(sign_in.doors), email=sign_in.email),
        sources=tuple(_source(shape, around.folder) for shape in sections.sources),
        data_map=data_map,
        holidays=tuple(closed_day_of(shape) for shape in sections.holidays),
        look=Look(accent=_found(sections.look).accent),
        four_eyes=_found(sections.approval).four_eyes,
        two_people=_found(sections.approval).two_people,
        reminders=reminders_of(_found(sections.reminders)),
        replies=tuple(reply_of(shape) for shape in sections.replies),
        erasure=ErasureSettings(wait=_found(sections.erasure).wait),
        ledger=LedgerSettings(url=_ledger(sections, around.folder)),
        first_officer=_first_officer(sections),
        other_regimes=tuple(general.other_regimes),
        law=law,
        own_law=general.law or "",
    )


def _law_folder(sections: Sections, around: _Around) -> Path | None:
    """The operator's own rows of the law, beside the settings."""
    named = sections.general.law if sections.general else None
    return around.folder / named if named else None


def _found(section: Found | None) -> Found:
    """A piece that is there because no problem was noted; its absence without one would be our own fault."""
    if section is None:
        raise RuntimeError("a section is absent although no problem was noted")
    return section


def _first_officer(sections: Sections) -> FirstOfficer | None:
    shape = sections.first_officer
    return FirstOfficer(shape.email, shape.language) if shape else None


def _source(shape: SourceShape, folder: Path) -> SourceSettings:
    secret = shape.secret.get_secret_value().encode() if shape.secret else b""
    return SourceSettings(shape.id, shape.kind, from_folder(shape.url, folder), secret, shape.allow_private)


def _ledger(sections: Sections, folder: Path) -> str:
    return from_folder(_found(sections.ledger).url or LEDGER, folder)
