"""What puts each stay on its lists, as numbers: worked out once, whatever periods and groups are counted from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from waitlists.clock import Clocks
from waitlists.record.columns import Coded, Days, Flags, coded
from waitlists.record.schema import IDENTITY
from waitlists.snapshot.boards import boards_of, children_of
from waitlists.snapshot.stays import Stays, is_about, stays_of
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
    child: NDArray[np.int32]
    adjustment: Days
    measures: tuple[Measure, ...]

    def of_service(self, name: str) -> "Listed":
        """The stays on the lists of a service, with its own standards alone."""
        own = self.take(np.array([word == name for word in self.service.words], np.bool_)[self.service.codes])
        standards = standards_for(name)
        return replace(own, measures=tuple(one for one in own.measures if one.standard in standards))

    def take(self, which: Flags) -> "Listed":
        """The stays that are chosen."""
        places = np.flatnonzero(which)
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
    stays = stays.take(np.argsort(stays.start, kind="stable"))
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
