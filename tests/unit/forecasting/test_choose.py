"""The last value is published unless another model was better on the same past targets."""

import pytest

from forecasting.choose import choose, passes_gate, reason_for_naive
from forecasting.results import Score


def score(wis: float, n: int = 12) -> Score:
    return Score(n, wis, None, 0.8, 0.95)


@pytest.mark.parametrize(
    ("scores", "chosen"),
    [
        ({}, "naive"),
        ({"naive": score(10)}, "naive"),
        ({"naive": score(10), "ets": score(9.6)}, "ets"),
        ({"naive": score(10), "ets": score(9.7)}, "naive"),
        ({"naive": score(10), "ets": score(9), "prophet": score(8)}, "prophet"),
        ({"naive": score(10), "prophet": score(8), "ets": score(8)}, "ets"),
        ({"naive": score(10, 5), "ets": score(1, 5)}, "naive"),
        ({"naive": score(10, 12), "ets": score(1, 6)}, "naive"),
        ({"naive": score(0), "ets": score(0)}, "naive"),
    ],
)
def test_which_model_is_published(scores: dict[str, Score], chosen: str) -> None:
    assert choose(scores) == chosen


GATED = frozenset({"prophet"})


@pytest.mark.parametrize(
    ("prophet", "n", "passes"),
    [(8.8, 12, True), (8.95, 12, False), (8.8, 4, False), (9.5, 12, False)],
)
def test_a_gated_model_has_to_beat_what_is_published_without_it(prophet: float, n: int, passes: bool) -> None:
    of_series = {"naive": score(10, n), "ets": score(9, n), "prophet": score(prophet, n)}
    pooled = {0: of_series, 1: of_series, 2: {"naive": score(1)}}
    reference_is_ets = n >= 6
    assert passes_gate(pooled, "prophet", gated=GATED) is (passes and reference_is_ets)


def test_other_gated_models_are_no_part_of_what_is_published_without() -> None:
    of_series = {"naive": score(10), "theta": score(1), "prophet": score(8)}
    pooled = {0: of_series, 1: of_series}
    assert passes_gate(pooled, "prophet", gated=GATED | {"theta"})


@pytest.mark.parametrize(
    ("scores", "failure", "said"),
    [
        ({}, None, "8 figures without a long gap and 0 past targets are too few"),
        ({"naive": score(1, 5)}, None, "8 figures without a long gap and 5 past targets are too few"),
        ({"naive": score(1)}, None, "no other model could be fitted"),
        (
            {"naive": score(1), "ets": score(1)},
            None,
            "over 12 past targets ets did not do better by 3%",
        ),
        ({"naive": score(1)}, "the fit ran out of memory", "because the fit ran out of memory"),
    ],
)
def test_the_last_value_is_published_with_its_reason(scores: dict[str, Score], failure: str | None, said: str) -> None:
    reason = reason_for_naive(scores, values=8, failure=failure)
    assert reason.startswith("The last value is used")
    assert reason.endswith(".")
    assert said in reason
