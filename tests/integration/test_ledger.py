"""Slots in both databases: claimed once, kept alive, lost to another, finished with what was done, passed over."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import insert

from jobs import ledger
from waitlists.errors import DatabaseUnavailable, LeaseLost
from waitlists.running.ledger import State
from waitlists.store import ledger as store
from waitlists.store import tables
from waitlists.store.session import reading, transact, writing

SLOT = date(2026, 11, 16)
START = datetime(2026, 11, 16, 6, tzinfo=UTC)
WEEK = timedelta(weeks=1)
LEASE = timedelta(minutes=10)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def __iadd__(self, step: timedelta):
        self.now += step
        return self


@pytest.fixture
def clock() -> Clock:
    return Clock()


def found(engine, slot=SLOT, job="weekly"):
    with reading(engine) as connection:
        return store.find(connection, job, slot)


def finish(engine, claim, clock, state=State.DONE, **detail):
    with writing(engine) as connection:
        ledger.finish(connection, claim, state=state, now=clock(), detail=detail)


def test_a_slot_is_claimed_once_however_many_ask(database, clock):
    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(lambda _: ledger.claim(database, "weekly", SLOT, clock=clock), range(8)))
    assert [one.attempt for one in claims if one] == [1]
    row = found(database)
    assert (row.state, row.lease_until, row.finished_at) == (State.RUNNING, START + ledger.LEASE, None)


def test_what_is_done_stays_done(database, clock):
    claim = ledger.claim(database, "weekly", SLOT, clock=clock)
    finish(database, claim, clock, warnings=3)
    clock += 52 * WEEK
    assert ledger.claim(database, "weekly", SLOT, clock=clock) is None
    row = found(database)
    assert (row.state, row.finished_at, row.done_at, row.detail) == (State.DONE, START, START, {"warnings": 3})


def test_f04_a_worker_that_stalled_past_its_lease_finishes_nothing(database, clock):
    """F04: the effect in the same transaction goes with the refusal."""
    slow = ledger.claim(database, "weekly", SLOT, clock=clock, lease=LEASE)
    clock += LEASE
    quick = ledger.claim(database, "weekly", SLOT, clock=clock, lease=LEASE)
    assert (slow.attempt, quick.attempt) == (1, 2)
    run = {"command": "weekly", "started_at": START, "status": "running", "summary": {}}

    def too_late(connection):
        connection.execute(insert(tables.run).values(**run))
        ledger.finish(connection, slow, state=State.DONE, now=clock(), detail={})

    with pytest.raises(LeaseLost, match="another process has weekly"):
        transact(database, too_late)
    with reading(database) as connection:
        assert connection.execute(tables.run.select()).all() == []
    with pytest.raises(LeaseLost):
        ledger.beat(database, slow, clock=clock)
    with pytest.raises(LeaseLost):
        ledger.release(database, slow, clock=clock)
    finish(database, quick, clock)
    assert found(database).state is State.DONE


def test_a_beat_keeps_the_claim(database, clock):
    claim = ledger.claim(database, "weekly", SLOT, clock=clock, lease=LEASE)
    clock += LEASE - timedelta(seconds=1)
    ledger.beat(database, claim, clock=clock, lease=LEASE)
    clock += LEASE - timedelta(seconds=1)
    assert ledger.claim(database, "weekly", SLOT, clock=clock) is None
    assert found(database).heartbeat_at == START + LEASE - timedelta(seconds=1)


def test_a_claim_let_go_is_taken_at_once_and_its_holder_finishes_nothing(database, clock):
    claim = ledger.claim(database, "weekly", SLOT, clock=clock)
    ledger.release(database, claim, clock=clock)
    with pytest.raises(LeaseLost):
        finish(database, claim, clock)
    again = ledger.claim(database, "weekly", SLOT, clock=clock)
    finish(database, again, clock)
    assert found(database).state is State.DONE


def test_a_failure_keeps_its_kind_alone_and_is_tried_again_later(database, clock):
    for minutes in (5, 10, 20, 40):
        claim = ledger.claim(database, "weekly", SLOT, clock=clock)
        ledger.fail(database, claim, ValueError("a value that no log may hold"), clock=clock)
        row = found(database)
        assert (row.state, row.detail, row.done_at) == (State.FAILED, {"reason": "ValueError"}, None)
        assert ledger.claim(database, "weekly", SLOT, clock=clock) is None
        clock += timedelta(minutes=minutes)
    claim = ledger.claim(database, "weekly", SLOT, clock=clock)
    ledger.fail(database, claim, ValueError(), clock=clock)
    clock += 52 * WEEK
    assert ledger.claim(database, "weekly", SLOT, clock=clock) is None
    assert ledger.claim(database, "weekly", SLOT, clock=clock, is_asked=True) is not None


def test_a_failure_of_who_lost_the_lease_is_not_recorded(database, clock):
    slow = ledger.claim(database, "weekly", SLOT, clock=clock)
    clock += ledger.LEASE
    ledger.claim(database, "weekly", SLOT, clock=clock)
    ledger.fail(database, slow, LeaseLost(), clock=clock)
    assert found(database).state is State.RUNNING


def test_f13_the_newest_slot_is_taken_and_the_older_are_missed(database, clock):
    """F13: three weeks down; one slot was begun by a process that was killed, one was done."""
    done = ledger.claim(database, "weekly", SLOT, clock=clock)
    finish(database, done, clock)
    ledger.claim(database, "weekly", SLOT + WEEK, clock=clock)
    clock += 4 * WEEK
    due = [SLOT + n * WEEK for n in range(5)]
    claim = ledger.claim_newest(database, "weekly", due, clock=clock)
    assert claim.slot == due[-1]
    states = [found(database, slot).state.value for slot in due]
    assert states == ["done", "missed", "missed", "missed", "running"]
    assert [found(database, slot).superseded_by for slot in due[1:4]] == [due[-1]] * 3
    assert ledger.claim_newest(database, "weekly", due, clock=clock) is None
    with reading(database) as connection:
        assert store.newest(connection, "weekly").slot == due[-1]
        assert [one.slot for one in store.job_runs(connection, job="weekly")] == due[::-1]


def test_an_older_slot_that_somebody_is_at_is_not_passed_over(database, clock):
    claim = ledger.claim(database, "weekly", SLOT, clock=clock)
    assert ledger.claim_newest(database, "weekly", [SLOT, SLOT + WEEK], clock=clock) is None
    assert found(database, SLOT + WEEK) is None
    finish(database, claim, clock, State.PARTIAL)
    assert ledger.claim_newest(database, "weekly", [SLOT, SLOT + WEEK], clock=clock) is not None
    assert found(database).state is State.PARTIAL


def test_a_slot_done_once_stays_so_when_a_replay_of_it_was_killed(database, clock):
    finish(database, ledger.claim(database, "weekly", SLOT, clock=clock), clock)
    ledger.claim(database, "weekly", SLOT, clock=clock, is_asked=True)
    clock += WEEK
    ledger.claim_newest(database, "weekly", [SLOT + WEEK], clock=clock)
    assert found(database).state is State.DONE
    assert found(database).done_at == START


def test_what_a_person_asked_for_is_no_slot_of_the_clock(database, clock):
    ledger.claim(database, "weekly", SLOT, clock=clock, is_asked=True)
    with reading(database) as connection:
        assert store.newest(connection, "weekly") is None


def test_a_claim_beats_while_its_work_goes_on(database, clock):
    claim = ledger.claim(database, "weekly", SLOT, clock=clock, lease=timedelta(seconds=0.2))
    with ledger.kept(database, claim, clock=clock, lease=timedelta(seconds=0.2)):
        clock += timedelta(seconds=0.15)
        while found(database).heartbeat_at == START:
            Event().wait(0.01)
    assert found(database).lease_until == START + timedelta(seconds=0.35)


def test_a_lease_lost_while_working_stops_the_beats(database, clock):
    lease = timedelta(seconds=0.1)
    claim = ledger.claim(database, "weekly", SLOT, clock=clock, lease=lease)
    ledger.release(database, claim, clock=clock)
    other = ledger.claim(database, "weekly", SLOT, clock=clock, lease=LEASE)
    with ledger.kept(database, claim, clock=clock, lease=lease):
        Event().wait(0.1)
    assert found(database).attempt == other.attempt


def test_work_that_hangs_is_kept_alive_no_longer_and_may_be_begun_again(database, clock):
    lease = timedelta(seconds=0.04)
    claim = ledger.claim(database, "weekly", SLOT, clock=clock, lease=lease)
    others = set(threading.enumerate())
    with ledger.kept(database, claim, clock=clock, lease=lease, longest=timedelta(hours=1)):
        (heart,) = (one for one in threading.enumerate() if one.name == "heart" and one not in others)
        clock += timedelta(hours=1, seconds=1)
        # No beat moves the lease any more, however long the work goes on.
        heart.join(30)
        other = ledger.claim(database, "weekly", SLOT, clock=clock)
    assert other.attempt == 2
    with pytest.raises(LeaseLost), writing(database) as connection:
        ledger.finish(connection, claim, state=State.DONE, now=clock(), detail={})


def test_ctrl_c_lets_the_slot_go_and_is_no_failure(database, clock):
    claim = ledger.claim(database, "weekly", SLOT, clock=clock)
    with pytest.raises(KeyboardInterrupt), ledger.working(database, claim, clock=clock):
        raise KeyboardInterrupt
    assert found(database).failures == 0
    assert ledger.claim(database, "weekly", SLOT, clock=clock) is not None


def test_a_database_that_goes_away_meanwhile_is_no_failure_of_the_job(database, clock):
    claim = ledger.claim(database, "weekly", SLOT, clock=clock)
    with pytest.raises(DatabaseUnavailable), ledger.working(database, claim, clock=clock):
        raise DatabaseUnavailable("away")
    assert (found(database).state, found(database).failures) == (State.RUNNING, 0)


@pytest.mark.parametrize("away", [False, True], ids=["finished", "out_of_reach"])
def test_work_that_is_concluded_at_its_last_moment_did_not_hang(database, clock, monkeypatch, away):
    """Its end is committed between the heart's last look and its letting go; a database that is away says neither."""
    lease, told = timedelta(seconds=0.04), Event()
    claim = ledger.claim(database, "weekly", SLOT, clock=clock, lease=lease)
    others = set(threading.enumerate())

    def concluded_first(engine, given, *, clock):
        if away:
            raise DatabaseUnavailable("inside a long transaction")
        finish(engine, given, clock)
        release(engine, given, clock=clock)

    release = ledger.release
    monkeypatch.setattr(ledger, "release", concluded_first)
    keeping = ledger.kept(database, claim, clock=clock, lease=lease, longest=timedelta(hours=1), on_hung=told.set)
    with keeping:
        (heart,) = (one for one in threading.enumerate() if one.name == "heart" and one not in others)
        clock += timedelta(hours=1, seconds=1)
        heart.join(30)
    assert told.is_set() is away
    assert found(database).state is (State.RUNNING if away else State.DONE)


def test_ctrl_c_just_after_the_end_stays_one(database, clock):
    claim = ledger.claim(database, "weekly", SLOT, clock=clock)

    def stopped_at_its_end():
        finish(database, claim, clock)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), ledger.working(database, claim, clock=clock):
        stopped_at_its_end()
    assert found(database).state is State.DONE
