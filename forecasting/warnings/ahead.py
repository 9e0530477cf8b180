"""Who is due to cross a threshold from the newest figures of a list, and who crossed since the week or month before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from forecasting.flow.breaches import newly_over, not_yet_referred
from forecasting.flow.census import Census
from forecasting.flow.outlook import Outlook, alike, outlook, recent
from forecasting.flow.ranges import Checked, Pool, Range, ranges
from forecasting.flow.rates import recent_rate
from forecasting.warnings.past import ListPast, PastStep
from forecasting.warnings.warning import Due
from waitlists.domain import Measure


@dataclass(frozen=True, slots=True, eq=False)
class Prospect:
    """What is ahead of a list before ranges are put around it, and who crossed since the week or month before."""

    outlook: Outlook | None = None
    lately: tuple[Census, ...] = ()
    newly: int | None = None
    newly_since: date | None = None


NOTHING: Final = Prospect()


def prospect_of(past: ListPast, *, over_days: int) -> Prospect:
    """What is ahead of a list; nothing where its newest figures may not be its own, or say nothing of the threshold."""
    step = past.last
    census = step.census if step else None
    if step is None or census is None or past.sizes.blocks or over_days >= census.open_from:
        return NOTHING
    steps = _comparable(past, step)
    whole = [one.census if one.is_whole else None for one in steps]
    found = outlook(whole, census, freq=past.sizes.freq, over_days=over_days)
    newest, known = alike(whole, census, over_days=over_days)
    lately = recent(known, newest, past.sizes.freq)
    before = [one.on for one in lately[:-1]][-1:]
    if not past.is_current or not step.is_whole or before != [one.period_end for one in steps[:-1]][-1:] or not before:
        return Prospect(found, tuple(lately))
    return Prospect(found, tuple(lately), round(newly_over(lately, over_days=over_days)), before[0])


def due_of(
    past: ListPast, found: Prospect, pool: Pool, *, over_days: int, as_of: date
) -> tuple[tuple[Due, ...], tuple[Checked, ...]]:
    """Children due to cross by horizon with their ranges, and how such ranges turned out before."""
    if found.outlook is None:
        return (), ()
    since = _since(past, found.lately[-1].on)
    per_week = recent_rate(past.history, org=past.org, measure=Measure.REFERRALS, as_of=as_of, since=since)
    around, checked = ranges(found.outlook, pool)
    return tuple(_due(one, found.lately, over_days=over_days, per_week=per_week) for one in around), checked


def _comparable(past: ListPast, newest: PastStep) -> Sequence[PastStep]:
    """The steps since figures last stopped being comparable, up to the newest usable one."""
    first = _since(past, newest.period_end)
    return [step for step in past.steps if first <= step.period_end <= newest.period_end]


def _since(past: ListPast, day: date) -> date:
    """The first step that is comparable with that of a day."""
    return max((cut.period_end for cut in past.changes if cut.period_end <= day), default=date.min)


def _due(found: Range, lately: Sequence[Census], *, over_days: int, per_week: float | None) -> Due:
    return Due(
        weeks=found.weeks,
        by=lately[-1].on + timedelta(weeks=found.weeks),
        p10=found.p10,
        p50=found.p50,
        p90=found.p90,
        probability=found.probability,
        not_yet_referred=not_yet_referred(lately, over_days=over_days, days=7 * found.weeks, per_week=per_week),
    )
