"""Those who were seen and wait for something more: the lists for a next stage and for review, each by itself."""

from typing import Any

from waitlists.bands import CHS_BANDS
from waitlists.domain import TOTAL
from waitlists.stages import Stage, waits_at
from waitlists.store.read import StoredList

OVER_52 = (">52-104", ">104")


def stages(stored: StoredList) -> list[dict[str, Any]]:
    """Each later stage that its source counts, with its size and its wait bands."""
    return [_stage(stored, stage) for stage in stored.stages]


def _stage(stored: StoredList, stage: Stage) -> dict[str, Any]:
    counts = stored.stages[stage]
    long = [counts.get(label) for label in OVER_52]
    return {
        "stage": stage,
        "waiting_for": list(waits_at(stored.service, stage)),
        "list_size": counts.get(TOTAL),
        "bands": [
            {"label": one.label, "from_days": one.from_days, "to_days": one.to_days, "count": counts.get(one.label)}
            for one in CHS_BANDS
        ],
        "over_52_weeks": total_of(long),
    }


def total_of(counts: list[int | None]) -> int | None:
    """The sum of some counts, None where one of them is not known."""
    return None if None in counts else sum(count for count in counts if count is not None)
