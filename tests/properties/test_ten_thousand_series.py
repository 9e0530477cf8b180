"""Ten thousand random series, whatever Hypothesis finds beside them."""

import random
from typing import get_args

import pytest

from tests.trend_series import monthly, whole
from waitlists.trends.asking import Direction, Options
from waitlists.trends.judging import judge


@pytest.mark.slow
@pytest.mark.no_cover
def test_ten_thousand_random_series_have_an_answer():
    rng = random.Random(20)
    for _ in range(10_000):
        count = rng.randrange(24, 48) if rng.random() < 0.2 else rng.randrange(17)
        size = 10.0 ** rng.randint(-12, 12)
        kind = rng.choice(["noise", "ties", "constant"])
        values = [
            None if rng.random() < 0.1
            else rng.gauss(0, size) if kind == "noise"
            else size * rng.randint(0, 4) if kind == "ties"
            else size
            for _ in range(count)
        ]  # fmt: skip
        options = Options(
            profile=rng.choice(["mdc", "nhsr"]),
            direction=rng.choice(get_args(Direction)),
            target=rng.choice([None, size]),
            adjust=rng.choice(["none", "auto", "trend"]) if rng.random() < 0.3 else "none",
        )
        whole(judge(monthly(*values), options).as_json())
