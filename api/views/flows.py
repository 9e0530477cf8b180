"""Who joined a list and who left it, by reason, and whether that explains how the list moved."""

from datetime import date
from typing import Any, Final

from waitlists.counts.leavers import by_reason
from waitlists.quality.balance import WeekOfList, residual
from waitlists.sources import PUBLISHED_SOURCES
from waitlists.store.read import StoredList

NO_FLOWS: Final = "The published workbooks count who is waiting, not who joined or left; flows are not published."
NOT_SENT: Final = "Who joined or left was not sent."
NOT_BY_REASON: Final = "Not every reason for leaving is known."
NO_OPENING: Final = "The list of the week before is not known, or who joined and left is not."
ALL: Final = "all"
"""Beside the reasons: everyone who left, for whatever reason."""

NAMES: Final = ("referrals", "removals", "treated", "residual", "balanced")


def flows(stored: StoredList) -> dict[str, Any]:
    """Who joined and who left, and what these leave unexplained of the list's change; None where not known."""
    left_over = residual_of(stored)
    return {
        "referrals": stored.flows.get("referrals"),
        "removals": _removals(stored),
        "treated": stored.flows.get("treated"),
        "residual": left_over,
        "balanced": None if left_over is None else left_over == 0,
    }


def residual_of(stored: StoredList) -> int | None:
    """Opening list + referrals - removals - closing list: from the week before as it stands, else as counted with it.

    Counted anew from the records of today a week always balances; beside the list that was given a week ago it may not.
    """
    referrals, removals = (stored.flows.get(kind) for kind in ("referrals", "removals"))
    week = WeekOfList(stored.bands.total, referrals, removals, _ANY_DAY)
    left_over = residual(stored.opening, week)
    if left_over is None and stored.own is not None:
        return stored.own.residual
    return left_over


_ANY_DAY = date.min
"""A balance is the same whenever it came to be known."""


def _removals(stored: StoredList) -> dict[str, int | None] | None:
    total = stored.flows.get("removals")
    if total is None and not stored.removals:
        return None
    return {ALL: total, **by_reason(stored.removals, of=total)}


def flow_notes(stored: StoredList, found: dict[str, Any]) -> dict[str, str]:
    """Why a flow is not known, and that not every reason is."""
    nothing = NO_FLOWS if stored.source in PUBLISHED_SOURCES else NOT_SENT
    notes = {name: nothing for name in NAMES if found[name] is None}
    if nothing == NOT_SENT and found["residual"] is None:
        notes |= dict.fromkeys(("residual", "balanced"), NO_OPENING)
    removals = found["removals"]
    if removals is not None and None in removals.values():
        notes["removals"] = NOT_BY_REASON
    return notes
