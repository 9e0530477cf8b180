"""What the clock does: the week with what had come by then, the inbox, the outbox, the night and the month."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from jobs import ledger, timetable
from jobs.backtest import BacktestOutcome, ModelScores
from jobs.forecast import Ask
from jobs.inbox import Inbox
from jobs.schedule import Clockwork, SlotJob
from jobs.status import status
from tests.functional.jobs.kit import count
from tests.returns import WEEK, as_csv, waiting
from waitlists.errors import DatabaseUnavailable, FinishedInPart
from waitlists.running.ledger import MOST_FAILURES, State
from waitlists.running.timetable import SLOTS
from waitlists.settings import Settings
from waitlists.store import ledger as store
from waitlists.store import read, tables
from waitlists.store.session import reading, writing

SLOT = date(2026, 11, 16)
SIX = datetime(2026, 11, 16, 6, tzinfo=UTC)
DAYS = [WEEK - timedelta(weeks=n) for n in (2, 1, 0)]


class Clock:
    def __init__(self) -> None:
        self.now = SIX

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "inbox").mkdir()
    return Settings(database_url="sqlite:///unused.db", inbox=tmp_path / "inbox", outbox=tmp_path / "outbox")


def deliver(settings, week, *, on):
    path = settings.inbox / f"{week}.csv"
    path.write_bytes(as_csv(waiting(week=week)))
    path.with_name(f"{path.name}.done").touch()
    os.utime(path, (on.timestamp(), on.timestamp()))


def jobs_of(settings):
    return {job.name: job for job in timetable.timetable(settings, settle=lambda: None)}


def found(engine, job, slot=SLOT):
    with reading(engine) as connection:
        return store.find(connection, job, slot)


def periods(engine):
    with reading(engine) as connection:
        return {one.period_end: one.known_from for one in read.deliveries(connection, limit=99)}


def test_f13_after_three_weeks_one_week_is_done_and_every_period_is_loaded(sqlite_database, settings, clock):
    """F13: nobody looked for three weeks; the files of all of them lie in the inbox."""
    clockwork, jobs = Clockwork(sqlite_database, settings, clock), jobs_of(settings)
    clock.now = SIX - timedelta(weeks=3)
    clockwork.look(jobs["weekly"])
    for week in DAYS:
        deliver(settings, week, on=datetime.combine(week, SIX.time(), tzinfo=UTC))
    clock.now = SIX + timedelta(days=2)
    clockwork.look(jobs["inbox"])
    assert periods(sqlite_database) == {}, "the week goes first"
    clockwork.look(jobs["weekly"])
    assert periods(sqlite_database) == dict.fromkeys(DAYS, SLOT)
    states = [found(sqlite_database, "weekly", SLOT - timedelta(weeks=n)).state for n in (3, 2, 1, 0)]
    assert states == [State.DONE, State.MISSED, State.MISSED, State.DONE]


def test_trends_are_judged_once_the_clocks_week_is_done_and_its_slot_let_go(
    sqlite_database, settings, clock, monkeypatch
):
    judged: list[tuple[State, int, date]] = []
    clockwork = Clockwork(sqlite_database, settings, clock)

    def breaks_off(engine, _rule, *, day, **_):
        judged.append((found(engine, "weekly").state, len(clockwork.held), day))
        raise KeyError("judging")

    monkeypatch.setattr("jobs.weekly.judge_ahead", breaks_off)
    clockwork.look(jobs_of(settings)["weekly"])
    row = found(sqlite_database, "weekly")
    assert (row.state, row.failures, judged) == (State.DONE, 0, [(State.DONE, 0, SLOT)])


def test_what_came_after_the_weeks_day_is_the_inboxs_own(sqlite_database, settings, clock):
    clockwork, jobs = Clockwork(sqlite_database, settings, clock), jobs_of(settings)
    clock.now = SIX + timedelta(days=2)
    deliver(settings, WEEK, on=clock.now)
    clockwork.look(jobs["weekly"])
    assert periods(sqlite_database) == {}
    clockwork.look(jobs["inbox"])
    assert periods(sqlite_database) == {WEEK: SLOT + timedelta(days=2)}
    assert found(sqlite_database, "inbox", clock.now.date()).detail == {"files": {"loaded": 1}}
    runs = count(sqlite_database, tables.run)
    clockwork.look(jobs["inbox"])
    assert count(sqlite_database, tables.run) == runs


def watch(engine, settings, clock):
    """A look of the inbox where no week is due."""
    week = SlotJob("weekly", SLOTS["weekly"].rule, lambda _: None)
    claim = ledger.claim(engine, "weekly", SLOT, clock=clock)
    if claim is not None:
        with writing(engine) as connection:
            store.finish(connection, claim, state=State.DONE, now=SIX, detail={})
    inbox = Inbox(settings.inbox)
    timetable.watch_inbox(engine, settings, clock, inbox=inbox, week=week)


def test_a_week_that_fails_keeps_files_waiting_until_it_is_given_up(sqlite_database, settings, clock, monkeypatch):
    """Its files are published with it or, once nobody tries it any more, as on any day."""
    monkeypatch.setattr("jobs.rehearsed.foresee", lambda *_, **__: 1 / 0)
    clockwork, jobs = Clockwork(sqlite_database, settings, clock), jobs_of(settings)
    deliver(settings, WEEK, on=SIX)
    seen: list[tuple[int, bool]] = []
    for _ in range(16):
        clockwork.look(jobs["weekly"])
        clockwork.look(jobs["inbox"])
        seen.append((found(sqlite_database, "weekly").failures, bool(periods(sqlite_database))))
        clock.now += timedelta(minutes=6)
    assert dict.fromkeys(seen) == dict.fromkeys([(1, False), (2, False), (3, False), (4, False), (5, True)])
    assert periods(sqlite_database) == {WEEK: SLOT}
    assert found(sqlite_database, "inbox").state is State.DONE
    assert [path.name for path in Path(sqlite_database.url.database).parent.glob("*.copy-*")] == []


def test_files_wait_for_a_week_that_a_person_asked_for_while_it_is_at_work(sqlite_database, settings, clock):
    deliver(settings, WEEK, on=SIX)
    ledger.claim(sqlite_database, "weekly", SLOT - timedelta(days=3), clock=clock, is_asked=True)
    watch(sqlite_database, settings, clock)
    assert periods(sqlite_database) == {}
    clock.now += ledger.LEASE
    watch(sqlite_database, settings, clock)
    assert list(periods(sqlite_database)) == [WEEK]


def test_files_wait_for_the_week_of_a_person_after_the_clock_gave_it_up(sqlite_database, settings, clock):
    deliver(settings, WEEK, on=SIX)
    for _ in range(MOST_FAILURES):
        given_up = ledger.claim(sqlite_database, "weekly", SLOT, clock=clock, is_asked=True)
        assert given_up is not None
        ledger.fail(sqlite_database, given_up, KeyError(), clock=clock)
    ledger.claim(sqlite_database, "weekly", SLOT, clock=clock, is_asked=True)
    watch(sqlite_database, settings, clock)
    assert periods(sqlite_database) == {}
    clock.now += ledger.LEASE
    watch(sqlite_database, settings, clock)
    assert list(periods(sqlite_database)) == [WEEK]


def test_a_refused_file_marks_the_inboxs_day(sqlite_database, settings, clock):
    (settings.inbox / "bad.csv").write_bytes(b"no,such,columns\n1,2,3\n")
    (settings.inbox / "bad.csv.done").touch()
    watch(sqlite_database, settings, clock)
    assert (found(sqlite_database, "inbox").state, periods(sqlite_database)) == (State.PARTIAL, {})


def test_rows_put_aside_mark_the_inboxs_day(sqlite_database, settings, clock):
    wrong = [*waiting(), *waiting("ASD", counts=["ten", *([1] * 7)])]
    (settings.inbox / "wrong.csv").write_bytes(as_csv(wrong))
    (settings.inbox / "wrong.csv.done").touch()
    watch(sqlite_database, settings, clock)
    assert found(sqlite_database, "inbox").state is State.PARTIAL
    assert list(periods(sqlite_database)) == [WEEK]


def test_two_clocks_do_not_load_at_once(sqlite_database, settings, clock):
    deliver(settings, WEEK, on=SIX)
    ledger.claim(sqlite_database, "inbox", SLOT, clock=clock, is_asked=True)
    watch(sqlite_database, settings, clock)
    assert periods(sqlite_database) == {}


def test_the_outbox_is_emptied(sqlite_database, settings, clock):
    Clockwork(sqlite_database, settings, clock).look(jobs_of(settings)["outbox"])
    assert count(sqlite_database, tables.outbox) == 0


def night(engine, settings, clock):
    clock.now = SIX - timedelta(hours=3)
    Clockwork(engine, settings, clock).look(jobs_of(settings)["nightly"])
    return found(engine, "nightly")


def test_a_night_says_what_needs_a_person(database, settings, clock):
    row = night(database, settings, clock)
    assert row.state is State.DONE
    assert row.detail["problems"] == []
    assert row.detail["needs"]["nothing_loaded"] == 1


def test_a_night_erases_what_is_past_its_retention(sqlite_database, settings, clock):
    night(sqlite_database, settings.model_copy(update={"retention_weeks": 52}), clock)
    with reading(sqlite_database) as connection:
        assert [run.command for run in read.runs(connection, limit=9)] == ["erase"]


def test_a_night_goes_on_over_a_damaged_file_and_what_could_not_be_erased(
    sqlite_database, settings, clock, monkeypatch
):
    def damaged(_):
        raise DatabaseUnavailable("the file is damaged")

    def in_part(*_, **__):
        raise FinishedInPart("the log still holds it")

    monkeypatch.setattr(timetable, "check_integrity", damaged)
    monkeypatch.setattr(timetable, "expire", in_part)
    row = night(sqlite_database, settings.model_copy(update={"retention_weeks": 52}), clock)
    assert row.state is State.PARTIAL
    assert row.detail["problems"] == ["the file is damaged", "the log still holds it"]


def test_a_month_keeps_the_scores_of_its_back_test(sqlite_database, settings, clock, monkeypatch):
    asked: list[Ask] = []

    def scored(_engine, ask, **_):
        asked.append(ask)
        return BacktestOutcome((ModelScores("naive", 1, 2, 1.0, None, 0.8, 0.95),), unscored=0)

    monkeypatch.setattr(timetable, "backtest", scored)
    Clockwork(sqlite_database, settings, clock).look(jobs_of(settings)["backtest"])
    row = found(sqlite_database, "backtest", date(2026, 11, 2))
    assert (row.state, row.detail["models"][0]["model"], asked[0].as_of) == (State.DONE, "naive", date(2026, 11, 2))


def backed_up(settings, folder):
    return settings.model_copy(update={"backups": folder})


def test_backups_are_made_at_night_where_a_folder_is_named_and_the_oldest_go(
    sqlite_database, settings, clock, tmp_path, monkeypatch
):
    monkeypatch.setattr(timetable, "BACKUPS_KEPT", 2)
    folder = tmp_path / "backups"
    folder.mkdir()
    named = backed_up(settings, folder)
    clockwork, job = Clockwork(sqlite_database, named, clock), jobs_of(named)["backup"]
    for _ in range(3):
        clockwork.look(job)
        clock.now += timedelta(days=1)
    assert [one.name[:18] for one in sorted(folder.iterdir())] == ["waitlists-20261117", "waitlists-20261118"]
    assert found(sqlite_database, "backup", SLOT + timedelta(days=2)).detail["deleted"] == 1
    outcome = status(sqlite_database, now=clock.now)
    assert outcome.backup_at == clock.now - timedelta(days=1)
    assert [one.state for one in outcome.slots["backup"]] == [State.DONE] * 3
    late = status(sqlite_database, now=clock.now + timedelta(hours=3))
    assert "slot_late" in {one.code for one in late.needs}


def night_before(folder, days, hour=4):
    """A backup of so many days ago: by its name, which is what is gone by."""
    path = folder / f"waitlists-{SLOT - timedelta(days=days):%Y%m%d}T{hour:02}0000Z.backup"
    path.touch()
    return path.name


def left_in(folder):
    return {path.name for path in folder.iterdir() if path.suffix == ".backup"}


def test_no_backup_is_kept_longer_than_records_are(sqlite_database, settings, clock, tmp_path):
    """However few there are: nights that failed keep none longer."""
    named = backed_up(settings.model_copy(update={"retention_weeks": 1}), tmp_path)
    young = {night_before(tmp_path, days) for days in (2, 6)}
    gone = {night_before(tmp_path, days) for days in (7, 8, 30)}
    (tmp_path / "before-the-move.backup").touch()
    Clockwork(sqlite_database, named, clock).look(jobs_of(named)["backup"])
    left = left_in(tmp_path)
    assert (left >= young | {"before-the-move.backup"}, left & gone, len(left)) == (True, set(), 4)
    assert found(sqlite_database, "backup").detail["deleted"] == 3


def test_backups_by_hand_push_out_no_earlier_night(sqlite_database, settings, clock, tmp_path):
    named = backed_up(settings, tmp_path)
    nights = {night_before(tmp_path, days) for days in range(2, 14)}
    by_hand = [night_before(tmp_path, 1, hour) for hour in range(5, 20)]
    Clockwork(sqlite_database, named, clock).look(jobs_of(named)["backup"])
    left = left_in(tmp_path)
    assert (left >= nights, left & {*by_hand}, len(left)) == (True, {by_hand[-1]}, 14)


def test_a_backup_that_cannot_be_deleted_is_told_and_no_other_made_for_it(
    sqlite_database, settings, clock, tmp_path, monkeypatch
):
    """A share that keeps what was written; and one that another process deleted meanwhile."""
    named = backed_up(settings.model_copy(update={"retention_weeks": 1}), tmp_path)
    kept, gone = night_before(tmp_path, 8), night_before(tmp_path, 9)
    unlink = Path.unlink

    def refusing(path, **options):
        if path.name == kept:
            raise PermissionError(1, "Operation not permitted")
        if path.name == gone:
            unlink(path)
        unlink(path, **options)

    monkeypatch.setattr(Path, "unlink", refusing)
    clockwork, job = Clockwork(sqlite_database, named, clock), jobs_of(named)["backup"]
    for _ in range(12):
        clockwork.look(job)
        clock.now += timedelta(minutes=10)
    row, left = found(sqlite_database, "backup"), left_in(tmp_path)
    assert (row.state, row.failures, row.detail["deleted"]) == (State.PARTIAL, 0, 1)
    assert (kept in left, gone in left, len(left)) == (True, False, 2)
    (need,) = (one for one in status(sqlite_database, now=clock.now).needs if one.code == "slot_problem")
    assert need.sentence == (
        "The nightly backup of 16 November 2026: a backup whose time is past cannot be deleted from "
        f"{tmp_path} (Operation not permitted): delete by hand what is older than the others, or let this user "
        "delete there."
    )


def test_f20_a_full_disk_of_backups_fails_the_slot_and_keeps_none_past_its_time(
    sqlite_database, settings, clock, tmp_path, monkeypatch
):
    """Tried five times, then left for a person; the newest whole one stays, however old."""
    named = backed_up(settings.model_copy(update={"retention_weeks": 1}), tmp_path)
    clockwork, job = Clockwork(sqlite_database, named, clock), jobs_of(named)["backup"]
    clock.now -= timedelta(days=9)
    clockwork.look(job)
    (whole,) = left_in(tmp_path)
    night_before(tmp_path, 8)
    clock.now = SIX
    tries: list[Path] = []

    def full(path, *_):
        tries.append(path)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("jobs.backup.archive.write_archive", full)
    for _ in range(6 * 8):
        clockwork.look(job)
        clock.now += timedelta(minutes=10)
    row = found(sqlite_database, "backup")
    assert (row.state, row.failures, len(tries)) == (State.FAILED, 5, 5)
    assert (row.detail["reason"], left_in(tmp_path)) == ("BackupNotWritten", {whole})
    codes = {one.code for one in status(sqlite_database, now=clock.now).needs}
    assert codes >= {"failed", "slot_late"}


def test_a_folder_of_backups_that_is_not_there_is_told_and_not_made(sqlite_database, settings, clock, tmp_path):
    """It may be a disk that is not mounted."""
    named = backed_up(settings, tmp_path / "away")
    Clockwork(sqlite_database, named, clock).look(jobs_of(named)["backup"])
    assert not named.backups.exists()
    assert found(sqlite_database, "backup").state is State.PARTIAL
    (need,) = (one for one in status(sqlite_database, now=clock.now).needs if one.code == "slot_problem")
    assert need.sentence == (
        f"The nightly backup of 16 November 2026: the folder {named.backups} does not exist: create it, or mount its "
        "disk; else give a folder, or a file whose name ends in .backup."
    )
