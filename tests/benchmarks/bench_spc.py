"""Process control charts: how fast a board's matrix is worked out, and how often charts are wrong on series made up.

Rates are shares in percent of 500 series of 60 months each, judged with `adjust="auto"`; `raw` in the report holds
the same without, so that what adjusting is worth, and what it costs, stands beside.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from random import Random

from tests.benchmarks.rows import Row, within
from waitlists.domain import Measure
from waitlists.trends.asking import Options, Point
from waitlists.trends.judging import Trend, judge
from waitlists.trends.steps import AskedTrend, Step
from waitlists.trends.stored import stored_trend

SERIES, MONTHS, STEP_MONTHS = 500, 60, 8
DATES = [date(2020 + number // 12, number % 12 + 1, 1) for number in range(MONTHS)]
AUTO = Options(direction="increase", adjust="auto", suggest_rebase=True)
ASKED = AskedTrend(measure=Measure.TREATED, of="Kent", people="children", freq="M", cut_off=DATES[-1])
Maker = Callable[[Random], list[float]]


def bench_spc() -> Iterator[Row]:
    yield from _speed()
    yield from _rates()


def _speed() -> Iterator[Row]:
    many = [_points(stable(Random(number))) for number in range(1_000)]
    start, worked = time.perf_counter(), time.process_time()
    for points in many:
        judge(points, Options(direction="decrease", target=0.0)).as_json()
    seconds, cpu = time.perf_counter() - start, time.process_time() - worked
    yield within("spc, 1,000 series of 60 points, cold", "s", seconds, 0.5, cpu_seconds=cpu)
    slowest = []
    for points in many[:50]:
        start = time.perf_counter()
        judge(points, AUTO).as_json()
        slowest.append((time.perf_counter() - start) * 1000)
    yield _matrix(many)
    yield within("spc, one series with everything", "ms", sorted(slowest)[len(slowest) // 2], 5.0, worst=max(slowest))


def _rates() -> Iterator[Row]:
    steady, waves, memory = _judged(stable), _judged(seasonal), _judged(remembering)
    stepped = _judged(lambda rng: _lifted(seasonal(rng)))
    suggested = sum(trend.rebase_suggestion is not None for trend in steady)
    yield _rate("spc, stable: points flagged", _flagged(steady), 7.5, steady)
    yield _rate("spc, season of 2 sd: points flagged", _flagged(waves), 8.0, waves)
    missed = 100 - _said(stepped, "improvement_high")
    yield _rate("spc, season, 2 sd step missed at last", missed, 25.0, stepped)
    yield _rate("spc, AR(0.6): last point flagged", _last_flagged(memory), 4.0, memory)
    yield _real("trends, AR(0.6): called a real change", remembering, 4.0, is_wrong=True)
    yield _real("trends, step of 6 sd 3 months ago: missed", _collapsed, 10.0, is_wrong=False)
    yield within("spc, stable: false rebase suggestions", "%", suggested * 100 / SERIES, 1.0)


def _matrix(many: Sequence[Sequence[Point]]) -> Row:
    """What the board's matrix does with each series once it is read: both charts and the sentence."""
    series = [[Step(*point[:2]) for point in points] for points in many]
    asked = replace(ASKED, suggests=False)
    start, worked = time.perf_counter(), time.process_time()
    for steps in series:
        stored_trend(steps, asked)
    seconds, cpu = time.perf_counter() - start, time.process_time() - worked
    return within("trends, 1,000 lines of the matrix, both charts", "s", seconds, 1.0, cpu_seconds=cpu)


def _real(name: str, make: Maker, limit: float, *, is_wrong: bool) -> Row:
    rng = Random(7)
    found = [stored_trend([Step(*point[:2]) for point in _points(make(rng))], ASKED) for _ in range(SERIES)]
    share = 100 * sum(bool(trend.real_change) is is_wrong for trend in found) / SERIES
    raw = 100 * sum((trend.trend.variation != "common_cause") is is_wrong for trend in found) / SERIES
    return within(name, "%", share, limit, raw=raw)


def _collapsed(rng: Random) -> list[float]:
    return [value - 6 * (number >= MONTHS - 3) for number, value in enumerate(stable(rng))]


def stable(rng: Random) -> list[float]:
    return [rng.gauss(0, 1) for _ in range(MONTHS)]


def seasonal(rng: Random) -> list[float]:
    """A yearly wave twice as high as the noise, from any month on."""
    turn = rng.random() * 2 * math.pi
    return [2 * math.sin(2 * math.pi * number / 12 + turn) + rng.gauss(0, 1) for number in range(MONTHS)]


def remembering(rng: Random) -> list[float]:
    value, found = rng.gauss(0, 1) / 0.8, []
    for _ in range(MONTHS):
        value = 0.6 * value + rng.gauss(0, 1)
        found.append(value)
    return found


def _lifted(values: Sequence[float]) -> list[float]:
    return [value + 2 * (number >= MONTHS - STEP_MONTHS) for number, value in enumerate(values)]


def _points(values: Sequence[float]) -> list[Point]:
    return [Point(*of) for of in zip(DATES, values, strict=True)]


def _judged(make: Maker) -> list[Trend]:
    rng = Random(7)
    return [judge(_points(make(rng)), AUTO) for _ in range(SERIES)]


def _rate(name: str, ours: float, limit: float, trends: Sequence[Trend]) -> Row:
    flagged = sum(point.special_cause != "none" for trend in trends for point in trend.points)
    last = sum(trend.points[-1].special_cause != "none" for trend in trends)
    raw = {"flagged": 100 * flagged / len(trends) / MONTHS, "last": 100 * last / len(trends)}
    raw["upwards"] = 100 * sum(trend.variation == "improvement_high" for trend in trends) / len(trends)
    return within(name, "%", ours, limit, **raw)


def _flagged(trends: Sequence[Trend]) -> float:
    points = [point for trend in trends for point in (trend.adjusted or trend).points]
    return 100 * sum(point.special_cause != "none" for point in points) / len(points)


def _last_flagged(trends: Sequence[Trend]) -> float:
    lasts = [(trend.adjusted or trend).points[-1] for trend in trends]
    return 100 * sum(point.special_cause != "none" for point in lasts) / len(lasts)


def _said(trends: Sequence[Trend], variation: str) -> float:
    return 100 * sum((trend.adjusted or trend).variation == variation for trend in trends) / len(trends)
