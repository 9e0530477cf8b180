"""An example of a provider's own list: invented referrals."""

from typing import Any

DUE: dict[str, Any] = {
    "items": [
        {
            "service_request_identifier": "ref-000001",
            "provider": "RYY",
            "service": "SALT",
            "waiting_for": "first_contact",
            "counted_on": "2026-11-15",
            "weeks_waited": 17.14,
            "waited_days": 120,
            "adjusted_days": 110,
            "is_booked": True,
            "booked_for": "2026-11-18",
            "next_crossing": "2026-11-22",
            "days_left_today": 6,
            "thresholds": [
                {
                    "standard_id": "CHS_18W",
                    "is_long_wait": False,
                    "over_days": 126,
                    "crosses_on": "2026-11-22",
                    "days_left": 7,
                },
                {
                    "standard_id": "CHS_52W",
                    "is_long_wait": True,
                    "over_days": 728,
                    "crosses_on": "2028-07-16",
                    "days_left": 609,
                },
            ],
        }
    ],
    "next_cursor": None,
    "dataset_version": 2,
    "source": "referral_extract",
    "as_of": "2026-11-16",
    "within_weeks": 12,
}
