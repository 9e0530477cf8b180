"""The week: what is in the inbox is loaded, every list forecast, those over their standard warned of, the mail queued.

Loading publishes by itself, as it does on any day. All else, from forecasts to mail, becomes visible in the one
transaction that also finishes the slot, or not at all: readers meet last week's answers or this week's, never a part,
and nobody is written to about what was not stored. A week that is done over again gives the same answers; then nothing
is stored a second time and nothing sent.
"""

from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import Connection, Engine

from forecasting import store as forecast_store
from jobs import ledger
from jobs.ahead import judge_ahead
from jobs.decide import decide_weeks
from jobs.forecast import Ask, Foreseen, foresee, outcome_of
from jobs.inbox import load_fresh
from jobs.load import Moment
from jobs.mail.queueing import queue_mail
from jobs.outcomes import FileOutcome, Progress, WeekOutcome
from jobs.runs import concluded, running
from jobs.warn import keep
from waitlists.errors import BadArgument, DatabaseUnavailable, LeaseLost
from waitlists.logs import logger
from waitlists.periods import london_date
from waitlists.running.ledger import Claim
from waitlists.running.timetable import SLOTS
from waitlists.settings import Settings
from waitlists.store import ledger as slots_of
from waitlists.store import read, write
from waitlists.store.attempts import files_before
from waitlists.store.newer import came_since
from waitlists.store.session import reading
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
        Another process took the slot over meanwhile; nothing of this one is stored but what it had loaded.
    DatabaseUnavailable
        Nothing could be stored; readers go on seeing the week before.
    """
    ask, rule = around.ask, Rule(around.settings.suppression)
    with running(around.engine, command=JOB, as_of=claim.slot, clock=ask.clock) as run_id:
        problems, files = _loaded(around, claim.slot, find, run_id)
        decide_weeks(around.engine, rule, on_progress=around.on_progress)
        logger().info("weekly.loaded", slot=str(claim.slot), files=len(files), problems=len(problems))
        seen = _published(around.engine)
        found = foresee(around.engine, replace(ask, rule=rule), on_progress=around.on_progress)
        logger().info("weekly.foreseen", slot=str(claim.slot), series=len(found.forecasts))
        week = _Week(around, claim, run_id, found, seen, Counter(one.status for one in files), tuple(problems))
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
        raise LeaseLost(
            f"another process is at the week of {ask.as_of}: wait for it, `waitlists status` says how it is"
        )
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


def _loaded(
    around: Around, slot: date, find: Callable[[], Sequence[Path]], run_id: int
) -> tuple[list[str], Sequence[FileOutcome]]:
    """What could not be loaded, and what became of each file; the files of a late run count as known on its slot."""
    earlier, moment = _found_again(around.engine, slot, run_id), Moment(around.ask.clock, slot)
    problems, files = list[str](), tuple[FileOutcome, ...]()
    try:
        files = load_fresh(around.engine, around.settings, find(), moment=moment, on_progress=around.on_progress)
    except BadArgument as error:
        # The folder is not there, or a mapping cannot be read: what was loaded before is still forecast.
        problems = [f"{error}."]
    # One of the same name came in its place, or was tried again.
    names = {one.name for one in files}
    every = [*(one for one in earlier if one.name not in names), *files]
    return [*problems, *(f"{one.name}: {_missing_of(one)}" for one in every if is_in_part(one))], every


def _found_again(engine: Engine, slot: date, run_id: int) -> Sequence[FileOutcome]:
    """What attempts at the slot had loaded that were killed or broke off: no file of it is new to this one."""
    with reading(engine) as connection:
        found = files_before(connection, JOB, slot, run_id=run_id)
    return [FileOutcome(**one._asdict()) for one in found]


def _published(engine: Engine) -> int:
    """The version that readers see, 0 where there is none."""
    with reading(engine) as connection:
        found = read.latest_version(connection)
    return found.version if found else 0


def _missing_of(one: FileOutcome) -> str:
    """Why a file is not there, or how much of it is not."""
    if one.status in FAILED:
        return str(one.reason)
    aside = f"rows put aside, of which nothing was taken: {one.put_aside:,}; the rest is published"
    return f"{aside}. {one.how_to_mend}"


@dataclass(frozen=True, slots=True)
class _Week:
    """A week that is worked out, on its way into the store."""

    around: Around
    claim: Claim
    run_id: int
    found: Foreseen
    seen: int
    files: Mapping[str, int]
    problems: tuple[str, ...]

    def conclude(self, connection: Connection) -> WeekOutcome:
        """In one transaction: forecasts, warnings, mail, the dataset version, the run's end, the slot's end."""
        ask, slot = self.around.ask, self.claim.slot
        digest = forecast_store.digest(self.found.forecasts, self.found.clearances)
        # Warnings go on from the week before: they may differ where every forecast is the same.
        is_warned_anew = keep(connection, self.found.warnings, as_of=slot, run_id=self.run_id)
        is_same = _digest_of(connection, slot) == digest and not is_warned_anew
        if not is_same:
            forecast_store.save(connection, self.run_id, self.found.forecasts, self.found.clearances)
        logger().info("weekly.saved", slot=str(slot), is_same=is_same)
        queued = queue_mail(connection, self.around.settings, as_of=slot, now=ask.clock())
        logger().info("weekly.queued", slot=str(slot), mails=queued.mails)
        version = None if is_same else write.publish(connection, run_id=self.run_id, now=ask.clock(), keeps_trends=True)
        forecasts = outcome_of(ask, self.found, run_id=self.run_id, version=version)
        outcome = WeekOutcome(
            as_of=slot,
            run_id=self.run_id,
            dataset_version=version,
            files=self.files,
            forecasts=forecasts.by_status,
            warnings=forecasts.warnings,
            mails=queued.mails,
            is_same=is_same,
            problems=(*self.problems, *forecasts.failed, *queued.problems, *self._unseen(connection)),
            is_old_news=queued.is_old_news,
        )
        self._finish(connection, outcome, digest)
        return outcome

    def _unseen(self, connection: Connection) -> Sequence[str]:
        """That somebody loaded files while this was worked out: the version that shows it comes after theirs."""
        again = f"run `waitlists weekly --as-of {self.claim.slot}` again"
        came = came_since(connection, self.seen)
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
        }
        write.finish_run(connection, self.run_id, status=state.value, summary=told, now=now)
        detail = {**told, "digest": digest}
        ledger.finish(connection, self.claim, state=state, now=now, detail=detail, run_id=self.run_id)
        logger().info("weekly.finishing", slot=str(outcome.as_of), attempt=self.claim.attempt)


def _digest_of(connection: Connection, slot: date) -> str | None:
    """The checksum of the answers that the slot had when it was done before."""
    found = slots_of.find(connection, JOB, slot)
    return str(found.detail.get("digest", "")) if found and found.done_at else None
