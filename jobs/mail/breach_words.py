"""How the weekly email says things: marks, ranges, changes and places, each in one way."""

from datetime import date
from typing import Final

from forecasting.warnings.caveats import is_unbalanced
from forecasting.warnings.seen import Seen
from forecasting.warnings.severity import MEANS
from forecasting.warnings.warning import Assessment, Severity
from forecasting.warnings.words import OF_PART, over_words, tells_nearly_all
from jobs.mail.breach_facts import ListFacts, MarkFacts, Warned, WeekFacts
from waitlists.organisations import ORGANISATIONS
from waitlists.periods import STEP_WORDS, in_words
from waitlists.quality.words import name_of
from waitlists.services import SERVICES
from waitlists.standards import OF_SOME, find_standard, last_day_within
from waitlists.suppression.rules import NOT_SHOWN, STEP

SHORT: Final = {
    "ASD": "autism",
    "ADHD": "ADHD",
    "CAMHS": "mental health",
    "CAMHS_ED": "eating disorders",
    "SALT": "SALT",
    "WHEELCHAIR": "wheelchairs",
    "COMM_PAEDS": "community paediatrics",
    "EHC": "EHC plans",
}
"""Names of services for a line of subject."""

SEVERITIES: Final[dict[Severity | None, str]] = {
    "high": "high",
    "medium": "medium",
    "low": "low",
    None: "its severity not shown",
}
SEVERITIES_MEAN: Final = f"{'; '.join(f'{name}: {means}' for name, means in MEANS.items())}.".capitalize()
NOT_KNOWN: Final = "not known"
TOO_SMALL: Final = "too small to tell from rounding"
NO_LONGER_SHOWN: Final = "How many wait was shown for the week before and is not now; that is no sign that fewer wait."
NOT_YET: Final = "no improvement as long as a file of this list is out"
NOT_EXPLAINED: Final = "not called a real change, as who joined and who left do not explain the list"
NOT_TOLD: Final = "whether this is a real change cannot be told from rounded figures"


def short_service(service: str) -> str:
    """A service as a subject names it."""
    return SHORT.get(service, SERVICES[service].label)


def short_place(org: str) -> str:
    """An organisation as a subject names it: Kent and Medway."""
    name = name_of(org)
    return name.removeprefix("NHS ").removesuffix(" Integrated Care Board") if _is_board(org) else name


def day_words(day: date) -> str:
    """A date in full: 16 November 2026."""
    return f"{day.day} {day:%B %Y}"


def days_old(week: WeekFacts, one: ListFacts) -> str:
    """How old the figures of a list are: `8 days old`."""
    age = (week.as_of - one.period_end).days
    return f"{age} day{'' if age == 1 else 's'} old"


def count_words(value: float | None) -> str:
    """A number that may be hidden."""
    return NOT_SHOWN if value is None else f"{value:,.0f}"


def over_words_of(seen: Seen) -> str | None:
    """Those over of all whom they are of: `165 of 545`, `fewer than 8 of 545`; None where it is not told."""
    over = seen.few if seen.over_now is None else count_words(seen.over_now)
    return None if over is None else f"{over} {OF_PART if seen.is_part else f'of {count_words(seen.waiting)}'}"


def hidden_words(seen: Seen) -> str:
    """What a line says of those over where their number is hidden."""
    few = over_words_of(seen)
    return f"{few}; what follows from it is not shown" if few else f"{NOT_SHOWN}, nor what follows from it"


def mark_words(mark: MarkFacts) -> str:
    """What is watched: `over 18 weeks`, `over the local 52 week mark`, or the tail where nearly all are over."""
    if mark.warned is not None:
        return watched_words(mark.warned.figures)
    return _standard_words(mark.standard_id, last_day_within(find_standard(mark.standard_id)))


def watched_words(figures: Assessment) -> str:
    """The same of a warning."""
    if figures.subject == "long_tail":
        return over_words(figures.over_days)
    return _standard_words(figures.standard_id, figures.over_days)


def titled(mark: MarkFacts) -> str:
    """What is watched and under which standard, for a heading."""
    named, standard = mark_words(mark), find_standard(mark.standard_id)
    whose = " (no national standard)" if is_local(standard.id) else f". Standard: {standard.plain}"
    return f"{named[:1].upper()}{named[1:]}{whose}"


def is_local(standard_id: str) -> bool:
    """Whether no nation asks for it, so that nobody breaches it."""
    return find_standard(standard_id).kind == "local"


def tail_sentence(warned: Warned) -> str | None:
    """Why a longer wait is watched than the standard's own."""
    figures, seen = warned.figures, warned.seen
    if figures.subject != "long_tail":
        return None
    own, is_of_some = _own_words(figures), figures.standard_id in OF_SOME
    if not tells_nearly_all(seen, figures.standard_id):
        return f"The longest waits {'of the whole list ' if is_of_some else ''}are watched and the way they go."
    if is_of_some:
        return (
            f"Nearly every child it is about waits {own} already, so the longest waits of the whole list are watched."
        )
    told = "" if seen.over_standard is None else f" ({seen.over_standard:,} of {count_words(seen.waiting)})"
    return f"Nearly every child here waits {own} already{told}, so the longest waits are watched and the way they go."


def standing_words(warned: Warned, verb: str = "") -> str | None:
    """Those over of all whom they are of: `165 of 545 over 18 weeks`; None where it is not told.

    Where a longer wait is watched, first those over the standard itself: `6,000 of 6,605 over 13 weeks, 4,240 of them
    over 52 weeks`. `verb` is set before the first wait.
    """
    figures, seen = warned.figures, warned.seen
    over, mark = over_words_of(seen), watched_words(figures)
    is_of_all = figures.subject == "long_tail" and figures.standard_id not in OF_SOME
    if over is None or not is_of_all or seen.over_standard is None:
        return over and f"{over}{verb} {mark}"
    of_them = seen.few or count_words(seen.over_now)
    waiting = count_words(seen.waiting)
    return f"{seen.over_standard:,} of {waiting}{verb} {_own_words(figures)}, {of_them} of them {mark}"


def change_words(one: ListFacts, warned: Warned) -> str:
    """What changed since the period before and whether it is real; never an improvement where part is missing."""
    figures, seen = warned.figures, warned.seen
    if one.missing or not figures.is_whole or seen.change is None or figures.change_since is None:
        return NOT_KNOWN
    is_small = abs(seen.change) <= STEP
    step = step_words(seen.change)
    if seen.real_change and (is_small or (seen.change > 0) != bool(seen.is_worse)):
        # The verdict is of the trend, which the last step alone need not show.
        return f"{step}; over time {real_words(seen)}"
    if is_small:
        return step
    is_held_open = one.is_awaited and seen.real_change is None and seen.change < 0
    real = NOT_YET if is_held_open else real_words(seen)
    return f"{step}{'; ' if seen.real_change is None else ', '}{real}"


def step_words(change: int) -> str:
    """A difference of two rounded numbers, and whether it is more than rounding may make."""
    if change == 0:
        return "no change, as rounded"
    return f"{difference_words(change)}{f', {TOO_SMALL}' if abs(change) <= STEP else ''}"


def difference_words(change: int) -> str:
    """A difference of two rounded numbers: `20 more`."""
    return f"{abs(change):,} {'more' if change > 0 else 'fewer'}"


def really_worse(warned: Warned) -> bool:
    """Whether a number really rose, by more than rounding may make."""
    seen = warned.seen
    return bool(seen.real_change and seen.is_worse) and seen.change is not None and seen.change > STEP


def real_words(seen: Seen) -> str:
    """Whether a change is real."""
    if seen.real_change is None:
        return NOT_EXPLAINED if is_unbalanced(seen.caveats) else NOT_TOLD
    if not seen.real_change:
        return "within usual variation"
    return "a real change for the worse" if seen.is_worse else "a real change for the better"


def since_words(figures: Assessment) -> str:
    """The period a change is counted from."""
    return in_words(figures.change_since, figures.freq) if figures.change_since else f"a {STEP_WORDS[figures.freq]} ago"


def band_words(label: str) -> str:
    """A wait band in words.

    >>> band_words(">104"), band_words(">52-104"), band_words("0-1")
    ('over 104 weeks', '52 to 104 weeks', '0 to 1 week')
    """
    low, _, high = label.removeprefix(">").partition("-")
    return f"{low} to {high} week{'' if high == '1' else 's'}" if high else f"over {low} weeks"


def _standard_words(standard_id: str, over_days: int) -> str:
    words = over_words(over_days)
    return f"over the local {words.split()[1]} week mark" if is_local(standard_id) else words


def _own_words(figures: Assessment) -> str:
    return over_words(last_day_within(find_standard(figures.standard_id)))


def _is_board(org: str) -> bool:
    return org in ORGANISATIONS and ORGANISATIONS[org].level == "icb"
