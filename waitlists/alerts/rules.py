"""From the state of the service to what needs a person: one rule a function, each with its threshold beside it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from waitlists.alerts.kinds import KINDS, Alert
from waitlists.alerts.state import LastRun, State
from waitlists.periods import in_words
from waitlists.running.expected import next_file
from waitlists.running.ledger import SETTLED
from waitlists.running.slots import begins, due
from waitlists.running.timetable import BACKUP, SLOTS
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
        by_now = due(expected.rule, since=None, now=state.now - expected.within, zone=state.zone)
        if not by_now or state.clock_since is None or _is_asked_of_nobody(state, job):
            continue
        slot, begun = by_now[-1], begins(expected.rule, by_now[-1], zone=state.zone)
        ended = any(one.slot == slot and one.state in SETTLED for one in state.slots.get(job, ()))
        if begun >= state.clock_since and not ended:
            found[job] = slot, state.now - begun - expected.within
    return found


def _is_asked_of_nobody(state: State, job: str) -> bool:
    """Whether no clock makes backups here, or none does any more: then their age is what is told."""
    if job != BACKUP:
        return False
    newest = max((one.slot for one in state.slots.get(job, ())), default=None)
    return newest is None or state.today - newest > BACKUP_OLD_AFTER


def _figures(state: State) -> Iterator[Alert]:
    if not state.sources:
        yield Alert("nothing_loaded", "Nothing has been loaded yet: run `waitlists load` with the files there are.")
    for source, period_end in sorted(state.sources.items()):
        if state.today > next_file(source, period_end)[1]:
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
    for file in state.in_part:
        named = "`waitlists quarantine list` says what to correct; its sender mends it and sends it again."
        yield Alert("in_part", f"{file.file_name} of {file.org}, rows put aside: {file.rows:,}. {named}")
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
    for job, what in (("nightly", "check"), (BACKUP, "backup")):
        for one in state.slots.get(job, ())[:1]:
            yield from (
                Alert("slot_problem", f"The nightly {what} of {_day(one.slot)}: {said}") for said in one.problems
            )


def _mail(state: State) -> Iterator[Alert]:
    mail = state.mail
    if mail.oldest_at is not None and state.now - mail.oldest_at > MAIL_LATE_AFTER:
        waits = int((state.now - mail.oldest_at) / timedelta(hours=1))
        yield Alert("mail_late", f"Mail is not getting out: {mail.queued:,} waiting, the oldest for over {waits} h.")
    if mail.unmade:
        how = f"The email of this week could not be made for {mail.unmade:,}"
        yield Alert("mail_unmade", f"{how}: it is tried again every hour, and the log (mail.fault) says what broke.")
    if mail.held:
        yield Alert(
            "mail_held",
            f"Mail is held, {mail.held:,}: this was restored, and whether it was sent before is not known here. Ask "
            "those it is for; `waitlists outbox release` sends it, `waitlists outbox withdraw` takes it back.",
        )
    if mail.dead:
        yield Alert(
            "mail_dead",
            f"Mail was given up, {mail.dead:,} in a week: `waitlists outbox list` says for whom and why.",
        )


def _safety(state: State) -> Iterator[Alert]:
    known = [one for one in (state.backup_at, state.restored_of) if one is not None]
    last = max(known, default=state.began_at)
    if last is not None and state.now - last > BACKUP_OLD_AFTER:
        yield Alert("backup_old", f"{backup_told(state.backup_at, state.restored_of)[:-1]}: run `waitlists backup`.")
    yield from (Alert("ungranted", one.sentence) for one in state.ungranted)
    if state.space is not None and state.space.free < state.space.used + SPARE_BYTES:
        yield Alert("disk_low", f"The database's disk has {state.space.free / 2**20:,.0f} MB left: free some.")


def backup_told(backup_at: datetime | None, restored_of: datetime | None) -> str:
    """What is known of backups, in a sentence; one that a database was put back from does not know of itself."""
    if backup_at is not None and (restored_of is None or backup_at >= restored_of):
        return f"The last backup is of {_day(backup_at)}."
    if restored_of is not None:
        return f"This was restored from the backup of {_day(restored_of)}, and none was made since."
    return "There is no backup yet."


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"
