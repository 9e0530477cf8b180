"""The last value, with the spread that the errors of last values had over all series of the source and measure.

Hard to beat on waiting lists, so every other model is measured against it and gives way to it (methods, h3 step 4).
"""

from dataclasses import dataclass
from typing import ClassVar

from forecasting.models.base import FloatArray, History, within_bounds
from forecasting.spread import SpreadPool, away, no_pool


@dataclass(frozen=True, slots=True, eq=False)
class Naive:
    """The last value; `pool` is the spread of the series' sisters, None where it has none."""

    name: ClassVar[str] = "naive"
    minimum_values: ClassVar[int] = 3
    supports_gaps: ClassVar[bool] = True

    pool: SpreadPool | None = None

    def quantiles(self, history: History, *, horizon: int, levels: tuple[float, ...], seed: int) -> FloatArray | None:
        """(horizon, k) quantiles: the last value plus the pooled offsets times the series' own changes."""
        pool = self.pool
        if pool is None or pool.levels != levels or len(pool.offsets) < horizon:
            pool = no_pool(horizon=horizon, levels=levels)
        return within_bounds(history.last_value + away(pool, history.published(), horizon=horizon))
