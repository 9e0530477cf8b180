"""Whose board a referral is counted in.

Commissioners come as their senders write them: a board, a part of one, or a council. They are put together by the
register as it stands on a day; what it does not know stays as it was sent.
"""

from datetime import date
from typing import cast

import numpy as np
import pyarrow as pa

from waitlists.domain import Level
from waitlists.organisations import ORGANISATIONS, board_of, parent_of
from waitlists.record_columns import Coded, coded


def boards_of(table: pa.Table, on: date) -> Coded:
    """The board of each referral on a day, in whose figures it is counted."""
    names = ("organisation_identifier_code_of_commissioner", "organisation_identifier_code_of_provider", "service")
    payer, provider, service = (coded(table, name) for name in names)
    sizes = (len(payer.words), len(provider.words), len(service.words))
    keys, of = np.unique(np.ravel_multi_index((payer.codes, provider.codes, service.codes), sizes), return_inverse=True)
    places = cast("list[list[int]]", np.stack(np.unravel_index(keys, sizes), axis=1).tolist())
    boards = [_board(payer.words[a], provider.words[b], service.words[c], on) for a, b, c in places]
    words = tuple(sorted(set(boards)))
    return Coded(np.array([words.index(board) for board in boards], np.int64)[of], words)


def _board(payer: str, provider: str, service: str, on: date) -> str:
    level = ORGANISATIONS[payer].level if payer in ORGANISATIONS else None
    if level is Level.SUB_ICB:
        return parent_of(payer, on) or payer
    if level is Level.LOCAL_AUTHORITY:
        return board_of(provider, service, on) or payer
    return payer
