"""Which slots a job has: the local dates on which it is to be done, and from which moment on each is due.

A slot is named by its date and not by a moment, so an hour that comes twice in October makes no second slot and an
hour that is missing in March loses none. Days of the week have names: schedulers count them differently, and 1 means
Monday to some and Tuesday to others. No clock is read here.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from waitlists.errors import BadArgument
from waitlists.periods import LONDON

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_LONGEST_STEP = 31


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at a local time."""

    at: time

    def has(self, day: date) -> bool:
        """Whether a day is a slot: each one is."""
        return True


@dataclass(frozen=True, slots=True)
class Weekly:
    """One day of each week at a local time; the day by the first three letters of its name."""

    day: str
    at: time

    def __post_init__(self) -> None:
        if self.day not in DAYS:
            raise BadArgument(
                f"a day of the week is one of {', '.join(DAYS)}; numbers mean different days", field="day"
            )

    def has(self, day: date) -> bool:
        """Whether a day is a slot."""
        return DAYS[day.weekday()] == self.day


@dataclass(frozen=True, slots=True)
class Monthly:
    """One day of each month at a local time; every month has a 28th and none needs a rule for a 31st."""

    day: int
    at: time

    def __post_init__(self) -> None:
        if not 1 <= self.day <= 28:
            raise BadArgument("a day of every month is one from 1 to 28", field="day")

    def has(self, day: date) -> bool:
        """Whether a day is a slot."""
        return day.day == self.day


Rule = Daily | Weekly | Monthly


def begins(rule: Rule, slot: date, *, zone: ZoneInfo = LONDON) -> datetime:
    """The moment from which a slot is due.

    Of a time that comes twice it is the first; one that is left out counts as if the clocks had not yet gone forward:
    01:30 on the last Sunday of March is the moment that clocks call 02:30.
    """
    return datetime.combine(slot, rule.at, tzinfo=zone)


def due(rule: Rule, *, since: date | None, now: datetime, zone: ZoneInfo = LONDON) -> tuple[date, ...]:
    """Slots that have begun, from `since` on and with it, the newest last; of a job without a past the newest alone.

    Examples
    --------
    >>> monday = Weekly("mon", time(6))
    >>> [str(slot) for slot in due(monday, since=date(2026, 11, 9), now=datetime(2026, 11, 17, tzinfo=LONDON))]
    ['2026-11-09', '2026-11-16']
    """
    today = now.astimezone(zone).date()
    first = since or today - timedelta(days=2 * _LONGEST_STEP)
    days = (first + timedelta(days=n) for n in range((today - first).days + 1))
    # Both ends as moments of one zone: local times alone would not tell the two hours of October apart.
    begun = [day for day in days if rule.has(day) and begins(rule, day, zone=zone).timestamp() <= now.timestamp()]
    return tuple(begun if since else begun[-1:])
