"""From stored histories to forecasts: who gets which, and that nothing but the data decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import numpy as np
import pytest

from forecasting.engine import GATE_SERIES, Contest, forecast_all
from forecasting.fit import FitAnswer, FitJob, run_inline
from forecasting.group import _ahead, _step
from forecasting.models.base import within_bounds
from forecasting.results import LEVELS, Forecast
from tests.forecast_lists import FAR, known, month, stored, walks
from tests.forecast_lists import history as plain_history
from waitlists.counts.histories import ListHistory
from waitlists.domain import Coverage, Measure, MissingProvider

SIZE = (Measure.LIST_SIZE,)
ALONE = Contest((), ())


@dataclass(frozen=True)
class Drift:
    """The last value plus the mean change, with narrow ranges: right for lists that rise in a line."""

    name: ClassVar[str] = "drift"
    minimum_values: ClassVar[int] = 12
    supports_gaps: ClassVar[bool] = False
    is_silent: bool = False
    error: type[Exception] | None = None

    def quantiles(self, history, *, horizon, levels, seed):
        if self.error:
            raise self.error
        if self.is_silent:
            return None
        change = (history.values[-1] - history.values[0]) / (len(history.values) - 1)
        path = history.last_value + change * np.arange(1, horizon + 1)
        return within_bounds(path[:, None] + np.array(levels) - 0.5)


@dataclass(frozen=True)
class GatedDrift(Drift):
    name: ClassVar[str] = "gated"


LINES = {f"R{n:02}": [100 + 50 * n + (3 + n) * m for m in range(24)] for n in range(4)}


def run(*histories: ListHistory, contest: Contest = ALONE, as_of=FAR, measures=SIZE, **more) -> list[Forecast]:
    return forecast_all(histories, as_of=as_of, seed=1, contest=contest, measures=measures, **more)


def test_the_last_value_is_a_labelled_fallback_with_its_reason() -> None:
    (found, *_) = run(stored(walks(30, 20, seed=1)), horizon=6)
    assert (found.status, found.model, found.trained_until) == ("fallback", "naive", month(19))
    assert found.reason == "The last value is used: no other model could be fitted."
    assert [point.target_end_date for point in found.points] == [month(n) for n in range(20, 26)]
    assert {point.quantiles["0.5"] for point in found.points} == {float(walks(30, 20, seed=1)["R00"][-1] or 0)}
    assert found.scores["naive"].n > 6


def test_ranges_widen_with_the_horizon() -> None:
    (found, *_) = run(stored(walks(60, 40, seed=2)))
    widths = [point.quantiles["0.9"] - point.quantiles["0.1"] for point in found.points]
    assert widths[11] > widths[3] > widths[0] > 0


def test_a_model_that_was_better_is_published_as_ok() -> None:
    found = run(stored(LINES), contest=Contest((Drift(),), ()))
    assert {forecast.status for forecast in found} == {"ok"}
    assert {forecast.model for forecast in found} == {"drift"}
    assert found[0].reason is None
    assert found[0].points[2].quantiles["0.5"] == pytest.approx(100 + 3 * 26)
    assert found[0].scores["drift"].n == found[0].scores["naive"].n


def test_a_model_that_was_not_better_gives_way() -> None:
    found = run(stored(walks(8, 24, seed=3)), contest=Contest((Drift(),), ()))
    assert {forecast.model for forecast in found} == {"naive"}
    assert "drift did not do better by 3%" in (found[0].reason or "")
    assert set(found[0].scores) == {"naive", "drift"}


def test_a_model_without_an_answer_is_not_scored() -> None:
    found = run(stored(LINES), contest=Contest((Drift(is_silent=True),), ()))
    assert {tuple(forecast.scores) for forecast in found} == {("naive",)}


@pytest.mark.parametrize("error", [MemoryError, TimeoutError, ValueError])
def test_a_broken_fit_is_marked_and_the_rest_published(error: type[Exception]) -> None:
    def breaks_one(jobs: Sequence[FitJob]) -> list[FitAnswer]:
        return [
            FitAnswer({}, failure="the fit took too long and was stopped") if job.key.org == "R01" else answer
            for job, answer in zip(jobs, run_inline(jobs), strict=True)
        ]

    found = {one.key.org: one for one in run(stored(LINES), contest=Contest((Drift(),), ()), run=breaks_one)}
    assert [one.is_failed for one in found.values()] == [False, True, False, False]
    assert (found["R01"].status, found["R01"].model) == ("fallback", "naive")
    assert found["R01"].reason == "The last value is used because the fit took too long and was stopped."
    assert found["R02"].status == "ok"
    every = run(stored(LINES), contest=Contest((Drift(error=error),), ()))
    assert all(one.is_failed and one.points for one in every)


def test_series_are_refused_one_by_one_with_a_reason() -> None:
    lists = {"R00": [1, 2] + [None] * 18, "R01": [5] * 3 + [None] * 17, **walks(5, 20, seed=4)}
    found = run(stored({**lists, "R08": [None] * 18 + [3, 4], "R09": [5] * 3 + [None] * 17}))
    by_org = {one.key.org: one for one in found}
    assert (by_org["R08"].status, by_org["R09"].status) == ("insufficient_data", "blocked")
    assert all(by_org[org].reason for org in ("R08", "R09"))
    assert by_org["R02"].points


def test_a_measure_never_published_is_not_answered() -> None:
    history = stored({"R00": [10] * 14})
    found = run(history, measures=(Measure.LIST_SIZE, Measure.REFERRALS))
    assert [one.key.measure for one in found] == [Measure.LIST_SIZE]


def test_longer_waits_never_exceed_the_list() -> None:
    found = run(stored(walks(6, 20, seed=5, step=0.3), long_waits=0.95), measures=tuple(Measure)[:1] + OVERS)
    by_key = {(one.key.org, one.key.measure): one for one in found}
    for org in ("R00", "R05"):
        for shorter, longer in zip((Measure.LIST_SIZE, *OVERS), OVERS, strict=False):
            for below, above in zip(by_key[org, longer].points, by_key[org, shorter].points, strict=True):
                assert all(below.quantiles[level] <= above.quantiles[level] for level in below.quantiles)


OVERS = (Measure.OVER_18_WEEKS, Measure.OVER_52_WEEKS, Measure.OVER_104_WEEKS)


def test_order_and_sister_sources_change_nothing() -> None:
    first, second = stored(walks(9, 26, seed=6)), stored(walks(9, 26, seed=7), service="CAMHS")
    other = stored(walks(9, 26, seed=8, level=9000), source="chs_sitrep_t2")
    contest = Contest((Drift(),), (GatedDrift(),))
    here = run(first, second, contest=contest)
    turned = run(other, second, first, contest=contest)
    assert [repr(one) for one in turned if one.key.source == "chs_sitrep"] == [repr(one) for one in here]


def test_what_is_known_later_changes_nothing() -> None:
    lists = walks(9, 30, seed=10)
    cut = {org: values[:24] for org, values in lists.items()}
    contest = Contest((Drift(),), ())
    assert run(stored(lists), contest=contest, as_of=known(23)) == run(stored(cut), contest=contest, as_of=known(23))


def counting(seen: list[FitJob]):
    def keep(jobs: Sequence[FitJob]) -> list[FitAnswer]:
        seen.extend(jobs)
        return run_inline(jobs)

    return keep


def many_lines(count: int) -> ListHistory:
    return stored({f"R{n:02}": [100 + 50 * n + (3 + n) * m for m in range(20)] for n in range(count)})


def test_a_gated_model_is_tried_on_a_sample_and_then_joins() -> None:
    seen: list[FitJob] = []
    found = run(many_lines(20), contest=Contest((), (GatedDrift(),)), run=counting(seen))
    assert len([job for job in seen if job.models]) == 20
    assert len([job for job in seen[:20] if job.models]) == GATE_SERIES
    assert {one.model for one in found} == {"gated"}


def test_a_gated_model_that_does_not_pay_is_not_fitted_on_the_rest() -> None:
    seen: list[FitJob] = []
    found = run(many_lines(20), contest=Contest((Drift(),), (GatedDrift(),)), run=counting(seen))
    assert len([job for job in seen if any(model.name == "gated" for model in job.models)]) == GATE_SERIES
    assert {one.model for one in found} == {"drift"}


def test_a_gated_model_does_not_follow_a_broken_fit() -> None:
    def broken_first(jobs: Sequence[FitJob]) -> list[FitAnswer]:
        return [
            FitAnswer({}, failure="the fit ran out of memory") if job.key.org == "R01" else answer
            for job, answer in zip(jobs, run_inline(jobs), strict=True)
        ]

    found = {one.key.org: one for one in run(many_lines(20), contest=Contest((), (GatedDrift(),)), run=broken_first)}
    assert found["R01"].model == "naive"
    assert found["R02"].model == "gated"


def test_a_missing_provider_is_no_fall_ahead() -> None:
    missing = Coverage("SALT", "R00", 0.5, (MissingProvider("R09", month(13), 90),))
    (found,) = run(stored({"R00": [200] * 14 + [110]}, coverage={(14, "R00"): missing}))
    assert {point.quantiles["0.5"] for point in found.points} == {200}
    assert "sent nothing are added for March 2023" in (found.reason or "")


def test_a_list_that_never_moved_is_not_fitted() -> None:
    seen: list[FitJob] = []
    (found,) = run(stored({"R00": [7] * 20}), contest=Contest((Drift(),), ()), run=counting(seen))
    assert seen == []
    assert found.points[0].quantiles["0.5"] == 7
    assert found.points[0].quantiles["0.1"] < 7 < found.points[0].quantiles["0.9"]


def test_no_histories_make_no_forecasts() -> None:
    assert run() == []


def test_weekly_steps_are_seven_days() -> None:
    week = plain_history([1, 2, 3], freq="W")
    assert (_ahead(week, 2) - week.last_period).days == 14
    assert _step(week.last_period, "W") - _step(week.last_period - timedelta(days=14), "W") == 2


def test_levels_are_those_of_every_reader() -> None:
    (found, *_) = run(stored(walks(3, 14, seed=11)))
    assert tuple(float(level) for level in found.points[0].quantiles) == LEVELS
