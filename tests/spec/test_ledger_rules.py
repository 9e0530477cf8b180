"""Who may claim a slot, row by row."""

from datetime import UTC, date, datetime, timedelta

import pytest

from waitlists.running.ledger import (
    FIRST_WAIT,
    MOST_FAILURES,
    JobRun,
    State,
    is_at_work,
    is_coming,
    may_claim,
    next_try,
)

NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def slot(state: State, *, lease_until: datetime = NOW, failures: int = 0, attempt: int = 3) -> JobRun:
    return JobRun(
        job="weekly",
        slot=date(2026, 11, 16),
        attempt=attempt,
        state=state,
        worker="here:1",
        claimed_at=NOW,
        heartbeat_at=NOW,
        lease_until=lease_until,
        finished_at=None,
        done_at=None,
        failures=failures,
        is_asked=False,
        run_id=None,
        superseded_by=None,
        detail={},
    )


@pytest.mark.parametrize(
    ("state", "failures", "lease_ends", "by_the_clock", "by_a_person"),
    [
        (State.RUNNING, 0, NOW + SECOND, False, False),
        (State.RUNNING, 0, NOW, True, True),
        (State.RUNNING, MOST_FAILURES, NOW, True, True),
        (State.DONE, 0, NOW, False, True),
        (State.PARTIAL, 0, NOW, False, True),
        (State.MISSED, 0, NOW, False, True),
        (State.FAILED, 1, NOW, True, True),
        (State.FAILED, 1, NOW + SECOND, False, True),
        (State.FAILED, MOST_FAILURES - 1, NOW, True, True),
        (State.FAILED, MOST_FAILURES, NOW, False, True),
    ],
)
def test_a_slot_is_claimed_when(state, failures, lease_ends, by_the_clock, by_a_person):
    found = slot(state, lease_until=lease_ends, failures=failures)
    assert may_claim(found, now=NOW, is_asked=False) is by_the_clock
    assert may_claim(found, now=NOW, is_asked=True) is by_a_person


def test_a_slot_that_nobody_began_is_free():
    assert may_claim(None, now=NOW, is_asked=False)


@pytest.mark.parametrize(
    ("attempt", "after", "by_the_clock"),
    [
        (MOST_FAILURES, timedelta(0), True),
        (MOST_FAILURES + 1, FIRST_WAIT - SECOND, False),
        (MOST_FAILURES + 1, FIRST_WAIT, True),
    ],
)
def test_a_slot_that_was_killed_very_often_gives_way_to_others_between_its_tries(attempt, after, by_the_clock):
    found = slot(State.RUNNING, lease_until=NOW, attempt=attempt)
    assert may_claim(found, now=NOW + after, is_asked=False) is by_the_clock
    assert may_claim(found, now=NOW + after, is_asked=True)


@pytest.mark.parametrize(
    ("state", "lease_ends", "is_done_now"),
    [
        (State.RUNNING, NOW + SECOND, True),
        (State.RUNNING, NOW, False),
        (State.FAILED, NOW + SECOND, False),
        (State.DONE, NOW + SECOND, False),
    ],
)
def test_a_slot_is_at_work_while_its_lease_lives_however_often_it_was_tried(state, lease_ends, is_done_now):
    for tries in (0, MOST_FAILURES, 3 * MOST_FAILURES):
        found = slot(state, lease_until=lease_ends, failures=tries, attempt=tries + 1)
        assert is_at_work(found, now=NOW) is is_done_now


@pytest.mark.parametrize(("failures", "minutes"), [(1, 5), (2, 10), (3, 20), (4, 40)])
def test_each_new_try_waits_twice_as_long(failures, minutes):
    assert next_try(failures, now=NOW) - NOW == timedelta(minutes=minutes)


def test_the_words_of_the_states_are_those_that_are_stored():
    assert [state.value for state in State] == ["running", "done", "partial", "failed", "missed"]
    assert MOST_FAILURES == 5


@pytest.mark.parametrize(
    ("state", "attempt", "failures", "is_waited_for"),
    [
        (State.RUNNING, 1, 0, True),
        (State.RUNNING, MOST_FAILURES, MOST_FAILURES - 1, True),
        # Killed so often, or let go: until it is at work again.
        (State.RUNNING, MOST_FAILURES + 1, 0, False),
        (State.FAILED, 1, 1, True),
        (State.FAILED, MOST_FAILURES, MOST_FAILURES, False),
        (State.FAILED, MOST_FAILURES + 1, 1, False),
        (State.DONE, 1, 0, False),
        (State.PARTIAL, 1, 0, False),
        (State.MISSED, 1, 0, False),
    ],
)
def test_others_wait_for_a_slot_while_it_is_tried(state, attempt, failures, is_waited_for):
    assert is_coming(slot(state, attempt=attempt, failures=failures)) is is_waited_for


def test_others_wait_for_a_slot_that_nobody_began():
    assert is_coming(None)
