"""Models that misbehave on chosen lists, for the tests of faults; importable, so that worker processes find them."""

import os
import signal
import time
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from forecasting.models.base import FloatArray, History, within_bounds


@dataclass(frozen=True)
class Faulty:
    """The last value with a range of its own, except where the last value is `at`: there, the fault."""

    name: ClassVar[str] = "faulty"
    minimum_values: ClassVar[int] = 12
    supports_gaps: ClassVar[bool] = True
    fault: str
    at: float

    def quantiles(self, history: History, *, horizon: int, levels: tuple[float, ...], seed: int) -> FloatArray | None:
        if history.last_value == self.at:
            FAULTS[self.fault]()
        return within_bounds(history.last_value + np.tile(np.array(levels) - 0.5, (horizon, 1)))


def _runs_out_of_memory() -> None:
    raise MemoryError


def _hangs() -> None:
    time.sleep(60)


def _hangs_without_listening() -> None:
    # As compiled code that never comes back to Python: the alarm is not heard.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    time.sleep(60)


def _takes_its_process_down() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


FAULTS = {
    "memory": _runs_out_of_memory,
    "hang": _hangs,
    "deaf": _hangs_without_listening,
    "kill": _takes_its_process_down,
}
