"""The health of the installation in words: a line for each part and, when it is not well, whom to call and what to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from portal.domain.health import Health, Mail
from portal.domain.languages import Language
from portal.wording.catalogue import Catalogue, for_language
from portal.wording.dates import instant


@dataclass(frozen=True, slots=True)
class HealthLine:
    """One part: its name, whether it is well, how it is, and what to do; `page` is where that is done, if here.

    `anchor` names the line, where other pages lead to it.
    """

    name: str
    well: bool
    sentence: str
    what_to_do: str = ""
    page: str | None = None
    anchor: str | None = None


def health_lines(health: Health, version: str, language: Language, zone: tzinfo) -> Sequence[HealthLine]:
    """Every part, those that want somebody first."""
    teller = _Teller(health, version, for_language(language), lambda moment: instant(moment, language, zone))
    return sorted(teller.lines(), key=lambda line: line.well)


@dataclass(frozen=True, slots=True)
class _Teller:
    health: Health
    version: str
    words: Catalogue
    when: Callable[[datetime], str]

    def lines(self) -> Iterator[HealthLine]:
        yield self._overdue()
        yield self._letters()
        if self.health.refused:
            yield self._refused()
        if self.health.to_post:
            yield self._to_post()
        yield self._mail()
        for source, answers in self.health.sources:
            yield self._source(source, answers=answers)
        yield self._worker()
        yield self._program()
        yield self._retention()

    def _overdue(self) -> HealthLine:
        name = self.words.gettext("Requests past their time limit")
        if not self.health.overdue:
            return HealthLine(name, True, self.words.gettext("None."))
        sentence = self.words.ngettext("%(num)s request is late.", "%(num)s requests are late.", self.health.overdue)
        remedy = self.words.gettext(
            "Call whoever has them in hand: the law treats silence as a refusal, and an answer is still owed. The list "
            "begins with those due first."
        )
        return HealthLine(name, False, sentence, remedy, "staff_requests")

    def _letters(self) -> HealthLine:
        name, oldest = self.words.gettext("Letters waiting to leave"), self.health.oldest_waiting
        if oldest is None:
            return HealthLine(name, True, self.words.gettext("None."))
        sentence = self.words.ngettext(
            "Since %(moment)s, %(num)s letter waits.",
            "Since %(moment)s, letters wait: %(num)s of them.",
            self.health.waiting,
            moment=self.when(oldest),
        )
        if self.health.mail is Mail.NONE:
            remedy = self.words.gettext("They leave once the mail server is set: see the line “Mail server”.")
            return HealthLine(name, False, sentence, remedy, "staff_letters")
        if not self.health.letters_late:
            return HealthLine(name, True, sentence)
        said = self.words.gettext("Since %(moment)s, letters have not been leaving.", moment=self.when(oldest))
        return HealthLine(name, False, sentence, self._call(said), "staff_letters")

    def _refused(self) -> HealthLine:
        sentence = self.words.ngettext(
            "%(num)s letter was refused and did not leave.",
            "%(num)s letters were refused and did not leave.",
            self.health.refused,
        )
        remedy = self.words.gettext("Nobody to call: look at why on the Letters page, then try them again.")
        return HealthLine(self.words.gettext("Letters refused"), False, sentence, remedy, "staff_letters")

    def _to_post(self) -> HealthLine:
        sentence = self.words.ngettext(
            "%(num)s letter waits to be printed and posted.",
            "%(num)s letters wait to be printed and posted.",
            self.health.to_post,
        )
        late = self.health.post_late
        remedy = self.words.gettext("Call whoever posts letters: the oldest has waited for more than two days.")
        name = self.words.gettext("Letters to print and post")
        return HealthLine(name, not late, sentence, remedy if late else "", "staff_letters_to_post")

    def _mail(self) -> HealthLine:
        gettext = self.words.gettext
        name = gettext("Mail server")
        match self.health.mail:
            case Mail.ANSWERS:
                return HealthLine(name, True, gettext("It takes letters."))
            case Mail.ON_THIS_MACHINE:
                return HealthLine(name, True, gettext("Letters stay on this machine, in a folder."))
            case Mail.NONE:
                said = gettext("The portal needs a mail server: set it in portal.toml, under [mail], then restart it.")
                return HealthLine(
                    name, False, gettext("It is not set yet, so no e-mail leaves."), self._call(said), anchor="mail"
                )
            case Mail.REFUSES:
                said = gettext("The mail server does not take the portal’s letters: `portal check` says why.")
                return HealthLine(name, False, gettext("It does not let the portal in."), self._call(said))
        said = gettext("The mail server does not answer the portal: is it running, and is its address still right?")
        return HealthLine(name, False, gettext("It did not answer in time."), self._call(said))

    def _source(self, source: str, *, answers: bool) -> HealthLine:
        name = self.words.gettext("Database “%(name)s”", name=source)
        if answers:
            return HealthLine(name, True, self.words.gettext("It answers."))
        sentence = self.words.gettext("It did not answer in time. What it holds is missing from pages and copies.")
        said = self.words.gettext("The database “%(name)s” does not answer the portal.", name=source)
        return HealthLine(name, False, sentence, self._call(said))

    def _worker(self) -> HealthLine:
        name, seen = self.words.gettext("Work in the background"), self.health.worker_seen
        if seen and not self.health.worker_away:
            return HealthLine(name, True, self.words.gettext("It goes on."))
        if seen is None:
            sentence = self.words.gettext("It has never begun: no letter leaves and nothing is erased.")
            said = self.words.gettext("The portal’s worker has never answered; `portal worker` must run.")
        else:
            sentence = self.words.gettext(
                "Nothing since %(moment)s: no letter leaves and nothing is erased.", moment=self.when(seen)
            )
            said = self.words.gettext(
                "The portal’s worker has not answered since %(moment)s; `portal worker` must run.",
                moment=self.when(seen),
            )
        return HealthLine(name, False, sentence, self._call(said))

    def _program(self) -> HealthLine:
        name = self.words.gettext("Version")
        if self.health.schema == self.health.head:
            sentence = self.words.gettext(
                "Portal %(version)s, database at %(number)s.", version=self.version, number=self.health.head
            )
            return HealthLine(name, True, sentence)
        sentence = self.words.gettext(
            "Portal %(version)s expects its database at %(head)s, and it is at %(present)s.",
            version=self.version,
            head=self.health.head,
            present=self.health.schema or "–",
        )
        said = self.words.gettext(
            "The portal and its database are of two versions: run `portal db upgrade`, then start the portal again."
        )
        return HealthLine(name, False, sentence, self._call(said))

    def _retention(self) -> HealthLine:
        name, ran = self.words.gettext("Deleting what is no longer kept"), self.health.retention_ran
        sentence = (
            self.words.gettext("The last run was on %(moment)s and left nothing over.", moment=self.when(ran))
            if ran
            else self.words.gettext("It has not run yet. It runs each night.")
        )
        if not self.health.retention_late:
            return HealthLine(name, True, sentence)
        said = self.words.gettext(
            "The portal’s nightly deletion has not run for two days; `portal worker` must run at night."
        )
        return HealthLine(name, False, sentence, self._call(said))

    def _call(self, said: str) -> str:
        return self.words.gettext("Tell the person who runs the server: “%(said)s”", said=said)
