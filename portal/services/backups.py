"""A backup of the portal's own database as one file, and putting it back without bringing anybody back (law.md §7).

The file is a ZIP: the database as it was at one instant, and `backup.json`, which says of what and how far the erasure
ledger had come, sealed with a key of the installation. Whoever restores runs what is in the file, so that nothing of it is
used before it is proved to be what this portal wrote. The ledger itself is never in it and never overwritten: it must know
more than any backup.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from portal import __version__
from portal.domain.audit import Actor
from portal.domain.ledger import Head, RequestNoted
from portal.domain.rights import RequestEvent
from portal.services import ledger, replay
from portal.services.installation import Installation
from portal.services.replay import Back
from portal.storage import backups, schema
from portal.storage.backups import CannotCopy
from portal.storage.store import Store

__all__ = ["BadBackup", "CannotCopy", "Manifest", "as_written", "back_up", "finish", "opened", "put_back"]

DATABASE, MANIFEST = "database", "backup.json"
BLOCK = 1 << 20
LARGEST_MANIFEST = 65_536
WRITTEN_HOW = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})

USE = "backup"
"""What the keys of backups are derived for (domain.keys)."""

_NO_ZIP_OF_OURS = (
    zipfile.BadZipFile,
    zlib.error,
    LookupError,
    ValueError,
    TypeError,
    ArithmeticError,
    EOFError,
    RuntimeError,  # a member under a password, or JSON of any depth
)


class BadBackup(Exception):
    """The file is no backup of this installation that can be put back. `why` is one of its reasons."""

    NOT_ONE = "not_one"
    NOT_OURS = "not_ours"
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
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Finished:
    """What replaying came to: people and rows erased again, whoever may be somebody else, requests received after the backup."""

    people: int
    rows: int
    doubtful: tuple[Back, ...]
    lost: tuple[RequestNoted, ...]


def back_up(portal: Installation, file: Path, *, now: datetime) -> Manifest:
    """Write a backup into a new file, its owner's alone, whole before it has that name, and read it through once more.

    Raises:
        FileExistsError: there is a file of that name; none is ever overwritten.
        CannotCopy: there is no room, no right, or PostgreSQL's own program is missing.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        if file.exists():
            raise FileExistsError(file)
        with TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
            copy = Path(folder) / DATABASE
            taken = backups.take(portal.database, copy)
            manifest = _manifest(taken, copy, now)
            _write(part, copy, as_written(portal, manifest))
        with opened(portal, part):
            part.rename(file)
    except FileExistsError:
        raise
    except OSError as error:
        raise CannotCopy(os.strerror(error.errno or 0)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return manifest


@contextmanager
def opened(portal: Installation, file: Path) -> Iterator[tuple[Manifest, Path]]:
    """What a backup says of itself, and its database in a file that goes with the block, proved to be whole and ours.

    Raises:
        BadBackup: it is none, was harmed, is not this portal's, fits another kind of database, or a newer version made it.
        CannotCopy: there is no room for it.
    """
    if file.exists() and not file.is_file():
        raise BadBackup(BadBackup.NOT_ONE)
    with file.open("rb") as handle, TemporaryDirectory(dir=portal.settings.folder, prefix=".restore-") as name:
        copy = Path(name) / DATABASE
        try:
            with zipfile.ZipFile(handle) as backup:
                manifest = _read(portal, backup)
                _refuse_unfit(portal, manifest)
                _unpack(backup, copy, manifest.size)
        except _NO_ZIP_OF_OURS as error:
            raise BadBackup(BadBackup.NOT_ONE) from error
        except OSError as error:
            raise CannotCopy(os.strerror(error.errno or 0)) from error
        if _sha256(copy) != manifest.sha256:
            raise BadBackup(BadBackup.HARMED)
        yield manifest, copy


def _refuse_unfit(portal: Installation, manifest: Manifest) -> None:
    if manifest.kind != backups.kind_of(portal.database):
        raise BadBackup(BadBackup.OTHER_KIND)
    if manifest.schema > schema.head():
        raise BadBackup(BadBackup.NEWER)


def _unpack(backup: zipfile.ZipFile, copy: Path, size: int) -> None:
    """Write the database into a file, no further than its size: a small archive may hold more than any disk does."""
    copy.touch(mode=0o600)
    with backup.open(DATABASE) as source, copy.open("r+b") as target:
        while size > 0 and (block := source.read(min(BLOCK, size))):
            target.write(block)
            size -= len(block)
        if size > 0 or source.read(1):
            raise BadBackup(BadBackup.HARMED)


def prove_ledger(portal: Installation, manifest: Manifest) -> None:
    """See that the ledger is this installation's, as it was written, and knows at least what the backup knew.

    Raises:
        LedgerRefused: it does not, and nothing may be put back.
    """
    for _ in ledger.entries_known(portal, manifest.head, manifest.installation):
        pass


def put_back(portal: Installation, manifest: Manifest, copy: Path, *, without_ledger: bool = False) -> Path | None:
    """Put a backup's database in the place of the present one, closed until `finish`. Nobody else may use it meanwhile.

    Gives where the SQLite file that was there lies now.

    Raises:
        CannotCopy: what was there is there still.
    """
    known = manifest.head.number if manifest.head and not without_ledger else 0
    aside = backups.put(portal.database, copy, replay_after=known)
    if manifest.schema != schema.head():
        schema.upgrade(portal.database.engine)
    if without_ledger:
        with portal.database.writing() as store:
            store.ledger.begin_anew()
    return aside


def finish(portal: Installation, *, now: datetime) -> Finished | None:
    """Erase again whoever was erased since the backup, keep what the ledger knows of requests, and open the portal.

    Everybody is signed out, and no code or link of before works any more: what was ended or used since would not be.

    None when no backup waits for it. Idempotent: killed in the middle, it is done again from its beginning.

    Raises:
        SourceUnavailable, SourceRefused, LedgerRefused: the portal stays closed; what was done stays done.
    """
    with portal.database.reading() as store:
        number = store.ledger.replay_after()
    if number is None:
        return None
    erased = replay.remembered(portal, beyond=number)
    found = list(replay.people_back(portal, erased, now=now))
    certain = [back for back in found if back.certain]
    rows = sum(replay.erase_again(portal, back, now=now) for back in certain)
    noted = replay.requests_noted(portal, beyond=number)
    with portal.database.writing() as store:
        _say_what_was_erased(store, {one.reference for one in erased.values()}, now)
        store.lost_requests.add([one for one in noted if store.requests.by_reference(one.reference) is None])
        lost = tuple(store.lost_requests.all())
        store.sessions.end_every(now)
        store.codes.kill_every(now)
        store.tokens.use_every(now)
        store.ledger.replayed()
    return Finished(len(certain), rows, tuple(back for back in found if not back.certain), lost)


def _say_what_was_erased(store: Store, references: set[str], now: datetime) -> None:
    """On a request whose decision the backup did not know yet, that its erasure was carried out nevertheless."""
    for reference in sorted(references):
        request = store.requests.by_reference(reference)
        if request and store.erasures.of_request(request.id) is None:
            store.requests.happened(request.id, RequestEvent.ERASED_BEFORE, actor=Actor.SYSTEM, actor_id=None, now=now)


def _write(file: Path, copy: Path, manifest: str) -> None:
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as handle:
        with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as backup:
            backup.write(copy, DATABASE)
            backup.writestr(MANIFEST, manifest)
        handle.flush()
        os.fsync(handle.fileno())


def _manifest(taken: backups.Taken, copy: Path, now: datetime) -> Manifest:
    return Manifest(now, taken.kind, taken.schema, taken.installation, taken.head, copy.stat().st_size, _sha256(copy))


def as_written(portal: Installation, manifest: Manifest) -> str:
    """What a backup says of itself as it stands in the file, with the seal that proves it to be this portal's."""
    said = {
        "made_at": manifest.made_at.isoformat(),
        "version": __version__,
        "kind": manifest.kind,
        "schema": manifest.schema,
        "installation": manifest.installation,
        "ledger": {"number": manifest.head.number, "seal": manifest.head.seal} if manifest.head else None,
        "size": manifest.size,
        "sha256": manifest.sha256,
    }
    return json.dumps({**said, "seal": _seal(portal.keys.for_(USE), said)}, indent=2)


def _read(portal: Installation, backup: zipfile.ZipFile) -> Manifest:
    members = [backup.getinfo(name) for name in (DATABASE, MANIFEST)]
    if members[1].file_size > LARGEST_MANIFEST or not {one.compress_type for one in members} <= WRITTEN_HOW:
        raise BadBackup(BadBackup.NOT_ONE)
    said: dict[str, Any] = json.loads(backup.read(MANIFEST))
    seal, known = str(said.pop("seal")), said["ledger"]
    if not any(hmac.compare_digest(_seal(key, said), seal) for key in portal.keys.all_for(USE)):
        raise BadBackup(BadBackup.NOT_OURS)
    return Manifest(
        made_at=datetime.fromisoformat(said["made_at"]),
        kind=str(said["kind"]),
        schema=str(said["schema"]),
        installation=str(said["installation"]),
        head=Head(int(known["number"]), str(known["seal"])) if known else None,
        size=int(said["size"]),
        sha256=str(said["sha256"]),
    )


def _seal(key: bytes, said: dict[str, Any]) -> str:
    return hmac.digest(key, json.dumps(said, sort_keys=True).encode(), "sha256").hex()


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
