"""When what a refused file was about has come: of its sender, its source, its service and its period."""

from datetime import UTC, date, datetime, timedelta

import pytest

from waitlists.deliveries.answered import Came, Refused, is_answered
from waitlists.deliveries.unread import Sender

MONDAY = date(2026, 11, 16)
AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
SUNDAY, WEEK, DAY, HOUR = MONDAY - timedelta(days=1), timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
RETURN = Sender("weekly_return", ("RYY",), ("SALT",), SUNDAY)
NOBODY_KNOWS = Sender(None, ("RYY",))
OF_A_RETURN = Sender("weekly_return", ("RYY",))
BY_NAME = Sender(None, ("RYY",), ("SALT",))
CHS = Sender("chs_sitrep")


def came(service="SALT", *, provider="RYY", source="weekly_return", day=SUNDAY, after=HOUR):
    return Came(provider, source, service, day, AT + after)


def last(service="SALT", *, source="weekly_return", day=SUNDAY - WEEK):
    return came(service, source=source, day=day, after=-7 * DAY)


@pytest.mark.parametrize(
    ("sender", "lists", "is_mended"),
    [
        (RETURN, [], False),
        (RETURN, [came()], True),
        (RETURN, [came("")], True),
        (RETURN, [came(day=SUNDAY + WEEK)], True),
        (RETURN, [came(after=timedelta(0))], False),
        (RETURN, [came(after=-HOUR)], False),
        (RETURN, [came(after=-HOUR), came()], True),
        # The bug that this is for: another service, another week, another source or another provider answers nothing.
        (RETURN, [last(), came("ASD")], False),
        (RETURN, [last(), came(day=SUNDAY - WEEK)], False),
        (RETURN, [last(), came(source="referral_extract")], False),
        (RETURN, [last(), came(provider="RXY")], False),
        (RETURN._replace(services=("ASD", "SALT")), [last(), came()], False),
        (RETURN._replace(services=("ASD", "SALT")), [last(), came(), came("ASD")], True),
        (RETURN._replace(services=("ASD", "SALT")), [last(), came("ASD", after=timedelta(0)), came()], True),
        (RETURN._replace(providers=("RXY", "RYY")), [came()], False),
        (RETURN._replace(providers=("RXY", "RYY")), [came(), came(provider="RXY")], True),
        (RETURN._replace(until=None), [last(), came(day=SUNDAY - WEEK)], False),
        (RETURN._replace(until=None), [last(), came()], True),
        (RETURN._replace(until=None), [last(), last(day=SUNDAY - 2 * WEEK), came(day=SUNDAY - WEEK)], False),
        (RETURN._replace(until=None), [last(day=SUNDAY), came()], True),
        # Of which services it was nobody knows: all that its sender kept have to come, but those that came beside it.
        (OF_A_RETURN, [came()], True),
        (OF_A_RETURN, [last(), last("ASD"), came()], False),
        (OF_A_RETURN, [last(), last("ASD"), came(), came("ASD")], True),
        (OF_A_RETURN, [last(), last("ASD"), came("ASD", after=timedelta(0)), came()], True),
        (OF_A_RETURN, [last(), last("ASD"), came("ASD", after=timedelta(0)), came("ASD")], False),
        (NOBODY_KNOWS, [last(), last(source="referral_extract"), came()], False),
        (NOBODY_KNOWS, [last(), last(source="referral_extract", day=SUNDAY), came()], True),
        (NOBODY_KNOWS, [last(), last(source="referral_extract"), came(), came(source="referral_extract")], True),
        (BY_NAME, [last("ASD"), came("ASD")], False),
        (BY_NAME, [last("ASD"), came()], True),
        # A list of a Friday is about no Sunday.
        (NOBODY_KNOWS, [last(day=SUNDAY - 9 * DAY), came(day=SUNDAY - 2 * DAY)], True),
        (CHS, [came("", provider="", source="chs_sitrep", day=date(2026, 9, 30))], True),
        (CHS, [last("", source="chs_sitrep")._replace(provider=""), came("", provider="", source="chs_sitrep",
            day=SUNDAY - WEEK)], False),
        (CHS, [came()], False),
        # Of whom a file is that names its service alone, or nothing, nobody knows: no published file speaks of it.
        (Sender(None, (), ("SALT",)), [came("", provider="", source="chs_sitrep", day=date(2026, 9, 30))], False),
        (Sender(None, (), ("SALT",)), [came()], False),
        (Sender("weekly_return"), [came("", provider="")], False),
        (Sender(), [came("", provider="", source="chs_sitrep")], False),
    ],
)  # fmt: skip
def test_a_refused_file_is_answered_once_what_it_was_about_came(sender, lists, is_mended):
    assert is_answered(Refused(sender, MONDAY, AT), lists) is is_mended


@pytest.mark.parametrize("day", [MONDAY, SUNDAY])
def test_an_older_week_than_that_of_the_day_answers_nothing(day):
    lists = [last(day=SUNDAY - 2 * DAY), came(day=SUNDAY - 3 * DAY)]
    assert not is_answered(Refused(NOBODY_KNOWS, day, AT), lists)
    assert is_answered(Refused(NOBODY_KNOWS, day, AT), [*lists, came(day=SUNDAY)])
