"""Who may do a job's slot: the rule by which a slot is claimed, given up, tried again and passed over.

A slot is a London business date of a job. Whoever claims it holds a lease and an attempt number; the number is the
fencing token: a worker that stalled past its lease finds a higher one and may finish nothing. No clock is read here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

MOST_FAILURES = 5
"""So often a slot is tried by itself; then a person looks, and asks for it by hand."""

FIRST_WAIT = timedelta(minutes=5)
"""Before the first new try; each further one waits twice as long."""


class State(StrEnum):
    """What became of a slot; a missed one was passed over for a newer."""

    RUNNING = "running"
    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"
    MISSED = "missed"


SETTLED = frozenset({State.DONE, State.PARTIAL, State.MISSED})
"""Nothing is left to be done by the clock."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do one slot of a job, until somebody holds a higher attempt."""

    job: str
    slot: date
    attempt: int


@dataclass(frozen=True, slots=True)
class JobRun:
    """A slot as the ledger has it.

    `done_at` is when it first ended well, whatever a replay that a person asked for came to since.
    `lease_until` is, of a slot that failed, the moment before which it is not tried again; `failures` counts the tries
    that ended in an error, while `attempt` counts those that were killed too. `is_asked`: a person asked for it first,
    so that it says nothing about what the clock has done. `detail` holds counts and codes for people.
    """

    job: str
    slot: date
    attempt: int
    state: State
    worker: str
    claimed_at: datetime
    heartbeat_at: datetime
    lease_until: datetime
    finished_at: datetime | None
    done_at: datetime | None
    failures: int
    is_asked: bool
    run_id: int | None
    superseded_by: date | None
    detail: Mapping[str, Any]


def may_claim(found: JobRun | None, *, now: datetime, is_asked: bool) -> bool:
    """Whether a slot may be taken now; one that a person asks for may be done again, one that somebody does may not.

    One that was killed or let go very often is left alone for a while, in which those who wait for it get their turn.
    """
    if found is None:
        return True
    if found.state is State.RUNNING:
        is_given_way = found.attempt > MOST_FAILURES and not is_asked
        return found.lease_until + (FIRST_WAIT if is_given_way else timedelta(0)) <= now
    if is_asked:
        return True
    return found.state is State.FAILED and found.failures < MOST_FAILURES and found.lease_until <= now


def is_coming(found: JobRun | None) -> bool:
    """Whether the clock is about to do a slot of its own accord, so that other work may wait for it.

    Not for ever: whatever ends its tries, errors or kills, after so many of them others go on without it.
    """
    if found is None:
        return True
    return found.state not in SETTLED and max(found.failures, found.attempt - 1) < MOST_FAILURES


def is_at_work(found: JobRun, *, now: datetime) -> bool:
    """Whether somebody does a slot at this moment, a person or the clock, at whichever try."""
    return found.state is State.RUNNING and found.lease_until > now


def next_try(failures: int, *, now: datetime) -> datetime:
    """When a slot that has failed so often is tried again."""
    return now + FIRST_WAIT * 2 ** (failures - 1)
