"""Promised work: what a job may name, how long a failed one waits, and which of two due times counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class JobKind(StrEnum):
    """What a job does. The truth it works on is in the portal's own tables; the job only wakes a handler."""

    DELIVER_LETTER = "deliver_letter"
    ERASURE_STEP = "erasure_step"
    APPLY_CORRECTION = "apply_correction"
    SWEEP = "sweep"
    PURGE = "purge"
    PUBLISH_POLICY = "publish_policy"
    GATHER_RECIPIENTS = "gather_recipients"
    SEND_NOTICE = "send_notice"
    FETCH_BOUNCES = "fetch_bounces"
    WATCH_CLOCKS = "watch_clocks"
    SUMMARIES = "summaries"
    LOOK_FOR_ERASED = "look_for_erased"


@dataclass(frozen=True)
class Job:
    """One piece of promised work: a kind and the identifier it is about, never anything personal (design §2.5).

    `subject` is 0 for work about no row in particular (the sweep, a purge).
    """

    kind: JobKind
    subject: int


@dataclass(frozen=True)
class Again:
    """A handler's way of saying: one bounded step is recorded, the next one is for `at` (aware UTC)."""

    at: datetime


@dataclass(frozen=True)
class TakenJob:
    """A job that a worker has taken: its row, and how many times it failed in a row before."""

    ticket: int
    job: Job
    failures: int


WAITS = (
    timedelta(seconds=1),
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
)
"""How long a job waits after its first, second, … failure in a row; every later one waits as long as the last."""

STALLED_AFTER = 8
"""From so many failures in a row a job is shown as stalled. It is still tried, once in an hour."""


def wait_after(failures: int) -> timedelta:
    """How long a job that has now failed `failures` times in a row (1 or more) waits before it is tried again."""
    return WAITS[min(failures, len(WAITS)) - 1]


def is_stalled(failures: int) -> bool:
    """Whether somebody should look at a job that failed so many times in a row."""
    return failures >= STALLED_AFTER


def sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two due times, where None is at once."""
    return None if one is None or other is None else min(one, other)


def due_when_promised_again(waiting: datetime | None, failures: int, promised: datetime | None) -> datetime | None:
    """When a waiting job runs once it is promised a second time: the sooner of the two.

    A promise that names no time leaves a failed job its growing wait, or the sweep would undo every wait.
    """
    if failures and promised is None:
        return waiting
    return sooner(waiting, promised)
