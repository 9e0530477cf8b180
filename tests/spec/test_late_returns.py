"""When a weekly return is late, of whom, and until when it is expected."""

from datetime import UTC, date, datetime, timedelta

import pytest

from waitlists.periods import LONDON
from waitlists.quality.late import last_late_week, late_returns, turned_week

WEEK = date(2026, 11, 15)
TUESDAY_NOON = datetime(2026, 11, 17, 12, tzinfo=LONDON)
SALT = ("RYY", "SALT")


def sundays(count: int, last: date = WEEK) -> list[date]:
    return [last - timedelta(days=7 * number) for number in range(count)]


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        (datetime(2026, 11, 15, 23, 59, tzinfo=LONDON), date(2026, 11, 8)),
        (datetime(2026, 11, 16, 23, 59, tzinfo=LONDON), date(2026, 11, 8)),
        (datetime(2026, 11, 17, 11, 59, tzinfo=LONDON), date(2026, 11, 8)),
        (TUESDAY_NOON, WEEK),
        (datetime(2026, 11, 23, 23, 59, tzinfo=LONDON), WEEK),
        (datetime(2026, 7, 7, 10, 59, tzinfo=UTC), date(2026, 6, 28)),
        (datetime(2026, 7, 7, 11, 0, tzinfo=UTC), date(2026, 7, 5)),
    ],
)
def test_a_return_is_late_from_tuesday_noon_in_london(moment: datetime, week: date):
    assert last_late_week(moment) == week


def test_whoever_sent_the_last_week_owes_nothing():
    assert late_returns({SALT: sundays(30)}, now=TUESDAY_NOON) == ()
    assert late_returns({}, now=TUESDAY_NOON) == ()


def test_a_late_return_is_named_in_a_sentence():
    (late,) = late_returns({SALT: sundays(30)[1:]}, now=TUESDAY_NOON)
    assert late.weeks == (WEEK,)
    assert late.sentence == (
        "Kent Community Health NHS Foundation Trust sent no weekly return of Speech and language therapy for children "
        "for the week ending 15 November 2026."
    )


def test_gaps_are_owed_too_and_many_are_counted():
    weeks = sundays(12)
    (late,) = late_returns({SALT: [weeks[0], weeks[4], weeks[11]]}, now=TUESDAY_NOON)
    assert set(late.weeks) == set(weeks) - {weeks[0], weeks[4], weeks[11]}
    assert late.sentence.endswith("for the week ending 6 September 2026, 13 September 2026 and 7 more.")


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (2, "8 November 2026 and 15 November 2026."),
        (3, "1 November 2026, 8 November 2026 and 1 more."),
    ],
)
def test_two_weeks_are_named_and_more_are_counted(missing: int, words: str):
    (late,) = late_returns({SALT: sundays(10)[missing:]}, now=TUESDAY_NOON)
    assert late.sentence.endswith(f"for the week ending {words}")


def test_nobody_is_expected_before_the_first_or_twelve_weeks_after_the_last():
    assert late_returns({SALT: [WEEK]}, now=TUESDAY_NOON) == ()
    weeks = sundays(13)
    assert late_returns({SALT: [weeks[12]]}, now=TUESDAY_NOON) == ()
    (late,) = late_returns({SALT: [weeks[11]]}, now=TUESDAY_NOON)
    assert len(late.weeks) == 11


def test_a_provider_that_took_a_list_over_is_expected_in_place_of_the_other():
    now = datetime(2026, 4, 21, 12, tzinfo=LONDON)
    before = sundays(8, date(2026, 3, 29))
    (late,) = late_returns({("RAT", "CAMHS"): before}, now=now)
    assert (late.org, late.weeks) == ("RXY", (date(2026, 4, 5), date(2026, 4, 12), date(2026, 4, 19)))
    after = {("RAT", "CAMHS"): before, ("RXY", "CAMHS"): [date(2026, 4, 5), date(2026, 4, 12)]}
    (late,) = late_returns(after, now=now)
    assert (late.org, late.weeks) == ("RXY", (date(2026, 4, 19),))


def test_an_unknown_service_keeps_its_code():
    (late,) = late_returns({("RYY", "OTHER"): sundays(3)[1:]}, now=TUESDAY_NOON)
    assert "return of OTHER for" in late.sentence


@pytest.mark.parametrize(
    ("sunday", "turned"),
    [
        (date(2026, 1, 11), date(2026, 11, 1)),
        (date(2026, 3, 8), None),
        (date(2026, 2, 15), None),
        (date(2026, 11, 1), None),
        (date(2025, 1, 12), None),
    ],
)
def test_an_old_week_that_is_a_late_one_with_day_and_month_turned(sunday, turned):
    assert turned_week(sunday, date(2026, 11, 16)) == turned
