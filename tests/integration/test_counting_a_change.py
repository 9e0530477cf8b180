"""Counting what a delivery of changes can touch gives, to the byte, what counting everything again gives."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from jobs.records import basis
from tests.counted_kent import (
    FIRST,
    IDS,
    LONG_AGO,
    PROVIDERS,
    WEEKS,
    Sent,
    described,
    due_of_all,
    due_stands,
    everything,
    stands,
    sunday,
    take,
    undone,
    usual,
    whole_since,
)
from tests.databases import BOTH, shared_database
from waitlists.periods import add_months
from waitlists.record.schema import AGE_BANDS, REASONS
from waitlists.store import tables
from waitlists.store.erase import erase_expired, erase_pseudonyms, whole_from
from waitlists.store.referral_covers import kept_covers, kept_since
from waitlists.store.session import writing

FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
BOARD = "organisation_identifier_code_of_commissioner"
OF_THE_DAY = {
    BOARD: ["QNX", "QKS"],
    "waiting_for": ["review", "treatment", "first_contact"],
    "age_band": [*AGE_BANDS[-3:]],
    "district_code": ["E07000106", "E07000112"],
    "imd_decile": [2, 9],
}


@st.composite
def changes(draw):
    """A provider's changes: new rows, changed ones, ones that end, open again or go over to another provider."""
    provider, week = draw(st.sampled_from(PROVIDERS)), draw(st.integers(0, 2))
    last = (sunday(week) - FIRST).days
    rows = []
    for number in draw(st.sets(st.integers(0, IDS - 1), min_size=1, max_size=4)):
        received = draw(st.integers(-7 * WEEKS, last))

        def later(received=received):
            days = draw(st.none() | st.integers(0, 60))
            return None if days is None else FIRST + timedelta(days=min(received + days, last))

        stopped, original = later(), draw(st.none() | st.integers(0, 90))
        began = FIRST + timedelta(days=received)
        rows.append({
            **described(number, provider),
            "pseudonym_id": f"child-that-changes-{draw(st.integers(0, 2)):04}",
            "service": draw(st.sampled_from(["CAMHS", "CAMHS", "ASD", "WHEELCHAIR", "ADHD"])),
            "referral_spell_id": draw(st.sampled_from([None, None, "S1"])),
            "referral_request_received_date": began,
            "original_referral_request_received_date": None if original is None else began - timedelta(days=original),
            "first_care_contact_date": later(),
            "baseline_outcome_date": later(),
            "plan_or_intervention_date": later(),
            "assessment_started_date": later(),
            "clock_stop_date": stopped,
            "clock_stop_reason": None if stopped is None else draw(st.sampled_from([*REASONS, "transferred"])),
            "referral_rejection_date": draw(st.none()) or (later() if draw(st.booleans()) else None),
            "service_discharge_date": later() if draw(st.booleans()) else None,
            "wait_adjustment_days": draw(st.none() | st.integers(0, 200)),
        })  # fmt: skip
    refused = [{"service_request_identifier": f"{provider}-{draw(st.integers(0, IDS))}"}] if draw(st.booleans()) else []
    return Sent(provider, week, rows, refused)


@st.composite
def descriptions(draw):
    """Of children who are on a list from the first day on: what is said of them on the day of a delivery."""
    provider = draw(st.sampled_from(PROVIDERS))
    chosen = draw(st.sets(st.sampled_from(range(0, IDS, 2)), min_size=1, max_size=3))
    rows = [row for row in usual(provider) if row["service_request_identifier"] in {f"{provider}-{n}" for n in chosen}]
    said = [{name: draw(st.sampled_from(values)) for name, values in OF_THE_DAY.items()} for _ in rows]
    both = zip(rows, said, strict=True)
    return Sent(provider, draw(st.integers(0, 2)), [row | other for row, other in both])


@pytest.fixture(scope="module", params=BOTH)
def counted(request, tmp_path_factory):
    """Three providers' whole lists, counted."""
    folder = tmp_path_factory.mktemp("counted")
    with shared_database(request.param, folder) as engine, writing(engine) as connection:
        for provider in PROVIDERS:
            take(connection, Sent(provider, 0, usual(provider), kind="snapshot"))
        yield connection


@pytest.fixture
def kent(counted):
    """What was counted, for a test that may do with it what it likes."""
    with undone(counted):
        yield counted


@FEW
@given(several=st.lists(changes(), min_size=1, max_size=2), is_one_load=st.booleans())
def test_a_change_is_counted_as_everything_is(kent, several, is_one_load):
    since = whole_since(kent, sunday(1))
    with undone(kent):
        in_order = sorted(several, key=lambda one: one.week)
        for load in [in_order] if is_one_load else [[one] for one in in_order]:
            known = take(kent, *load)
        assert stands(kent) == everything(kent, known, since)
        assert due_stands(kent) == due_of_all(kent, known)


@settings(FEW, max_examples=4)
@given(several=st.lists(descriptions(), min_size=1, max_size=2))
def test_what_is_said_of_a_day_leaves_all_weeks_before_it(kent, several):
    since = whole_since(kent, sunday(1))
    # The weeks after the whole lists had not been counted.
    first = min(sunday(1), *(sunday(one.week) for one in several))
    with undone(kent):
        before = stands(kent)
        known = take(kent, *sorted(several, key=lambda one: one.week))
        now, again = stands(kent), everything(kent, known, since)
    assert _until(now, first) == _until(before, first)
    assert _lists_from(now, first) == _lists_from(again, first)


def _until(found, day):
    return {place: said for place, said in found.items() if place[2] < day}


def _lists_from(found, day):
    """Without groups: one alone is no reason to count a list again."""
    return {place: said for place, said in found.items() if place[2] >= day and not place[-1]}


@settings(FEW, max_examples=3)
@given(data=st.data())
def test_whatever_is_sent_a_list_is_as_it_stood_or_as_everything_gives_it(kent, data):
    since = whole_since(kent, sunday(1))
    loads = data.draw(st.lists(st.lists(changes() | descriptions(), min_size=1, max_size=2), min_size=1, max_size=2))
    loads.insert(
        data.draw(st.integers(0, len(loads))), [Sent("RXY", data.draw(st.integers(0, 2)), usual("RXY"), (), "snapshot")]
    )
    gone = data.draw(st.integers(0, len(loads) - 1))
    with undone(kent):
        for place, load in enumerate(loads):
            if place == gone:
                erase_pseudonyms(kent, [f"child-that-changes-{data.draw(st.integers(0, 2)):04}"])
            before = stands(kent)
            known = take(kent, *sorted(load, key=lambda one: one.week))
            if any(one.kind == "snapshot" for one in load):
                since = whole_since(kent, known)
            now, again = stands(kent), everything(kent, known, since)
            other = {one for one in now.keys() | before.keys() if now.get(one) not in (before.get(one), again.get(one))}
            assert other == set()
            if place >= gone:
                assert all(now.get(one) == before[one] for one in before if _began(one) < whole_from(kent))


def _began(place) -> date:
    source, _, end, *_ = place
    return (add_months(end, -1) if source.endswith("monthly") else end - timedelta(weeks=1)) + timedelta(days=1)


@pytest.fixture
def few_records(kent, monkeypatch):
    """All records are not read from here on."""

    def refused(*_, **__):
        raise AssertionError("all records were read")

    monkeypatch.setattr(basis, "read_referrals", refused)
    return kent


def row_of(number: int, **fields) -> dict[str, object]:
    (row,) = (row for row in usual("RAT") if row["service_request_identifier"] == f"RAT-{number}")
    return row | fields


def test_a_child_described_otherwise_was_not_so_before(few_records):
    before = stands(few_records)
    for name, (value, *_) in OF_THE_DAY.items():
        with undone(few_records):
            take(few_records, Sent("RAT", 1, [row_of(0, **{name: value})]))
            assert _until(stands(few_records), sunday(1)) == before, name


def test_the_days_of_two_deliveries_of_one_load_are_both_counted(few_records):
    one, other = row_of(0, **{BOARD: "QNX"}), row_of(0, **{BOARD: "QNX"}, imd_decile=9)
    loads = [Sent("RAT", 0, [one])], [Sent("RAT", 1, [other])]
    found = []
    for several in (loads, [[*loads[0], *loads[1]]]):
        with undone(few_records):
            for load in several:
                take(few_records, *load)
            found.append(_lists_from(stands(few_records), date.min))
    assert found[0] == found[1]
    assert any("QNX" in word for word in found[1]["referral_extract", "", sunday(0), "CAMHS", False])


def test_a_retention_that_erases_nothing_has_no_records_read(few_records):
    kept = kept_covers(few_records)
    assert erase_expired(few_records, before=LONG_AGO).versions == 0
    assert kept_covers(few_records) == kept
    take(few_records, Sent("RAT", 1, [row_of(0)]))


def test_how_far_back_lists_are_counted_stays_when_records_are_erased(kent):
    kept = kept_covers(kent)
    assert erase_expired(kent, before=sunday(0)).versions
    assert kept_covers(kent) is None
    assert kept_since(kent) == kept.since
    take(kent, Sent("RAT", 1, [row_of(0)]))
    assert kept_covers(kent).since == kept.since


def test_an_end_said_late_counts_its_service_again_and_what_stands_of_the_others_goes_on(few_records):
    before = stands(few_records)
    take(few_records, Sent("RAT", 1, [row_of(2, service_discharge_date=sunday(-2))]))
    now = stands(few_records)
    changed = {place for place in before if before[place] != now[place]}
    assert {service for *_, end, service, _ in changed if end <= sunday(0)} == {"ASD"}
    vintages = {place[:3] for place in changed if place[2] <= sunday(0)}
    beside = {place for place in before if place[:3] in vintages and place[3] != "ASD"}
    assert {is_grouped for *_, is_grouped in beside} == {False, True}
    assert all(now[place] == before[place] for place in beside)


@pytest.mark.parametrize(("crossing", "is_seen"), [(sunday(1), True), (sunday(9), False)])
def test_who_crosses_when_is_looked_at_where_it_can_have_changed(few_records, crossing, is_seen):
    due = tables.referral_due
    own = due.c.provider == "RAT"
    other = due.c.service_request_identifier != "RAT-2"
    assert few_records.execute(select(func.count()).where(own, other)).scalar()
    few_records.execute(update(due).where(own).values(waiting_for="wrong", next_crossing=crossing))
    take(few_records, Sent("RAT", 1, [row_of(2, next_appointment_date=sunday(2))]))
    wrong = few_records.execute(select(due.c.service_request_identifier).where(due.c.waiting_for == "wrong"))
    assert bool(wrong.all()) is not is_seen
    (booked,) = few_records.execute(select(due.c.appointment_on).where(own, ~other)).scalars()
    assert booked == sunday(2)


def test_limits_of_a_version_before_are_renewed_of_those_who_did_not_change_too(few_records):
    due = tables.referral_due
    few_records.execute(update(due).where(due.c.provider == "RAT").values(limits=[["a_standard_of_before", 1]]))
    take(few_records, Sent("RAT", 1, [row_of(2, next_appointment_date=sunday(2))]))
    limits = few_records.execute(select(due.c.limits).where(due.c.provider == "RAT")).scalars().all()
    assert limits
    assert not [one for one in limits if "a_standard_of_before" in str(one)]
