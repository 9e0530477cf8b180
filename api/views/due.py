"""The JSON form of a referral that crosses a threshold soon."""

from typing import Any

from waitlists.store.due import StoredDue


def due_referral(stored: StoredDue) -> dict[str, Any]:
    """What is said of one referral."""
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
        "thresholds": [
            {"standard_id": name, "over_days": over, "crosses_on": crosses, "days_left": left}
            for name, over, crosses, left in one.thresholds
        ],
    }
