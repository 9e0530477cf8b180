"""Referral spells: referrals of one child at one provider that count as one wait in the four week measure.

Two referrals are one spell when the sender says so, or when the later was received at most 5 days after the earlier
ended. Source: metric code of the MHSDS children's four week waits.
"""

from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from waitlists.record.columns import Days, Flags, coded, kinds_of

LONGEST_GAP_DAYS: Final = 5


class Spells(NamedTuple):
    """Which referrals are one spell: (n,) `order` puts them side by side, earliest first; `first` is where each begins.

    `first` holds places in `order`, so `order[first]` are the rows that stand for their spell.
    """

    order: NDArray[np.intp]
    first: NDArray[np.intp]

    def earliest(self, days: Days) -> Days:
        """The earliest day within each spell."""
        return np.minimum.reduceat(days[self.order], self.first)

    def throughout(self, days: Days) -> Days:
        """The same days, but for every referral of a spell the earliest within it."""
        changed = days.copy()
        changed[self.order] = np.repeat(self.earliest(days), self._sizes)
        return changed

    def last_ended(self, ended: Days) -> NDArray[np.intp]:
        """The row of each spell that ended last."""
        within = ended[self.order]
        is_last = within == np.repeat(np.maximum.reduceat(within, self.first), self._sizes)
        return self.order[np.maximum.reduceat(np.where(is_last, np.arange(len(within)), -1), self.first)]

    @property
    def _sizes(self) -> NDArray[np.int64]:
        return np.diff(self.first, append=len(self.order))

    @property
    def standing(self) -> NDArray[np.intp]:
        """The row that stands for each spell: its earliest referral."""
        return self.order[self.first]


def spells(table: pa.Table, received: Days, ended: Days, among: Flags) -> Spells | None:
    """The spells of the rows chosen, None when no row is chosen.

    Parameters
    ----------
    received, ended : (n,) days
        When each referral was received, and when it was closed or went out of sight (NEVER while neither).
    among : (n,) flags
        The rows that can be part of a spell.
    """
    rows = np.flatnonzero(among)
    if not len(rows):
        return None
    chosen = table.select([_PROVIDER, _CHILD, _SPELL, _REFERRAL]).take(rows)
    said = coded(chosen, _SPELL)
    is_said = np.asarray([word != "" for word in said.words])[said.codes]
    who = np.where(is_said, said.codes, len(said.words) + kinds_of(chosen, _CHILD))
    provider = coded(chosen, _PROVIDER).codes
    order = _in_order(chosen, provider, who, received[rows])
    is_new = _is_new_group(provider[order], who[order])
    gap = _gap_before(received[rows][order], ended[rows][order], is_new)
    is_first = is_new | (~is_said[order] & (gap > LONGEST_GAP_DAYS))
    return Spells(rows[order], np.flatnonzero(is_first))


_PROVIDER, _CHILD = "organisation_identifier_code_of_provider", "pseudonym_id"
_SPELL, _REFERRAL = "referral_spell_id", "service_request_identifier"


def _in_order(
    chosen: pa.Table, provider: NDArray[np.int32], who: NDArray[np.int32], received: Days
) -> NDArray[np.intp]:
    """Rows by provider, group and day; those of one day by their referral's number, which hardly any need."""
    keys = (received, who, provider)
    order = np.lexsort(keys)
    is_alike = np.logical_and.reduce([key[order][1:] == key[order][:-1] for key in keys])
    alike = np.flatnonzero(np.append(is_alike, False) | np.append(False, is_alike))
    if len(alike):
        rows = order[alike]
        number = coded(chosen.select([_REFERRAL]).take(pa.array(rows)), _REFERRAL).codes
        order[alike] = rows[np.lexsort((number, *(key[rows] for key in keys)))]
    return order


def _is_new_group(provider: NDArray[np.int32], who: NDArray[np.int32]) -> Flags:
    is_new = np.ones(len(who), np.bool_)
    is_new[1:] = (provider[1:] != provider[:-1]) | (who[1:] != who[:-1])
    return is_new


def _gap_before(received: Days, ended: Days, is_new: Flags) -> NDArray[np.int64]:
    """Days from the latest end of any earlier referral of the group to each referral; what is open leaves no gap."""
    # Each group is lifted above all days of the one before, so that one running maximum serves them all.
    lift = np.cumsum(is_new, dtype=np.int64) << 33
    latest = np.maximum.accumulate(ended + lift)
    gap = np.zeros(len(received), np.int64)
    gap[1:] = received[1:] + lift[1:] - latest[:-1]
    return gap
