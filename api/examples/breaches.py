"""Examples of breach warnings: invented figures."""

from typing import Any

BREACH: dict[str, Any] = {
    "id": "8c3d170c3a6a5100",
    "service": "SALT",
    "org": "RYY",
    "org_name": "Kent Community Health NHS Foundation Trust",
    "level": "provider",
    "standard_id": "CHS_18W",
    "threshold_days": 126,
    "over_days": 126,
    "subject": "threshold",
    "source": "referral_extract",
    "freq": "W",
    "as_of": "2026-11-18",
    "warned_as_of": "2026-11-16",
    "period_end": "2026-11-15",
    "newer_figures": False,
    "vintage_id": 412,
    "dataset_version": 31,
    "severity": "medium",
    "state": "acknowledged",
    "state_since": "2026-11-17",
    "raised_at": "2026-10-05",
    "owner": "provider",
    "acknowledged_by": "provider",
    "acknowledged_on": "2026-11-17",
    "acknowledged_until": "2026-12-14",
    "acknowledged_reason": "Two more clinics a week from December.",
    "waiting": 543,
    "about": None,
    "over_now": 163,
    "over_standard": 163,
    "newly_over_now": 5,
    "newly_since": "2026-11-08",
    "newly_over": [
        {
            "weeks": weeks,
            "by": by,
            "p10": low,
            "p50": middle,
            "p90": high,
            "probability": 1.0,
            "not_yet_referred": None,
        }
        for weeks, by, low, middle, high in (
            (4, "2026-12-13", 13.1, 16.2, 19.3),
            (8, "2027-01-10", 24.0, 27.4, 30.8),
            (12, "2027-02-07", 34.1, 43.0, 51.9),
        )
    ],
    "method": "ageing",
    "basis": "weeks",
    "ranges_checked": [{"weeks": weeks, "checked": 15, "held": held} for weeks, held in ((4, 12), (8, 13), (12, 11))],
    "tail": [{"weeks": 52, "over_now": 45}, *({"weeks": weeks, "over_now": 0} for weeks in (104, 156, 208))],
    "longest_band": ">52-104",
    "change_since_last_week": 2,
    "change_since": "2026-11-08",
    "real_change": False,
    "coverage": 1.0,
    "missing_providers": [],
    "provisional": False,
    "is_proxy": False,
    "synthetic": True,
    "caveats": [{"code": "synthetic", "sentence": "Synthetic data: no real child stands behind this figure."}],
    "standing": "Taken by the provider on 17 November 2026 until 14 December 2026.",
    "sentence": "Speech and language therapy for children, Kent Community Health NHS Foundation Trust: 163 of 543"
    " children wait over 18 weeks (CHS_18W) at the end of the week to 15 November 2026. Newly over since 8 November"
    " 2026: 5. That is 2 more than a week before; over time it is within usual variation. Likely to cross of today's"
    " list (8 in 10): between 13 and 19 by 13 December 2026; between 24 and 31 by 10 January 2027; between 34 and 52"
    " by 7 February 2027. Looking back, 80% of 45 such ranges held; 80% were meant to. Synthetic data: no real child"
    " stands behind this figure.",
    "links": {
        "self": "/v1/breaches/8c3d170c3a6a5100?as_of=2026-11-18",
        "acknowledgement": "/v1/breaches/8c3d170c3a6a5100/acknowledgement",
        "page": "/breaches/8c3d170c3a6a5100",
        "list": "/v1/waiting-lists/SALT/RYY?as_of=2026-11-18&source=referral_extract",
    },
    "suppressed": [],
}

BREACHES: dict[str, Any] = {
    "items": [BREACH],
    "next_cursor": None,
    "dataset_version": 31,
    "as_of": "2026-11-18",
    "warned_as_of": "2026-11-16",
    "left_out": None,
    "suppressed": [],
}

ACKNOWLEDGED: dict[str, Any] = {
    "id": "8c3d170c3a6a5100",
    "state": "acknowledged",
    "acknowledged_by": "provider",
    "acknowledged_on": "2026-11-17",
    "acknowledged_until": "2026-12-14",
    "standing": "Taken by the provider on 17 November 2026 until 14 December 2026.",
}
