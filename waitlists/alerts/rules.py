"""From the state of the service to what needs a person: one rule a function, each with its threshold beside it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from waitlists.alerts.kinds import KINDS, Alert
from waitlists.alerts.state import LastRun, State
from waitlists.periods import in_words, london_date
from waitlists.running.expected import next_file
from waitlists.running.ledger import SETTLED
from waitlists.running.slots import begins, due
from waitlists.running.timetable import SLOTS
from waitlists.sources import freq_of

STUCK_AFTER: Final = timedelta(hours=1)
"""No command of this service takes so long; a run that still stands as running was killed or lost its database."""

MAIL_LATE_AFTER: Final = timedelta(hours=1)
"""The first new tries are minutes apart: after an hour it is no passing trouble, and three are left to mend it."""

BACKUP_OLD_AFTER: Final = timedelta(days=8)
"""A week of work and a day to notice."""

SPARE_BYTES: Final = 256 * 2**20
"""Beside room for a copy of the database, which a restore or a large load may need."""


def alerts(state: State) -> tuple[Alert, ...]:
    """What is the matter, the most urgent first."""
    found = [*_figures(state), *_runs(state), *_files(state), *_clock(state), *_mail(state), *_safety(state)]
    order = list(KINDS)
    return tuple(sorted(found, key=lambda alert: order.index(alert.code)))


def slots_late(state: State) -> dict[str, tuple[date, timedelta]]:
    """By job of the clock whose newest slot has not ended well: that slot, and how long ago it should have."""
    found: dict[str, tuple[date, timedelta]] = {}
    for job, expected in SLOTS.items():
        by_now = due(expected.rule, since=None, now=state.now - expected.within)
        if not by_now or state.clock_since is None or begins(expected.rule, by_now[-1]) < state.clock_since:
            continue
        slot = by_now[-1]
        ended = any(one.slot == slot and one.state in SETTLED for one in state.slots.get(job, ()))
        if not ended:
            found[job] = slot, state.now - begins(expected.rule, slot) - expected.within
    return found


def _figures(state: State) -> Iterator[Alert]:
    if not state.sources:
        yield Alert("nothing_loaded", "Nothing has been loaded yet: run `waitlists load` with the files there are.")
    for source, period_end in sorted(state.sources.items()):
        if london_date(state.now) > next_file(source, period_end)[1]:
            when = in_words(period_end, freq_of(source))
            yield Alert("late", f"The newest figures of {source} are about {when}: a file is overdue.")
    yield from (Alert("late_return", sentence) for sentence in state.late_returns)


def _runs(state: State) -> Iterator[Alert]:
    """The last run of each command where it did not end, or did not end well: running it again mends both."""
    for run in state.runs:
        if run.status == "running" and state.now - run.started_at > STUCK_AFTER:
            began = _day(run.started_at)
            yield Alert("stuck", f"Run {run.id} ({run.command}) began on {began} and never ended: run it again.")
        elif run.command == "load" and run.reason is None:
            continue  # it ended as it should; what went wrong are files, and each is told by its name
        elif run.status == "failed":
            yield _failed(run)
        elif run.status == "partial":
            yield Alert("partial", f"{_last(run)} finished in part: look at what it said.")


def _failed(run: LastRun) -> Alert:
    if run.reason == "DiskFull":
        return Alert("disk_full", f"{_last(run)} found no space left: free some and run it again.")
    return Alert("failed", f"{_last(run)} failed: look at what it said.")


def _last(run: LastRun) -> str:
    return f"The last `waitlists {run.command}` (run {run.id})"


def _files(state: State) -> Iterator[Alert]:
    for file in state.refused:
        yield Alert("refused", f"{file.file_name} was refused ({file.code}): {file.reason}.")
    for file in state.held:
        about = f"{file.file_name} of {_day(file.snapshot_date)} is held for approval"
        yield Alert("held", f"{about}: {'; '.join(file.reasons)}.")
    rows, files = state.quarantined
    if rows:
        counted = "1 row" if rows == 1 else f"{rows:,} rows"
        among = "1 recent delivery" if files == 1 else f"{files:,} recent deliveries"
        put = "was put" if rows == 1 else "were put"
        yield Alert("quarantined", f"{counted} of {among} {put} aside: `waitlists quarantine list` says by which rule.")


def _clock(state: State) -> Iterator[Alert]:
    for job, (slot, _) in slots_late(state).items():
        last = next((one for one in state.slots.get(job, ()) if one.slot == slot), None)
        why = f"it stands as {last.state}{f' ({last.reason})' if last.reason else ''}" if last else "nobody began it"
        yield Alert("slot_late", f"The {job} job of {_day(slot)} is late: {why}. Is `waitlists schedule` running?")
    for one in state.slots.get("nightly", ())[:1]:
        yield from (Alert("slot_problem", f"The nightly check of {_day(one.slot)}: {said}") for said in one.problems)


def _mail(state: State) -> Iterator[Alert]:
    mail = state.mail
    if mail.oldest_at is not None and state.now - mail.oldest_at > MAIL_LATE_AFTER:
        waits = int((state.now - mail.oldest_at) / timedelta(hours=1))
        yield Alert("mail_late", f"Mail is not getting out: {mail.queued:,} waiting, the oldest for over {waits} h.")
    if mail.dead:
        yield Alert(
            "mail_dead",
            f"Mail was given up, {mail.dead:,} in a week: `waitlists outbox list` says for whom and why.",
        )


def _safety(state: State) -> Iterator[Alert]:
    last = state.backup_at or state.began_at
    if last is not None and state.now - last > BACKUP_OLD_AFTER:
        when = f"The last backup is of {_day(last)}" if state.backup_at else "There is no backup yet"
        yield Alert("backup_old", f"{when}: run `waitlists backup`.")
    if state.space is not None and state.space.free < state.space.used + SPARE_BYTES:
        yield Alert("disk_low", f"The database's disk has {state.space.free / 2**20:,.0f} MB left: free some.")


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"
