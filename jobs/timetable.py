"""What the clock does and when: the week, the night's checks and backup, the month's back-test, inbox, outbox.

Each job is a plain function here or in a file of its own; how often somebody looks is the clock's business, and the
days on which a job has a slot are written down by name in `waitlists.running.timetable`.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Engine

from jobs import ledger
from jobs.backtest import backtest
from jobs.backup import backup, place_for
from jobs.forecast import Ask
from jobs.inbox import Inbox, arrived_by, load_fresh
from jobs.load import Moment
from jobs.mail.outbox import drain
from jobs.mail.queueing import queue_unmade
from jobs.outcomes import Progress
from jobs.records.erase import expire
from jobs.schedule import Clock, Job, SlotJob, Turn, Watch, is_ahead
from jobs.status import status
from jobs.weekly import JOB, Around, is_in_part, judge_after, weekly
from waitlists.errors import BadArgument, DatabaseUnavailable, FinishedInPart
from waitlists.logs import logger
from waitlists.periods import london_date
from waitlists.running.backups import past_nights
from waitlists.running.ledger import State
from waitlists.running.timetable import BACKUP, SLOTS
from waitlists.settings import Settings
from waitlists.store import outbox
from waitlists.store.session import check_integrity, reading, writing

INBOX = "inbox"
FIT_PROCESSES = 2
BACKUPS_KEPT = 14
"""A fortnight of nights: time to notice that something was lost."""

SEED = 1
"""As `waitlists forecast` has it: the same week by hand gives the same numbers."""


def timetable(settings: Settings, *, settle: Callable[[], object]) -> tuple[Job, ...]:
    """Every job of this service; `settle` waits while a file that is being written would change."""
    inbox = Inbox(settings.inbox)
    week = _slots(JOB, partial(run_week, settle=settle), after=lambda turn: judge_after(_week_of(turn)))
    backups = (_slots(BACKUP, back_up),) if settings.backs_up else ()
    return (
        week,
        _slots("nightly", check_at_night),
        *backups,
        _slots("backtest", look_back),
        Watch(INBOX, partial(watch_inbox, inbox=inbox, week=week), timedelta(minutes=3)),
        Watch("outbox", empty_outbox, timedelta(minutes=1)),
        Watch("unmade", make_mail_again, timedelta(hours=1)),
    )


def _slots(name: str, work: Callable[[Turn], object], after: Callable[[Turn], object] | None = None) -> SlotJob:
    expected = SLOTS[name]
    return SlotJob(name, expected.rule, work, longest=expected.longest, after=after)


def run_week(turn: Turn, *, settle: Callable[[], object]) -> None:
    """The week of a slot with the files that had come by then; later ones are for the inbox's own look."""
    slot = turn.claim.slot
    inbox = Inbox(turn.settings.inbox)
    weekly(_week_of(turn), turn.claim, lambda: arrived_by(inbox.look_twice(settle), slot, zone=turn.settings.zone))


def _week_of(turn: Turn) -> Around:
    ask = Ask(as_of=turn.claim.slot, clock=turn.clock, jobs=FIT_PROCESSES, seed=SEED)
    return Around(turn.engine, turn.settings, ask, _silent)


def watch_inbox(engine: Engine, settings: Settings, clock: Clock, *, inbox: Inbox, week: SlotJob) -> None:
    """Load files that have come whole.

    While a week is due it goes first: what had come by then counts as known on its day.
    """
    files = inbox.look()
    if not files or is_ahead(engine, week, now=clock(), zone=settings.zone):
        return
    # A lease and no slot: the same day is taken again at every look, by one clock at a time.
    claim = ledger.claim(engine, INBOX, london_date(clock()), clock=clock, is_asked=True)
    if claim is None:
        return
    with ledger.working(engine, claim, clock=clock):
        outcomes = load_fresh(engine, settings, files, moment=Moment(clock), on_progress=_silent)
        inbox.tried(files)
        counts = Counter(one.status for one in outcomes)
        state = State.PARTIAL if any(map(is_in_part, outcomes)) else State.DONE
        with writing(engine) as connection:
            ledger.finish(connection, claim, state=state, now=clock(), detail={"files": dict(counts)})


def empty_outbox(engine: Engine, settings: Settings, clock: Clock) -> None:
    """Send the mail that is due; each clock may, as the mails themselves are taken one by one."""
    drain(engine, settings, clock=clock)


def make_mail_again(engine: Engine, settings: Settings, clock: Clock) -> None:
    """Make the emails of this week that broke while they were made, in case that is mended."""
    now = clock()
    today = now.astimezone(settings.zone).date()
    with reading(engine) as connection:
        if not outbox.unmade(connection, since=today - timedelta(days=today.weekday())):
            return
    with writing(engine) as connection:
        queued = queue_unmade(connection, settings, today=today, now=now)
    logger().info("mail.made_again", mails=queued.mails, problems=len(queued.problems))


def back_up(turn: Turn) -> None:
    """Write a backup into the folder of the settings, and delete those of its own whose time has passed."""
    folder, now, weeks = turn.settings.backups, turn.clock(), turn.settings.retention_weeks
    # A backup holds what the retention ends: a short one goes before a fortnight.
    past = partial(past_nights, today=now.astimezone(UTC).date(), nights=BACKUPS_KEPT, weeks=weeks)
    try:
        # A folder that is made here would lie on the wrong disk where the right one is not mounted.
        made = backup(turn.engine, place_for(folder, folder, now=now), clock=turn.clock, past=past)
    except BadArgument as error:
        _finished(turn, State.PARTIAL, {"problems": [f"{error}."]})
        return
    told = {"bytes": made.size_bytes, "deleted": made.deleted, "problems": [f"{one}." for one in made.problems]}
    _finished(turn, State.PARTIAL if made.problems else State.DONE, told)


def check_at_night(turn: Turn) -> None:
    """Look the database over, erase what is past its retention, and say in the log what needs a person."""
    problems = [*_damage(turn.engine), *_unerased(turn)]
    zone = turn.settings.zone
    needs = Counter(need.code for need in status(turn.engine, now=turn.clock(), zone=zone).needs)
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
