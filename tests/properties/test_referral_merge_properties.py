"""Deciding about deliveries one after the other comes to the same as applying them in order of their snapshot dates."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.referrals import records
from waitlists.deliveries.merge import (
    KNOWN_SCHEMA,
    Delivered,
    Known,
    decide,
    first_day,
    first_difference,
    gone,
    last_seen,
    last_stated,
    moved_spells,
    spell_ids,
)

State = dict[int, tuple[int, int, bool]]
"""By referral: what is said, the day it was stated, and whether it is absent."""

DELIVERY = st.tuples(
    st.booleans(), st.integers(0, 4), st.dictionaries(st.integers(1, 5), st.integers(0, 2), min_size=1)
)


def known(state: State) -> Known:
    rows = [(name, version, *state[name]) for version, name in enumerate(sorted(state, reverse=True), start=1)]
    columns = list(zip(*rows, strict=True)) or [()] * 5
    kinds = [field.type for field in KNOWN_SCHEMA]
    days = pa.array(columns[3], pa.int32()).cast(pa.date32())
    arrays = [pa.array(columns[0], kinds[0]), pa.array(columns[1], kinds[1]), pa.array(columns[2], kinds[2]), days]
    return Known.of(pa.Table.from_arrays([*arrays, pa.array(columns[4], kinds[4])], schema=KNOWN_SCHEMA))


def merged(state: State, delivered: Delivered, said: dict[int, int]) -> State:
    """The state after a delivery, as the store would write what is decided."""
    held = known(state)
    names, digest = np.array(list(said)), np.array(list(said.values()))
    places = held.places(names)
    decided = decide(held, delivered, places, digest)
    parts = np.array([decided.taken, decided.changed, decided.unchanged, decided.superseded])
    assert (parts.sum(axis=0) == 1).all()
    assert not (decided.restated & ~decided.unchanged).any()
    seen = np.zeros(len(held.identity), bool)
    seen[places[places >= 0]] = True
    which = gone(held, delivered, seen)
    after = dict(state)
    for name, day in zip(held.identity[which].tolist(), last_stated(held, delivered, which).tolist(), strict=True):
        after[name] = (state[name][0], day, True)
    for place, name in enumerate(said):
        if decided.taken[place] or decided.changed[place]:
            after[name] = (said[name], delivered.day, delivered.is_overtaken)
        elif decided.restated[place]:
            after[name] = (state[name][0], delivered.day, False)
    return after


def applied(deliveries) -> dict[int, tuple[int, int, bool]]:
    """The oracle: what is said, the last delivery that had it, and whether it is absent."""
    state: State = {}
    for is_whole, day, said in sorted(deliveries, key=lambda one: one[1]):
        if is_whole:
            state = {name: (value, seen, True) for name, (value, seen, _) in state.items()}
        state |= {name: (value, day, False) for name, value in said.items()}
    return state


@given(st.lists(DELIVERY, min_size=1, max_size=8))
def test_the_order_of_arrival_does_not_matter(deliveries):
    state: State = {}
    for place, (is_whole, day, said) in enumerate(deliveries):
        days = [other for is_list, other, _ in deliveries[:place] if is_list]
        delivered = Delivered.beside(days, day=day, is_whole=is_whole)
        state = merged(state, delivered, said)
        expected = applied(deliveries[: place + 1])
        assert {name: (value, absent) for name, (value, _, absent) in state.items()} == {
            name: (value, absent) for name, (value, _, absent) in expected.items()
        }
        assert merged(state, delivered, said) == state


@pytest.mark.parametrize(
    ("others", "stated", "seen"),
    [
        ([], [3, 9, 10], [3, 9, 9]),
        ([7], [7, 9, 10], [7, 9, 9]),
        ([5, 7, 10], [10, 10, 10], [7, 9, 9]),
    ],
)
def test_who_is_gone_was_last_on_the_newest_list_before(others, stated, seen):
    held = known({1: (0, 3, False), 2: (0, 9, False), 3: (0, 10, False)})
    delivered, everybody = Delivered.beside(others, day=10, is_whole=True), np.array([True] * 3)
    assert last_stated(held, delivered, everybody).tolist() == stated
    assert last_seen(held, delivered, everybody).tolist() == seen


def test_nobody_is_known_at_first():
    assert known({}).places(np.array([1, 2])).tolist() == [-1, -1]


PRESENT, ABSENT = {1: (0, 5, False)}, {1: (0, 5, True)}


@pytest.mark.parametrize(
    ("held", "delivered", "digest", "becomes"),
    [
        (PRESENT, Delivered(5, is_whole=False), 0, "unchanged"),
        (PRESENT, Delivered(6, is_whole=False), 0, "restated"),
        (PRESENT, Delivered(6, is_whole=True), 0, "unchanged"),
        (PRESENT, Delivered(6, is_whole=False, is_overtaken=True), 0, "unchanged"),
        (PRESENT, Delivered(5, is_whole=False), 1, "changed"),
        (PRESENT, Delivered(4, is_whole=False), 1, "superseded"),
        (PRESENT, Delivered(6, is_whole=True, is_overtaken=True), 1, "superseded"),
        (ABSENT, Delivered(6, is_whole=True), 0, "changed"),
        (ABSENT, Delivered(5, is_whole=True, is_overtaken=True), 0, "unchanged"),
        (ABSENT, Delivered(5, is_whole=True, is_overtaken=True), 1, "changed"),
        (ABSENT, Delivered(6, is_whole=False, is_overtaken=True), 0, "changed"),
        (ABSENT, Delivered(4, is_whole=False, is_overtaken=True), 1, "superseded"),
        ({}, Delivered(4, is_whole=False), 1, "taken"),
    ],
)
def test_a_row_becomes_one_thing(held, delivered, digest, becomes):
    places = known(held | {2: (0, 5, False)}).places(np.array([1, 2]))
    decided = decide(known(held | {2: (0, 5, False)}), delivered, places, np.array([digest, 0]))
    parts = {name: getattr(decided, name)[0] for name in ("taken", "changed", "unchanged", "superseded", "restated")}
    assert {name for name, is_so in parts.items() if is_so} == {becomes} | (
        {"unchanged"} if becomes == "restated" else set()
    )


DAY = (date(2026, 1, 4) - date(1970, 1, 1)).days
RECEIVED = (date(2025, 9, 1) - date(1970, 1, 1)).days


UNCOUNTED = (
    "was_not_brought_count",
    "patient_cancel_count",
    "provider_cancel_count",
    "source_of_referral",
    "reason_for_referral_closure",
    "referral_rejection_reason",
)
OF_THE_DAY = ("age_band", "district_code", "waiting_for", "organisation_identifier_code_of_commissioner")


@pytest.mark.parametrize(
    ("before", "after", "day"),
    [
        ({}, {}, None),
        ({}, {"snapshot_date": date(2026, 1, 11)}, None),
        ({}, {"next_appointment_date": date(2025, 12, 1), "source_system": "Lorenzo"}, None),
        *(({}, {name: 1 if name.endswith("count") else "01"}, None) for name in UNCOUNTED),
        *(({}, {name: "x"}, DAY) for name in OF_THE_DAY),
        ({"district_code": ""}, {}, DAY),
        ({}, {"clock_stop_date": date(2025, 12, 1)}, DAY - 34),
        ({"clock_stop_date": date(2025, 12, 1)}, {}, DAY - 34),
        ({"clock_stop_date": date(2025, 12, 1)}, {"clock_stop_date": date(2025, 12, 11)}, DAY - 34),
        ({}, {"imd_decile": 3}, DAY),
        ({"imd_decile": 3}, {"imd_decile": 4}, DAY),
        ({}, {"ethnic_category": "A"}, RECEIVED),
        ({"ethnic_category": "B"}, {"ethnic_category": "A", "age_band": "11-15"}, RECEIVED),
        ({"original_referral_request_received_date": date(2025, 8, 31)}, {"service": "ASD"}, RECEIVED - 1),
        ({}, {"wait_adjustment_days": 7}, RECEIVED),
    ],
)
def test_lists_differ_from_the_first_day_a_change_says_something_about(before, after, day):
    same = {"service_request_identifier": "R-2"}
    assert first_difference(records([same, before]), records([same, after])) == day


def test_the_first_day_of_some_referrals_is_when_the_first_of_them_came():
    later = {"referral_request_received_date": date(2025, 9, 3)}
    moved = {**later, "original_referral_request_received_date": date(2025, 8, 31)}
    assert first_day(records([later, {}])) == RECEIVED
    assert first_day(records([later, moved])) == RECEIVED - 1
    assert first_day(records([])) is None


def test_what_may_continue_a_spell_reaches_back_to_the_end_of_the_one_before():
    spells = {"service": "CAMHS"}
    assert first_day(records([spells])) == RECEIVED - 5
    assert first_day(records([{"clock_rule_id": "cypmh_4w"}])) == RECEIVED - 5
    assert (
        first_day(records([{**spells, "original_referral_request_received_date": date(2025, 8, 1)}])) == RECEIVED - 31
    )
    later = {**spells, "referral_request_received_date": date(2025, 9, 20)}
    for before, after in ((spells, later), (later, spells), (spells, {}), ({}, spells)):
        assert first_difference(records([before]), records([after])) == RECEIVED - 5


def test_spells_that_referrals_left_or_came_to_are_looked_at_again():
    one, other = ({"service": "CAMHS", "referral_spell_id": name} for name in ("S1", "S2"))
    assert spell_ids(records([one, {"service": "CAMHS"}, {"referral_spell_id": "S3"}])) == {"S1"}
    assert moved_spells(records([one, other]), records([other, other])) == {"S1", "S2"}
    assert moved_spells(records([one, other]), records([{**one, "age_band": "0-4"}, other])) == set()
    assert moved_spells(records([one]), records([{**one, "service": "SALT"}])) == {"S1"}
