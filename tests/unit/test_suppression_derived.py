"""What counts as shown tell of waits and shares, and where they tell nothing."""

import pytest

from waitlists.bands import CHS_BANDS, OVER_52, WaitBands
from waitlists.suppression import (
    CountedList,
    Plan,
    Rule,
    at_least_from_shown,
    longest_from_shown,
    protect,
    share_from_shown,
    table_of_lists,
)

LABELS = [band.label for band in CHS_BANDS]
OLD = [*LABELS[:6], OVER_52]


def plan_of(*counts: int, rule: Rule = Rule.HES) -> Plan:
    """What is shown of a list by its eight bands, or by seven with one over 52 weeks."""
    bands = WaitBands(dict(zip(LABELS if len(counts) == len(LABELS) else OLD, counts, strict=True)), sum(counts))
    return protect(table_of_lists({"A": CountedList(bands)}, made_of={}, rule=rule), rule)


@pytest.mark.parametrize(
    ("counts", "q", "weeks"),
    [
        ((10, 10, 10, 10, 10, 10, 10, 80), 0.5, 104),
        ((10, 10, 10, 10, 10, 10, 80), 0.5, 52),
        ((10, 10, 10, 10, 10, 10, 10, 80), 0.2, None),
        ((10, 10, 10, 10, 3, 10, 10, 80), 0.5, None),
    ],
    ids=["over 104", "over 52", "in a band", "a band hidden"],
)
def test_a_wait_in_the_open_band_is_at_least_its_beginning(counts: tuple[int, ...], q: float, weeks: int | None):
    assert at_least_from_shown(plan_of(*counts), "A", q) == weeks


@pytest.mark.parametrize(
    ("counts", "longest"),
    [
        ((10, 10, 10, 10, 10, 10, 10, 80), ">104"),
        ((10, 10, 10, 10, 10, 10, 80), ">52"),
        ((10, 0, 10, 0, 10, 0, 0, 0), ">12-18"),
        ((10, 10, 10, 10, 10, 30, 20, 1), None),
        ((0, 0, 0, 0, 0, 0, 0, 0), None),
    ],
    ids=["the last", "over 52", "below", "perhaps a hidden one", "nobody"],
)
def test_the_longest_wait_lies_in_the_last_band_that_is_not_empty(counts: tuple[int, ...], longest: str | None):
    assert longest_from_shown(plan_of(*counts), "A") == longest


def test_the_share_within_a_year_needs_no_band():
    """A hidden band leaves those over 52 weeks as they are shown."""
    plan = plan_of(100, 3, 100, 100, 100, 100, 60, 40)
    assert plan.shown["A:>1-2"] is None
    assert plan.shown["A:over_52_weeks"] == 100
    total = plan.shown["A:total"]
    assert total is not None
    assert share_from_shown(plan, "A", 364) == (total - 100) / total
    assert share_from_shown(plan, "A", 84) is None
