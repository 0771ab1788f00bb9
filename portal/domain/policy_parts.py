"""The parts the law asks of every policy, and whether a text has them.

They are those of P-39.1, ss. 3.1, 3.2, 8, 8.1, 8.2, 12.1, 27, 28.1 and 32, and of the Commission's guide (law.md §9.1).
A part is there when a section of its own is, or the words nobody can say it without.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.domain.languages import Language, Text
from portal.domain.policy_sections import folded

NAME = "organisation"
"""The part that the organization's own name says, when it stands in the text."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something a policy must say: where it is said in the starting text, and the words it is recognised by.

    `by_section`: a section of that key is enough, whatever its words.
    """

    key: str
    label: Text
    section: str
    known_by: Text
    by_section: bool = True


def _part(key: str, french: str, english: str, section: str, known_fr: str, known_en: str, **more: bool) -> Part:
    return Part(key, Text(fr=french, en=english), section, Text(fr=known_fr, en=known_en), **more)


PARTS: tuple[Part, ...] = (
    _part(
        NAME,
        "le nom de votre organisation",
        "the name of your organization",
        "introduction",
        r"\{\{ *organisation\.name *\}\}",
        r"\{\{ *organisation\.name *\}\}",
        by_section=False,
    ),
    _part(
        "collected",
        "les renseignements que vous recueillez",
        "the information you collect",
        "collected",
        r"recueill|collect",
        r"collect",
    ),
    _part(
        "means",
        "les moyens par lesquels vous les recueillez",
        "how you collect it",
        "means",
        r"moyens? suivants|formulaire|par telephone",
        r"these means|following means|forms?\b|by phone",
    ),
    _part(
        "cookies",
        "les témoins et les technologies de suivi, et comment les activer",
        "cookies and tracking technologies, and how to turn them on",
        "cookies",
        r"temoin|profilage",
        r"cookie|profil",
    ),
    _part("uses", "à quoi servent les renseignements", "what the information is for", "uses", r"\bfins\b", r"purpose"),
    _part(
        "withdrawal",
        "le droit de retirer son consentement",
        "the right to withdraw consent",
        "uses",
        r"retir\w+ (\w+ ){0,3}consentement|retrait d\w+ (\w+ )?consentement|\ble retirer\b|vous pouvez retirer",
        r"withdraw",
        by_section=False,
    ),
    _part(
        "access",
        "qui y a accès chez vous",
        "who sees it inside your organization",
        "access",
        r"membres? d(u|e notre) personnel|employe",
        r"\bstaff\b|employees",
    ),
    _part(
        "sharing",
        "à qui vous les communiquez",
        "who receives it",
        "sharing",
        r"\btiers\b|fournisseur",
        r"third part|third person|provider",
    ),
    _part(
        "outside-quebec",
        "ce qui peut sortir du Québec",
        "what may leave Québec",
        "outside-quebec",
        r"(exterieur|hors) d?u? ?quebec|exterieur du canada",
        r"outside (of )?(quebec|canada)",
    ),
    _part(
        "retention",
        "combien de temps vous les conservez",
        "how long you keep it",
        "retention",
        r"conserv",
        r"\bkeep|retain",
    ),
    _part(
        "security",
        "comment vous les protégez",
        "how you protect it",
        "security",
        r"mesures? de securite|proteg",
        r"security|protect",
    ),
    _part(
        "rights",
        "les droits d’accès et de rectification",
        "the rights of access and correction",
        "rights",
        r"rectif|corriger",
        r"correct|rectif",
        by_section=False,
    ),
    _part(
        "portability",
        "la portabilité des renseignements",
        "the portability of information",
        "rights",
        r"portabilite|format technologique",
        r"portab|technological format",
        by_section=False,
    ),
    _part(
        "deindexing",
        "le droit de faire cesser la diffusion ou de désindexer",
        "the right to stop dissemination or to de-index",
        "rights",
        r"desindex|cesser (de diffuser|la diffusion)",
        r"de-?index|(stop|cease) disseminat",
        by_section=False,
    ),
    _part(
        "automated",
        "les décisions automatisées",
        "automated decisions",
        "rights",
        r"automatis",
        r"automated",
        by_section=False,
    ),
    _part(
        "children",
        "les personnes de moins de 14 ans",
        "people under 14",
        "children",
        r"\b14 ans|quatorze ans",
        r"under 14|age of 14|14 years|fourteen",
        by_section=False,
    ),
    _part(
        "requests",
        "le délai de réponse de 30 jours",
        "the time limit of 30 days to answer",
        "requests",
        r"\b30 jours|trente",
        r"\b30 days|thirty",
        by_section=False,
    ),
    _part(
        "recourse",
        "le recours à la Commission d’accès à l’information",
        "the recourse to the Commission d’accès à l’information",
        "recourse",
        r"commission d.acces",
        r"commission d.acces",
        by_section=False,
    ),
    _part(
        "complaints", "le traitement des plaintes", "how complaints are handled", "complaints", r"plainte", r"complain"
    ),
    _part(
        "changes",
        "comment vous annoncez les modifications",
        "how you announce changes",
        "changes",
        r"modifi",
        r"chang|amend",
    ),
    _part(
        "contact",
        "le titre et les coordonnées de la personne responsable",
        "the title and contact information of the person in charge",
        "contact",
        r"\{\{ *contact\.(title|email)|responsable de la protection",
        r"\{\{ *contact\.(title|email)|person in charge|privacy officer",
        by_section=False,
    ),
)
"""What every policy must say, in the order of a policy."""


OF_QUEBEC = frozenset({"deindexing", "children", "requests", "recourse"})
"""The parts whose words are those of Québec's Act: its fourteen years, its thirty days, its Commission."""


def asked_under(regime: str, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts a law asks for; what Québec's Act alone words so is asked under no other."""
    return tuple(part for part in parts if regime == "qc_p391" or part.key not in OF_QUEBEC)


def missing_parts(
    sections: Mapping[str, str], language: Language, *, organisation: Text, parts: Sequence[Part] = PARTS
) -> tuple[Part, ...]:
    """What a text in one language does not say, of what the law asks.

    `sections`: by key, the words of each. `organisation`: its name, which may stand in the text as it is. `parts`: what
    the law asks of the document.
    """
    said = folded("\n".join(sections.values()))
    return tuple(part for part in parts if not _is_said(part, sections, said, language, organisation))


def _is_said(part: Part, sections: Mapping[str, str], said: str, language: Language, organisation: Text) -> bool:
    if part.by_section and sections.get(part.section, "").strip():
        return True
    if part.key == NAME and folded(organisation.in_(language)) in said:
        return True
    return re.search(part.known_by.in_(language), said) is not None
