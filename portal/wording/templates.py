"""Templates outside pages: letters and the copy's page, with the words of one language and no way to hide a missing fact."""

from __future__ import annotations

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from portal.domain.languages import Language
from portal.resources import templates_folder
from portal.wording.catalogue import for_language


def environment_of(folder: str, language: Language) -> Environment:
    """The templates of one folder, in one language: HTML is escaped, text is not, an unknown name is an error."""
    environment = Environment(
        loader=FileSystemLoader(templates_folder() / folder),
        autoescape=select_autoescape(("html",), default_for_string=False),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    translations = for_language(language).translations
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    return environment
