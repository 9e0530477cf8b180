"""From quantiles of a total to the chance that it is at most so many."""

import numpy as np
import pytest

from forecasting.flow.replay import chances_at_most


@pytest.mark.parametrize(
    ("goal", "chance"),
    [(100, 0.5), (90, 0.1), (110, 0.9), (80, 0.025), (105, 0.75), (85, 0.052534), (60, 0.0000446), (140, 0.9999554)],
)
def test_a_chance_lies_on_the_quantiles_and_beyond_them_in_the_tails(goal: float, chance: float) -> None:
    row = np.array([[80.0, 90.0, 95.0, 100.0, 105.0, 110.0, 120.0]])
    assert chances_at_most(row, goal)[0] == pytest.approx(chance, abs=1e-6)


@pytest.mark.parametrize(("goal", "chance"), [(99.9, 0), (100, 1), (100.1, 1)])
def test_where_nothing_wavers_it_is_so_or_not(goal: float, chance: float) -> None:
    assert chances_at_most(np.full((1, 7), 100.0), goal).tolist() == [chance]
