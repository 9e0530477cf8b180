"""Examples of trends: the share within 18 weeks on a Kent list, two of its points shown, and its line in the matrix."""

from typing import Any

_LINKS = {
    "self": "/v1/trends/SALT/QKS/share_within_standard?as_of=2026-11-16&source=referral_extract&standard=CHS_18W"
    "&basis=waiting",
    "series": "/v1/series/SALT/QKS/share_within_standard?as_of=2026-11-16&source=referral_extract&standard=CHS_18W"
    "&basis=waiting",
    "list": "/v1/waiting-lists/SALT/QKS?as_of=2026-11-16&source=referral_extract",
}
_BALANCING = {
    "period_end": "2026-11-15",
    "over_104_weeks": 0,
    "waiting_next": 797,
    "waiting_review": None,
    "rejected": 3,
    "left_unseen": 3,
}
_ABOUT: dict[str, Any] = {
    "service": "SALT",
    "org": "QKS",
    "measure": "share_within_standard",
    "standard_id": "CHS_18W",
    "basis": "waiting",
    "source": "referral_extract",
    "as_of": "2026-11-16",
    "period_end": "2026-11-15",
    "freq": "W",
    "dataset_version": 9,
    "coverage": 1.0,
    "provisional": False,
    "is_proxy": False,
    "synthetic": True,
    "kind": "percent",
    "direction": "increase",
    "status": "ok",
    "variation": "improvement_high",
    "judged_variation": "common_cause",
    "real_change": False,
    "assurance": "fail",
    "target": 0.78,
    "judged_on": "2026-11-15",
    "sentence": "Speech and language therapy for children, NHS Kent and Medway Integrated Care Board, share of children"
    " waiting who are within the standard: 74.2% at the end of the week to 15 November 2026. Beside what the week"
    " before lets expect: no sign of a real change. By themselves the values are high, which the week before explains:"
    " the value lies above the upper limit; usual are 70.1% to 72.6%, around 71.3%. The target"
    " of 78% will not be met as things are. Rules: Making Data"
    " Count. Synthetic data: no real child stands behind this figure.",
    "balancing": _BALANCING,
    "links": _LINKS,
    "suppressed": [],
}
_POINT: dict[str, Any] = {
    "date": "2026-11-15",
    "value": 0.742,
    "mean": 0.713,
    "lower": 0.701,
    "upper": 0.726,
    "special_cause": "above_upper",
    "point_type": "improvement",
    "group": 1,
    "short_group": False,
    "reasons": [{"rule": "above_upper", "side": "high", "from": "2026-11-15", "to": "2026-11-15"}],
    "target": 0.78,
}
_GAP: dict[str, Any] = {
    **_POINT,
    "date": "2025-08-10",
    "value": None,
    "mean": None,
    "lower": None,
    "upper": None,
    "special_cause": "none",
    "point_type": "common_cause",
    "group": 0,
    "short_group": True,
    "reasons": [],
}
_LAST = {"group": 1, "from": "2025-08-17", "to": "2026-11-15", "n": 66, "mean": 0.713, "lower": 0.701, "upper": 0.726}
_NEW = (
    "Kent Community Health NHS Foundation Trust is new in the figures from the week to 17 August 2025: coverage, not "
    "change."
)

TREND: dict[str, Any] = {
    **_ABOUT,
    "vintage": {
        "id": 301,
        "delivery_id": 12,
        "known_from": "2026-11-16",
        "sha256": None,
        "file_name": "counted from referral records",
        "deliveries": [11, 12],
    },
    "profile": "mdc",
    "run_length": 7,
    "points": [
        {**_GAP, "coverage": 0.0, "provisional": False, "marks": ["no_figures"]},
        {**_POINT, "coverage": 1.0, "provisional": False, "marks": []},
    ],
    "groups": [
        {"group": 0, "from": "2025-08-10", "to": "2025-08-10", "n": 1, "mean": None, "lower": None, "upper": None},
        _LAST,
    ],
    "adjusted": {
        "method": "residual",
        "why": "A value is like the one before it (correlation 0.96), so each is compared with what that one lets "
        "expect: is it a surprise, not is it high.",
        "points": [{**_POINT, "value": 0.716, "special_cause": "none", "point_type": "common_cause", "reasons": []}],
        "variation": "common_cause",
        "assurance": None,
        "effects": {"phi": 0.96},
    },
    "rebase_suggestion": None,
    "run_chart": None,
    "warnings": [{"code": "short_group", "message": "The group from 10 August 2025 has fewer than 13 values."}],
    "marks": [
        {"period_end": "2025-08-10", "kind": "no_figures", "sentence": "There are no figures of this period."},
        {"period_end": "2025-08-17", "kind": "not_comparable", "sentence": _NEW},
    ],
    "rebases": [],
    "targets": [
        {"since": "2026-04-01", "value": 0.78, "reason": "Community health services within 18 weeks",
         "role": "national standard", "decided_on": None}
    ],
    "baseline": {"from": "2025-08-17", "to": "2026-11-15", "values": 66},
    "data_cut_off": "2026-11-16",
}  # fmt: skip

TREND_SUMMARY: dict[str, Any] = {
    "items": [
        {
            **_ABOUT,
            "service_label": "Speech and language therapy for children",
            "org_name": "NHS Kent and Medway Integrated Care Board",
            "value": 0.742,
        }
    ],
    "next_cursor": None,
    "dataset_version": 9,
    "as_of": "2026-11-16",
    "suppressed": [],
    "profile": "mdc",
    "matrix": [{"variation": "improvement_high", "assurance": "fail", "count": 1, "real_change": 0}],
    "cells_over": {"lists": 1, "of": 1},
}
