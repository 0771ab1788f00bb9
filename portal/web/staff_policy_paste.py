"""Pasting a policy: the text in each language, then the sections recognised in it, to be confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect, request
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from portal.domain.languages import LANGUAGES, Language
from portal.domain.policy_drafts import MOST_SECTIONS, Draft
from portal.domain.rights import Role
from portal.services import policy_drafts, policy_pasting
from portal.services.policy_drafts import NO_DRAFT, StaleDraft, TooManySections
from portal.services.policy_pasting import LONGEST_PASTED, NothingPasted, Pasted
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.documents import document, document_url
from portal.web.forms import NoLongerThan, Paragraphs
from portal.web.languages import TAGS, page_language
from portal.web.pages import page, words
from portal.web.policy_drafting import (
    IN_ENGLISH,
    IN_FRENCH,
    VersionedForm,
    changed_meanwhile,
    member,
    seen_version,
    to_the_policy,
    too_many_sections,
)
from portal.wording.numbers import number as number_in_words
from portal.wording.policy_tasks import section_choice

LONGEST_GLANCE = 200


class PasteForm(VersionedForm):
    """A policy's text in each language; a script may send what the word processor gave with it."""

    fr = Paragraphs(
        _l("The whole text in French"),
        validators=[NoLongerThan(LONGEST_PASTED)],
        render_kw=IN_FRENCH | {"data-paste": "fr_html"},
    )
    en = Paragraphs(
        _l("The whole text in English"),
        validators=[NoLongerThan(LONGEST_PASTED)],
        render_kw=IN_ENGLISH | {"data-paste": "en_html"},
    )
    fr_html = HiddenField()
    en_html = HiddenField()


@dataclass(frozen=True, slots=True)
class PieceLine:
    """One recognised section: the name of its pick-list, its heading, how it begins, how long it is."""

    name: str
    title: str
    glance: str
    longer: bool
    chosen: str


@access.staff(Role.OFFICER)
def staff_policy_paste() -> Any:
    """Paste a text."""
    form = PasteForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return _paste_page(form)
    if not form.validate():
        return _paste_page(form, status=422)
    given: dict[Language, Pasted] = {
        "fr": Pasted(form.fr.data or "", form.fr_html.data or ""),
        "en": Pasted(form.en.data or "", form.en_html.data or ""),
    }
    try:
        policy_pasting.paste(store(), member(), given, document=document(), seen_version=seen_version(), now=now())
    except NothingPasted:
        form.fr.errors = [words("Paste your text, in one language at least.")]
        return _paste_page(form, status=422)
    except TooManySections as error:
        form[error.language or "fr"].errors = [_too_many(error.number)]
        return _paste_page(form, status=422)
    except StaleDraft:
        return changed_meanwhile([("fr", given["fr"].words), ("en", given["en"].words)])
    return redirect(document_url("staff_policy_sections"), 303)


@access.staff(Role.OFFICER)
def staff_policy_sections() -> Any:
    """Confirm the sections recognised in what was pasted."""
    draft = policy_drafts.draft(store(), document())
    if request.method != "POST":
        return _sections_page(draft) if draft and draft.pasted else redirect(document_url("staff_policy"), 302)
    if draft is None or not draft.pasted:
        return changed_meanwhile()
    keys = {
        language: [request.form.get(_name(language, place), "") for place in range(len(pieces))]
        for language, pieces in draft.pasted.items()
    }
    try:
        policy_pasting.confirm(portal(), store(), member(), draft, keys, seen_version=seen_version(), now=now())
    except NothingPasted:
        return _sections_page(draft, refusal=words("Keep at least one part."))
    except TooManySections as error:
        return _sections_page(draft, refusal=too_many_sections(error.number))
    except StaleDraft:
        return changed_meanwhile()
    return to_the_policy()


def _paste_page(form: PasteForm, *, status: int = 200) -> Any:
    draft = policy_drafts.draft(store(), document())
    if request.method != "POST":
        form.version.data = str(draft.version if draft else NO_DRAFT)
    return page("staff_policy_paste.html", status=status, form=form, replaces=bool(draft and draft.sections))


def _sections_page(draft: Draft, *, refusal: str | None = None) -> Any:
    language = page_language()
    return page(
        "staff_policy_sections.html",
        status=422 if refusal else 200,
        draft=draft,
        refusal=refusal,
        texts=[
            (tongue, TAGS[tongue], _lines(draft, tongue), _choices(draft, tongue, language))
            for tongue in LANGUAGES
            if tongue in draft.pasted
        ],
    )


def _lines(draft: Draft, language: Language) -> list[PieceLine]:
    return [
        PieceLine(
            name=_name(language, place),
            title=piece.title,
            glance=piece.body[:LONGEST_GLANCE],
            longer=len(piece.body) > LONGEST_GLANCE,
            chosen=piece.key,
        )
        for place, piece in enumerate(draft.pasted[language])
    ]


def _choices(draft: Draft, tongue: Language, language: Language) -> list[tuple[str, str]]:
    return [(key, section_choice(draft.document, key, language)) for key in policy_pasting.choices_for(draft, tongue)]


def _name(language: Language, place: int) -> str:
    return f"{language}_{place}"


def _too_many(number: int) -> str:
    return words(
        "We found %(number)s headings in this text. A document has at most %(most)s sections: keep as headings only"
        " those of its main parts.",
        number=number_in_words(number, page_language()),
        most=MOST_SECTIONS,
    )
