"""When each clock starts and stops, a row a case: days are counted from the day the referral was received."""

from datetime import date

import pytest

from tests.clock_rows import MONDAY, day, records, referral
from waitlists.clock import ClockDifference, clocks, differences
from waitlists.clock.rules import RULE_OF_SERVICE, RULES
from waitlists.queue import TREATED
from waitlists.record.columns import MISSING, day_number
from waitlists.record.schema import CLOCK_RULES, REASONS, SERVICES
from waitlists.standards import STANDARDS, within

ON = day(400)


def clock(*rows, on=ON):
    return clocks(records(*rows), on=on)


def stopped(**fields):
    """Day and reason of the stop of one referral, None while waiting."""
    found = clock(referral(**fields))
    assert found.start[0] == day_number(MONDAY)
    if found.stop[0] == MISSING:
        assert found.reason[0] == -1
        return None
    return int(found.stop[0]) - day_number(MONDAY), REASONS[found.reason[0]]


def test_every_rule_of_the_record_and_every_service_has_a_clock():
    assert (*RULES,) == (*CLOCK_RULES, "review")
    assert tuple(RULE_OF_SERVICE) == SERVICES


@pytest.mark.parametrize(
    ("service", "fields", "wanted"),
    [
        # Autism: first attended contact in person or by video, or the assessment itself.
        ("ASD", {}, None),
        ("ASD", {"contact": 80, "medium": "01"}, (80, "seen")),
        ("ASD", {"contact": 80, "medium": "11"}, (80, "seen")),
        ("ASD", {"contact": 80}, (80, "seen")),
        ("ASD", {"contact": 80, "medium": "02"}, None),
        ("ASD", {"contact": 10, "medium": "02", "assessment": 91}, (91, "seen")),
        ("ASD", {"contact": 80, "medium": "02", "stop": (80, "seen")}, None),
        ("ASD", {"contact": 10, "medium": "02", "stop": (30, "seen")}, (30, "seen")),
        ("ASD", {"contact": 10, "medium": "02", "stop": (30, "assessed")}, (30, "assessed")),
        ("ASD", {"contact": 10, "medium": "02", "stop": (10, "assessed")}, (10, "assessed")),
        ("ASD", {"contact": 40, "medium": "01", "stop": (30, "assessed")}, (40, "seen")),
        # ADHD: the assessment; a first contact alone is none.
        ("ADHD", {"contact": 30}, None),
        ("ADHD", {"contact": 30, "assessment": 60}, (60, "assessed")),
        ("ADHD", {"stop": (60, "seen")}, None),
        ("ADHD", {"stop": (60, "assessed")}, (60, "assessed")),
        # Children's mental health: all three, the latest counts.
        ("CAMHS", {"contact": 5, "baseline": 9}, None),
        ("CAMHS", {"contact": 5, "plan": 9}, None),
        ("CAMHS", {"baseline": 5, "plan": 9}, None),
        ("CAMHS", {"contact": 5, "baseline": 27, "plan": 9}, (27, "treated")),
        ("CAMHS", {"contact": 28, "baseline": 2, "plan": 9, "medium": "02"}, (28, "treated")),
        ("CAMHS", {"contact": 28, "baseline": 2, "plan": 9, "medium": "05"}, None),
        ("CAMHS", {"contact": 5, "baseline": 9, "assessment": 12}, (12, "treated")),
        ("CAMHS", {"contact": 5, "baseline": 9, "assessment": 12, "plan": 30}, (12, "treated")),
        ("CAMHS", {"contact": 5, "stop": (9, "treated")}, (9, "treated")),
        ("CAMHS", {"contact": 5, "plan": 30, "stop": (9, "treated")}, (30, "treated")),
        ("CAMHS", {"contact": 5, "assessment": 12, "stop": (9, "treated")}, (12, "treated")),
        ("CAMHS", {"contact": 5, "baseline": 6, "plan": 7, "stop": (9, "treated")}, (7, "treated")),
        ("CAMHS", {"contact": 5, "plan": 7, "stop": (9, "seen")}, None),
        ("CAMHS", {"stop": (9, "treated")}, (9, "treated")),
        ("CAMHS", {"stop": (9, "seen")}, None),
        # Eating disorder: treatment, not the first look.
        ("CAMHS_ED", {"contact": 3}, None),
        ("CAMHS_ED", {"contact": 3, "plan": 7}, (7, "treated")),
        ("CAMHS_ED", {"contact": 7, "plan": 3}, (7, "treated")),
        ("CAMHS_ED", {"plan": 7}, (7, "treated")),
        ("CAMHS_ED", {"contact": 9, "stop": (7, "treated")}, (9, "treated")),
        ("CAMHS_ED", {"contact": 3, "stop": (7, "treated")}, (7, "treated")),
        # Community services: first contact by any medium.
        ("SALT", {"contact": 126, "medium": "02"}, (126, "seen")),
        ("SALT", {"assessment": 100}, None),
        ("COMM_PAEDS", {"contact": 126}, (126, "seen")),
        ("COMM_PAEDS", {"stop": (100, "assessed")}, (100, "assessed")),
        # Wheelchair: handed over, not looked at.
        ("WHEELCHAIR", {"contact": 10, "assessment": 12}, None),
        ("WHEELCHAIR", {"contact": 10, "equipment": 127}, (127, "equipment_delivered")),
        ("WHEELCHAIR", {"stop": (10, "seen")}, None),
        ("WHEELCHAIR", {"stop": (90, "equipment_delivered")}, (90, "equipment_delivered")),
        # Education, health and care: the final plan.
        ("EHC", {"contact": 10, "assessment": 40}, None),
        ("EHC", {"plan": 140}, (140, "treated")),
        # The clock named wins over that of the service.
        ("SALT", {"contact": 30, "rule": "adhd_first_assessment"}, None),
    ],
)  # fmt: skip
def test_what_stops_a_clock(service, fields, wanted):
    assert stopped(service=service, **fields) == wanted


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"service": "ASD"}, {"seen", "assessed", "treated"}),
        ({"service": "ADHD"}, {"assessed", "treated"}),
        ({"service": "CAMHS"}, {"treated"}),
        ({"service": "CAMHS_ED"}, {"treated"}),
        ({"service": "SALT"}, {"seen", "assessed", "treated", "equipment_delivered"}),
        ({"service": "COMM_PAEDS"}, {"seen", "assessed", "treated", "equipment_delivered"}),
        ({"service": "WHEELCHAIR"}, {"equipment_delivered"}),
        ({"service": "EHC"}, {"assessed", "treated"}),
        ({"service": "EHC", "waiting_for": "review"}, {"assessed", "treated"}),
    ],
)
def test_a_senders_stop_stands_in_where_its_word_says_what_the_wait_was_for(fields, words):
    heard = [stopped(**fields, stop=(50, word)) for word in TREATED]
    assert heard == [(50, word) if word in words else None for word in TREATED]


def test_video_counts_in_mental_health_and_an_unknown_medium_nowhere():
    others = {"baseline": 5, "plan": 5}
    for medium, is_counted in (("01", True), ("02", True), ("04", True), ("11", True), ("05", False), ("98", False)):
        assert (stopped(service="CAMHS", contact=9, medium=medium, **others) is not None) is is_counted


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"discharged": 50}, (50, "discharged_unseen")),
        ({"rejected": 5}, (5, "rejected")),
        ({"rejected": 5, "discharged": 5}, (5, "rejected")),
        ({"contact": 40, "discharged": 50}, (40, "seen")),
        ({"contact": 50, "discharged": 50}, (50, "seen")),
        ({"contact": 60, "discharged": 50}, (50, "discharged_unseen")),
        ({"contact": 50, "stop": (50, "transferred")}, (50, "transferred")),
        ({"contact": 40, "stop": (50, "transferred")}, (40, "seen")),
        ({"contact": 40, "stop": (50, "data_correction")}, (50, "data_correction")),
        ({"stop": (50, "data_correction"), "discharged": 45}, (45, "discharged_unseen")),
        ({"stop": (50, "aged_out"), "rejected": 50}, (50, "aged_out")),
        ({"stop": (50, "died"), "rejected": 45}, (45, "rejected")),
        *(({"stop": (50, word), "discharged": 50}, (50, word)) for word in REASONS[4:]),
    ],
)
def test_leaving_the_list_is_not_being_seen(fields, wanted):
    assert stopped(**fields) == wanted


@pytest.mark.parametrize(("days", "is_within"), [(27, True), (28, False)])
def test_less_than_four_weeks_is_strict(days, is_within):
    day_of_stop, _ = stopped(service="CAMHS", contact=1, baseline=days, plan=2)
    assert within(STANDARDS["CYPMH_4W"], day_of_stop) is is_within


@pytest.mark.parametrize(("days", "is_within"), [(91, True), (92, False)])
def test_the_91st_day_is_within_three_months(days, is_within):
    day_of_stop, _ = stopped(service="ASD", contact=days, medium="01")
    assert within(STANDARDS["ASD_NICE_13W"], day_of_stop) is is_within


def test_a_change_of_provider_never_restarts_a_wait():
    found = clock(referral(received=100, original=0), referral(received=100))
    assert [int(start) - day_number(MONDAY) for start in found.start] == [0, 100]
    assert [int(entered) - day_number(MONDAY) for entered in found.entered] == [100, 100]


def test_a_child_seen_before_the_list_moved_never_waited_at_the_new_provider():
    found = clock(referral(received=100, original=0, contact=60), referral(received=100, original=0, contact=100))
    assert found.is_counted.tolist() == [False, True]


@pytest.mark.parametrize(
    ("service", "fields", "wanted"),
    [
        ("CAMHS_ED", {"plan": -200}, None),
        ("CAMHS_ED", {"plan": 0}, (0, "treated")),
        ("CAMHS", {"contact": 5, "baseline": -1, "plan": 9}, None),
        ("CAMHS", {"contact": 5, "baseline": -1, "assessment": -1, "plan": 9}, None),
        ("CAMHS", {"contact": 5, "baseline": 7, "assessment": 9, "plan": -1}, (9, "treated")),
        ("CAMHS", {"contact": 5, "baseline": 7, "assessment": -1, "plan": 9}, (9, "treated")),
        ("SALT", {"discharged": -1}, None),
        ("SALT", {"stop": (-1, "seen")}, None),
        ("SALT", {"stop": (-1, "declined"), "rejected": 4}, (4, "rejected")),
    ],
)
def test_what_is_dated_before_the_referral_is_no_part_of_its_wait(service, fields, wanted):
    assert stopped(service=service, **fields) == wanted
    assert clock(referral(service, **fields)).is_counted.all()


def test_what_a_later_referral_says_of_a_spell_counts_from_the_first_one_on():
    found = clock(
        referral("CAMHS", 0, child="a", contact=3, discharged=10),
        referral("CAMHS", 12, child="a", baseline=-1, plan=8),
    )
    assert found.stop[0] == MISSING
    done = clock(
        referral("CAMHS", 0, child="a", contact=3, discharged=10),
        referral("CAMHS", 12, child="a", baseline=6, plan=8),
    )
    assert done.stop[0] == day_number(day(8))


def test_a_wait_that_was_over_before_this_provider_had_it_is_none_here():
    found = clock(
        referral(received=100, original=0, contact=60),
        referral("CAMHS", 0, child="a"),
        referral("CAMHS", 9, child="a"),
        referral(received=401),
    )
    assert found.is_counted.tolist() == [False, True, False, False]
    assert found.is_part.tolist() == [False, False, True, False]


def test_days_a_family_chose_stand_beside_the_wait_and_not_in_it():
    found = clock(referral(contact=40, wait_adjustment_days=15), referral(contact=40))
    assert found.stop[0] == found.stop[1]
    assert found.adjustment.tolist() == [15, 0]


def test_what_happened_later_has_not_happened():
    row = referral(contact=40, discharged=50)
    assert clock(row, on=day(39)).stop[0] == MISSING
    assert clock(row, on=day(40)).stop[0] == day_number(day(40))
    assert clock(row, on=day(-1)).is_counted.tolist() == [False]


def test_dates_that_a_sender_gives_otherwise_are_counted():
    rows = (
        referral(clock_start_date=0, contact=40, stop=(40, "seen")),
        referral(clock_start_date=3, contact=40, stop=(41, "seen")),
        referral(contact=30, stop=(90, "treated")),
        referral("WHEELCHAIR", stop=(9, "seen")),
    )
    table = records(*rows)
    found = clocks(table, on=ON)
    assert found.start_differs.tolist() == [False, True, False, False]
    assert found.stop_differs.tolist() == [False, True, True, True]
    assert differences(table, found) == (
        ClockDifference("SALT", "RYY", "start", 1),
        ClockDifference("SALT", "RYY", "stop", 2),
        ClockDifference("WHEELCHAIR", "RYY", "stop", 1),
    )


@pytest.mark.parametrize("gap", range(8))
def test_referrals_up_to_five_days_apart_are_one_wait(gap):
    first = referral("CAMHS", 0, child="a", contact=3, discharged=10)
    second = referral("CAMHS", 10 + gap, child="a", baseline=40, plan=30)
    found = clock(second, first)
    if gap <= 5:
        assert found.is_counted.tolist() == [False, True]
        assert (found.stop[1], REASONS[found.reason[1]]) == (day_number(day(40)), "treated")
    else:
        assert found.is_counted.tolist() == [True, True]
        assert REASONS[found.reason[1]] == "discharged_unseen"
        assert found.stop[0] == MISSING


def test_a_spell_is_of_one_child_at_one_provider_in_one_service():
    first = referral("CAMHS", 0, child="a", discharged=10)
    apart = [
        referral("CAMHS", 11, child="b"),
        referral("CAMHS", 11, child="a", provider="RXY"),
        referral("SALT", 11, child="a"),
        referral("CAMHS", 11, child="a", waiting_for="review"),
    ]
    assert clock(first, *apart).is_counted.all()


def test_an_open_referral_leaves_no_gap_and_a_long_one_spans_a_short_one():
    rows = (
        referral("CAMHS", 0, child="a", discharged=90),
        referral("CAMHS", 5, child="a", rejected=6),
        referral("CAMHS", 92, child="a"),
        referral("CAMHS", 300, child="a"),
    )
    assert clock(*rows).is_counted.tolist() == [True, False, False, False]


def test_a_spell_is_closed_as_the_last_of_its_referrals_is():
    rows = (
        referral("CAMHS", 0, child="a", rejected=4),
        referral("CAMHS", 6, child="a", stop=(20, "declined")),
    )
    found = clock(*rows)
    assert (found.stop[0], REASONS[found.reason[0]]) == (day_number(day(20)), "declined")


def test_a_spell_named_by_the_sender_needs_no_gap():
    rows = (
        referral("CAMHS", 0, spell="S", discharged=4),
        referral("CAMHS", 60, spell="S", contact=61, baseline=61, plan=61),
        referral("CAMHS", 60, spell="S", provider="RXY"),
    )
    found = clock(*rows)
    assert found.is_counted.tolist() == [True, False, True]
    assert found.stop[0] == day_number(day(61))


@pytest.mark.parametrize(
    ("fields", "own", "review"),
    [
        # Seen, and now waits for a review: both waits stand, one after the other.
        ({"contact": 20}, (0, 20, "seen"), (20, None, None)),
        ({"contact": 20, "stop": (20, "seen")}, (0, 20, "seen"), (20, None, None)),
        ({"contact": 20, "discharged": 60}, (0, 20, "seen"), (20, 60, "discharged_unseen")),
        ({"contact": 20, "stop": (60, "declined")}, (0, 20, "seen"), (20, 60, "declined")),
        ({"contact": 20, "assessment": 50, "plan": 60, "equipment": 70}, (0, 20, "seen"), (20, None, None)),
        # For a review from the start: nothing happened before the child left.
        ({}, None, (0, None, None)),
        ({"contact": 60, "discharged": 60}, None, (0, 60, "seen")),
        ({"contact": 60, "stop": (60, "seen"), "discharged": 60}, None, (0, 60, "seen")),
        ({"service": "ADHD", "contact": 60, "discharged": 60}, None, (0, 60, "seen")),
        ({"discharged": 60}, None, (0, 60, "discharged_unseen")),
        ({"rejected": 4}, None, (0, 4, "rejected")),
        # No review stops a clock that still runs.
        ({"service": "CAMHS", "contact": 20}, (0, None, None), None),
        ({"service": "CAMHS", "stop": (20, "seen")}, (0, None, None), None),
        ({"service": "WHEELCHAIR", "contact": 20}, (0, None, None), None),
        ({"service": "WHEELCHAIR", "contact": 20, "equipment": 40}, (0, 40, "equipment_delivered"), (40, None, None)),
        ({"service": "WHEELCHAIR", "contact": 20, "discharged": 60}, (0, 60, "discharged_unseen"), None),
    ],
)
def test_a_wait_for_a_review_follows_the_services_own(fields, own, review):
    found = clock(referral(waiting_for="review", **fields))
    first = days_of(found.start, found.stop, found.reason)
    after = days_of(found.next_start, found.next_stop, found.next_reason)
    assert found.is_counted.all()
    assert found.next_is_review.all()
    assert (None if found.is_review[0] else first, first if found.is_review[0] else after) == (own, review)


def days_of(start, stop, reason):
    """The wait of the only row, counted from MONDAY; None for no wait."""
    if start[0] == MISSING:
        return None
    zero = day_number(MONDAY)
    return int(start[0]) - zero, None if stop[0] == MISSING else int(stop[0]) - zero, (*REASONS, None)[reason[0]]


def test_a_spell_waits_for_what_its_last_referral_does():
    done = dict.fromkeys(("contact", "baseline", "plan"), 30)
    found = clock(
        referral("CAMHS", 0, child="a", contact=3, discharged=10),
        referral("CAMHS", 12, child="a", waiting_for="review", **done),
    )
    assert (found.next_is_review[0], found.next_start[0]) == (True, day_number(day(30)))


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"contact": 20, "waiting_for": "treatment"}, (20, None, None)),
        ({"contact": 20, "waiting_for": "treatment", "plan": 50}, (20, 50, "treated")),
        ({"contact": 20, "waiting_for": "assessment", "assessment": 50}, (20, 50, "assessed")),
        ({"contact": 20, "waiting_for": "equipment", "equipment": 50}, (20, 50, "equipment_delivered")),
        ({"contact": 20, "waiting_for": "treatment", "discharged": 60}, (20, 60, "discharged_unseen")),
        ({"contact": 20, "waiting_for": "treatment", "discharged": 20}, None),
        ({"contact": 20, "waiting_for": "treatment", "plan": 20}, None),
        ({"contact": 20, "waiting_for": "first_contact"}, None),
        ({"waiting_for": "treatment"}, None),
        ({"waiting_for": "treatment", "rejected": 4}, None),
    ],
)
def test_the_next_stage_is_a_wait_of_its_own(fields, wanted):
    found = clock(referral(**fields))
    zero = day_number(MONDAY)
    ends = [None if value == MISSING else int(value) - zero for value in (found.next_start[0], found.next_stop[0])]
    reason = None if found.next_reason[0] < 0 else REASONS[found.next_reason[0]]
    assert (*ends, reason) == (wanted or (None, None, None))


def test_no_referral_at_all_has_no_clock():
    found = clock()
    assert len(found.stop) == 0
    assert differences(records(), found) == ()
    assert found.on == ON > date(2026, 1, 1)
