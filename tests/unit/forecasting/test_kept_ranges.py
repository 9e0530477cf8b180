"""A range whose past ones held far less often than they claim is not called 8 in 10 without a word, nor from a few."""

import pytest

from forecasting.kept_ranges import FEWEST_PAST, TOO_NARROW, UNCHECKED, Kept, kept_among, kept_of, kept_words

FEW = "Too few past ranges could be checked to say how well such ranges hold"


def scored(share: float, *, n: int = 40) -> dict[str, dict[str, float]]:
    return {"naive": {"n": 40, "coverage80": 0.8}, "ets": {"n": n, "coverage80": share}}


@pytest.mark.parametrize(
    ("share", "is_poor"),
    [(0.0, True), (0.58, True), (0.69, True), (0.694, True), (0.696, False), (0.7, False), (0.95, False)],
)
def test_a_poor_record_is_said_in_words(share: float, is_poor: bool) -> None:
    kept = kept_of(scored(share), "ets")
    assert kept is not None
    assert kept.is_poor == is_poor
    assert kept_words(kept).endswith(TOO_NARROW) == is_poor
    assert kept_words(kept).startswith(f"Looking back, {kept.percent}% of 40 such ranges held; 80% were meant to.")


@pytest.mark.parametrize("checked", [1, 2, FEWEST_PAST - 1])
@pytest.mark.parametrize("held", [0, 1])
def test_nothing_is_said_of_how_well_ranges_hold_from_a_few(checked: int, held: int) -> None:
    kept = kept_among(checked, held)
    assert kept is not None
    assert not kept.is_poor
    assert kept_words(kept) == f"{FEW} ({checked})."


def test_from_as_many_as_a_factor_is_learnt_from_it_is_said() -> None:
    poor, fair = (kept_among(FEWEST_PAST, held) for held in (10, 11))
    assert (poor, fair) == (Kept(15, 67), Kept(15, 73))
    assert [one.is_poor for one in (poor, fair) if one] == [True, False]


def test_it_is_the_record_of_the_model_that_is_published() -> None:
    assert kept_of(scored(0.5), "naive") == Kept(40, 80)
    assert kept_of(scored(0.5), "ets") == Kept(40, 50)


@pytest.mark.parametrize("model", [None, "prophet"])
def test_without_a_record_there_is_neither_praise_nor_doubt(model: str | None) -> None:
    assert kept_of(scored(0.5), model) is None
    assert kept_of(scored(0.5, n=0), "ets") is None
    assert kept_among(0, 0) is None
    assert kept_words(None) == UNCHECKED
