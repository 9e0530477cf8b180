"""Whose board a referral is counted in, and who changed provider within a board, which is no flow of its list.

Commissioners come as their senders write them: a board, a part of one, or a council. They are put together by the
register as it stands on a day; what it does not know stays as it was sent.
"""

from datetime import date
from typing import Final, NamedTuple, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from waitlists.deliveries.digest import numbers_of
from waitlists.domain import Level
from waitlists.organisations import ORGANISATIONS, board_of, parent_of
from waitlists.record.columns import Coded, Days, Flags, coded
from waitlists.record.schema import REASONS
from waitlists.snapshot.stays import Stays

_TRANSFERRED: Final = REASONS.index("transferred")


def boards_of(table: pa.Table, on: date) -> Coded:
    """The board of each referral on a day, in whose figures it is counted."""
    names = ("organisation_identifier_code_of_commissioner", "organisation_identifier_code_of_provider", "service")
    payer, provider, service = (coded(table, name) for name in names)
    sizes = (len(payer.words), len(provider.words), len(service.words))
    keys, of = np.unique(np.ravel_multi_index((payer.codes, provider.codes, service.codes), sizes), return_inverse=True)
    places = cast("list[list[int]]", np.stack(np.unravel_index(keys, sizes), axis=1).tolist())
    boards = [_board(payer.words[a], provider.words[b], service.words[c], on) for a, b, c in places]
    words = tuple(sorted(set(boards)))
    return Coded(np.array([words.index(board) for board in boards], np.int32)[of], words)


def _board(payer: str, provider: str, service: str, on: date) -> str:
    level = ORGANISATIONS[payer].level if payer in ORGANISATIONS else None
    if level is Level.SUB_ICB:
        return parent_of(payer, on) or payer
    if level is Level.LOCAL_AUTHORITY:
        return board_of(provider, service, on) or payer
    return payer


class Moved(NamedTuple):
    """The stays that end, and those that begin, with a change of provider within their list: (n,) flags each."""

    out: Flags
    into: Flags


def nobody(stays: Stays) -> Moved:
    """No stay moved, as on the lists of single providers."""
    return Moved(np.zeros(len(stays.row), np.bool_), np.zeros(len(stays.row), np.bool_))


def children_of(table: pa.Table, stays: Stays) -> NDArray[np.int64]:
    """Which child each stay is of, where it may begin or end with a change of provider; elsewhere it says nothing."""
    found = np.zeros(len(stays.row), np.int64)
    places = np.flatnonzero(_may_end(stays) | _may_begin(stays))
    if len(places):
        found[places] = numbers_of(table.select(["pseudonym_id"]).take(stays.row[places]), "pseudonym_id")
    return found


def moved_within(of: NDArray[np.int32], stays: Stays, child: NDArray[np.int64], days: Days) -> Moved:
    """Who left a list as transferred and joined it, with an earlier start, in the same period, by its last day.

    Parameters
    ----------
    of, child : (n,)
        The list and the child of each stay.
    days : (k,) days
        Census days; a period lies between two.

    Notes
    -----
    They are the same child where the pseudonym is, and else where the wait began on the same day: two senders may not
    write one child alike. With a census day between the two the child is on no list that day, and both are flows.
    """
    out = np.flatnonzero(_may_end(stays) & _among(stays.left, days))
    into = np.flatnonzero(_may_begin(stays) & _among(stays.entered, days))
    period = np.searchsorted(days, np.concatenate([stays.left[out], stays.entered[into]]))
    place, is_out = np.concatenate([out, into]), np.arange(len(out) + len(into)) < len(out)
    is_paired = np.zeros(len(place), np.bool_)
    for same in (child, stays.start):
        rest = np.flatnonzero(~is_paired)
        keys = np.stack([of[place[rest]], period[rest], same[place[rest]]], axis=1, dtype=np.int64)
        is_paired[rest] = _paired(keys, is_out[rest], stays.start[place[rest]])
    moved = nobody(stays)
    moved.out[place[is_paired & is_out]] = True
    moved.into[place[is_paired & ~is_out]] = True
    return moved


def _may_end(stays: Stays) -> Flags:
    return stays.reason == _TRANSFERRED


def _may_begin(stays: Stays) -> Flags:
    return stays.start < stays.entered


def _among(when: Days, days: Days) -> Flags:
    """Whether each day lies in any of the periods."""
    return (when > days[0]) & (when <= days[-1])


def _paired(keys: NDArray[np.int64], is_out: Flags, start: Days) -> Flags:
    """Of each key as many of those who left as of those who came, longest waits first."""
    order = np.lexsort((start, ~is_out, *keys.T))
    ordered = keys[order]
    is_new = np.ones(len(order), np.bool_)
    is_new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    key = np.empty(len(order), np.int64)
    key[order] = np.cumsum(is_new) - 1
    left, came = (np.bincount(key[side], minlength=int(is_new.sum())) for side in (is_out, ~is_out))
    first = np.flatnonzero(is_new)
    rank = np.empty(len(key), np.int64)
    rank[order] = np.arange(len(key)) - first[key[order]]
    return np.where(is_out, rank, rank - left[key]) < np.minimum(left, came)[key]
