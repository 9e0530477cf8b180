"""How good forecasts are on public figures, replayed month by month, and how long a whole run takes."""

import time
from collections.abc import Iterator
from datetime import date

from forecasting.engine import Contest, forecast_all
from forecasting.fanout import Workers
from forecasting.models.ets import Ets
from forecasting.models.prophet import Prophet
from tests.benchmarks.public_panel import PANEL, Replay, days_after, histories, replay
from tests.benchmarks.rows import Row, Skipped, within
from tests.forecast_lists import FAR, stored, walks

LAST_VALUE = Contest((), ())
OURS = Contest((Ets(),), (Prophet(),))

# Ranges may miss 22 and 8 in 100 targets; on community lists, of which most have six usable months, 28 and 12.
LONG = (0.22, 0.08)
SHORT = (0.28, 0.12)


def bench_forecast_ranges() -> Iterator[Row]:
    """Ranges of community lists, where only the last value can be published: nearly all lists of England."""
    _need_panel()
    for measure in ("waiting_total", "waiting_gt18w"):
        lists = histories("CHS_SITREP", measure)
        found = replay(lists, days_after(date(2023, 4, 30), date(2024, 11, 30), every=5), contest=LAST_VALUE, jobs=1)
        yield from _misses(f"community {measure}", found, SHORT)


def bench_forecast_accuracy() -> Iterator[Row]:
    """What is published against the last value alone, same targets; models may join where they were better."""
    _need_panel()
    for source, first in (("PHS_CAMHS", date(2017, 12, 31)), ("PHS_AHP_MSK", date(2021, 3, 31))):
        lists = histories(source, "waiting_total")
        days = days_after(first, date(2022, 6, 30), every=18)
        base, ours = (replay(lists, days, contest=contest) for contest in (LAST_VALUE, OURS))
        shares = {str(name): round(float((ours.model == name).mean()), 3) for name in set(ours.model.tolist())}
        raw = {"tasks": len(ours.actual), "days": [day.isoformat() for day in days], "models": shares}
        yield Row(
            f"{source} score by last value", "ratio", ours.ratio_to(base), peer=1.0, peer_name="last value", raw=raw
        )
        yield from _misses(source, ours, LONG)


def bench_forecast_time() -> Iterator[Row]:
    """The demo's size: 60 lists, four measures each, 30 months."""
    lists = [stored(walks(60, 30, seed=1), long_waits=0.4)]
    started = time.perf_counter()
    found = forecast_all(lists, as_of=FAR, seed=1, run=Workers(2))
    yield within("forecast 240 series", "s", time.perf_counter() - started, 25.0, series=len(found))


def _misses(name: str, found: Replay, limits: tuple[float, float]) -> Iterator[Row]:
    for share, limit in zip((0.8, 0.95), limits, strict=True):
        missed = 1 - found.coverage(share)
        raw = {"tasks": len(found.actual), "coverage": round(1 - missed, 4)}
        yield within(f"{name} outside {share:.0%} range", "share", missed, limit, **raw)


def _need_panel() -> None:
    if not PANEL.is_file():
        raise Skipped("the public panel is not on this machine")
