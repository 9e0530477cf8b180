"""Wait bands of the community health services workbooks: day edges, sums, share within a wait, percentiles, merging.

Counts are children by days waited at the census. A band that is absent or suppressed is unknown, never zero, and makes
whatever it touches unknown. A mean wait is not offered: the open top band has no middle. The rules are those of
docs/methods.md, section on wait bands.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Literal, NamedTuple, Self, cast

from waitlists.errors import BadArgument
from waitlists.spread import Spread


@dataclass(frozen=True, slots=True)
class WaitBand:
    """A band of whole days waited, both ends included; `to_days` is None for the open top band."""

    label: str
    from_days: int
    to_days: int | None

    @property
    def width_days(self) -> int | None:
        """Whole days the band holds: 8 for days 0 to 7; None for the open top band."""
        return None if self.to_days is None else self.to_days + 1 - self.from_days


CHS_BANDS: Final = (
    WaitBand("0-1", 0, 7),
    WaitBand(">1-2", 8, 14),
    WaitBand(">2-4", 15, 28),
    WaitBand(">4-12", 29, 84),
    WaitBand(">12-18", 85, 126),
    WaitBand(">18-52", 127, 364),
    WaitBand(">52-104", 365, 728),
    WaitBand(">104", 729, None),
)
"""The eight bands, in weeks by label and in days by edge.

Source: contents page of the workbooks, 2024-25. Earlier text ended a band at day 364 and began the next after 365; the
later title "52-104 weeks (365-728 days)" gives day 365 its home.
"""

OVER_52: Final = ">52"
"""The one band over 52 weeks of workbooks before January 2025."""

UNBANDED_LIMIT: Final = 0.05
"""Share of a list without a band from which the list is a data-quality finding."""

_SPLIT_TOP: Final = (">52-104", ">104")


class _Grid(NamedTuple):
    """Bands that stand together in a file, and what is worked out of them time and again."""

    bands: tuple[WaitBand, ...]
    labels: tuple[str, ...]
    firsts: tuple[int, ...]
    widths: tuple[int, ...]

    @classmethod
    def of(cls, *bands: WaitBand) -> Self:
        """The grid of some bands, the last of them open."""
        labels, firsts = tuple(band.label for band in bands), tuple(band.from_days for band in bands)
        return cls(bands, labels, firsts, tuple(filter(None, [band.width_days for band in bands])))


_SPLIT: Final = _Grid.of(*CHS_BANDS)
_MERGED: Final = _Grid.of(*CHS_BANDS[:6], WaitBand(OVER_52, 365, None))

Column = Mapping[int, int | None]
"""One count of many lists, by the number of the list."""

BandRow = tuple[str, int, int | None, int | None]
"""Label, first day, last day (None in the open top band) and count (None when unknown) of one band."""


class Share(NamedTuple):
    """A share of those waiting, 0 to 1; `exact` when the wait is an edge of a band, else linear inside one band."""

    value: float
    method: Literal["exact", "interpolated"]


class Wait(NamedTuple):
    """A percentile wait: days, or at least so many weeks when it lies in the open top band; one of the two is None."""

    days: float | None
    at_least_weeks: int | None


@dataclass(frozen=True, slots=True)
class WaitBands:
    """A list by wait band and as a whole; None is a count that is suppressed or was not published.

    Once made, `counts` holds every band of its grid in order: eight bands, or seven where `>52` was printed instead of
    its two parts. The published total may exceed the bands (children without a band) and is never below them.

    Raises
    ------
    BadArgument
        For an unknown band, both `>52` and a part of it, a negative count, or bands that exceed the total.
    """

    counts: Mapping[str, int | None]
    total: int | None

    def __post_init__(self) -> None:
        grid, known = _grid_of(self.counts), [count for count in self.counts.values() if count is not None]
        if min(known, default=0) < 0 or (self.total or 0) < 0:
            raise BadArgument("a count of children is never negative", field="counts")
        if self.total is not None and sum(known) > self.total:
            raise BadArgument("the bands hold more children than the list", field="total")
        object.__setattr__(self, "counts", {band.label: self.counts.get(band.label) for band in grid.bands})


def usable_bands(counts: Mapping[str, int | None], total: int | None) -> WaitBands:
    """The list as published, but without its bands where they hold more children than the list itself, or nobody.

    Which of the two is wrong cannot be known, so nothing is worked out from such bands; the finding says it. Bands that
    are all 0 beside a list of hundreds would say that nobody waits long.
    """
    banded = sum(filter(None, counts.values()))
    is_empty = bool(counts) and all(count == 0 for count in counts.values())
    contradicted = total is not None and (banded > total or (is_empty and total > 0))
    return WaitBands(dict.fromkeys(counts) if contradicted else counts, total)


def usable_spreads(
    counts: Mapping[str, Column], totals: Column, lists: Collection[int]
) -> Iterator[tuple[int, Spread | None]]:
    """The children of `usable_bands` by band, None where any band is unknown, of some of many lists that have numbers.

    Parameters
    ----------
    counts : by band; what is no band, such as the list as a whole, is not looked at
    """
    merged = counts.get(OVER_52, {})
    split = [one for one in lists if one not in merged]
    for grid, own in ((_SPLIT, split), (_MERGED, [one for one in lists if one in merged])):
        columns = [map(counts.get(label, {}).get, own) for label in grid.labels]
        for one, row in zip(own, zip(*columns, strict=True), strict=True):
            yield one, None if None in row else _usable(grid, cast("tuple[int, ...]", row), totals.get(one))


def _usable(grid: _Grid, counts: tuple[int, ...], total: int | None) -> Spread | None:
    upto = tuple(accumulate(counts))
    is_contradicted = total is not None and (upto[-1] > total or upto[-1] == 0 < total)
    return None if is_contradicted else Spread(grid.firsts, grid.widths, upto)


def band_of(days: int) -> str:
    """Label of the band a wait of whole days falls in: day 364 is `>18-52`, day 365 is `>52-104`."""
    if days < 0:
        raise BadArgument("a wait is never negative", field="days")
    return next(band.label for band in CHS_BANDS if band.to_days is None or days <= band.to_days)


def rows(bands: WaitBands) -> tuple[BandRow, ...]:
    """Label, first day, last day and count of every band of the list's grid, shortest wait first."""
    return tuple(
        (band.label, band.from_days, band.to_days, bands.counts[band.label]) for band in _grid_of(bands.counts).bands
    )


def banded_total(bands: WaitBands) -> int | None:
    """Children in all bands together, None when any band is unknown; shares are parts of this number."""
    return _sum(bands.counts.values())


def unbanded(bands: WaitBands) -> int | None:
    """Children on the list without a band, None when the total or any band is unknown."""
    banded = banded_total(bands)
    return None if bands.total is None or banded is None else bands.total - banded


def is_far_from_total(banded: int, total: int) -> bool:
    """Whether more than 5% of a list has no band, which is a data-quality finding."""
    return total - banded > UNBANDED_LIMIT * total


def share_within(bands: WaitBands, days: int) -> Share | None:
    """Share of those waiting whose wait is at most so many days.

    Full bands below the day plus the linear part of the band that holds it, (day + 1 - first day) / width. None when a
    band is unknown, when nobody is in a band, and when the day lies in the open top band.

    Examples
    --------
    >>> kent = WaitBands({"0-1": 0, ">1-2": 0, ">2-4": 0, ">4-12": 6, ">12-18": 0, ">18-52": 2, ">52": 0}, 8)
    >>> share_within(kent, 126)
    Share(value=0.75, method='exact')
    >>> share_within(kent, 56)
    Share(value=0.375, method='interpolated')
    """
    return share_of(_spread(bands), days)


def share_of(spread: Spread | None, days: int) -> Share | None:
    """The same of children by band, None where a band is unknown."""
    if days < 0:
        raise BadArgument("a wait is never negative", field="days")
    value = None if spread is None else spread.share_before(days + 1)
    if spread is None or value is None:
        return None
    return Share(value, "exact" if days + 1 in spread.firsts else "interpolated")


def percentile_wait(bands: WaitBands, q: float) -> Wait | None:
    """Wait that a share `q` of those waiting do not exceed, linear inside its band.

    Returns
    -------
    Wait or None
        Days, or `at_least_weeks` (104; 52 for files with one band over 52 weeks) when the rank lies in the open top
        band, never a number by extrapolation. None when a band is unknown or nobody is in a band.

    Raises
    ------
    BadArgument
        When `q` is not from 0 to 1.
    """
    return wait_of(_spread(bands), q)


def wait_of(spread: Spread | None, q: float) -> Wait | None:
    """The same of children by band, None where a band is unknown."""
    if not 0 <= q <= 1:
        raise BadArgument("expected a share from 0 to 1", field="q")
    if spread is None or not spread.everybody:
        return None
    days = spread.wait_of(q)
    return Wait(days, spread.firsts[-1] // 7 if days is None else None)


def first_day_over(weeks: int) -> int:
    """The first day that is over so many weeks, which is days > 7N: over 52 weeks begins on day 365."""
    return 7 * weeks + 1


def over_weeks(bands: WaitBands, weeks: int) -> int | None:
    """Children who wait over so many weeks, None when that is not published or a band above is unknown."""
    first_day, grid = first_day_over(weeks), _grid_of(bands.counts)
    if first_day not in grid.firsts:
        return None
    return _sum(bands.counts[band.label] for band in grid.bands if band.from_days >= first_day)


def merge(*lists: WaitBands) -> WaitBands:
    """Several lists as one, band by band; a band or total that is unknown in one of them is unknown in the whole.

    One list with a single band over 52 weeks brings all to that grid, so that old and new files give one series.
    """
    if not lists:
        raise BadArgument("expected at least one list", field="lists")
    if any(OVER_52 in bands.counts for bands in lists):
        lists = tuple(_with_one_top_band(bands) for bands in lists)
    labels = lists[0].counts
    return WaitBands(
        {label: _sum(bands.counts[label] for bands in lists) for label in labels}, _sum(bands.total for bands in lists)
    )


def _with_one_top_band(bands: WaitBands) -> WaitBands:
    if OVER_52 in bands.counts:
        return bands
    below = {label: count for label, count in bands.counts.items() if label not in _SPLIT_TOP}
    return WaitBands({**below, OVER_52: _sum(bands.counts[label] for label in _SPLIT_TOP)}, bands.total)


def _grid_of(counts: Mapping[str, int | None]) -> _Grid:
    grid = _MERGED if OVER_52 in counts else _SPLIT
    if not counts.keys() <= set(grid.labels):
        raise BadArgument(
            "expected the wait bands of the workbooks, with one band over 52 weeks or its parts", field="bands"
        )
    return grid


def _sum(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return None if None in known else sum(count for count in known if count is not None)


def _spread(bands: WaitBands) -> Spread | None:
    """The children of a list by band; None when any band is unknown, since nothing can be said then."""
    known = [count for count in bands.counts.values() if count is not None]
    if len(known) < len(bands.counts):
        return None
    grid = _grid_of(bands.counts)
    return Spread(grid.firsts, grid.widths, tuple(accumulate(known)))
