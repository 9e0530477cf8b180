"""Whatever a stored series holds, its trend has an answer, and a list of which part is missing never gets better."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trend_series import whole
from waitlists.domain import Measure
from waitlists.periods import month_range
from waitlists.trends.asking import Adjust, ProfileName
from waitlists.trends.steps import AskedTrend, Incomparable, PlannedTarget, Rebase, Step
from waitlists.trends.stored import stored_trend

MONTHS = month_range(date(2021, 1, 31), date(2024, 12, 31))
VALUES = st.none() | st.integers(0, 5000).map(float) | st.floats(0, 1)
STEPS = st.lists(
    st.tuples(VALUES, st.sampled_from([None, 0.0, 0.4, 1.0]), st.booleans(), st.booleans()), max_size=len(MONTHS)
).map(lambda rows: [Step(day, *row) for day, row in zip(MONTHS, rows, strict=False)])
DAYS = st.dates(date(2020, 1, 1), date(2026, 1, 1))


@st.composite
def asked(draw):
    return AskedTrend(
        measure=draw(st.sampled_from(Measure)),
        of="Speech, Kent",
        people="children",
        freq="M",
        cut_off=date(2025, 1, 1),
        profile=draw(st.sampled_from(ProfileName.__args__)),
        adjust=draw(st.sampled_from(Adjust.__args__)),
        breaks=tuple(Incomparable(day, "definition", "It changed.") for day in draw(st.lists(DAYS, max_size=3))),
        rebases=tuple(Rebase(day, "A clinic opened", "board", day) for day in draw(st.lists(DAYS, max_size=2))),
        targets=tuple(
            PlannedTarget(day, value, "Plan", "board", None)
            for day, value in draw(st.dictionaries(DAYS, st.floats(0, 1000), max_size=2)).items()
        ),
        caveats=draw(st.sampled_from([(), ("It is copied.",)])),
    )


@given(STEPS, asked())
def test_any_series_has_an_answer(steps, options):
    found = stored_trend(steps, options)
    answer = found.as_json()
    whole({name: answer[name] for name in answer if name not in {"marks", "rebases", "targets"}})
    assert len(answer["points"]) == len(steps)
    assert found.sentence.startswith("Speech, Kent, ")
    assert (found.judged_variation is None) >= (found.trend.status != "ok")
    assert found.real_change is None or found.trend.status == "ok"


@given(st.lists(st.integers(900, 1100), min_size=20, max_size=40), st.integers(1, 6), st.integers(0, 600))
@pytest.mark.parametrize("measure", [Measure.LIST_SIZE, Measure.OVER_52_WEEKS])
def test_a_missing_provider_changes_no_verdict(measure, values, missing, left):
    """The verdict is that of the months before, but better is not said till all are there."""
    steps = [Step(day, float(value)) for day, value in zip(MONTHS, values, strict=False)]
    parts = [Step(day, float(left), 0.5, is_provisional=True) for day in MONTHS[len(steps) : len(steps) + missing]]
    options = AskedTrend(measure=measure, of="Paediatrics, Kent", people="children", freq="M", cut_off=MONTHS[-1])
    before, after = stored_trend(steps, options), stored_trend([*steps, *parts], options)
    is_better = str(before.judged_variation).startswith("improvement")
    assert after.trend.variation == before.trend.variation
    assert after.judged_variation == (None if is_better else before.judged_variation)
    assert [mark.kind for mark in after.marks] == ["part_missing"] * len(parts)
    assert "no sign of a change" in after.sentence
