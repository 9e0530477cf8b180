"""The three questions of clearance about one list, answered from where its flows lead, in numbers and in a sentence.

When today's list is gone (`run_off`), when nobody waits over a threshold any more (`threshold`), and when the list is
small enough to hold a standard (`sustainable`): never mixed. Section (e) of docs/methods.md.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from forecasting.flow.rates import PERIODS
from forecasting.flow.replay import Course, chances_at_most
from forecasting.flow.tracks import Kind
from forecasting.kept_ranges import DAYS_TOO_NARROW, Kept, how_sure, kept_in, kept_words, to_hold, within_a_year
from forecasting.results import CLEARANCE_KINDS, ClearanceAnswer, CurvePoint
from forecasting.scores import FloatArray
from waitlists.sources import Freq

HORIZON_WEEKS: Final = 104
YEAR: Final = 52
"""Weeks: the threshold of those who wait too long, and how far ahead a list is asked to have cleared."""

UNITS: Final[Mapping[Freq, str]] = {"M": "months", "W": "weeks"}
NOT_PUBLISHED: Final = "flows_not_published"
_HALF_A_CHILD: Final = 0.5


@dataclass(frozen=True, slots=True)
class Goal:
    """The standard a sustainable list holds: a share of children waiting within so many weeks."""

    standard_id: str
    weeks: float
    share: float


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one list on a day: its size, when, how many wait over 52 weeks, and where its flows lead.

    `joined` is how many are referred a week, of all months or weeks in which that is known, `left` is of children who
    leave, `grown` of the list's size, `over` of the number over 52 weeks; None where too little is published. `blocks`
    are the reasons, in sentences, to answer nothing.
    """

    period_end: date
    list_size: float
    over_threshold: float | None
    freq: Freq
    joined: float | None = None
    left: Course | None = None
    grown: Course | None = None
    over: Course | None = None
    blocks: tuple[str, ...] = ()


def run_off(known: Known) -> ClearanceAnswer:
    """When nobody of today's list is left, new referrals ignored: when as many have left as are on it."""
    if known.list_size == 0:
        sentence = f"Nobody was waiting at {in_words(known.period_end)}."
        return replace(
            _already("run_off", sentence), p_within_52_weeks=1.0, p_by_horizon=1.0, p_never_within_horizon=0.0
        )
    if known.left is None:
        return _not_published("run_off")
    what = f"If nobody new were referred, the list of {_number(known.list_size)} at {in_words(known.period_end)}"
    chances = 1 - chances_at_most(known.left.by_week(HORIZON_WEEKS), known.list_size - _HALF_A_CHILD)
    weeks = known.list_size / known.left.pace if known.left.pace > 0 else None
    return _passage("run_off", known, known.left, chances, what, weeks)


def threshold(known: Known) -> ClearanceAnswer:
    """When nobody waits over 52 weeks: their number carried on as it changed lately."""
    if known.over_threshold == 0:
        return _already("threshold", f"Nobody was waiting over {YEAR} weeks at {in_words(known.period_end)}.")
    if known.left is None:
        return _not_published("threshold")
    if known.over is None or known.over_threshold is None:
        sentence = f"When nobody will wait over {YEAR} weeks is not worked out: their number is not known often enough."
        return ClearanceAnswer("threshold", "insufficient_data", sentence, reason="over_52_weeks_not_known")
    what = f"A list without anybody waiting over {YEAR} weeks, of {_number(known.over_threshold)} who did,"
    chances = chances_at_most(known.over.by_week(HORIZON_WEEKS), _HALF_A_CHILD)
    weeks = -known.over_threshold / known.over.pace if known.over.pace < 0 else None
    return _passage("threshold", known, known.over, chances, what, weeks)


def sustainable(known: Known, goal: Goal | None) -> ClearanceAnswer:
    """When the list is small enough to hold the standard, the longest wait seen first: referrals x weeks / share."""
    if known.left is None or known.grown is None or known.joined is None:
        return _not_published("sustainable")
    if goal is None:
        sentence = "No share is due for this list by then, so there is no size it should come down to."
        if known.grown.pace > 0:
            sentence += " More join than leave, so at the recent pace it will not clear."
        return _undated(known, known.grown, "insufficient_data", "no_share_due", sentence)
    growth = known.grown.pace
    target = known.joined * goal.weeks / goal.share
    if known.list_size <= target and growth > 0:
        sentence = (
            f"The list is at or below {_number(target)}, which {goal.standard_id} needs, but more join than leave."
        )
        return _undated(known, known.grown, "never", "more_join_than_leave", sentence)
    if known.list_size <= target:
        return _already("sustainable", f"The list is at or below {_number(target)}, which {goal.standard_id} needs.")
    what = f"A list of at most {_number(target)}, which {goal.standard_id} needs if the longest wait is seen first,"
    chances = chances_at_most(known.grown.by_week(HORIZON_WEEKS), target)
    weeks = (target - known.list_size) / growth if growth < 0 else None
    return _passage("sustainable", known, known.grown, chances, what, weeks)


def _undated(known: Known, grown: Course, status: str, reason: str, sentence: str) -> ClearanceAnswer:
    """No day for a sustainable size, and why; what would stop the list from growing is said all the same."""
    return ClearanceAnswer(
        kind="sustainable",
        status=status,
        sentence=f"{sentence}{_to_hold(grown)}",
        reason=reason,
        ranges_held=grown.held,
        details=_details(known),
    )


def _passage(
    kind: Kind, known: Known, course: Course, chances: FloatArray, what: str, weeks: float | None
) -> ClearanceAnswer:
    """The answer from the chance, week by week, that the goal holds; never again less likely once it was likely."""
    risen = np.maximum.accumulate(chances).tolist()
    days = [known.period_end + timedelta(weeks=week) for week in range(1, HORIZON_WEEKS + 1)]
    p10, p50, p90 = (_first(days, risen, level) for level in (0.1, 0.5, 0.9))
    status = "never" if weeks is None else "ok" if risen[-1] >= 0.5 else "unlikely"
    within = risen[YEAR - 1] if course.checked_weeks >= YEAR else None
    when = _when(kind, status, (p10, p90, days[-1]), known, course)
    sure = _how_sure(status, within, course, _weeks_to(known, p90))
    return ClearanceAnswer(
        kind=kind,
        status=status,
        sentence=f"{what} {when}{sure}{_to_hold(course) if kind == 'sustainable' else ''}",
        p_within_52_weeks=within,
        p_by_horizon=risen[-1],
        p_never_within_horizon=1 - risen[-1],
        p10=p10,
        p50=p50 if status == "ok" else None,
        p90=p90,
        curve=tuple(CurvePoint(day, chance) for day, chance in zip(days, risen, strict=True)),
        ranges_held=course.held,
        details={**_details(known), "weeks_at_this_pace": weeks},
    )


_NEVER: Final[Mapping[Kind, str]] = {
    "run_off": "nobody left the list",
    "threshold": "their number did not fall",
    "sustainable": "no more children leave than join",
}


_LATER: Final = "is more likely than not later than"


def _when(kind: Kind, status: str, days: tuple[date | None, date | None, date], known: Known, course: Course) -> str:
    p10, p90, end = days
    pace = f"at the pace of the last {PERIODS[known.freq]} {UNITS[known.freq]}"
    if status == "never":
        return f"is not in sight {pace}: {_NEVER[kind]}."
    if status == "unlikely":
        late = "would more likely than not still hold children on" if kind == "run_off" else _LATER
        return f"{late} {in_words(end)}, {pace}."
    until = f"and {in_words(p90)}" if p90 else f"and some time after {in_words(end)}"
    verb = "would be gone" if kind == "run_off" else "is reached"
    sure = how_sure(_kept(course), ahead=_weeks_to(known, p90))
    return f"{verb} likely between {in_words(p10 or end)} {until}, {pace} ({sure})."


def _weeks_to(known: Known, day: date | None) -> int:
    """So many weeks ahead lies a day; None is beyond the horizon, of which its end is known."""
    return (day - known.period_end).days // 7 if day else HORIZON_WEEKS


def _how_sure(status: str, within: float | None, course: Course, ahead: int) -> str:
    """How likely that is within 52 weeks, and how well such ranges held; nothing more of what is not in sight."""
    if status == "never":
        return ""
    return f" {within_a_year(within)} {kept_words(_kept(course), too_narrow=DAYS_TOO_NARROW, ahead=ahead)}"


def _to_hold(grown: Course) -> str:
    """Of a list that grows, how many more a week would have to leave to stop that."""
    if grown.pace <= 0:
        return ""
    low, _, high = _more_a_week(grown)
    return f" {to_hold(low, high, _kept(grown))}"


def _more_a_week(grown: Course) -> list[float]:
    """P10, P50 and P90 of how many more a week would have to leave over the next year for the list not to grow."""
    growth = (grown.by_week(YEAR)[-1] - grown.stands) / YEAR
    return np.maximum(0.0, growth[1:-1:2]).tolist()


def _details(known: Known) -> dict[str, float | str | None]:
    """The numbers behind an answer, and how many more a week would have to leave for the list not to grow."""
    left, grown = known.left, known.grown
    details: dict[str, float | str | None] = {
        "list_size": known.list_size,
        "removals_per_week": left.pace if left else None,
        "referrals_per_week": known.joined,
    }
    if grown is None:
        return details
    names = ("more_a_week_p10", "more_a_week_p50", "more_a_week_p90")
    return {**details, **dict(zip(names, _more_a_week(grown), strict=True))}


def _kept(course: Course) -> Kept | None:
    return kept_in(asdict(course.held)) if course.held else None


def _first(days: list[date], chances: list[float], level: float) -> date | None:
    return next((day for day, chance in zip(days, chances, strict=True) if chance >= level), None)


def _already(kind: Kind, sentence: str) -> ClearanceAnswer:
    """It holds today; how likely it is to stay so is another question, so no chance is given."""
    return ClearanceAnswer(kind, "already", sentence)


def _not_published(kind: str) -> ClearanceAnswer:
    sentence = "Flows are not published for this list, so no clearance time can be given."
    return ClearanceAnswer(kind, "insufficient_data", sentence, reason=NOT_PUBLISHED)


def blocked(blocks: tuple[str, ...]) -> tuple[ClearanceAnswer, ...]:
    """No answer to any of the three, and why."""
    reason = " ".join(blocks)
    sentence = "No clearance time is given, because the figures of this list cannot be relied on."
    return tuple(ClearanceAnswer(kind, "blocked", sentence, reason=reason) for kind in CLEARANCE_KINDS)


def in_words(day: date) -> str:
    """A day as a sentence says it."""
    return f"{day.day} {day:%B %Y}"


def _number(count: float) -> str:
    return f"{count:,.0f}"
