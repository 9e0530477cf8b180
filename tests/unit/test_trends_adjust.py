"""Adjusted charts on series whose answer is known; how often they are right on random ones is `make bench`."""

import math
from datetime import timedelta

import numpy as np
import pytest

from tests.trend_series import judged, labels, month, monthly
from waitlists.trends.asking import Options, Point, Target
from waitlists.trends.fits import autocorrelation, corrected, line_of, month_fit, split_of
from waitlists.trends.judging import judge

WAVE = [2 * math.sin(2 * math.pi * number / 12) for number in range(12)]


def noise(count, seed=1):
    return [float(value) for value in np.random.default_rng(seed).normal(0, 1, count)]


def seasonal(count, seed=1, level=100.0):
    return [level + WAVE[number % 12] * 2 + value for number, value in enumerate(noise(count, seed))]


def remembering(count, phi, seed=1):
    found = [0.0]
    for value in noise(count, seed):
        found.append(phi * found[-1] + value)
    return found[1:]


def codes(trend):
    return [note.code for note in trend.notes]


def by_hand(months, times, values, step):
    """Effects and sums of squares by numpy, with a column for each month and one for time or the step."""
    dummies = np.array([[float(month == each) for each in range(1, 13)] for month in months])
    other = np.array([float(place >= step) for place in range(len(values))]) if step else np.array(times)
    design = np.column_stack([dummies, other])
    fitted, *_ = np.linalg.lstsq(design, np.array(values), rcond=None)
    rss = float(np.sum((np.array(values) - design @ fitted) ** 2))
    return fitted[:12] - fitted[:12].mean(), rss


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("shape", ["line", "step"])
def test_month_effects_are_those_of_least_squares(seed, shape):
    count = 41
    months, times = [number % 12 + 1 for number in range(count)], [float(number) for number in range(count)]
    lift = [number * 0.3 if shape == "line" else 8.0 * (number >= 20) for number in range(count)]
    values = [value + more for value, more in zip(seasonal(count, seed), lift, strict=True)]
    found = month_fit(months, times, values)
    tried = [by_hand(months, times, values, step) for step in (0, *range(8, count - 7))]
    best = min(tried, key=lambda one: one[1])
    assert (best[1] < tried[0][1]) == (shape == "step")
    assert found.effects == pytest.approx(best[0], abs=1e-9)
    line = np.polyfit(times, values, 1)
    without = float(np.sum((np.array(values) - np.polyval(line, times)) ** 2))
    assert found.f == pytest.approx((without - tried[0][1]) / 11 / (tried[0][1] / (count - 13)))
    assert found.shrinkage == pytest.approx(1 - 1 / found.f)


def test_a_wave_is_taken_out_and_the_raw_verdict_stays():
    trend = judged(*seasonal(60), adjust="auto", direction="increase")
    assert (trend.adjusted.method, trend.adjusted.variation) == ("season", "common_cause")
    assert labels(trend).count("none") < 40 < labels(trend.adjusted).count("none")
    assert trend.variation == judged(*seasonal(60), direction="increase").variation
    effects = trend.adjusted.effects["months"]
    assert list(effects) == [str(number) for number in range(1, 13)]
    assert effects["4"] == pytest.approx(4.0, abs=1.2)
    assert math.fsum(effects.values()) == pytest.approx(0, abs=1e-9)
    april = [point.value - other.value for point, other in zip(trend.points, trend.adjusted.points, strict=True)][3]
    assert april == pytest.approx(effects["4"], abs=1e-9)


def test_a_perfect_wave_leaves_a_constant_without_a_false_shift():
    trend = judged(*[WAVE[number % 12] for number in range(48)], adjust="season")
    assert set(labels(trend.adjusted)) == {"none"}
    assert (trend.adjusted.effects["f"], trend.adjusted.effects["p"]) == (None, 0.0)
    assert "perfect fit" in trend.adjusted.why


@pytest.mark.parametrize("count", [23, 24])
def test_a_season_takes_24_months_and_says_when_it_is_from_few_years(count):
    trend = judged(*[100 + 10 * value for value in seasonal(count)], adjust="season")
    assert (trend.adjusted is None) == (count == 23)
    assert codes(trend) == (["season_not_tested", "not_adjusted"] if count == 23 else ["few_years"])
    assert codes(judged(*seasonal(36), adjust="season")) == []


def test_a_season_takes_every_month_and_monthly_dates():
    values = [None if number % 12 == 5 else value for number, value in enumerate(seasonal(60))]
    assert codes(judged(*values, adjust="season")) == ["season_not_tested", "not_adjusted"]
    weeks = [Point(month(0) + timedelta(weeks=number), value) for number, value in enumerate(seasonal(60))]
    assert codes(judge(weeks, Options(adjust="season"))) == ["season_not_tested", "not_adjusted"]


def test_without_a_season_nothing_is_adjusted():
    trend = judged(*noise(60), adjust="season")
    assert (trend.adjusted, codes(trend)) == (None, ["not_adjusted"])
    assert judged(*noise(60), adjust="auto").adjusted is None
    assert judged(*noise(60)).notes == ()
    assert judged(*[5.0] * 60, adjust="auto").adjusted is None


def test_a_fixed_baseline_alone_sets_the_month_effects():
    values = seasonal(60)
    changed = [*values[:36], *(value * 3 for value in values[36:])]
    fixed = judged(*changed, adjust="season", fix_after=36)
    assert fixed.adjusted.effects == judged(*values[:36], adjust="season").adjusted.effects
    assert fixed.adjusted.variation == "neutral_high"


def test_counts_whose_level_changes_much_have_shares_for_month_effects():
    shares = [1 + WAVE[number % 12] / 6 for number in range(72)]
    noisy = [1 + value / 50 for value in noise(72)]
    values = [50 * 1.03**number * share * more for number, (share, more) in enumerate(zip(shares, noisy, strict=True))]
    trend = judged(*values, adjust="season", kind="flow")
    assert "shares of the level" in trend.adjusted.why
    assert trend.adjusted.effects["months"]["4"] == pytest.approx(1 / 3, abs=0.05)
    first = trend.adjusted.points[3]
    assert first.value == pytest.approx(values[3] / (1 + trend.adjusted.effects["months"]["4"]))
    assert "differences" in judged(*values, adjust="season", kind="percent").adjusted.why
    assert "differences" in judged(*seasonal(72), adjust="season", kind="flow").adjusted.why
    some_missing = [None if number in {10, 30, 50} else value for number, value in enumerate(values)]
    assert "differences" in judged(*some_missing, adjust="season", kind="flow").adjusted.why


def test_a_list_that_remembers_is_judged_by_its_surprises():
    values = [200 + value for value in remembering(60, 0.9)]
    trend = judged(*values, adjust="auto", kind="stock")
    assert trend.adjusted.method == "residual"
    assert labels(trend.adjusted).count("none") > labels(trend).count("none")
    phi, mean = trend.adjusted.effects["phi"], trend.groups[0].mean
    assert [point.value for point in trend.adjusted.points[:1]] == [None]
    assert trend.adjusted.points[7].value == pytest.approx(values[7] - phi * (values[6] - mean))
    centred = np.array(values) - np.mean(values)
    lag = float(np.sum(centred[1:] * centred[:-1]) / np.sum(centred**2))
    assert phi == pytest.approx(min(0.99, lag + (1 + 4 * lag) / 60))
    assert "correlation" in trend.adjusted.why


def test_a_missing_value_leaves_its_neighbour_without_surprise():
    values = [None if number == 20 else value for number, value in enumerate(remembering(60, 0.8))]
    trend = judged(*values, adjust="residual")
    assert [place for place, point in enumerate(trend.adjusted.points) if point.value is None] == [0, 20, 21]


def test_a_season_and_a_memory_are_both_taken_out():
    values = [WAVE[number % 12] * 4 + value for number, value in enumerate(remembering(72, 0.8, 3))]
    adjusted = judged(*values, adjust="auto").adjusted
    assert adjusted.method == "season+residual"
    assert {"months", "f", "p", "phi"} == set(adjusted.effects)
    assert "Months differ" in adjusted.why
    assert "surprise" in adjusted.why


@pytest.mark.parametrize("lift", ["line", "step"])
def test_a_line_or_a_step_is_no_memory(lift):
    values = [
        value + (number * 0.3 if lift == "line" else 6.0 * (number >= 30)) for number, value in enumerate(noise(60))
    ]
    assert judged(*values, adjust="auto").adjusted is None


@pytest.mark.parametrize("count", [12, 13])
def test_surprises_take_thirteen_values(count):
    trend = judged(*remembering(count, 0.9), adjust="residual")
    assert (trend.adjusted is None) == (count == 12)
    assert judged(*[None] * 5, adjust="residual").adjusted is None
    assert judged(*range(12), adjust="auto").adjusted is None


def test_short_memory_is_looked_for_around_a_line_alone():
    values = [0.0, 1.0, 2.0, 3.0, 2.0, 1.0, 0.0, -1.0, -2.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0]
    assert judged(*values, adjust="auto").adjusted.method == "residual"


def test_surprises_at_a_rebase_look_back_at_the_other_level():
    values = [*noise(30), *(value + 50 for value in noise(30, 2))]
    trend = judged(*values, adjust="residual", rebase=(month(30),))
    before, phi = trend.groups[0].mean, trend.adjusted.effects["phi"]
    assert trend.adjusted.points[30].value == pytest.approx(values[30] - phi * (values[29] - before))
    assert set(labels(trend.adjusted)[28:34]) == {"none"}


def test_limits_slope_with_the_line_people_expect():
    values = [100 - 2 * number + value for number, value in enumerate(noise(40))]
    trend = judged(*values, adjust="trend", direction="decrease", target=30.0)
    adjusted = trend.adjusted
    slope, level = np.polyfit(range(40), values, 1)
    left = np.array(values) - (level + slope * np.arange(40))
    width = 2.66 * np.abs(np.diff(left)).mean()
    assert [point.mean for point in adjusted.points] == pytest.approx(level + slope * np.arange(40))
    assert [point.upper for point in adjusted.points] == pytest.approx(level + slope * np.arange(40) + width)
    assert [point.value for point in adjusted.points] == values
    assert adjusted.effects["slope"] == pytest.approx(slope)
    spread = math.sqrt(float(np.sum(left**2)) / 38 / float(np.sum((np.arange(40) - 19.5) ** 2)))
    assert adjusted.effects["slope_high"] - slope == pytest.approx(2.024394 * spread, rel=1e-6)
    assert slope - adjusted.effects["slope_low"] == pytest.approx(2.024394 * spread, rel=1e-6)
    assert adjusted.variation == "common_cause"
    assert (trend.assurance, adjusted.assurance) == ("fail", "pass")
    assert labels(trend).count("none") < labels(adjusted).count("none")
    dated = judged(*values, adjust="trend", direction="decrease", targets=(Target(month(0), 30.0),))
    assert (dated.adjusted.assurance, dated.adjusted.points[0].target) == ("pass", 30.0)


def test_a_perfect_line_has_nothing_around_it():
    trend = judged(*[0.1 * number for number in range(40)], adjust="trend")
    assert set(labels(trend.adjusted)) == {"none"}
    assert trend.adjusted.assurance is None


@pytest.mark.parametrize("values", [[], [1.0, 2.0], [None] * 20])
def test_a_line_takes_three_values_in_each_group(values):
    trend = judged(*values, adjust="trend")
    assert (trend.adjusted, codes(trend)[-1]) == (None, "not_adjusted")
    assert judged(1.0, 2.0, 4.0, adjust="trend").adjusted.variation is None


def test_each_group_has_a_line_of_its_own():
    values = [*[float(number) for number in range(20)], *[100.0 - 3 * number for number in range(20)]]
    trend = judged(*values, adjust="trend", rebase=(month(20),))
    assert trend.adjusted.effects["slope"] == pytest.approx(-3)
    assert [point.mean for point in trend.adjusted.points] == pytest.approx(values)
    assert judged(*values, adjust="trend", rebase=(month(38),)).adjusted is None


def test_the_baseline_alone_sets_the_line():
    values = [*[float(number % 2) for number in range(12)], *[50.0] * 12]
    fixed = judged(*values, adjust="trend", fix_after=12)
    assert fixed.adjusted.effects["slope"] == pytest.approx(line_of(range(12), values[:12]).slope)


def test_neighbours_are_compared_with_numpys_correlation():
    values = noise(30)
    centred = np.array(values) - np.mean(values)
    assert autocorrelation(values) == pytest.approx(float(np.sum(centred[1:] * centred[:-1]) / np.sum(centred**2)))
    assert autocorrelation([1.0, math.nan, 3.0]) == 0.0
    assert autocorrelation([0.1] * 20) == autocorrelation([]) == 0.0
    assert (corrected(0.98, 20), corrected(-0.99, 3)) == (0.99, -0.99)


@pytest.mark.parametrize("seed", range(5))
def test_a_step_is_put_where_least_squares_puts_it(seed):
    values = [value + 3.0 * (number >= 17) for number, value in enumerate(noise(40, seed))]

    def left(place):
        return sum(np.var(part) * len(part) for part in (values[:place], values[place:]))

    assert split_of(values) == min(range(8, 33), key=left)
    assert split_of(values, least_before=20) == min(range(20, 33), key=left)
    assert split_of(values[:15]) is None
    assert split_of([3.3] * 40) is None


def test_two_values_make_a_line_without_interval():
    line = line_of([0.0, 2.0], [1.0, 5.0])
    assert (line.at(1.0), line.slope, line.half_width) == (3.0, 2.0, None)


def test_dates_of_adjusted_points_are_those_of_the_series():
    trend = judge(monthly(*seasonal(48)), Options(adjust="season"))
    assert [point.date for point in trend.adjusted.points] == [point.date for point in trend.points]
