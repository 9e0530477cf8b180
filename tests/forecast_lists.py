"""Invented lists for the forecasting tests: plain numbers in, histories and stored vintages out."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from forecasting.models.base import History
from forecasting.prepare import fill_short_gaps
from waitlists.counts.histories import ListHistory, VintageCells
from waitlists.domain import Coverage, Finding, Measure, SeriesKey, Vintage
from waitlists.periods import add_months
from waitlists.series import Break, Series, SeriesPoint

FIRST = date(2022, 1, 31)
LAG = timedelta(days=45)
FAR = date(2040, 1, 1)
Values = Sequence[int | None]


def month(number: int) -> date:
    return add_months(FIRST, number)


def known(number: int) -> date:
    """The day on which the figure of a month is published."""
    return month(number) + LAG


def history(values: Sequence[float | None], *, freq: str = "M") -> History:
    """A history as preparation makes it: short gaps filled, long ones NaN."""
    numbers = np.array([np.nan if value is None else value for value in values], dtype=float)
    observed = np.isfinite(numbers)
    return History(tuple(month(n) for n in range(len(values))), fill_short_gaps(numbers, observed), observed, freq)


def stored(
    lists: Mapping[str, Values],
    *,
    service: str = "SALT",
    source: str = "chs_sitrep",
    flows: Mapping[str, Values] | None = None,
    coverage: Mapping[tuple[int, str], Coverage] | None = None,
    findings: Mapping[tuple[int, str], tuple[Finding, ...]] | None = None,
    long_waits: float = 0.25,
) -> ListHistory:
    """One vintage a month; of each list a share waits over 18 weeks, half of it over 52, half of that over 104.

    Vintage n is about month n; a month None for all lists has no file.
    """
    months = max(len(values) for values in lists.values())
    there = [n for n in range(months) if any(n < len(values) and values[n] is not None for values in lists.values())]
    return ListHistory(
        source=source,
        service=service,
        vintages=tuple(Vintage(known(n), n, source, month(n)) for n in there),
        cells={
            (n, org): VintageCells(n, _bands(values[n], long_waits), _flows_at(flows, n))
            for org, values in lists.items()
            for n in range(len(values))
            if values[n] is not None
        },
        coverage=coverage or {},
        findings=findings or {},
    )


def _flows_at(flows: Mapping[str, Values] | None, n: int) -> dict[str, int | None]:
    return {kind: values[n] for kind, values in (flows or {}).items() if n < len(values)}


def _bands(total: int | None, share: float) -> dict[str, int | None]:
    if total is None:
        return {}
    over_18 = int(total * share)
    over_52, over_104 = over_18 // 2, over_18 // 4
    young = total - over_18
    return {
        "total": total,
        "0-1": young,
        ">1-2": 0,
        ">2-4": 0,
        ">4-12": 0,
        ">12-18": 0,
        ">18-52": over_18 - over_52,
        ">52-104": over_52 - over_104,
        ">104": over_104,
    }


def walks(count: int, months: int, *, seed: int, level: int = 500, step: float = 0.05) -> dict[str, list[int | None]]:
    """Lists that wander without a trend, by an invented organisation code."""
    rng = np.random.default_rng(seed)
    changes = rng.normal(0, step * level, (count, months)).cumsum(axis=1)
    return {f"R{n:02}": [max(0, round(level + value)) for value in row] for n, row in enumerate(changes.tolist())}


def series(
    values: Sequence[float | None],
    *,
    adjusted: Mapping[int, float | None] | None = None,
    coverage: Mapping[int, float] | None = None,
    breaks: Sequence[int] = (),
    blocks: tuple[str, ...] = (),
) -> Series:
    """A series as known long after; `adjusted` and `coverage` by month where they differ."""
    points = tuple(
        SeriesPoint(
            month(n),
            value,
            (adjusted or {}).get(n, value),
            (coverage or {}).get(n, 1.0 if value is not None else 0.0),
            known(n),
            n,
            is_provisional=n in (coverage or {}),
        )
        for n, value in enumerate(values)
    )
    cuts = tuple(Break(month(n), "definition", "It changed.") for n in breaks)
    return Series(KEY, "M", FAR, points, cuts, blocks)


KEY = SeriesKey("chs_sitrep", "SALT", "R00", Measure.LIST_SIZE)
