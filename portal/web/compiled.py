"""Templates compiled once for all starts: Jinja takes longer to compile a page than the portal to make it."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from jinja2 import BytecodeCache, FileSystemBytecodeCache
from jinja2.bccache import Bucket

from portal import __version__

FOLDER = "templates.compiled"


def compiled_templates(data: Path) -> BytecodeCache | None:
    """A cache in the data folder, which may be emptied at any time; None where nothing can be kept from others.

    What is read from it is run: nobody but the portal's own user may write there, as with its keys.
    """
    folder = data / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
    return _Compiled(str(folder)) if is_ours else None


class _Compiled(FileSystemBytecodeCache):
    def get_source_checksum(self, source: str) -> str:
        """What a compiled template must agree with to be used: its text, and the release that compiles."""
        return super().get_source_checksum(f"{__version__}\n{source}")

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one; a full disk keeps no page from being shown."""
        with suppress(OSError):
            super().dump_bytecode(bucket)
