"""What a policy must say before it is published, asked in one place by the draft's page and by every command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from portal.domain.languages import LANGUAGES, Language
from portal.domain.policies import Document, PolicyText, Version, is_of_before
from portal.domain.policy_coverage import Kind, is_recipient
from portal.domain.policy_tasks import WRONG_WORDS, Ground, Task, TaskKind, shortcomings
from portal.policies.problems import PolicyProblem
from portal.policies.wrongs import words_wrong_in
from portal.services.installation import Installation
from portal.services.settings import in_effect
from portal.storage.store import Store
from portal.wording.catalogue import for_language
from portal.wording.policy_tasks import task_sentence

RECIPIENT_UNSAID = "cover_recipient"
"""The code of a recipient no section covers."""

_ITS_FILE: Mapping[Language | None, str] = {"fr": "fr.md", "en": "en.md", None: "fr.md, en.md"}


def ground(portal: Installation, store: Store) -> Ground:
    """What the policy is held against today: the organization's name, the map in the officer's words, and `sells`."""
    settings = in_effect(portal, store)
    return Ground(settings.organisation, settings.data_map, portal.settings.sells, portal.settings.regime)


def policy_gate(
    portal: Installation, store: Store, texts: Mapping[Language, PolicyText], *, document: Document
) -> tuple[Task, ...]:
    """All that two twin texts of a document lack, before they may be published; nothing when they may."""
    return shortcomings(texts, ground(portal, store), document=document)


def wrong_words(texts: Mapping[Language, PolicyText]) -> Iterator[Task]:
    """HTML, dangerous links and misread accents, each with its section, its language and its line there."""
    for key in dict.fromkeys(section.key for language in LANGUAGES for section in texts[language].sections):
        for language in LANGUAGES:
            section = texts[language].section(key)
            for words in (section.body_markdown, section.title) if section else ():
                for code, line, found in words_wrong_in(words):
                    if code in WRONG_WORDS:
                        yield Task(TaskKind(code), key, language, found, line=line)


def as_problems(found: Iterable[Task], language: Language, *, settings: str = "portal.toml") -> list[PolicyProblem]:
    """What a gate found as commands print it, in the sentences of the draft's page; `settings` names the operator's file."""
    return [_problem(task, language, settings) for task in found]


def lacking(portal: Installation, store: Store, version: Version, language: Language) -> list[PolicyProblem]:
    """What a published version lacks today, each in its file; an imported one is told, and stays as it was."""
    folder = f"{version.document}/{version.id}"
    file = portal.settings.file
    problems = as_problems(
        policy_gate(portal, store, version.texts, document=version.document),
        language,
        settings=file.name if file else "portal.toml",
    )
    return [problem if problem.key.startswith("categories") else _in_folder(problem, folder) for problem in problems]


def is_only_told(version: Version, among: Iterable[Version], found: PolicyProblem) -> bool:
    """Whether a version stays as it was: its words are older than the portal, or than the names of recipients in `covers`."""
    names = (name for text in version.texts.values() for section in text.sections for name in section.covers)
    return is_of_before(version, among) or (found.code == RECIPIENT_UNSAID and not any(map(is_recipient, names)))


def _problem(task: Task, language: Language, settings: str) -> PolicyProblem:
    sentence = task_sentence(task, language)
    if task.kind in {TaskKind.PERIOD, TaskKind.ERASURE}:
        return PolicyProblem(settings, f"categories.{task.category}", task.kind.value, sentence)
    if task.kind is TaskKind.SLOT:
        sentence = f"{sentence} {task.words}"
    if task.ready:
        sentence = for_language(language).gettext("Not said: %(what)s.", what=sentence)
    of_a_recipient = task.item is not None and task.item.kind is Kind.RECIPIENT
    code = RECIPIENT_UNSAID if of_a_recipient else task.kind.value
    return PolicyProblem(_ITS_FILE[_lacking_language(task)], task.section, code, sentence)


def _lacking_language(task: Task) -> Language | None:
    """The language in which something is to be mended, when it is in one alone."""
    if task.only_fr and not task.only_en:
        return "en"
    if task.only_en and not task.only_fr:
        return "fr"
    return task.language


def _in_folder(problem: PolicyProblem, folder: str) -> PolicyProblem:
    return PolicyProblem(f"{folder}/{problem.file}", problem.key, problem.code, problem.message, problem.line)
