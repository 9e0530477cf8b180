"""Findings: what a reader must know about a figure before leaning on it.

`delivery` looks at one file alone, `presence` at who sent figures and who did not, `history` at one vintage beside
those known when it was published. All of it is pure: the shell stores what is found here.
"""

from waitlists.quality.delivery import check_delivery
from waitlists.quality.future import require_past
from waitlists.quality.history import HistoryChecks, check_history

__all__ = ["HistoryChecks", "check_delivery", "check_history", "require_past"]
