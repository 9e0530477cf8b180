"""One series' fits: what breaks stays inside."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from forecasting.fit import FitJob, fit, run_inline
from forecasting.models.naive import Naive
from forecasting.results import LEVELS
from tests.forecast_lists import KEY, history


@dataclass(frozen=True)
class Broken:
    """A model that raises what it is given."""

    name: ClassVar[str] = "broken"
    minimum_values: ClassVar[int] = 4
    supports_gaps: ClassVar[bool] = False
    error: Exception

    def quantiles(self, history, *, horizon, levels, seed):
        raise self.error


def job(*models, histories=((1, 2, 3, 4),)) -> FitJob:
    return FitJob(KEY, tuple(history(values) for values in histories), models, 2, LEVELS, 1)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "the fit ran out of memory"),
        (TimeoutError("late"), "the fit took too long and was stopped"),
        (KeyError("4711 children"), "the fit broke (KeyError)"),
    ],
)
def test_a_broken_fit_is_said_without_its_values_and_what_was_finished_is_kept(error: Exception, said: str) -> None:
    answer = fit(job(Naive(), Broken(error)))
    assert answer.failure == said
    assert set(answer.quantiles) == {"naive"}


def test_a_model_is_not_asked_about_too_short_a_part() -> None:
    answer = fit(job(Broken(ValueError()), histories=((1, 2, 3), (1, 2, 3, None, None, None, None, 4, 5, 6))))
    assert answer.failure is None
    assert answer.quantiles["broken"] == (None, None)


def test_jobs_are_answered_in_order() -> None:
    answers = run_inline([job(Naive(), histories=((1, 1, level),)) for level in (5, 9)])
    medians = [answer.quantiles["naive"][0] for answer in answers]
    assert [np.asarray(median)[0, 3] for median in medians] == [5, 9]
