"""Adjusted charts, shown beside the raw one and never instead: without month effects, around a line, of surprises.

An XmR chart takes values for independent around one level; a yearly wave, a steady climb or a list that remembers last
month break that, and the raw rules then flag what is usual. docs/methods.md, section (c), has the fits and what they
were measured to do.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, Literal, NamedTuple

from waitlists.trends.asking import Options, Point
from waitlists.trends.fits import NOISE, Line, MonthFit, autocorrelation, corrected, line_of, month_fit, split_of
from waitlists.trends.gaps import is_monthly
from waitlists.trends.verdict import Assurance, Chart, JudgedPoint, Variation, chart_of
from waitlists.trends.xmr import exact_mean

Method = Literal["season", "trend", "residual", "season+residual"]
Effects = Mapping[str, float | Mapping[str, float] | None]

LEAST_FOR_SEASON: Final = 24
SETTLED_SEASON: Final = 36
SEASON_CHANCE: Final = 0.01
LEAST_FOR_RESIDUAL: Final = 13
LEAST_FOR_LINE: Final = 3
LEAST_SHARE: Final = 0.05
LEVELS_APART: Final = 2.0
"""A level that changes more than so many times makes month effects shares of it, not differences."""


class Adjusted(NamedTuple):
    """A second chart: how and why it was made, what was taken out, and what it says.

    `assurance` is given of the chart around a line alone: the others no longer show the level a target is about.
    """

    method: Method
    why: str
    points: tuple[JudgedPoint, ...]
    variation: Variation | None
    assurance: Assurance | None
    effects: Effects


class Season(NamedTuple):
    """Month effects of a series, shrunk, and whether they are shares of its level."""

    fit: MonthFit
    effects: tuple[float, ...]
    is_share: bool

    def without(self, rows: Sequence[Point]) -> list[Point]:
        """The rows with the effect of their month taken out."""
        return _with_values(rows, [self._one(row) for row in rows])

    def _one(self, row: Point) -> float | None:
        effect = self.effects[row.date.month - 1]
        if row.value is None:
            return None
        return row.value / max(LEAST_SHARE, 1 + effect) if self.is_share else row.value - effect


class _Made(NamedTuple):
    """Rows adjusted so far, with the words for what was done to them."""

    rows: list[Point]
    why: str
    effects: dict[str, float | Mapping[str, float] | None]


def adjusted_chart(rows: Sequence[Point], options: Options) -> tuple[Adjusted | None, tuple[str, ...]]:
    """The chart asked for, None where it cannot or need not be made, and the codes of what has to be said of it."""
    if options.adjust == "none":
        return None, ()
    if options.adjust == "trend":
        return _around_a_line(rows, options)
    season, notes = (None, ()) if options.adjust == "residual" else season_of(rows, options)
    made = _without_months(rows, season) if season else _Made(list(rows), "", {})
    # A stock is the one before it and a little more, whether or not so few values prove it.
    is_residual = options.adjust == "residual" or options.kind == "stock" or _remembers(made.rows, options)
    is_residual = is_residual and options.adjust != "season"
    if is_residual and _count(made.rows) >= LEAST_FOR_RESIDUAL:
        made = _surprises(made, options)
    if not made.why:
        return None, (*notes, "not_adjusted")
    method: Method = "season" if "phi" not in made.effects else "season+residual" if season else "residual"
    chart = chart_of(made.rows, options)
    return Adjusted(method, made.why, chart.points, chart.variation, None, made.effects), notes


def season_of(rows: Sequence[Point], options: Options) -> tuple[Season | None, tuple[str, ...]]:
    """Month effects where there are any, and the codes of what limits them."""
    given = [row for row in rows[: options.baseline] if row.value is not None]
    months = [row.date.month for row in given]
    if len(given) < LEAST_FOR_SEASON or len(set(months)) < 12 or not is_monthly([row.date for row in given]):
        return None, ("season_not_tested",)
    values = [row.value or 0.0 for row in given]
    ratios = _ratios([row.date for row in given], values, options)
    if ratios:
        places = [place for place, ratio in enumerate(ratios) if ratio is not None]
        months, given = [months[place] for place in places], [given[place] for place in places]
        values = [ratio for ratio in ratios if ratio is not None]
    fit = month_fit(months, [float(_month_number(row.date)) for row in given], values)
    if not fit.p < SEASON_CHANCE:
        return None, ()
    effects = tuple(fit.shrinkage * effect for effect in fit.effects)
    return Season(fit, effects, bool(ratios)), ("few_years",) if len(values) < SETTLED_SEASON else ()


def _ratios(dates: Sequence[date], values: Sequence[float], options: Options) -> list[float | None]:
    """Values over the centred mean of the twelve months around, of counts whose level changes much; else nothing."""
    if min(values) <= 0 or options.kind not in {None, "flow", "stock"}:
        return []
    if max(values) <= LEVELS_APART * min(values):
        # Means lie no further apart than values do.
        return []
    by_month = {_month_number(day): value for day, value in zip(dates, values, strict=True)}
    levels = [_level(by_month, _month_number(day)) for day in dates]
    known = [level for level in levels if level is not None]
    months = {day.month for day, level in zip(dates, levels, strict=True) if level is not None}
    if len(known) < LEAST_FOR_SEASON or len(months) < 12 or max(known) <= LEVELS_APART * min(known):
        return []
    return [None if level is None else value / level for value, level in zip(values, levels, strict=True)]


def _level(by_month: Mapping[int, float], month: int) -> float | None:
    around = [by_month.get(month + away) for away in range(-6, 7)]
    whole = [value for value in around if value is not None]
    if len(whole) < len(around):
        return None
    return (math.fsum(whole) - (whole[0] + whole[-1]) / 2) / 12


def _month_number(day: date) -> int:
    return day.year * 12 + day.month


def _without_months(rows: Sequence[Point], season: Season) -> _Made:
    kind = "shares of the level" if season.is_share else "differences"
    strength = "a perfect fit" if season.fit.f is None else f"F = {season.fit.f:.1f}, p = {season.fit.p:.2g}"
    why = f"Months differ from one another ({strength}); their effects, as {kind}, are taken out."
    effects = {str(month): effect for month, effect in enumerate(season.effects, 1)}
    return _Made(season.without(rows), why, {"months": effects, "f": season.fit.f, "p": season.fit.p})


def _remembers(rows: Sequence[Point], options: Options) -> bool:
    """Whether neighbours are alike beyond what a line, and beyond what one step, explains."""
    values = _around_levels(rows, options)
    places = [place for place, value in enumerate(values) if not math.isnan(value)]
    given = [values[place] for place in places]
    if len(given) < LEAST_FOR_RESIDUAL:
        return False
    line = line_of([float(place) for place in places], given)
    left = [[value - line.at(place) for place, value in enumerate(values)]]
    split = split_of(given)
    if split is not None:
        before, after = exact_mean(given[:split]), exact_mean(given[split:])
        left.append([value - (after if place >= places[split] else before) for place, value in enumerate(values)])
    least = min(corrected(autocorrelation(residual), len(given)) for residual in left)
    return least > 1.96 / math.sqrt(len(given))


def _surprises(made: _Made, options: Options) -> _Made:
    """Each value less what the one before it lets expect; the first has none before it."""
    around = _around_levels(made.rows, options)
    known = around[: options.baseline]
    phi = corrected(autocorrelation(known), max(1, sum(not math.isnan(value) for value in known)))
    values: list[float | None] = [None]
    for row, before in zip(made.rows[1:], around, strict=False):
        values.append(None if row.value is None or math.isnan(before) else row.value - phi * before)
    why = (
        f"A value is like the one before it (correlation {phi:.2f}), so each is compared with what that one lets "
        "expect: is it a surprise, not is it high."
    )
    return _Made(_with_values(made.rows, values), f"{made.why} {why}".strip(), {**made.effects, "phi": phi})


def _around_levels(rows: Sequence[Point], options: Options) -> list[float]:
    """Values less the mean of their group, NaN where missing."""
    points = chart_of(rows, options).points
    return [math.nan if point.value is None or point.mean is None else point.value - point.mean for point in points]


def _around_a_line(rows: Sequence[Point], options: Options) -> tuple[Adjusted | None, tuple[str, ...]]:
    """Limits that slope with the line of each group; the rules look at what lies around it."""
    raw = chart_of(rows, options)
    lines: dict[int, Line] = {}
    for group in raw.groups:
        of_group = [(place, point.value) for place, point in enumerate(raw.points) if point.group == group.group]
        given = [(place, value) for place, value in of_group[: options.baseline] if value is not None]
        if len(given) < LEAST_FOR_LINE:
            return None, ("not_adjusted",)
        lines[group.group] = line_of([float(place) for place, _ in given], [value for _, value in given])
    if not lines:
        return None, ("not_adjusted",)
    heights = [lines[point.group].at(place) for place, point in enumerate(raw.points)]
    left = [None if row.value is None else row.value - height for row, height in zip(rows, heights, strict=True)]
    target = None if raw.target is None else raw.target - heights[_place_of(raw)]
    chart = chart_of(_with_values(rows, left), replace(options, target=target, targets=()))
    last = lines[raw.points[-1].group]
    low, high = last.slope - (last.half_width or 0.0), last.slope + (last.half_width or 0.0)
    effects = {"slope": last.slope, "slope_low": low, "slope_high": high}
    why = f"Expected to change by {last.slope:.4g} a period (95% interval {low:.4g} to {high:.4g})."
    points = tuple(_sloped(*of) for of in zip(chart.points, raw.points, heights, strict=True))
    return Adjusted("trend", why, points, chart.variation, chart.assurance, effects), ()


def _place_of(chart: Chart) -> int:
    return next(place for place, point in enumerate(chart.points) if point.date == chart.judged_on)


def _sloped(point: JudgedPoint, raw: JudgedPoint, height: float) -> JudgedPoint:
    """A point around the line as seen on the chart: its own value and target, its limits raised to the line."""
    raised = [None if edge is None else edge + height for edge in (point.mean, point.lower, point.upper)]
    return point._replace(value=raw.value, mean=raised[0], lower=raised[1], upper=raised[2], target=raw.target)


def _with_values(rows: Sequence[Point], values: Sequence[float | None]) -> list[Point]:
    """Rows with other values, these without the noise of rounding: it would lie above or below a mean."""
    size = max((abs(value) for row in rows if (value := row.value) is not None), default=0.0)
    grain = max(math.ldexp(NOISE, math.frexp(size)[1]), math.ulp(0.0))
    return [
        row._replace(value=None if value is None else round(value / grain) * grain)
        for row, value in zip(rows, values, strict=True)
    ]


def _count(rows: Sequence[Point]) -> int:
    return sum(row.value is not None for row in rows)
