"""Words of getting ready: what each task is for, and what a mail server's answer to the test letter means."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portal.domain.languages import Language
from portal.domain.outbox import WhyRefused
from portal.domain.setup import PRINTED, TAKEN, Task
from portal.wording.catalogue import for_language


def task_title(task: Task, language: Language) -> str:
    """What to do."""
    return _tasks(language)[task][0]


def task_sentence(task: Task, language: Language, *, done: bool = False) -> str:
    """What it is for; once done, what can still be changed, where that is said otherwise."""
    return _done(language).get(task, _tasks(language)[task][1]) if done else _tasks(language)[task][1]


def result_title(result: str, language: Language) -> str:
    """What became of the test letter, in a few words."""
    return _result(result, language)[0]


def result_sentence(result: str, language: Language) -> str:
    """What to do about it."""
    return _result(result, language)[1]


def _result(result: str, language: Language) -> tuple[str, str]:
    return _results(language).get(result) or _results(language)[WhyRefused.NOT_NOW.value]


@cache
def _tasks(language: Language) -> Mapping[Task, tuple[str, str]]:
    words = for_language(language)
    return {
        Task.CONTACT: (
            words.gettext("Say how to reach the person in charge"),
            words.gettext(
                "The law wants their title and how to reach them on your website. Add a phone number or a postal "
                "address, and who replaces them."
            ),
        ),
        Task.POLICY: (
            words.gettext("Publish the privacy policy"),
            words.gettext("Complete the draft that is ready, or paste the policy you already have."),
        ),
        Task.HELD: (
            words.gettext("Say what you hold"),
            words.gettext("One form for each kind of information: why you have it, where it is, how long you keep it."),
        ),
        Task.COLLEAGUES: (
            words.gettext("Invite your colleagues"),
            words.gettext("Whoever prepares answers with you, or replaces you when you are away."),
        ),
        Task.LETTER: (
            words.gettext("Send yourself a test letter"),
            words.gettext("To know that codes and answers will reach people, or why they would not."),
        ),
        Task.REQUEST: (
            words.gettext("Make a test request"),
            words.gettext("To see what people receive and what you will have to do. It counts nowhere."),
        ),
    }


@cache
def _done(language: Language) -> Mapping[Task, str]:
    words = for_language(language)
    return {
        Task.CONTACT: words.gettext("Every page and letter says it. Change it here when it changes."),
        Task.POLICY: words.gettext("People can read it. Write its next version here."),
        Task.HELD: words.gettext("Add here the other kinds of information you hold."),
        Task.COLLEAGUES: words.gettext("Roles and invitations can be changed here at any time."),
    }


@cache
def _results(language: Language) -> Mapping[str, tuple[str, str]]:
    words = for_language(language)
    return {
        TAKEN: (
            words.gettext("The mail server took the letter."),
            words.gettext("Look for it in your mailbox, and among unwanted mail. If it is there, letters leave."),
        ),
        PRINTED: (
            words.gettext("The letter was written, to be printed and posted."),
            words.gettext("No e-mail leaves: people cannot receive a code, and so cannot sign in."),
        ),
        WhyRefused.UNKNOWN_HOST.value: (
            words.gettext("No machine has the name of the mail server."),
            words.gettext("Look for a typing mistake in its name in portal.toml, under [mail]."),
        ),
        WhyRefused.NOBODY_LISTENS.value: (
            words.gettext("Nothing answers at that port of the mail server."),
            words.gettext("Look at the port in portal.toml, under [mail]: 587 is usual, or 465 with smtps://."),
        ),
        WhyRefused.UNREACHABLE.value: (
            words.gettext("The mail server cannot be reached from this machine."),
            words.gettext("Whoever looks after the network can say whether mail may leave from here."),
        ),
        WhyRefused.SLOW.value: (
            words.gettext("The mail server answers too slowly."),
            words.gettext(
                "We stopped waiting. The letter stays in the outbox and will be tried again; if this lasts, look at the "
                "name and the port in portal.toml, under [mail]."
            ),
        ),
        WhyRefused.CERTIFICATE.value: (
            words.gettext("The mail server does not prove that it is who it says."),
            words.gettext(
                "Its certificate is not valid for the name in portal.toml. Use the name its provider gives, or name "
                "your own authority with ca=."
            ),
        ),
        WhyRefused.ENCRYPTION.value: (
            words.gettext("The mail server does not encrypt in the way asked for."),
            words.gettext("In portal.toml, under [mail], use smtps:// with port 465, or smtp:// with port 587."),
        ),
        WhyRefused.SIGN_IN_WANTED.value: (
            words.gettext("The mail server wants a user name and a password."),
            words.gettext("Put them in portal.toml, under [mail]: smtp://user:${PASSWORD}@…"),
        ),
        WhyRefused.CREDENTIALS.value: (
            words.gettext("The mail server refuses the user name or the password."),
            words.gettext("Check both in portal.toml, under [mail]. Some providers want a password made for programs."),
        ),
        WhyRefused.NO_SIGN_IN.value: (
            words.gettext("The mail server takes no user name here."),
            words.gettext("In portal.toml, under [mail], remove the user name and the password, or use port 587."),
        ),
        WhyRefused.SENDER.value: (
            words.gettext("The mail server refuses the address our letters come from."),
            words.gettext("In portal.toml, under [mail], give sender an address that this server may write for."),
        ),
        WhyRefused.RECIPIENT.value: (
            words.gettext("The mail server refuses to carry a letter to your address."),
            words.gettext("Either the address is wrong, or the server carries letters only for those who sign in."),
        ),
        WhyRefused.CUT.value: (
            words.gettext("The mail server cut the conversation."),
            words.gettext("It may want another port or encryption, or refuse this machine. Try again in a moment."),
        ),
        WhyRefused.NOT_NOW.value: (
            words.gettext("The mail server does not take the letter for now."),
            words.gettext("It stays in the outbox and will be tried again by itself."),
        ),
        WhyRefused.REFUSED.value: (
            words.gettext("The mail server refuses the letter."),
            words.gettext("What it answered tells why; whoever provides the server can help."),
        ),
    }
