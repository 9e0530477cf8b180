"""Whether the number over a threshold really changed: the trend engine's verdict on whole, comparable figures alone."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, NamedTuple

from forecasting.warnings.past import MEASURE_OVER, ListPast
from waitlists.domain import Measure
from waitlists.suppression import Rule, shown_count
from waitlists.suppression.rules import is_small
from waitlists.trends.steps import AskedTrend, Step
from waitlists.trends.stored import stored_trend

MOST_STEPS: Final = 104
"""Two years of weeks or more of months: what limits are drawn from."""


class Verdict(NamedTuple):
    """Whether the newest figure is a real change, and whether for the worse; None where that is not known."""

    is_real: bool | None
    is_worse: bool | None


UNKNOWN: Final = Verdict(None, None)


def verdict_of(past: ListPast, *, over_days: int, standard_id: str, as_of: date, is_exact: bool) -> Verdict:
    """The verdict on the number over a wait; nothing is said of old steps, nor of those partly missing or in doubt.

    Parameters
    ----------
    is_exact
        Whether exact figures are judged, or rounded ones for those who may not see exact ones.
    """
    place = len(past.steps) - 1
    if not past.is_current or not past.steps[place].is_whole or past.sizes.blocks:
        return UNKNOWN
    show = _exactly if is_exact else _rounded
    steps = [
        _step(past, at, show, over_days=over_days, standard_id=standard_id)
        for at in range(max(0, place + 1 - MOST_STEPS), place + 1)
    ]
    return _judged(past, steps, over_days=over_days, as_of=as_of, is_exact=is_exact)


def _step(
    past: ListPast, place: int, show: Callable[[float], float | None], *, over_days: int, standard_id: str
) -> Step:
    step = past.steps[place]
    value = step.over(over_days, standard_id) if step.is_whole else None
    shown = None if value is None else show(value)
    return Step(step.period_end, shown, is_suppressed=value is not None and shown is None)


def _judged(past: ListPast, steps: Sequence[Step], *, over_days: int, as_of: date, is_exact: bool) -> Verdict:
    first = steps[0].period_end
    asked = AskedTrend(
        measure=MEASURE_OVER.get(over_days, Measure.OVER_18_WEEKS),
        of="",
        people="children",
        freq=past.sizes.freq,
        cut_off=as_of,
        suggests=False,
        breaks=tuple(one for one in past.changes if one.period_end > first),
        is_rounded=not is_exact,
    )
    found = stored_trend(steps, asked)
    variation = found.judged_variation
    if found.real_change is None or variation is None or found.trend.judged_on != steps[-1].period_end:
        return UNKNOWN
    if not steps[-1].value and variation.startswith("concern"):
        # An empty list after a long one can look odd to an adjusted chart; it is nothing to be concerned about.
        return UNKNOWN
    return Verdict(found.real_change, variation.startswith("concern"))


def _exactly(value: float) -> float:
    return value


def _rounded(value: float) -> float | None:
    """Rounded and hidden as the stricter of both rules would: small ones are not even told apart from nobody."""
    return None if is_small(round(value), Rule.MHSDS) else shown_count(round(value), Rule.HES)
