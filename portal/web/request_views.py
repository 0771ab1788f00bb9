"""What a person reads of a request of theirs: where it stands, what comes next and by when, what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.domain.answers import is_examined
from portal.domain.grounds import opens_recourse
from portal.domain.letters import LetterKind
from portal.domain.outbox import Audience, LetterState, PromisedLetter
from portal.domain.rights import BEFORE_DECISION, Flag, RequestEvent, RightsRequest, Stage, State, stage_of
from portal.services.attestation import Attestation
from portal.services.regimes import laws_of, remedies_for_silence, remedies_of
from portal.services.rights import FollowedRequest, HappenedToRequest, flags_of
from portal.web.access import now, portal, store
from portal.web.languages import page_language, url
from portal.web.pages import effective, words
from portal.wording.answer_labels import outcome_label_of
from portal.wording.dates import date_long, instant
from portal.wording.labels import flag_label, kind_label, stage_label
from portal.wording.numbers import number
from portal.wording.remedies import RemedyWords, remedy_words
from portal.wording.values import value_words

AMONG_STAFF = frozenset({RequestEvent.PROPOSED, RequestEvent.GIVEN_BACK})
"""What happens between staff before anything is decided."""

TOLD_WHY = frozenset(
    {RequestEvent.EXTENDED, RequestEvent.REOPENED, RequestEvent.MORE_TIME_GRANTED, RequestEvent.MORE_TIME_DENIED}
)
"""Events whose reason is written for the person."""

DELAYED = timedelta(days=1)
"""A letter that waits longer is admitted on the request's own page (design §4.6)."""


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request in words. `key` colours its tag; `late` says so beside it."""

    reference: str
    href: str
    kind: str
    stage: str
    key: str
    late: str | None
    outcome: str | None
    outcome_key: str
    received_on: date
    received_at: datetime
    due: date
    next: str
    step: int
    message: str
    taken_back: bool
    test: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of the timeline."""

    at: datetime
    sentence: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter to the person: what it was, and when it left (or that it has not)."""

    name: str
    sent_at: datetime | None
    refused: bool


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction: which field, before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DestroyedView:
    """What became of one table: how many rows went, how many stay, until when and why."""

    category: str
    destroyed: str
    kept: str | None
    because: str | None


def request_view(request: RightsRequest) -> RequestView:
    """One request for the list and the head of its page."""
    language = page_language()
    stage = stage_of(request)
    late = Flag.OVERDUE in flags_of(portal(), request, now=now())
    return RequestView(
        reference=request.reference,
        href=url("request_page", reference=request.reference),
        kind=kind_label(request.kind, language, request.whom),
        stage=stage_label(stage, language),
        key=stage.value,
        late=flag_label(Flag.OVERDUE, language) if late else None,
        outcome=outcome_label_of(request.kind, request.decision, language) if request.decision else None,
        outcome_key=request.decision.value if request.decision else "neutral",
        received_on=request.received_on,
        received_at=request.received_at,
        due=request.due,
        next=what_comes_next(request, late=late),
        step=_STEPS[stage],
        message=request.message,
        taken_back=stage is Stage.TAKEN_BACK,
        test=request.is_test,
    )


_STEPS: Mapping[Stage, int] = {
    Stage.RECEIVED: 1,
    Stage.WORKED_ON: 2,
    Stage.WAITING_FOR_YOU: 2,
    Stage.ANSWERED: 4,
    Stage.TAKEN_BACK: 4,
}
"""Of the three steps received, being worked on, answered: the present one; 4 once all are done."""


def what_comes_next(request: RightsRequest, *, late: bool) -> str:
    """One sentence: what happens next, and by when."""
    due = date_long(request.due, page_language())
    if late:
        return _late(request, due)
    if request.paused_on is not None and request.state in BEFORE_DECISION:
        return _stands_still(date_long(request.paused_on, page_language()), due)
    match stage_of(request):
        case Stage.RECEIVED | Stage.WORKED_ON:
            return words("We will answer by %(due)s at the latest.", due=due)
        case Stage.WAITING_FOR_YOU:
            return words("We need something from you to go on. Our last day to answer remains %(due)s.", due=due)
        case Stage.TAKEN_BACK:
            return words("You took it back on %(day)s. You can ask again at any time.", day=_day(request.closed_at))
    return _answered(request)


def _stands_still(since: str, due: str) -> str:
    return " ".join(
        (
            words("We wait for what we asked you. Our time to answer stands still since %(day)s.", day=since),
            words("Our last day was %(due)s. It moves by as many days, counted when your answer comes.", due=due),
        )
    )


def _late(request: RightsRequest, due: str) -> str:
    said = words("We are late, and we are sorry. Our answer was due on %(due)s.", due=due)
    open_now = remedies_for_silence(portal(), store(), request, today=portal().today(now()))
    remedies = remedy_words(open_now, page_language())
    if not remedies:
        return " ".join((said, words("You need do nothing.")))
    may = (_under(one, one.silent) for one in remedies)
    return " ".join((said, *may, words("We go on working on it.")))


def _under(remedy: RemedyWords, sentences: Sequence[str]) -> str:
    """The sentences of one recourse, after the name of its law where there are several."""
    said = " ".join(sentences)
    return words("%(law)s: %(said)s", law=remedy.law, said=said) if remedy.law else said


def _answered(request: RightsRequest) -> str:
    if request.state is not State.CLOSED:
        return _carried_out(request)
    day = _day(request.closed_at or request.decided_at)
    if request.decision is None or is_examined(request) or not opens_recourse(request.decision):
        return words("We answered on %(day)s. There is nothing more to do.", day=day)
    remedies = remedy_words(remedies_of(portal(), store(), request), page_language())
    may = (_under(one, one.refused) for one in remedies)
    return " ".join((words("We answered on %(day)s.", day=day), *may))


def _carried_out(request: RightsRequest) -> str:
    if request.wait_until is not None and now() < request.wait_until:
        moment = instant(request.wait_until, page_language(), portal().settings.zone)
        return words("From %(moment)s on, it is carried out. Until then, you can take it back.", moment=moment)
    return words("We have decided and are carrying it out. A letter tells you when it is done.")


def timeline(followed: FollowedRequest) -> list[EventView]:
    """What happened, in order, in the words of its person."""
    return [
        EventView(line.at, _what_happened(line.event.value, line.detail), _told(line))
        for line in followed.history
        if line.event not in AMONG_STAFF
    ]


def _told(line: HappenedToRequest) -> str | None:
    """Why more time was taken, and how the last day moved, in the words its person reads."""
    why = line.reason if line.event in TOLD_WHY else None
    if line.due_before is None or line.due_after is None:
        return why
    moved = words(
        "Our last day to answer was %(before)s. It is now %(after)s.",
        before=date_long(line.due_before, page_language()),
        after=date_long(line.due_after, page_language()),
    )
    return f"{why} {moved}" if why else moved


def _what_happened(event: str, detail: str | None) -> str:
    sentences = {
        "opened": words("You made this request. We received it."),
        "identity_checked": words("We checked that you are who you say."),
        "capacity_shown": words("We checked that you may act for the person concerned."),
        "marked_same": words("We noted that another request of yours asks the same thing. Both stay open."),
        "unmarked_same": words("We noted that no other request of yours asks the same thing."),
        "handed_over": words("It changed hands among our staff."),
        "taken_up": words("We began to work on it."),
        "asked": words("We asked you for something we need."),
        "answered_by_person": words("You answered what we asked."),
        "wrote": words("You wrote to us."),
        "went_on": words("We went on without waiting for an answer."),
        "decided": words("We decided."),
        "carrying_out": words("We began to carry it out."),
        "carried_out": words("It was carried out."),
        "not_carried_out": words("It could not be carried out as it stands. We are looking at it."),
        "closed": words("The request was closed."),
        "taken_back": words("You took the request back."),
        "posted": words("We posted you a letter."),
        "posting_corrected": words("We corrected the day on which we posted you a letter."),
        "looked_up": words("We looked in one of the places that are not in our databases."),
        "files_destroyed": words("The files kept with this request were destroyed."),
        "deemed_refused": words("Our last day to answer passed. We wrote to you about it."),
        "extended": words("We took more time to answer, as the law allows."),
        "paused": words("Our time to answer stands still until we have what we asked you for."),
        "resumed": words("Our time to answer runs again."),
        "applied": words("We asked the regulator for more time. Our last day to answer stays until it says yes."),
        "more_time_granted": words("The regulator gave us more time to answer."),
        "more_time_denied": words("The regulator gave us no more time to answer."),
        "contested": words("We noted that you turned to the regulator. We keep what your request is about."),
        "settled": words("The regulator’s file about your request is closed."),
        "follow_code_replaced": words("The follow code was replaced. We sent the new one."),
        "reopened": words("We opened your request again, and are looking at it once more."),
        "statement_written": words("Your comments were added to your file."),
        "statement_replaced": words("You wrote your comments again."),
        "statement_withdrawn": words("You took your comments out of your file."),
    }
    return sentences[event]


def letters_sent(letters: Sequence[PromisedLetter]) -> list[LetterView]:
    """The letters to the person, in order."""
    names = _letter_names()
    return [
        LetterView(names[letter.kind], letter.sent_at, letter.state is LetterState.REFUSED)
        for letter in letters
        if letter.audience is Audience.PERSON
    ]


def is_delayed(letters: Sequence[PromisedLetter]) -> bool:
    """Whether a letter to the person has waited for more than a day."""
    return any(
        letter.audience is Audience.PERSON
        and letter.state is LetterState.WAITING
        and now() - letter.created_at > DELAYED
        for letter in letters
    )


def _letter_names() -> Mapping[LetterKind, str]:
    return {
        LetterKind.ACKNOWLEDGEMENT: words("Acknowledgement of receipt"),
        LetterKind.OUTCOME_GRANTED: words("Our answer"),
        LetterKind.OUTCOME_PARTIALLY_GRANTED: words("Our answer"),
        LetterKind.OUTCOME_REFUSED: words("Our answer"),
        LetterKind.OUTCOME_NOTHING_FOUND: words("Our answer"),
        LetterKind.OUTCOME_NOT_ENTITLED: words("Our answer"),
        LetterKind.COMPLAINT_ANSWERED: words("Our answer"),
        LetterKind.DECISION_EXPLAINED: words("Our answer"),
        LetterKind.CORRECTION_DONE: words("Correction made"),
        LetterKind.CONSENT_CHANGED: words("Consent changed"),
        LetterKind.TAKEN_BACK: words("Request taken back"),
        LetterKind.ERASURE_WAITING: words("Deletion accepted, not begun"),
        LetterKind.ERASURE_DONE: words("Deletion done"),
        LetterKind.MESSAGE_WAITING: words("A message for you"),
        LetterKind.REQUEST_FOR_INFORMATION: words("What we need from you"),
        LetterKind.WE_ARE_LATE: words("Our answer is late"),
        LetterKind.MORE_TIME_TAKEN: words("More time to answer"),
        LetterKind.MORE_TIME_ASKED: words("More time asked"),
        LetterKind.MORE_TIME_ANSWERED: words("When we will answer"),
        LetterKind.REOPENED: words("Request opened again"),
        LetterKind.CLOCK_CHANGED: words("Our time to answer"),
        LetterKind.FOLLOW_CODE_REPLACED: words("New follow code"),
    }


def correction_view(request: RightsRequest) -> CorrectionView | None:
    """The correction a request is about, in words; None for other requests."""
    asked = request.correction
    if asked is None:
        return None
    category = effective().data_map.category(asked.category)
    table = category.table(asked.table) if category else None
    column = table.column(asked.field) if table else None
    if column is None:
        return CorrectionView(asked.field, asked.before, asked.value)
    language, zone = page_language(), portal().settings.zone
    before, after = (value_words(text, column, language, zone) for text in (asked.before, asked.value))
    return CorrectionView(column.label.in_(language), before, after)


def law_names(found: RightsRequest) -> list[str]:
    """The laws a request falls under, each with the last day it sets by itself where there are several."""
    laws = laws_of(store(), found)
    if len(laws) == 1:
        return [laws[0].regime.label.in_(page_language())]
    return [
        words(
            "%(law)s (answer by %(day)s)",
            law=law.regime.label.in_(page_language()),
            day=date_long(law.due, page_language()),
        )
        for law in laws
    ]


def destroyed_views(attested: Attestation) -> list[DestroyedView]:
    """What became of each table that held something."""
    return [_destroyed(one.category, one.table_name, one.erased, one.kept, one.kept_until) for one in attested.tables]


def _destroyed(category_id: str, table_name: str, erased: int, kept: int, kept_until: datetime | None) -> DestroyedView:
    language = page_language()
    category = effective().data_map.category(category_id)
    table = category.table(table_name) if category else None
    hold = table.hold if table else None
    return DestroyedView(
        category=category.label.in_(language) if category else category_id,
        destroyed=number(erased, language),
        kept=_kept(kept, kept_until) if kept else None,
        because=words(
            "%(because)s Legal basis: %(provision)s.", because=hold.because.in_(language), provision=hold.provision
        )
        if kept and hold
        else None,
    )


def _kept(kept: int, until: datetime | None) -> str:
    count = number(kept, page_language())
    if until is None:
        return words("%(count)s kept", count=count)
    return words("%(count)s kept until %(day)s", count=count, day=_day(until))


def _day(moment: datetime | None) -> str:
    zone = portal().settings.zone
    return date_long((moment or now()).astimezone(zone).date(), page_language())
