"""What a list of referrals says of its queue in a window: flows, load, waits, pressure, target sizes, relief capacity.

A child is open on a day when referred on or before it and not removed by the end of it; flows are counted after the
first day of the window and up to its last. Rates divide by the window's length in weeks, never by gaps between
referrals. The formulas are those of `formulas` and of docs/methods.md, section on queue metrics.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from waitlists import formulas
from waitlists.errors import BadArgument

TREATED: Final = ("seen", "assessed", "treated", "equipment_delivered")
"""Reasons for leaving a list that mean a child got what the wait was for."""

OTHER_EXITS: Final = (
    "rejected",
    "declined",
    "discharged_unseen",
    "transferred",
    "aged_out",
    "died",
    "data_correction",
)
"""Reasons for leaving a list that never count as seen."""


class Stay(NamedTuple):
    """One referral's time on the list; `removal` is None while still waiting."""

    referral: date
    removal: date | None
    reason: str = "treated"


@dataclass(frozen=True, slots=True)
class Window:
    """Two census days; flows are counted after the first and up to the second."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise BadArgument("the window ends before it starts", field="end")

    @property
    def weeks(self) -> float:
        """Length in weeks, 0 for a window of one day."""
        return (self.end - self.start).days / 7

    def holds(self, day: date) -> bool:
        """Whether a flow on the day belongs to the window."""
        return self.start < day <= self.end


@dataclass(frozen=True, slots=True)
class QueueTarget:
    """What the list is measured against: a share that should wait less than so many weeks, reached in so many weeks."""

    wait_weeks: float
    share: float
    weeks_to_target: float

    def __post_init__(self) -> None:
        if not 0 < self.wait_weeks < float("inf"):
            raise BadArgument("expected a target wait of more than 0 weeks", field="target_wait")
        if not 0 < self.share < 1:
            raise BadArgument("expected a share above 0 and below 1", field="percentile")
        if not 0 < self.weeks_to_target < float("inf"):
            raise BadArgument("expected more than 0 weeks to reach the target in", field="weeks_to_target")


@dataclass(frozen=True, slots=True)
class QueueMetrics:
    """The queue in a window, in the words and units of `waitlists analyse queue`; None where nothing can be said."""

    status: Literal["ok", "insufficient_data"]
    start: date
    end: date
    weeks: float
    rows_used: int
    open_start: int
    open_end: int
    referrals: int
    removals: int
    residual: int
    removals_by_reason: Mapping[str, int]
    demand_per_week: float | None
    treated_per_week: float | None
    other_per_week: float | None
    load: float | None
    load_all_exits: float | None
    mean_wait_weeks: float | None
    median_wait_weeks: float | None
    p92_wait_weeks: float | None
    max_wait_weeks: float | None
    pressure: float | None
    tail_factor: float | None
    target_queue_random: float | None
    target_queue_fifo: float | None
    queue_too_big: bool | None
    relief_capacity: float | None
    notes: tuple[str, ...]
    """Reasons for a None, or for a 0 that stands for less than nothing, in the words of `formulas`."""


def is_usable(referral: date | None, removal: date | None) -> bool:
    """Whether a row can be counted: it has a referral, and is not removed before it."""
    return referral is not None and (removal is None or removal >= referral)


def whole_window(stays: Sequence[Stay]) -> Window:
    """From the day before the first referral to the latest date of any kind.

    Raises
    ------
    BadArgument
        Without any stay, or when the calendar has no day before the first referral.
    """
    if not stays:
        raise BadArgument("expected at least one referral", field="stays")
    first = min(stay.referral for stay in stays)
    if first == date.min:
        raise BadArgument("there is no day before the first referral; say where the window starts", field="start")
    last = max(max(stay.referral, stay.removal or stay.referral) for stay in stays)
    return Window(first - timedelta(days=1), last)


def open_on(stays: Iterable[Stay], day: date) -> int:
    """How many are on the list at the close of a day."""
    return sum(_is_open(stay, day) for stay in stays)


def queue_metrics(stays: Sequence[Stay], window: Window, target: QueueTarget) -> QueueMetrics:
    """Every metric of the queue in a window; rates are None in a window without length."""
    by_reason = _removals(stays, window)
    referrals, removals = sum(window.holds(stay.referral) for stay in stays), sum(by_reason.values())
    open_start, open_end = open_on(stays, window.start), open_on(stays, window.end)
    waits = sorted((window.end - stay.referral).days for stay in stays if _is_open(stay, window.end))
    mean = sum(waits) / len(waits) / 7 if waits else None
    rates = _rates(referrals, by_reason, window.weeks, target)
    reaching = _reaching(rates.demand, rates.target_random, open_end, target)
    return QueueMetrics(
        status="ok" if window.weeks else "insufficient_data",
        start=window.start,
        end=window.end,
        weeks=window.weeks,
        rows_used=len(stays),
        open_start=open_start,
        open_end=open_end,
        referrals=referrals,
        removals=removals,
        residual=open_start + referrals - removals - open_end,
        removals_by_reason=by_reason,
        demand_per_week=rates.demand,
        treated_per_week=rates.treated,
        other_per_week=rates.other,
        load=rates.load.value,
        load_all_exits=rates.load_all_exits.value,
        mean_wait_weeks=mean,
        median_wait_weeks=_quantile_weeks(waits, 0.5),
        p92_wait_weeks=_quantile_weeks(waits, 0.92),
        max_wait_weeks=waits[-1] / 7 if waits else None,
        pressure=None if mean is None else formulas.pressure(mean, target.wait_weeks).value,
        tail_factor=formulas.tail_factor(target.share).value,
        target_queue_random=rates.target_random,
        target_queue_fifo=rates.target_fifo,
        queue_too_big=None if rates.target_random is None else open_end > 2 * rates.target_random,
        relief_capacity=reaching.value,
        notes=tuple(found for found in (rates.load.reason, reaching.reason) if found),
    )


class _Rates(NamedTuple):
    demand: float | None = None
    treated: float | None = None
    other: float | None = None
    load: formulas.Answer = formulas.Answer(None)
    load_all_exits: formulas.Answer = formulas.Answer(None)
    target_random: float | None = None
    target_fifo: float | None = None


def _rates(referrals: int, by_reason: Mapping[str, int], weeks: float, target: QueueTarget) -> _Rates:
    if not weeks:
        return _Rates()
    seen = sum(by_reason.get(reason, 0) for reason in TREATED)
    exits = sum(by_reason.values())
    demand, factor = referrals / weeks, formulas.tail_factor(target.share).value or 0.0
    return _Rates(
        demand=demand,
        treated=seen / weeks,
        other=(exits - seen) / weeks,
        # Of the counts, not of the rates: a steady list shows exactly 1.
        load=formulas.load(referrals, seen),
        load_all_exits=formulas.load(referrals, exits),
        target_random=formulas.target_queue(demand, target.wait_weeks, factor).value,
        target_fifo=formulas.target_queue_fifo(demand, target.wait_weeks, target.share).value,
    )


def _reaching(demand: float | None, wanted: float | None, size: int, target: QueueTarget) -> formulas.Answer:
    if demand is None or wanted is None:
        return formulas.Answer(None)
    return formulas.relief_capacity(demand, size, wanted, target.weeks_to_target)


def _removals(stays: Iterable[Stay], window: Window) -> dict[str, int]:
    """Exits in the window by reason, those that happened, treated ones first."""
    found = Counter(stay.reason for stay in stays if stay.removal is not None and window.holds(stay.removal))
    return {reason: found[reason] for reason in (*TREATED, *OTHER_EXITS) if found[reason]}


def _is_open(stay: Stay, day: date) -> bool:
    return stay.referral <= day and (stay.removal is None or stay.removal > day)


def _quantile_weeks(waits: Sequence[int], q: float) -> float | None:
    """Linear between the two waits beside position (n - 1) q; `waits` are days, shortest first."""
    if not waits:
        return None
    whole, part = divmod((len(waits) - 1) * q, 1)
    below = waits[int(whole)]
    above = waits[min(int(whole) + 1, len(waits) - 1)]
    return (below + (above - below) * part) / 7
