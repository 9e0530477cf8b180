"""Weekly lists: 26 weeks ahead, waves only from two years on, and sentences that speak of weeks."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from forecasting.engine import Contest, forecast_all
from forecasting.flow.clearance import clear_all
from forecasting.models import ets, prophet
from forecasting.models.base import History
from forecasting.models.ets import Ets
from forecasting.prepare import MOST_STEPS, prepare
from forecasting.results import LEVELS
from waitlists.counts.histories import ListHistory, VintageCells
from waitlists.domain import Coverage, Measure, MissingProvider, SeriesKey, Vintage
from waitlists.series import build_series

SUNDAY = date(2024, 1, 7)
FAR = date(2040, 1, 1)
SOURCE = "weekly_return"
KEY = SeriesKey(SOURCE, "SALT", "QKS", Measure.LIST_SIZE)


def week(number: int) -> date:
    return SUNDAY + timedelta(weeks=number)


def weekly(sizes: Sequence[int | None], **more: object) -> ListHistory:
    return ListHistory(
        source=SOURCE,
        service="SALT",
        vintages=tuple(Vintage(week(n) + timedelta(days=1), n, SOURCE, week(n)) for n in range(len(sizes))),
        cells={
            (n, "QKS"): VintageCells(n, {"total": size}, {"referrals": 20, "removals": 25})
            for n, size in enumerate(sizes)
            if size is not None
        },
        **more,
    )


def rising(weeks: int) -> History:
    values = 1000 + 3.0 * np.arange(weeks) + 40 * np.sin(np.arange(weeks) * 2 * np.pi / 52)
    return History(tuple(week(n) for n in range(weeks)), values, np.ones(weeks, dtype=bool), "W")


def test_a_weekly_list_is_forecast_26_weeks_ahead() -> None:
    sizes = [1000 + (n * 7) % 13 for n in range(40)]
    found = forecast_all([weekly(sizes)], as_of=FAR, seed=1, measures=(Measure.LIST_SIZE,), contest=Contest((), ()))
    assert [(one.freq, len(one.points)) for one in found] == [("W", 26)]
    assert [point.target_end_date for point in found[0].points[:2]] == [week(40), week(41)]


def test_three_years_of_weeks_are_looked_at() -> None:
    ready = prepare(build_series(weekly([100 + n % 7 for n in range(170)]), KEY, as_of=FAR))
    assert ready.history is not None
    assert len(ready.history.values) == MOST_STEPS["W"] == 156


def test_a_list_silent_for_three_weeks_says_which_week_was_its_last() -> None:
    silent = prepare(build_series(weekly([10, 11, 12, None, None, None]), KEY, as_of=FAR))
    assert silent.reason == (
        "The last usable figure is of the week to 21 January 2024, 3 weeks before the latest of this source."
    )
    [cleared] = clear_all([weekly([10, 11, 12, None, None, None])], as_of=FAR, goals={})
    assert cleared.answers[0].reason == (
        "The last usable figure is of 21 January 2024, 3 weeks before the newest file."
    )


@pytest.mark.parametrize(
    ("weeks", "said"), [(12, "the week to 7 January 2024, "), (13, "13 periods, the first the week")]
)
def test_many_adjusted_weeks_are_counted_and_not_all_named(weeks: int, said: str) -> None:
    missing = {(n, "QKS"): Coverage("SALT", "QKS", 0.9, (MissingProvider("NQ7", week(0), 5),)) for n in range(weeks)}
    ready = prepare(build_series(weekly([100 + n for n in range(20)], coverage=missing), KEY, as_of=FAR))
    assert said in ready.notes[0]


@pytest.mark.parametrize(("weeks", "waves"), [(103, False), (104, True)])
def test_a_yearly_wave_needs_two_years_of_weeks(weeks: int, *, waves: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def path() -> object:
        return prophet.Prophet().quantiles(rising(weeks), horizon=4, levels=LEVELS, seed=1)

    usual = path()
    monkeypatch.setitem(prophet.YEARLY_FROM, "W", 0 if waves else 1000)
    assert np.array_equal(path(), usual)
    monkeypatch.setitem(prophet.YEARLY_FROM, "W", 1000 if waves else 0)
    assert not np.array_equal(path(), usual)


def test_smoothing_of_weeks_tries_no_season() -> None:
    assert all("seasonal" not in form for form in ets._forms(rising(60)))
    answer = Ets().quantiles(rising(60), horizon=4, levels=LEVELS, seed=1)
    assert answer is not None
    assert (np.diff(answer, axis=1) > 0).all()


def test_clearance_speaks_of_the_last_26_weeks() -> None:
    [cleared] = clear_all([weekly([600 - 5 * n for n in range(30)])], as_of=FAR, goals={})
    assert "at the pace of the last 26 weeks" in cleared.answers[0].sentence
