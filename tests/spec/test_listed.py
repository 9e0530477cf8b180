"""Stays as lists tell them apart: whatever part of them is counted, lists come out as from all."""

from itertools import permutations

import pytest

from tests.clock_rows import day, records, referral
from waitlists.clock import clocks
from waitlists.clock.spells import spells
from waitlists.record.columns import days_of
from waitlists.snapshot import CUTS, joined, listed_of, snapshots, snapshots_of

ON = day(100)
HOW = {"ends": [day(41), day(48)], "freq": "W", "cuts": tuple(CUTS)}
ROWS = (
    referral("SALT", 20, contact=45),
    referral("SALT", 3),
    referral("ASD", 10, contact=45, age_band="11-15"),
    referral("CAMHS", 30, wait_adjustment_days=4),
    referral("ADHD", 1, waiting_for="treatment", assessment=44),
)


def listed(*rows):
    table = records(*rows or ROWS)
    return listed_of(table, clocks(table, on=ON))


@pytest.mark.parametrize("service", ["SALT", "ASD", "CAMHS", "ADHD"])
def test_one_service_is_counted_from_its_own_stays(service):
    table = records(*ROWS)
    everything = snapshots(table, clocks(table, on=ON), **HOW)
    own = snapshots_of(listed().of_service(service), **HOW)
    assert own == [one for one in everything if one.service == service]
    assert own


def test_tables_of_providers_are_counted_together_as_one_table_is():
    moving = {"child": "child-that-moves", "waiting_for": "review"}
    left = referral("SALT", 0, provider="RXY", stop=(44, "transferred"), **moving)
    came = referral("SALT", 44, original=0, commissioner="QNX", **moving)
    others = referral("EHC", 9, provider="NQ7"), referral("SALT", 2, provider="NQ7", imd_decile=3)
    tables = [*ROWS, came], [left], others
    together = joined([listed(*rows) for rows in tables])
    assert snapshots_of(together, **HOW) == snapshots_of(listed(*(row for rows in tables for row in rows)), **HOW)
    alone = listed(*others)
    assert joined([alone]) is alone


def test_stays_that_began_first_come_first():
    assert listed().stays.start.tolist() == sorted(listed().stays.start.tolist())


def test_of_one_day_the_referral_with_the_first_number_stands_for_the_spell():
    rows = [referral("CAMHS", 5, child="one", service_request_identifier=number) for number in ("R-1", "R-2", "R-3")]
    rows.append(referral("CAMHS", 4, child="another", service_request_identifier="other"))
    for ordered in permutations(rows):
        table = records(*ordered)
        days = days_of(table, "referral_request_received_date")
        found = spells(table, days, days_of(table, "service_discharge_date"), days > 0)
        numbers = [ordered[place]["service_request_identifier"] for place in found.order.tolist()]
        assert [number for number in numbers if number != "other"] == ["R-1", "R-2", "R-3"]
        assert {ordered[place]["service_request_identifier"] for place in found.standing} == {"R-1", "other"}
