"""One series' fits as a job that can run anywhere: histories in, raw quantiles out, a failure said and never spread.

The job is plain data, so that it can be sent to another process; which process runs it changes no number. Where jobs
run is the caller's choice (`fanout`); what their answers mean is decided in `choose`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from forecasting.models.base import FloatArray, Forecaster, History, fitted_part
from waitlists.domain import SeriesKey


@dataclass(frozen=True, slots=True, eq=False)
class FitJob:
    """Fit `models` on every history of one series: those of its past origins, then that of today."""

    key: SeriesKey
    histories: tuple[History, ...]
    models: tuple[Forecaster, ...]
    horizon: int
    levels: tuple[float, ...]
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class FitAnswer:
    """Raw (horizon, k) quantiles by model, one for each history of the job; None where a model had no usable answer.

    `failure` says in a few words what broke: then the models named nowhere in `quantiles` were not finished.
    """

    quantiles: Mapping[str, tuple[FloatArray | None, ...]]
    failure: str | None = None


Runner = Callable[[Sequence[FitJob]], Sequence[FitAnswer]]


def fit(job: FitJob) -> FitAnswer:
    """The answers of all models of a job; what breaks stays inside the job, so that other series go on."""
    found: dict[str, tuple[FloatArray | None, ...]] = {}
    try:
        for model in job.models:
            found[model.name] = tuple(_answer(model, history, job) for history in job.histories)
    except Exception as error:  # noqa: BLE001 - the edge of one series: it is marked failed, the others are published
        return FitAnswer(found, failure=_in_words(error))
    return FitAnswer(found)


def run_inline(jobs: Sequence[FitJob]) -> list[FitAnswer]:
    """Every job in this process, one after the other."""
    return [fit(job) for job in jobs]


def _answer(model: Forecaster, history: History, job: FitJob) -> FloatArray | None:
    part = fitted_part(model, history)
    if part is None:
        return None
    return model.quantiles(part, horizon=job.horizon, levels=job.levels, seed=job.seed)


def _in_words(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "the fit ran out of memory"
    if isinstance(error, TimeoutError):
        return "the fit took too long and was stopped"
    # The class alone: a library's message may hold values of the series.
    return f"the fit broke ({type(error).__name__})"
