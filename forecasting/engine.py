"""From stored histories to forecasts, all in memory: prepare, look back, fit, calibrate, choose.

Everything that could differ between two runs is an argument; series are taken in the order of their keys, so that the
order of the histories, the number of processes and the series of other sources change no byte.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasting.backtest import Origin, origins_of
from forecasting.choose import passes_gate
from forecasting.coherence import coherent
from forecasting.fit import FitAnswer, FitJob, Runner, run_inline
from forecasting.group import Evaluation, Group, Subject, evaluate, forecasts_of, make_group, with_naive
from forecasting.models.base import Forecaster
from forecasting.models.ets import Ets
from forecasting.models.prophet import Prophet
from forecasting.prepare import FORECAST_MEASURES, Prepared, has_figures, prepare
from forecasting.results import LEVELS, Forecast
from waitlists.counts.histories import ListHistory
from waitlists.domain import Measure, SeriesKey
from waitlists.series import build_series
from waitlists.sources import Freq

HORIZON: Mapping[Freq, int] = {"M": 12, "W": 26}
"""Steps forecast and stored: a year of months or half a year of weeks; readers may ask for fewer."""

GATE_SERIES = 8
"""A gated model is first tried on this many series of a source and measure, evenly chosen."""


@dataclass(frozen=True, slots=True)
class Contest:
    """The models that compete with the last value: some on every series, gated ones only where they pay in general."""

    open_to: tuple[Forecaster, ...] = (Ets(),)
    gated: tuple[Forecaster, ...] = (Prophet(),)


def forecast_all(
    histories: Iterable[ListHistory],
    *,
    as_of: date,
    seed: int,
    horizon: int | None = None,
    measures: Sequence[Measure] = FORECAST_MEASURES,
    contest: Contest | None = None,
    run: Runner = run_inline,
) -> list[Forecast]:
    """A forecast, or the reason for none, of every series of the histories that ever had a figure.

    Parameters
    ----------
    histories
        One for each source and service, with every vintage; only those known by `as_of` are seen.
    as_of
        Knowledge date of the forecast.
    seed
        Of all randomness in the models.
    horizon
        Steps ahead; by default `HORIZON` of the series' own steps.
    run
        Where fits run: in this process, or the workers of `forecasting.fanout`.

    Returns
    -------
    list of Forecast
        In the order of their keys. One whose fit broke is a labelled fallback with `is_failed`.
    """
    contest = contest or Contest()
    refused, subjects = _prepared(histories, as_of, measures, horizon)
    groups = [
        make_group(members, as_of=as_of, horizon=horizon or HORIZON[members[0].history.freq], levels=LEVELS, seed=seed)
        for members in _by_source_and_measure(subjects)
    ]
    answers = _first_round(groups, contest, run)
    barred = {place: _barred(group, answers, contest) for place, group in enumerate(groups)}
    answers = _second_round(groups, contest, barred, answers, run)
    found = [forecast for place, group in enumerate(groups) for forecast in _published(group, answers, barred[place])]
    return sorted(coherent([*refused, *found]), key=lambda forecast: forecast.key)


def _prepared(
    histories: Iterable[ListHistory], as_of: date, measures: Sequence[Measure], horizon: int | None
) -> tuple[list[Forecast], list[Subject]]:
    refused: list[Forecast] = []
    subjects: list[Subject] = []
    for history in histories:
        for key in _keys(history, measures):
            series = build_series(history, key, as_of=as_of)
            if not has_figures(series):
                continue
            ready = prepare(series)
            if ready.history is None:
                refused.append(_refusal(key, as_of, ready))
            else:
                subjects.append(Subject(key, ready, ready.history, _origins(history, ready, horizon)))
    return refused, subjects


def _origins(history: ListHistory, ready: Prepared, horizon: int | None) -> tuple[Origin, ...]:
    return origins_of(history, ready, horizon=horizon or HORIZON[ready.series.freq])


def _keys(history: ListHistory, measures: Sequence[Measure]) -> list[SeriesKey]:
    return [SeriesKey(history.source, history.service, org, measure) for org in history.orgs for measure in measures]


def _refusal(key: SeriesKey, as_of: date, ready: Prepared) -> Forecast:
    series = ready.series
    return Forecast(key, as_of, series.freq, ready.status, reason=ready.reason, breaks=series.breaks)


def _by_source_and_measure(subjects: Sequence[Subject]) -> list[list[Subject]]:
    found: dict[tuple[str, str, str], list[Subject]] = {}
    for subject in sorted(subjects, key=lambda subject: subject.key):
        found.setdefault((subject.key.source, subject.key.measure, subject.history.freq), []).append(subject)
    return [found[name] for name in sorted(found)]


def _first_round(groups: Sequence[Group], contest: Contest, run: Runner) -> dict[SeriesKey, FitAnswer]:
    """Open models on every series worth it, gated ones on a sample of each group."""
    jobs = [
        _job(group, subject, (*contest.open_to, *(contest.gated if place in sample else ())))
        for group in groups
        for worth in [[subject for subject in group.subjects if subject.is_worth_fitting]]
        for sample in [_sample(len(worth))]
        for place, subject in enumerate(worth)
    ]
    return _run(jobs, run)


def _second_round(
    groups: Sequence[Group],
    contest: Contest,
    barred: Mapping[int, frozenset[str]],
    answers: Mapping[SeriesKey, FitAnswer],
    run: Runner,
) -> dict[SeriesKey, FitAnswer]:
    """Gated models that passed, on the series that were not in the sample."""
    jobs: list[FitJob] = []
    for place, group in enumerate(groups):
        joined = tuple(model for model in contest.gated if model.name not in barred[place])
        for subject in group.subjects:
            found = answers.get(subject.key)
            missing = tuple(model for model in joined if found and model.name not in found.quantiles)
            if missing and found and found.failure is None:
                jobs.append(_job(group, subject, missing))
    more = _run(jobs, run)
    return {
        key: FitAnswer({**answer.quantiles, **more[key].quantiles}, more[key].failure) if key in more else answer
        for key, answer in answers.items()
    }


def _barred(group: Group, answers: Mapping[SeriesKey, FitAnswer], contest: Contest) -> frozenset[str]:
    if not contest.gated:
        return frozenset()
    evaluation = evaluate(group, with_naive(group, answers))
    gated = frozenset(model.name for model in contest.gated)
    return frozenset(name for name in gated if not passes_gate(evaluation.scores, name, gated=gated))


def _published(group: Group, answers: Mapping[SeriesKey, FitAnswer], barred: frozenset[str]) -> list[Forecast]:
    whole = with_naive(group, answers)
    evaluation: Evaluation = evaluate(group, whole)
    return forecasts_of(group, whole, evaluation, barred=barred)


def _job(group: Group, subject: Subject, models: tuple[Forecaster, ...]) -> FitJob:
    return FitJob(subject.key, subject.histories, models, group.horizon, group.levels, group.seed)


def _run(jobs: Sequence[FitJob], run: Runner) -> dict[SeriesKey, FitAnswer]:
    # Nothing to fit wakes no process, and tells no progress of nothing.
    return {job.key: answer for job, answer in zip(jobs, run(jobs), strict=True)} if jobs else {}


def _sample(count: int) -> frozenset[int]:
    """Places of the sample among `count` series in key order: evenly over all, so over all services."""
    if count <= GATE_SERIES:
        return frozenset(range(count))
    return frozenset(np.linspace(0, count - 1, GATE_SERIES).round().astype(int).tolist())
