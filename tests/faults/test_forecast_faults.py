"""F06 and F07: a fit that runs out of memory, hangs or takes its process down costs its own series alone."""

import signal
import time

import pytest

from forecasting.engine import Contest, forecast_all
from forecasting.fanout import LARGEST_BATCH, Workers, _batches, _fit_batch, woken
from forecasting.fit import FitJob
from forecasting.results import LEVELS, Forecast
from tests.faulty_models import Faulty
from tests.forecast_lists import FAR, KEY, history, stored
from waitlists.domain import Measure

LISTS = {f"R{n:02}": [100 * n + 100 + m for m in range(16)] for n in range(6)}
LAST_OF_R03 = 415.0
HEALTHY = Faulty("hang", at=-1)


def run(model: Faulty, *, jobs: int, seconds: float = 30, seen: list[tuple[int, int]] | None = None) -> list[Forecast]:
    workers = Workers(jobs, timeout_seconds=seconds, on_progress=None if seen is None else lambda *at: seen.append(at))
    return forecast_all(
        [stored(LISTS)],
        as_of=FAR,
        seed=1,
        horizon=4,
        measures=(Measure.LIST_SIZE,),
        contest=Contest((model,), ()),
        run=workers,
    )


def test_processes_woken_before_give_the_same_forecasts():
    with woken(2):
        alone = run(HEALTHY, jobs=1)
    assert run(HEALTHY, jobs=2) == alone


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fit_without_memory_is_marked_and_the_others_go_on(jobs: int) -> None:
    failed = [one for one in run(Faulty("memory", at=LAST_OF_R03), jobs=jobs) if one.is_failed]
    assert [(one.key.org, one.status, one.model) for one in failed] == [("R03", "fallback", "naive")]
    assert failed[0].reason == "The last value is used because the fit ran out of memory."


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("hang", "the fit took too long and was stopped"),
        ("deaf", "the fit had to be stopped together with its process"),
        ("kill", "the fit had to be stopped together with its process"),
    ],
)
def test_a_fit_that_hangs_is_killed_and_labelled(fault: str, said: str) -> None:
    started = time.monotonic()
    found = run(Faulty(fault, at=LAST_OF_R03), jobs=2, seconds=1.0)
    assert time.monotonic() - started < 50
    failed = [one for one in found if one.is_failed]
    assert [one.key.org for one in failed] == ["R03"]
    assert failed[0].reason == f"The last value is used because {said}."
    assert failed[0].points
    assert len(found) == len(LISTS)


def test_how_many_processes_run_changes_no_byte() -> None:
    seen: list[tuple[int, int]] = []
    inline, spread_out = run(HEALTHY, jobs=1), run(HEALTHY, jobs=2, seen=seen)
    assert [repr(one) for one in inline] == [repr(one) for one in spread_out]
    assert seen[-1] == (6, 6)
    assert len(seen) > 1


def test_a_batch_stops_the_fit_that_is_over_its_time_and_goes_on() -> None:
    # What worker processes run, here in this one so that it is seen to put the alarm back.
    jobs = [FitJob(KEY, (history([level] * 12),), (Faulty("hang", at=7),), 2, LEVELS, 1) for level in (5, 7, 9)]
    before = signal.getsignal(signal.SIGALRM)
    answers = _fit_batch(jobs, 1.0)
    assert [answer.failure for answer in answers] == [None, "the fit took too long and was stopped", None]
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_batches_cover_everything_once() -> None:
    for count in (1, 7, 50, 400):
        batches = _batches(count, 2)
        assert [place for batch in batches for place in batch] == list(range(count))
        assert max(len(batch) for batch in batches) <= LARGEST_BATCH
