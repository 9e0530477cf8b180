"""Columns of an extract that came and are empty, or all but empty, where rows of before let something be expected.

A column of ends that came empty puts everybody who left back on the list, just as one that did not come.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from waitlists.clock.rules import RULE_OF_SERVICE
from waitlists.deliveries.gate import LOST_LIST, Standing

NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "first_care_contact_date": frozenset({"ASD", "CAMHS", "CAMHS_ED", "SALT", "COMM_PAEDS"}),
    "plan_or_intervention_date": frozenset({"CAMHS_ED", "EHC"}),
    "assessment_started_date": frozenset({"ADHD"}),
    "equipment_delivered_date": frozenset({"WHEELCHAIR"}),
    "clock_stop_date": frozenset(RULE_OF_SERVICE),
}
"""Fields that some referrals of any long list fill, and the services whose clocks stop by them. Source: domain.md 2."""

CLOCKED: Final = frozenset(
    {
        *NEEDED, "original_referral_request_received_date", "referral_spell_id", "referral_rejection_date",
        "first_care_contact_medium", "baseline_outcome_date", "clock_stop_reason", "service_discharge_date",
    }
)  # fmt: skip
"""Fields that clocks are worked out from."""

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
        if sum(now.open_by_service.get(service, 0) for service in NEEDED.get(name, ())) >= LOST_LIST
    ]
    if not found:
        return ()
    return (f"columns of {provider} that clocks depend on are empty in every row: {', '.join(found)}: {_ASK}",)


def reasons_of_emptied_columns(provider: str, before: Standing, now: Standing) -> tuple[str, ...]:
    """Why a delivery has to be looked at whose columns for clocks are all but empty and were not in the last one."""
    found = [
        f"{name} (filled in {before.filled[name]:,} rows before, in {now.filled.get(name, 0):,} now)"
        for name in emptied(provider, before, now)
        if name in CLOCKED
    ]
    return (f"columns of {provider} that clocks depend on are empty now: {', '.join(found)}: {_ASK}",) if found else ()


def emptied(provider: str, before: Standing, now: Standing) -> Iterator[str]:
    """Fields of which less than a twentieth is filled of what the share of rows before leads to expect.

    Where fewer than 20 filled rows are expected, none is no news: changes are few, and many fields seldom filled. None
    is either where a list moved to or from another provider between the two that are compared: it was filled in in its
    own way.
    """
    services = {*before.open_by_service, *now.open_by_service}
    has_other_lists = any(before.is_moving(provider, service, now.day) for service in services)
    if before.rows and not has_other_lists:
        for name, filled in before.filled.items():
            expected = filled * now.rows / before.rows
            if expected >= LOST_LIST and LOST_LIST * now.filled.get(name, 0) < expected and name in now.fields:
                yield name
