"""What ran, how old the figures are, and what needs a person: late figures, a failed or stuck run, a refused file.

Only looks; nothing is written. What is said here follows from the store alone, so two people who ask see the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from waitlists.expected import next_file
from waitlists.periods import in_words, london_date
from waitlists.quality.late import late_returns
from waitlists.sources import freq_of
from waitlists.store import read
from waitlists.store.referral_deliveries import Held, held_deliveries
from waitlists.store.session import reading
from waitlists.store.stored import StoredDelivery, StoredRefusal, StoredRun

STUCK_AFTER = timedelta(hours=1)
"""No command of this service takes so long; a run that still stands as running was killed or lost its database."""

RECENT = timedelta(days=7)
"""How long a refused file is worth a line."""

ALL = 1_000_000
"""More records of provenance than this store will ever hold: they are counted in hundreds a year."""

SHOWN_RUNS = 10
WEEKLY_RETURN = "weekly_return"


@dataclass(frozen=True, slots=True)
class Need:
    """Something a person has to do, as a stable word and a sentence."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SourceFreshness:
    """The newest delivery of a source: the week or month it is about and the day it counts as known from."""

    source: str
    period_end: date
    known_from: date
    received_at: datetime
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class StatusOutcome:
    """The state of the service at a moment; `needs` is empty when nobody has to do anything."""

    now: datetime
    dataset_version: int | None
    sources: tuple[SourceFreshness, ...]
    runs: tuple[StoredRun, ...]
    refusals: tuple[StoredRefusal, ...]
    needs: tuple[Need, ...]

    @property
    def exit_code(self) -> int:
        """1 when a person has to do something."""
        return 1 if self.needs else 0

    def as_json(self) -> dict[str, Any]:
        """Every fact, dates and times in ISO form."""
        return {
            "needs_a_person": bool(self.needs),
            "needs": [{"code": need.code, "sentence": need.sentence} for need in self.needs],
            "dataset_version": self.dataset_version,
            "sources": [_source_as_json(source) for source in self.sources],
            "runs": [_run_as_json(run) for run in self.runs],
            "refusals": [_refusal_as_json(refusal) for refusal in self.refusals],
        }


def status(engine: Engine, *, now: datetime) -> StatusOutcome:
    """What ran, what is late and what is stuck, as of now."""
    with reading(engine) as connection:
        version = read.latest_version(connection)
        sources = _freshness(connection)
        runs = _latest_runs(connection)
        refusals = _recent_refusals(connection, now)
        waiting = [one for one in held_deliveries(connection) if not one.is_approved]
        returns = late_returns(read.periods_sent(connection, WEEKLY_RETURN), now=now)
    overdue = (Need("late_return", late.sentence) for late in returns)
    needs = (*_late(sources, now), *overdue, *_broken(runs, now), *_unread(refusals), *_held(waiting))
    return StatusOutcome(now, version.version if version else None, sources, runs, refusals, needs)


def _freshness(connection: Connection) -> tuple[SourceFreshness, ...]:
    newest: dict[str, StoredDelivery] = {}
    for item in read.deliveries(connection, limit=ALL):
        seen = newest.get(item.source)
        if seen is None or (item.period_end, item.known_from) >= (seen.period_end, seen.known_from):
            newest[item.source] = item
    return tuple(
        SourceFreshness(source, item.period_end, item.known_from, item.received_at, item.is_synthetic)
        for source, item in sorted(newest.items())
    )


def _latest_runs(connection: Connection) -> tuple[StoredRun, ...]:
    """The newest runs first, and the latest of every command even where others came after it."""
    runs = sorted(read.runs(connection, limit=ALL), key=lambda run: run.id, reverse=True)
    latest = {run.command: run for run in reversed(runs)}.values()
    return tuple(
        run for place, run in enumerate(runs) if place < SHOWN_RUNS or run in latest or run.status == "running"
    )


def _recent_refusals(connection: Connection, now: datetime) -> tuple[StoredRefusal, ...]:
    """Files refused this week; one that was loaded since under the same checksum needs nobody."""
    loaded = {item.sha256 for item in read.deliveries(connection, limit=ALL)}
    latest = {
        (refusal.file_name, refusal.sha256): refusal
        for refusal in read.refusals(connection, limit=ALL)
        if now - refusal.received_at <= RECENT and refusal.sha256 not in loaded
    }
    return tuple(latest.values())


def _late(sources: tuple[SourceFreshness, ...], now: datetime) -> Iterator[Need]:
    if not sources:
        yield Need("nothing_loaded", "Nothing has been loaded yet: run `waitlists load` with the files there are.")
    for source in sources:
        if london_date(now) > next_file(source.source, source.period_end)[1]:
            when = in_words(source.period_end, freq_of(source.source))
            sentence = f"The newest figures of {source.source} are about {when}: a file is overdue."
            yield Need("late", sentence)


def _broken(runs: tuple[StoredRun, ...], now: datetime) -> Iterator[Need]:
    """The last run of each command where it did not end, or did not end well: running it again mends both."""
    latest = {run.command: run for run in reversed(runs)}
    for run in runs:
        if run.status == "running" and now - run.started_at > STUCK_AFTER and latest[run.command] is run:
            sentence = f"Run {run.id} ({run.command}) began on {run.started_at:%d %B %Y} and never ended: run it again."
            yield Need("stuck", sentence)
        elif run.status in {"failed", "partial"} and latest[run.command] is run:
            how = "failed" if run.status == "failed" else "finished in part"
            yield Need(run.status, f"The last `waitlists {run.command}` (run {run.id}) {how}: look at what it said.")


def _unread(refusals: tuple[StoredRefusal, ...]) -> Iterator[Need]:
    for refusal in refusals:
        yield Need("refused", f"{refusal.file_name} was refused ({refusal.code}): {refusal.reason}.")


def _held(waiting: Iterable[Held]) -> Iterator[Need]:
    for one in waiting:
        about = f"{one.file_name} of {one.snapshot_date:%d %B %Y} is held for approval"
        yield Need("held", f"{about}: {'; '.join(one.reasons)}.")


def _source_as_json(source: SourceFreshness) -> dict[str, Any]:
    return {
        "source": source.source,
        "period_end": source.period_end.isoformat(),
        "known_from": source.known_from.isoformat(),
        "received_at": source.received_at.isoformat(),
        "is_synthetic": source.is_synthetic,
    }


def _run_as_json(run: StoredRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "command": run.command,
        "as_of": run.as_of.isoformat() if run.as_of else None,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "status": run.status,
        "summary": dict(run.summary),
    }


def _refusal_as_json(refusal: StoredRefusal) -> dict[str, Any]:
    return {
        "id": refusal.id,
        "file": refusal.file_name,
        "received_at": refusal.received_at.isoformat(),
        "code": refusal.code,
        "reason": refusal.reason,
    }
