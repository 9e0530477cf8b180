"""A week of the synthetic Kent by the real timetable, hour after hour in seconds, its clock killed on the way.

From Tuesday to Tuesday: returns come into the inbox on their days, the night's checks run, on Monday at six the week is
done and its mail goes out. Whoever is killed is replaced. At the end the forecasts, the warnings and the mails must be,
byte for byte, those of a week that nobody disturbed.
"""

import os
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Event
from time import monotonic

from sqlalchemy import Engine, func, select

from forecasting.engine import Contest
from jobs.forecast import Ask
from jobs.inbox import Inbox, arrived_by
from jobs.load import Moment, load
from jobs.schedule import Job, Turn, Watch
from jobs.timetable import timetable
from jobs.weekly import JOB, Around, asked_week, weekly
from tests.databases import sqlite_template
from tests.faults.jobs.clock_trial import PATIENCE_SECONDS, Fleet
from tests.faults.jobs.clock_worker import Place
from waitlists.logs import logger
from waitlists.mail.subscribers import Subscription
from waitlists.running.ledger import FIRST_WAIT, SETTLED, State, may_claim
from waitlists.security.access import Role
from waitlists.store import ledger as store
from waitlists.store import tables
from waitlists.store.session import make_engine, reading, writing
from waitlists.store.subscribers import add_subscriber
from waitlists.synthetic import kent

SUNDAY, MONDAY = date(2026, 11, 15), date(2026, 11, 16)
FIRST = datetime(2026, 11, 10, 6, tzinfo=UTC)
HOURS = range(0, 7 * 24 + 1, 6)
KILLED_AT = (
    "load.stored", "weekly.tried", "weekly.foreseen", "weekly.stored", "weekly.finishing", "mail.sent",
)  # fmt: skip
"""One kill each, the week's own in the order in which it meets them; after more of these the inbox would go first."""

OFTEN, LEASE = timedelta(seconds=0.2), timedelta(seconds=4)
LAST_VALUE = Contest((), ())
"""The week is done over six times here: of the forecast only the last value, whose answers are as comparable."""


def kent_jobs(place: Place) -> list[Job]:
    """The timetable, looked at more often; without the month's back-test, whose slot is another week's."""
    jobs = [job for job in timetable(place.settings, settle=lambda: Event().wait(0.05)) if job.name != "backtest"]
    jobs = [replace(job, work=kent_monday) if job.name == JOB else job for job in jobs]
    jobs = [
        replace(job, every=OFTEN) if isinstance(job, Watch) else replace(job, every=OFTEN, lease=LEASE) for job in jobs
    ]
    return [*jobs, Watch("pulse", lambda *_: logger().info("trial.pulse"), OFTEN)]


def kent_monday(turn: Turn) -> None:
    slot, inbox = turn.claim.slot, Inbox(turn.settings.inbox)
    week = around(turn.engine, turn.settings, turn.clock, slot)
    zone = turn.settings.zone
    weekly(week, turn.claim, lambda: arrived_by(inbox.look_twice(lambda: Event().wait(0.05)), slot, zone=zone))


def around(engine, settings, clock, slot) -> Around:
    return Around(engine, settings, Ask(slot, clock, jobs=1, seed=1, contest=LAST_VALUE), lambda _: None)


def kent_week(folder: Path) -> str:
    started = monotonic()
    sent = kent.sent_returns(kent.population(20_261_116, end=SUNDAY, weeks=16, scale=0.02), newest=1)
    expected = undisturbed(fresh_place(folder / "calm"), sent)
    place = fresh_place(folder / "week")
    engine = make_engine(place.url)
    fleet = Fleet(place, 2, jobs=kent_jobs)
    kills = list(KILLED_AT)
    try:
        for hour in HOURS:
            moment = FIRST + timedelta(hours=hour)
            order(place, kills)
            deliver(place, sent, moment)
            place.set_clock(moment)
            kills = wait_until_quiet(place, engine, fleet, kills)
        assert not kills, f"nobody came by {kills}"
        assert fleet.retire() <= {0}, "SIGTERM did not end every clock with 0"
    finally:
        fleet.kill()
    found = state_of(engine)
    for what, (one, other) in {key: (expected[key], found[key]) for key in expected}.items():
        assert one == other, f"{what} differ from those of a calm week"
    told = what_ran(engine, place)
    engine.dispose()
    return f"{told}; {fleet.killed} SIGKILLs; the same bytes as a calm week; {monotonic() - started:.0f} s"


def fresh_place(folder: Path) -> Place:
    (folder / "inbox").mkdir(parents=True)
    shutil.copy(sqlite_template(), folder / "waitlists.db")
    place = Place(f"sqlite:///{folder / 'waitlists.db'}", folder)
    engine = make_engine(place.url)
    with writing(engine) as connection:
        for role, services in ((Role.BOARD, ("SALT", "ASD")), (Role.COMMISSIONER, ("ADHD", "CAMHS"))):
            add_subscriber(connection, f"{role}@example.org", Subscription(role, services, ("QKS",)), now=FIRST)
    engine.dispose()
    return place


def undisturbed(place: Place, sent) -> dict[str, object]:
    """The same week by hand: each day's files as known on it, then Monday."""
    engine = make_engine(place.url)
    for monday in (MONDAY - timedelta(weeks=1), MONDAY):
        for day in sorted({file.delivered_on for file in sent}):
            if monday - timedelta(weeks=1) < day <= monday:
                files = [write(place, file) for file in sent if file.delivered_on == day]
                noon = datetime.combine(day, time(12), tzinfo=UTC)
                load(engine, files, moment=Moment(lambda noon=noon: noon), source=None, on_progress=lambda _: None)
        now = datetime.combine(monday, time(13), tzinfo=UTC)
        asked_week(around(engine, place.settings, lambda now=now: now, monday), lambda: ())
    found = state_of(engine)
    engine.dispose()
    return found


def deliver(place: Place, sent, moment: datetime) -> None:
    """Files come whole on their day, those of Monday before the week is done."""
    for file in sent:
        comes = datetime.combine(file.delivered_on, time(5), tzinfo=UTC)
        if comes <= moment and not (place.folder / "inbox" / file.name).exists():
            path = write(place, file)
            os.utime(path, (comes.timestamp(), comes.timestamp()))


def write(place: Place, file) -> Path:
    half = place.folder / "inbox" / f"{file.name}.part"
    half.write_bytes(file.content)
    return half.replace(half.with_suffix(""))


def order(place: Place, kills: list[str]) -> None:
    """The next kill that is due, of the week's own steps on Monday."""
    if not kills:
        place.order()
    elif kills[0].startswith("weekly."):
        place.order(step=kills[0], do="die", slot=MONDAY)
    else:
        place.order(step=kills[0], do="die")


def wait_until_quiet(place: Place, engine: Engine, fleet: Fleet, kills: list[str]) -> list[str]:
    """Until all that can be done at this hour is done; the kills that are left."""
    until, quiet = monotonic() + 3 * PATIENCE_SECONDS, 0
    pulses = place.count("trial.pulse")
    while quiet < 2:
        assert monotonic() < until, f"no rest: {unrested(engine)}; {place.lately()}"
        if fleet.keep() and kills:
            kills = kills[1:]
            order(place, kills)
        Event().wait(0.05)
        if place.count("trial.pulse") >= pulses + 3 * fleet.size:
            pulses = place.count("trial.pulse")
            quiet = quiet + 1 if is_quiet(engine, place) else 0
            pass_waits(engine, place, {one.pid for one in fleet.alive})
    return kills


def unrested(engine: Engine) -> list[str]:
    """The slots that are not done, each with its tries, and what ended the last of them."""
    with reading(engine) as connection:
        runs = [one for one in store.job_runs(connection, limit=1000) if one.state not in SETTLED]
    return [f"{one.job} {one.slot} {one.state} attempt {one.attempt}, {dict(one.detail)}" for one in runs]


def pass_waits(engine: Engine, place: Place, alive: set[int]) -> None:
    """Let the minutes pass for which a slot that was tried very often, or one whose process is dead, is left alone."""
    now = place.now()
    with reading(engine) as connection:
        running = [one for one in store.job_runs(connection, limit=1000) if one.state is State.RUNNING]
    if any(one.lease_until <= now and not may_claim(one, now=now, is_asked=False) for one in running):
        place.set_clock(now + FIRST_WAIT)
    elif running and not any(int(one.worker.rpartition(":")[2]) in alive for one in running):
        place.set_clock(max(now, *(one.lease_until for one in running)))


def is_quiet(engine: Engine, place: Place) -> bool:
    """Nobody holds a slot, every file is loaded, no mail waits."""
    with reading(engine) as connection:
        states = {one.state for one in store.job_runs(connection, limit=1000)}
        loaded = connection.execute(select(func.count()).select_from(tables.delivery)).scalar()
        queued = connection.execute(select(tables.outbox.c.id).where(tables.outbox.c.state == "queued")).all()
    return State.RUNNING not in states and loaded == len(list(place.settings.inbox.iterdir())) and not queued


def state_of(engine: Engine) -> dict[str, object]:
    """What a week leaves, without its moments and numbers."""
    with reading(engine) as connection:
        week = store.find(connection, JOB, MONDAY)
        assert week is not None, "Monday was never done"
        warned = select(tables.breach_assessment.c.digest).where(tables.breach_assessment.c.as_of == MONDAY)
        mails = select(tables.outbox.c.message_id, tables.outbox.c.content).order_by(tables.outbox.c.message_id)
        return {
            "forecasts": (week.state, week.detail["digest"]),
            "warnings": list(connection.execute(warned).scalars()),
            "mails": [tuple(row) for row in connection.execute(mails.where(tables.outbox.c.slot == MONDAY))],
        }


def what_ran(engine: Engine, place: Place) -> str:
    with reading(engine) as connection:
        runs = store.job_runs(connection, limit=1000)
        mails = connection.execute(select(tables.outbox.c.state)).scalars().all()
    nights = sorted(one.slot for one in runs if one.job == "nightly" and one.state in {State.DONE, State.PARTIAL})
    assert nights == [date(2026, 11, 10) + timedelta(days=n) for n in range(8)], f"nights {nights}"
    written = sorted(path.name for path in (place.folder / "outbox").glob("*.eml"))
    assert len(written) == len(mails) == mails.count("sent"), f"{len(written)} mails written, states {mails}"
    return f"a week of Kent: {len(nights)} nights, one Monday, {len(mails)} mails sent"
