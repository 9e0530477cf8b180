"""What models may see of a series, and when there is no forecast."""

import numpy as np
import pytest

from forecasting.prepare import has_figures, prepare
from tests.forecast_lists import month, series


def test_short_gaps_are_filled_for_fitting_and_never_scored() -> None:
    ready = prepare(series([10, None, None, None, 14, 15]))
    assert ready.history is not None
    assert ready.history.values.tolist() == [10, 11, 12, 13, 14, 15]
    assert ready.history.observed.tolist() == [True, False, False, False, True, True]
    assert np.isnan(ready.targets).tolist() == [False, True, True, True, False, False]


def test_a_gap_of_four_stays_a_gap() -> None:
    ready = prepare(series([10, None, None, None, None, 14, 15]))
    assert ready.history is not None
    assert np.isnan(ready.history.values[1:5]).all()
    assert ready.history.without_gaps().values.tolist() == [14, 15]


def test_the_adjusted_figure_is_modelled_said_and_not_scored() -> None:
    ready = prepare(series([10, 11, 5, 12], adjusted={2: 11.5}, coverage={2: 0.5}))
    assert ready.history is not None
    assert ready.history.values.tolist() == [10, 11, 11.5, 12]
    assert np.isnan(ready.targets).tolist() == [False, False, True, False]
    assert ready.notes == ("The last known figures of providers that sent nothing are added for March 2022.",)


def test_what_must_not_be_used_is_a_gap() -> None:
    ready = prepare(series([10, 11, 0, 12], adjusted={2: None}))
    assert ready.history is not None
    assert ready.history.observed.tolist() == [True, True, False, True]


def test_the_history_begins_at_the_last_break() -> None:
    ready = prepare(series([1, 2, 3, 40, 41, 42], breaks=[1, 3]))
    assert ready.history is not None
    assert ready.history.period_ends[0] == month(3)
    assert ready.history.values.tolist() == [40, 41, 42]


def test_at_most_72_steps_are_used() -> None:
    ready = prepare(series(list(range(80))))
    assert ready.history is not None
    assert len(ready.history.values) == 72
    assert ready.history.last_value == 79


@pytest.mark.parametrize(
    ("values", "breaks", "reason"),
    [
        ([1, 2], [], "There are 2 usable figures; a forecast needs 3."),
        ([1, 2, 3, 4], [3], "There is 1 usable figure since the last break in the figures; a forecast needs 3."),
    ],
)
def test_too_few_figures_make_no_forecast(values: list[int], breaks: list[int], reason: str) -> None:
    ready = prepare(series(values, breaks=breaks))
    assert (ready.status, ready.reason, ready.history) == ("insufficient_data", reason, None)


def test_a_blocked_series_says_why() -> None:
    ready = prepare(series([1, 2, 3], blocks=("It is copied.", "It is frozen.")))
    assert (ready.status, ready.reason) == ("blocked", "It is copied. It is frozen.")


@pytest.mark.parametrize(("missing", "status"), [(2, "ok"), (3, "blocked")])
def test_a_list_silent_for_three_steps_is_stale(missing: int, status: str) -> None:
    ready = prepare(series([1, 2, 3] + [None] * missing))
    assert ready.status == status
    if status == "blocked":
        assert ready.reason == "The last usable figure is of March 2022, 3 months before the latest of this source."


def test_a_measure_never_published_has_no_figures() -> None:
    assert not has_figures(series([None, None]))
    assert has_figures(series([None, 0]))
