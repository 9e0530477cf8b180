"""A list is never headlined as better alone while another watched wait of it gets worse or may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.warnings.headline import Wait, both_ways, way_of

LEAD = Wait("over 18 weeks", "better")
ALL = (
    "Over 104 weeks: real change for the worse; over 52 weeks: cannot be told whether it got worse; "
    "over 18 weeks: real change for the better"
)
WAYS = ("worse", "unknown", "same", "better")


@pytest.mark.parametrize(
    ("ways", "said"),
    [
        (("worse",), "Over 52 weeks: real change for the worse; over 18 weeks: for the better"),
        (("unknown",), "Over 52 weeks: cannot be told whether it got worse; over 18 weeks: real change for the better"),
        (("same",), None),
        (("better",), None),
        ((), None),
        (("unknown", "worse"), ALL),
    ],
)
def test_the_worse_wait_is_said_first_and_the_better_one_never_alone(ways, said):
    waits = zip(("over 52 weeks", "over 104 weeks"), ways, strict=False)
    assert both_ways(LEAD, [Wait(*one) for one in waits]) == said


@given(st.lists(st.builds(Wait, st.just("over 52 weeks"), st.sampled_from(WAYS))), st.sampled_from(WAYS[:3]))
def test_what_is_not_called_better_is_said_by_itself(others, way):
    assert both_ways(LEAD._replace(way=way), others) is None


@pytest.mark.parametrize(
    ("real", "worse", "change", "exact", "way"),
    [
        (None, None, None, True, "unknown"),
        (False, False, 5, True, "same"),
        (False, False, 5, False, "unknown"),
        (False, False, 6, False, "same"),
        (False, False, 0, False, "same"),
        (False, False, None, False, "same"),
        (True, True, 5, False, "worse"),
        (True, False, -20, True, "better"),
    ],
)
def test_a_verdict_goes_one_way_and_a_rise_that_rounding_may_make_is_not_called_none(real, worse, change, exact, way):
    assert way_of(real, worse, change, is_exact=exact) == way
