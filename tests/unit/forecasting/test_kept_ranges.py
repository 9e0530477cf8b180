"""A range whose past ones held far less often than they claim is not called 8 in 10 without a word."""

import pytest

from forecasting.kept_ranges import TOO_NARROW, doubt, held_share, is_poor


def scored(share: float, *, n: int = 40) -> dict[str, dict[str, float]]:
    return {"naive": {"n": 40, "coverage80": 0.8}, "ets": {"n": n, "coverage80": share}}


@pytest.mark.parametrize(("share", "said"), [(0.58, TOO_NARROW), (0.69, TOO_NARROW), (0.7, None), (0.95, None)])
def test_a_poor_record_is_said_in_words(share: float, said: str | None) -> None:
    assert doubt(scored(share), "ets") == said
    assert is_poor(share) == (said is not None)


def test_it_is_the_record_of_the_model_that_is_published() -> None:
    assert doubt(scored(0.5), "naive") is None
    assert held_share(scored(0.5), "ets") == 0.5


@pytest.mark.parametrize("model", [None, "prophet"])
def test_without_a_record_there_is_neither_praise_nor_doubt(model: str | None) -> None:
    assert held_share(scored(0.5), model) is None
    assert doubt(scored(0.5), model) is None
    assert held_share(scored(0.5, n=0), "ets") is None
