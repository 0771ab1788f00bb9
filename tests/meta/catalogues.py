"""The gate of translations: every sentence of the program has its French, with the same placeholders and right spacing,
in the words chosen once for each thing, and no sentence too long to be read once.

`python -m tests.meta.catalogues` prints each fault and exits 1; `--update` gathers the program's sentences into the
French catalogue first, keeping what is translated and dropping what is no longer said.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from portal.wording.typography import french_spacing_faults

ROOT = Path(__file__).resolve().parents[2]
FRENCH = ROOT / "translations" / "fr" / "LC_MESSAGES" / "messages.po"

METHODS = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
OPTIONS = {
    "templates/**.html": {"extensions": "jinja2.ext.i18n", "trimmed": "true"},
    "templates/**.txt": {"extensions": "jinja2.ext.i18n"},
}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "N_": None,
    "words": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
HEADING = "# The portal's French, as written in Québec. English is the source text."
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
_STRAIGHT_APOSTROPHE = re.compile(r"[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ]")
_BREAKABLE_UNIT = re.compile(
    r"(?:\bart\.|n°) \d|(?:\d|\)[sd]) (?:[kMG]?o|ans?|mois|jours?|minutes?|caractères|pixels)\b"
)
LONGEST_SENTENCE = 25
"""Words in a sentence; plain language asks for fewer, and most have fewer than twenty."""
_SENTENCES = re.compile(r"(?<=[.?!])\s+|\n+|;\s|\u00a0:\s")
_NOT_WORDS = re.compile(r"[`\[$][^\s]*|%\(\w+\)[sd]")
AVOIDED = {
    r"données? personnelles?|à caractère personnel": "renseignements personnels",
    r"soumett\w+": "faire, présenter ou envoyer une demande",
    r"divulg\w+": "communiquer, communication",
    r"délégué\w* à la protection|sous-traitants?": "personne responsable, fournisseur de services",
    r"révoqu\w+": "retirer un consentement",
    r"déréférenc\w+": "désindexer",
    r"rétention": "conservation",
    r"brèche|fuite de": "incident de confidentialité",
    r"e-?mails?|mails?": "courriel",
    r"crypt\w+": "chiffrer, chiffrement",
    r"uploade\w+": "téléverser",
    r"éditer|sauver|sauvegarder|canceller": "modifier, enregistrer, annuler",
    r"statut": "état",
    r"optionnel\w*|requis\w*": "facultatif, obligatoire",
    r"tickets?|login|staff|support": "demande, se connecter, personnel, soutien",
    r"gardiens?|gardiennes?": "personne-ressource",
    r"exploitante?s?": "personne qui s’occupe du serveur",
}
"""French words that are not ours, and the ones that are (law.md §4): one word for one thing, on every page."""
_AVOIDED = {re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE): ours for pattern, ours in AVOIDED.items()}


def said_by_the_program() -> Catalog:
    """Every sentence found in the code and the templates."""
    catalogue = Catalog(project="privacy-portal", charset="utf-8")
    found = extract_from_dir(str(ROOT / "portal"), METHODS, OPTIONS, KEYWORDS)
    for file, _line, message, comments, context in found:
        catalogue.add(message, None, [(f"portal/{file}", 0)], auto_comments=comments, context=context)
    return catalogue


def french() -> Catalog:
    """The French catalogue as it is kept."""
    with FRENCH.open("rb") as stream:
        return read_po(stream, locale="fr_CA")


def faults() -> Iterator[str]:
    """Everything that is wrong with the French, a sentence each."""
    yield from never_gathered()
    said, kept = said_by_the_program(), french()
    for message in said:
        if message.id and kept.get(message.id, message.context) is None:
            yield f"not in the catalogue: {message.id!r}"
    for message in kept:
        if not message.id:
            continue
        if said.get(message.id, message.context) is None:
            yield f"no longer said: {message.id!r}"
        yield from _faults_of(message)


def never_gathered(folder: Path = ROOT / "portal") -> Iterator[str]:
    """Sentences inside an f-string: the tool that gathers sentences does not look there, so a reader would meet English."""
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield from (f"inside an f-string of {file.name}: {said!r}" for said in _said_in(node))


def _said_in(formatted: ast.JoinedStr) -> Iterator[str]:
    for node in ast.walk(formatted):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            yield from (one.value for one in node.args if isinstance(one, ast.Constant))


def _faults_of(message: Message) -> Iterator[str]:
    given = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    translations = [text or "" for text in given]
    if message.fuzzy:
        yield f"fuzzy: {message.id!r}"
    if not all(translations):
        yield f"untranslated: {message.id!r}"
        return
    ids = message.id if isinstance(message.id, (list, tuple)) else [message.id]
    wanted = set().union(*(_PLACEHOLDER.findall(text) for text in ids))
    for text in translations:
        # A plural form may leave the number out ("one letter"); no form may invent a placeholder.
        named = set(_PLACEHOLDER.findall(text))
        if named - wanted or (len(ids) == 1 and wanted - named):
            yield f"placeholders differ: {message.id!r}"
        for fault in french_spacing_faults(text):
            yield f"{fault.rule}: {fault.excerpt!r} in {text!r}"
        if _STRAIGHT_APOSTROPHE.search(text):
            yield f"straight apostrophe: {text!r}"
        yield from style_faults(text)


def style_faults(text: str) -> Iterator[str]:
    """What a reader would stumble on in a French sentence: breakable units, words of others, too many words."""
    for found in _BREAKABLE_UNIT.finditer(text):
        yield f"no-break space inside {found[0]!r} in {text!r}"
    prose = _NOT_WORDS.sub("x", text)
    for pattern, ours in _AVOIDED.items():
        for found in pattern.finditer(prose):
            yield f"{found[0]!r} in {text!r}: write {ours}"
    for sentence in _SENTENCES.split(prose):
        if len(sentence.split()) > LONGEST_SENTENCE:
            yield f"more than {LONGEST_SENTENCE} words: {sentence!r}"


def update() -> None:
    """Bring the French catalogue to what the program says now."""
    said = said_by_the_program()
    kept = french() if FRENCH.exists() else Catalog(locale="fr_CA")
    merged = Catalog(locale="fr_CA", header_comment=HEADING, charset="utf-8", fuzzy=False)
    for message in said:
        if not message.id:
            continue
        known = kept.get(message.id, message.context)
        merged.add(
            message.id,
            known.string if known else None,
            message.locations,
            auto_comments=message.auto_comments,
            context=message.context,
        )
    FRENCH.parent.mkdir(parents=True, exist_ok=True)
    with FRENCH.open("wb") as stream:
        write_po(stream, merged, width=0, no_location=False, include_lineno=False, sort_by_file=True, omit_header=False)
    _steady_header()


def _steady_header() -> None:
    """Leave dates and the tool's version out of the header, so that only sentences make a difference."""
    lines = FRENCH.read_text(encoding="utf-8").splitlines(keepends=True)
    dropped = tuple(
        f'"{name}'
        for name in (
            "POT-",
            "PO-Revision-",
            "Generated-By",
            "Last-Translator",
            "Language-Team",
            "Project-Id",
            "Report-",
        )
    )
    FRENCH.write_text("".join(line for line in lines if not line.startswith(dropped)), encoding="utf-8")


if __name__ == "__main__":
    if "--update" in sys.argv[1:]:
        update()
    found = list(faults())
    print("\n".join(found) if found else "The French catalogue is complete.")
    sys.exit(1 if found else 0)
