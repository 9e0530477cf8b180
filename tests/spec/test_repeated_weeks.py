"""A weekly list that stands in the bands of the week before: told, where the list is long enough to surely move."""

from datetime import date

import pytest

from waitlists.domain import Severity
from waitlists.quality.balance import StoredWeek, WeekOfList
from waitlists.quality.history import HistoryChecks
from waitlists.quality.repeated import of_one_size, with_repeats

LINE = ("SALT", "RYY")
FIRST, SECOND, THIRD = date(2026, 11, 1), date(2026, 11, 8), date(2026, 11, 15)


def weeks(*sizes: int | None, sundays=(FIRST, SECOND, THIRD)):
    """A list by week, vintages numbered from 1."""
    known = date(2026, 11, 16)
    found = zip(sundays, sizes, range(1, 9), strict=False)
    return {LINE: {day: StoredWeek(number, WeekOfList(size, None, None, known)) for day, size, number in found}}


def told(lists, *bands):
    by_vintage = {(number, LINE): found for number, found in enumerate(bands, start=1)}
    checks = with_repeats(HistoryChecks({}, {}), of_one_size(lists), by_vintage)
    return {number: [one.code for one in found] for number, found in checks.findings.items()}


@pytest.mark.parametrize(
    ("sizes", "bands", "said"),
    [
        ((50, 50), ({"0-1": 20, ">1-2": 30}, {"0-1": 20, ">1-2": 30}), {2: ["repeated_week"]}),
        ((49, 49), ({"0-1": 20, ">1-2": 29}, {"0-1": 20, ">1-2": 29}), {}),
        ((50, 50), ({"0-1": 20, ">1-2": 30}, {"0-1": 21, ">1-2": 29}), {}),
        ((50, 51), ({"0-1": 20, ">1-2": 30}, {"0-1": 20, ">1-2": 30}), {}),
        ((50, 50), ({"0-1": None, ">1-2": 30}, {"0-1": None, ">1-2": 30}), {}),
        ((50, 50), (), {}),
        ((None, None), ({"0-1": 20}, {"0-1": 20}), {}),
        ((50, 50, 50), ({"0-1": 50},) * 3, {2: ["repeated_week"], 3: ["repeated_week"]}),
    ],
)
def test_a_list_of_fifty_in_the_bands_of_the_week_before_is_told(sizes, bands, said):
    assert told(weeks(*sizes), *bands) == said


def test_a_week_that_lies_between_says_nothing():
    assert of_one_size(weeks(50, 50, sundays=(FIRST, THIRD))) == []


def test_it_is_a_warning_that_says_what_to_see_to():
    pairs = of_one_size(weeks(50, 50))
    bands = {(number, LINE): {"0-1": 50} for number in (1, 2)}
    (finding,) = with_repeats(HistoryChecks({2: ()}, {}), pairs, bands).findings[2]
    assert (finding.severity, finding.service, finding.org) == (Severity.WARNING, "SALT", "RYY")
    assert (finding.period_end, finding.known_from) == (SECOND, date(2026, 11, 16))
    assert finding.sentence.endswith("see that last week's figures were not sent again.")
