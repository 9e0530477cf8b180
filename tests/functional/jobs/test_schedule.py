"""The clock: what is due is done once, what fails is tried again, what is missed is passed over; how it stops."""

import ast
import os
import signal
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from jobs import ledger
from jobs.schedule import MISFIRE_GRACE, Clockwork, Ending, SlotJob, Turn, Watch, catch_up, clock_of, schedule
from jobs.timetable import timetable
from tests.functional.jobs.conftest import ROOT
from waitlists.errors import BadArgument, DatabaseUnavailable
from waitlists.running.ledger import State
from waitlists.running.slots import DAYS, Daily, Monthly, Weekly
from waitlists.settings import Settings
from waitlists.store import ledger as store
from waitlists.store.session import reading, writing

SLOT = date(2026, 11, 16)
SIX = datetime(2026, 11, 16, 6, tzinfo=UTC)
WEEK = timedelta(weeks=1)
MONDAY = Weekly("mon", time(6))


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = SIX) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Work:
    """A job that notes the slots it was given and finishes them, or breaks off as it is told."""

    def __init__(self) -> None:
        self.slots: list[date] = []
        self.error: Exception | None = None

    def __call__(self, turn: Turn) -> None:
        self.slots.append(turn.claim.slot)
        if self.error is not None:
            raise self.error
        with writing(turn.engine) as connection:
            ledger.finish(connection, turn.claim, state=State.DONE, now=turn.clock(), detail={})


@pytest.fixture
def settings() -> Settings:
    return Settings(database_url="sqlite:///unused.db")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def work() -> Work:
    return Work()


def states(engine, job="weekly"):
    with reading(engine) as connection:
        return {one.slot: one.state.value for one in store.job_runs(connection, job=job)}


def test_a_slot_is_done_when_it_is_due_and_once(database, settings, clock, work):
    clockwork, job = Clockwork(database, settings, clock), SlotJob("weekly", MONDAY, work)
    for minutes in (0, 1, 59, 60 * 24 * 6):
        clock.now = SIX + timedelta(minutes=minutes)
        clockwork.look(job)
    assert work.slots == [SLOT]
    clock.now = SIX + WEEK
    clockwork.look(job)
    assert work.slots == [SLOT, SLOT + WEEK]


def test_f13_after_three_weeks_the_newest_slot_is_done_and_the_others_are_missed(database, settings, clock, work):
    clockwork, job = Clockwork(database, settings, clock), SlotJob("weekly", MONDAY, work)
    clockwork.look(job)
    clock.now = SIX + 3 * WEEK + timedelta(days=2)
    clockwork.look(job)
    assert work.slots == [SLOT, SLOT + 3 * WEEK]
    assert list(states(database).values()) == ["done", "missed", "missed", "done"]


@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(hours=1)])
def test_f12_a_clock_that_is_put_by_an_hour_repeats_and_skips_nothing(database, settings, clock, work, step):
    """F12: put back and on, just before, at, and just after a slot begins; for four weeks."""
    clockwork, job = Clockwork(database, settings, clock), SlotJob("weekly", MONDAY, work)
    for n in range(4):
        for minutes in (-1, 0, 1):
            moment = SIX + n * WEEK + timedelta(minutes=minutes)
            for clock.now in (moment, moment + step, moment, moment + step):
                clockwork.look(job)
    found = [slot for slot in work.slots if slot >= SLOT]
    assert found == [SLOT + n * WEEK for n in range(4)]


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)])
def test_f10_f11_a_night_in_which_clocks_change_is_done_once(sqlite_database, settings, work, sunday):
    """F10, F11: at 01:30, which is left out in March and comes twice in October; looked at every ten minutes."""
    clock = Clock(datetime.combine(sunday - timedelta(days=1), time(12), tzinfo=UTC))
    clockwork, job = Clockwork(sqlite_database, settings, clock), SlotJob("nightly", Daily(time(1, 30)), work)
    for _ in range(2 * 144):
        clockwork.look(job)
        clock.now += timedelta(minutes=10)
    assert work.slots == [sunday + timedelta(days=n) for n in (-1, 0, 1)]


def test_a_slot_that_breaks_off_is_recorded_and_tried_again_later(database, settings, clock, work):
    clockwork, job = Clockwork(database, settings, clock), SlotJob("weekly", MONDAY, work)
    work.error = ZeroDivisionError()
    clockwork.look(job)
    clockwork.look(job)
    assert (work.slots, states(database)) == ([SLOT], {SLOT: "failed"})
    work.error, clock.now = None, SIX + timedelta(minutes=5)
    clockwork.look(job)
    assert (work.slots, states(database)) == ([SLOT, SLOT], {SLOT: "done"})


def test_f03_several_clocks_do_a_slot_once(database, settings, clock, work):
    job = SlotJob("weekly", MONDAY, work)
    threads = [Thread(target=Clockwork(database, settings, clock).look, args=[job]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert work.slots == [SLOT]


@pytest.mark.parametrize("error", [DatabaseUnavailable("away"), BadArgument("no inbox"), ZeroDivisionError()])
def test_no_error_of_a_watch_stops_the_clock(sqlite_database, settings, clock, error):
    def work(*_):
        raise error

    Clockwork(sqlite_database, settings, clock).look(Watch("inbox", work, timedelta(minutes=1)))


def test_f04_a_lease_lost_within_a_job_is_the_other_workers_business(sqlite_database, settings, clock):
    def work(turn):
        ledger.release(turn.engine, turn.claim, clock=clock)
        ledger.claim(turn.engine, "weekly", SLOT, clock=clock)
        with writing(turn.engine) as connection:
            ledger.finish(connection, turn.claim, state=State.DONE, now=clock(), detail={})

    Clockwork(sqlite_database, settings, clock).look(SlotJob("weekly", MONDAY, work))
    assert states(sqlite_database) == {SLOT: "running"}


def test_f14_every_look_sets_its_misfire_time_and_the_rest(sqlite_database, settings):
    """F14: APScheduler's own second would leave looks out; nothing is left to its defaults."""
    jobs = timetable(settings, settle=lambda: None)
    looks = clock_of(Clockwork(sqlite_database, settings, Clock()), jobs).get_jobs()
    assert sorted(one.id for one in looks) == ["backtest", "inbox", "nightly", "outbox", "unmade", "weekly"]
    assert {one.misfire_grace_time for one in looks} == {int(MISFIRE_GRACE.total_seconds())}
    assert timedelta(hours=1) <= MISFIRE_GRACE
    assert {(one.coalesce, one.max_instances) for one in looks} == {(True, 1)}
    assert all(timedelta(seconds=60) <= one.trigger.interval <= timedelta(hours=1) for one in looks)


def test_f14_no_look_anywhere_is_added_without_them():
    wanted = {"misfire_grace_time", "coalesce", "max_instances"}
    for path in sorted((ROOT / "jobs").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("add_job"):
                assert wanted <= {one.arg for one in node.keywords}, f"{path}:{node.lineno}"


def test_f15_days_of_the_week_are_names_wherever_they_are_set():
    """F15: no crontab line, no cron trigger with a digit; the week's own day is a name."""
    for path in sorted(Path(ROOT / "jobs").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert "from_crontab" not in text, path
        assert "day_of_week" not in text, path
    week = next(
        job for job in timetable(Settings(database_url="sqlite:///unused.db"), settle=Event) if job.name == "weekly"
    )
    assert week.rule == Weekly("mon", time(6))
    assert week.rule.day in DAYS


def test_the_timetable_is_what_is_promised(settings):
    rules = {job.name: job.rule for job in timetable(settings, settle=Event) if isinstance(job, SlotJob)}
    usual = {"weekly": MONDAY, "nightly": Daily(time(2)), "backtest": Monthly(2, time(3))}
    assert rules == usual
    backing_up = settings.model_copy(update={"backups": Path("/there")})
    named = {job.name: job.rule for job in timetable(backing_up, settle=Event) if isinstance(job, SlotJob)}
    assert named == usual | {"backup": Daily(time(4))}
    watches = {job.name: job.every for job in timetable(settings, settle=Event) if isinstance(job, Watch)}
    hour = timedelta(hours=1)
    assert watches == {"inbox": timedelta(minutes=3), "outbox": timedelta(minutes=1), "unmade": hour}


def test_f12_looks_that_wait_for_a_clock_that_was_put_back_are_made_now(sqlite_database, settings):
    """F12: APScheduler would wait the hour; the main thread sees it."""
    now = datetime.now(UTC)
    scheduler = clock_of(Clockwork(sqlite_database, settings, Clock()), timetable(settings, settle=Event))
    scheduler.start(paused=True)
    try:
        late, other = scheduler.get_job("outbox"), scheduler.get_job("inbox")
        late.modify(next_run_time=now + timedelta(hours=1))
        other.modify(next_run_time=now + timedelta(minutes=2))
        catch_up(scheduler, now=now)
        assert scheduler.get_job("outbox").next_run_time == now
        assert scheduler.get_job("inbox").next_run_time == now + timedelta(minutes=2)
    finally:
        scheduler.shutdown()


def test_a_clock_that_is_stopped_lets_its_work_end(sqlite_database, settings, clock):
    begun, stop, job = Event(), Event(), Work()

    def work(turn):
        begun.set()
        stop.wait()
        job(turn)

    def stop_later():
        begun.wait()
        stop.set()

    Thread(target=stop_later).start()
    ending = schedule(sqlite_database, settings, [SlotJob("weekly", MONDAY, work)], clock=clock, stop=stop)
    assert ending == Ending(is_over=True, hung=[])
    assert states(sqlite_database) == {SLOT: "done"}


def test_f05_work_that_does_not_end_in_its_grace_is_let_go(sqlite_database, settings, clock, monkeypatch):
    """F05: another clock takes the slot at once, and the thread that went on finishes nothing."""
    begun, stop, ended = Event(), Event(), Event()
    monkeypatch.setattr("jobs.schedule.GRACE_SECONDS", 0.05)
    outcome: list[str] = []

    def work(turn):
        begun.set()
        ended.wait()
        try:
            Work()(turn)
        except Exception as error:
            outcome.append(type(error).__name__)
            raise

    def stop_later():
        begun.wait()
        stop.set()

    Thread(target=stop_later).start()
    ending = schedule(sqlite_database, settings, [SlotJob("weekly", MONDAY, work)], clock=clock, stop=stop)
    again = ledger.claim(sqlite_database, "weekly", SLOT, clock=clock)
    ended.set()
    while not outcome:
        Event().wait(0.01)
    assert ending == Ending(is_over=False, hung=[])
    assert again is not None
    assert outcome == ["LeaseLost"]


def test_a_job_that_hangs_ends_the_clock_and_its_slot_is_taken_at_once(sqlite_database, settings, clock, monkeypatch):
    """Its thread lives and would beat on; the longest time it may take goes by the clock that is passed in."""
    ended = Event()
    monkeypatch.setattr("jobs.schedule.WATCH_SECONDS", 0.01)
    monkeypatch.setattr("jobs.schedule.GRACE_SECONDS", 0.05)

    def work(_turn):
        clock.now += ledger.LONGEST + timedelta(minutes=1)
        ended.wait()

    ending = schedule(sqlite_database, settings, [SlotJob("weekly", MONDAY, work)], clock=clock, stop=Event())
    ended.set()
    assert ending == Ending(is_over=False, hung=["weekly"])
    assert ledger.claim(sqlite_database, "weekly", SLOT, clock=clock).attempt == 3


def test_what_ends_in_time_hangs_nowhere(sqlite_database, settings, clock, work):
    clockwork, seen = Clockwork(sqlite_database, settings, clock), []
    clockwork.look(SlotJob("weekly", MONDAY, work))
    clockwork.look(Watch("watch", lambda *_: seen.append(clockwork.hung()), timedelta(minutes=1)))
    assert (seen, clockwork.end_by) == ([[]], {})


def test_what_is_held_no_more_or_out_of_reach_is_not_let_go(sqlite_database, settings, clock):
    clockwork = Clockwork(sqlite_database, settings, clock)
    claim = ledger.claim(sqlite_database, "weekly", SLOT, clock=clock)
    ledger.release(sqlite_database, claim, clock=clock)
    clockwork.held.add(claim)
    clockwork.let_go()
    assert states(sqlite_database) == {SLOT: "running"}


def test_f05_sigterm_ends_the_command_with_0(waitlists, database_url):
    process = waitlists.start("schedule", DATABASE_URL=database_url)
    for line in process.stderr:
        if "schedule.started" in line:
            break
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert "schedule.stopped" in said


def test_f17_a_server_that_is_down_is_waited_for_and_a_missing_file_is_not(waitlists):
    """F17: the clock tries again and again, and can be stopped meanwhile."""
    process = waitlists.start("schedule", DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:9/none")
    for line in process.stderr:
        if "schedule.database_away" in line:
            break
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0
    ended = waitlists("schedule", DATABASE_URL="sqlite:///nowhere.db")
    assert ended.code == 12


def test_f05_the_command_ends_though_a_thread_goes_on(waitlists, sqlite_database, monkeypatch):
    """F05: what was let go must not keep the process."""
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    address = sqlite_database.url.render_as_string()
    for ending, code in ((Ending(is_over=False), 0), (Ending(is_over=False, hung=["weekly"]), 1)):
        monkeypatch.setattr("jobs.schedule.schedule", lambda *_, _ending=ending, **__: _ending)
        assert waitlists("schedule", DATABASE_URL=address).code == code
    assert ended == [0, 1]
