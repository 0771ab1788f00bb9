"""A backup of the portal's own database as one file, and putting it back without bringing anybody back (law.md §7).

The file is a ZIP: the database as it was at one instant, and `backup.json`, which says of what and how far the erasure
ledger had come. The ledger itself is never in it and never overwritten: it must know more than any backup.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from portal import __version__
from portal.domain.audit import Actor
from portal.domain.ledger import Begun, Head, LedgerCut, OtherLedger, RequestNoted, keys_by_id, proved
from portal.domain.rights import RequestEvent
from portal.services import replay
from portal.services.installation import Installation
from portal.storage import backups, schema
from portal.storage.backups import CannotCopy
from portal.storage.store import Store

__all__ = ["BadBackup", "CannotCopy", "Manifest", "back_up", "finish", "opened", "put_back"]

DATABASE, MANIFEST = "database", "backup.json"
BLOCK = 1 << 20


class BadBackup(Exception):
    """The file is no backup of this installation that can be put back. `why` is one of its reasons."""

    NOT_ONE = "not_one"
    HARMED = "harmed"
    OTHER_KIND = "other_kind"
    NEWER = "newer"

    def __init__(self, why: str) -> None:
        """Keep why."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: datetime
    kind: str
    schema: str
    installation: str
    head: Head | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Finished:
    """What replaying came to: people and rows erased again, and requests received after the backup."""

    people: int
    rows: int
    lost: tuple[RequestNoted, ...]


def back_up(portal: Installation, file: Path, *, now: datetime) -> Manifest:
    """Write a backup into a new file, its owner's alone, whole before it has that name, and read it through once more.

    Raises:
        FileExistsError: there is a file of that name; none is ever overwritten.
        CannotCopy: there is no room, no right, or PostgreSQL's own program is missing.
    """
    if file.exists():
        raise FileExistsError(file)
    part = file.with_name(f"{file.name}.part")
    try:
        with TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
            copy = Path(folder) / DATABASE
            taken = backups.take(portal.database, copy)
            manifest = Manifest(now, taken.kind, taken.schema, taken.installation, taken.head, _sha256(copy))
            _write(part, copy, manifest)
        with opened(portal, part):
            part.rename(file)
    except OSError as error:
        raise CannotCopy(os.strerror(error.errno or 0)) from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


@contextmanager
def opened(portal: Installation, file: Path) -> Iterator[tuple[Manifest, Path]]:
    """What a backup says of itself, and its database in a file that goes with the block, proved to be whole.

    Raises:
        BadBackup: it is none, was harmed, fits another kind of database, or was made by a newer version.
    """
    folder = portal.settings.folder
    with TemporaryDirectory(dir=folder, prefix=".restore-") as name:
        copy = Path(name) / DATABASE
        try:
            with zipfile.ZipFile(file) as backup:
                manifest = _read(json.loads(backup.read(MANIFEST)))
                with backup.open(DATABASE) as source, copy.open("xb") as target:
                    copy.chmod(0o600)
                    shutil.copyfileobj(source, target, BLOCK)
        except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, NotImplementedError) as error:
            raise BadBackup(BadBackup.NOT_ONE) from error
        if _sha256(copy) != manifest.sha256:
            raise BadBackup(BadBackup.HARMED)
        if manifest.kind != backups.kind_of(portal.database):
            raise BadBackup(BadBackup.OTHER_KIND)
        if manifest.schema > schema.head():
            raise BadBackup(BadBackup.NEWER)
        yield manifest, copy


def prove_ledger(portal: Installation, manifest: Manifest) -> None:
    """See that the ledger is this installation's, as it was written, and knows at least what the backup knew.

    Raises:
        LedgerRefused: it does not, and nothing may be put back.
    """
    known = manifest.head
    last: Head | None = None
    for entry in proved(portal.ledger.lines(), keys_by_id(portal.keys)):
        if isinstance(entry.fact, Begun) and entry.fact.installation != manifest.installation:
            raise OtherLedger
        if known and entry.number == known.number and entry.head != known:
            raise OtherLedger
        last = entry.head
    if known and (last is None or last.number < known.number):
        raise LedgerCut(known.number)


def put_back(
    portal: Installation, manifest: Manifest, copy: Path, *, now: datetime, without_ledger: bool = False
) -> Path | None:
    """Put a backup's database in the place of the present one, closed until `finish`. Nobody else may use it meanwhile.

    Everybody is signed out, and no code or link of before works any more: what was ended or used since would not be.

    Gives where the SQLite file that was there lies now.

    Raises:
        CannotCopy: what was there is there still.
    """
    aside = backups.put(portal.database, copy)
    if manifest.schema != schema.head():
        schema.upgrade(portal.database.engine)
    with portal.database.writing() as store:
        store.sessions.end_every(now)
        store.codes.kill_every(now)
        store.tokens.use_every(now)
        if without_ledger:
            store.ledger.begin_anew()
        store.ledger.to_replay(manifest.head.number if manifest.head and not without_ledger else 0)
    return aside


def finish(portal: Installation, *, now: datetime) -> Finished | None:
    """Erase again whoever was erased since the backup, keep what the ledger knows of requests, and open the portal.

    None when no backup waits for it. Idempotent: killed in the middle, it is done again from its beginning.

    Raises:
        SourceUnavailable, SourceRefused, LedgerRefused: the portal stays closed; what was done stays done.
    """
    with portal.database.reading() as store:
        number = store.ledger.replay_after()
    if number is None:
        return None
    people = rows = 0
    erased = replay.remembered(portal, beyond=number)
    for back in list(replay.people_back(portal, erased, now=now)):
        rows += replay.erase_again(portal, back, now=now)
        people += 1
    noted = replay.requests_noted(portal, beyond=number)
    with portal.database.writing() as store:
        _say_what_was_erased(store, {one.reference for one in erased.values()}, now)
        store.lost_requests.add([one for one in noted if store.requests.by_reference(one.reference) is None])
        lost = tuple(store.lost_requests.all())
        store.ledger.replayed()
    return Finished(people, rows, lost)


def _say_what_was_erased(store: Store, references: set[str], now: datetime) -> None:
    """On a request whose decision the backup did not know yet, that its erasure was carried out nevertheless."""
    for reference in sorted(references):
        request = store.requests.by_reference(reference)
        if request and store.erasures.of_request(request.id) is None:
            store.requests.happened(request.id, RequestEvent.ERASED_BEFORE, actor=Actor.SYSTEM, actor_id=None, now=now)


def _write(file: Path, copy: Path, manifest: Manifest) -> None:
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as handle:
        with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as backup:
            backup.write(copy, DATABASE)
            backup.writestr(MANIFEST, json.dumps(_as_json(manifest), indent=2))
        handle.flush()
        os.fsync(handle.fileno())


def _as_json(manifest: Manifest) -> dict[str, Any]:
    return {
        "made_at": manifest.made_at.isoformat(),
        "version": __version__,
        "kind": manifest.kind,
        "schema": manifest.schema,
        "installation": manifest.installation,
        "ledger": {"number": manifest.head.number, "seal": manifest.head.seal} if manifest.head else None,
        "sha256": manifest.sha256,
    }


def _read(said: dict[str, Any]) -> Manifest:
    ledger = said["ledger"]
    return Manifest(
        made_at=datetime.fromisoformat(said["made_at"]),
        kind=str(said["kind"]),
        schema=str(said["schema"]),
        installation=str(said["installation"]),
        head=Head(int(ledger["number"]), str(ledger["seal"])) if ledger else None,
        sha256=str(said["sha256"]),
    )


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
