"""Lists as sheets take them, by wait: what one sender, or the sum of several, says of a period."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from waitlists.bands import CHS_BANDS
from waitlists.suppression.sheets import Version

MONDAY, TUESDAY = date(2025, 5, 5), date(2025, 5, 6)
LABELS = [band.label for band in CHS_BANDS]
RECORDS = "referral_extract"
THREE = {"A": (12, 12, 7, 7, 12, 0, 9, 0), "B": (0, 3, 7, 0, 7, 60, 0, 3), "D": (1, 8, 3, 7, 60, 0, 0, 60)}
"""Waits at three providers of a board: what is shown of two of them rests on many sums for whoever knows the first."""


def version(
    org: str,
    *waits: int,
    at: int = 1,
    known: date = MONDAY,
    scope: str | None = None,
    run: int = 1,
    source: str = "weekly_return",
    **flows,
):
    """A list of an organisation by wait, of its own scope; all further bands are of nobody."""
    bands = {("waiting", label): count for label, count in zip(LABELS, waits, strict=False)}
    rest = {("waiting", label): 0 for label in LABELS[len(waits) :]}
    kinds = {(kind, "total"): count for kind, count in flows.items()}
    whole = {("waiting", "total"): sum(waits)}
    return Version(run, known, at, org if scope is None else scope, org, bands | rest | whole | kinds, source)


def board(org: str, *parts: Sequence[int], at: int, **told) -> Version:
    """The sum of what several senders say of a period."""
    return version(org, *map(sum, zip(*parts, strict=True)), at=at, scope="", **told)


def of_sources(
    waits: Mapping[str, Sequence[int]], *, lacking: Mapping[str, str] | None = None, at: int = 0, **told
) -> Iterator[Version]:
    """Returns and records of one day with the board's sums, each without those that it lacks."""
    for start, source in ((at, "weekly_return"), (at + 10, RECORDS)):
        own = {org: some for org, some in waits.items() if (lacking or {}).get(org) != source}
        for number, (org, some) in enumerate(own.items(), start + 1):
            yield version(org, *some, at=number, source=source, **told)
        yield board("Q", *own.values(), at=start + 9, source=source, **told)
