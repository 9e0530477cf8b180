"""Examples of deliveries, cells, findings, runs and freshness."""

from typing import Any

DELIVERIES: dict[str, Any] = {
    "items": [
        {
            "status": "taken",
            "id": 4,
            "sha256": "3f90813f10b7d2e4ba81285503f4a23c0f3570a4742af36310c665e079eead04",
            "source": "chs_sitrep",
            "file_name": "Community-health-services-waiting-lists.xlsx",
            "size_bytes": 1048576,
            "received_at": "2025-06-02T09:00:00Z",
            "published_on": "2025-05-15",
            "known_from": "2025-05-15",
            "period_end": "2025-03-31",
            "layout": "2024-25",
            "synthetic": False,
            "counts": {
                "cells_read": 98112,
                "numbers": 54210,
                "suppressed": 1903,
                "not_submitted": 41999,
                "quarantined": 0,
            },
            "notes": [],
            "providers_in_scope": None,
            "run_id": 1,
            "links": {"self": "/v1/deliveries/4", "findings": "/v1/findings?delivery=4", "run": "/v1/runs/1"},
        }
    ],
    "next_cursor": None,
    "dataset_version": 2,
}

DELIVERY: dict[str, Any] = {
    "status": "taken",
    "id": 4,
    "sha256": "3f90813f10b7d2e4ba81285503f4a23c0f3570a4742af36310c665e079eead04",
    "source": "chs_sitrep",
    "file_name": "Community-health-services-waiting-lists.xlsx",
    "size_bytes": 1048576,
    "received_at": "2025-06-02T09:00:00Z",
    "published_on": "2025-05-15",
    "known_from": "2025-05-15",
    "period_end": "2025-03-31",
    "layout": "2024-25",
    "synthetic": False,
    "counts": {"cells_read": 98112, "numbers": 54210, "suppressed": 1903, "not_submitted": 41999, "quarantined": 0},
    "notes": [],
    "providers_in_scope": None,
    "run_id": 1,
    "links": {"self": "/v1/deliveries/4", "findings": "/v1/findings?delivery=4", "run": "/v1/runs/1"},
    "vintages": [{"id": 4, "source": "chs_sitrep", "period_end": "2025-03-31", "known_from": "2025-05-15"}],
    "dataset_version": 2,
}

CELLS: dict[str, Any] = {
    "items": [
        {
            "vintage_id": 4,
            "source": "chs_sitrep",
            "period_end": "2025-03-31",
            "service": "SALT",
            "org": "QKS",
            "kind": "waiting",
            "band": "total",
            "value": 1651,
            "marker": "number",
            "sheet": "Table 4",
            "cell": "AK12",
        }
    ],
    "next_cursor": None,
    "dataset_version": 2,
    "delivery_id": 4,
    "sha256": "3f90813f10b7d2e4ba81285503f4a23c0f3570a4742af36310c665e079eead04",
    "file_name": "Community-health-services-waiting-lists.xlsx",
}

FINDINGS: dict[str, Any] = {
    "items": [
        {
            "id": 6,
            "service": "SALT",
            "org": "QKS",
            "code": "copied_number",
            "severity": "warning",
            "sentence": "882 of 1,651 is a number that Kent Community Health NHS Foundation Trust printed under "
            "several therapy lines at once: do not add these lines.",
            "period_end": "2025-03-31",
            "known_from": "2025-05-15",
            "sheet": "Table 4",
            "cell": "AK12",
            "delivery_id": 4,
            "vintage_id": 4,
            "details": {"copied": 882, "share": 0.5342216838279831},
        }
    ],
    "next_cursor": None,
    "dataset_version": 2,
    "as_of": "2025-06-02",
}

RUNS: dict[str, Any] = {
    "items": [
        {
            "id": 1,
            "command": "load",
            "as_of": None,
            "started_at": "2025-06-02T09:00:00Z",
            "finished_at": "2025-06-02T09:00:00Z",
            "status": "done",
            "summary": {"loaded": 4},
        }
    ],
    "next_cursor": None,
    "dataset_version": 2,
}

RUN: dict[str, Any] = {
    "id": 1,
    "command": "load",
    "as_of": None,
    "started_at": "2025-06-02T09:00:00Z",
    "finished_at": "2025-06-02T09:00:00Z",
    "status": "done",
    "summary": {"loaded": 4},
}

FRESHNESS: dict[str, Any] = {
    "today": "2025-06-02",
    "dataset_version": 2,
    "sources": [
        {
            "source": "chs_sitrep",
            "period_end": "2025-03-31",
            "published_on": "2025-05-15",
            "known_from": "2025-05-15",
            "days_old": 63,
            "expected_by": "2025-06-28",
            "is_late": False,
            "sentence": "The newest figures are for March 2025, 63 days ago.",
        }
    ],
    "alerts": [
        {
            "code": "backup_old",
            "urgency": "soon",
            "count": 1,
            "sentence": "The last backup is old, or there is none.",
        }
    ],
}
