"""The clock: looks every minute whether a job has a slot that is due, and has it done once, whatever happens.

APScheduler does nothing here but look, in memory and by intervals. What is due follows from
`waitlists.running.slots`, what has been done from the ledger; so a look that comes late, twice or not at all changes
nothing, and of several clocks on one database one does the work. The present moment is passed in, but for the
intervals themselves.
"""

import logging
import signal
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Event, Lock, Thread
from types import FrameType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Engine

from jobs import ledger
from waitlists.errors import DatabaseUnavailable, LeaseLost
from waitlists.logs import logger
from waitlists.running.ledger import SETTLED, Claim, is_at_work, is_coming
from waitlists.running.slots import Rule, due
from waitlists.settings import Settings
from waitlists.store import ledger as store
from waitlists.store.session import reading

MISFIRE_GRACE = timedelta(hours=6)
"""How late a look may begin; APScheduler's own second would leave looks out whenever the machine is busy."""

GRACE_SECONDS = 20.0
"""How long work may go on after SIGTERM; the platform kills after 30."""

LAST_SECONDS = 5.0
"""How long letting go of claims may take after that."""

WATCH_SECONDS = 5.0
"""How often the main thread sees whether it is to stop, and whether the system's clock was put back."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Turn:
    """What a job is given: the database, the settings, the clock, and the slot it holds."""

    engine: Engine
    settings: Settings
    clock: Clock
    claim: Claim


@dataclass(frozen=True, slots=True)
class SlotJob:
    """A job that is done once for each of its slots; `work` finishes the claim it is given in its own transaction.

    `after` is done once the slot is finished and its claim gone. What works for longer than `longest` hangs.
    """

    name: str
    rule: Rule
    work: Callable[[Turn], object]
    every: timedelta = timedelta(minutes=1)
    lease: timedelta = ledger.LEASE
    longest: timedelta = ledger.LONGEST
    after: Callable[[Turn], object] | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """A job without slots, which does what there is to do at every look; twice does no harm."""

    name: str
    work: Callable[[Engine, Settings, Clock], object]
    every: timedelta
    longest: timedelta = ledger.LONGEST


Job = SlotJob | Watch


@dataclass(frozen=True, slots=True)
class Clockwork:
    """All looks of one process, the claims that it holds at the moment, and by when each look has to end."""

    engine: Engine
    settings: Settings
    clock: Clock
    held: set[Claim] = field(default_factory=set[Claim])
    end_by: dict[str, datetime] = field(default_factory=dict[str, datetime])
    lock: Lock = field(default_factory=Lock)

    def look(self, job: Job) -> None:
        """Do what is due of a job. No error leaves a look: it is recorded, and the next look tries again."""
        self.end_by[job.name] = self.clock() + job.longest
        try:
            if isinstance(job, Watch):
                job.work(self.engine, self.settings, self.clock)
            else:
                self._look_at_slots(job)
        except DatabaseUnavailable as error:
            logger().warning("schedule.database_away", job=job.name, reason=str(error))
        except LeaseLost:
            logger().warning("schedule.lease_lost", job=job.name)
        except Exception as error:  # noqa: BLE001 - the clock goes on; the ledger has recorded and logged a slot's error
            logger().error("schedule.failed", job=job.name, kind=type(error).__name__)
        finally:
            del self.end_by[job.name]

    def hung(self) -> list[str]:
        """Jobs whose look works for longer than it may; nothing but the end of the process ends a thread."""
        now = self.clock()
        return [name for name, end in list(self.end_by.items()) if now > end]

    def _look_at_slots(self, job: SlotJob) -> None:
        slots = due_slots(self.engine, job, now=self.clock(), zone=self.settings.zone)
        if not slots:
            return
        claim = ledger.claim_newest(self.engine, job.name, slots, clock=self.clock, lease=job.lease)
        if claim is None:
            return
        turn = Turn(self.engine, self.settings, self.clock, claim)
        working = ledger.working(self.engine, claim, clock=self.clock, lease=job.lease, longest=job.longest)
        with self._holding(claim), working:
            job.work(turn)
        if job.after is not None:
            job.after(turn)

    @contextmanager
    def _holding(self, claim: Claim) -> Generator[None]:
        with self.lock:
            self.held.add(claim)
        try:
            yield
        finally:
            with self.lock:
                self.held.discard(claim)

    def let_go(self) -> None:
        """Release every claim that is held, so that another clock takes it at once; what is unfinished is undone."""
        with self.lock:
            held = sorted(self.held, key=lambda claim: (claim.job, claim.slot))
        for claim in held:
            try:
                ledger.release(self.engine, claim, clock=self.clock)
            except (LeaseLost, DatabaseUnavailable) as error:
                # It ends by itself, or was taken over already.
                logger().warning("schedule.not_released", job=claim.job, kind=type(error).__name__)


def due_slots(engine: Engine, job: SlotJob, *, now: datetime, zone: ZoneInfo) -> tuple[date, ...]:
    """Slots that have begun since the last one that the clock knows of; none where the newest is settled."""
    with reading(engine) as connection:
        known = store.newest(connection, job.name)
        slots = due(job.rule, since=known.slot if known else None, now=now, zone=zone)
        newest = store.find(connection, job.name, slots[-1]) if slots else None
    return () if newest is not None and newest.state in SETTLED else slots


def is_ahead(engine: Engine, job: SlotJob, *, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the newest slot is about to be done or tried again before long, or one of any day is being done."""
    slots = due_slots(engine, job, now=now, zone=zone)
    with reading(engine) as connection:
        known = store.job_runs(connection, job=job.name)
    if any(is_at_work(one, now=now) for one in known):
        return True
    return bool(slots) and is_coming({one.slot: one for one in known}.get(slots[-1]))


def clock_of(work: Clockwork, jobs: Sequence[Job]) -> Any:
    """A scheduler that looks at each job in its interval, beginning now; one look of a job at a time."""
    # It warns at every look that finds the one before at work, which is how a long job is meant to be.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    # And it tells of every look, of which there are some each minute: the ledger tells of what was done.
    logging.getLogger("apscheduler.executors").setLevel(logging.WARNING)
    # Untyped, as much of the library is: it takes parts of a second too.
    interval: Any = IntervalTrigger
    scheduler: Any = BackgroundScheduler(executors={"default": ThreadPoolExecutor(len(jobs))}, timezone=UTC)
    for job in jobs:
        scheduler.add_job(
            work.look,
            interval(seconds=job.every.total_seconds(), timezone=UTC),
            args=[job],
            id=job.name,
            misfire_grace_time=int(MISFIRE_GRACE.total_seconds()),
            coalesce=True,
            max_instances=1,
            next_run_time=datetime.now(UTC),
        )
    return scheduler


def catch_up(scheduler: Any, *, now: datetime) -> None:
    """Have looks made now that would wait too long, because the system's clock was put back under them."""
    for job in scheduler.get_jobs():
        if job.next_run_time is not None and job.next_run_time - now > 2 * job.trigger.interval:
            logger().warning("schedule.clock_put_back", job=job.id)
            job.modify(next_run_time=now)


class Ending(NamedTuple):
    """How a clock ended: whether all its work had, and which jobs hung."""

    is_over: bool
    hung: Sequence[str] = ()


def schedule(engine: Engine, settings: Settings, jobs: Sequence[Job], *, clock: Clock, stop: Event) -> Ending:
    """Look after some jobs until `stop` is set, or one of them hangs.

    Work that has not ended then, nor within its grace, is let go and will be begun again, by another clock or by this
    one's next start. Its thread goes on, so the caller has to end the process.
    """
    work = Clockwork(engine, settings, clock)
    scheduler = clock_of(work, jobs)
    scheduler.start()
    logger().info("schedule.started", jobs=[job.name for job in jobs])
    hung: list[str] = []
    while not hung and not stop.wait(WATCH_SECONDS):
        catch_up(scheduler, now=datetime.now(UTC))
        hung = work.hung()
    if hung:
        logger().error("schedule.hung", jobs=hung)
    scheduler.pause()
    has_ended = Event()
    waiter = Thread(target=_ended, args=(scheduler, has_ended), daemon=True, name="waiter")
    waiter.start()
    is_over = has_ended.wait(GRACE_SECONDS)
    if not is_over:
        # Whoever is inside a long transaction keeps this from being written; then the lease ends by itself.
        last = Thread(target=work.let_go, daemon=True, name="last")
        last.start()
        last.join(LAST_SECONDS)
    logger().info("schedule.stopped", is_over=is_over)
    return Ending(is_over, hung)


def _ended(scheduler: Any, has_ended: Event) -> None:
    scheduler.shutdown(wait=True)
    has_ended.set()


@contextmanager
def stopping_on_signals() -> Generator[Event]:
    """An event that SIGTERM and SIGINT set while the block runs."""
    stop = Event()

    def tell(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {name: signal.signal(name, tell) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
