"""Which periods of which services a change can touch, and no others."""

from datetime import date, timedelta

import pyarrow as pa

from tests.clock_rows import day, records, referral
from waitlists.clock import clocks
from waitlists.counts.begun import Part, begun_again, begun_of, with_nobody
from waitlists.counts.counted import of_service, renewed, vintages_of
from waitlists.counts.touched import Span, as_described, begun_earlier, services_by_period, spans_of
from waitlists.domain import Level
from waitlists.organisations import is_settled
from waitlists.record.columns import NEVER, day_number
from waitlists.snapshot import snapshots

ON = day(100)
ENDS = [day(-1) + timedelta(weeks=number) for number in range(10)]


def known(*rows, numbers):
    return records(*rows).append_column("identity", pa.array(numbers, pa.int64()))


def spans(before, after):
    """Spans between one referral's two rows, days after the first Monday; None for an end that does not come."""
    old, new = (known(*([row] if row else []), numbers=[7] if row else []) for row in (before, after))
    return {
        (one.service, one.first - day_number(day(0)), one.last - day_number(day(0)) if one.last < NEVER else None)
        for one in spans_of(old, as_described(new, old), on=ON)
    }


def row(**fields):
    return referral(**{"received": 3, "child": "child-0000000001"} | fields)


def test_one_that_is_new_touches_all_days_of_its_wait():
    assert spans(None, row(original=-40, contact=20)) == {("SALT", 3, 20)}
    assert spans(None, row()) == {("SALT", 3, None)}


def test_one_that_ends_touches_the_days_from_its_end_on():
    assert spans(row(), row(contact=50)) == {("SALT", 50, None)}
    assert spans(row(contact=50), row(contact=40)) == {("SALT", 40, 50)}
    assert spans(row(rejected=50), row(discharged=50)) == {("SALT", 50, 50)}


def test_what_no_list_is_counted_from_touches_nothing():
    assert spans(row(), row(next_appointment_date=90)) == set()
    assert spans(row(age_band="5-10"), row(age_band="11-15", district_code="OUT")) == set()


def test_what_is_of_the_day_is_as_it_was_said_before_of_whom_it_was():
    board = "organisation_identifier_code_of_commissioner"
    old = known(row(**{board: "QKS"}), row(waiting_for="treatment"), numbers=[7, 9])
    new = known(row(**{board: "QNX"}), row(**{board: "QNX"}, received=5), row(rejected=8), numbers=[7, 8, 9])
    found = as_described(new, old)
    assert found[board].to_pylist() == ["QKS", "QNX", "QKS"]
    assert found["waiting_for"].to_pylist() == [new["waiting_for"][0].as_py()] * 2 + ["treatment"]
    assert found["referral_rejection_date"].null_count == 2


def test_another_child_start_or_service_touches_all_days():
    assert spans(row(), row(child="child-0000000002")) == {("SALT", 3, None)}
    assert spans(row(), row(original=-40)) == {("SALT", 3, None)}
    assert spans(row(), row(service="ASD")) == {("SALT", 3, None), ("ASD", 3, None)}


def test_the_next_stage_is_touched_with_the_list_before_it():
    found = spans(row(waiting_for="treatment"), row(waiting_for="treatment", contact=50))
    assert found == {("SALT", 50, None)}


def test_days_chosen_touch_the_days_on_which_a_share_is_another():
    found = spans_of(
        known(row(), numbers=[7]), known(row(wait_adjustment_days=10), numbers=[7]), on=ON
    )  # 126 days are within 18 weeks, 364 within a year
    first = day_number(day(3))
    assert found == {
        Span("SALT", first + 127, first + 136, at_ends=True),
        Span("SALT", first + 365, first + 374, at_ends=True),
    }
    left = spans_of(
        known(row(discharged=20), numbers=[7]), known(row(discharged=20, wait_adjustment_days=10), numbers=[7]), on=ON
    )
    assert left == frozenset()


def test_a_spell_that_gets_another_beginning_is_touched_as_a_whole():
    first, later = row(service="CAMHS", discharged=20), row(service="CAMHS", received=24)
    after = spans_of(known(first, numbers=[1]), known(first, later, numbers=[1, 2]), on=ON)
    assert {one.service for one in after} == {"CAMHS"}
    assert min(one.first for one in after) == day_number(day(20))


def test_periods_are_touched_by_days_within_them_or_by_their_last():
    first = day_number(ENDS[0])
    found = services_by_period(
        [
            Span("ASD", first + 8, first + 15, at_ends=False),
            Span("SALT", first + 8, first + 13, at_ends=True),
            Span("ADHD", first + 8, first + 14, at_ends=True),
            Span("EHC", first + 70, NEVER, at_ends=False),
        ],
        ENDS,
    )
    assert found == {ENDS[2]: {"ASD", "ADHD"}, ENDS[3]: {"ASD"}}
    assert services_by_period([], ENDS) == services_by_period([Span("ASD", 0, NEVER, at_ends=False)], []) == {}


PART = Part("RYY", "SALT", "QKS", "list")


def test_a_list_begins_with_the_first_child_on_it():
    table = records(row(), row(received=9), row(received=5, waiting_for="treatment", contact=8))
    found = begun_of(table, clocks(table, on=ON))
    assert found == {PART: day_number(day(3)), PART._replace(stage="next"): day_number(day(8))}
    assert begun_of(records(), clocks(records(), on=ON)) == {}


def test_a_list_begins_anew_where_somebody_came_before_and_is_asked_where_the_first_did_not():
    assert begun_again({PART: 5}, {PART: 9}, {PART: 7}) == {PART: 5}
    assert begun_again({PART: 5}, {}, {PART: 3}) == {PART: 3}
    assert begun_again({}, {}, {PART: 3}) == {PART: 3}
    assert begun_again({PART: 5}, {PART: 5}, {PART: 5}) == {PART: 5}
    assert begun_again({PART: 5}, {PART: 5}, {PART: 6}) is begun_again({PART: 5}, {PART: 5}, {}) is None
    assert begun_earlier({PART: 5}, {PART: 3}) == {Span("SALT", 3, 5, at_ends=False)}
    assert begun_earlier({}, {PART: 3}) == {Span("SALT", 3, NEVER, at_ends=False)}


def test_lists_that_nobody_is_on_any_longer_are_as_where_all_records_are_looked_at():
    own = row(contact=10), row(service="ASD", contact=12), row(service="ASD", waiting_for="review", discharged=30)
    table, end = records(*own), day(41)
    found = clocks(table, on=ON)
    everything = snapshots(table, found, ends=[end], freq="W")
    begun = begun_of(table, found)
    filled = list(with_nobody([], begun, providers={"RYY"}, ends=[end], freq="W"))
    assert len(filled) == len(everything) == 6
    assert all(one in filled for one in everything)
    again = list(with_nobody(everything, begun, providers={"RYY"}, ends=[end], freq="W"))
    assert again == everything
    assert not list(with_nobody([], begun, providers={"NQ7"}, ends=[end], freq="W"))
    assert not list(with_nobody([], begun, providers={"RYY"}, ends=[day(-1)], freq="W"))
    assert {one.level for one in everything} == {Level.PROVIDER, Level.ICB}


def test_a_vintage_takes_what_was_counted_of_one_service_and_keeps_the_others():
    table = records(row(contact=40), row(service="ASD", waiting_for="review"), row(received=30))
    found = clocks(table, on=ON)
    (whole,) = (one for one in vintages_of(snapshots(table, found, ends=[day(41)], freq="W")) if one.scope)
    parts = [of_service(whole, name) for name in ("SALT", "ASD")]
    assert {one.service for one in (*parts[0].figures, *parts[0].details)} == {"SALT"}
    assert len({whole.digest, *(part.digest for part in parts)}) == 3
    assert (
        renewed(None, parts).digest == renewed(whole, parts).digest == renewed(whole, parts[:1]).digest == whole.digest
    )
    assert renewed(parts[1], parts[:1]).digest == whole.digest


def test_the_register_is_settled_but_for_the_days_on_which_somebody_is_counted_elsewhere():
    changed = date(2026, 4, 1)
    assert is_settled(changed, changed + timedelta(weeks=9))
    assert is_settled(date(2025, 1, 1), changed - timedelta(days=1))
    assert not is_settled(changed - timedelta(days=1), changed)
