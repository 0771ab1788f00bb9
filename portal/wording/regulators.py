"""Who watches over each law, as staff name it in a heading: in few words, with its article."""

from __future__ import annotations

from portal.domain.languages import Language
from portal.domain.regimes import RecourseBody
from portal.wording.catalogue import for_language


def regulator_name(body: RecourseBody, language: Language) -> str:
    """The regulator of a law, with its article; one the operator added goes by its whole name."""
    words = for_language(language)
    named = {
        "cai": words.gettext("the Commission"),
        "opc": words.gettext("the Privacy Commissioner of Canada"),
        "eu_authority": words.gettext("the supervisory authority"),
        "us_ca_agency": words.gettext("the authorities of California"),
        "unnamed": words.gettext("the competent authority"),
    }
    return named.get(body.key) or body.name.in_(language)


def file_heading(body: RecourseBody, language: Language) -> str:
    """What the file of a request is called: it is for the regulator of its law, not for one of another law."""
    return for_language(language).gettext("File for %(regulator)s", regulator=regulator_name(body, language))


def organisation_file_heading(body: RecourseBody, language: Language) -> str:
    """What the file of the organization is called, after the regulator of the law it answers to first."""
    return for_language(language).gettext(
        "File of the organization for %(regulator)s", regulator=regulator_name(body, language)
    )
