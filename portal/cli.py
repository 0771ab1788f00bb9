"""The `portal` command: reads what was typed, imports the command late, and turns every refusal into one sentence."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from portal import __version__

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

WELL, FAILED, WRONG_USAGE = 0, 1, 2


class Refused(Exception):
    """A command cannot do what was asked; its text is the one sentence to print."""


class WrongUsage(Refused):
    """A command was typed wrong; its text is the one sentence to print."""


class Starting:
    """While a process is put together nothing is looked through for garbage, and what was made is never again.

    Nearly all of it stays as long as the process: searching it over and over takes a tenth of a start, and would part
    the memory a forked child shares with its parent.
    """

    def __enter__(self) -> None:
        """Begin: collect nothing."""
        gc.disable()

    def __exit__(self, *_raised: object) -> None:
        """Set what is there apart, and collect again from here on."""
        gc.freeze()
        gc.enable()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code: 0 well, 1 what was asked failed or problems were found, 2 wrong usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        print(f"portal {__version__}")
        return WELL
    parsed = _parser().parse_args(given)
    try:
        return _run(parsed)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return WRONG_USAGE if isinstance(refusal, WrongUsage) else FAILED
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return FAILED


def _run(parsed: argparse.Namespace) -> int:
    from importlib import import_module

    with Starting():
        command: Callable[[argparse.Namespace], int | None] = getattr(
            import_module(f"portal.commands.{parsed.module}"), parsed.function
        )
        from portal.commands.refusals import in_one_sentence

    with in_one_sentence():
        return command(parsed) or WELL


def _parser() -> argparse.ArgumentParser:
    import argparse  # late, so that `portal --version` costs little more than Python itself

    parser = argparse.ArgumentParser(prog="portal", description="The privacy portal / Le portail de confidentialité")
    parser.add_argument("--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_running(commands)
    _add_database(commands)
    _add_records(commands)
    return parser


def _add(
    commands: Commands,
    name: str,
    module: str,
    function: str,
    help_: str,
    *,
    settings: bool = True,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_, description=help_)
    parser.set_defaults(module=module, function=function)
    if settings:
        parser.add_argument("--config", help="the settings file (default: PORTAL_CONFIG, else ./portal.toml)")
    return parser


def _group(commands: Commands, name: str, help_: str) -> Commands:
    return commands.add_parser(name, help=help_, description=help_).add_subparsers(metavar="COMMAND", required=True)


def _add_running(commands: Commands) -> None:
    demo = _add(commands, "demo", "demo", "run", "run the demo on this machine", settings=False)
    demo.add_argument("--port", type=_port, help="the port (default: PORT, else 8000; taken: the next free one)")
    demo.add_argument("--data", default="./.demo", help="where its data lies (default: ./.demo)")
    demo.add_argument("--reset", action="store_true", help="forget everything and begin anew")
    _add_init(commands)
    for name, help_ in (
        ("serve", "run web and worker together, on one machine"),
        ("web", "run the web alone"),
        ("worker", "run the worker alone"),
    ):
        command = _add(commands, name, "running", name, help_)
        if name != "worker":
            command.add_argument("--host", help="the address to listen on")
            command.add_argument("--port", type=_port, help="the port to listen on")


def _add_init(commands: Commands) -> None:
    init = _add(commands, "init", "init", "init", "begin an installation: five questions, or options", settings=False)
    init.add_argument("folder", metavar="DIR", nargs="?", default=".", help="where to write it (default: here)")
    init.add_argument("--name-fr", metavar="NAME", help="the organization's name in French")
    init.add_argument("--name-en", metavar="NAME", help="the organization's name in English")
    init.add_argument("--url", metavar="ADDRESS", help="the portal's public address, https://…")
    init.add_argument("--contact", metavar="EMAIL", help="the person in charge of personal information")
    init.add_argument("--mail", metavar="SERVER", help="smtp://user:password@host:587, print: or later")
    init.add_argument("--officer", metavar="EMAIL", help="who will run the portal")
    init.add_argument("--language", choices=["fr", "en"], help="the language of questions and comments")


def _add_database(commands: Commands) -> None:
    check = _add(commands, "check", "check", "check", "check settings, data map, policies, translations, mail and keys")
    check.add_argument("--json", action="store_true", help="print JSON")
    database = _group(commands, "db", "the portal's own database")
    _add(database, "upgrade", "database", "upgrade", "bring the database to this version's schema")
    _add(database, "current", "database", "current", "say which schema the database has")
    _add_policy(commands)
    sources = _group(commands, "sources", "the organization's databases")
    _add(sources, "list", "sources", "list_sources", "list the sources and whether they answer")
    test = _add(sources, "test", "sources", "test", "try one source as the portal will use it; reads only unless told")
    test.add_argument("id", metavar="ID", help="the source, as portal.toml names it")
    test.add_argument(
        "--write", metavar="EMAIL", help="also write: this made-up person's rows are corrected, then ERASED"
    )
    preview = _add(sources, "preview", "sources", "preview", "show what the map finds for one person, masked")
    preview.add_argument("email", metavar="EMAIL", help="the person's address")
    preview.add_argument("--reveal", action="store_true", help="show values instead of masks")
    suggest = _add(sources, "suggest", "sources", "suggest", "draft the data map of a database, with questions")
    suggest.add_argument("url", metavar="URL", help="its address, which may name variables: '${SERVICE_DATABASE_URL}'")
    suggest.add_argument("--id", default="service", help="the source's name in the settings (default: service)")
    suggest.add_argument("--schema", metavar="NAME", help="the schema (default: the database's usual one)")
    suggest.add_argument("--output", metavar="FILE", help="write it into this new file instead of printing it")


def _add_policy(commands: Commands) -> None:
    policy = _group(commands, "policy", "versions of the policy and of the governance practices")
    listing = _add(policy, "list", "policy", "list_versions", "list the versions")
    check = _add(policy, "check", "policy", "check", "check a version's folder, or the published versions")
    check.add_argument("folder", metavar="DIR", nargs="?", help="a folder with policy.toml, fr.md and en.md")
    check.add_argument("--mend", action="store_true", help="write the files again with their accents put right")
    publish = _add(policy, "publish", "policy", "publish", "publish a version from its folder")
    publish.add_argument("folder", metavar="DIR", help="a folder with policy.toml, fr.md and en.md")
    export = _add(policy, "export", "policy", "export", "write a version into a folder, byte for byte as published")
    export.add_argument("folder", metavar="DIR")
    export.add_argument("--id", metavar="ID", help="the version (default: the one in force)")
    diff = _add(policy, "diff", "policy", "diff", "print what changed between two versions")
    diff.add_argument("a", metavar="A")
    diff.add_argument("b", metavar="B")
    diff.add_argument("--language", choices=["fr", "en"], help="the language compared (default: the terminal's)")
    for command in (listing, export, diff):
        command.add_argument("--document", choices=["privacy", "governance"], help="which document")
    for command in (listing, check, diff):
        command.add_argument("--json", action="store_true", help="print JSON")


def _add_records(commands: Commands) -> None:
    staff = _group(commands, "staff", "members of staff")
    add = _add(staff, "add", "staff", "add", "add a member and print a one-time link, good for one hour")
    add.add_argument("email", metavar="EMAIL")
    add.add_argument("--role", required=True, choices=["officer", "agent", "auditor"])
    add.add_argument("--language", choices=["fr", "en"], default="fr", help="the language of their letters")
    _add(staff, "list", "staff", "list_staff", "list the members")
    role = _add(staff, "role", "staff", "role", "give a member another role")
    role.add_argument("email", metavar="EMAIL")
    role.add_argument("--role", required=True, choices=["officer", "agent", "auditor"])
    disable = _add(staff, "disable", "staff", "disable", "shut a member out at once")
    disable.add_argument("email", metavar="EMAIL")
    disable.add_argument("--to", metavar="EMAIL", help="who takes over their open requests (default: the queue)")
    enable = _add(staff, "enable", "staff", "enable", "let a member in again")
    enable.add_argument("email", metavar="EMAIL")
    rights = _group(commands, "rights", "rights requests")
    listing = _add(rights, "list", "rights", "list_requests", "list requests")
    listing.add_argument("--state", help="only those in this state")
    listing.add_argument("--json", action="store_true", help="print JSON")
    show = _add(rights, "show", "rights", "show", "show one request")
    show.add_argument("reference", metavar="REF")
    show.add_argument("--json", action="store_true", help="print JSON")
    backup = _add(
        commands, "backup", "backup", "backup", "write the portal's own database into one file, while it runs"
    )
    backup.add_argument("file", metavar="FILE", help="a new file")
    restore = _add(
        commands, "restore", "backup", "restore", "put a backup back, and erase again whoever was erased since"
    )
    restore.add_argument("file", metavar="FILE", help="what portal backup wrote")
    restore.add_argument(
        "--without-ledger", action="store_true", help="the erasure ledger is lost: nobody can be erased again"
    )
    erasures = _group(commands, "erasures", "the erasure ledger, and people who came back with a backup")
    _add(erasures, "verify", "erasures", "verify", "prove the ledger, and list who came back; changes nothing")
    again = _add(erasures, "replay", "erasures", "replay_again", "erase again whoever came back")
    again.add_argument("--since", metavar="DATE", help="only what was erased from that day on")
    again.add_argument(
        "--under-another-address", action="store_true", help="those too who may be somebody else with the same key"
    )
    settings = _group(commands, "settings", "what the officer set in the browser")
    _add(settings, "export", "settings", "export", "print the officer's settings as TOML")
    mail = _group(commands, "mail", "the outbox")
    _add(mail, "status", "mail", "status", "count letters waiting, sent and refused")
    _add(mail, "retry", "mail", "retry", "try refused letters again")
    bounce = _add(mail, "bounce", "mail", "bounce", "read a report of letters that did not arrive")
    bounce.add_argument("file", metavar="FILE", help="the report as it was received, or - to read it from a pipe")


def _port(typed: str) -> int:
    from argparse import ArgumentTypeError

    if not typed.isascii() or not typed.isdigit() or not 0 < int(typed) < 65_536:
        raise ArgumentTypeError("a port is a number from 1 to 65535")
    return int(typed)


if __name__ == "__main__":
    sys.exit(main())
