"""Origins see the figures of their own day, and are scored against final figures only."""

from dataclasses import replace

import numpy as np
import pytest

from forecasting.backtest import MOST_ORIGINS, origins_of
from forecasting.prepare import prepare
from tests.forecast_lists import FAR, KEY, known, month, stored, walks
from waitlists.counts.histories import ListHistory, VintageCells
from waitlists.domain import Coverage, Finding, MissingProvider, Severity, Vintage
from waitlists.series import build_series

RISING = {"R00": [100 + n for n in range(24)]}


def origins(history: ListHistory, *, horizon: int = 12):
    return origins_of(history, prepare(build_series(history, KEY, as_of=FAR)), horizon=horizon)


def test_origins_are_spread_evenly_over_the_months_with_enough_behind_them() -> None:
    found = origins(stored(RISING))
    assert len(found) == MOST_ORIGINS
    assert [origin.history.last_period for origin in found] == [month(n) for n in (11, 13, 15, 18, 20, 22)]
    assert [origin.as_of for origin in found] == [known(n) for n in (11, 13, 15, 18, 20, 22)]


def test_targets_are_what_came_after_as_far_as_it_is_known() -> None:
    last = origins(stored(RISING), horizon=3)[-2]
    assert last.history.last_value == 120
    assert last.targets[:3].tolist() == [121, 122, 123]
    after = origins(stored(RISING), horizon=3)[-1]
    assert after.targets[:1].tolist() == [123]
    assert np.isnan(after.targets[1:]).all()
    assert after.target_known.tolist() == [known(23).toordinal(), 0, 0]


def test_a_short_series_has_all_its_origins_or_none() -> None:
    assert len(origins(stored({"R00": RISING["R00"][:15]}))) == 3
    assert origins(stored({"R00": RISING["R00"][:12]})) == ()


def test_a_day_on_which_too_little_was_known_is_no_origin() -> None:
    """Month 3 came out with month 12: on the day of month 11 there were eleven values."""
    first = stored({"R00": RISING["R00"][:14]})
    late = tuple(one._replace(known_from=known(12)) if one.id == 3 else one for one in first.vintages)
    found = origins(replace(first, vintages=late))
    assert [origin.history.last_period for origin in found] == [month(12)]


def test_a_series_that_cannot_be_forecast_has_no_origins() -> None:
    assert origins(stored({"R00": [1, 2]})) == ()


def test_origins_begin_anew_after_a_long_gap() -> None:
    values = [100] * 13 + [None] * 5 + [200 + n for n in range(14)]
    found = origins(stored({"R00": values, "R01": [5] * 32}))
    assert [origin.history.last_period for origin in found] == [month(29), month(30)]


def revised() -> ListHistory:
    """Month 12 was first published as 500 and corrected to 112 when month 20 was out."""
    first = stored(RISING)
    wrong = Vintage(known(12), 100, "chs_sitrep", month(12))
    right = first.vintages[12]._replace(known_from=known(20))
    vintages = tuple(right if vintage.id == 12 else vintage for vintage in first.vintages)
    cells = {**first.cells, (100, "R00"): VintageCells(100, {"total": 500})}
    return replace(first, vintages=(*vintages, wrong), cells=cells)


def test_an_origin_sees_the_figure_of_its_own_day_and_not_the_correction() -> None:
    seen = {
        origin.history.last_period: origin.history.values[12]
        for origin in origins(revised())
        if month(12) < origin.history.last_period
    }
    assert seen == {month(13): 500, month(15): 500, month(18): 500, month(20): 112, month(22): 112}


@pytest.mark.parametrize("cut", range(11, 23))
def test_nothing_known_after_an_origin_changes_it(cut: int) -> None:
    values = walks(1, 24, seed=9)["R00"]
    other = [*values[: cut + 1], *[7 * (value or 0) + 3 for value in values[cut + 1 :]]]
    before, after = (
        {origin.as_of: origin.history for origin in origins(stored({"R00": of}))} for of in (values, other)
    )
    same_days = [day for day in before if day <= known(cut)]
    assert same_days or cut == 10
    for day in same_days:
        assert before[day].values.tobytes() == after[day].values.tobytes()


def test_a_month_published_with_a_later_one_is_no_origin() -> None:
    history = stored(RISING)
    late = history.vintages[13]._replace(known_from=known(14))
    vintages = tuple(late if vintage.id == 13 else vintage for vintage in history.vintages)
    found = origins(replace(history, vintages=vintages))
    assert month(13) not in [origin.history.last_period for origin in found]
    assert len(found) == MOST_ORIGINS - 1


def test_a_figure_without_all_providers_is_no_target() -> None:
    missing = Coverage("SALT", "R00", 0.5, (MissingProvider("R09", month(15), 50),))
    history = stored(RISING, coverage={(16, "R00"): missing})
    targets = origins(history)[1].targets
    assert np.isnan(targets).tolist()[:4] == [False, False, True, False]


def test_a_break_known_then_shortens_what_the_origin_sees() -> None:
    step = Finding("step", Severity.WARNING, "It doubled.", month(9), known(9), "SALT", "R00", details={"kind": "up"})
    undone = stored(RISING, findings={(9, "R00"): (replace(step, known_from=known(22)),)})
    found = origins(undone)
    assert [origin.history.last_period for origin in found] == [month(20), month(21), month(22)]
    assert [len(origin.history.values) for origin in found] == [21, 22, 14]
    at_once = origins(stored(RISING, findings={(9, "R00"): (step,)}))
    assert [len(origin.history.values) for origin in at_once] == [12, 13, 14]


def test_an_origin_that_was_too_short_in_its_day_is_left_out() -> None:
    # Seen from today the step at month 4 is explained away; in its day it still cut the history.
    step = Finding("step", Severity.WARNING, "It doubled.", month(4), known(4), "SALT", "R00", details={"kind": "up"})
    told = stored(RISING, findings={(4, "R00"): (step,)})
    clean = stored(RISING)
    found = origins_of(told, prepare(build_series(clean, KEY, as_of=FAR)), horizon=12)
    assert found[0].history.last_period == month(15)
    assert found[0].history.period_ends[0] == month(4)
