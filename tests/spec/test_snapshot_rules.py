"""What a snapshot counts, case by case."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.clock_rows import MONDAY, day, records, referral
from waitlists.bands import CHS_BANDS
from waitlists.clock import clocks
from waitlists.errors import BadArgument
from waitlists.record.schema import SERVICES
from waitlists.snapshot import snapshots
from waitlists.snapshot.stays import is_about
from waitlists.standards import OF_SOME, STANDARDS

SUNDAY = day(-1)
EDGES = Path(__file__).parents[1] / "golden/domain/chs_band_edges.csv"
LABELS = [band.label for band in CHS_BANDS]


def sunday(number):
    """The end of the week so many weeks after the one before MONDAY."""
    return SUNDAY + timedelta(weeks=number)


FIRST = (sunday(1),)


def taken(*rows, ends=FIRST, freq="W", cuts=(), absent=None, level="provider"):
    table = records(*rows, absent=absent or ())
    found = snapshots(table, clocks(table, on=max(ends)), ends=ends, freq=freq, cuts=cuts)
    return [one for one in found if one.level == level]


def one(*rows, stage="list", **how):
    (found,) = (each for each in taken(*rows, **how) if each.stage == stage)
    return found


def test_waits_fall_into_the_bands_of_the_reference_rows():
    with EDGES.open() as file:
        edges = list(csv.DictReader(file))
    assert len(edges) == 20
    for row in edges:
        found = one(referral(received=SUNDAY - timedelta(days=int(row["days_waited"]))), ends=(SUNDAY,))
        assert LABELS[found.bands.index(1)] == row["chs_band"] == found.longest_band
        assert found.over[52] == (row["over_52_weeks"] == "1")
        assert found.waiting_within["CHS_18W"] == (int(row["within_18_weeks"]), 1)
        assert (found.median_days, found.mean_days, found.p92_days) == (int(row["days_waited"]),) * 3


@pytest.mark.parametrize(
    ("days", "week"),
    [(0, 0), (6, 0), (7, 1), (13, 1), (14, 2), (363, 51), (364, 52), (1819, 259), (1820, 260), (4000, 260)],
)
def test_single_weeks_are_whole_weeks_waited(days, week):
    found = one(referral(received=SUNDAY - timedelta(days=days)), ends=(SUNDAY,))
    assert len(found.weeks) == 261
    assert found.weeks.index(1) == week


@pytest.mark.parametrize("weeks", [18, 52, 104, 156, 208])
def test_a_long_wait_begins_on_the_day_after_its_weeks(weeks):
    rows = [referral(received=SUNDAY - timedelta(days=7 * weeks + more)) for more in (0, 1)]
    found = one(*rows, ends=(SUNDAY,))
    assert found.over[weeks] == 1
    assert {found.over[other] for other in found.over if other < weeks} <= {2}
    assert {found.over[other] for other in found.over if other > weeks} <= {0}


def test_flows_belong_to_the_days_after_the_last_sunday_and_up_to_this_one():
    rows = [referral(received=number) for number in (-1, 0, 6, 7)]
    rows += [referral(received=-50, contact=number) for number in (-1, 0, 6, 7)]
    found = one(*rows)
    assert (found.referrals, found.removals, found.list_size, found.residual) == (2, {"seen": 2}, 4, 0)


def test_a_month_is_counted_from_the_end_of_the_one_before():
    ends = (date(2026, 1, 31), date(2026, 2, 28))
    rows = [
        referral(received=date(2026, 1, 31)),
        referral(received=date(2026, 2, 1)),
        referral(received=date(2026, 2, 28)),
    ]
    assert [each.referrals for each in taken(*rows, ends=ends, freq="M")] == [1, 2]


def test_weeks_may_be_left_out_and_each_is_counted_alone():
    rows = [referral(received=number) for number in range(0, 70, 7)]
    found = taken(*rows, ends=(sunday(8), sunday(2)))
    assert [(each.period_end, each.referrals, each.list_size) for each in found] == [
        (sunday(2), 1, 2), (sunday(8), 1, 8),
    ]  # fmt: skip


def test_a_list_begins_with_its_first_child_and_then_may_be_empty():
    found = taken(referral(received=8, contact=16), ends=[sunday(number) for number in (1, 2, 3, 4)])
    assert [(each.period_end, each.list_size) for each in found] == [(sunday(2), 1), (sunday(3), 0), (sunday(4), 0)]
    assert (found[1].median_days, found[1].longest_band) == (None, None)
    assert found[2].removals == {}


def test_a_list_that_moves_to_another_provider_keeps_its_waits_and_is_never_counted_twice():
    moved = 86
    rows = [
        referral("CAMHS", 0, provider="RAT", stop=(moved, "transferred"), successor_provider="RXY"),
        referral("CAMHS", moved, provider="RXY", original=0),
    ]
    ends = [sunday(number) for number in (12, 13)]
    whole = taken(*rows, ends=ends, level="icb")
    assert [each.list_size for each in whole] == [1, 1]
    assert [each.median_days for each in whole] == [83, 90]
    assert (whole[1].referrals, whole[1].removals, whole[1].residual) == (0, {}, 0)
    assert [(each.org, each.list_size) for each in taken(*rows, ends=ends)] == [("RAT", 1), ("RAT", 0), ("RXY", 1)]
    assert whole[1].completed_within["CYPMH_4W"] == (0, 0)


def test_a_referral_missing_from_a_newer_extract_is_neither_waiting_nor_removed():
    rows = [referral(snapshot_date=sunday(2)), referral(snapshot_date=sunday(2))]
    found = taken(*rows, ends=[sunday(2), sunday(3), sunday(4)], absent=[True, False])
    assert [(each.list_size, each.removals, each.residual) for each in found] == [(2, {}, 0), (1, {}, 1), (1, {}, 0)]


def test_what_is_told_of_a_referral_out_of_sight_is_not_counted():
    rows = [referral(contact=14, snapshot_date=sunday(2)), referral(contact=12, snapshot_date=sunday(2))]
    found = taken(*rows, ends=[sunday(2), sunday(3)], absent=[True, True])
    assert [(each.list_size, each.removals, each.residual) for each in found] == [(1, {"seen": 1}, 0), (0, {}, 1)]


def test_a_child_referred_again_after_an_earlier_referral_went_out_of_sight_waits():
    rows = [
        referral("CAMHS", 0, child="a", snapshot_date=day(20)),
        referral("CAMHS", 40, child="a", snapshot_date=day(48)),
    ]
    found = taken(*rows, ends=[sunday(number) for number in (3, 4, 6, 7)], absent=[True, False])
    assert [(each.list_size, each.referrals, each.residual) for each in found] == [
        (1, 0, 0), (0, 0, 1), (1, 1, 0), (1, 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("second", "wanted"),
    [
        ({}, [(1, {}, 0), (1, {}, 0)]),
        ({"stop": (30, "declined")}, [(1, {}, 0), (0, {"declined": 1}, 0)]),
        ({"stop": (10, "declined")}, [(1, {}, 0), (0, {}, 1)]),
        ({"snapshot_date": day(27)}, [(1, {}, 0), (0, {}, 1)]),
    ],
)
def test_a_spell_goes_out_of_sight_as_the_last_of_its_referrals_does(second, wanted):
    first = referral("CAMHS", 0, child="a", snapshot_date=day(20 if second.get("stop") != (10, "declined") else 30))
    rows = [first, referral("CAMHS", 5, child="a", **({"snapshot_date": day(48)} | second))]
    found = taken(*rows, ends=[sunday(number) for number in (4, 5)], absent=[True, "snapshot_date" in second])
    assert [(each.list_size, each.removals, each.residual) for each in found] == wanted


def test_closed_wheelchair_episodes_stand_beside_the_open_list():
    week = sunday(20)
    rows = [
        referral("WHEELCHAIR", week - timedelta(days=126), equipment=week),
        referral("WHEELCHAIR", week - timedelta(days=127), equipment=week),
        referral("WHEELCHAIR", week - timedelta(days=200), contact=3),
        referral("WHEELCHAIR", week - timedelta(days=10), discharged=week),
    ]
    found = one(*rows, ends=(week,))
    assert found.completed_within == {"WHEELCHAIR_18W": (1, 2)}
    assert found.waiting_within == {"CHS_18W": (0, 1), "CHS_52W": (1, 1)}
    assert found.removals == {"equipment_delivered": 2, "discharged_unseen": 1}


@pytest.mark.parametrize(
    ("service", "standard", "event", "last_within"),
    [
        ("CAMHS_ED", "CYPED_ROUTINE", ("plan",), 28),
        ("EHC", "EHC_20W", ("plan",), 140),
        ("ASD", "ASD_NICE_13W", ("assessment",), 91),
        ("CAMHS", "CYPMH_4W", ("contact", "baseline", "plan"), 27),
    ],
)
def test_completed_waits_up_to_their_last_day_are_within(service, standard, event, last_within):
    week = sunday(30)
    rows = [
        referral(service, week - timedelta(days=days), **dict.fromkeys(event, week))
        for days in (last_within, last_within + 1)
    ]
    assert one(*rows, ends=(week,)).completed_within[standard] == (1, 2)


def test_the_four_weeks_of_those_waiting_are_strict_and_leave_out_who_is_18():
    rows = [referral("CAMHS", sunday(9) - timedelta(days=days)) for days in (27, 28)]
    adult = referral("CAMHS", 50, age_band="18-25")
    found = one(*rows, adult, ends=(sunday(9),))
    assert (found.list_size, found.waiting_within) == (3, {"CYPMH_4W": (1, 2)})


def test_those_waiting_are_counted_by_a_standard_of_completed_waits_that_no_band_ends_at():
    week = sunday(30)
    plans = [referral("EHC", week - timedelta(days=days)) for days in (140, 141)]
    assert one(*plans, ends=(week,)).waiting_within == {"EHC_20W": (1, 2)}


def test_those_waiting_are_counted_by_a_standard_about_some_whatever_band_it_ends_at():
    week = sunday(30)
    rows = [
        referral("CAMHS_ED", week - timedelta(days=days), clinical_response_priority_type=word)
        for days, word in ((7, "urgent"), (8, "emergency"), (8, "routine"), (28, None), (29, "routine"))
    ]
    assert one(*rows, ends=(week,)).waiting_within == {"CYPED_URGENT": (1, 2), "CYPED_ROUTINE": (2, 3)}


@pytest.mark.parametrize(
    ("reason", "team", "is_in"),
    [
        (None, None, True),
        ("05", "A06", True),
        ("18", "A06", True),  # in crisis, at no crisis team
        ("12", "A06", False),
        ("12", None, False),
        ("12", "A18", True),
        ("12", "F01", True),
        ("05", "C10", False),
        ("12", "C10", False),
        ("01", "A06", False),
        ("01", "A18", False),
        (None, "A14", False),
        *((None, team, False) for team in ("A02", "A03", "A04", "A11", "A19", "A20", "A21", "A22", "A23", "A24")),
        *((None, team, True) for team in ("A18", "F01", "A05", "C08", "A25")),
    ],
)
def test_the_four_weeks_leave_out_eating_disorders_psychosis_and_crises(reason, team, is_in):
    one_of = {"primary_reason_for_referral": reason, "service_or_team_type_referred_to": team}
    found = one(referral("CAMHS", sunday(9) - timedelta(days=3), **one_of), ends=(sunday(9),))
    assert (found.list_size, found.waiting_within) == (1, {"CYPMH_4W": (int(is_in), int(is_in))})


@pytest.mark.parametrize("priority", ["urgent", "very_urgent", "emergency", "routine", None])
@pytest.mark.parametrize(("team", "leaves_urgent_out"), [("A18", True), ("A06", False), (None, False)])
def test_the_four_weeks_leave_out_whom_a_single_point_of_access_takes_as_urgent(team, leaves_urgent_out, priority):
    one_of = {"service_or_team_type_referred_to": team, "clinical_response_priority_type": priority}
    found = one(referral("CAMHS", sunday(9) - timedelta(days=3), **one_of), ends=(sunday(9),))
    is_in = not leaves_urgent_out or priority in {"routine", None}
    assert (found.list_size, found.waiting_within) == (1, {"CYPMH_4W": (int(is_in), int(is_in))})


ODD = ({"age_band": "18-25"}, {"clinical_response_priority_type": "urgent"}, {"primary_reason_for_referral": "12"})


@pytest.mark.parametrize(
    ("service", "standard"),
    [(service, one) for one in STANDARDS.values() for service in one.services if service in SERVICES],
    ids=lambda one: one if isinstance(one, str) else one.id,
)
def test_only_standards_that_are_named_as_such_leave_anybody_out(service, standard):
    table = records(*(referral(service, 10, **odd) for odd in ({}, *ODD)))
    assert bool(is_about(standard, table).all()) == (standard.id not in OF_SOME)


def test_urgent_and_routine_eating_disorder_referrals_have_standards_of_their_own():
    rows = [
        referral("CAMHS_ED", -10, plan=0, clinical_response_priority_type=word)
        for word in ("urgent", "emergency", "routine", "not_known", None)
    ]
    assert one(*rows).completed_within == {"CYPED_URGENT": (0, 2), "CYPED_ROUTINE": (3, 3)}


def test_days_a_family_chose_change_the_adjusted_share_alone():
    found = one(referral(received=SUNDAY - timedelta(days=130), wait_adjustment_days=4), ends=(SUNDAY,))
    assert (found.waiting_within["CHS_18W"], found.adjusted_within["CHS_18W"]) == ((0, 1), (1, 1))
    assert found.median_days == 130


def test_waits_for_review_and_for_the_next_stage_are_lists_of_their_own():
    rows = [
        referral(received=-30, contact=2, waiting_for="treatment"),
        referral(received=-30, waiting_for="review"),
        referral(received=-30, waiting_for="treatment"),
    ]
    found = {each.stage: each for each in taken(*rows)}
    assert [found[stage].list_size for stage in ("list", "next", "review")] == [1, 1, 1]
    assert (found["next"].referrals, found["next"].median_days) == (1, 4)
    assert found["list"].removals == {"seen": 1}
    assert found["next"].waiting_within == found["review"].completed_within == {}


def test_a_child_seen_and_moved_to_review_is_seen_and_waits_for_the_review():
    rows = [referral(received=-30), referral(received=-30, contact=8, waiting_for="review")]
    found = taken(*rows, ends=[sunday(1), sunday(2), sunday(3)])
    assert [(each.stage, each.list_size, each.referrals, each.removals, each.residual) for each in found] == [
        ("list", 2, 0, {}, 0), ("list", 1, 0, {"seen": 1}, 0), ("list", 1, 0, {}, 0),
        ("review", 1, 1, {}, 0), ("review", 1, 0, {}, 0),
    ]  # fmt: skip


def test_commissioners_lists_can_be_cut_and_who_does_not_say_is_a_group():
    rows = [referral(imd_decile=1), referral(imd_decile=10), referral(imd_decile=10), referral()]
    found = taken(*rows, cuts=("deprivation",), level="icb")
    assert [(each.cut, each.group, each.list_size) for each in found] == [
        ("", "", 4), ("deprivation", "not_said", 1), ("deprivation", "1", 1), ("deprivation", "10", 2),
    ]  # fmt: skip
    assert all(not each.cut for each in taken(*rows, cuts=("deprivation",)))


def moving(*, number=1, child="a", to="a", left=9, received=9, **fields):
    """So many children whom one trust hands over and another gets, with their first dates."""
    for each in range(number):
        yield referral("CAMHS", each, provider="RAT", child=f"{child}{each}", stop=(left, "transferred"))
        second = {"original": each, "provider": "RXY", "child": f"{to}{each}"} | fields
        yield referral("CAMHS", received, **second)


MOVED, BOTH = (0, {}, 0), (1, {"transferred": 1}, 0)


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        (moving(number=3), MOVED),
        (moving(to="of-another-sender"), MOVED),
        (moving(received=11), MOVED),
        (moving(left=11, received=9), MOVED),
        (moving(original=-40), MOVED),
        # Neither the child nor the first day is the same, or none is said.
        (moving(to="b", original=-40), BOTH),
        (moving(original=None), BOTH),
        (moving(commissioner="36L"), (0, {"transferred": 1}, 0)),
    ],
)
def test_a_child_handed_over_within_a_board_neither_joins_nor_leaves_its_list(rows, wanted):
    board = next(each for each in taken(*rows, ends=(sunday(2),), level="icb") if each.org == "QKS")
    assert (board.referrals, board.removals, board.residual) == wanted


def test_providers_own_lists_keep_who_was_handed_over():
    rows = list(moving(number=3))
    own = {each.org: each for each in taken(*rows, ends=(sunday(2),))}
    assert (own["RAT"].list_size, own["RAT"].removals) == (0, {"transferred": 3})
    assert (own["RXY"].list_size, own["RXY"].referrals) == (3, 3)


def test_a_census_day_between_two_providers_finds_the_child_with_neither():
    rows = list(moving(left=13, received=14))
    found = taken(*rows, ends=(sunday(2), sunday(3)), level="icb")
    assert [(each.list_size, each.referrals, each.removals, each.residual) for each in found] == [
        (0, 0, {"transferred": 1}, 0), (1, 1, {}, 0),
    ]  # fmt: skip


def test_as_many_stay_on_the_boards_list_as_came_to_the_other_provider():
    rows = [*moving(number=2), referral("CAMHS", 0, provider="RAT", child="z", stop=(9, "transferred"))]
    (board,) = taken(*rows, ends=(sunday(2),), level="icb")
    assert (board.list_size, board.referrals, board.removals, board.residual) == (2, 0, {"transferred": 1}, 0)


@pytest.mark.parametrize(
    ("service", "provider", "commissioner", "board"),
    [
        ("SALT", "RYY", "QKS", "QKS"),
        ("SALT", "RYY", "91Q", "QKS"),
        ("SALT", "RYY", "E10000016", "QKS"),
        ("EHC", "E10000016", "E10000016", "QKS"),
        ("EHC", "E06000035", "E06000035", "QKS"),
        ("CAMHS", "RAT", "QKS", "QKS"),
        ("SALT", "RYY", "36L", "36L"),
    ],
)
def test_a_list_is_that_of_a_board_however_its_payer_is_written(service, provider, commissioner, board):
    row = referral(service, provider=provider, commissioner=commissioner)
    assert [each.org for each in taken(row, level="icb")] == [board]
    assert [each.org for each in taken(row)] == [provider]


def test_parts_of_a_board_are_one_list():
    rows = [referral(commissioner="QKS"), referral(commissioner="91Q"), referral(commissioner="91Q", provider="NQ7")]
    assert [(each.org, each.list_size) for each in taken(*rows, level="icb")] == [("QKS", 3)]


def test_a_part_of_a_board_is_one_since_its_first_day():
    row = referral(received=date(2022, 5, 1), commissioner="91Q")
    for end, board in ((date(2022, 6, 26), "91Q"), (date(2022, 7, 3), "QKS")):
        assert one(row, ends=(end,), level="icb").org == board


def test_nothing_comes_of_nothing():
    assert taken() == []
    table = records(referral())
    assert snapshots(table, clocks(table, on=MONDAY), ends=[], freq="W") == []


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"ends": [MONDAY], "freq": "W"}, "is a Sunday"),
        ({"ends": [date(2026, 1, 30)], "freq": "M"}, "is its last"),
        ({"ends": [SUNDAY], "freq": "W", "cuts": ["postcode"]}, "a list is cut by district"),
    ],
)
def test_what_cannot_be_counted_is_refused(how, said):
    table = records(referral())
    with pytest.raises(BadArgument, match=said):
        snapshots(table, clocks(table, on=MONDAY), **how)
