"""Reads a version of a policy from its folder: policy.toml, fr.md and en.md (design §4.5)."""

from __future__ import annotations

import codecs
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast, get_args

from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.policies import (
    LONGEST_SUMMARY,
    Disparity,
    Document,
    PolicyText,
    Version,
    VersionKind,
    disparities_between,
    is_version_id,
    slots_in,
)
from portal.policies.accents import decoded, mended
from portal.policies.problems import PolicyFolderInvalid, PolicyProblem
from portal.policies.reading import read_text
from portal.policies.wrongs import problem_of, words_wrong_in, wrongs_in
from portal.wording.catalogue import N_

SETTINGS = "policy.toml"
LARGEST_FILE = 512 * 1024
"""Bytes; a policy that nobody could read to its end is a mistake, not a policy."""

_WITHOUT_SECTIONS_TO_PAIR = {"no_section", "no_key", "duplicate_key"}


def read_folder(path: Path) -> Version:
    """The version that a folder holds.

    Raises:
        PolicyFolderInvalid: something in it is missing, malformed, or said in one language only; names it all.
    """
    return read_folder_whole(path)[0]


def read_folder_whole(path: Path) -> tuple[Version, str]:
    """The version that a folder holds, and its policy.toml as it is written.

    Raises:
        PolicyFolderInvalid: something in it is missing, malformed, or said in one language only; names it all.
    """
    settings, problems = _read_file(path / SETTINGS)
    version, badly_set = _read_settings(settings) if settings is not None else (None, [])
    problems += badly_set
    sources: dict[Language, str] = {}
    for language in LANGUAGES:
        source, unreadable = _read_file(path / f"{language}.md")
        problems += unreadable
        if source is not None:
            sources[language] = source
    texts, badly_written = read_texts(sources)
    problems += badly_written
    if version is None or settings is None or problems:
        raise PolicyFolderInvalid(problems)
    return replace(version, texts=texts), settings


def settings_of(version: Version) -> str:
    """The policy.toml of a version that came without one."""
    lines = [
        f'document = "{version.document}"',
        f'id = "{version.id}"',
        f"effective = {version.effective.isoformat()}",
        f'kind = "{version.kind}"',
        f"imported = {'true' if version.imported else 'false'}",
        "",
        "[summary]",
        *(f"{language} = {quoted(version.summary.in_(language))}" for language in LANGUAGES),
    ]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A TOML basic string, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_texts(sources: Mapping[Language, str]) -> tuple[dict[Language, PolicyText], list[PolicyProblem]]:
    """Each language whose sections are known, and everything wrong with the texts or between them.

    This is what every version goes through before it is published, whether it comes from a folder or from a draft.
    """
    texts, problems = read_each(sources)
    if len(texts) == len(LANGUAGES):
        problems += [_problem_of(disparity) for disparity in disparities_between(texts["fr"], texts["en"])]
    problems += [problem for text in texts.values() for problem in _slots_left(text)]
    return texts, problems


def read_each(sources: Mapping[Language, str]) -> tuple[dict[Language, PolicyText], list[PolicyProblem]]:
    """Each language whose sections are known, and everything wrong with how it is written, whatever the other says."""
    texts: dict[Language, PolicyText] = {}
    problems: list[PolicyProblem] = []
    for language, source in sources.items():
        text, badly_written = read_text(language, source)
        problems += sorted([*badly_written, *wrongs_in(text)], key=lambda problem: problem.line or 0)
        if not _WITHOUT_SECTIONS_TO_PAIR & {problem.code for problem in badly_written}:
            texts[language] = text
    return texts, problems


def _slots_left(text: PolicyText) -> Iterator[PolicyProblem]:
    for section in text.sections:
        for slot in slots_in(f"{section.title}\n{section.body_markdown}"):
            message = N_("still to complete: %(slot)s")
            yield PolicyProblem(f"{text.language}.md", section.key, "slot_left", message, arguments={"slot": slot})


def _read_file(path: Path) -> tuple[str | None, list[PolicyProblem]]:
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST_FILE else None
    except OSError:
        return None, [PolicyProblem(path.name, "file", "missing_file", N_("no such file, or it cannot be read"))]
    if content is None:
        message = N_("larger than %(most)s KiB; a policy is a text people can read")
        return None, [PolicyProblem(path.name, "file", "too_large", message, arguments={"most": LARGEST_FILE // 1024})]
    if content.startswith(codecs.BOM_UTF8):
        message = N_("begins with a mark of its encoding; mend it: portal policy check --mend")
        return None, [PolicyProblem(path.name, "file", "byte_order_mark", message, 1)]
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        key = _section_before(content[: error.start]) or "file"
        message = N_("not UTF-8, so its accents cannot be read; mend it: portal policy check --mend")
        return None, [PolicyProblem(path.name, key, "not_utf8", message, line)]


def mend_folder(path: Path) -> list[str]:
    """Write again, as UTF-8 and with its accents put right, each file of a folder that needs it; gives their names."""
    mended_files = []
    for name in (SETTINGS, *(f"{language}.md" for language in LANGUAGES)):
        file = path / name
        content = file.read_bytes() if file.is_file() and file.stat().st_size <= LARGEST_FILE else b""
        whole = mended(_text_of(content)).encode()
        if whole != content:
            file.write_bytes(whole)
            mended_files.append(name)
    return mended_files


def _text_of(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decoded(content).removeprefix("\ufeff")


def _section_before(content: bytes) -> str:
    """The key of the last section that begins in these bytes, whose letters above ASCII are unknown."""
    keys = re.findall(rb"^##[^\n]*\{#([a-z][a-z0-9-]*)", content, re.MULTILINE)
    return keys[-1].decode("ascii") if keys else ""


def _read_settings(source: str) -> tuple[Version | None, list[PolicyProblem]]:
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        said = {"reason": str(error)}
        return None, [PolicyProblem(SETTINGS, "file", "bad_toml", N_("not TOML: %(reason)s"), arguments=said)]
    table = {"document": "privacy", "imported": False} | table
    problems = [*_unknown_keys(table), *_missing_keys(table), *_bad_values(table), *_bad_summary(table)]
    return (None, problems) if problems else (_version(table), [])


def _version(table: Mapping[str, Any]) -> Version:
    return Version(
        document=table["document"],
        id=table["id"],
        effective=cast("date", _as_date(table["effective"])),
        kind=table["kind"],
        imported=table["imported"],
        summary=Text(**{language: table["summary"][language].strip() for language in LANGUAGES}),
        texts={},
    )


def _unknown_keys(table: Mapping[str, Any]) -> Iterator[PolicyProblem]:
    known = {"known": ", ".join(_EXPECTED)}
    for key in table:
        if key not in _EXPECTED:
            message = N_("no such setting; there are %(known)s")
            yield PolicyProblem(SETTINGS, key, "unknown_key", message, arguments=known)
    summary = table.get("summary")
    for key in summary if isinstance(summary, dict) else ():
        if key not in LANGUAGES:
            yield PolicyProblem(SETTINGS, f"summary.{key}", "unknown_key", N_("no such language; there are fr, en"))


def _missing_keys(table: Mapping[str, Any]) -> Iterator[PolicyProblem]:
    for key, (_, expected) in _EXPECTED.items():
        if key not in table:
            yield PolicyProblem(SETTINGS, key, "missing_key", N_("missing; expected %(expected)s"), expected=expected)


def _bad_values(table: Mapping[str, Any]) -> Iterator[PolicyProblem]:
    for key, (is_good, expected) in _EXPECTED.items():
        if key in table and not is_good(table[key]):
            yield PolicyProblem(SETTINGS, key, "bad_value", N_("expected %(expected)s"), expected=expected)


def _bad_summary(table: Mapping[str, Any]) -> Iterator[PolicyProblem]:
    """A summary that is too long, has misread accents, or a character no page can show; its HTML is shown as it is."""
    if not _is_text(table.get("summary")):
        return
    for language in LANGUAGES:
        said, key = table["summary"][language], f"summary.{language}"
        if len(said) > LONGEST_SUMMARY:
            message, most = N_("longer than %(most)s characters; say in a few words what changes"), LONGEST_SUMMARY
            yield PolicyProblem(SETTINGS, key, "too_long", message, arguments={"most": most})
        for code, _, words in words_wrong_in(said):
            if code not in {"raw_html", "bad_link"}:
                yield problem_of(SETTINGS, key, code, None, words)


def _as_date(value: object) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2025-02-25") else None
    except ValueError:
        return None


def _is_text(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(value.get(language), str) and value[language].strip() for language in LANGUAGES
    )


_EXPECTED: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "document": (lambda value: value in get_args(Document), N_('"privacy" or "governance"')),
    "id": (
        lambda value: isinstance(value, str) and is_version_id(value),
        N_('a day, such as "2025-02-25", or "2025-02-25-2" for another version of that day'),
    ),
    "effective": (lambda value: _as_date(value) is not None, N_("the day it comes into force, such as 2025-02-25")),
    "kind": (lambda value: value in get_args(VersionKind), N_('"material" or "wording"')),
    "imported": (lambda value: isinstance(value, bool), N_("true or false")),
    "summary": (_is_text, N_('what changes, in both languages: { fr = "…", en = "…" }')),
}


def _problem_of(disparity: Disparity) -> PolicyProblem:
    """A disparity as something to mend in the file that lacks what the other has."""
    lacking: Language = "en" if disparity.only_fr and not disparity.only_en else "fr"
    code = f"disparity_{disparity.difference}"
    return PolicyProblem(f"{lacking}.md", disparity.section, code, "", disparity=disparity)
