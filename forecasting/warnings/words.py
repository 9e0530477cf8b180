"""What a warning says: where it stands, what is likely, whether it changed for real; a range and never a promise."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from forecasting.kept_ranges import kept_among, kept_words
from forecasting.warnings.caveats import FILE_OUT, OLD_DAYS, is_unbalanced
from forecasting.warnings.life import answer_by
from forecasting.warnings.seen import Seen
from forecasting.warnings.warning import Assessment, Life
from forecasting.warnings.watched import NO_LONGER
from waitlists.periods import STEP_WORDS, in_words
from waitlists.quality.words import joined, name_of
from waitlists.security.access import Role
from waitlists.services import SERVICES
from waitlists.sources import SOURCES
from waitlists.standards import OF_SOME, Standard, find_standard
from waitlists.suppression.rules import NOT_SHOWN

OF_PART: Final = "of those the standard is about"
_NOT_SHOWN: Final = "is not shown, so that no small number can be worked out"
_NOT_KNOWN: Final = "is not known"
_FROM: Final = {"referral_extract": "referral records", "weekly_return": "weekly returns"}
_ROLES: Final = {
    Role.PROVIDER: "the provider",
    Role.COMMISSIONER: "the commissioner",
    Role.BOARD: "the improvement board",
    Role.ADMIN: "the service's own team",
}


def sentence_of(seen: Seen, figures: Assessment) -> str:
    """One warning in words: the number, what crossed, what is likely by when, whether it is real, every caveat."""
    return " ".join([*_said(seen, figures), *(one.sentence for one in seen.caveats)])


def _said(seen: Seen, figures: Assessment) -> Iterator[str]:
    standard = find_standard(figures.standard_id)
    where = f"{SERVICES[figures.service].label}, {name_of(figures.org)}"
    when = in_words(figures.period_end, figures.freq)
    mark = over_words(figures.over_days)
    if figures.subject == "long_tail":
        yield f"{where}: {_nearly_all(seen, standard, when)} are watched: {_wait(seen, mark)}."
        longer = [one for one in seen.tail if 7 * one.weeks > figures.over_days and one.over_now is not None]
        if longer:
            yield f"Of these {joined([f'{one.over_now:,} wait over {one.weeks} weeks' for one in longer])}."
    else:
        yield f"{where}: {_wait(seen, f'{mark} ({standard.id}) at the end of {when}', _whom(seen))}."
        if seen.over_now is not None and seen.waiting is None:
            yield f"How many wait in all {_why_not(seen)}."
    yield from _changed(seen, figures)
    yield from _ahead(seen, figures)


def tells_nearly_all(seen: Seen, standard_id: str) -> bool:
    """Whether a reader's numbers tell that nearly all wait longer than a standard asks.

    Those of a part of a list nobody counts apart: of them it is told where their number is not hidden.
    """
    if seen.is_exact or seen.over_standard is None or standard_id in OF_SOME:
        return seen.is_exact or seen.over_standard is not None
    return bool(seen.waiting) and seen.over_standard >= NO_LONGER * (seen.waiting or 0)


def _nearly_all(seen: Seen, standard: Standard, when: str) -> str:
    """Whose longest waits are watched and, where that is told, who wait longer than a standard asks."""
    is_of_some, at = standard.id in OF_SOME, f"at the end of {when}"
    longest = f"the longest waits{' of the whole list' if is_of_some else ''}"
    if not tells_nearly_all(seen, standard.id):
        return f"{longest} {at}"
    if is_of_some:
        return f"nearly all whom {standard.id} is about wait longer than it asks {at}, so {longest}"
    return f"nearly all children wait longer than {standard.id} asks{_of(seen.over_standard, seen)} {at}, so {longest}"


def over_words(over_days: int) -> str:
    """A wait that is over a threshold: `over 18 weeks`, and `4 weeks or more` where less than 4 weeks is asked for.

    >>> over_words(126), over_words(27), over_words(7)
    ('over 18 weeks', '4 weeks or more', 'over 1 week')
    """
    weeks, rest = divmod(over_days, 7)
    return f"{_weeks(weeks + 1)} or more" if rest == 6 else f"over {_weeks(weeks)}"


def _weeks(number: int) -> str:
    return f"{number} week{'s' * (number != 1)}"


def _changed(seen: Seen, figures: Assessment) -> Iterator[str]:
    step = STEP_WORDS[figures.freq]
    if seen.newly_over_now is not None:
        yield f"Newly over since {_day(figures.newly_since)}: {seen.newly_over_now:,}."
    if figures.change is None and not figures.is_whole:
        yield "Whether it changed cannot be said."
    elif seen.change is not None:
        all_over = "" if seen.over_now is None else f"{seen.over_now:,} are over: "
        yield f"In all, {all_over}{_difference(seen.change)} a {step} before; over time {_real(seen)}."


def _real(seen: Seen) -> str:
    if seen.real_change is None:
        is_not_known = seen.is_exact or FILE_OUT in seen.caveats or is_unbalanced(seen.caveats)
        known = "is not known" if is_not_known else "cannot be told from rounded figures"
        return f"it {known} whether that is a real change"
    if not seen.real_change:
        return "it is within usual variation"
    return "there is a real change for the worse" if seen.is_worse else "there is a real change for the better"


def _difference(change: int) -> str:
    if change == 0:
        return "as many as"
    return f"{abs(change):,} {'more' if change > 0 else 'fewer'} than"


def _ahead(seen: Seen, figures: Assessment) -> Iterator[str]:
    if any(due.p90 is not None for due in seen.newly_over):
        each = [f"{crossing_words(due.p10, due.p90)} by {_day(due.by)}" for due in seen.newly_over]
        whose = "today's list" if (figures.as_of - figures.period_end).days <= OLD_DAYS else "the list of that day"
        yield f"Likely to cross of {whose} (8 in 10): {'; '.join(each)}."
    elif seen.newly_over:
        yield "How many are likely to cross is not shown, so that no small number can be worked out."
    later = [due for due in seen.newly_over if due.not_yet_referred is not None]
    if later:
        each = [f"about {due.not_yet_referred:,.0f} by {_day(due.by)}" for due in later]
        yield f"Beside them children not yet referred: {joined(each)}."
    yield from _held(seen, figures)


def _held(seen: Seen, figures: Assessment) -> Iterator[str]:
    if any(due.p90 is not None for due in seen.newly_over):
        yield held_words(figures)


def held_words(figures: Assessment) -> str:
    """How past ranges like those of a warning held, of all horizons together and of those that held too seldom."""
    checked, held = (sum(getattr(one, name) for one in figures.held) for name in ("checked", "held"))
    together = kept_among(checked, held)
    each = [(one.weeks, kept_among(one.checked, one.held)) for one in figures.held]
    poor = [
        f"{kept.percent}% of {kept.checked:,} for {weeks} weeks ahead" for weeks, kept in each if kept and kept.is_poor
    ]
    if together is None or together.is_poor or not poor:
        return kept_words(together)
    return f"{kept_words(together)} Of these only {joined(poor)} held: be ready for more and for fewer by then."


def crossing_words(low: float | None, high: float | None) -> str:
    """How many are likely to cross, in the one way that pages, mail and sentences say it; None is an end not shown.

    >>> crossing_words(120, 160), crossing_words(40, 40), crossing_words(None, 10), crossing_words(0, 0)
    ('between 120 and 160', 'about 40', 'up to 10', 'none')
    """
    if high is None:
        return NOT_SHOWN
    least, most = (f"{end or 0:,.0f}" for end in (low, high))
    if most == "0":
        return "none"
    if least == "0":
        return f"up to {most}"
    return f"about {most}" if least == most else f"between {least} and {most}"


def rests_on(own: tuple[str, date], shown: tuple[str, date]) -> str:
    """That a warning is of other figures than its list is shown from, each by source and day.

    >>> rests_on(("referral_extract", date(2026, 11, 8)), ("weekly_return", date(2026, 5, 3))).partition("; ")[2]
    'the list is shown from weekly returns of 3 May 2026.'
    """
    first, second = (f"{_FROM.get(source) or SOURCES[source].label} of {_day(day)}" for source, day in (own, shown))
    return f"This warning rests on {first}; the list is shown from {second}."


def stands(life: Life, day: date | None = None) -> str:
    """Where a warning stands, and on a day whether the last role that is asked is late in taking it."""
    is_late = day is not None and life.state in {"raised", "worse", "escalated"} and answer_by(life) < day
    return f"{_stands(life)} It is overdue." if is_late else _stands(life)


def _stands(life: Life) -> str:
    since, due = _day(life.since), _day(answer_by(life))
    if life.state == "acknowledged" and life.acknowledged is not None:
        taken = life.acknowledged
        return f"Taken by {_ROLES[taken.role]} on {_day(taken.on)} until {_day(taken.until)}."
    if life.state == "cleared":
        return f"Cleared on {since}."
    if life.state == "escalated":
        nobody = "nobody took it within three working days"
        return f"Passed on to {_ROLES[life.owner]} on {since}, as {nobody}; to be taken by {due}."
    said = "Raised" if life.state == "raised" else "Worse"
    return f"{said} on {since}; {_ROLES[life.owner]} is asked to take it by {due}."


def _wait(seen: Seen, mark: str, whom: str = "") -> str:
    """How many wait over a mark: a number, that they are few, or that this is not shown or not known."""
    of = f" {whom}" if whom else ""
    over = seen.few if seen.over_now is None else f"{seen.over_now:,}"
    return f"how many{of} wait {mark} {_why_not(seen)}" if over is None else f"{over}{of} wait {mark}"


def _whom(seen: Seen) -> str:
    """Of whom those over a threshold are, and how many these are where that is shown."""
    if seen.is_part:
        return OF_PART if seen.about is None else f"of {seen.about:,} children the standard is about"
    return "children" if seen.waiting is None else f"of {seen.waiting:,} children"


def _of(part: int | None, seen: Seen) -> str:
    """How many of those who wait, where both numbers are there."""
    return "" if part is None or seen.waiting is None else f", {part:,} of {seen.waiting:,}"


def _why_not(seen: Seen) -> str:
    return _NOT_KNOWN if seen.is_exact else _NOT_SHOWN


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
