"""Whether what a refused file was about has come since: lists of the same sender, source and service, of its period.

Of a file that could not be read not all of this is known. It may then be about any list that its sender keeps, so it is
answered once all of those have come: that a figure is out is told too long rather than not at all. A file whose sender
nobody knows is answered by nothing, for only published files are nobody's own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from waitlists.deliveries.unread import Sender
from waitlists.sources import PUBLISHED_SOURCES


class Came(NamedTuple):
    """A list that was loaded: whose it is, its source, its service, the day it is about, and when it came.

    The provider is empty of a published file, which is of all; so is the service where a file speaks for all of them.
    """

    provider: str
    source: str
    service: str
    day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was refused: what is known of whose it is, as of which day it came, and when."""

    sender: Sender
    day: date
    at: datetime


def is_answered(refused: Refused, came: Iterable[Came]) -> bool:
    """Whether all that a refused file can have been about came after it.

    What came at the same moment came beside it: a provider may send each service in a file of its own.
    """
    if not refused.sender.providers and refused.sender.source not in PUBLISHED_SOURCES:
        return False
    every = [one for one in came if refused.sender.source in {None, one.source}]
    return all(
        _is_answered_of(refused, [one for one in every if one.provider == provider])
        for provider in refused.sender.providers or ("",)
    )


def _is_answered_of(refused: Refused, came: Sequence[Came]) -> bool:
    since = [one for one in came if one.at > refused.at]
    before = [one for one in came if one.at <= refused.at]
    wanted = set(_wanted(refused, before))
    return bool(since) and all(any(_answers(refused, one, place, before) for one in since) for place in wanted)


def _wanted(refused: Refused, before: Sequence[Came]) -> Iterator[tuple[str, str]]:
    """The lists it can be of, by source and service: those its sender kept, but for what was here already by then."""
    services = refused.sender.services
    kept = {(one.source, one.service) for one in before if not services or one.service in {"", *services}}
    here = {(one.source, one.service) for one in before if one.day >= (refused.sender.until or _week(refused))}
    yield from (kept - here) or kept
    yield from (("", service) for service in set(services) - {service for _, service in kept})


def _answers(refused: Refused, one: Came, place: tuple[str, str], before: Sequence[Came]) -> bool:
    source, service = place
    if source not in {"", one.source} or (one.service and service not in {"", one.service}):
        return False
    if refused.sender.until is not None:
        return one.day >= refused.sender.until
    newest = max((it.day for it in before if (it.source, it.service) == (one.source, one.service)), default=date.min)
    return one.day > newest or one.day >= _week(refused)


def _week(refused: Refused) -> date:
    """The Sunday that a file of its day is usually about."""
    return refused.day - timedelta(days=refused.day.isoweekday() % 7)
