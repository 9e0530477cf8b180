"""Who is in a list over time: where a provider came, stopped being expected, or handed its list on.

A list grows by who joins it and shrinks by who is no longer asked for, with no child waiting longer or less. Where
that moves the list by enough to be seen, figures on the two sides are not compared. Sizes are taken to the nearest 5,
so that what is concluded here tells no more of a list than its rounded figure does.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from waitlists.counts.histories import ListHistory, in_force
from waitlists.domain import Measure
from waitlists.organisations import SUCCESSIONS_IN_ORDER, Succession, current_code
from waitlists.periods import in_words
from waitlists.quality.presence import EXPECTED_WINDOW, KEEPERS, homes_of
from waitlists.quality.steps import STEP_MINIMUM, STEP_SHARE
from waitlists.quality.words import level_of, name_of
from waitlists.sources import Freq, freq_of
from waitlists.trends.steps import Incomparable, Step

LEAST_SHARE: Final = 0.05
"""A provider below a twentieth of the list moves it less than an ordinary month does."""

COVERAGE: Final = "coverage"
SUCCESSION: Final = "succession"

Sizes = Mapping[date, Mapping[str, int]]
"""By period, the lists of the providers in it, to the nearest 5."""


def came_and_went(history: ListHistory, as_of: date) -> dict[str, tuple[Incomparable, ...]]:
    """By organisation whose list is made of several: where that came to be of other providers, oldest first."""
    freq = freq_of(history.source)
    return {home: tuple(_changes(sizes, freq)) for home, sizes in _sizes(history, as_of).items()}


class Gone(NamedTuple):
    """A provider that stopped sending: the first period in which it is no longer expected, and when that was known."""

    org: str
    since: date
    known_from: date


def who_went(history: ListHistory, as_of: date) -> dict[str, tuple[Gone, ...]]:
    """By organisation whose list is made of several: who is in it no more, however few waited there, oldest first."""
    known: dict[date, date] = {}
    for vintage in in_force(history.vintages, as_of).values():
        known[vintage.period_end] = min(vintage.known_from, known.get(vintage.period_end, vintage.known_from))
    found: dict[str, tuple[Gone, ...]] = {}
    for home, sizes in _sizes(history, as_of).items():
        last = {one.org: one for one in _moves(sizes)}
        gone = [Gone(one.org, one.period_end, known[one.period_end]) for one in last.values() if not one.is_new]
        found[home] = tuple(sorted(gone, key=lambda one: (one.since, one.org)))
    return found


def successions(service: str, org: str) -> tuple[Incomparable, ...]:
    """When a list of a service passed from one provider to another, both within the list of `org`: it goes on."""
    return tuple(
        Incomparable(one.since, SUCCESSION, f"{_passed(one)}: the list goes on.")
        for one in SUCCESSIONS_IN_ORDER
        if service in one.services and org in _homes(one.successor, service, one.since)[1:]
    )


def taken_over(service: str, org: str) -> tuple[Incomparable, ...]:
    """When a provider's own list of a service passed to another, or another's came to it: nobody was seen by that."""
    return tuple(
        Incomparable(one.since, SUCCESSION, f"{_passed(one)}: coverage, not change.")
        for one in SUCCESSIONS_IN_ORDER
        if service in one.services and org in {one.code, one.successor}
    )


def _passed(one: Succession) -> str:
    return f"{name_of(one.successor)} carries on the list of {name_of(one.code)}"


def _homes(org: str, service: str, on: date) -> tuple[str, ...]:
    return homes_of(org, service, source="", on=on)


def sudden(steps: Sequence[Step], freq: Freq) -> tuple[Incomparable, ...]:
    """Steps of a list size from one whole figure to the next that are too large to be believed without a cause."""
    whole = [(step.period_end, step.value) for step in steps if step.is_whole and step.value is not None]
    return tuple(
        Incomparable(
            day,
            "unknown",
            f"The list moved by more than {STEP_SHARE:.0%} to {in_words(day, freq)}: not a real change until its "
            "cause is known.",
        )
        for (_, was), (day, value) in pairwise(whole)
        if max(was, value) >= STEP_MINIMUM and abs(value - was) > STEP_SHARE * was
    )


def _sizes(history: ListHistory, as_of: date) -> dict[str, Sizes]:
    """By organisation in whose list they are counted: providers by period, under the codes of the newest period."""
    vintages = {vintage.id: vintage.period_end for vintage in in_force(history.vintages, as_of).values()}
    newest = max(vintages.values(), default=as_of)
    found: dict[str, dict[date, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for (vintage_id, org), cells in history.cells.items():
        size = cells.value(Measure.LIST_SIZE)
        if vintage_id not in vintages or not size or level_of(org, {}) not in KEEPERS:
            continue
        period, code = vintages[vintage_id], current_code(org, history.service, newest)
        for home in homes_of(org, history.service, source=history.source, on=period)[1:]:
            here = found[home][period]
            here[code] = here.get(code, 0) + round(size / 5) * 5
    return dict(found)


def _changes(sizes: Sizes, freq: Freq) -> Iterator[Incomparable]:
    for one in _moves(sizes):
        if one.size >= max(STEP_MINIMUM, LEAST_SHARE * sum(sizes[one.period_end].values())):
            what = "is new in" if one.is_new else "is no longer expected in"
            when = in_words(one.period_end, freq)
            sentence = f"{name_of(one.org)} {what} the figures from {when}: coverage, not change."
            yield Incomparable(one.period_end, COVERAGE, sentence)


class _Move(NamedTuple):
    period_end: date
    org: str
    size: int
    is_new: bool


def _moves(sizes: Sizes) -> Iterator[_Move]:
    last_seen: dict[str, int] = {}
    last_size: dict[str, int] = {}
    for place, period in enumerate(sorted(sizes)):
        here = sizes[period]
        came = [org for org in here if place and place - last_seen.get(org, -EXPECTED_WINDOW) >= EXPECTED_WINDOW]
        gone = [org for org, seen in last_seen.items() if org not in here and place - seen == EXPECTED_WINDOW]
        yield from (_Move(period, org, here[org], is_new=True) for org in came)
        yield from (_Move(period, org, last_size[org], is_new=False) for org in gone)
        last_seen |= dict.fromkeys(here, place)
        last_size |= here
