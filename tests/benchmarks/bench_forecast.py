"""How good forecasts are on public figures, replayed month by month, and how long a whole run takes.

Goals are those of the methods: on average over the sets no worse than the last value, and ranges that miss at most 22
and 8 in 100 targets. Each set's own numbers are in the raw measurements; none was used to set a constant.
"""

import math
import time
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from forecasting.engine import Contest, forecast_all
from forecasting.fanout import Workers
from forecasting.models.ets import Ets
from forecasting.models.prophet import Prophet
from tests.benchmarks.public_panel import PANEL, Replay, days_after, histories, replay
from tests.benchmarks.rows import Row, Skipped, within
from tests.forecast_lists import FAR, stored, walks

LAST_VALUE = Contest((), ())
OURS = Contest((Ets(),), (Prophet(),))
MISSED_GOALS = {0.8: 0.22, 0.95: 0.08}


class Set(NamedTuple):
    """A source and measure of the panel, and the days on which it is forecast."""

    source: str
    measure: str
    first: date
    last: date
    every: int

    @property
    def days(self) -> list[date]:
        return days_after(self.first, self.last, every=self.every)


LONG = (
    Set("PHS_CAMHS", "waiting_total", date(2015, 6, 30), date(2022, 9, 30), 9),
    Set("PHS_PSYCH_THERAPIES", "waiting_total", date(2016, 3, 31), date(2022, 9, 30), 9),
    Set("PHS_AHP_MSK", "waiting_total", date(2020, 6, 30), date(2022, 9, 30), 6),
    Set("RTT_STP", "waiting_total", date(2021, 4, 30), date(2021, 8, 31), 1),
)
SHORT = (
    Set("CHS_SITREP", "waiting_total", date(2023, 3, 31), date(2025, 2, 28), 2),
    Set("CHS_SITREP", "waiting_gt18w", date(2023, 3, 31), date(2025, 2, 28), 2),
    Set("CHS_SITREP_T2_NATIONAL", "waiting_total", date(2023, 3, 31), date(2025, 1, 31), 1),
)
"""Community lists have too few months for any model but the last value."""


def bench_forecast_accuracy() -> Iterator[Row]:
    if not PANEL.is_file():
        raise Skipped("the public panel is not on this machine")
    raw = {f"{one.source} {one.measure}": _long(one) for one in LONG}
    ratio = math.exp(sum(math.log(float(str(found["ratio"]))) for found in raw.values()) / len(raw))
    yield Row("forecast score by last value", "ratio", round(ratio, 4), peer=1.0, peer_name="last value", raw=raw)
    raw |= {f"{one.source} {one.measure}": _coverage(_replayed(one, LAST_VALUE)) for one in SHORT}
    for share, limit in MISSED_GOALS.items():
        missed = 1 - sum(float(str(found[f"coverage{share:.0%}"])) for found in raw.values()) / len(raw)
        yield within(f"forecast outside {share:.0%} range", "share", missed, limit, **raw)


def bench_forecast_time() -> Iterator[Row]:
    """The demo's size: 60 lists, four measures each, 30 months."""
    lists = [stored(walks(60, 30, seed=1), long_waits=0.4)]
    started = time.perf_counter()
    found = forecast_all(lists, as_of=FAR, seed=1, run=Workers(2))
    yield within(f"forecast {len(found)} series", "s", time.perf_counter() - started, 25.0)


def _long(one: Set) -> dict[str, object]:
    base, ours = (_replayed(one, contest) for contest in (LAST_VALUE, OURS))
    models = {str(name): round(float((ours.model == name).mean()), 3) for name in sorted(set(ours.model.tolist()))}
    return {"ratio": round(ours.ratio_to(base), 4), "models": models, **_coverage(ours)}


def _replayed(one: Set, contest: Contest) -> Replay:
    return replay(histories(one.source, one.measure), one.days, contest=contest)


def _coverage(found: Replay) -> dict[str, object]:
    return {"targets": len(found.actual)} | {
        f"coverage{share:.0%}": round(found.coverage(share), 4) for share in MISSED_GOALS
    }
