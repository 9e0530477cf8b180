"""Invented referrals as a records table, a million in the seconds a benchmark can spare; nobody need believe them."""

from datetime import date

import numpy as np
import pyarrow as pa

from waitlists.record.columns import day_number
from waitlists.record.schema import AGE_BANDS, DISTRICTS, SCHEMA, SERVICES, STAGES

LAST = date(2026, 11, 15)
PROVIDERS = tuple(f"X{number:02}" for number in range(11))


def records(count: int, *, seed: int = 1) -> pa.Table:
    """Referrals of five years: half of them seen, a quarter left unseen, the rest waiting."""
    rng = np.random.default_rng(seed)
    received = rng.integers(day_number(LAST) - 1825, day_number(LAST), count).astype(np.int32)
    ended = received + rng.integers(1, 900, count).astype(np.int32)
    how = np.where(ended > day_number(LAST), 3, rng.choice([0, 0, 0, 1, 2], count))
    number = np.arange(count)
    columns: dict[str, pa.Array] = {
        "pseudonym_id": _numbered("child-of-invention-", rng.integers(0, count, count)),
        "service": _words(SERVICES, rng.integers(0, len(SERVICES), count)),
        "waiting_for": _words(STAGES, rng.choice([0, 0, 0, 0, 0, 2, 2, 4], count)),
        "service_request_identifier": _numbered("R-", number),
        "organisation_identifier_code_of_provider": _words(PROVIDERS, rng.integers(0, len(PROVIDERS), count)),
        "organisation_identifier_code_of_commissioner": _words(("QKS",), np.zeros(count, np.int64)),
        "age_band": _words(AGE_BANDS, rng.integers(0, len(AGE_BANDS), count)),
        "district_code": _words(tuple(DISTRICTS), rng.integers(0, len(DISTRICTS), count)),
        "source_system": _words(("RiO",), np.zeros(count, np.int64)),
        "referral_request_received_date": _days(received, np.ones(count, np.bool_)),
        "referral_rejection_date": _days(ended, how == 1),
        "service_discharge_date": _days(ended, how == 2),
        "snapshot_date": _days(np.full(count, day_number(LAST), np.int32), np.ones(count, np.bool_)),
    }
    for name in (
        "first_care_contact_date", "baseline_outcome_date", "plan_or_intervention_date", "assessment_started_date",
        "equipment_delivered_date",
    ):  # fmt: skip
        columns[name] = _days(ended, how == 0)
    arrays = [columns.get(field.name, pa.nulls(count, field.type)) for field in SCHEMA]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def _words(words: tuple[str, ...], places: np.ndarray) -> pa.Array:
    return pa.array(words, pa.string()).take(pa.array(places))


def _numbered(prefix: str, numbers: np.ndarray) -> pa.Array:
    return pa.array(np.char.add(prefix, numbers.astype("U")), pa.string())


def _days(days: np.ndarray, given: np.ndarray) -> pa.Array:
    return pa.array(days, pa.int32(), mask=~given).cast(pa.date32())
