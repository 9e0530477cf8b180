"""Examples of the registers."""

from typing import Any

SERVICES: dict[str, Any] = {
    "items": [
        {
            "code": "SALT",
            "label": "Speech and language therapy for children",
            "age_group": "children",
            "line": "(CYP) Therapy interventions: Speech and language",
            "is_proxy_for": [],
            "proxy_note": None,
            "note": "Kent Community Health (RYY) prints one pooled therapy number here and under other therapies.",
            "standards": ["CHS_18W", "CHS_52W"],
            "links": {"waiting_lists": "/v1/waiting-lists?service=SALT"},
        }
    ],
    "next_cursor": None,
    "dataset_version": 2,
}

ORGANISATIONS: dict[str, Any] = {
    "items": [
        {
            "code": "QKS",
            "name": "NHS Kent and Medway Integrated Care Board",
            "level": "icb",
            "aliases": ["Kent and Medway"],
            "parent": "Y59",
            "successions": [],
            "note": None,
            "source": "Office for National Statistics, sub-ICB locations to ICBs to regions, July 2022",
            "links": {"waiting_lists": "/v1/waiting-lists?org=QKS"},
        }
    ],
    "next_cursor": None,
    "dataset_version": 2,
    "as_of": "2025-06-02",
}

STANDARDS: dict[str, Any] = {
    "items": [
        {
            "id": "CHS_18W",
            "services": ["SALT", "COMM_PAEDS"],
            "label": "Community health services: waiting within 18 weeks",
            "authority": "NHS England Medium Term Planning Framework (October 2025)",
            "kind": "planning_target",
            "mandatory": True,
            "threshold_days": 126,
            "within": "le",
            "target_share": None,
            "applies_to": ["waiting"],
            "clock_start": "referral received",
            "clock_stop": "first contact (unconfirmed)",
            "confidence": "80% by 2028/29 verified in two accounts; 78% in 2026/27 unconfirmed: check before use",
            "note": "Share of those still waiting, not of those seen. For WHEELCHAIR show it beside WHEELCHAIR_18W, "
            "never instead.",
        }
    ],
    "next_cursor": None,
    "dataset_version": 2,
    "as_of": "2025-06-02",
}
