"""What a trend says in words a board member understands, and what has to be known beside it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, NamedTuple

from waitlists.trends.asking import LEAST_VALUES, Options, ProfileName
from waitlists.trends.rebasing import Suggestion
from waitlists.trends.rules import SpecialCause
from waitlists.trends.run_chart import RunChart
from waitlists.trends.verdict import Assurance, Chart, Group, JudgedPoint, Reason, Status, Variation


class Note(NamedTuple):
    """Something to know about an answer: a stable word and one sentence."""

    code: str
    message: str


NOTES: Final = {
    "stock_series": "A list size hardly moves from one period to the next, so rules for independent values flag too "
    "much; look at flows, shares or waits, or at the adjusted chart.",
    "uneven_dates": "The dates have no regular step, so periods left out cannot be told.",
    "season_not_tested": "Month effects are looked for in 24 months or more with all twelve months among them; there "
    "are fewer, or the dates are not monthly.",
    "few_years": "Month effects come from fewer than three years and may change.",
    "not_adjusted": "There is no adjusted chart: nothing to take out was found, or there are too few values.",
    "long_baseline": "Limits are usually set by 12 to 20 first points; more are used here.",
}

_FOUND: Final[dict[Variation, str]] = {
    "common_cause": "no sign of a real change",
    "improvement_high": "a real change for the better, upwards",
    "improvement_low": "a real change for the better, downwards",
    "concern_high": "a real change for the worse, upwards",
    "concern_low": "a real change for the worse, downwards",
    "neutral_high": "a real change, upwards",
    "neutral_low": "a real change, downwards",
}
_BECAUSE: Final[dict[SpecialCause, str]] = {
    "above_upper": "the value lies above the upper limit",
    "below_lower": "the value lies below the lower limit",
    "trend_up": "values rose steadily",
    "trend_down": "values fell steadily",
    "two_in_three_above": "two of three values lie close to or beyond the upper limit",
    "two_in_three_below": "two of three values lie close to or beyond the lower limit",
    "shift_above": "every value lies above the mean",
    "shift_below": "every value lies below the mean",
}
BEYOND: Final[frozenset[SpecialCause]] = frozenset({"above_upper", "below_lower"})
_LIES: Final[dict[SpecialCause, str]] = {
    "above_upper": "high",
    "below_lower": "low",
    "trend_up": "rising",
    "trend_down": "falling",
    "two_in_three_above": "high",
    "two_in_three_below": "low",
    "shift_above": "high",
    "shift_below": "low",
}
_TARGET: Final[dict[Assurance, str]] = {
    "pass": "will be met as things are",
    "fail": "will not be met as things are",
    "inconsistent": "will be met in some periods and missed in others",
}
_RULES: Final = {"mdc": "Making Data Count", "nhsr": "Making Data Count as in NHSRplotthedots 0.2.2"}


def sentence_of(
    chart: Chart, options: Options, run: RunChart | None, notes: Sequence[Note], adjusted: Variation | None
) -> str:
    """Period, last value, what it means and why, what the adjusted chart says, the target, the rules and caveats."""
    last = next((point for point in reversed(chart.points) if point.date == chart.judged_on), None)
    if last is None or chart.status == "no_data":
        return f"There is no value to judge. {rules_of(options.profile)}"
    first, until = _day(chart.points[0].date), _day(last.date)
    span = f"From {first} to {until}, where" if first != until else f"On {until}"
    parts = [f"{span} the value is {_last(last)}: {_found(chart, last, run)}."]
    if adjusted:
        parts.append(f"The adjusted chart shows {_FOUND[adjusted]}.")
    if chart.target is not None and chart.assurance:
        parts.append(target_met(number(chart.target), chart.assurance))
    return " ".join([*parts, rules_of(options.profile), *(note.message for note in notes)])


def target_met(target: str, assurance: Assurance) -> str:
    """Whether a target will be met, in one sentence."""
    return f"The target of {target} {_TARGET[assurance]}."


def rules_of(profile: ProfileName) -> str:
    """Whose rules were used."""
    return f"Rules: {_RULES[profile]}."


def found(variation: Variation, reasons: Sequence[Reason]) -> str:
    """What a verdict means, every rule behind it with its dates, and every one that points the other way."""
    side = variation.rpartition("_")[2]
    on_side = [reason for reason in reasons if reason.side == side]
    others = [reason for reason in reasons if reason.side != side]
    beyond = [reason for reason in others if reason.rule in BEYOND]
    if variation.startswith("improvement") and beyond:
        # What lies beyond its limit on the worse side is not led with as better.
        others = [*beyond, *[reason for reason in others if reason not in beyond]]
        return f"{_since('', others).strip()}{_since(', although', on_side)}: by that rule {_FOUND[variation]}"
    return f"{_FOUND[variation]}{_since(', because', on_side)}{_since(', although', others)}"


def naming(point: JudgedPoint) -> list[Reason]:
    """The rule that names a point, and one that points the other way where there is any; the point has them all."""
    # The R package names the way of a trend by its last step, which may not be the way of the window.
    own = sorted(point.reasons, key=lambda reason: reason.rule != point.special_cause)[:1]
    return [*own, *[reason for reason in point.reasons if reason.side != own[0].side][:1]]


def lies(point: JudgedPoint, why: str) -> str:
    """Where a flagged point lies or moves, why that need be no change, and the rule that says so with its dates."""
    return f"{_LIES[point.special_cause]}{why}{_since(':', naming(point)[:1])}"


def unjudged(status: Status, last: Group, run: RunChart | None, say: Callable[[float], str]) -> str:
    """Why there is no verdict, and what the runs around the median show."""
    if status == "no_moving_range":
        return "no two neighbouring values to set limits by, so it cannot be judged"
    short = f"too few values to judge, {last.values} since {_day(last.since)} where {LEAST_VALUES} are needed"
    if run is None or run.useful < 2:
        return short
    way = (
        "the rules for runs found no sign of a change"
        if run.is_random
        else "runs on one side of it are longer than chance makes them"
    )
    return f"{short}; in the run chart around {say(run.median)} {way}"


def notes_of(chart: Chart, options: Options, until: date | None) -> list[Note]:
    """What has to be known of the chart itself; `until` is the date of its last row that is not provisional."""
    found = [Note(*pair) for pair in _of_groups(chart.groups, options)]
    if options.kind == "stock":
        found.append(note("stock_series"))
    if options.is_mdc and (options.baseline or 0) > 20:
        found.append(note("long_baseline"))
    if options.is_mdc and chart.judged_on and until and chart.judged_on < until and chart.status != "no_data":
        said = f"The last value is missing; what is said is of {_day(chart.judged_on)}."
        found.append(Note("last_value_missing", said))
    return found


def note(code: str) -> Note:
    """A note whose sentence is always the same."""
    return Note(code, NOTES[code])


def absent_rebases(rebases: Sequence[date], dates: frozenset[date]) -> list[Note]:
    """A note for each rebase date that is in no row."""
    return [
        Note("rebase_date_absent", f"No row has the date {_day(day)}, so no new limits start there.")
        for day in sorted(set(rebases))
        if day not in dates
    ]


def suppressed(count: int) -> list[Note]:
    """A note of suppressed values, which count as missing."""
    return [Note("values_suppressed", f"Values that are suppressed, and count as missing: {count}.")] * bool(count)


def provisional(count: int) -> list[Note]:
    """A note of values that may still change."""
    return [Note("provisional_left_out", f"Values that may still change, shown but not judged: {count}.")] * bool(count)


def gaps(added: Sequence[date]) -> list[Note]:
    """A note of periods put in as missing."""
    if not added:
        return []
    span = _day(added[0]) if len(added) == 1 else f"{len(added)} between {_day(added[0])} and {_day(added[-1])}"
    return [Note("gap_in_dates", f"Periods without a row are taken as missing: {span}.")]


def suggestion_sentence(found: Suggestion) -> str:
    """The suggestion as a person is told it."""
    size = "" if found.size_sd is None else f" ({abs(found.size_sd):.1f} standard deviations)"
    return (
        f"Since {_day(found.date)} values lie around {number(found.after_mean)}, before around "
        f"{number(found.before_mean)}{size}, and the last {found.run_length} all lie beyond the earlier mean. New "
        "limits from that date may be right if the reason is known; they are never drawn without one."
    )


def number(value: float) -> str:
    """A value as people read it: whole thousands, else four figures."""
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e15 else f"{value:.4g}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _last(point: JudgedPoint) -> str:
    return "missing" if point.value is None else number(point.value)


def _found(chart: Chart, last: JudgedPoint, run: RunChart | None) -> str:
    if chart.variation is None:
        return unjudged(chart.status, chart.groups[-1], run, number)
    said = found(chart.variation, last.reasons)
    if last.lower is None or last.upper is None or last.mean is None:
        return said
    return f"{said}; usual are {number(last.lower)} to {number(last.upper)}, around {number(last.mean)}"


def _since(link: str, reasons: Sequence[Reason]) -> str:
    """Rules that a point meets, with their dates."""
    if not reasons:
        return ""
    each = [
        _BECAUSE[reason.rule]
        if reason.since == reason.until
        else f"{_BECAUSE[reason.rule]} from {_day(reason.since)} to {_day(reason.until)}"
        for reason in reasons
    ]
    return f"{link} {' and '.join(each)}"


def _of_groups(groups: Sequence[Group], options: Options) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for group in groups:
        since = f"The group from {_day(group.since)}"
        if options.is_mdc and group.values < LEAST_VALUES:
            without = f"has fewer than {LEAST_VALUES} values, so no limits and no verdict: {group.values}"
            found.append(("short_group", f"{since} {without}."))
        if not options.is_mdc and group.is_short:
            found.append(("short_group", f"{since} has fewer than {LEAST_VALUES} rows; its limits are provisional."))
        if group.is_collapsed:
            why = "has so many equal neighbours that screening would leave no range; all ranges are used"
            found.append(("screening_collapsed", f"{since} {why}."))
    return found
