"""Invented breach warnings for tests: one usual case, and what differs from it."""

from datetime import date, timedelta
from typing import Any

from forecasting.flow.ranges import Checked
from forecasting.warnings.warning import Assessment, BreachWarning, Caveat, Counted, Due, Life, Tail
from waitlists.domain import Level
from waitlists.security.access import Role
from waitlists.suppression import Rule

SUNDAY = date(2026, 11, 15)
MONDAY = date(2026, 11, 16)
WEEK = timedelta(weeks=1)


def due(weeks: int, low: float, middle: float, high: float, **changes: Any) -> Due:
    return Due(weeks, changes.pop("by", SUNDAY + weeks * WEEK), low, middle, high, 1.0, **changes)


def figures(**changes: Any) -> Assessment:
    """A provider's speech therapy: 163 of 543 over 18 weeks, everything known."""
    usual: dict[str, Any] = {
        "source": "referral_extract",
        "service": "SALT",
        "org": "RYY",
        "level": Level.PROVIDER,
        "standard_id": "CHS_18W",
        "threshold_days": 126,
        "over_days": 126,
        "subject": "threshold",
        "as_of": MONDAY,
        "period_end": SUNDAY,
        "freq": "W",
        "waiting": 543,
        "over_now": 163,
        "over_standard": 163,
        "newly_over_now": 12,
        "newly_since": SUNDAY - WEEK,
        "newly_over": (due(4, 13.0, 16.0, 19.0), due(8, 24.0, 27.0, 31.0), due(12, 34.0, 43.0, 52.0)),
        "method": "ageing",
        "basis": "weeks",
        "held": (Checked(4, 20, 16), Checked(8, 16, 13), Checked(12, 12, 9)),
        "tail": (Tail(52, 45), Tail(104, 0), Tail(156, 0), Tail(208, 0)),
        "longest_band": ">52-104",
        "change": 2,
        "change_since": SUNDAY - WEEK,
        "real_change": False,
        "is_worse": False,
        "real_change_shown": False,
        "is_worse_shown": False,
        "coverage": 1.0,
        "missing": (),
        "caveats": (Caveat("synthetic", "Synthetic data: no real child stands behind this figure."),),
        "counted": (Counted(7, "RYY", SUNDAY),),
        "counted_before": (Counted(6, "RYY", SUNDAY - WEEK),),
        "is_whole": True,
        "is_proxy": False,
        "is_synthetic": True,
        "newly_told": tuple(Rule),
        "change_told": tuple(Rule),
    }
    return Assessment(**(usual | changes))


def life(**changes: Any) -> Life:
    """Raised on a Monday, asked of the provider."""
    usual: dict[str, Any] = {
        "state": "raised",
        "severity": "medium",
        "raised_on": MONDAY,
        "since": MONDAY,
        "owner": Role.PROVIDER,
        "asked_on": MONDAY,
        "calm": 0,
        "period_end": SUNDAY,
        "is_rising": False,
    }
    return Life(**(usual | changes))


def warning(**changes: Any) -> BreachWarning:
    own = figures(**changes)
    return BreachWarning(own, life(period_end=own.period_end), "It is so.")
