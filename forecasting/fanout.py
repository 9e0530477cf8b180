"""Fits on all processors of one machine: joblib's loky processes, in batches, each with one numeric thread.

A fit that hangs is stopped after its time; one that cannot be stopped, or that takes its process down, is found by
running what was unfinished one series at a time. Either way one series is marked and the others go on. Fits themselves
are in `fit`; another backend (a cluster) is joblib's to choose.
"""

import contextlib
import faulthandler
import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any

import joblib
from joblib.externals.loky.process_executor import TerminatedWorkerError

from forecasting.fit import FitAnswer, FitJob, fit, run_inline
from forecasting.models import ets

LARGEST_BATCH = 25
GRACE_SECONDS = 2.0
"""How long after its time a fit may still stop by itself before its process is ended."""

KILLED = FitAnswer({}, failure="the fit had to be stopped together with its process")


@dataclass(frozen=True, slots=True)
class Workers:
    """Runs fit jobs on `jobs` processes; with one, in this process and without a time limit.

    Parameters
    ----------
    timeout_seconds
        For all fits of one series together.
    on_progress
        Told how many series of this call are done, and of how many.
    """

    jobs: int
    timeout_seconds: float = 60.0
    on_progress: Callable[[int, int], None] | None = None

    def __call__(self, fit_jobs: Sequence[FitJob]) -> list[FitAnswer]:
        """The answers in the order of the jobs, whatever the number of processes."""
        if self.jobs == 1 or len(fit_jobs) < 2:
            answers = run_inline(fit_jobs)
            self._report(len(answers), len(fit_jobs))
            return answers
        found: dict[int, FitAnswer] = {}
        try:
            self._run(fit_jobs, _batches(len(fit_jobs), self.jobs), self.jobs, found)
        except TerminatedWorkerError:
            self._run_one_by_one(fit_jobs, found)
        return [found[place] for place in range(len(fit_jobs))]

    def _run(
        self, fit_jobs: Sequence[FitJob], batches: Sequence[range], jobs: int, found: dict[int, FitAnswer]
    ) -> None:
        with _processes(jobs) as run:
            tasks = [([fit_jobs[place] for place in batch], self.timeout_seconds) for batch in batches]
            for batch, answers in zip(batches, run(_fit_batch, tasks), strict=True):
                found.update(zip(batch, answers, strict=True))
                self._report(len(found), len(fit_jobs))

    def _run_one_by_one(self, fit_jobs: Sequence[FitJob], found: dict[int, FitAnswer]) -> None:
        """What was unfinished when a process was lost; the series that loses a process again is the one."""
        for place in range(len(fit_jobs)):
            if place not in found:
                try:
                    self._run(fit_jobs, [range(place, place + 1)], 2, found)
                except TerminatedWorkerError:
                    found[place] = KILLED

    def _report(self, done: int, of: int) -> None:
        if self.on_progress is not None:
            self.on_progress(done, of)


@contextmanager
def woken(jobs: int) -> Generator[None]:
    """The processes that will fit start and load their libraries while the block does something else."""
    waking = Thread(target=_wake, args=(jobs,), name="waking")
    waking.start()
    try:
        yield
    finally:
        waking.join()


def _wake(jobs: int) -> None:
    # A process that is lost here is found when it is to fit.
    with contextlib.suppress(TerminatedWorkerError), _processes(jobs) as run:
        list(run(ets.load, [()] * jobs))


@contextmanager
def _processes(jobs: int) -> Generator[Callable[[Callable[..., Any], Sequence[tuple[Any, ...]]], Iterator[Any]]]:
    """What runs a function on several arguments, each in one of so many processes, answers in order."""
    joblib_: Any = joblib

    def run(function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        send = joblib_.delayed(function)
        return joblib_.Parallel(return_as="generator", batch_size=1)(send(*each) for each in arguments)

    # One numeric thread a process, set before numpy loads in it: statsmodels costs 3 to 18 times the CPU otherwise.
    with joblib_.parallel_config(backend="loky", n_jobs=jobs, inner_max_num_threads=1):
        yield run


def _batches(count: int, jobs: int) -> list[range]:
    """Neighbours together, small enough that every process gets several batches."""
    size = max(1, min(LARGEST_BATCH, count // (4 * jobs)))
    return [range(start, min(start + size, count)) for start in range(0, count, size)]


def _fit_batch(fit_jobs: Sequence[FitJob], timeout_seconds: float) -> list[FitAnswer]:
    answers: list[FitAnswer] = []
    for job in fit_jobs:
        with _limit(timeout_seconds):
            answers.append(fit(job))
    return answers


@contextmanager
def _limit(seconds: float) -> Generator[None]:
    """Raise TimeoutError in the fit after its time; end the whole process if that is not heard, as in compiled code."""
    before = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        faulthandler.dump_traceback_later(seconds + GRACE_SECONDS, exit=True, file=nowhere)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            faulthandler.cancel_dump_traceback_later()
            signal.signal(signal.SIGALRM, before)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError("a fit is over its time")
