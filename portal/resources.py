"""Finds the files that travel with the program, whether it is installed from a wheel or run from a checkout.

In a wheel, the folders that stand beside the package in a checkout lie in `portal/_bundled`.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


class ResourceMissing(Exception):
    """A folder that every installation has is not there: the installation is incomplete."""

    def __init__(self, name: str) -> None:
        """Keep the folder's name, for the sentence the operator reads."""
        super().__init__(f"This installation is incomplete: its folder {name} is missing. Install the portal again.")
        self.name = name


def migrations_folder() -> Path:
    """Where the numbered revisions of the portal's own schema lie. Raises ResourceMissing."""
    return _beside_or_bundled("migrations")


def translations_folder() -> Path:
    """Where the gettext catalogues lie, one folder per language. Raises ResourceMissing."""
    return _beside_or_bundled("translations")


def templates_folder() -> Path:
    """Where the templates of pages and letters lie. Raises ResourceMissing."""
    return _inside("templates")


def static_folder() -> Path:
    """Where style sheets, scripts and pictures lie. Raises ResourceMissing."""
    return _inside("static")


def demo_policies_folder() -> Path:
    """Where the demo's policy folders lie, one folder per document. Raises ResourceMissing."""
    return _inside("demo/policies")


def _inside(name: str) -> Path:
    return _existing(_PACKAGE / name, name)


def _beside_or_bundled(name: str) -> Path:
    """The bundled folder wins: an installed package may stand beside a stranger's folder of the same name."""
    bundled = _PACKAGE / "_bundled" / name
    return bundled if bundled.is_dir() else _existing(_PACKAGE.parent / name, name)


def _existing(folder: Path, name: str) -> Path:
    if not folder.is_dir():
        raise ResourceMissing(name)
    return folder
