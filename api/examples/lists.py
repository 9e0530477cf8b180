"""Examples of waiting lists and series: November 2024 in Kent, when a provider sent nothing."""

from typing import Any

_NOBODY = "Medway Community Healthcare sent no figures that can be used"
_OF_ANOTHER_LIST = f"{_NOBODY}: this would be of another list than last month's."
_NOT_IN_THIS = f"{_NOBODY} and are not in this number; with their last known figures it would be "
_NO_FLOWS = "The published workbooks count who is waiting, not who joined or left; flows are not published."
_NOT_SUPPLIED = "Suppressed or not published in this file."

WAITING_LIST: dict[str, Any] = {
    "service": "COMM_PAEDS",
    "service_label": "Community paediatrics",
    "org": "QKS",
    "org_name": "NHS Kent and Medway Integrated Care Board",
    "org_level": "icb",
    "as_of": "2025-01-31",
    "period_end": "2024-11-30",
    "dataset_version": 2,
    "source": "chs_sitrep",
    "freq": "M",
    "reconstructed": False,
    "vintage": {
        "id": 2,
        "delivery_id": 2,
        "known_from": "2025-01-16",
        "sha256": "37e675df6eaf1e0ef68c48742b0122972e99983f3fe3ba8e7859607ebce961b7",
        "file_name": "Community-health-services-waiting-lists.xlsx",
        "deliveries": [2],
    },
    "is_proxy": True,
    "proxy_sentence": "A proxy for autism and ADHD assessment under the age of 11; it also holds other paediatrics.",
    "synthetic": False,
    "adjusted": {
        "list_size": 8985,
        "added": 3921,
        "over_18_weeks": 6239,
        "over_52_weeks": 2790,
        "over_104_weeks": 568,
        "sentence": "The last known figures of the missing providers are added; "
        "nobody knows their figures of this month.",
    },
    "coverage": 0.5636,
    "missing_providers": [
        {"org": "NQ7", "org_name": "Medway Community Healthcare", "last_period": "2024-10-31", "last_list_size": 3921}
    ],
    "provisional": True,
    "latest_period_of_source": "2024-11-30",
    "list_size": 5064,
    "bands": [
        {"label": "0-1", "from_days": 0, "to_days": 7, "count": 118},
        {"label": ">1-2", "from_days": 8, "to_days": 14, "count": 102},
        {"label": ">2-4", "from_days": 15, "to_days": 28, "count": 243},
        {"label": ">4-12", "from_days": 29, "to_days": 84, "count": 770},
        {"label": ">12-18", "from_days": 85, "to_days": 126, "count": 314},
        {"label": ">18-52", "from_days": 127, "to_days": 364, "count": 1943},
        {"label": ">52-104", "from_days": 365, "to_days": 728, "count": 1254},
        {"label": ">104", "from_days": 729, "to_days": None, "count": 320},
    ],
    "unbanded": 0,
    "median_wait": None,
    "p92_wait": None,
    "median_wait_at_least_weeks": None,
    "p92_wait_at_least_weeks": None,
    "over_18_weeks": 3517,
    "over_52_weeks": 1574,
    "over_104_weeks": 320,
    "over_156_weeks": None,
    "over_208_weeks": None,
    "longest_wait": None,
    "referrals": None,
    "removals": None,
    "treated": None,
    "residual": None,
    "balanced": None,
    "shares": [
        {
            "standard_id": "CHS_18W",
            "basis": "waiting",
            "share": None,
            "within": None,
            "of": None,
            "over": None,
            "adjusted_share": None,
            "method": None,
            "threshold_days": 126,
            "target_share": None,
            "note": _OF_ANOTHER_LIST,
        },
        {
            "standard_id": "CHS_52W",
            "basis": "waiting",
            "share": None,
            "within": None,
            "of": None,
            "over": None,
            "adjusted_share": None,
            "method": None,
            "threshold_days": 364,
            "target_share": 1.0,
            "note": _OF_ANOTHER_LIST,
        },
    ],
    "stages": [],
    "findings": [
        {
            "code": "missing_provider",
            "severity": "warning",
            "sentence": "Medway Community Healthcare sent no figures for November 2024 (last: 3,921 waiting, for "
            "October 2024): 44% of the expected list is not in this figure.",
            "period_end": "2024-11-30",
            "known_from": "2025-01-16",
            "sheet": None,
            "cell": None,
        },
        {
            "code": "step",
            "severity": "warning",
            "sentence": "The list fell from 9,051 in October 2024 to 5,064 because Medway Community Healthcare "
            "sent no figures: coverage, not change.",
            "period_end": "2024-11-30",
            "known_from": "2025-01-16",
            "sheet": None,
            "cell": None,
        },
    ],
    "notes": {
        "list_size": _NOT_IN_THIS + "8,985.",
        "over_18_weeks": _NOT_IN_THIS + "6,239.",
        "over_52_weeks": _NOT_IN_THIS + "2,790.",
        "over_104_weeks": _NOT_IN_THIS + "568.",
        "median_wait": _OF_ANOTHER_LIST,
        "p92_wait": _OF_ANOTHER_LIST,
        "longest_wait": _OF_ANOTHER_LIST,
        "over_156_weeks": _NOT_SUPPLIED,
        "over_208_weeks": _NOT_SUPPLIED,
        "referrals": _NO_FLOWS,
        "removals": _NO_FLOWS,
        "treated": _NO_FLOWS,
        "residual": _NO_FLOWS,
        "balanced": _NO_FLOWS,
    },
    "sentence": "Community paediatrics, NHS Kent and Medway Integrated Care Board: 5,064 waiting at the end of "
    "November 2024, as known on 31 January 2025. A proxy for autism and ADHD assessment under the age of 11; it also "
    "holds other paediatrics. Part of the list is missing, so this is no sign that fewer wait: Medway "
    "Community Healthcare (last known 3,921 in October 2024) sent no figures; with these added the list would be "
    "8,985. The list fell from 9,051 in October 2024 to 5,064 because Medway Community Healthcare sent no figures: "
    "coverage, not change.",
    "links": {
        "self": "/v1/waiting-lists/COMM_PAEDS/QKS?as_of=2025-01-31&source=chs_sitrep",
        "series": "/v1/series/COMM_PAEDS/QKS/list_size?as_of=2025-01-31&source=chs_sitrep",
        "forecast": "/v1/forecasts/COMM_PAEDS/QKS/list_size?as_of=2025-01-31&source=chs_sitrep",
        "clearance": "/v1/clearance/COMM_PAEDS/QKS?as_of=2025-01-31&source=chs_sitrep",
        "findings": "/v1/findings?service=COMM_PAEDS&org=QKS&as_of=2025-01-31",
        "delivery": "/v1/deliveries/2",
        "cells": "/v1/deliveries/2/cells?service=COMM_PAEDS&org=QKS",
    },
    "suppressed": [],
}

SERIES: dict[str, Any] = {
    "service": "COMM_PAEDS",
    "org": "QKS",
    "measure": "list_size",
    "standard_id": None,
    "basis": None,
    "source": "chs_sitrep",
    "as_of": "2025-06-02",
    "period_end": "2025-03-31",
    "freq": "M",
    "dataset_version": 2,
    "vintage": {
        "id": 4,
        "delivery_id": 4,
        "known_from": "2025-05-15",
        "sha256": "3f90813f10b7d2e4ba81285503f4a23c0f3570a4742af36310c665e079eead04",
        "file_name": "Community-health-services-waiting-lists.xlsx",
        "deliveries": [4],
    },
    "coverage": 1.0,
    "provisional": False,
    "points": [
        {
            "period_end": "2024-10-31",
            "value": 9051,
            "adjusted": 9051,
            "coverage": 1.0,
            "known_from": "2024-12-12",
            "vintage_id": 1,
            "provisional": False,
            "reconstructed": False,
            "note": None,
        },
        {
            "period_end": "2024-11-30",
            "value": 5064,
            "adjusted": 8985,
            "coverage": 0.5636,
            "known_from": "2025-01-16",
            "vintage_id": 2,
            "provisional": True,
            "reconstructed": False,
            "note": "Part of the list is missing and not counted; who is missing last had 3,921 in all.",
        },
        {
            "period_end": "2025-03-31",
            "value": 8718,
            "adjusted": 8718,
            "coverage": 1.0,
            "known_from": "2025-05-15",
            "vintage_id": 4,
            "provisional": False,
            "reconstructed": False,
            "note": None,
        },
    ],
    "breaks": [],
    "blocks": [],
    "is_proxy": True,
    "synthetic": False,
    "sentence": "Community paediatrics, NHS Kent and Medway Integrated Care Board: children waiting, 4 figures and 2 "
    "without one, as known on 2 June 2025. A proxy for autism and ADHD assessment under the age of 11; it also "
    "holds other paediatrics. In 1 of these months part of the list is missing or cannot be right.",
    "links": {
        "self": "/v1/series/COMM_PAEDS/QKS/list_size?as_of=2025-06-02&source=chs_sitrep",
        "list": "/v1/waiting-lists/COMM_PAEDS/QKS?as_of=2025-06-02&source=chs_sitrep",
        "forecast": "/v1/forecasts/COMM_PAEDS/QKS/list_size?as_of=2025-06-02&source=chs_sitrep",
        "findings": "/v1/findings?service=COMM_PAEDS&org=QKS&as_of=2025-06-02",
    },
    "suppressed": [],
}

WAITING_LISTS: dict[str, Any] = {
    "items": [WAITING_LIST],
    "next_cursor": None,
    "dataset_version": 2,
    "as_of": "2025-01-31",
    "suppressed": [],
}
