"""Compiles the catalogues when the package is built, so that a wheel carries them ready."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):
    """Writes messages.mo beside each messages.po."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by the builder before files are gathered."""
        for text in Path(self.root, "translations").glob("*/LC_MESSAGES/*.po"):
            with text.open("rb") as source:
                catalogue = read_po(source, locale=f"{text.parts[-3]}_CA")
            with text.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, catalogue)
