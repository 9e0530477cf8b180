"""Which slots are due when: leap days, week 53, the end of the year, both clock changes (F10, F11, F15, F16)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists.errors import BadArgument
from waitlists.periods import LONDON
from waitlists.running.slots import DAYS, Daily, Monthly, Weekly, begins, due

MONDAY = Weekly("mon", time(6))
NIGHT = Daily(time(1, 30))
MONTH = Monthly(1, time(3))


@pytest.mark.parametrize(
    ("rule", "now", "newest"),
    [
        # A Monday, in summer time and not: 06:00 in London is 05:00 or 06:00 UTC.
        (MONDAY, "2026-11-16 05:59:59", "2026-11-09"),
        (MONDAY, "2026-11-16 06:00:00", "2026-11-16"),
        (MONDAY, "2026-06-15 04:59:59", "2026-06-08"),
        (MONDAY, "2026-06-15 05:00:00", "2026-06-15"),
        # The Mondays after the clocks changed, and the Sundays on which they do.
        (MONDAY, "2026-03-30 04:59:59", "2026-03-23"),
        (MONDAY, "2026-03-30 05:00:00", "2026-03-30"),
        (MONDAY, "2026-10-26 05:59:59", "2026-10-19"),
        (MONDAY, "2026-10-26 06:00:00", "2026-10-26"),
        # 29 February is a Monday once in 28 years, and a night and a month's end every fourth.
        (MONDAY, "2044-02-29 06:00:00", "2044-02-29"),
        (NIGHT, "2028-02-29 01:30:00", "2028-02-29"),
        (NIGHT, "2027-03-01 01:29:59", "2027-02-28"),
        (MONTH, "2028-02-29 23:59:59", "2028-02-01"),
        (MONTH, "2028-03-01 03:00:00", "2028-03-01"),
        # ISO week 53 of 2026 and 2020, and the Mondays around the end of a year.
        (MONDAY, "2026-12-28 06:00:00", "2026-12-28"),
        (MONDAY, "2027-01-03 23:59:59", "2026-12-28"),
        (MONDAY, "2027-01-04 06:00:00", "2027-01-04"),
        (MONDAY, "2021-01-03 12:00:00", "2020-12-28"),
        (NIGHT, "2026-12-31 23:59:59", "2026-12-31"),
        (NIGHT, "2027-01-01 01:29:59", "2026-12-31"),
        (MONTH, "2027-01-01 02:59:59", "2026-12-01"),
        # 01:30 is left out on 29 March 2026: it counts at what clocks call 02:30.
        (NIGHT, "2026-03-29 01:29:59", "2026-03-28"),
        (NIGHT, "2026-03-29 01:30:00", "2026-03-29"),
        # 01:30 comes twice on 25 October 2026: it counts the first time, and not again an hour later.
        (NIGHT, "2026-10-25 00:29:59", "2026-10-24"),
        (NIGHT, "2026-10-25 00:30:00", "2026-10-25"),
        (NIGHT, "2026-10-25 01:30:00", "2026-10-25"),
        # The month that begins in summer time: 03:00 in London is 02:00 UTC.
        (MONTH, "2026-04-01 01:59:59", "2026-03-01"),
        (MONTH, "2026-04-01 02:00:00", "2026-04-01"),
        (MONTH, "2026-11-01 03:00:00", "2026-11-01"),
    ],
)
def test_f16_the_newest_slot_at_a_moment_of_utc(rule, now, newest):
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert due(rule, since=None, now=moment) == (date.fromisoformat(newest),)


@pytest.mark.parametrize(("year", "sunday"), [(2026, date(2026, 3, 29)), (2026, date(2026, 10, 25))])
def test_f10_f11_a_night_on_which_clocks_change_has_one_slot(year, sunday):
    """F10, F11: looked at every ten minutes for three days, each date comes once and none is left out."""
    start = datetime.combine(sunday - timedelta(days=1), time(), tzinfo=UTC)
    seen: list[date] = []
    for step in range(3 * 144):
        for slot in due(NIGHT, since=seen[-1] if seen else None, now=start + timedelta(minutes=10 * step)):
            if slot not in seen:
                seen.append(slot)
    assert seen == [sunday + timedelta(days=n) for n in range(-2, 2)]
    assert all(day.year == year for day in seen)


def test_f13_after_three_weeks_all_slots_since_the_last_are_due_the_newest_last():
    """F13: the last one known is among them, as it may not have been finished."""
    now = datetime(2026, 12, 9, 12, tzinfo=UTC)
    found = due(MONDAY, since=date(2026, 11, 16), now=now)
    assert [str(slot) for slot in found] == ["2026-11-16", "2026-11-23", "2026-11-30", "2026-12-07"]


def test_nothing_is_due_while_the_clock_is_behind_the_last_slot():
    """F12: the clock was put back over a slot's beginning."""
    assert due(MONDAY, since=date(2026, 11, 16), now=datetime(2026, 11, 16, 5, tzinfo=UTC)) == ()
    assert due(MONDAY, since=date(2026, 11, 16), now=datetime(2026, 11, 12, 5, tzinfo=UTC)) == ()


@pytest.mark.parametrize("day", ["1", "0", "7", "Mon", "monday", ""])
def test_f15_days_of_the_week_have_names(day):
    """F15: a digit is refused; to one scheduler 1 is Monday, to another Tuesday."""
    with pytest.raises(BadArgument, match="mon, tue, wed, thu, fri, sat, sun"):
        Weekly(day, time(6))


@pytest.mark.parametrize("day", [0, 29, 31])
def test_a_day_that_some_months_lack_is_refused(day):
    with pytest.raises(BadArgument, match="from 1 to 28"):
        Monthly(day, time(6))


@pytest.mark.parametrize("number", range(7))
def test_every_day_of_the_week_is_the_day_it_says(number):
    monday = date(2026, 11, 16)
    rule = Weekly(DAYS[number], time(6))
    week = [monday + timedelta(days=n) for n in range(7)]
    assert [rule.has(day) for day in week] == [n == number for n in range(7)]


def test_another_zone_has_its_own_dates():
    now = datetime(2026, 11, 16, 5, 30, tzinfo=UTC)
    assert due(MONDAY, since=None, now=now, zone=ZoneInfo("Europe/Berlin")) == (date(2026, 11, 16),)
    assert due(MONDAY, since=None, now=now) == (date(2026, 11, 9),)


@given(
    st.sampled_from([MONDAY, NIGHT, MONTH, Weekly("sun", time(1, 30)), Monthly(28, time(23, 59))]),
    st.dates(date(2020, 1, 1), date(2045, 1, 1)).map(lambda day: datetime.combine(day, time(4, 30), tzinfo=UTC)),
    st.timedeltas(timedelta(0), timedelta(days=70)),
)
def test_no_slot_is_lost_between_two_looks(rule, earlier, gap):
    later = earlier + gap
    (known,) = due(rule, since=None, now=earlier)
    found = due(rule, since=known, now=later)
    assert found[0] == known
    assert found[-1:] == due(rule, since=None, now=later)
    every = (known + timedelta(days=n) for n in range((found[-1] - known).days + 1))
    assert list(found) == [day for day in every if rule.has(day)]
    assert all(begins(rule, slot) <= later.astimezone(LONDON) for slot in found)
