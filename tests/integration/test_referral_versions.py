"""Versions of referrals: what a delivery adds, and what was known on any day, against a loop that applies them all."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import compute
from sqlalchemy import func, select

from tests.referrals import deliver, records
from waitlists.store import tables
from waitlists.store.referral_write import Merged
from waitlists.store.referrals import READ_SCHEMA, open_by_service, read_referrals
from waitlists.store.session import reading, writing

READ_ABSENT = compute.field("is_absent")
FIRST = date(2026, 1, 4)
WEEK = timedelta(days=7)


def row(number: int, **said) -> dict[str, object]:
    return {"service_request_identifier": f"R-{number}", "pseudonym_id": f"child-{number:010d}x", **said}


def list_on(connection, day: date, **asked) -> dict[str, tuple[object, bool]]:
    """By referral, the one thing that changes in these tests, and whether it is absent."""
    table = read_referrals(connection, as_of=day, **asked)
    return {
        one["service_request_identifier"]: (one["was_not_brought_count"], one["is_absent"]) for one in table.to_pylist()
    }


def versions(connection) -> int:
    return connection.execute(select(func.count()).select_from(tables.referral)).scalar_one()


def test_what_is_read_is_what_was_written(database):
    rows = [row(1, imd_decile=3, clock_stop_date=FIRST, clock_stop_reason='say "x", y\nz'), row(2, district_code="OUT")]
    with writing(database) as connection:
        deliver(connection, rows, day=FIRST)
        found = read_referrals(connection, as_of=FIRST).sort_by("service_request_identifier")
    assert found.schema == READ_SCHEMA
    assert found.drop_columns(["is_absent"]).to_pylist() == records(rows).to_pylist()


def test_only_the_columns_asked_for_of_the_providers_asked_for(database):
    with writing(database) as connection:
        deliver(connection, [row(1)], day=FIRST)
        deliver(connection, [row(2), row(3)], day=FIRST, provider="NQ7")
    with reading(database) as connection:
        found = read_referrals(connection, as_of=FIRST, providers=("NQ7",), columns=("service", "is_absent"))
        assert found.column_names == ["service", "is_absent"]
        assert found.num_rows == 2
        assert read_referrals(connection, as_of=FIRST - WEEK).num_rows == 0


def test_the_same_list_again_writes_nothing(database):
    rows = [row(number) for number in range(10)]
    with writing(database) as connection:
        assert deliver(connection, rows, day=FIRST).taken == 10
        before = versions(connection)
        again = deliver(connection, rows[::-1], day=FIRST + WEEK)
        assert again == Merged(unchanged=10, providers=frozenset({"RYY"}))
        assert again.is_nothing
        assert versions(connection) == before


def test_a_changed_row_closes_the_version_before_it(database):
    with writing(database) as connection:
        deliver(connection, [row(1), row(2)], day=FIRST)
        merged = deliver(connection, [row(1), row(2, was_not_brought_count=1)], day=FIRST + WEEK)
        assert (merged.changed, merged.unchanged) == (1, 1)
        assert list_on(connection, FIRST + WEEK - timedelta(days=1))["R-2"] == (None, False)
        assert list_on(connection, FIRST + WEEK)["R-2"] == (1, False)


def test_what_a_snapshot_no_longer_holds_is_absent_and_comes_back(database):
    with writing(database) as connection:
        deliver(connection, [row(1), row(2)], day=FIRST)
        deliver(connection, [row(1), row(2)], day=FIRST + WEEK)
        assert deliver(connection, [row(1)], day=FIRST + 2 * WEEK).absent == 1
        found = read_referrals(connection, as_of=FIRST + 2 * WEEK).filter(READ_ABSENT).to_pylist()
        assert [one["snapshot_date"] for one in found] == [FIRST + WEEK]
        assert deliver(connection, [row(1)], day=FIRST + 3 * WEEK).is_nothing
        assert deliver(connection, [row(1), row(2)], day=FIRST + 4 * WEEK).changed == 1
        assert list_on(connection, FIRST + 4 * WEEK) == {"R-1": (None, False), "R-2": (None, False)}


def test_a_delta_says_nothing_of_others(database):
    with writing(database) as connection:
        deliver(connection, [row(1), row(2)], day=FIRST)
        merged = deliver(connection, [row(2, was_not_brought_count=1), row(3)], day=FIRST + WEEK, kind="delta")
        assert (merged.taken, merged.changed, merged.absent) == (1, 1, 0)


def test_a_referral_whose_row_was_refused_is_not_absent(database):
    with writing(database) as connection:
        deliver(connection, [row(1), row(2)], day=FIRST)
        merged = deliver(connection, [row(1)], day=FIRST + WEEK, refused=[row(2)])
        assert merged.absent == 0


def test_a_snapshot_says_nothing_of_another_source_system(database):
    other = [row(number, service="COMM_PAEDS", source_system="SystmOne") for number in (3, 4)]
    with writing(database) as connection:
        deliver(connection, other, day=FIRST + WEEK)
        late = deliver(connection, [row(1), row(2)], day=FIRST, known=FIRST + WEEK)
        assert (late.taken, late.absent) == (2, 0)
        assert deliver(connection, [row(1)], day=FIRST + 2 * WEEK).absent == 1
        absent = {name: is_absent for name, (_, is_absent) in list_on(connection, FIRST + 2 * WEEK).items()}
    assert absent == {"R-1": False, "R-2": True, "R-3": False, "R-4": False}


def test_a_late_snapshot_fills_in_and_overwrites_nothing(database):
    with writing(database) as connection:
        deliver(connection, [row(1), row(2)], day=FIRST)
        deliver(connection, [row(1, was_not_brought_count=3), row(2)], day=FIRST + 2 * WEEK)
        late = [row(1, was_not_brought_count=1), row(2), row(3)]
        merged = deliver(connection, late, day=FIRST + WEEK, known=FIRST + 3 * WEEK)
        assert (merged.taken, merged.superseded, merged.unchanged, merged.absent) == (1, 1, 1, 0)
        assert list_on(connection, FIRST + 3 * WEEK) == {"R-1": (3, False), "R-2": (None, False), "R-3": (None, True)}


def test_open_referrals_are_counted_by_service(database):
    with writing(database) as connection:
        closed = row(3, clock_stop_date=FIRST, clock_stop_reason="seen")
        deliver(connection, [row(1), row(2, service="ASD"), closed, row(4)], day=FIRST)
        deliver(connection, [row(1), row(2, service="ASD"), closed], day=FIRST + WEEK)
        assert open_by_service(connection, "RYY", systems=("RiO",)) == {"ASD": 1, "SALT": 1}
        assert open_by_service(connection, "RYY", systems=("SystmOne",)) == {}


@pytest.mark.parametrize(
    ("change", "day"),
    [
        ({"was_not_brought_count": 2}, None),
        ({"first_care_contact_date": date(2025, 12, 1)}, date(2025, 12, 1)),
        ({"district_code": "OUT"}, FIRST + WEEK),
        ({"ethnic_category": "A"}, date(2025, 9, 1)),
        ({"original_referral_request_received_date": date(2025, 1, 1)}, date(2025, 1, 1)),
    ],
)
def test_lists_are_affected_from_the_first_day_that_differs(database, change, day):
    with writing(database) as connection:
        assert deliver(connection, [row(1)], day=FIRST).affected_from == date(2025, 9, 1)
        assert deliver(connection, [row(1, **change)], day=FIRST + WEEK).affected_from == day


def test_who_is_gone_affects_lists_from_the_day_after_the_last_that_held_them(database):
    with writing(database) as connection:
        deliver(connection, [row(1), row(2)], day=FIRST)
        deliver(connection, [row(1), row(2)], day=FIRST + WEEK)
        gone = deliver(connection, [row(1)], day=FIRST + 2 * WEEK)
        back = deliver(connection, [row(1), row(2)], day=FIRST + 3 * WEEK)
    assert gone.affected_from == back.affected_from == FIRST + WEEK + timedelta(days=1)


DELIVERY = st.tuples(
    st.sampled_from(["snapshot", "delta"]),
    st.integers(0, 4),  # the week it is about
    st.integers(0, 1),  # weeks it became known after the delivery before
    st.dictionaries(st.integers(1, 4), st.integers(0, 2), min_size=1),
)


def oracle(deliveries, day: date) -> dict[str, tuple[object, bool]]:
    """Every delivery known by then, applied in the order of its snapshot date."""
    state: dict[str, tuple[object, bool]] = {}
    known = [one for one in deliveries if one[2] <= day]
    for kind, _, _, said in sorted(known, key=lambda one: one[1]):
        if kind == "snapshot":
            state = {name: (value, True) for name, (value, _) in state.items()}
        state |= {f"R-{number}": (value, False) for number, value in said.items()}
    return state


@given(st.lists(DELIVERY, min_size=1, max_size=7))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_day_is_rebuilt_as_if_all_deliveries_known_by_then_came_in_order(database, drawn):
    day, deliveries = FIRST, []
    with writing(database) as connection:
        connection.execute(tables.referral.delete())
        connection.execute(tables.referral_delivery.delete())
        for kind, week, weeks_later, said in drawn:
            day += weeks_later * WEEK
            rows = [row(number, was_not_brought_count=value) for number, value in said.items()]
            deliver(connection, rows, day=FIRST + week * WEEK, kind=kind, known=day, rows_at_once=2)
            deliveries.append((kind, week, day, said))
        for back in range(len(drawn) + 2):
            asked = day - back * WEEK
            assert list_on(connection, asked) == oracle(deliveries, asked)
