"""What the figures of one list say of one standard on a day: from its past to the facts that a warning is made of.

Two steps, since lists of a source share the errors of their past: `looked_at` each list alone, then `assessed` with
what all of them gave.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from forecasting.flow.ranges import Pool
from forecasting.warnings.ahead import NOTHING, Prospect, due_of, prospect_of
from forecasting.warnings.caveats import Away, caveats_of
from forecasting.warnings.changed import UNKNOWN, Verdict, verdict_of
from forecasting.warnings.falls import Fall, fall_of
from forecasting.warnings.past import ListPast, PastStep
from forecasting.warnings.warning import Assessment, Counted, Tail
from forecasting.warnings.watched import TAIL_WEEKS, Watch, watch_of
from waitlists.bands import CHS_BANDS
from waitlists.domain import Level
from waitlists.services import SERVICES
from waitlists.standards import Standard, last_day_within
from waitlists.trends.presence import Gone


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A list beside a standard: its newest usable step, what is watched of it, and what is ahead."""

    past: ListPast
    standard: Standard
    watch: Watch
    step: PastStep
    place: int
    prospect: Prospect
    unsettled: tuple[Gone, ...]
    fall: Fall | None
    known_to: date | None

    def over(self, over_days: int) -> int | None:
        """Children over a wait in the newest usable step."""
        value = self.step.over(over_days, self.standard.id)
        return None if value is None else round(value)

    @property
    def about(self) -> int | None:
        """Children the standard is about, where those over are of a part of the list."""
        return _about_part(self.step, self.standard, self.watch)

    @property
    def before(self) -> PastStep | None:
        """The week or month before, where its figures are whole and may be compared."""
        step = self.past.steps[self.place - 1] if self.place and self.past.is_comparable(self.place) else None
        return step if step and step.is_whole else None

    @property
    def is_certain(self) -> bool:
        """Whether the figures are the source's newest, whole and this list's own."""
        return self.past.is_current and self.step.is_whole and not self.past.sizes.blocks

    @property
    def is_settled(self) -> bool:
        """Whether nobody went, and nothing fell without a cause, since somebody last answered for the list."""
        return not (self.unsettled or self._is_unsettled_fall or self._is_less_than_flows)

    @property
    def away(self) -> Away:
        """What left without being seen: since somebody answered for the list, or lately."""
        who = tuple(dict.fromkeys(one.org for one in (*self.unsettled, *self.past.lately_gone)))
        is_told = self.fall is not None and (self._is_unsettled_fall or self.fall.since >= self.past.lately)
        return Away(who, self.fall if is_told else None)

    @property
    def _is_unsettled_fall(self) -> bool:
        return self.fall is not None and self.known_to is not None and self.fall.known_from > self.known_to

    @property
    def _is_less_than_flows(self) -> bool:
        """Whether clearly fewer wait than who joined and who left make it, since somebody answered for the list."""
        fell = (one.known_from for one in self.past.unbalanced if one.is_large and one.residual > 0)
        return self.known_to is not None and any(day > self.known_to for day in fell)


def looked_at(
    past: ListPast, standard: Standard, *, before: Watch | None, known_to: date | None = None
) -> Looked | None:
    """A list beside a standard, None where no figure of it was ever usable.

    Parameters
    ----------
    before
        What was watched last time.
    known_to
        The last day on which a standing warning was raised or taken: providers that went later, and falls without a
        cause, are nothing that anybody answered for.
    """
    place, step = past.last_place, past.last
    if place is None or step is None:
        return None
    watch = watch_of(standard, lambda days: _share_over(step, standard, days), before=before)
    unsettled = tuple(one for one in past.gone if known_to is not None and one.known_from > known_to)
    fall = fall_of(past, over_days=watch.over_days, standard_id=standard.id)
    is_part = _about_part(step, standard, watch) is not None
    ahead = NOTHING if is_part else prospect_of(past, over_days=watch.over_days)
    return Looked(past, standard, watch, step, place, ahead, unsettled, fall, known_to)


def assessed(looked: Looked, pool: Pool, *, level: Level, as_of: date) -> Assessment:
    """What is known of a list beside a standard.

    Parameters
    ----------
    pool
        Past errors of all lists of the source.
    """
    past, standard, step = looked.past, looked.standard, looked.step
    over_days = looked.watch.over_days
    every, checked = due_of(past, looked.prospect, pool, over_days=over_days, as_of=as_of)
    due = tuple(one for one in every if one.by > as_of)
    held = tuple(one for one in checked if one.weeks in {ahead.weeks for ahead in due})
    found = looked.prospect.outlook if due else None
    away = looked.away
    exact, rounded = (
        _trusted(verdict_of(past, over_days=over_days, standard_id=standard.id, as_of=as_of, is_exact=one), away.fall)
        for one in (True, False)
    )
    return Assessment(
        **_about(looked),
        **_counts(looked),
        level=level,
        as_of=as_of,
        newly_over=due,
        method=found.method if found else None,
        basis=found.basis if found else None,
        held=held,
        real_change=exact.is_real,
        is_worse=exact.is_worse,
        real_change_shown=rounded.is_real,
        is_worse_shown=rounded.is_worse,
        change_told=past.shown_under,
        coverage=step.point.coverage,
        missing=tuple(one.org for one in step.missing),
        caveats=caveats_of(past, standard, found, held, is_part=looked.about is not None, away=away, as_of=as_of),
        is_whole=looked.is_certain and looked.is_settled,
        moved_to=past.moved_to,
    )


def _trusted(found: Verdict, fall: Fall | None) -> Verdict:
    """A verdict but for one that calls a fall of the number better that nothing explains."""
    is_better = found.is_real is True and not found.is_worse
    return UNKNOWN if is_better and fall is not None and not fall.is_of_list else found


def _about(looked: Looked) -> dict[str, Any]:
    history, standard, service = looked.past.history, looked.standard, SERVICES[looked.past.history.service]
    return {
        "source": history.source,
        "service": service.code,
        "org": looked.past.org,
        "standard_id": standard.id,
        "threshold_days": standard.threshold_days,
        "over_days": looked.watch.over_days,
        "subject": looked.watch.subject,
        "period_end": looked.step.period_end,
        "freq": looked.past.sizes.freq,
        "is_proxy": service.proxy_note_in(history.source) is not None,
        "is_synthetic": history.is_synthetic,
    }


def _counts(looked: Looked) -> dict[str, Any]:
    change, since = _change(looked)
    return {
        "about": looked.about,
        "waiting": round(looked.step.point.adjusted or 0),
        "over_now": looked.over(looked.watch.over_days),
        "over_standard": looked.over(last_day_within(looked.standard)),
        "newly_over_now": looked.prospect.newly,
        "newly_since": looked.prospect.newly_since,
        "tail": tuple(Tail(weeks, looked.over(7 * weeks)) for weeks in TAIL_WEEKS if _is_tail(weeks, looked.standard)),
        "longest_band": _longest(looked.step),
        "change": change,
        "change_since": since,
        "counted": _counted(looked.step),
        "counted_before": () if change is None or looked.before is None else _counted(looked.before),
    }


def _about_part(step: PastStep, standard: Standard, watch: Watch) -> int | None:
    """Long waits are counted of the whole list; so are those of a standard that nobody is excepted from."""
    about = step.about(standard.id) if watch.subject == "threshold" else None
    return None if about == step.point.adjusted else about


def _share_over(step: PastStep, standard: Standard, days: int) -> float | None:
    """Of those it is counted of: of a standard about some of the list these alone, of any longer wait all who wait."""
    about = step.about(standard.id) if days == last_day_within(standard) else None
    over, whole = step.over(days, standard.id), step.point.adjusted if about is None else about
    return None if over is None or not whole else over / whole


def _change(looked: Looked) -> tuple[int | None, date | None]:
    """By how much the number over changed since the week or month before; of whole figures only."""
    if looked.before is None or not looked.is_certain:
        return None, None
    was = looked.before.over(looked.watch.over_days, looked.standard.id)
    over_now = looked.over(looked.watch.over_days)
    return (None, None) if was is None or over_now is None else (over_now - round(was), looked.before.period_end)


def _counted(step: PastStep) -> tuple[Counted, ...]:
    periods = (step.period_end, *(one.last_period for one in step.missing))
    return tuple(Counted(one.vintage_id, one.org, period) for one, period in zip(step.parts, periods, strict=True))


def _is_tail(weeks: int, standard: Standard) -> bool:
    return 7 * weeks > last_day_within(standard)


def _longest(step: PastStep) -> str | None:
    """The longest wait of all, as the band it lies in; None where a band is unknown or nobody waits."""
    counts = [[part.cells.counts.get(band.label) for part in step.parts] for band in CHS_BANDS]
    if any(None in band for band in counts):
        return None
    return next((band.label for band, count in zip(CHS_BANDS[::-1], counts[::-1], strict=True) if any(count)), None)
