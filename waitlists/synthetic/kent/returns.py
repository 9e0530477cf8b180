"""Weekly returns as providers would fill them in, one a provider and week, with what goes wrong in some of them.

A return that was never sent is no rows; see `deliveries` for what is sent when.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from io import StringIO
from typing import NamedTuple

from waitlists.bands import CHS_BANDS
from waitlists.errors import BadArgument
from waitlists.stages import waits_at
from waitlists.synthetic.kent import codes
from waitlists.synthetic.kent.calendar import day_number
from waitlists.synthetic.kent.counting import Stage, came, is_holding, left, waiting, waits
from waitlists.synthetic.kent.lists import HELD, LISTS, PROVIDERS
from waitlists.synthetic.kent.population import Population
from waitlists.synthetic.kent.referrals import Referrals

BAND_LABELS = tuple(band.label for band in CHS_BANDS)
TITLE = "SYNTHETIC: every figure in this return is invented, for demonstrations and tests"


class ReturnRow(NamedTuple):
    """One row of a weekly return, in the columns of its template; the last is headed `count`."""

    week_ending: date
    provider: str
    service: str
    waiting_for: str
    measure: str
    band: str
    reason: str
    children: int


class Delivery(NamedTuple):
    """What a provider sends for a week, and on which day."""

    provider: str
    week_ending: date
    delivered_on: date


def deliveries(population: Population) -> tuple[Delivery, ...]:
    """Everything that is sent, in order of the day: on Mondays, but for the late one; what is missing is not there."""
    found: list[Delivery] = []
    for provider in PROVIDERS:
        for week in population.weeks:
            if is_sent(population, provider, week):
                is_late = (provider, week) == (population.faults.late, population.faults.late_week)
                delay = population.faults.late_by if is_late else timedelta()
                found.append(Delivery(provider, week, week + timedelta(days=1) + delay))
    return tuple(sorted(found, key=lambda item: (item.delivered_on, item.week_ending)))


def is_sent(population: Population, provider: str, week_ending: date) -> bool:
    """Whether a provider sends anything for a week: it holds a list, has begun to send and is not missing."""
    wrong = population.faults
    if provider == wrong.missing and week_ending in wrong.missing_weeks:
        return False
    if provider == wrong.starts and week_ending < wrong.starts_on:
        return False
    return any(is_holding(by, service, week_ending) for by, service in HELD if by == provider)


def weekly_return(
    population: Population, provider: str, *, week_ending: date, single_weeks: bool = False
) -> tuple[ReturnRow, ...]:
    """A provider's return of one week, as it fills it in; no rows for a week it sends nothing for.

    Parameters
    ----------
    week_ending : a Sunday of the population
    single_weeks : whether lists come by single weeks of waiting too

    Raises
    ------
    BadArgument
        For a provider without a list here, or another day.
    """
    return next(weekly_returns(population, provider, weeks=(week_ending,), single_weeks=single_weeks))


def weekly_returns(
    population: Population, provider: str, *, weeks: Iterable[date], single_weeks: bool = False
) -> Iterator[tuple[ReturnRow, ...]]:
    """The returns of several weeks, in their order; quicker than one by one."""
    if provider not in PROVIDERS:
        raise BadArgument(f"expected one of {', '.join(PROVIDERS)}", field="provider")
    lists = {service: waits(population, provider, service) for by, service in HELD if by == provider}
    wrong = population.faults
    for week in weeks:
        if week not in population.weeks:
            raise BadArgument("expected a Sunday of the weeks that the population covers", field="week_ending")
        counted = _last_counted(population, provider, week)
        rows = [
            row
            for service, referrals in lists.items()
            if is_sent(population, provider, week) and is_holding(provider, service, counted)
            for row in _rows(referrals, (counted, provider, service), single_weeks=single_weeks)
        ]
        rows += [
            row._replace(service=service)
            for service in (wrong.copied if provider == wrong.pooled[0] else ())
            for row in rows
            if row.service == wrong.pooled[1]
        ]
        yield tuple(rows) if counted == week else tuple(row._replace(week_ending=week) for row in rows)


def return_csv(rows: Iterable[ReturnRow]) -> bytes:
    """The return as a file: a line that says it is invented, the headings, the rows."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([TITLE])
    writer.writerow((*ReturnRow._fields[:-1], "count"))
    writer.writerows(rows)
    return text.getvalue().encode()


def _last_counted(population: Population, provider: str, week: date) -> date:
    """The week whose figures a return holds: a frozen one repeats those of the week before it froze."""
    wrong = population.faults
    if provider == wrong.frozen[0] and week in wrong.frozen_weeks:
        return min(wrong.frozen_weeks) - timedelta(weeks=1)
    return week


def _rows(referrals: Referrals, key: tuple[date, str, str], *, single_weeks: bool) -> Iterator[ReturnRow]:
    today = day_number(key[0])
    yield from _lists(referrals, key, single_weeks=single_weeks)
    after = today - 7
    yield ReturnRow(*key, "", "referrals", "", "", came(referrals, after=after, until=today))
    for reason, count in left(referrals, after=after, until=today).items():
        yield ReturnRow(*key, "", "removed", "", reason, count)


def _lists(referrals: Referrals, key: tuple[date, str, str], *, single_weeks: bool) -> Iterator[ReturnRow]:
    week, _, service = key
    # Who has no reviews of a service that others review says 0: the board's sum would be unknown else.
    reviews = any((item.service, item.is_review) == (service, True) for item in LISTS)
    stages: dict[Stage, tuple[str, ...]] = {
        "list": waits_at(service, "list"),
        "next": (codes.NEXT_STAGE[service],) if service in codes.NEXT_STAGE else (),
        "review": ("review",) if reviews else (),
    }
    for stage, words in stages.items():
        if not words:
            continue
        found = waiting(referrals, stage, on=day_number(week))
        for word in words:
            for band, count in zip(BAND_LABELS, found.bands(word).tolist(), strict=True):
                yield ReturnRow(*key, word, "waiting", band, "", count)
            if single_weeks and stage == "list":
                for number, count in enumerate(found.single_weeks(word).tolist()):
                    if count:
                        yield ReturnRow(*key, word, "waiting", str(number), "", count)
