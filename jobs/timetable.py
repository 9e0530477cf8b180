"""What the clock does and when: the week, the night's checks, the month's back-test, the inbox and the outbox.

Times are London's. Each job is a plain function here or in a file of its own; how often somebody looks is the clock's
business, and the days on which a job has a slot are written down by name.
"""

from collections import Counter
from collections.abc import Callable
from datetime import time, timedelta
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from jobs import ledger
from jobs.backtest import backtest
from jobs.forecast import Ask
from jobs.inbox import Inbox, arrived_by, load_fresh
from jobs.load import Moment
from jobs.mail.outbox import drain
from jobs.outcomes import Progress
from jobs.records.erase import expire
from jobs.schedule import Clock, Job, SlotJob, Turn, Watch, is_ahead
from jobs.status import status
from jobs.weekly import FAILED, JOB, Around, weekly
from waitlists.errors import DatabaseUnavailable, FinishedInPart
from waitlists.logs import logger
from waitlists.periods import london_date
from waitlists.running.ledger import State
from waitlists.running.slots import Daily, Monthly, Weekly
from waitlists.settings import Settings
from waitlists.store.session import check_integrity, writing

MONDAY: Final = Weekly("mon", time(6))
NIGHT: Final = Daily(time(2))
MONTH: Final = Monthly(2, time(3))

INBOX = "inbox"
FIT_PROCESSES = 2
SEED = 1
"""As `waitlists forecast` has it: the same week by hand gives the same numbers."""


def timetable(settings: Settings, *, settle: Callable[[], object]) -> tuple[Job, ...]:
    """Every job of this service; `settle` waits while a file that is being written would change."""
    inbox = Inbox(settings.inbox)
    week = SlotJob(JOB, MONDAY, partial(run_week, settle=settle))
    return (
        week,
        SlotJob("nightly", NIGHT, check_at_night),
        SlotJob("backtest", MONTH, look_back),
        Watch(INBOX, partial(watch_inbox, inbox=inbox, week=week), timedelta(minutes=3)),
        Watch("outbox", empty_outbox, timedelta(minutes=1)),
    )


def run_week(turn: Turn, *, settle: Callable[[], object]) -> None:
    """The week of a slot with the files that had come by then; later ones are for the inbox's own look."""
    slot = turn.claim.slot
    ask = Ask(as_of=slot, clock=turn.clock, jobs=FIT_PROCESSES, seed=SEED)
    inbox = Inbox(turn.settings.inbox)
    around = Around(turn.engine, turn.settings, ask, _silent)
    weekly(around, turn.claim, lambda: arrived_by(inbox.look_twice(settle), slot))


def watch_inbox(engine: Engine, settings: Settings, clock: Clock, *, inbox: Inbox, week: SlotJob) -> None:
    """Load files that have come whole.

    While a week is due it goes first: what had come by then counts as known on its day.
    """
    files = inbox.look()
    if not files or is_ahead(engine, week, now=clock(), zone=ZoneInfo(settings.timezone)):
        return
    # A lease and no slot: the same day is taken again at every look, by one clock at a time.
    claim = ledger.claim(engine, INBOX, london_date(clock()), clock=clock, is_asked=True)
    if claim is None:
        return
    with ledger.working(engine, claim, clock=clock):
        outcomes = load_fresh(engine, settings, files, moment=Moment(clock), on_progress=_silent)
        inbox.tried(files)
        counts = Counter(one.status for one in outcomes)
        state = State.PARTIAL if FAILED & set(counts) else State.DONE
        with writing(engine) as connection:
            ledger.finish(connection, claim, state=state, now=clock(), detail={"files": dict(counts)})


def empty_outbox(engine: Engine, settings: Settings, clock: Clock) -> None:
    """Send the mail that is due; each clock may, as the mails themselves are taken one by one."""
    drain(engine, settings, clock=clock)


def check_at_night(turn: Turn) -> None:
    """Look the database over, erase what is past its retention, and say in the log what needs a person."""
    problems = [*_damage(turn.engine), *_unerased(turn)]
    needs = Counter(need.code for need in status(turn.engine, now=turn.clock()).needs)
    for code, count in needs.items():
        logger().warning("nightly.need", code=code, count=count)
    for problem in problems:
        logger().error("nightly.problem", problem=problem)
    _finished(turn, State.PARTIAL if problems else State.DONE, {"problems": problems, "needs": dict(needs)})


def look_back(turn: Turn) -> None:
    """Score every model on the past, as known on the slot's day; the scores stay with the slot."""
    ask = Ask(as_of=turn.claim.slot, clock=turn.clock, jobs=FIT_PROCESSES, seed=SEED)
    found = backtest(turn.engine, ask, service=None, on_progress=_silent)
    _finished(turn, State.DONE, found.as_json())


def _damage(engine: Engine) -> list[str]:
    try:
        check_integrity(engine)
    except DatabaseUnavailable as error:
        return [str(error)]
    return []


def _unerased(turn: Turn) -> list[str]:
    if turn.settings.retention_weeks is None:
        return []
    try:
        expire(turn.engine, weeks=turn.settings.retention_weeks, clock=turn.clock)
    except FinishedInPart as error:
        return [str(error)]
    return []


def _finished(turn: Turn, state: State, detail: dict[str, Any]) -> None:
    with writing(turn.engine) as connection:
        ledger.finish(connection, turn.claim, state=state, now=turn.clock(), detail=detail)


def _silent(_progress: Progress) -> None:
    """Nobody watches the clock."""
