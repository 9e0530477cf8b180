"""The week: what is in the inbox is loaded, every list forecast, those over their standard warned of, the mail queued.

All of it, from figures to mail, becomes visible in the one transaction that also finishes the slot, or not at all:
readers meet last week or this week, never a part, and nobody is written to about what was not stored. Until then new
files are stored on a copy of the database alone, from which the week is worked out (`jobs.rehearsed`). A week that is
done over again gives the same answers; then nothing is stored a second time and nothing sent.
"""

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import Connection, Engine

from forecasting import store as forecast_store
from jobs import ledger
from jobs.ahead import judge_ahead
from jobs.arrivals import Arrived, fresh_files, read_files
from jobs.forecast import Ask, outcome_of
from jobs.inbox import untried
from jobs.load import Moment, Run, is_any_loaded, store_files
from jobs.mail.queueing import queue_mail
from jobs.outcomes import FileOutcome, Progress, WeekOutcome
from jobs.records.files import Asked
from jobs.records.mappings import read_mappings
from jobs.rehearsed import WorkedOut, work_out
from jobs.runs import concluded, running
from jobs.warn import keep
from waitlists.errors import BadArgument, DatabaseUnavailable, LeaseLost
from waitlists.logs import logger
from waitlists.periods import london_date, london_time
from waitlists.running.ledger import Claim
from waitlists.running.timetable import SLOTS
from waitlists.settings import Settings
from waitlists.store import ledger as slots_of
from waitlists.store import write
from waitlists.store.newer import SEEN, came_since
from waitlists.store.rehearsal import clear_copies
from waitlists.store.session import reading
from waitlists.store.unread import awaited_files, undecided_files
from waitlists.suppression import Rule

JOB = "weekly"

FAILED = frozenset({FileOutcome.REFUSED, FileOutcome.HELD})
"""What leaves a source without its figures of the week."""


def is_in_part(one: FileOutcome) -> bool:
    """Whether figures of the week are missing of a file: all, or those of rows that were put aside."""
    return one.status in FAILED or one.put_aside > 0


@dataclass(frozen=True, slots=True)
class Around:
    """What the week works with: the database, the settings, what to ask of the forecast, and where progress is told."""

    engine: Engine
    settings: Settings
    ask: Ask
    on_progress: Callable[[Progress], None]


def weekly(around: Around, claim: Claim, find: Callable[[], Sequence[Path]]) -> WeekOutcome:
    """The week of a slot, done under its claim; `find` looks for the files that have come.

    Raises
    ------
    LeaseLost
        Another process took the slot over meanwhile; nothing of this one is stored.
    DatabaseUnavailable
        Nothing could be stored; readers go on seeing the week before.
    """
    clear_copies(around.engine)
    ask, rule = around.ask, Rule(around.settings.suppression)
    with running(around.engine, command=JOB, as_of=claim.slot, clock=ask.clock) as run_id:
        run = Run(run_id, ask.clock(), Moment(ask.clock, claim.slot))
        problems, arrived = _arrived(around, run, find)
        logger().info("weekly.read", slot=str(claim.slot), problems=len(problems), refused=len(arrived.refused))
        worked = work_out(around.engine, arrived, run, ask, rule, on_progress=around.on_progress)
        week = _Week(around, claim, run, worked, arrived.already, tuple(problems))
        outcome = concluded(around.engine, run_id, week.conclude)
    logger().info("weekly.ended", slot=str(claim.slot), state=outcome.state, version=outcome.dataset_version)
    return outcome


def judge_after(around: Around) -> None:
    """Judge trends once a week is done and its claim gone: until then the first to ask for the matrix waits.

    The week is done without it, so nothing that ends it, a person's Ctrl-C among it, is told as the week's failure.
    """
    rule, today = Rule(around.settings.suppression), london_date(around.ask.clock())
    try:
        judge_ahead(around.engine, rule, day=today, on_progress=around.on_progress)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the week is done, whatever this comes to
        logger().warning("trends.not_judged", kind=type(error).__name__)


def asked_week(
    around: Around,
    find: Callable[[], Sequence[Path]],
    *,
    on_hung: Callable[[], object] | None = None,
    on_late: Callable[[WeekOutcome], object] = lambda _: None,
) -> WeekOutcome:
    """The week of a day that a person asks for, done before or not.

    Parameters
    ----------
    on_hung
        What to do where it takes much too long: it has been let go then, and its thread hears of nothing any more.
    on_late
        What to do where the week is done, but judging after it does not end in the same time.

    Raises
    ------
    BadArgument
        The day has not come yet.
    LeaseLost
        Another process is at it, or took it over.
    """
    ask = around.ask
    if ask.as_of > ask.clock().astimezone(around.settings.zone).date():
        raise BadArgument("this day has not come yet", field="--as-of")
    claim = ledger.claim(around.engine, JOB, ask.as_of, clock=ask.clock, is_asked=True)
    if claim is None:
        raise LeaseLost(_taken(around))
    longest, began = SLOTS[JOB].longest, ask.clock()
    try:
        with ledger.working(around.engine, claim, clock=ask.clock, longest=longest, on_hung=on_hung):
            outcome = weekly(around, claim, find)
    except DatabaseUnavailable:
        # A person who tries again at once is not to wait for the lease of a process that is gone.
        with suppress(DatabaseUnavailable, LeaseLost):
            ledger.release(around.engine, claim, clock=ask.clock)
        raise
    with told_late(began + longest - ask.clock(), lambda: on_late(outcome)):
        judge_after(around)
    return outcome


@contextmanager
def told_late(within: timedelta, tell: Callable[[], object]) -> Generator[None]:
    """Have it told, in a thread beside the block, that the block did not end within a time; it goes on all the same."""
    has_ended = Event()

    def wait() -> None:
        if not has_ended.wait(max(0.0, within.total_seconds())):
            logger().error("trends.hung")
            tell()

    watch = Thread(target=wait, daemon=True, name="watch")
    watch.start()
    try:
        yield
    finally:
        has_ended.set()
        watch.join()


def _taken(around: Around) -> str:
    """That the week is somebody else's, and when it is free if that process was killed."""
    with reading(around.engine) as connection:
        found = slots_of.find(connection, JOB, around.ask.as_of)
    killed = "if that was killed, the week can be asked for again at"
    until = f"; {killed} {london_time(found.lease_until)}" if found else ""
    return f"another process is at the week of {around.ask.as_of}: wait for it{until}; `waitlists status` shows it"


def _arrived(around: Around, run: Run, find: Callable[[], Sequence[Path]]) -> tuple[list[str], Arrived]:
    """What kept files from being looked for or read, and what those say that were never tried."""
    try:
        paths = untried(around.engine, find())
        if not paths:
            return [], Arrived()
        records = Asked(None, read_mappings(around.settings.mappings))
        fresh = fresh_files(around.engine, paths, records)
        return [], read_files(fresh, records, source=None, on=run.today, on_progress=around.on_progress)
    except BadArgument as error:
        # The folder is not there, or a mapping cannot be read: what was loaded before is still forecast.
        return [f"{error}."], Arrived()


def _missing_of(one: FileOutcome) -> str:
    """Why a file is not there, or how much of it is not."""
    if one.status in FAILED:
        return str(one.reason)
    rest = "nothing of it is in a figure" if one.left and not one.rows_taken else "the rest is published"
    aside = f"rows put aside, of which nothing was taken: {one.put_aside:,}{one.told_of_left}; {rest}"
    return f"{aside}. {one.how_to_mend}"


@dataclass(frozen=True, slots=True)
class _Week:
    """A week that is worked out, on its way into the store."""

    around: Around
    claim: Claim
    run: Run
    worked: WorkedOut
    already: Sequence[FileOutcome]
    problems: tuple[str, ...]

    def conclude(self, connection: Connection) -> WeekOutcome:
        """In one transaction: files, forecasts, warnings, mail, the dataset version, the ends of run and slot."""
        ask, slot, found = self.around.ask, self.claim.slot, self.worked.found
        awaited = awaited_files(connection, as_of=slot)
        stored = (store_files(connection, part, self.run) for part in self.worked.parts)
        files = (*chain.from_iterable(stored), *self.already)
        has_come = is_any_loaded(files) or awaited_files(connection, as_of=slot) != awaited
        logger().info("weekly.stored", slot=str(slot), files=len(files))
        digest = forecast_store.digest(found.forecasts, found.clearances)
        # Warnings go on from the week before: they may differ where every forecast is the same.
        is_warned_anew = keep(connection, self.worked.settled(connection), as_of=slot, run_id=self.run.id)
        # Answers that new figures left as they were are of these figures too, and stored with them.
        is_same = _digest_of(connection, slot) == digest and not (is_warned_anew or has_come)
        if not is_same:
            forecast_store.save(connection, self.run.id, found.forecasts, found.clearances)
        logger().info("weekly.saved", slot=str(slot), is_same=is_same)
        queued = queue_mail(connection, self.around.settings, as_of=slot, now=ask.clock(), seen=self.worked.seen)
        logger().info("weekly.queued", slot=str(slot), mails=queued.mails)
        unseen, version = self._unseen(connection), None
        if not is_same:
            version = write.publish(connection, run_id=self.run.id, now=ask.clock(), keeps_trends=not has_come)
        forecasts = outcome_of(ask, found, run_id=self.run.id, version=version)
        missing = [f"{one.name}: {_missing_of(one)}" for one in files if is_in_part(one)]
        outcome = WeekOutcome(
            as_of=slot,
            run_id=self.run.id,
            dataset_version=version,
            files=Counter(one.status for one in files),
            forecasts=forecasts.by_status,
            warnings=forecasts.warnings,
            mails=queued.mails,
            is_same=is_same,
            problems=(
                *self.problems,
                *missing,
                *self._undecided(connection, files),
                *forecasts.failed,
                *queued.problems,
                *unseen,
            ),
            is_old_news=queued.is_old_news,
        )
        self._finish(connection, outcome, digest)
        return outcome

    def _undecided(self, connection: Connection, files: Sequence[FileOutcome]) -> list[str]:
        """Files that came before the week and that somebody has yet to see to: their lists are without them still."""
        told, waiting = {one.name for one in files}, undecided_files(connection, as_of=self.claim.slot)
        return [f"{name}: {file.sentence}" for name, file in waiting if name not in told]

    def _unseen(self, connection: Connection) -> Sequence[str]:
        """That somebody loaded files while this was worked out: the version that shows it comes after theirs."""
        again = f"run `waitlists weekly --as-of {self.claim.slot}` again"
        came = came_since(connection, self.worked.seen)
        return (f"files were loaded while this was worked out, and are not in it: {again}",) if came else ()

    def _finish(self, connection: Connection, outcome: WeekOutcome, digest: str) -> None:
        now, state = self.around.ask.clock(), outcome.state
        # Counts alone: a problem may name a file, and the ledger is shown to more people than the command's answer.
        told = {
            "files": dict(outcome.files),
            "forecasts": dict(outcome.forecasts),
            "warnings": dict(outcome.warnings),
            "mails": outcome.mails,
            "problems": len(outcome.problems),
            SEEN: self.worked.seen,
        }
        write.finish_run(connection, self.run.id, status=state.value, summary=told, now=now)
        detail = {**told, "digest": digest}
        ledger.finish(connection, self.claim, state=state, now=now, detail=detail, run_id=self.run.id)
        logger().info("weekly.finishing", slot=str(outcome.as_of), attempt=self.claim.attempt)


def _digest_of(connection: Connection, slot: date) -> str | None:
    """The checksum of the answers that the slot had when it was done before."""
    found = slots_of.find(connection, JOB, slot)
    return str(found.detail.get("digest", "")) if found and found.done_at else None
