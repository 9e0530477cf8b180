"""What puts each stay on its lists, as numbers: worked out once, whatever periods and groups are counted from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from waitlists.clock import Clocks
from waitlists.record.columns import Coded, Days, Flags, coded
from waitlists.record.schema import IDENTITY
from waitlists.snapshot.boards import boards_of, children_of
from waitlists.snapshot.stays import Stays, is_about, joined_stays, stays_of
from waitlists.standards import Standard, standards_for

CUTS: Final[Mapping[str, str]] = {
    "district": "district_code",
    "age_band": "age_band",
    "sex": "person_stated_gender_code",
    "ethnicity": "ethnic_category",
    "deprivation": "imd_decile",
}
"""What a board's list may be cut by, and the field of the record that says it."""


class Measure(NamedTuple):
    """A standard, and the stays it is about: those of a service's own list alone."""

    standard: Standard
    about: Flags


@dataclass(frozen=True, slots=True)
class Listed:
    """Stays, those that began first before others, and what lists tell them apart by: (n,) each.

    `groups` are by word of CUTS. `child` says of which child each stay is, where it may begin or end with a change of
    provider; `adjustment` how many days the family chose to wait.
    """

    stays: Stays
    service: Coded
    provider: Coded
    board: Coded
    groups: Mapping[str, Coded]
    child: NDArray[np.int64]
    adjustment: Days
    measures: tuple[Measure, ...]

    def of_service(self, name: str) -> "Listed":
        """The stays on the lists of a service, with its own standards alone."""
        is_own = np.array([word == name for word in self.service.words], np.bool_)
        own = self.take(np.flatnonzero(is_own[self.service.codes]))
        standards = standards_for(name)
        return replace(own, measures=tuple(one for one in own.measures if one.standard in standards))

    def take(self, places: NDArray[np.intp]) -> "Listed":
        """The stays at these places, in their order."""
        return Listed(
            stays=self.stays.take(places),
            service=self.service.take(places),
            provider=self.provider.take(places),
            board=self.board.take(places),
            groups={cut: group.take(places) for cut, group in self.groups.items()},
            child=self.child[places],
            adjustment=self.adjustment[places],
            measures=tuple(Measure(standard, about[places]) for standard, about in self.measures),
        )


def listed_of(table: pa.Table, clocks: Clocks) -> Listed:
    """The stays of a records table.

    Parameters
    ----------
    table, clocks
        Records and their clocks; an `is_absent` column marks referrals that a newer full extract did not hold.
    """
    stays = stays_of(clocks)
    stays = stays.take(_by_start(stays))
    row = stays.row
    service, provider = coded(table, "service"), coded(table, IDENTITY[0])
    held = {found.id: found for name in service.words for found in standards_for(name)}
    own = stays.stage == 0
    return Listed(
        stays=stays,
        service=service.take(row),
        provider=provider.take(row),
        board=boards_of(table, clocks.on).take(row),
        groups={cut: coded(table, name).take(row) for cut, name in CUTS.items()},
        child=children_of(table, stays),
        adjustment=clocks.adjustment[row],
        measures=tuple(Measure(standard, is_about(standard, table)[row] & own) for standard in held.values()),
    )


def joined(several: Sequence[Listed]) -> Listed:
    """The stays of several tables together; no spell is of two tables."""
    if len(several) == 1:
        return several[0]
    standards = {one.standard.id: one.standard for part in several for one in part.measures}
    both = Listed(
        stays=joined_stays([part.stays for part in several]),
        service=_joined([part.service for part in several]),
        provider=_joined([part.provider for part in several]),
        board=_joined([part.board for part in several]),
        groups={cut: _joined([part.groups[cut] for part in several]) for cut in CUTS},
        child=np.concatenate([part.child for part in several]),
        adjustment=np.concatenate([part.adjustment for part in several]),
        measures=tuple(_of_several(one, several) for one in standards.values()),
    )
    return both.take(_by_start(both.stays))


def _by_start(stays: Stays) -> NDArray[np.intp]:
    return np.argsort(stays.start, kind="stable")


def _joined(several: Sequence[Coded]) -> Coded:
    words = tuple(sorted({word for one in several for word in one.words}))
    place = {word: number for number, word in enumerate(words)}
    codes = [np.array([place[word] for word in one.words], np.int32)[one.codes] for one in several]
    return Coded(np.concatenate(codes), words)


def _of_several(standard: Standard, several: Sequence[Listed]) -> Measure:
    """A standard is about no stay of a table that has none of its services."""
    found = ({one.standard.id: one.about for one in part.measures} for part in several)
    none = (np.zeros(len(part.child), np.bool_) for part in several)
    return Measure(standard, np.concatenate([one.get(standard.id, no) for one, no in zip(found, none, strict=True)]))
