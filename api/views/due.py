"""The JSON form of a referral that crosses a threshold soon."""

from datetime import date
from typing import Any

from waitlists.counts.crossings import Threshold
from waitlists.standards import find_standard, last_day_within
from waitlists.store.due import StoredDue


def due_referral(stored: StoredDue, *, today: date) -> dict[str, Any]:
    """What is said of one referral; its extract may be days old by now."""
    one = stored.due
    return {
        "service_request_identifier": one.referral,
        "provider": one.provider,
        "service": one.service,
        "waiting_for": one.waiting_for,
        "counted_on": stored.counted_on,
        "weeks_waited": round(one.weeks_waited, 2),
        "waited_days": one.waited_days,
        "adjusted_days": one.adjusted_days,
        "is_booked": one.booked_for is not None,
        "booked_for": one.booked_for,
        "next_crossing": one.next_crossing,
        "days_left_today": (one.next_crossing - today).days,
        "thresholds": [_threshold(found) for found in one.thresholds],
    }


def _threshold(found: Threshold) -> dict[str, Any]:
    name, over, crosses, left = found
    is_long_wait = over > last_day_within(find_standard(name))
    return {
        "standard_id": name,
        "is_long_wait": is_long_wait,
        "over_days": over,
        "crosses_on": crosses,
        "days_left": left,
    }
