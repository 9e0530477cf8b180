"""The sentence of a stored series: what is counted, where it stands, whether that is a real change, and what to mind.

Numbers carry their unit; limits are said as far as they can be met. Words are those of the engine where it judges, so
that a chart and its sentence never name two rules.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from waitlists.periods import STEP_WORDS, in_words
from waitlists.sources import Freq
from waitlists.trends import words
from waitlists.trends.adjust import Method
from waitlists.trends.judging import Trend
from waitlists.trends.measures import MEASURED, phrase_of, said, within_reach
from waitlists.trends.steps import AskedTrend, Step
from waitlists.trends.verdict import JudgedPoint, Variation

RARE_BELOW: Final = 5
RARE: Final = "Fewer than 5 a period: limits mean little of so few; look at longer periods."
TOO_RARE: Final = "fewer than 5 a period are too few to judge; look at longer periods"
FILE_OUT: Final = "a file of this list was refused or is held, so no improvement can be read from it yet"
NEWEST_OUT: Final = "the newest figures are missing or not whole, so no improvement can be read from this list yet"
NO_SIGN = "part of the list is missing or in doubt, so this is no sign of a change"


def sentence_of(
    steps: Sequence[Step], trend: Trend, asked: AskedTrend, judged: Variation | None, why_not: str | None = None
) -> str:
    """Measure, list, period and last value first, then the verdict or why there is none, the target, all to mind."""
    phrase = phrase_of(asked.measure, asked.people, asked.basis)
    if asked.standard is not None:
        phrase = f"{phrase} ({asked.standard})"
    if not any(step.value is not None for step in steps):
        return f"{asked.of}, {phrase}: there is no value to judge."
    parts = [
        f"{asked.of}, {phrase}: {_now(steps, asked)}.",
        *([f"{_upper(why_not)}."] if why_not else _verdict(trend, judged, asked)),
        *_target(trend, asked),
        *_cares(steps, trend, asked),
        words.rules_of(trend.profile),
    ]
    return " ".join(parts)


def _now(steps: Sequence[Step], asked: AskedTrend) -> str:
    """The last value there is, and the last whole one where that is another."""
    last = next(step for step in reversed(steps) if step.value is not None)
    told = f"{_said(last.value or 0.0, asked)} {_when(last.period_end, asked)}"
    if last is not steps[-1]:
        told = f"{told}, and no figure {_when(steps[-1].period_end, asked)}"
    if last.is_whole:
        return told
    whole = next((step for step in reversed(steps) if step.is_whole), None)
    if whole is None or whole.value is None:
        return f"{told}; {NO_SIGN}"
    return f"{told}; {NO_SIGN}. The last whole figure is {_said(whole.value, asked)} {_when(whole.period_end, asked)}"


def _verdict(trend: Trend, judged: Variation | None, asked: AskedTrend) -> Iterator[str]:
    """The verdict to go by and, where the values by themselves look otherwise, how: in two short sentences at most."""
    last = next((point for point in reversed(trend.points) if point.date == trend.judged_on), None)
    if last is None or trend.status == "no_data":
        yield "No figure is whole, so nothing can be judged."
    elif trend.variation is None:
        short = words.unjudged(trend.status, trend.groups[-1], trend.run_chart, lambda one: _said(one, asked))
        yield f"{_upper(short)}."
    elif judged is None:
        yield _by_themselves(last, asked, "")
        yield _NO_PROOF[MEASURED[asked.measure].kind == "stock"].format(step=STEP_WORDS[asked.freq])
    elif trend.adjusted is None or judged == trend.variation:
        usual = _usual(last, asked)
        yield f"{_upper(words.found(judged, words.naming(last)))}{usual and f'; usual are {usual}'}."
    else:
        step = STEP_WORDS[asked.freq]
        seen, why = (part.format(step=step) for part in _SEEN[trend.adjusted.method])
        yield f"{seen}: {words.found(judged, ())}."
        yield _by_themselves(last, asked, why if judged == "common_cause" else "")


def _by_themselves(last: JudgedPoint, asked: AskedTrend, why: str) -> str:
    """What the raw chart flags, in words that call it no change."""
    usual = _usual(last, asked)
    if last.special_cause == "none":
        return f"By themselves the values are as usual{usual and f': {usual}'}."
    # Limits that the month or the list's own course explains away are not what is usual.
    also = f"; usual are {usual}" if usual and not why else ""
    return f"By themselves the values are {words.lies(last, why)}{also}."


def _usual(point: JudgedPoint, asked: AskedTrend) -> str:
    if point.lower is None or point.upper is None or point.mean is None:
        return ""
    unit = MEASURED[asked.measure].unit
    low, high = (said(within_reach(edge, unit), unit) for edge in (point.lower, point.upper))
    return f"{low.removesuffix(' weeks')} to {high}, around {said(point.mean, unit)}"


_NO_PROOF: Final = {
    True: "A list remembers the {step} before, so this alone is no proof.",
    False: "This alone is no proof of a real change.",
}

_SEEN: Final[dict[Method, tuple[str, str]]] = {
    "season": ("Without the usual ups and downs of the months", ", which the time of year explains"),
    "trend": ("Around the line that it is expected to follow", ", as that line is"),
    "residual": ("Beside what the {step} before lets expect", ", which the {step} before explains"),
    "season+residual": (
        "Without the usual ups and downs of the months, beside what the {step} before lets expect",
        ", which the time of year and the {step} before explain",
    ),
}
"""How the adjusted chart looks at a value, and why what the raw chart flags may be none."""


def _target(trend: Trend, asked: AskedTrend) -> Iterator[str]:
    if trend.target is not None and trend.assurance:
        yield words.target_met(said(trend.target, MEASURED[asked.measure].unit), trend.assurance)


def _cares(steps: Sequence[Step], trend: Trend, asked: AskedTrend) -> Iterator[str]:
    parts = [step.period_end for step in steps if step.is_part]
    if parts:
        span = _span(parts, asked.freq)
        yield f"Shown but not judged, for part of the list is missing or in doubt: {span}."
    absent = [step.period_end for step in steps if step.value is None]
    if absent:
        yield f"Without a figure: {_span(absent, asked.freq)}."
    if asked.breaks:
        last = max(asked.breaks)
        yield f"Not compared with figures before {in_words(last.period_end, asked.freq)}: {last.sentence}"
    if _is_rare(trend, asked) and not is_too_rare(trend, asked):
        yield RARE
    yield from asked.caveats


def is_too_rare(trend: Trend, asked: AskedTrend) -> bool:
    """Whether so few are counted in a period, the last one judged among them, that one or two people make a verdict."""
    last = next((point.value for point in reversed(trend.points) if point.date == trend.judged_on), None)
    return _is_rare(trend, asked) and last is not None and last < RARE_BELOW


def _is_rare(trend: Trend, asked: AskedTrend) -> bool:
    """Whether so few are counted in a period that most of what a chart shows is who happened to come."""
    mean = trend.groups[-1].mean if trend.groups else None
    return MEASURED[asked.measure].unit == "people" and mean is not None and 0 < mean < RARE_BELOW


def _span(periods: Sequence[date], freq: Freq) -> str:
    if len(periods) == 1:
        return in_words(periods[0], freq)
    return f"{len(periods)} {STEP_WORDS[freq]}s between {in_words(periods[0], freq)} and {in_words(periods[-1], freq)}"


def _said(value: float, asked: AskedTrend) -> str:
    """A number with its unit; a wait worked out from rounded numbers is known only about."""
    unit = MEASURED[asked.measure].unit
    if unit == "weeks" and asked.is_rounded:
        return f"about {said(round(value), unit)}"
    return said(value, unit)


def _when(period: date, asked: AskedTrend) -> str:
    is_flow = MEASURED[asked.measure].kind == "flow" or asked.basis == "completed"
    at = "in" if is_flow else "at the end of"
    return f"{at} {in_words(period, asked.freq)}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
