"""Columns of an extract that came and are empty, or all but empty, where rows of before let something be expected.

A column of ends that came empty puts everybody who left back on the list, just as one that did not come.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from waitlists.deliveries.gate import LOST_LIST, Standing

_EVERY: Final = frozenset({"ASD", "ADHD", "CAMHS", "CAMHS_ED", "SALT", "WHEELCHAIR", "COMM_PAEDS", "EHC"})

CLOCKED: Final[Mapping[str, frozenset[str]]] = {
    "original_referral_request_received_date": _EVERY,
    "referral_spell_id": frozenset({"CAMHS"}),
    "referral_rejection_date": _EVERY,
    "first_care_contact_date": _EVERY - {"ADHD", "WHEELCHAIR", "EHC"},
    "first_care_contact_medium": frozenset({"ASD", "CAMHS"}),
    "baseline_outcome_date": frozenset({"CAMHS"}),
    "plan_or_intervention_date": frozenset({"CAMHS", "CAMHS_ED", "EHC"}),
    "assessment_started_date": frozenset({"ASD", "ADHD", "CAMHS"}),
    "equipment_delivered_date": frozenset({"WHEELCHAIR"}),
    "clock_stop_date": _EVERY,
    "clock_stop_reason": _EVERY,
    "service_discharge_date": _EVERY,
}
"""Fields that a clock is worked out from, with the services whose clock it is. Source: domain.md 2.1 and 2.2."""

_ASK: Final = "have them exported and load the file again, or approve it if nothing was to be said"


def reasons_of_empty_columns(provider: str, empty: Mapping[str, str], now: Standing) -> tuple[str, ...]:
    """Why a first list has to be looked at: mapped columns without a cell that clocks of its services depend on.

    Parameters
    ----------
    empty
        How a message names each field whose mapped column is empty in every row.
    """
    found = [
        said
        for name, said in empty.items()
        if sum(now.open_by_service.get(service, 0) for service in CLOCKED.get(name, ())) >= LOST_LIST
    ]
    if not found:
        return ()
    return (f"columns of {provider} that clocks depend on are empty in every row: {', '.join(found)}: {_ASK}",)


def reasons_of_emptied_columns(provider: str, before: Standing, now: Standing) -> tuple[str, ...]:
    """Why a delivery has to be looked at whose columns for clocks are all but empty and were not in the last one."""
    found = [
        f"{name} (filled in {before.filled[name]:,} rows before, in {now.filled.get(name, 0):,} now)"
        for name in emptied(before, now)
        if name in CLOCKED
    ]
    return (f"columns of {provider} that clocks depend on are empty now: {', '.join(found)}: {_ASK}",) if found else ()


def emptied(before: Standing, now: Standing) -> Iterator[str]:
    """Fields of which less than a twentieth is filled of what the share of rows before leads to expect.

    Where fewer than 20 filled rows are expected, none is no news: changes are few, and many fields seldom filled.
    """
    if before.rows:
        for name, filled in before.filled.items():
            expected = filled * now.rows / before.rows
            if expected >= LOST_LIST and LOST_LIST * now.filled.get(name, 0) < expected and name in now.fields:
                yield name
