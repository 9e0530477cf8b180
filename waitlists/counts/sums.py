"""The sums of a board over what its providers sent for a period, each as known on the day one of them arrived.

A sum is worked out from whoever sent figures; who did not is named by the checks beside it (`quality.parts`), and a
count that one sender suppressed or left out is not known in the sum either.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from waitlists.domain import TOTAL, Figure, Marker, Vintage
from waitlists.organisations import board_of

REMOVED = "removed"
"""The kind of figure that counts who left, by reason as its band; a reason nobody left for need not be sent."""

WEEKS = "weeks"
"""The kind that counts those waiting by single weeks; of who sent any, a week left out has nobody in it."""

Cell = tuple[str, str]
"""Kind and band."""

Cells = Mapping[Cell, int | None]

WHOLE: Final[Cell] = ("waiting", TOTAL)
"""The size of a sender's own list."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one sender says of one period: its own counts of each service, by kind and band; None is suppressed."""

    vintage: Vintage
    services: Mapping[str, Cells]


def sums_on(parts: Sequence[Part], day: date) -> tuple[Figure, ...]:
    """The figures of every board and service of one period, as known by the end of a day.

    Parameters
    ----------
    parts
        What senders said of the period, corrections too; of each scope the latest known on `day` counts.
    """
    latest: dict[str, Part] = {}
    for part in sorted(parts, key=lambda item: item.vintage):
        if part.vintage.known_from <= day:
            latest[part.vintage.scope] = part
    lists: dict[tuple[str, str], list[Cells]] = defaultdict(list)
    for _scope, part in sorted(latest.items()):
        for service, cells in part.services.items():
            board = board_of(part.vintage.sender, service, part.vintage.period_end)
            if board is not None:
                lists[service, board].append(cells)
    return tuple(
        figure for (service, board), several in sorted(lists.items()) for figure in _sum(service, board, several)
    )


def _sum(service: str, board: str, several: Sequence[Cells]) -> Iterator[Figure]:
    # Who sent flows and no list is missing from the list, and so from the sum: the checks say so.
    several = [cells for cells in several if WHOLE in cells] or several
    for kind, band in sorted({cell for cells in several for cell in cells}):
        counts = [_count(cells, kind, band) for cells in several]
        known = [count for count in counts if count is not None]
        if len(known) == len(counts):
            yield _counted(service, board, kind, band, sum(known))
        elif (kind, band) == WHOLE:
            yield _counted(service, board, kind, band, None)


def _count(cells: Cells, kind: str, band: str) -> int | None:
    if kind == REMOVED and (kind, band) not in cells and cells.get(("removals", TOTAL)) is not None:
        return 0
    if kind == WEEKS and (kind, band) not in cells and any(name == WEEKS for name, _ in cells):
        return 0
    return cells.get((kind, band))


def _counted(service: str, org: str, kind: str, band: str, value: int | None) -> Figure:
    marker = Marker.SUPPRESSED if value is None else Marker.NUMBER
    return Figure(service, org, band, value, marker, sheet="", row=0, column=0, kind=kind)
