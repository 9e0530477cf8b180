"""The history that models are fitted on, and what of their answers may be published."""

from datetime import date

import numpy as np
import pytest

from forecasting.models.base import History, is_usable, normal_quantiles, within_bounds
from tests.forecast_lists import history, month
from waitlists.errors import BadArgument

MONTHS = (month(0), month(1), month(2))


@pytest.mark.parametrize(
    ("values", "observed", "field"),
    [
        ([1.0, 2.0], [True, True], "values"),
        ([1.0, 2.0, 3.0], [True, True, False], "observed"),
        ([1.0, 2.0, 3.0], [False, True, True], "observed"),
        ([1.0, np.nan, 3.0], [True, True, True], "values"),
        ([1.0, -2.0, 3.0], [True, True, True], "values"),
    ],
)
def test_a_history_that_cannot_be_is_refused(values: list[float], observed: list[bool], field: str) -> None:
    with pytest.raises(BadArgument) as refusal:
        History(MONTHS, np.array(values), np.array(observed), "M")
    assert refusal.value.field == field


def test_a_history_keeps_a_copy_of_its_own() -> None:
    given = np.array([1.0, 2.0, 3.0])
    kept = History(MONTHS, given, np.array([True] * 3), "M")
    given[0] = 99
    assert kept.values[0] == 1


def test_what_was_filled_in_is_not_published() -> None:
    filled = history([1, None, 3])
    assert filled.values.tolist() == [1, 2, 3]
    assert np.isnan(filled.published()[1])
    assert (filled.n_observed, filled.last_value, filled.last_period) == (2, 3, date(2022, 3, 31))


@pytest.mark.parametrize(
    ("median", "top", "usable"), [(50, 900, True), (51, 60, False), (50, np.inf, False), (np.nan, 60, False)]
)
def test_an_answer_that_explodes_is_not_usable(median: float, top: float, usable: bool) -> None:
    quantiles = np.array([[1.0, median, top]])
    assert is_usable(quantiles, history([4, 10, 6])) is usable


def test_a_list_of_none_may_grow_to_a_few() -> None:
    assert is_usable(np.array([[0.0, 4.0, 9.0]]), history([0, 0, 0]))


def test_quantiles_are_put_in_order_above_zero() -> None:
    assert within_bounds(np.array([[3.0, -1.0, 2.0]])).tolist() == [[0, 2, 3]]
    assert normal_quantiles((0.1, 0.5, 0.9)) == pytest.approx([-1.2815515655, 0, 1.2815515655])
