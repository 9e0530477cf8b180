"""How often one caller may ask: a bucket of tokens each, which fills at a steady rate; others are not affected."""

import time
from collections import OrderedDict
from collections.abc import Callable

BURST_SECONDS = 2
STRANGERS_PER_SECOND = 5
"""Requests without a known key, by address: enough for a person who mistyped, too slow to fill the audit."""

MOST_CALLERS = 10_000


class Limits:
    """The buckets of one process; whoever has not asked for longest is forgotten first, and so starts afresh."""

    def __init__(
        self, per_second: float, *, clock: Callable[[], float] = time.monotonic, most: int = MOST_CALLERS
    ) -> None:
        self._rate = per_second
        self._burst = per_second * BURST_SECONDS
        self._clock = clock
        self._most = most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, caller: str) -> float:
        """0 and one token less if the caller may ask now, else the seconds until there is one again."""
        now = self._clock()
        tokens, since = self._buckets.pop(caller, (self._burst, now))
        tokens = min(self._burst, tokens + (now - since) * self._rate)
        is_allowed = tokens >= 1
        self._buckets[caller] = (tokens - is_allowed, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return 0.0 if is_allowed else (1 - tokens) / self._rate
