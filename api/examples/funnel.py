"""An example of a funnel: two providers of speech and language therapy, and one that sent nothing."""

from typing import Any

FUNNEL: dict[str, Any] = {
    "service": "SALT",
    "standard_id": "CHS_18W",
    "basis": "waiting",
    "level": "provider",
    "source": "chs_sitrep",
    "as_of": "2025-06-02",
    "dataset_version": 2,
    "period_end": "2025-03-31",
    "share": 0.68,
    "dispersion": 1.0,
    "items": [
        {
            "org": "NQ7",
            "org_name": "Medway Community Healthcare",
            "share": 0.61,
            "of": 769,
            "low": 0.647,
            "high": 0.713,
            "alarm_low": 0.628,
            "alarm_high": 0.732,
            "position": "low",
            "vintage_id": 5,
            "coverage": 1.0,
            "provisional": False,
            "list": "/v1/waiting-lists/SALT/NQ7?as_of=2025-06-02&source=chs_sitrep",
        },
        {
            "org": "RYY",
            "org_name": "Kent Community Health NHS Foundation Trust",
            "share": 0.741,
            "of": 882,
            "low": 0.649,
            "high": 0.711,
            "alarm_low": 0.631,
            "alarm_high": 0.729,
            "position": "high",
            "vintage_id": 6,
            "coverage": 1.0,
            "provisional": False,
            "list": "/v1/waiting-lists/SALT/RYY?as_of=2025-06-02&source=chs_sitrep",
        },
    ],
    "left_out": [
        {
            "org": "RPA",
            "org_name": "Medway NHS Foundation Trust",
            "reason": "Its newest figure is of October 2024.",
        }
    ],
    "sentence": "Speech and language therapy for children, within 18 weeks, of those waiting: 68% of all 2 together. "
    "Fewer than chance explains: Medway Community Healthcare. More than chance explains: Kent Community Health NHS "
    "Foundation Trust.",
}
