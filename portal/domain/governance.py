"""The sections governance policies and practices usually have, and what P-39.1, s. 3.2 asks them to say."""

from __future__ import annotations

from portal.domain.languages import Text
from portal.domain.policy_parts import Part
from portal.domain.policy_sections import USUAL_SECTIONS, UsualSection


def _section(key: str, french: str, english: str, known_fr: str, known_en: str) -> UsualSection:
    return UsualSection(key, Text(fr=french, en=english), Text(fr=known_fr, en=known_en))


_SHARED = {section.key: section for section in USUAL_SECTIONS}

GOVERNANCE_SECTIONS: tuple[UsualSection, ...] = (
    # The order is that of the text.
    _SHARED["introduction"],
    _section(
        "roles",
        "Rôles et responsabilités du personnel",
        "Roles and responsibilities of our staff",
        r"\broles?\b|responsabilites|membres? d(u|e notre) personnel|qui fait quoi",
        r"\broles?\b|responsibilit|\bstaff\b|employees|who does what",
    ),
    _section(
        "keeping",
        "Conservation et destruction",
        "Keeping and destruction",
        r"conserv|destruction|detrui|anonymis|calendrier|duree",
        r"\bkeep|retention|retain|destruction|destroy|anonymi|schedule",
    ),
    _SHARED["security"],
    _section(
        "assessments",
        "Évaluation des facteurs relatifs à la vie privée",
        "Privacy impact assessments",
        r"evaluation|facteurs relatifs|efvp",
        r"impact assessment|\bpia\b",
    ),
    _section(
        "training",
        "Formation et sensibilisation",
        "Training and awareness",
        r"formation|sensibilis",
        r"training|awareness",
    ),
    _SHARED["requests"],
    _section(
        "complaints",
        "Traitement des plaintes",
        "How we handle complaints",
        r"plainte|insatisf",
        r"complain",
    ),
    _SHARED["incidents"],
    _section(
        "review",
        "Approbation et révision",
        "Approval and review",
        r"approb|revision|mises? a jour|modifi",
        r"approv|review|updat|chang",
    ),
    _SHARED["contact"],
)


def _part(key: str, french: str, english: str, known_fr: str, known_en: str, *, by_section: bool = True) -> Part:
    return Part(key, Text(fr=french, en=english), key, Text(fr=known_fr, en=known_en), by_section)


GOVERNANCE_PARTS: tuple[Part, ...] = (
    _part(
        "roles",
        "les rôles et les responsabilités des membres du personnel tout au long du cycle de vie des renseignements",
        "the roles and responsibilities of staff throughout the life cycle of the information",
        r"cycle de vie",
        r"life ?cycle",
    ),
    _part(
        "keeping",
        "l’encadrement de la conservation et de la destruction des renseignements",
        "the framework for keeping and destroying the information",
        r"conserv.*detrui|conserv.*destruction",
        r"keep.*destr|retain.*destr|retention.*destr",
    ),
    _part(
        "complaints",
        "le processus de traitement des plaintes",
        "the process for dealing with complaints",
        r"plainte",
        r"complain",
    ),
    _part(
        "review",
        "l’approbation par la personne responsable",
        "the approval of the person in charge",
        r"approuv|approb",
        r"approv",
        by_section=False,
    ),
    _part(
        "contact",
        "la fonction et les coordonnées de la personne responsable",
        "the title and contact information of the person in charge",
        r"\{\{ *contact\.(title|email)|responsable de la protection",
        r"\{\{ *contact\.(title|email)|person in charge|privacy officer",
        by_section=False,
    ),
)
"""What the published information on governance must say (P-39.1, ss. 3.1 and 3.2), in the order of the text."""
