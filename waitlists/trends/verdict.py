"""One chart judged: groups between rebases, their limits, what each point meets and is called, and the verdict of all.

The two profiles differ here in what names a point that meets several rules, in how little data still gives a verdict,
and in which row the verdict is of; docs/methods.md, section (c), lists every difference.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal, NamedTuple

from waitlists.trends.asking import LEAST_VALUES, Direction, Options, Point
from waitlists.trends.rules import WORDS, SpecialCause, Window, windows_of
from waitlists.trends.xmr import MISSING, Limits, limits_of

PointType = Literal["common_cause", "improvement", "concern", "neutral_high", "neutral_low"]
Variation = Literal[
    "common_cause", "improvement_high", "improvement_low", "concern_high", "concern_low", "neutral_high", "neutral_low"
]
Assurance = Literal["pass", "fail", "inconsistent"]
Status = Literal["ok", "insufficient_data", "no_moving_range", "no_data"]
Side = Literal["high", "low"]

SIDES: Final[Mapping[SpecialCause, int]] = {word: side for (_, side), word in WORDS.items()}
BETTER: Final[Mapping[Direction, int]] = {"increase": 1, "decrease": -1, "neutral": 0}

_VARIATIONS: Final[Mapping[tuple[PointType, int], Variation]] = {
    ("improvement", 1): "improvement_high",
    ("improvement", -1): "improvement_low",
    ("concern", 1): "concern_high",
    ("concern", -1): "concern_low",
    ("neutral_high", 1): "neutral_high",
    ("neutral_low", -1): "neutral_low",
}


class Reason(NamedTuple):
    """A rule that a point meets, its side, and the window's first and last date."""

    rule: SpecialCause
    side: Side
    since: date
    until: date


class JudgedPoint(NamedTuple):
    """A point with the limits of its group and all that is to be said of it; None for what cannot be worked out."""

    date: date
    value: float | None
    mean: float | None
    lower: float | None
    upper: float | None
    special_cause: SpecialCause
    point_type: PointType
    group: int
    short_group: bool
    reasons: tuple[Reason, ...]
    target: float | None


class Group(NamedTuple):
    """Rows between two rebases: `rows` of them, `values` not missing, and their limits."""

    group: int
    since: date
    until: date
    rows: int
    values: int
    mean: float | None
    lower: float | None
    upper: float | None
    is_collapsed: bool

    @property
    def is_short(self) -> bool:
        """Whether the group has fewer rows than a chart should have."""
        return self.rows < LEAST_VALUES


class Chart(NamedTuple):
    """All points judged, and the verdict; `judged_on` is the date of the point it is of."""

    points: tuple[JudgedPoint, ...]
    groups: tuple[Group, ...]
    status: Status
    variation: Variation | None
    assurance: Assurance | None
    target: float | None
    judged_on: date | None


def chart_of(rows: Sequence[Point], options: Options) -> Chart:
    """The chart of rows in the order of their dates, each date once.

    A group is numbered by the rebase dates met so far, its own first row's included.
    """
    points: list[JudgedPoint] = []
    groups: list[Group] = []
    for number, members in _grouped(rows, frozenset(options.rebase)):
        group, judged = _judged_group(number, members, options)
        groups.append(group)
        points += judged
    status = _status(groups)
    is_judged = bool(points) and (status == "ok" or not options.is_mdc)
    place = _judged_place(points, options)
    last = points[place] if points else None
    target = last.target if last else options.target
    return Chart(
        tuple(points),
        tuple(groups),
        status,
        _variation(last) if last and is_judged else None,
        _assurance(target, groups[-1], options) if is_judged else None,
        target,
        last.date if last else None,
    )


def _grouped(rows: Sequence[Point], rebases: frozenset[date]) -> Iterator[tuple[int, Sequence[Point]]]:
    number = first = 0
    for place, row in enumerate(rows):
        if row.date in rebases:
            if place:
                yield number, rows[first:place]
            number, first = number + 1, place
    if rows:
        yield number, rows[first:]


def _judged_group(number: int, rows: Sequence[Point], options: Options) -> tuple[Group, list[JudgedPoint]]:
    values = [MISSING if row.value is None else row.value for row in rows]
    given = sum(row.value is not None for row in rows)
    limits = limits_of(values[: options.baseline], screen=options.is_screened, mends_collapse=options.is_mdc)
    if options.is_mdc and given < LEAST_VALUES:
        limits = Limits(limits.mean, MISSING, MISSING, MISSING, MISSING)
        windows: list[Window] = []
    else:
        windows = windows_of(
            values, limits, run_length=options.run_length, skips_ties=options.skips_ties, outside_is_near=options.is_mdc
        )
    mean, lower, upper = (None if edge != edge else edge for edge in limits[:3])  # noqa: PLR0124 - NaN is not itself
    group = Group(number, rows[0].date, rows[-1].date, len(rows), given, mean, lower, upper, limits.is_collapsed)
    met, is_short = _met(windows), group.is_short
    judged: list[JudgedPoint] = []
    for place, row in enumerate(rows):
        word, kind, reasons = _COMMON
        if found := met.get(place):
            word, kind = _named(place, found, values, met, options)
            reasons = tuple([_reason(window, rows) for window in found])
        target = options.target_on(row.date)
        judged.append(
            JudgedPoint(row.date, row.value, mean, lower, upper, word, kind, number, is_short, reasons, target)
        )
    return group, judged


_COMMON: Final[tuple[SpecialCause, PointType, tuple[Reason, ...]]] = ("none", "common_cause", ())


def _met(windows: Sequence[Window]) -> dict[int, list[Window]]:
    """The windows that flag each row, in the order of the rules."""
    met: dict[int, list[Window]] = {}
    for window in windows:
        for row in window.rows:
            met.setdefault(row, []).append(window)
    return met


def _reason(window: Window, rows: Sequence[Point]) -> Reason:
    word = WORDS[window.rule, window.side]
    return Reason(word, "high" if window.side > 0 else "low", rows[window.first].date, rows[window.last].date)


def _named(
    place: int,
    found: Sequence[Window],
    values: Sequence[float],
    met: Mapping[int, Sequence[Window]],
    options: Options,
) -> tuple[SpecialCause, PointType]:
    """The rule that names a point and the point's type."""
    if options.is_mdc:
        side = _side_shown(found, BETTER[options.direction])
        first = next(window for window in found if window.side == side)
    else:
        first, side = found[0], found[0].side
        if first.rule == "trend":
            side = _side_of_step(place, values, met)
    return WORDS[first.rule, side], _point_type(side, BETTER[options.direction])


def _side_shown(found: Sequence[Window], better: int) -> int:
    """Of rules on both sides improvement wins; where neither is better, the window that ends later."""
    sides = {window.side for window in found}
    if better in sides:
        return better
    return max(found, key=lambda window: window.last).side


def _side_of_step(place: int, values: Sequence[float], met: Mapping[int, Sequence[Window]]) -> int:
    """The way of a trend as the R package sees it: of the step out where the next row is in a trend, else of that in.

    A level step between two trends counts as falling there, and here.
    """
    is_followed = any(window.rule == "trend" for window in met.get(place + 1, ()))
    before = place if is_followed else place - 1
    return 1 if values[before + 1] > values[before] else -1


def _point_type(side: int, better: int) -> PointType:
    if not better:
        return "neutral_high" if side > 0 else "neutral_low"
    return "improvement" if side == better else "concern"


def _status(groups: Sequence[Group]) -> Status:
    """Whether the last group can be judged."""
    if not any(group.values for group in groups):
        return "no_data"
    if groups[-1].values < LEAST_VALUES:
        return "insufficient_data"
    return "no_moving_range" if groups[-1].lower is None else "ok"


def _judged_place(points: Sequence[JudgedPoint], options: Options) -> int:
    """The place of the point that the verdict is of, counted from the end: in `mdc` the last with a value."""
    if options.is_mdc:
        for place in range(-1, -len(points) - 1, -1):
            if points[place].value is not None:
                return place
    return -1


def _variation(point: JudgedPoint) -> Variation:
    if point.special_cause == "none":
        return "common_cause"
    return _VARIATIONS[point.point_type, SIDES[point.special_cause]]


def _assurance(target: float | None, group: Group, options: Options) -> Assurance | None:
    """Whether the target lies outside the limits of the last group; values themselves are not looked at.

    In `mdc` a target on a limit is outside, and one met by every value of a constant series is passed; in `nhsr` it is
    inconsistent, as is any target beside limits that cannot be worked out.
    """
    if target is None or options.direction == "neutral":
        return None
    if group.lower is None or group.upper is None:
        return "inconsistent"
    if options.is_mdc and group.lower == group.upper == target:
        return "pass"
    is_above = target > group.upper or (options.is_mdc and target == group.upper)
    is_below = target < group.lower or (options.is_mdc and target == group.lower)
    if not is_above and not is_below:
        return "inconsistent"
    return "pass" if is_below == (options.direction == "increase") else "fail"
