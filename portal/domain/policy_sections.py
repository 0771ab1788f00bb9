"""The sections policies usually have, known by their headings in both languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal.domain.languages import Language, Text

LONGEST_HEADING = 200
"""Characters of a heading; what is longer is a paragraph."""


@dataclass(frozen=True, slots=True)
class UsualSection:
    """A section policies usually have: its key, its usual title, and the words its headings are known by."""

    key: str
    title: Text
    known_by: Text


def _section(key: str, french: str, english: str, known_fr: str, known_en: str) -> UsualSection:
    return UsualSection(key, Text(fr=french, en=english), Text(fr=known_fr, en=known_en))


USUAL_SECTIONS: tuple[UsualSection, ...] = (
    # The order is that of a policy.
    _section(
        "introduction",
        "Introduction",
        "Introduction",
        r"^introduction|^preambule|^apercu|^objet|^portee|^champ d.application|^a propos|^notre engagement$|^qui nous sommes|^bienvenue",
        r"^introduction|^preamble|^overview|^scope|^about|^our commitment$|^who we are|^welcome",
    ),
    _section(
        "collected",
        "Renseignements recueillis",
        "Information we collect",
        r"(renseignement|donnee|information)s?\b.*(recueill|collect|detenu|detenons)|(recueill|collect)\w*.*(renseignement|donnee|information)|^collecte",
        r"(information|data)\b.*(collect|gather|hold)|(collect|gather)\w*.*(information|data)|^collection",
    ),
    _section(
        "means",
        "Moyens de collecte",
        "How we collect it",
        r"moyens? (de|utilises)|comment .*(recueill|collect|obten)|methodes? de collecte|sources?\b",
        r"how .*(collect|gather|obtain)|means of|methods? of|sources? of",
    ),
    _section(
        "cookies",
        "Témoins et technologies de suivi",
        "Cookies and tracking technologies",
        r"temoin|cookie|suivi|pistage|profilage|geolocalis|balise|mesure d.audience",
        r"cookie|tracking|profiling|geolocation|beacon|analytics|pixel",
    ),
    _section(
        "uses",
        "Fins de l’utilisation",
        "Why we use it",
        r"utilis|\bfins?\b|finalite|pourquoi|usage",
        r"\bus(e|es|ing)\b|\bused\b|why|purpose",
    ),
    _section("consent", "Votre consentement", "Your consent", r"consentement|consentir", r"consent"),
    _section(
        "access",
        "Qui y a accès dans notre organisation",
        "Who sees it inside our organization",
        r"qui .*acces|acces .*(interne|organisation|entreprise|personnel)|membres? d(u|e notre) personnel|nos employe",
        r"who .*(sees|access)|access (inside|within|by our)|internal access|our (staff|employees)",
    ),
    _section(
        "sharing",
        "À qui nous les communiquons",
        "Who receives it",
        r"communi(cation|quons|ques)|\btiers\b|partag|divulg|fournisseur|destinataire|transmission|sous.traitan|vendons",
        r"shar(e|ing)|disclos|third.part|third person|service provider|recipient|who receives|\bsell",
    ),
    _section(
        "transfer",
        "Transaction commerciale",
        "Business transfer",
        r"transaction commerciale|fusion|vente de (notre|l.)|acquisition",
        r"business (transfer|transaction)|merger|acquisition|sale of (our|the)",
    ),
    _section(
        "outside-quebec",
        "À l’extérieur du Québec",
        "Outside Québec",
        r"exterieur d(u|e)|hors (du )?(quebec|canada)|etranger|transfrontalier|international",
        r"outside|cross.border|international|abroad",
    ),
    _section(
        "retention",
        "Durée de conservation",
        "How long we keep it",
        r"conserv|duree|destruction|retention|combien de temps",
        r"retention|retain|how long|\bkeep|storage|destruction",
    ),
    _section(
        "security",
        "Mesures de sécurité",
        "How we protect it",
        r"securite|protegeons|mesures? de protection|protection de vos|sauvegarde",
        r"security|safeguard|how we protect|protecting your|protection of your",
    ),
    _section(
        "incidents",
        "Incidents de confidentialité",
        "Confidentiality incidents",
        r"incident|atteinte|breche|violation",
        r"incident|breach",
    ),
    _section(
        "rights",
        "Vos droits",
        "Your rights",
        r"\bdroits?\b|rectif|portabilite|desindex|vos choix",
        r"\brights?\b|rectif|correct|portability|your choices",
    ),
    _section(
        "automated",
        "Décisions automatisées",
        "Automated decisions",
        r"automatis|intelligence artificielle",
        r"automated|artificial intelligence",
    ),
    _section(
        "children",
        "Personnes de moins de 14 ans",
        "People under 14",
        r"\b14 ans|enfant|mineur|jeunes",
        r"under (14|13|16|18)|children|child\b|minors?\b",
    ),
    _section(
        "requests",
        "Déroulement d’une demande",
        "How a request works",
        r"demande|exercer|comment .*droits|delai de reponse",
        r"requests?\b|exercis",
    ),
    _section(
        "recourse",
        "En cas de désaccord",
        "If you disagree",
        r"desaccord|recours|commission d.acces|mesentente",
        r"disagree|recourse|commission d.acces|remed",
    ),
    _section("complaints", "Plaintes", "Complaints", r"plainte|insatisf", r"complain"),
    _section(
        "changes",
        "Modifications de la politique",
        "Changes to this policy",
        r"modifi|mises? a jour|changement|revision",
        r"chang|updat|amend|revision",
    ),
    _section(
        "contact",
        "Nous joindre",
        "Contact",
        r"joindre|contact|coordonnees|responsable|questions?\b|communiquer avec nous|ecrire",
        r"contact|reach us|person in charge|privacy officer|questions?\b|write to us",
    ),
)

_WHEREVER_SAID = (
    "recourse", "complaints", "cookies", "automated", "children", "incidents", "transfer", "outside-quebec",
)  # fmt: skip
"""Sections so narrow that their word decides wherever it stands in a heading; elsewhere the first word decides."""


@lru_cache(maxsize=512)
def folded(words: str) -> str:
    """Words without accents, capitals or fine typography, for comparison."""
    letters = unicodedata.normalize("NFD", words.replace("œ", "oe").replace("\u00a0", " "))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()


def key_of_heading(title: str, language: Language, usual: Sequence[UsualSection] = USUAL_SECTIONS) -> str | None:
    """The usual section a heading announces, by its words in that language, then in the other; None when unknown."""
    words = folded(title[:LONGEST_HEADING])
    twin: Language = "en" if language == "fr" else "fr"
    for tongue in (language, twin):
        found = {
            section.key: place.start() for section in usual if (place := re.search(section.known_by.in_(tongue), words))
        }
        narrow = next((key for key in _WHEREVER_SAID if key in found), None)
        if found:
            return narrow or min(found, key=lambda key: found[key])
    return None
