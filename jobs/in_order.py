"""In which order the files of one look are stored, where it decides which of them stands.

What a file says of itself goes first: its day, and when it was published. Returns of the same week, and extracts of the
same day, say no more, and the one that was written last stands. Where nothing tells which that is, the second is left
out and its sender asked: which of two lists is right is not for a checksum to say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from jobs.files import Refusal, Understood
from jobs.records.files import ReadExtract
from jobs.records.senders import sent_by
from waitlists.deliveries.digest import digests, identities
from waitlists.domain import ParsedVintage
from waitlists.ingest.referral_delivery import Extract
from waitlists.periods import in_words
from waitlists.quality.words import names_of
from waitlists.sources import WEEKLY_OWN

SAME_MOMENT: Final = "SAME_MOMENT"
"""The word of a refusal: of two files nobody can tell which is newer."""


class Line(NamedTuple):
    """What only one file can have the last word on: whose list of which period."""

    scope: str
    period_end: date


@dataclass(frozen=True, slots=True)
class _Group:
    """Returns that say something of the same weeks as one another."""

    lines: frozenset[Line]
    items: tuple[Understood, ...]


def figures_in_order(items: Iterable[Understood]) -> tuple[list[Understood], list[Refusal]]:
    """Files of figures as they are to be stored, and those of which nobody can tell whether they are the newer ones.

    The order of the command line must not show in the database.
    """
    groups: list[_Group] = []
    for item in items:
        lines = frozenset(_lines(item))
        touched = [one for one in groups if not lines.isdisjoint(one.lines)]
        groups = [one for one in groups if lines.isdisjoint(one.lines)]
        groups.append(_Group(lines.union(*(one.lines for one in touched)), (*_all_of(touched), item)))
    stored: list[Understood] = []
    refused: list[Refusal] = []
    for group in sorted(groups, key=lambda one: max(map(_published, one.items))):
        for item in sorted(group.items, key=lambda one: (one.file.written_ns, *_published(one))):
            unclear = next((other for other in stored if _is_unclear(other, item)), None)
            stored += [] if unclear else [item]
            refused += [_refused_figures(item, unclear)] if unclear else []
    return stored, refused


def records_in_order(items: Iterable[ReadExtract]) -> tuple[list[ReadExtract], list[Refusal]]:
    """The same of extracts: by day, and of one day by when they were written."""
    stored: list[ReadExtract] = []
    refused: list[Refusal] = []
    for item in sorted(items, key=lambda one: (one.extract.facts.snapshot_date, one.written_ns, one.sha256)):
        facts = item.extract.facts
        unclear = next((other for other in stored if _is_unclear_of_records(other, item)), None)
        if unclear is None:
            stored.append(item)
        else:
            about = f"{names_of(facts.providers)} of {facts.snapshot_date.day} {facts.snapshot_date:%B %Y}"
            reason = _reason("extracts", about, unclear.name, item.name)
            refused.append(Refusal(item.name, item.sha256, SAME_MOMENT, reason, sender=sent_by(facts)))
    return stored, refused


def _published(item: Understood) -> tuple[date, date, str]:
    return item.delivery.period_end, item.delivery.published_on or date.max, item.file.sha256


def _all_of(groups: Sequence[_Group]) -> Iterable[Understood]:
    return (item for group in groups for item in group.items)


def _lines(item: Understood) -> dict[Line, ParsedVintage]:
    """Of files that print no day of their own; published ones keep the order of their dates and checksums."""
    parts = item.delivery.vintages if item.delivery.source in WEEKLY_OWN else ()
    return {Line(part.scope, part.period_end): part for part in parts}


def _is_unclear(before: Understood, now: Understood) -> bool:
    if before.file.written_ns != now.file.written_ns:
        return False
    said, says = _lines(before), _lines(now)
    return any(_figures(said[line]) != _figures(says[line]) for line in said.keys() & says.keys())


def _figures(part: ParsedVintage) -> set[tuple[object, ...]]:
    """What it says, wherever in its file."""
    return {(one.service, one.org, one.band, one.kind, one.value, one.marker) for one in part.figures}


def _is_unclear_of_records(before: ReadExtract, now: ReadExtract) -> bool:
    first, second = before.extract.facts, now.extract.facts
    is_alike = (first.snapshot_date, first.kind, before.written_ns) == (
        second.snapshot_date,
        second.kind,
        now.written_ns,
    )
    is_other_system = first.systems and second.systems and set(first.systems).isdisjoint(second.systems)
    if not is_alike or is_other_system or set(first.providers).isdisjoint(second.providers):
        return False
    return first.kind == "snapshot" or _is_said_otherwise(before.extract, now.extract)


def _is_said_otherwise(before: Extract, now: Extract) -> bool:
    """Whether a referral stands in both and not with the same words: changes of other referrals take nothing back."""
    said, says = _said(before), _said(now)
    _, first, second = np.intersect1d(said[0], says[0], assume_unique=True, return_indices=True)
    return bool((said[1, first] != says[1, second]).any())


def _said(extract: Extract) -> npt.NDArray[Any]:
    """(2, n) which referrals stand in it, and what it says of each."""
    tables = (batch.records for batch in extract.batches())
    return np.hstack([np.vstack((identities(table), digests(table))) for table in tables])


def _refused_figures(item: Understood, before: Understood) -> Refusal:
    when = in_words(item.delivery.period_end, "W")
    about = f"{names_of(item.sender.providers)} for {when}" if item.sender.providers else when
    reason = _reason("returns", about, before.file.name, item.file.name)
    return Refusal(item.file.name, item.file.sha256, SAME_MOMENT, reason, sender=item.sender)


def _reason(what: str, about: str, before: str, name: str) -> str:
    return (
        f"two {what} of {about} differ and were written at the same moment, so nothing tells which is the newer one: "
        f"{before} is taken and {name} is not; where {name} is the right one, load it by itself with `waitlists load`"
    )
