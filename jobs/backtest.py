"""Rolling-origin scores of every model on the stored series: how past forecasts would have turned out. Writes nothing.

The forecast engine scores its models on each series to choose between them; here those scores are put together, by
model, against repeating the last value.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from sqlalchemy import Engine

from forecasting.engine import forecast_all
from forecasting.fanout import Workers
from forecasting.models.naive import Naive
from forecasting.results import Forecast, Score
from jobs.forecast import Ask, known_histories
from jobs.outcomes import Progress
from waitlists.services import find_service


@dataclass(frozen=True, slots=True)
class ModelScores:
    """One model over all series it was scored on.

    `relative_wis` is the geometric mean over series of its weighted interval score over that of the last value: below
    1 is better. `mase` is the median over series; coverages are shares of past figures inside the ranges.
    """

    model: str
    series: int
    targets: int
    relative_wis: float | None
    mase: float | None
    coverage80: float
    coverage95: float

    def as_json(self) -> dict[str, Any]:
        """Every number."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class BacktestOutcome:
    """The scores by model, best first, and of how many series there are none."""

    models: tuple[ModelScores, ...]
    unscored: int

    def as_json(self) -> dict[str, Any]:
        """Every number."""
        return {"models": [model.as_json() for model in self.models], "series_without_scores": self.unscored}


def backtest(
    engine: Engine, ask: Ask, *, service: str | None, on_progress: Callable[[Progress], None]
) -> BacktestOutcome:
    """Scores of every model on the series known on a day, of one service or of all children's services.

    Raises
    ------
    NotFound
        When no service has the code.
    """
    wanted = find_service(service).code if service else None
    histories = known_histories(engine, as_of=ask.as_of, on_progress=on_progress)
    workers = Workers(
        ask.jobs, on_progress=lambda done, total: on_progress(Progress("fitting", done, total, f"{total:,} series"))
    )
    chosen = [history for history in histories if wanted in {None, history.service}]
    return summed_up(forecast_all(chosen, as_of=ask.as_of, seed=ask.seed, run=workers))


def summed_up(forecasts: Sequence[Forecast]) -> BacktestOutcome:
    """The scores of single series put together by model."""
    by_model: dict[str, list[tuple[Score, Score | None]]] = defaultdict(list)
    for forecast in forecasts:
        for model, score in forecast.scores.items():
            by_model[model].append((score, forecast.scores.get(Naive.name)))
    models = sorted((_together(model, pairs) for model, pairs in by_model.items()), key=_order)
    return BacktestOutcome(tuple(models), sum(not forecast.scores for forecast in forecasts))


def _together(model: str, pairs: Sequence[tuple[Score, Score | None]]) -> ModelScores:
    scores = [score for score, _ in pairs]
    ratios = [math.log(score.wis / naive.wis) for score, naive in pairs if naive and naive.wis > 0 and score.wis > 0]
    errors = [score.mase for score in scores if score.mase is not None]
    targets = sum(score.n for score in scores)
    return ModelScores(
        model=model,
        series=len(scores),
        targets=targets,
        relative_wis=math.exp(fmean(ratios)) if ratios else None,
        mase=median(errors) if errors else None,
        coverage80=sum(score.coverage80 * score.n for score in scores) / targets,
        coverage95=sum(score.coverage95 * score.n for score in scores) / targets,
    )


def _order(scores: ModelScores) -> tuple[float, str]:
    return (math.inf if scores.relative_wis is None else scores.relative_wis), scores.model
