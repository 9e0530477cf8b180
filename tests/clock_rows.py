"""Rows of the canonical record for clocks and snapshots, a table of them, and drawn ones."""

from datetime import date, timedelta
from itertools import count

import pyarrow as pa
from hypothesis import strategies as st

from waitlists.record.schema import CLOCK_RULES, REASONS, SCHEMA, SERVICES, STAGES

MONDAY = date(2026, 1, 5)
_NUMBERS = count(1)


def day(number):
    return MONDAY + timedelta(days=number)


def referral(service="SALT", received=0, **fields):
    """One row; a whole number for a date is days after MONDAY, and `stop` a pair of day and reason."""
    row = dict.fromkeys(SCHEMA.names) | {
        "pseudonym_id": f"child-{next(_NUMBERS):012}",
        "service": service,
        "waiting_for": "first_contact",
        "service_request_identifier": f"R{next(_NUMBERS)}",
        "organisation_identifier_code_of_provider": "RYY",
        "organisation_identifier_code_of_commissioner": "QKS",
        "referral_request_received_date": received,
        "age_band": "5-10",
        "snapshot_date": day(400),
        "source_system": "RiO",
    }
    if "stop" in fields:
        row["clock_stop_date"], row["clock_stop_reason"] = fields.pop("stop")
    row |= {_SHORT.get(name, name): value for name, value in fields.items()}
    dated = [name for name in row if name.endswith("_date")]
    return row | {name: day(row[name]) if isinstance(row[name], int) else row[name] for name in dated}


_SHORT = {
    "contact": "first_care_contact_date",
    "medium": "first_care_contact_medium",
    "baseline": "baseline_outcome_date",
    "plan": "plan_or_intervention_date",
    "assessment": "assessment_started_date",
    "equipment": "equipment_delivered_date",
    "rejected": "referral_rejection_date",
    "discharged": "service_discharge_date",
    "original": "original_referral_request_received_date",
    "provider": "organisation_identifier_code_of_provider",
    "commissioner": "organisation_identifier_code_of_commissioner",
    "child": "pseudonym_id",
    "spell": "referral_spell_id",
    "rule": "clock_rule_id",
}


def records(*rows, absent=()):
    """A records table; `absent` says of each row whether a newer full extract did not hold it."""
    table = pa.Table.from_pylist(list(rows), schema=SCHEMA)
    return table.append_column("is_absent", pa.array(absent, pa.bool_())) if absent else table


def _days(last=300):
    return st.none() | st.integers(0, last)


def drawn_referrals(services=SERVICES, most=30):
    """Tables of rows as senders' rules let them through: nothing before the referral, a stop with its reason."""
    return st.lists(_drawn(services), max_size=most)


@st.composite
def _drawn(draw, services):
    received = draw(st.integers(0, 250))
    later = _days(120).map(lambda days: None if days is None else received + days)
    stopped = draw(later)
    return referral(
        draw(st.sampled_from(services)),
        received,
        original=draw(st.none() | st.integers(-100, received)),
        waiting_for=draw(st.sampled_from(STAGES)),
        rule=draw(st.none() | st.sampled_from(CLOCK_RULES)) if draw(st.booleans()) else None,
        child=f"child-of-the-family-{draw(st.integers(0, 3))}",
        spell=draw(st.sampled_from([None, None, None, "S1", "S2"])),
        provider=draw(st.sampled_from(["RYY", "RXY", "NQ7"])),
        commissioner=draw(st.sampled_from(["QKS", "91Q", "E10000016"])),
        medium=draw(st.sampled_from([None, "01", "02", "04", "11", "05"])),
        **{name: draw(later) for name in ("contact", "baseline", "plan", "assessment", "equipment")},
        rejected=draw(st.none() | later),
        discharged=draw(st.none() | later),
        stop=(stopped, None if stopped is None else draw(st.sampled_from(REASONS))),
        wait_adjustment_days=draw(st.none() | st.integers(0, 30)),
        age_band=draw(st.sampled_from(["5-10", "16-17", "18-25"])),
        district_code=draw(st.sampled_from([None, "E07000105", "OUT"])),
        imd_decile=draw(st.sampled_from([None, 1, 10])),
        clinical_response_priority_type=draw(st.sampled_from([None, "routine", "urgent", "emergency"])),
    )
