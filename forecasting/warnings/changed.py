"""Whether the number over a threshold really changed: the trend engine's verdict on whole, comparable figures alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from forecasting.warnings.past import MEASURE_OVER, ListPast
from forecasting.warnings.warning import Counted
from waitlists.domain import Measure
from waitlists.suppression import Rule, shown_count
from waitlists.suppression.rules import STEP, is_small
from waitlists.trends.decisions import Charted
from waitlists.trends.presence import taken_over
from waitlists.trends.steps import AskedTrend, Incomparable, Rebase, Step
from waitlists.trends.stored import StoredTrend, breaks_of, steps_of, stored_trend
from waitlists.trends.unbalanced import told_breaks


class Verdict(NamedTuple):
    """Whether the newest figure is a real change, and whether for the worse; None where that is not known."""

    is_real: bool | None
    is_worse: bool | None


UNKNOWN: Final = Verdict(None, None)


def verdict_of(past: ListPast, *, over_days: int, standard_id: str, as_of: date, is_exact: bool) -> Verdict:
    """The verdict on the number over a wait; nothing is said of old steps, nor of those partly missing or in doubt.

    It is that of the trend of the same series, so that a warning and a chart never say two things of one number. Where
    it hangs on a sudden step of the list that nothing explains, or on a week that its flows do not, it is not known.

    Parameters
    ----------
    is_exact
        Whether exact figures are judged, or those that are shown to whoever may not see exact ones.
    """
    if not past.is_current or not past.steps[-1].is_whole or past.sizes.blocks or past.may_lack_others:
        return UNKNOWN
    measure = MEASURE_OVER.get(over_days)
    steps = _uncharted(past, over_days, standard_id) if measure is None else steps_of(past.series(measure))
    asked = replace(_charted(past, measure, as_of), is_rounded=not is_exact)
    doubted = (one.as_break for one in past.unbalanced)
    cautious = replace(asked, breaks=_once((*asked.breaks, *doubted, *past.changes)))
    shown = steps if is_exact else [_seen(past, place, one, over_days) for place, one in enumerate(steps)]
    ways = (asked,) if asked.breaks == cautious.breaks else (asked, cautious)
    found = {_judged(newest, way) for newest in _may_be(shown, is_exact=is_exact) for way in ways}
    return found.pop() if len(found) == 1 else UNKNOWN


def _uncharted(past: ListPast, over_days: int, standard_id: str) -> Sequence[Step]:
    """The number over a wait that no trend shows, of whole steps."""
    return [Step(one.period_end, one.over(over_days, standard_id) if one.is_whole else None) for one in past.steps]


def _charted(past: ListPast, measure: Measure | None, as_of: date) -> AskedTrend:
    """What the trend of a measure is judged by: breaks and decisions about it, as on its chart."""
    key, freq = past.sizes.key, past.sizes.freq
    breaks, rebases = past.changes, tuple[Rebase, ...]()
    if measure is not None:
        place = Charted(service=key.service, org=key.org, measure=measure, freq=freq, source=key.source)
        uneven = told_breaks(past.unbalanced)
        breaks = (*past.came, *uneven, *taken_over(key.service, key.org), *breaks_of(past.series(measure)))
        decided = (one for one in past.decisions if one.what == "rebase" and one.about.covers(place))
        rebases = tuple(one.as_rebase for one in decided)
    return AskedTrend(
        measure=measure or Measure.OVER_18_WEEKS,
        of="",
        people="children",
        freq=freq,
        cut_off=as_of,
        suggests=False,
        breaks=_once(one for one in breaks if past.steps[0].period_end < one.period_end <= past.steps[-1].period_end),
        rebases=rebases,
        is_awaited=past.is_awaited,
    )


def _once(breaks: Iterable[Incomparable]) -> tuple[Incomparable, ...]:
    """Once a period, in their order."""
    by_period = {one.period_end: one for one in breaks}
    return tuple(by_period[period] for period in sorted(by_period))


def _seen(past: ListPast, place: int, step: Step, over_days: int) -> Step:
    """A step as its own sheet shows it, where the list has sheets; else rounded by itself."""
    point = past.sizes.points[place]
    if step.value is None:
        return step
    counted = Counted(point.vintage_id or 0, past.org, point.period_end)
    shown = _rounded(step.value) if past.shown is None else past.shown.over(counted, over_days)
    return step._replace(value=shown, is_suppressed=shown is None)


def _may_be(steps: Sequence[Step], *, is_exact: bool) -> Iterator[Sequence[Step]]:
    """The steps with all that the newest may be: rounding hides up to 2, and a verdict that hangs on it is none."""
    *before, last = steps
    for moved in (0,) if is_exact or last.value is None else (0, -(STEP // 2), STEP // 2):
        yield [*before, last._replace(value=None if last.value is None else max(0.0, last.value + moved))]


def _judged(steps: Sequence[Step], asked: AskedTrend) -> Verdict:
    return newest_verdict(stored_trend(steps, asked))


def newest_verdict(found: StoredTrend) -> Verdict:
    """What a trend says of its newest step, and of no older one."""
    variation, newest = found.judged_variation, found.steps[-1]
    if found.real_change is None or variation is None or found.trend.judged_on != newest.period_end:
        return UNKNOWN
    if not newest.value and variation.startswith("concern"):
        # An empty list after a long one can look odd to an adjusted chart; it is nothing to be concerned about.
        return UNKNOWN
    return Verdict(found.real_change, variation.startswith("concern"))


def _rounded(value: float) -> float | None:
    """Rounded and hidden as the stricter of both rules would: small ones are not even told apart from nobody."""
    return None if is_small(round(value), Rule.MHSDS) else shown_count(round(value), Rule.HES)
