"""Falls that nothing explains, of a list or of the number over a wait: none of them is an improvement.

Numbers are taken to the nearest 5, so that whoever is told of a fall learns no more than rounded numbers tell.
"""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from forecasting.warnings.past import MEASURE_OVER, ListPast, PastStep
from waitlists.domain import Measure
from waitlists.trends.decisions import Charted, explains
from waitlists.trends.presence import sudden
from waitlists.trends.steps import Step

NO_CAUSE: Final = "unknown"
"""Of a step that is too large to be believed until somebody knows why."""

BACK_SHARE: Final = 0.9
"""A number that fell is back at nine tenths of what it was before: less is a rise, and no end of the fall."""

_Sized = tuple[PastStep, int]
_Measures = tuple[Measure, ...]


class Fall(NamedTuple):
    """The step to which it fell, when that was known, and whether the list itself did."""

    since: date
    known_from: date
    is_of_list: bool


def fall_of(past: ListPast, *, over_days: int, standard_id: str) -> Fall | None:
    """The last sudden fall of a list, or of the number over a wait, that nobody explained and that is not made good.

    A known change of who is in the list explains both, and so does a rebase that somebody decided on with a reason; a
    fall of the number over a wait is explained, too, by as many who left the list.
    """
    found = [one for one in (_of_list(past), _of_over(past, over_days, standard_id)) if one is not None]
    return max(found, key=lambda one: (one.since, one.is_of_list), default=None)


def _of_list(past: ListPast) -> Fall | None:
    sized = [(one, _near(one.point.value or 0)) for one in past.steps if one.is_whole]
    return _last(past, sized, lambda was, now: _is_known(past, was[0], now[0], (Measure.LIST_SIZE,)), is_of_list=True)


def _of_over(past: ListPast, over_days: int, standard_id: str) -> Fall | None:
    counted = [(one, one.over(over_days, standard_id)) for one in past.steps if one.is_whole]
    sized = [(one, _near(over)) for one, over in counted if over is not None]
    measure = MEASURE_OVER.get(over_days)
    charted = (Measure.LIST_SIZE,) if measure is None else (Measure.LIST_SIZE, measure)

    def is_explained(was: _Sized, now: _Sized) -> bool:
        left = _left(past, was[0], now[0])
        return _is_known(past, was[0], now[0], charted) or (left is not None and _near(left) >= was[1] - now[1])

    return _last(past, sized, is_explained, is_of_list=False)


def _last(
    past: ListPast, sized: Sequence[_Sized], is_explained: Callable[[_Sized, _Sized], bool], *, is_of_list: bool
) -> Fall | None:
    """The last step that is a fall, too large and not explained, of which the number is not back."""
    steps = [Step(one.period_end, value) for one, value in sized]
    odd = {one.period_end for one in sudden(steps, past.sizes.freq)}
    standing: list[tuple[_Sized, _Sized]] = []
    for was, now in pairwise(sized):
        standing = [fall for fall in standing if now[1] < BACK_SHARE * fall[0][1]]
        if now[0].period_end in odd and now[1] < was[1] and not is_explained(was, now):
            standing.append((was, now))
    if not standing:
        return None
    step = standing[-1][1][0]
    return Fall(step.period_end, step.point.known_from or step.period_end, is_of_list)


def _is_known(past: ListPast, was: PastStep, now: PastStep, measures: _Measures) -> bool:
    """Whether it is known who came, went or counted otherwise, or somebody said why and drew limits anew."""
    known = any(was.period_end < one.period_end <= now.period_end for one in past.changes if one.cause != NO_CAUSE)
    return known or any(
        explains(past.decisions, _charted(past, one), after=was.period_end, until=now.period_end) for one in measures
    )


def _charted(past: ListPast, measure: Measure) -> Charted:
    key = past.sizes.key
    return Charted(service=key.service, org=key.org, measure=measure, freq=past.sizes.freq, source=key.source)


def _left(past: ListPast, was: PastStep, now: PastStep) -> int | None:
    """How many left the list from one step to another; None where that was not counted of all between them."""
    between = [one for one in past.steps if was.period_end < one.period_end <= now.period_end]
    left = [one.parts[0].cells.value(Measure.REMOVALS) if one.is_whole else None for one in between]
    return None if None in left else sum(count for count in left if count is not None)


def _near(value: float) -> int:
    return round(value / 5) * 5
