"""`portal init`: five questions, then a whole installation in a folder."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from portal.cli import Refused, WrongUsage
from portal.commands import init_answers as answers
from portal.commands.refusals import operator_language, speaking, words
from portal.config import Settings, load_settings
from portal.domain.deadlines import local_date
from portal.domain.languages import Text
from portal.domain.policies import slots_in
from portal.engine.base import utc_now
from portal.policies.starter import starter
from portal.services import founding
from portal.services.founding import AlreadyFounded, Answers
from portal.wording.catalogue import N_

LATER = "later"


@dataclass(frozen=True, slots=True)
class _Question:
    """One thing only the one who installs can say: its option, what is asked, how an answer is read."""

    option: str
    asks: str
    read: Callable[[str], str]
    when_empty: str | None = None
    """What pressing Enter answers: the answer of another option when it names one, else itself."""


_QUESTIONS = (
    _Question("--name-fr", N_("1 of 5. The organization’s name, in French:"), answers.name),
    _Question("--name-en", N_("        and in English (Enter: the same):"), answers.name, "--name-fr"),
    _Question(
        "--url",
        N_(
            "2 of 5. The portal’s public address, such as https://privacy.example.org (http://127.0.0.1:8000 to try it):"
        ),
        answers.site,
    ),
    _Question("--contact", N_("3 of 5. The e-mail address of the person in charge, published:"), answers.email),
    _Question(
        "--mail",
        N_("4 of 5. The mail server, such as smtp://user:password@mail.example.org:587 (Enter: later):"),
        answers.mail,
        LATER,
    ),
    _Question(
        "--officer",
        N_("5 of 5. The e-mail address of the officer, who runs the portal (Enter: the person in charge):"),
        answers.email,
        "--contact",
    ),
)


def init(parsed: argparse.Namespace) -> None:
    """Ask what was not given, and write the installation whole or not at all."""
    with speaking(parsed.language or operator_language()):
        _found(parsed)


def _found(parsed: argparse.Namespace) -> None:
    folder = Path(parsed.folder)
    try:
        founding.refuse_founded(folder)
        found = _all_answers(parsed)
        settings = _founded(folder, found)
    except AlreadyFounded as error:
        raise Refused(
            words(
                "%(found)s is already there: nothing was touched. For a new installation, name another folder: "
                "portal init FOLDER",
                found=error.found,
            )
        ) from error
    except OSError as error:
        raise Refused(
            words("Nothing was written in %(folder)s: %(reason)s.", folder=folder, reason=error.strerror or error)
        ) from error
    _tell(folder, settings, found)


def _all_answers(parsed: argparse.Namespace) -> Answers:
    given = {question.option: _option(parsed, question) for question in _QUESTIONS}
    missing = [option for option, value in given.items() if value is None]
    if missing and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise WrongUsage(
            words("Missing: %(options)s. Give them as options, or answer on a terminal.", options=", ".join(missing))
        )
    said: dict[str, str] = {}
    for question in _QUESTIONS:
        value = given[question.option]
        said[question.option] = _asked(question, said) if value is None else value
    return Answers(
        name=Text(fr=said["--name-fr"], en=said["--name-en"]),
        site=said["--url"],
        contact=said["--contact"],
        mail=said["--mail"] or None,
        officer=said["--officer"],
        language=operator_language(),
    )


def _option(parsed: argparse.Namespace, question: _Question) -> str | None:
    """An answer given as an option, or None."""
    typed: str | None = getattr(parsed, question.option.removeprefix("--").replace("-", "_"))
    if typed is None:
        return None
    try:
        return question.read(typed)
    except answers.BadAnswer as error:
        raise WrongUsage(f"{question.option}: {words(error.sentence)}") from error


def _asked(question: _Question, said: dict[str, str]) -> str:
    """An answer from the terminal, asked again until it can be used."""
    while True:
        try:
            typed = input(f"{words(question.asks)}\n> ").strip()
        except EOFError:
            print()
            raise Refused(words("Nothing was written.")) from None
        if not typed and question.when_empty in said:
            return said[question.when_empty]
        try:
            return question.read(typed or question.when_empty or "")
        except answers.BadAnswer as error:
            print(words(error.sentence))


def _founded(folder: Path, found: Answers) -> Settings:
    now = utc_now()
    founding.found(folder, found, today=local_date(now, founding.ZONE))
    return load_settings(folder / founding.SETTINGS, founding.unknown_secrets(found))


def _tell(folder: Path, settings: Settings, found: Answers) -> None:
    """Say what was written, what waits for later, and what to type next."""
    [draft] = (folder / founding.POLICY).iterdir()
    places = len(slots_in(starter()[found.language]))
    print(words("Written in %(folder)s:", folder=settings.folder))
    for piece, what in (
        (founding.SETTINGS, words("the settings, with comments; readable by you alone")),
        (founding.KEY, words("the secret key; keep a copy in a safe place, readable by you alone")),
        (f"{founding.DATA}/", words("everything the portal will keep")),
        (
            f"{founding.POLICY}/{draft.name}/",
            words(
                "a draft of the policy in both languages, with %(num)s places to complete in the browser, after "
                "portal serve",
                num=places,
            ),
        ),
    ):
        print(f"  {piece:<22}{what}")
    if found.mail is None:
        print(words("Letters will wait until the mail server is set in portal.toml, under [mail]."))
    serve = (
        "portal serve"
        if folder.resolve() == Path.cwd()
        else f"portal serve --config {shlex.quote(str(folder / founding.SETTINGS))}"
    )
    print(words("Now: %(command)s. It prints a one-time link for %(officer)s.", command=serve, officer=found.officer))
