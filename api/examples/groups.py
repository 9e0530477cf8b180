"""An example of a list by groups of children, as those see it who may not see exact figures: invented figures."""

from typing import Any

_EDGES = (("0-18", 0, 126), (">18-52", 127, 364), (">52", 365, None))


def _group(
    code: str, label: str, size: int | None, waits: tuple[int | None, ...], median: int | None
) -> dict[str, Any]:
    known = [count for count in waits[1:] if count is not None]
    return {
        "group": code,
        "label": label,
        "list_size": size,
        "bands": [
            {"label": name, "from_days": low, "to_days": high, "count": count}
            for (name, low, high), count in zip(_EDGES, waits, strict=True)
        ],
        "over_18_weeks": sum(known) if len(known) == 2 else None,
        "over_52_weeks": waits[2],
        "median_wait": median,
    }


GROUPS: dict[str, Any] = {
    "service": "SALT",
    "service_label": "Speech and language therapy",
    "org": "QKS",
    "org_name": "NHS Kent and Medway Integrated Care Board",
    "cut": "sex",
    "as_of": "2026-11-16",
    "period_end": "2026-11-15",
    "dataset_version": 2,
    "source": "referral_extract",
    "freq": "W",
    "reconstructed": False,
    "vintage": {
        "id": 9,
        "delivery_id": 3,
        "known_from": "2026-11-16",
        "sha256": None,
        "file_name": None,
        "deliveries": [],
    },
    "coverage": 1.0,
    "provisional": False,
    "missing_providers": [],
    "list_size": 1650,
    "groups": [
        _group("male", "Boys and young men", 1040, (740, 235, 65), 13),
        _group("female", "Girls and young women", 590, (440, 115, 35), 12),
        _group("other", "Another stated gender", None, (None, 0, 0), None),
        _group("not_said", "Gender not said or not known", 15, (15, 0, 0), 9),
    ],
    "is_proxy": False,
    "synthetic": True,
    "sentence": "Speech and language therapy, NHS Kent and Medway Integrated Care Board, by stated gender, at the end "
    "of the week to 15 November 2026, as known on 16 November 2026. Numbers below England are rounded to the nearest "
    "5, and small ones are not shown. Synthetic data: no real child stands behind this figure.",
    "links": {
        "self": "/v1/waiting-lists/SALT/QKS/groups/sex?as_of=2026-11-16&source=referral_extract",
        "list": "/v1/waiting-lists/SALT/QKS?as_of=2026-11-16&source=referral_extract",
    },
    "suppressed": ["/groups/2/list_size", "/groups/2/bands/0/count"],
}
