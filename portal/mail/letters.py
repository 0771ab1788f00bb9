"""Writes a letter from its facts, in its reader's language, as text and as HTML (design §4.6, law.md §6.4)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import cache

from jinja2 import Environment
from markupsafe import escape

from portal.config.settings import PrivacyContact, Settings
from portal.domain.languages import Language, Text
from portal.domain.letters import (
    CODE_LETTERS,
    FACTS,
    FIXED,
    MAY_BE_NOTHING,
    ON_PAPER,
    STAFF_LETTERS,
    STATED,
    DueRequest,
    FixedPart,
    LetterKind,
    looks_like_a_code,
)
from portal.domain.regimes import RecourseBody
from portal.domain.remedies import Remedy
from portal.domain.rights import Decision, Kind, Role
from portal.mail.marks import begin, end, kept_out, parts_in, without_marks
from portal.resources import templates_folder
from portal.wording.dates import date_long, instant
from portal.wording.labels import decision_label, kind_label, kind_label_for_staff, role_label
from portal.wording.remedies import BodyWords, body_words, remedy_words
from portal.wording.templates import environment_of

_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"\x00-\x20\x7f]+@[^\s@,;:<>()\[\]\\\"\x00-\x20\x7f]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_SIX_DIGITS = re.compile(r"[0-9]{6,}")
_NBSP = "\N{NO-BREAK SPACE}"
LINKS = frozenset({"link", "changes_link", "follow_page", "unsubscribe"})
"""Facts that are addresses of pages."""


class LetterUnfit(Exception):
    """A letter cannot be written: a fact is missing, unknown or hostile. Trying again changes nothing."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Lines and paragraphs as a member of staff wrote them: the answer a letter on paper carries."""

    text: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every letter of one installation carries: who writes, from which address, and the privacy contact."""

    organisation: Text
    sender: str
    site: str
    zone: tzinfo
    contact_title: Text
    contact_email: str
    contact_phone: str | None = None
    contact_address: str | None = None
    contact_name: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who reads a letter, in which language, and the Message-ID it keeps however often it is tried."""

    to: str
    language: Language
    message_id: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter ready to go. No header of it can hold a line break, and it has one reader.

    `headers` are its own beside those of every letter; `raw` is its message where it was poured from a mould.

    Raises:
        LetterUnfit: an address is not one address, or a header holds a control character.
    """

    kind: LetterKind
    to: str
    language: Language
    subject: str
    text: str
    html: str
    reference: str | None
    message_id: str
    reply_to: str | None
    sender: str
    sender_name: str
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse what could add a header or a reader (security.md B-4)."""
        addresses = [self.to, self.sender, *([self.reply_to] if self.reply_to else [])]
        if not all(_ADDRESS.fullmatch(address) for address in addresses):
            raise LetterUnfit("address")
        own = (part for header in self.headers for part in header)
        if any(_CONTROL.search(part) for part in (self.subject, self.sender_name, self.reference or "", *own)):
            raise LetterUnfit("header")
        if not re.fullmatch(r"<[\x21-\x3b=\x3f-\x7e]+@[\x21-\x3b=\x3f-\x7e]+>", self.message_id):
            raise LetterUnfit("message_id")


def letterhead_from(settings: Settings, organisation: Text, contact: PrivacyContact) -> Letterhead:
    """The heading and foot of every letter: the operator's addresses, in the officer's words of today."""
    return Letterhead(
        organisation=organisation,
        sender=settings.mail.sender,
        site=settings.site.url,
        zone=settings.zone,
        contact_title=contact.title,
        contact_email=contact.email,
        contact_phone=contact.phone,
        contact_address=contact.address,
        contact_name=contact.name,
    )


@dataclass(frozen=True, slots=True)
class Drafted:
    """A letter in words before it has a reader, its parts still marked. `facts` are in words too."""

    kind: LetterKind
    facts: Mapping[str, object]
    subject: str
    text: str | None
    html: str


def compose(
    kind: LetterKind,
    facts: Mapping[str, object],
    envelope: Envelope,
    head: Letterhead,
    own: Text | None = None,
    *,
    headers: tuple[tuple[str, str], ...] = (),
) -> Letter:
    """Write one letter.

    `facts` are exactly those `FACTS[kind]` names: days, instants, enum members, text in both languages, plain strings.
    `own` is the organization's own paragraph, if it wrote one.

    Raises:
        LetterUnfit: a fact is missing, unknown, or of a type no letter writes; a mandatory part is not there; or a
            header would be unsafe.
    """
    language = envelope.language
    drafted = draft(kind, facts, language, head, own)
    text, html = _tidy(without_marks(drafted.text or "")), _tidy(without_marks(drafted.html))
    if kind in CODE_LETTERS:
        _check_only_code(str(facts["code"]), drafted.subject, text, html)
    reference = facts.get("reference")
    return Letter(
        kind=kind,
        to=envelope.to,
        language=language,
        subject=drafted.subject,
        text=text,
        html=html,
        reference=str(reference) if reference else None,
        message_id=envelope.message_id,
        reply_to=None if kind in STAFF_LETTERS else head.contact_email,
        sender=head.sender,
        sender_name=_one_line(head.organisation.in_(language)),
        headers=headers,
    )


def draft(
    kind: LetterKind,
    facts: Mapping[str, object],
    language: Language,
    head: Letterhead,
    own: Text | None = None,
    *,
    whole: bool = True,
    paper: bool = False,
) -> Drafted:
    """The words of a letter with the marks of its parts; not `whole`: its HTML is for a page of ours to hold.

    On `paper` a letter also states the facts `ON_PAPER` names, and has no plain text beside its HTML.

    Raises:
        LetterUnfit: as for `compose`.
    """
    _check_facts(kind, facts, paper=paper)
    words = _heading(kind, language, head) | {
        name: _in_words(value, kind, language, head.zone) for name, value in facts.items()
    }
    for name in LINKS & words.keys():
        _check_link(words[name])
    words |= _own_words(kind, own, language) | {
        "begin": begin,
        "end": end,
        "whole": whole,
        "paper": paper,
    }
    subject = _one_line(_rendered(kind, "subject.txt", language, words))
    drafted = Drafted(
        kind,
        {name: words[name] for name in facts},
        subject,
        None if paper else _rendered(kind, "body.txt", language, words),
        _rendered(kind, "body.html", language, words | {"subject": subject}),
    )
    return with_every_part(drafted)


def with_every_part(drafted: Drafted) -> Drafted:
    """The draft itself, each mandatory part standing in all its forms and stating what it is there to state.

    Raises:
        LetterUnfit: a part is not there.
    """
    html = parts_in(drafted.html)
    text = html if drafted.text is None else parts_in(drafted.text)
    for part in sorted(FIXED[drafted.kind], key=list(FixedPart).index):
        facts = [drafted.facts[name] for name in STATED.get(part, ()) if name in drafted.facts]
        stated = [one for fact in facts for one in _stated(fact)]
        in_text, in_html = text.get(part, "").strip(), html.get(part, "").strip()
        if not (in_text and in_html and all(escape(one) in in_html for one in stated)):
            raise LetterUnfit(part)
        if drafted.text is not None and not all(one in in_text for one in stated):
            raise LetterUnfit(part)
    return drafted


@cache
def template_version(kind: LetterKind) -> str:
    """Which words a letter was made of: SHA-256 of its templates and of those they stand in (law.md §6.2, invariants)."""
    folder = templates_folder() / "letters"
    files = sorted(folder.glob("_*")) + sorted((folder / kind.value).iterdir())
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def message_id_for(token: str, sender: str) -> str:
    """The Message-ID made of a letter's own token: the same each time the letter is tried (design §2.10)."""
    return f"<{token}@{sender.rpartition('@')[2]}>"


def _heading(kind: LetterKind, language: Language, head: Letterhead) -> dict[str, object]:
    parts = {
        "organisation": head.organisation.in_(language),
        "contact_title": head.contact_title.in_(language),
        "contact_name": head.contact_name or "",
        "contact_phone": head.contact_phone or "",
        "contact_address": ", ".join((head.contact_address or "").splitlines()),
        "contact_email": head.contact_email,
        "site": head.site,
    }
    if kind in CODE_LETTERS:
        parts = {name: _without_six_digits(name, part) for name, part in parts.items()}
    return {"language_tag": f"{language}-CA", **{name: _one_line(part) for name, part in parts.items()}}


def _check_facts(kind: LetterKind, facts: Mapping[str, object], *, paper: bool) -> None:
    wanted = FACTS[kind] | ON_PAPER[kind] if paper else FACTS[kind]
    if facts.keys() != wanted:
        raise LetterUnfit(", ".join(sorted(facts.keys() ^ wanted)))
    absent = [name for name, value in facts.items() if value is None and (kind, name) not in MAY_BE_NOTHING]
    absent += [name for name in ("remedies",) if name in facts and not facts[name]]
    if absent:
        raise LetterUnfit(", ".join(sorted(absent)))


def _stated(value: object) -> tuple[str, ...]:
    """What must be read of a fact; of recourses, each with its law, its body and its last day; of a body, its name."""
    if isinstance(value, BodyWords):
        return (value.name, value.website)
    if isinstance(value, tuple):
        return tuple(one for remedy in value for one in remedy.stated)
    return (str(value),)


def _own_words(kind: LetterKind, own: Text | None, language: Language) -> dict[str, object]:
    """The organization's paragraph, line by line; one that could be taken for the code is left out of a code letter."""
    text = own.in_(language) if own else ""
    if kind in CODE_LETTERS and looks_like_a_code(text):
        text = ""
    paragraphs = _paragraphs(text)
    return {"own": paragraphs, "own_text": "\n\n".join("\n".join(lines) for lines in paragraphs)}


def _paragraphs(text: str) -> list[list[str]]:
    """What somebody wrote, paragraph by paragraph, line by line."""
    found = re.split(r"\n\s*\n", text.strip()) if text.strip() else []
    return [[_one_line(line) for line in paragraph.split("\n")] for paragraph in found]


def _without_six_digits(name: str, part: str) -> str:
    """Nothing beside the code may look like it: long numbers are grouped, addresses that hold one are left out."""
    if name in ("contact_email", "site"):
        return "" if _SIX_DIGITS.search(part) else part
    telephone = re.sub(r"\b([0-9]{3})([0-9]{3})([0-9]{4})\b", rf"\1{_NBSP}\2-\3", part)
    return _SIX_DIGITS.sub(lambda run: re.sub(r"(?<=.)(?=(?:...)+$)", _NBSP, run[0]), telephone)


def _in_words(value: object, kind: LetterKind, language: Language, zone: tzinfo) -> object:
    match value:
        case datetime():
            return instant(value, language, zone)
        case date():
            return date_long(value, language)
        case Kind() | Decision() | Role():
            return _label(value, kind, language)
        case Text() | str():
            return _one_line(value.in_(language) if isinstance(value, Text) else value)
        case Prose():
            return _paragraphs(value.text)
        case tuple() | RecourseBody():
            return _with_parts(value, language)
        case None | bool() | int():
            return value
    raise LetterUnfit(type(value).__name__)


def _with_parts(values: tuple[object, ...] | RecourseBody, language: Language) -> object:
    """What a template takes apart: requests with their last days, recourses, or who examines a refusal."""
    if isinstance(values, RecourseBody):
        return body_words(values, language)
    requests = [(one.reference, date_long(one.due, language)) for one in values if isinstance(one, DueRequest)]
    remedies = [one for one in values if isinstance(one, Remedy)]
    if len(requests) + len(remedies) < len(values):
        raise LetterUnfit(", ".join(sorted({type(one).__name__ for one in values})))
    return requests or remedy_words(remedies, language)


def _label(value: Kind | Decision | Role, kind: LetterKind, language: Language) -> str:
    if isinstance(value, Kind):
        return kind_label_for_staff(value, language) if kind in STAFF_LETTERS else kind_label(value, language)
    return decision_label(value, language) if isinstance(value, Decision) else role_label(value, language)


def _rendered(kind: LetterKind, part: str, language: Language, words: Mapping[str, object]) -> str:
    return _environment(language).get_template(f"{kind}/{part}").render(words)


@cache
def _environment(language: Language) -> Environment:
    return environment_of("letters", language)


def _one_line(text: str) -> str:
    return kept_out(_CONTROL.sub(" ", text)).strip()


def _tidy(text: str) -> str:
    lines = "\n".join(line.strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _check_link(link: object) -> None:
    if link is not None and not re.match(r"https?://", str(link)):
        raise LetterUnfit("link")


def _check_only_code(code: str, subject: str, text: str, html: str) -> None:
    if not re.fullmatch(r"[0-9]{6}", code) or _SIX_DIGITS.search(subject):
        raise LetterUnfit("code")
    for body in (text, html):
        if _SIX_DIGITS.findall(body) != [code] or code not in body.splitlines():
            raise LetterUnfit("code")
