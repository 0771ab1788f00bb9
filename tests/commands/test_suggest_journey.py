"""From the address of a database to a working portal, by the README's own commands and a few answers typed by hand."""

from __future__ import annotations

import difflib
import re
import shlex
from pathlib import Path

import pytest

from portal.cli import main
from portal.domain.languages import Language
from tests.client import Visitor
from tests.commands.shop import DATABASES, HUGO, ROSE, a_shop
from tests.installation import an_empty_installation

ROOT = Path(__file__).resolve().parents[2]
READMES = {"README.md": "## Connect a database", "README.fr.md": "## Relier une base de données"}
ANSWERS = (
    "--name-fr 'Thés du rang' --name-en 'Teas of the Range' --url http://127.0.0.1:8000 --mail later"
    " --contact privacy@example.org --officer jo@example.org --language en"
)
MOST_LINES = 25

BY_HAND = (
    ('# url = "smtp://…"', 'url = "mailbox:"'),
    ('# retention = { from = "opened_at", keep = "P…" }', 'retention = { from = "opened_at", keep = "P2Y" }'),
    ('# retention = { from = "issued_on", keep = "P…" }', 'retention = { from = "issued_on", keep = "P6Y" }'),
    ('# hold = { from = "issued_on"', 'hold = { from = "issued_on"'),
    ('art. 35.1" }\n  erase = "keep"', 'art. 35.1" }\n  erase = "columns"'),
    ('{ fr = "Fidelity cd", en = "Fidelity cd" }', '{ fr = "Niveau de fidélité", en = "Loyalty level" }'),
    ('# [[purposes]]\n# id = "newsletter"', '[[purposes]]\nid = "newsletter"'),
    (
        '# label = { fr = "…", en = "…" }',
        'label = { fr = "Vous envoyer l’infolettre", en = "Send you the newsletter" }',
    ),
    ('# basis = "consent"', 'basis = "consent"'),
    (
        '# consequence = { fr = "…", en = "…" }',
        'consequence = { fr = "L’infolettre cesse.", en = "The newsletter stops." }',
    ),
    ("# consent = { column", "consent = { column"),
)
"""What an operator changes in portal.toml after `suggest`: each passage, and what stands in its place."""


@pytest.mark.parametrize("kind", DATABASES)
def test_the_commands_of_the_readme_and_a_few_answers_make_a_portal_where_customers_find_their_invoices(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "PORTAL_CONFIG", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    with a_shop(kind, tmp_path) as url:
        monkeypatch.setenv("SERVICE_DATABASE_URL", url)
        init, suggest, check, preview = commands("README.md")
        run(f"{init} {ANSWERS}", capsys)
        _, questions = run(suggest, capsys)
        assert "people: Is this the table of the people who may ask, and email their e-mail address?" in questions
        assert answer_by_hand(tmp_path / "portal.toml") <= MOST_LINES
        checked, _ = run(check, capsys)
        assert checked.splitlines()[-1] == "No problem found."
        found, _ = run(preview.replace("jo@example.org", ROSE), capsys)
        assert "billing\tshop.invoices\t3" in found
        assert ROSE not in found
        for language in ("fr", "en"):
            sees_their_invoices(tmp_path, url, language)


def commands(readme: str) -> list[str]:
    """The portal's commands in the section of a README, but for the one that serves until it is stopped."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    block = re.search(rf"^{READMES[readme]}\n.*?^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert block
    lines = [re.sub(r" +#.*", "", line) for line in block[1].splitlines()]
    assert lines[1].startswith("export SERVICE_DATABASE_URL=")
    assert lines[-1] == "portal serve"
    return [line for line in lines if line.startswith("portal ")][:-1]


def test_the_french_readme_gives_the_same_commands() -> None:
    assert [command.replace("boutique", "shop") for command in commands("README.fr.md")] == commands("README.md")


def run(command: str, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Run one line of the README as a shell would, `>>` included; gives what was printed, and told on stderr."""
    program, *words = shlex.split(command)
    assert program == "portal"
    words, file = (words[:-2], Path(words[-1])) if ">>" in words else (words, None)
    capsys.readouterr()
    code = main(words)
    told = capsys.readouterr()
    assert code == 0, told.out + told.err
    if file:
        with file.open("a", encoding="utf-8") as stream:
            stream.write(told.out)
    return told.out, told.err


def answer_by_hand(file: Path) -> int:
    """Answer the questions as an operator would; gives the number of lines typed or changed."""
    before = file.read_text(encoding="utf-8")
    after = before
    for old, new in BY_HAND:
        assert after.count(old) == 1, old
        after = after.replace(old, new)
    file.write_text(after, encoding="utf-8")
    changes = difflib.ndiff(before.splitlines(), after.splitlines())
    return sum(line.startswith("+ ") for line in changes)


def sees_their_invoices(folder: Path, url: str, language: Language) -> None:
    """A customer comes in through the real door and finds their own invoices, with their lines, and nobody else's."""
    built = an_empty_installation(folder, environ={"SERVICE_DATABASE_URL": url})
    visitor = Visitor(built, language)
    visitor.sign_in(ROSE)
    words = visitor.visit("category", category="billing").text()
    for seen in ("F-2026-004", "Thé du rang 4-1", "Thé du rang 4-2", {"fr": "Payé", "en": "Paid"}[language]):
        assert seen in words
    assert "F-2026-001" not in words, HUGO
    account = visitor.visit("category", category="account").text()
    assert "Lavigne" in account
    assert {"fr": "Niveau de fidélité", "en": "Loyalty level"}[language] in account
    assert "invented" not in account
    assert {"fr": "Vous envoyer l’infolettre", "en": "Send you the newsletter"}[language] in visitor.visit(
        "consents"
    ).text()
    for source in built.installation.sources.values():
        source.close()
    built.installation.database.close()
