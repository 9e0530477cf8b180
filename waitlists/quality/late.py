"""Which weekly returns are late: a return about the week that ended on Sunday is due on Monday.

It is late from Tuesday noon in London on, so that a bank holiday Monday is nobody's fault. Who sent one in the last
twelve weeks is expected to go on; where another provider took the list over, that one is.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from waitlists.organisations import current_code
from waitlists.periods import LONDON, week_ending
from waitlists.quality.words import joined, name_of
from waitlists.services import SERVICES

EXPECTED_WEEKS = 12
LATE_AFTER = timedelta(days=2, hours=12)
"""From the beginning of the Sunday a week ends on to noon on Tuesday."""

_WEEK = timedelta(days=7)

Sender = tuple[str, str]
"""Provider and service."""


@dataclass(frozen=True, slots=True)
class LateReturn:
    """A list whose provider owes returns: the weeks, oldest first."""

    org: str
    service: str
    weeks: tuple[date, ...]

    @property
    def sentence(self) -> str:
        """What is missing, of whom, in one sentence."""
        service = SERVICES[self.service].label if self.service in SERVICES else self.service
        days = [f"{week.day} {week:%B %Y}" for week in self.weeks[:2]]
        more = [f"{len(self.weeks) - 2} more"] if len(self.weeks) > 2 else []
        return f"{name_of(self.org)} sent no weekly return of {service} for the week ending {joined([*days, *more])}."


def last_late_week(now: datetime) -> date:
    """The Sunday of the last week whose return is late by now, if it has not come.

    Examples
    --------
    >>> last_late_week(datetime(2026, 11, 17, 11, 59, tzinfo=LONDON))
    datetime.date(2026, 11, 8)
    >>> last_late_week(datetime(2026, 11, 17, 12, 0, tzinfo=LONDON))
    datetime.date(2026, 11, 15)
    """
    settled = (now.astimezone(LONDON) - LATE_AFTER).date()
    return week_ending(settled + timedelta(days=1)) - _WEEK


def turned_week(sunday: date, today: date) -> date | None:
    """The Sunday that an old week is with day and month the other way round, where that one was lately; or nothing.

    Examples
    --------
    >>> turned_week(date(2026, 1, 11), date(2026, 11, 16))
    datetime.date(2026, 11, 1)
    """
    window = EXPECTED_WEEKS * _WEEK
    if sunday.day > 12 or sunday > today - window:
        return None
    turned = sunday.replace(month=sunday.day, day=sunday.month)
    return turned if turned == week_ending(turned) and today - window < turned < today else None


def late_returns(received: Mapping[Sender, Collection[date]], *, now: datetime) -> tuple[LateReturn, ...]:
    """Returns that should be here and are not.

    Parameters
    ----------
    received
        The weeks (Sundays) of which a return is here, by provider and service.
    """
    last = last_late_week(now)
    window = [last - number * _WEEK for number in reversed(range(EXPECTED_WEEKS))]
    missing: dict[Sender, list[date]] = defaultdict(list)
    for (org, service), weeks in sorted(received.items()):
        for week in _owed(weeks, window):
            carrier = current_code(org, service, week)
            if week not in received.get((carrier, service), ()) and week not in missing[carrier, service]:
                missing[carrier, service].append(week)
    return tuple(LateReturn(*sender, tuple(sorted(weeks))) for sender, weeks in sorted(missing.items()) if weeks)


def _owed(weeks: Collection[date], window: Collection[date]) -> Iterator[date]:
    """Weeks of the window after the first return, if any came in the window."""
    if any(week in window for week in weeks):
        first = min(weeks)
        yield from (week for week in window if week > first and week not in weeks)
