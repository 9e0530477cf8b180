"""When a list may clear, in its plain form: from the list and its flows where flows are published, else a reason.

Three different questions, each answered by name: when today's list is gone (`run_off`), when nobody waits over a
threshold any more (`threshold`), and when the list is small enough to hold a standard (`sustainable`). Section (e) of
docs/methods.md. Nothing is guessed from list sizes alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from forecasting.flow.first_passage import chance_by_week, chance_ever
from forecasting.flow.rates import PERIODS, Rate, recent_rate
from forecasting.prepare import STALE_STEPS
from forecasting.results import CLEARANCE_KINDS, Clearance, ClearanceAnswer, CurvePoint
from waitlists.counts.histories import ListHistory
from waitlists.domain import Measure, SeriesKey
from waitlists.periods import steps_between
from waitlists.series import Series, SeriesPoint, build_series
from waitlists.sources import Freq

HORIZON_WEEKS = 104
UNITS: Mapping[Freq, str] = {"M": "months", "W": "weeks"}
THRESHOLD_WEEKS = 52
NOT_PUBLISHED = "flows_not_published"
CAPACITY_NOTE = "Flows are not published, so required capacity cannot be worked out."
CAPACITY_LATER = "Required capacity is not worked out yet."


@dataclass(frozen=True, slots=True)
class Goal:
    """The standard a sustainable list holds: a share of children waiting within so many weeks."""

    standard_id: str
    weeks: float
    share: float


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one list on a day: its size, when, how many wait over 52 weeks, and its flows."""

    period_end: date
    list_size: float
    over_threshold: float | None
    removals: Rate | None
    referrals: Rate | None
    freq: Freq = "M"


def clear_all(histories: Iterable[ListHistory], *, as_of: date, goals: dict[str, Goal]) -> list[Clearance]:
    """The clearance answers of every list with a usable figure as known on `as_of`, in key order.

    Parameters
    ----------
    goals
        By service: the standard its list is to hold; a service without one gets no sustainable answer.
    """
    found = [
        clearance
        for history in histories
        for org in history.orgs
        if (clearance := clearance_of(history, org=org, as_of=as_of, goal=goals.get(history.service))) is not None
    ]
    return sorted(found, key=lambda clearance: (clearance.source, clearance.service, clearance.org))


def clearance_of(history: ListHistory, *, org: str, as_of: date, goal: Goal | None) -> Clearance | None:
    """All three answers about one list, or None where no list size was ever usable."""
    sizes = _series(history, org, Measure.LIST_SIZE, as_of)
    last = _last_usable(sizes)
    if last is None or last.adjusted is None:
        return None
    over = _series(history, org, Measure.OVER_52_WEEKS, as_of)
    known = Known(
        period_end=last.period_end,
        list_size=last.adjusted,
        over_threshold=next((point.adjusted for point in over.points if point.period_end == last.period_end), None),
        removals=recent_rate(history, org=org, measure=Measure.REMOVALS, as_of=as_of),
        referrals=recent_rate(history, org=org, measure=Measure.REFERRALS, as_of=as_of),
        freq=sizes.freq,
    )
    blocks = sizes.blocks or _stale(sizes, last)
    answers = _blocked(blocks) if blocks else (run_off(known), threshold(known), sustainable(known, goal))
    note = CAPACITY_NOTE if known.removals is None else CAPACITY_LATER
    return Clearance(history.source, history.service, org, as_of, answers, note=note)


def run_off(known: Known) -> ClearanceAnswer:
    """When nobody of today's list is left, new referrals ignored: list over removals a week, with its range."""
    if known.list_size == 0:
        return _already("run_off", f"Nobody was waiting at {_day(known.period_end)}.")
    if known.removals is None:
        return _not_published("run_off")
    what = f"If nobody new were referred, the list of {_number(known.list_size)} at {_day(known.period_end)}"
    rate = known.removals
    return _passage("run_off", known, known.list_size, rate.per_week, rate.variance, what)


def threshold(known: Known) -> ClearanceAnswer:
    """When nobody waits over 52 weeks: answered where that is so already; more needs the ages of those waiting."""
    if known.over_threshold == 0:
        sentence = f"Nobody was waiting over {THRESHOLD_WEEKS} weeks at {_day(known.period_end)}."
        # It holds today; how likely it is to stay so is another question, so no chance is given.
        return ClearanceAnswer("threshold", "already", sentence)
    if known.removals is None:
        return _not_published("threshold")
    sentence = (
        f"When nobody will wait over {THRESHOLD_WEEKS} weeks is not worked out: that depends on who is seen first,"
        " and not only on how many are."
    )
    return ClearanceAnswer("threshold", "insufficient_data", sentence, reason="removals_by_wait_not_modelled")


def sustainable(known: Known, goal: Goal | None) -> ClearanceAnswer:
    """When the list is small enough to hold the standard, the longest wait seen first: referrals x weeks / share."""
    if known.removals is None or known.referrals is None:
        return _not_published("sustainable")
    if goal is None:
        sentence = "No share is due for this list by then, so there is no size it should come down to."
        return ClearanceAnswer("sustainable", "insufficient_data", sentence, reason="no_share_due")
    target = known.referrals.per_week * goal.weeks / goal.share
    excess, drift = known.list_size - target, known.removals.per_week - known.referrals.per_week
    if excess <= 0 and drift < 0:
        sentence = (
            f"The list is at or below {_number(target)}, which {goal.standard_id} needs, but more join than leave."
        )
        return ClearanceAnswer("sustainable", "never", sentence, reason="more_join_than_leave")
    if excess <= 0:
        return _already("sustainable", f"The list is at or below {_number(target)}, which {goal.standard_id} needs.")
    what = f"A list of at most {_number(target)}, which {goal.standard_id} needs if the longest wait is seen first,"
    variance = known.removals.variance + known.referrals.variance
    return _passage("sustainable", known, excess, drift, variance, what)


def _passage(kind: str, known: Known, excess: float, drift: float, variance: float, what: str) -> ClearanceAnswer:
    """The answer from the chance, week by week, that `excess` is gone."""
    chances = chance_by_week(excess, drift=drift, variance=variance, weeks=HORIZON_WEEKS).tolist()
    days = [known.period_end + timedelta(weeks=week) for week in range(1, HORIZON_WEEKS + 1)]
    p10, p50, p90 = (_first(days, chances, level) for level in (0.1, 0.5, 0.9))
    ends = chances[-1]
    status = "never" if drift <= 0 else "ok" if ends >= 0.5 else "unlikely"
    return ClearanceAnswer(
        kind=kind,
        status=status,
        sentence=_sentence(what, kind, status, p10, p90, days[-1], known.freq),
        p_by_horizon=ends,
        p_never_within_horizon=1 - ends,
        p10=p10,
        p50=p50 if status == "ok" else None,
        p90=p90,
        curve=tuple(CurvePoint(day, chance) for day, chance in zip(days, chances, strict=True)),
        details={
            "list_size": known.list_size,
            "removals_per_week": known.removals.per_week if known.removals else None,
            "referrals_per_week": known.referrals.per_week if known.referrals else None,
            "weeks_at_this_pace": excess / drift if drift > 0 else None,
            "p_ever": chance_ever(excess, drift=drift, variance=variance),
        },
    )


def _sentence(what: str, kind: str, status: str, p10: date | None, p90: date | None, end: date, freq: Freq) -> str:
    pace = f"at the pace of the last {PERIODS[freq]} {UNITS[freq]}"
    if status == "never":
        why = "nobody left the list" if kind == "run_off" else "no more children leave than join"
        return f"{what} is not in sight {pace}: {why}."
    if status == "unlikely":
        return f"{what} is more likely than not still to come on {_day(end)}, {pace}."
    until = f"and {_day(p90)}" if p90 else f"and some time after {_day(end)}"
    verb = "would be gone" if kind == "run_off" else "is reached"
    return f"{what} {verb} likely between {_day(p10 or end)} {until}, {pace}."


def _first(days: list[date], chances: list[float], level: float) -> date | None:
    return next((day for day, chance in zip(days, chances, strict=True) if chance >= level), None)


def _already(kind: str, sentence: str) -> ClearanceAnswer:
    return ClearanceAnswer(kind, "already", sentence, p_by_horizon=1.0, p_never_within_horizon=0.0)


def _not_published(kind: str) -> ClearanceAnswer:
    sentence = "Flows are not published for this list, so no clearance time can be given."
    return ClearanceAnswer(kind, "insufficient_data", sentence, reason=NOT_PUBLISHED)


def _stale(sizes: Series, last: SeriesPoint) -> tuple[str, ...]:
    """A list last seen three periods before the newest file is not the list of today."""
    steps_since = steps_between(last.period_end, sizes.points[-1].period_end, sizes.freq)
    if steps_since < STALE_STEPS:
        return ()
    ago = f"{steps_since} {UNITS[sizes.freq]}"
    return (f"The last usable figure is of {_day(last.period_end)}, {ago} before the newest file.",)


def _blocked(blocks: tuple[str, ...]) -> tuple[ClearanceAnswer, ...]:
    reason = " ".join(blocks)
    sentence = "No clearance time is given, because the figures of this list cannot be relied on."
    return tuple(ClearanceAnswer(kind, "blocked", sentence, reason=reason) for kind in CLEARANCE_KINDS)


def _series(history: ListHistory, org: str, measure: Measure, as_of: date) -> Series:
    return build_series(history, SeriesKey(history.source, history.service, org, measure), as_of=as_of)


def _last_usable(series: Series) -> SeriesPoint | None:
    return next((point for point in reversed(series.points) if point.adjusted is not None), None)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _number(count: float) -> str:
    return f"{count:,.0f}"
