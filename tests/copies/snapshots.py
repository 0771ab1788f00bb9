"""Whole copies, file by file, in both languages: to read, and to compare with byte for byte.

`python -m tests.copies.snapshots` writes them anew; a change of what people take away is then seen in the difference.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from sqlalchemy import update

from portal.copies.writing import write_copy
from portal.domain.languages import LANGUAGES, Language
from portal.domain.people import Person
from portal.domain.rights import Decision, Kind, Level, Withheld
from portal.services.copies import Scope, take_copy
from portal.services.decisions import Verdict, decide
from portal.services.rights import Asked, open_request
from portal.storage.request_tables import rights_requests
from tests.copies.builders import a_copy
from tests.installation import CAMILLE, Built, an_installation

FOLDER = Path(__file__).parent / "golden"

REFERENCE = "R-7F3K-9QXM-2T4W"
"""References are drawn by chance; a copy that is compared needs one that stays."""


def snapshots() -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """Each copy by the name of its folder: a person's in each language, and one with every kind of value."""
    for language in LANGUAGES:
        with TemporaryDirectory() as folder:
            yield language, of_a_person(Path(folder), language)
    yield "values", files_of(write_copy(a_copy()))


def of_a_person(folder: Path, language: Language) -> Mapping[str, bytes]:
    """The copy of somebody with an answered request that left a field and two entries out."""
    built = an_installation(folder, log_rows=14)
    try:
        person = _answered(built, language)
        taken = take_copy(built.installation, person, Scope(), language=language, now=built.clock())
        return files_of(taken)
    finally:
        built.installation.database.close()


def files_of(pieces: Iterable[bytes]) -> Mapping[str, bytes]:
    """Every file of an archive, by its name."""
    archive = ZipFile(io.BytesIO(b"".join(pieces)))
    return {name: archive.read(name) for name in archive.namelist()}


def _answered(built: Built, language: Language) -> Person:
    portal, now = built.installation, built.clock()
    with portal.database.writing() as store:
        person = store.people.ensure(CAMILLE, language=language, now=now)
        asked = Asked(Kind.ACCESS, language, Level.L2, message="…")
        request = open_request(portal, store, person, asked, form_id=None, now=now)
        here = rights_requests.c.id == request.id
        store.connection.execute(update(rights_requests).where(here).values(reference=REFERENCE))
    with portal.database.writing() as store:
        officer = store.staff.by_address("officer@example.org")
        request_now = store.requests.by_id(request.id)
        assert officer
        assert request_now
        out = tuple(_left_out(built, language))
        verdict = Verdict(Decision.PARTIALLY_GRANTED, out[0].reason, out[0].provision, out)
        decide(portal, store, officer, request_now, verdict, seen_version=request_now.version)
    return person


def _left_out(built: Built, language: Language) -> Iterator[Withheld]:
    ground = next(one for one in built.installation.grounds if one.code == "QC40_third_party")
    reason, provision = ground.reason.in_(language), ground.provision.in_(language)
    yield Withheld("account", ground.code, reason, provision, table="service.accounts", field="company")
    [account] = built.installation.sources["service"].people_matching(built.installation.data_map.people[0], CAMILLE)
    usage = built.installation.data_map.category("usage")
    assert usage
    page = built.installation.sources["service"].page(usage.tables[0], account, after=None, limit=2)
    rows = tuple((int(str(row["id"])),) for row in page.rows)
    yield Withheld("usage", ground.code, reason, provision, table="service.api_requests", rows=rows)


if __name__ == "__main__":
    shutil.rmtree(FOLDER, ignore_errors=True)
    for folder, files in snapshots():
        for name, content in files.items():
            place = FOLDER / folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
