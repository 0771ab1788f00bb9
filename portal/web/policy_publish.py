"""The form that publishes a draft, and its page: what changed, from which day, at which moment, and who approved it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice  # type: ignore[attr-defined]  # newer than the types of the package
from wtforms.validators import ValidationError

from portal.domain.languages import LANGUAGES, Text
from portal.domain.local_times import Moment, SkippedHour, moment
from portal.domain.policies import LONGEST_SUMMARY
from portal.domain.policy_drafts import Draft, Stage, may_approve
from portal.services import desk
from portal.services.policies import OneLanguageOnly, any_published
from portal.services.policy_publishing import (
    FURTHEST_DAYS,
    BadDay,
    BadMoment,
    NotApproved,
    NotReady,
    needs_approval,
    officers,
    revision,
    tasks,
)
from portal.web.access import now, portal, store
from portal.web.documents import document
from portal.web.forms import Line, NoLongerThan, Paragraphs, no_control_characters, something
from portal.web.languages import page_language
from portal.web.pages import page, words
from portal.web.policy_drafting import IN_ENGLISH, IN_FRENCH, VersionedForm, member, task_lines
from portal.wording.dates import city_of, date_long, time_of_day
from portal.wording.policy_tasks import hindrance_sentence, revision_sentence, revision_summary

_DAY, _HOUR = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII), re.compile(r"\d{2}:\d{2}\Z", re.ASCII)
_YEARS = range(1900, 2201)
"""Further away, clocks and calendars come to their end."""


class PublishForm(VersionedForm):
    """What is said of the version as a whole, and when it is published."""

    summary_fr = Paragraphs(
        _l("What changes, in French"),
        validators=[no_control_characters, NoLongerThan(LONGEST_SUMMARY)],
        render_kw=IN_FRENCH,
    )
    summary_en = Paragraphs(
        _l("What changes, in English"),
        validators=[no_control_characters, NoLongerThan(LONGEST_SUMMARY)],
        render_kw=IN_ENGLISH,
    )
    kind = RadioField(_l("Nature of the change"), validate_choice=False)
    day = Line(_l("In force from"), validators=[no_control_characters], render_kw={"type": "date"})
    at_day = Line(_l("Publish later: the day"), validators=[no_control_characters], render_kw={"type": "date"})
    at_hour = Line(_l("Publish later: the hour"), validators=[no_control_characters], render_kw={"type": "time"})

    def validate_kind(self, field: Any) -> None:
        """One of the two kinds, and our own sentence when it is none."""
        if field.data not in {"material", "wording"}:
            raise ValidationError(words("Choose the nature of the change."))

    def validate_day(self, field: Any) -> None:
        """A day as calendars write it, or none yet."""
        if field.data and _day(field.data) is None:
            raise ValidationError(words("Write the day as year, month, day, such as 2026-02-28."))

    def validate_at_day(self, field: Any) -> None:
        """A day as calendars write it, or none."""
        if field.data and _day(field.data) is None:
            raise ValidationError(words("Write the day as year, month, day, such as 2026-02-28."))
        if self.at_hour.data and not field.data:
            raise ValidationError(words("Give both the day and the hour, or neither."))

    def validate_at_hour(self, field: Any) -> None:
        """An hour that exists on its day, or none."""
        if field.data and _hour(field.data) is None:
            raise ValidationError(words("Write the hour and minutes, such as 14:30."))
        if self.at_day.data and not field.data:
            raise ValidationError(words("Give both the day and the hour, or neither."))
        try:
            self.typed_moment()
        except SkippedHour as error:
            raise ValidationError(_skipped(error)) from error

    def typed_day(self) -> date | None:
        """The day in force, or None when there is none or it is none."""
        return _day(self.day.data)

    def typed_moment(self) -> Moment | None:
        """The moment to publish at, None for at once. Raises SkippedHour."""
        day, hour = _day(self.at_day.data), _hour(self.at_hour.data)
        return moment(day, hour, portal().settings.zone) if day and hour else None

    def summary(self) -> Text:
        """What is said of the version."""
        return Text(fr=self.summary_fr.data or "", en=self.summary_en.data or "")

    def is_whole(self) -> bool:
        """Whether the summary is there in both languages and a day is given; the sentences are put beside the fields."""
        missing = {
            "summary_fr": words("Say in a few words, in French, what changes."),
            "summary_en": words("Say in a few words, in English, what changes."),
        }
        for name, sentence in missing.items():
            try:
                something(self[name], sentence)
            except ValidationError as error:
                self[name].errors = [str(error)]
        if self.typed_day() is None:
            self.day.errors = [words("Give the day from which this version is in force.")]
        return not any(field.errors for field in self)

    def say_bad_day(self) -> None:
        """The day in force is past, before the publication, or too far away."""
        self.day.errors = [
            words(
                "Choose the day of publication or a later day, within %(days)s days. A version cannot come into force in"
                " the past.",
                days=FURTHEST_DAYS,
            )
        ]

    def say_bad_moment(self) -> None:
        """The moment to publish at is past or too far away."""
        self.at_day.errors = [words("Choose a moment to come, within %(days)s days.", days=FURTHEST_DAYS)]

    def say_one_language(self) -> None:
        """It changes one language, and was said to be a change of substance."""
        self.kind.errors = [
            words(
                "Only one language changed. Choose a change of wording, or change the other language too: what touches how"
                " information is handled is said in both."
            )
        ]

    def say(self, refusal: Exception) -> None:
        """Put beside its field why the draft may not be published; what remains to be done is said above the form."""
        if isinstance(refusal, BadDay):
            self.say_bad_day()
        elif isinstance(refusal, BadMoment):
            self.say_bad_moment()
        elif isinstance(refusal, OneLanguageOnly):
            self.say_one_language()


UNFIT = (NotReady, NotApproved, BadDay, BadMoment, OneLanguageOnly)
"""Why a draft may not be published, or not then."""


@dataclass(frozen=True, slots=True)
class Way:
    """How far the draft is: who moved it there and when, what this officer may do, when it will be published."""

    stage: str
    by: str | None
    at: datetime | None
    needs_approval: bool
    may_approve: bool
    publish_at: datetime | None
    is_late: bool
    twice: bool
    hindrance: str | None


def typed_form(data: Any) -> PublishForm:
    """The form with what was sent, or empty."""
    form = PublishForm(data)
    form.kind.choices = [
        SelectChoice("material", words("A change of substance: it touches how information is handled")),
        SelectChoice("wording", words("A change of wording: it says the same thing better")),
    ]
    return form


def filled_form(draft: Draft) -> PublishForm:
    """The form as it was saved; a revised translation is a change of wording, and says so when nothing is said yet."""
    form = typed_form(None)
    is_untold = not draft.summary.fr and not draft.summary.en
    revised = revision(portal(), store(), draft, now=now())
    for language in LANGUAGES:
        said = revision_summary(revised, language) if revised and is_untold else draft.summary.in_(language)
        form[f"summary_{language}"].data = said
    form.kind.data = "wording" if revised else draft.kind
    form.day.data = (draft.effective or portal().today(now())).isoformat()
    if draft.publish_at:
        local = draft.publish_at.astimezone(portal().settings.zone)
        form.at_day.data, form.at_hour.data = local.date().isoformat(), f"{local:%H:%M}"
    form.version.data = str(draft.version)
    return form


def publish_page(draft: Draft, form: PublishForm, *, status: int = 200) -> Any:
    """The page of the form."""
    revised = revision(portal(), store(), draft, now=now())
    return page(
        "staff_policy_publish.html",
        status=status,
        draft=draft,
        form=form,
        to_do=task_lines(draft, tasks(portal(), store(), draft)),
        way=way_of(draft),
        zone=city_of(portal().settings.timezone),
        versions_there=any_published(portal(), store(), document()),
        revised=revision_sentence(revised, page_language()) if revised else None,
    )


def way_of(draft: Draft) -> Way:
    """How far a draft is."""
    members = desk.members_by_id(store())
    by = members.get(draft.stage_by or 0)
    return Way(
        stage=draft.stage.value,
        by=by.address if by else None,
        at=draft.stage_at,
        needs_approval=needs_approval(portal(), store()),
        may_approve=draft.stage is Stage.IN_REVIEW and may_approve(draft, member().id, officers(store())),
        publish_at=draft.publish_at,
        is_late=draft.publish_at is not None and draft.publish_at < now(),
        twice=_is_twice(draft.publish_at),
        hindrance=hindrance_sentence(draft.called_back, page_language(), portal().settings.zone)
        if draft.called_back
        else None,
    )


def _is_twice(publish_at: datetime | None) -> bool:
    """Whether the clocks show this hour twice on its day."""
    if publish_at is None:
        return False
    local = publish_at.astimezone(portal().settings.zone).replace(tzinfo=None)
    return moment(local.date(), local.time(), portal().settings.zone).twice


def _day(typed: str | None) -> date | None:
    """A day as calendars write it, of a year somebody may mean."""
    try:
        day = date.fromisoformat(typed) if typed and _DAY.match(typed) else None
    except ValueError:
        return None
    return day if day and day.year in _YEARS else None


def _hour(typed: str | None) -> time | None:
    try:
        return time.fromisoformat(typed) if typed and _HOUR.match(typed) else None
    except ValueError:
        return None


def _skipped(error: SkippedHour) -> str:
    language, said = page_language(), error.said
    return words(
        "On %(day)s, clocks go forward and never show %(hour)s. Choose another hour, such as %(instead)s.",
        day=date_long(said.date(), language),
        hour=time_of_day(said, language),
        instead=time_of_day(error.instead, language),
    )
