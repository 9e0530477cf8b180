"""Where new limits are suggested, and each of the four conditions that keep a suggestion back."""

import math

import numpy as np
import pytest

from tests.trend_series import judged, month


def noise(count, seed=1):
    return [float(value) for value in np.random.default_rng(seed).normal(0, 1, count)]


def stepped(count, at, size, seed=1):
    return [value + size * (number >= at) for number, value in enumerate(noise(count, seed))]


def suggested(*values, **options):
    return judged(*values, suggest_rebase=True, **options).rebase_suggestion


def test_a_lasting_step_is_suggested_with_its_evidence():
    values = stepped(48, 30, 3.0)
    found = suggested(*values)
    before, after = np.array(values[:30]), np.array(values[30:])
    pooled = math.sqrt((before.var() * 30 + after.var() * 18) / 46)
    assert found.date == month(30)
    assert found.before_mean == pytest.approx(before.mean())
    assert found.after_mean == pytest.approx(after.mean())
    assert found.size_sd == pytest.approx((after.mean() - before.mean()) / pooled)
    assert found.run_length >= 8
    assert all(value > before.mean() for value in values[-found.run_length :])
    assert suggested(*(-value for value in values)).size_sd == pytest.approx(-found.size_sd)


def test_it_is_suggested_and_never_applied():
    values = stepped(48, 30, 3.0)
    trend = judged(*values, suggest_rebase=True)
    assert (len(trend.groups), judged(*values).rebase_suggestion) == (1, None)
    body = trend.as_json()["rebase_suggestion"]
    assert list(body) == ["date", "before_mean", "after_mean", "size_sd", "run_length", "sentence"]
    assert "Since 1 July 2022 values lie around" in body["sentence"]
    assert "standard deviations" in body["sentence"]


def test_a_steady_series_has_no_suggestion():
    assert [suggested(*noise(48, seed)) for seed in range(20)] == [None] * 20
    assert suggested(*[3.3] * 48) is None


@pytest.mark.parametrize(("before", "after"), [(11, 8), (12, 7)])
def test_twelve_points_before_and_eight_after_are_needed(before, after):
    values = [*[1.0, 2.0] * 6, *[51.0, 52.0] * 4]
    assert suggested(*values).date == month(12)
    assert suggested(*values[12 - before : 12 + after]) is None


def test_the_last_eight_have_to_lie_beyond_the_earlier_mean():
    values = [*[2.0, 1.0] * 10, *[51.0, 52.0] * 8]
    assert suggested(*values).run_length == 16
    assert suggested(*values[:28], -9.0, *values[28:35]) is None
    assert suggested(*values[:28], -9.0, *values[28:36]).run_length == 8


def test_a_small_step_is_not_suggested_however_sure():
    rng = np.random.default_rng(4)
    small = [*rng.normal(0, 1, 200), *[0.5, 0.6] * 100]
    assert suggested(*map(float, small)) is None


def test_a_large_step_of_few_points_is_not_sure_enough():
    values = [*[0.0, 3.0] * 6, *[3.2, 3.4, 1.6, 3.3, 1.7, 3.1, 3.0, 1.6]]
    assert suggested(*values) is None


def test_a_series_that_remembers_has_no_suggestion():
    wandering = [math.sin(number / 6) * 3 + 8 * (number >= 30) for number in range(48)]
    assert suggested(*wandering) is None


def test_a_step_between_constants_has_no_size_in_deviations():
    found = suggested(*[1.0] * 20, *[2.0] * 20)
    assert (found.date, found.size_sd, found.run_length) == (month(20), None, 20)
    assert (
        "deviations"
        not in judged(*[1.0] * 20, *[2.0] * 20, suggest_rebase=True).as_json()["rebase_suggestion"]["sentence"]
    )


def test_only_the_last_group_is_searched():
    values = [*stepped(40, 20, 9.0), *(value + 20 for value in noise(30, 2))]
    assert suggested(*values[:40]) is not None
    assert suggested(*values, rebase=(month(40),)) is None
    assert suggested(None, *[1.0] * 20, None, *[2.0] * 20).date == month(22)
    assert suggested() is None


def test_a_season_is_taken_out_first():
    wave = [5 * math.sin(2 * math.pi * number / 12) for number in range(60)]
    values = [value + more for value, more in zip(stepped(60, 40, 3.0), wave, strict=True)]
    assert suggested(*values).date in {month(40), month(41)}
    assert suggested(*[value + more for value, more in zip(noise(60), wave, strict=True)]) is None
