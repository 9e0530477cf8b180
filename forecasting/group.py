"""All series of one source and measure, forecast together: they share the spread of the last value and its calibration.

Holds the steps between raw fits and published forecasts: score every model on the same past targets, scale its ranges,
choose, and write the answer down. Which series belong together, and where fits run, is decided in `engine`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import numpy as np

from forecasting.backtest import Origin
from forecasting.choose import FEWEST_TARGETS, NAIVE, choose, reason_for_naive
from forecasting.fit import FitAnswer
from forecasting.models.base import FloatArray, History
from forecasting.models.naive import Naive
from forecasting.prepare import Prepared
from forecasting.results import Forecast, ForecastPoint, Score, level_text
from forecasting.spread import Panel, SpreadPool, pool_spread
from forecasting.tasks import Tasks, calibrated_in_turn, joined, own_factors, score, spread_factors, widened
from waitlists.domain import SeriesKey
from waitlists.periods import add_months


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A series that can be forecast: its history as known today, and its past origins (none where it is short)."""

    key: SeriesKey
    prepared: Prepared
    history: History
    origins: tuple[Origin, ...]

    @property
    def histories(self) -> tuple[History, ...]:
        """What models are fitted on: the history at every origin, then today's."""
        return (*(origin.history for origin in self.origins), self.history)

    @property
    def targets(self) -> int:
        """How many past targets a model can be scored on."""
        return sum(int(np.isfinite(origin.targets).sum()) for origin in self.origins)

    @property
    def is_worth_fitting(self) -> bool:
        """Whether another model than the last value could be chosen: enough past targets, and a list that moves."""
        return self.targets >= FEWEST_TARGETS and bool(np.ptp(self.history.published()[self.history.observed]) > 0)


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The subjects of one source and measure, in key order, with the pooled spread as known on each origin day."""

    subjects: tuple[Subject, ...]
    pools: Mapping[int, SpreadPool]
    as_of: date
    horizon: int
    levels: tuple[float, ...]
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Back-test scores by series (place in the group) and model, and each model's factors for today's ranges.

    `own` are those by which a series' ranges are to be wider than its sisters', by model and series.
    """

    scores: Mapping[int, Mapping[str, Score]]
    factors: Mapping[str, FloatArray]
    own: Mapping[str, Mapping[int, float]]


def make_group(
    subjects: Sequence[Subject], *, as_of: date, horizon: int, levels: tuple[float, ...], seed: int
) -> Group:
    """A group with its pools: one for every origin day, each from what was known by then."""
    ordered = tuple(sorted(subjects, key=lambda subject: subject.key))
    panel = _panel(ordered)
    days = {origin.as_of.toordinal() for subject in ordered for origin in subject.origins} | {as_of.toordinal()}
    pools = {day: pool_spread(panel.as_known(day), horizon=horizon, levels=levels) for day in sorted(days)}
    return Group(ordered, pools, as_of, horizon, levels, seed)


def with_naive(group: Group, answers: Mapping[SeriesKey, FitAnswer]) -> dict[SeriesKey, FitAnswer]:
    """The answers of a group's series with those of the last value added; it never fails."""
    return {
        subject.key: FitAnswer(
            {NAIVE: _naive(group, subject), **(found.quantiles if found else {})}, found.failure if found else None
        )
        for subject in group.subjects
        for found in [answers.get(subject.key)]
    }


def evaluate(group: Group, answers: Mapping[SeriesKey, FitAnswer]) -> Evaluation:
    """Scores of every model on the past targets of every series, with ranges scaled by what was known in their day."""
    scores: dict[int, dict[str, Score]] = {}
    factors: dict[str, FloatArray] = {}
    own: dict[str, Mapping[int, float]] = {}
    for name in sorted({name for answer in answers.values() for name in answer.quantiles}):
        tasks = _tasks_of(group, answers, name)
        if tasks is None:
            factors[name] = np.ones((group.horizon, len(group.levels)))
            continue
        is_pooled = name == NAIVE
        factors[name] = spread_factors(tasks, horizon=group.horizon, levels=group.levels, only_widen=is_pooled)
        own[name] = own_factors(tasks, factors[name], levels=group.levels)
        in_turn = calibrated_in_turn(tasks, horizon=group.horizon, levels=group.levels, only_widen=is_pooled)
        for place in np.unique(in_turn.series).tolist():
            scores.setdefault(place, {})[name] = score(in_turn.where(in_turn.series == place), levels=group.levels)
    return Evaluation(scores, factors, own)


def forecasts_of(
    group: Group, answers: Mapping[SeriesKey, FitAnswer], evaluation: Evaluation, *, barred: frozenset[str]
) -> list[Forecast]:
    """One forecast for each series: that of the chosen model, its ranges scaled. `barred` models may not be chosen."""
    return [
        _forecast(group, place, answers[subject.key], evaluation, barred)
        for place, subject in enumerate(group.subjects)
    ]


def _forecast(group: Group, place: int, answer: FitAnswer, evaluation: Evaluation, barred: frozenset[str]) -> Forecast:
    subject, scores = group.subjects[place], evaluation.scores.get(place, {})
    is_failed = answer.failure is not None
    name = NAIVE if is_failed else choose({model: of for model, of in scores.items() if model not in barred})
    # Scored models answered for today too (`_tasks_of`), and the last value always does.
    raw = cast("FloatArray", answer.quantiles[name][-1])
    factors = evaluation.own.get(name, {}).get(place, 1.0) * evaluation.factors[name]
    reason = reason_for_naive(scores, values=subject.history.without_gaps().n_observed, failure=answer.failure)
    said = [*([reason] if name == NAIVE else []), *subject.prepared.notes]
    return Forecast(
        key=subject.key,
        as_of=group.as_of,
        freq=subject.history.freq,
        status="fallback" if name == NAIVE else "ok",
        model=name,
        trained_until=subject.history.last_period,
        points=_points(group, subject.history, widened(raw, factors)),
        scores=scores,
        reason=" ".join(said) or None,
        breaks=subject.prepared.series.breaks,
        is_failed=is_failed,
    )


def _points(group: Group, history: History, quantiles: FloatArray) -> tuple[ForecastPoint, ...]:
    names = [level_text(level) for level in group.levels]
    return tuple(
        ForecastPoint(_ahead(history, step), step, dict(zip(names, row, strict=True)))
        for step, row in enumerate(quantiles.tolist(), start=1)
    )


def _ahead(history: History, step: int) -> date:
    if history.freq == "M":
        return add_months(history.last_period, step)
    return history.last_period + timedelta(days=7 * step)


def _naive(group: Group, subject: Subject) -> tuple[FloatArray | None, ...]:
    days = [*(origin.as_of for origin in subject.origins), group.as_of]
    return tuple(
        Naive(group.pools[day.toordinal()]).quantiles(
            history, horizon=group.horizon, levels=group.levels, seed=group.seed
        )
        for day, history in zip(days, subject.histories, strict=True)
    )


def _tasks_of(group: Group, answers: Mapping[SeriesKey, FitAnswer], name: str) -> Tasks | None:
    """The tasks of every series for which the model answered at all origins and today, so that all share targets."""
    parts: list[Tasks] = []
    for place, subject in enumerate(group.subjects):
        found = answers[subject.key].quantiles.get(name, ())
        whole = [quantiles for quantiles in found if quantiles is not None]
        if subject.origins and len(whole) == len(subject.histories):
            parts += [
                _tasks_at(origin, quantiles, place)
                for origin, quantiles in zip(subject.origins, whole[:-1], strict=True)
            ]
    return joined(parts) if parts else None


def _tasks_at(origin: Origin, quantiles: FloatArray, place: int) -> Tasks:
    steps = np.flatnonzero(np.isfinite(origin.targets))
    n = len(steps)
    return Tasks(
        quantiles=quantiles[steps],
        actual=origin.targets[steps],
        horizon=steps + 1,
        origin=np.full(n, origin.as_of.toordinal()),
        known=origin.target_known[steps],
        scale=np.full(n, origin.scale),
        series=np.full(n, place),
    )


def _panel(subjects: Sequence[Subject]) -> Panel:
    """The published values of all subjects on one grid of steps, with the days they were known from."""
    starts = [_step(subject.history.period_ends[0], subject.history.freq) for subject in subjects]
    first = min(starts)
    width = max(start - first + len(subject.history.values) for start, subject in zip(starts, subjects, strict=True))
    values, known = np.full((len(subjects), width), np.nan), np.zeros((len(subjects), width), dtype=np.int64)
    for row, (start, subject) in enumerate(zip(starts, subjects, strict=True)):
        place = slice(start - first, start - first + len(subject.history.values))
        values[row, place] = subject.history.published()
        known[row, place] = subject.prepared.known
    return Panel(values, known)


def _step(day: date, freq: str) -> int:
    """The number of a step on one endless grid: months since year 0, or weeks since day 0."""
    return day.year * 12 + day.month if freq == "M" else day.toordinal() // 7
