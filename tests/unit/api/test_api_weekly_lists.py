"""A list counted from records or sent as a return: flows that balance, exact waits, shares of those seen."""

from dataclasses import replace
from datetime import date

import pytest

from api.views.flows import NO_OPENING, NOT_BY_REASON, NOT_SENT
from api.views.lists import IN_THE_WEEK, NOT_ALL_WEEKS, Shown, waiting_list
from api.views.waits import EXACT, FROM_BANDS, FROM_WEEKS, NOBODY_SEEN, NOT_SEEN
from tests.functional.api.shown import ABOUT, LIST
from waitlists.bands import CHS_BANDS, WaitBands
from waitlists.details import Detail, Within
from waitlists.domain import Coverage, MissingProvider
from waitlists.record.fields import REASONS

WEEK = date(2026, 11, 15)
WAITS = (10, 10, 10, 10, 10, 30, 10, 10)
RETURN = replace(
    LIST,
    source="weekly_return",
    period_end=WEEK,
    latest_period_of_source=WEEK,
    bands=WaitBands(dict(zip((one.label for one in CHS_BANDS), WAITS, strict=True)), 100),
    flows={"referrals": 8, "removals": 5, "treated": 3, "over_156_weeks": 4, "over_208_weeks": 1},
    removals={"seen": 3, "declined": 2},
    opening=97,
)
DETAIL = Detail(
    "SALT",
    "QKS",
    "list",
    100,
    WAITS,
    residual=-2,
    median_days=140.5,
    p92_days=770.0,
    longest_band=">104",
    waiting={"ASD_NICE_13W": Within(50, 100)},
    adjusted={"ASD_NICE_13W": Within(60, 100)},
    completed={"ASD_NICE_13W": Within(2, 3)},
)
COUNTED = replace(RETURN, source="referral_extract", details=(DETAIL,), opening=None)
AUTISM = replace(COUNTED, service="ASD")


def shown(stored) -> dict:
    return waiting_list(Shown(stored, ABOUT))


def shares(found, basis) -> dict:
    return {one["standard_id"]: one for one in found["shares"] if one["basis"] == basis}


def test_every_reason_for_leaving_stands_beside_all_who_left():
    removals = shown(RETURN)["removals"]
    assert tuple(removals) == ("all", *REASONS)
    assert removals == {"all": 5, **dict.fromkeys(REASONS, 0), "seen": 3, "declined": 2}
    assert "removals" not in shown(RETURN)["notes"]
    assert shown(RETURN)["treated"] == 3


def test_a_reason_that_is_not_known_is_null_with_a_note():
    found = shown(replace(RETURN, removals={"seen": 3, "declined": None}))
    assert (found["removals"]["declined"], found["removals"]["died"]) == (None, 0)
    assert found["notes"]["removals"] == NOT_BY_REASON


@pytest.mark.parametrize(("opening", "residual", "balanced"), [(97, 0, True), (99, 2, False), (None, None, None)])
def test_the_balance_of_a_return_comes_from_the_list_of_the_week_before(opening, residual, balanced):
    found = shown(replace(RETURN, opening=opening))
    assert (found["residual"], found["balanced"]) == (residual, balanced)
    assert (found["notes"].get("residual") == NO_OPENING) == (opening is None)


def test_the_balance_of_records_is_as_counted_with_them_where_no_week_before_stands():
    assert (shown(COUNTED)["residual"], shown(COUNTED)["balanced"]) == (-2, False)


def test_records_do_not_balance_by_being_counted_anew():
    moved = shown(replace(COUNTED, opening=99, details=(replace(DETAIL, residual=0),)))
    assert (moved["residual"], moved["balanced"]) == (2, False)


def test_flows_that_were_not_sent_say_so():
    found = shown(replace(RETURN, flows={}, removals={}))
    assert (found["removals"], found["referrals"]) == (None, None)
    assert found["notes"]["referrals"] == NOT_SENT


def test_waits_of_records_are_exact_and_say_so():
    found = shown(COUNTED)
    assert (found["median_wait"], found["p92_wait"], found["longest_wait"]) == (20.07, 110.0, ">104")
    assert {found["notes"][name] for name in ("median_wait", "p92_wait")} == {EXACT}
    assert (found["median_wait_at_least_weeks"], found["p92_wait_at_least_weeks"]) == (None, None)


def test_waits_of_a_return_are_from_its_bands_and_say_so():
    found = shown(RETURN)
    assert found["notes"]["median_wait"] == FROM_BANDS
    assert (found["p92_wait"], found["p92_wait_at_least_weeks"], found["longest_wait"]) == (None, 104, ">104")
    assert "open top band" in found["notes"]["p92_wait"]


def test_the_longest_wait_is_not_known_where_somebody_is_in_no_band():
    some = replace(RETURN, bands=WaitBands({"0-1": 5}, 9))
    assert (shown(some)["longest_wait"], "longest_wait" in shown(some)["notes"]) == (None, True)


def test_shares_of_records_have_how_many_of_how_many():
    waiting, completed = (shares(shown(AUTISM), basis)["ASD_NICE_13W"] for basis in ("waiting", "completed"))
    assert (waiting["share"], waiting["within"], waiting["of"], waiting["adjusted_share"]) == (0.5, 50, 100, 0.6)
    assert (completed["share"], completed["within"], completed["of"], completed["adjusted_share"]) == (
        2 / 3,
        2,
        3,
        None,
    )
    assert {waiting["method"], completed["method"]} == {"exact"}
    assert (waiting["over"], completed["over"]) == (50, None)


def test_wait_bands_tell_how_many_are_over_an_edge_alone():
    of_autism = shares(shown(replace(AUTISM, details=())), "waiting")["ASD_NICE_13W"]
    assert (of_autism["method"], of_autism["over"]) == ("interpolated", None)
    of_therapy = shares(shown(RETURN), "waiting")["CHS_18W"]
    assert (of_therapy["method"], of_therapy["over"]) == ("exact", shown(RETURN)["over_18_weeks"])


def test_those_waiting_over_a_standard_of_completed_waits_are_told_once():
    plans = replace(COUNTED, service="EHC", details=(replace(DETAIL, waiting={"EHC_20W": Within(60, 100)}),))
    assert shares(shown(plans), "completed")["EHC_20W"]["over"] == 40
    assert shares(shown(replace(RETURN, service="EHC")), "completed")["EHC_20W"]["over"] is None


def test_bands_of_the_whole_list_tell_nothing_of_a_standard_about_some():
    urgent = {"CYPED_URGENT": Within(1, 3), "CYPED_ROUTINE": Within(60, 97)}
    counted = replace(COUNTED, service="CAMHS_ED", details=(replace(DETAIL, waiting=urgent),))
    assert [one["over"] for one in shown(counted)["shares"]] == [2, 37]
    for nobody_counted in (replace(COUNTED, service="CAMHS_ED"), replace(RETURN, service="CAMHS_ED")):
        assert [one["over"] for one in shown(nobody_counted)["shares"]] == [None, None]


def test_a_share_of_nobody_is_null_and_says_so():
    nobody = replace(DETAIL, completed={"ASD_NICE_13W": Within(0, 0)}, waiting={"ASD_NICE_13W": Within(0, 0)})
    found = shown(replace(AUTISM, details=(nobody,)))
    assert shares(found, "completed")["ASD_NICE_13W"]["share"] is None
    assert shares(found, "completed")["ASD_NICE_13W"]["note"] == NOBODY_SEEN
    assert "waiting" in shares(found, "waiting")["ASD_NICE_13W"]["note"]


def test_a_return_knows_no_share_of_those_seen():
    autism = replace(RETURN, service="ASD")
    assert shares(shown(autism), "completed")["ASD_NICE_13W"]["note"] == NOT_SEEN
    assert shares(shown(RETURN), "waiting")["CHS_18W"]["method"] == "exact"
    assert shares(shown(RETURN), "waiting")["CHS_18W"]["of"] is None


def test_who_is_missing_takes_exact_waits_and_shares_too():
    part = replace(COUNTED, coverage=Coverage("SALT", "QKS", 0.5, (MissingProvider("NQ7", WEEK, 7),)))
    found = shown(part)
    assert {found[name] for name in ("median_wait", "p92_wait", "longest_wait")} == {None}
    assert {one["share"] for one in found["shares"]} == {None}
    assert "last week's" in found["notes"]["median_wait"]
    assert "of this week" in found["adjusted"]["sentence"]


def test_later_stages_are_lists_of_their_own():
    counts = {"total": 12, "0-1": 2, ">52-104": 4, ">104": 6}
    (review,) = shown(replace(RETURN, stages={"review": counts}))["stages"]
    assert (review["stage"], review["waiting_for"], review["list_size"]) == ("review", ["review"], 12)
    assert review["over_52_weeks"] == 10
    assert [band["count"] for band in review["bands"]] == [2, None, None, None, None, None, 4, 6]
    (unknown,) = shown(replace(RETURN, stages={"next": {"total": 12}}))["stages"]
    assert (unknown["over_52_weeks"], unknown["waiting_for"]) == (None, ["assessment", "treatment", "equipment"])


def test_the_step_and_very_long_waits_are_said():
    found = shown(RETURN)
    assert (found["freq"], found["reconstructed"]) == ("W", False)
    assert (found["over_156_weeks"], found["over_208_weeks"]) == (4, 1)
    again = replace(RETURN, vintage=replace(RETURN.vintage, is_reconstructed=True))
    assert shown(again)["reconstructed"]
    assert shown(LIST)["freq"] == "M"


def test_nothing_null_is_left_without_a_note():
    for stored in (RETURN, COUNTED, replace(RETURN, flows={}, removals={}, opening=None)):
        found = shown(stored)
        nothing = {name for name, value in found.items() if value is None}
        at_least = {"median_wait_at_least_weeks", "p92_wait_at_least_weeks"}
        assert nothing - set(found["notes"]) <= {"proxy_sentence", "dataset_version", *at_least}


def by_weeks(**weeks: int):
    """A return by single weeks: 92 children within two years, and 8 beyond."""
    flows = {"referrals": 8, "removals": 5, "treated": 3}
    named = {name.removeprefix("w"): count for name, count in weeks.items()}
    return replace(
        RETURN, flows=flows, weeks={"0": 90, **named}, bands=WaitBands({**EMPTY, "0-1": 90, ">104": 10}, 100)
    )


EMPTY = dict.fromkeys((one.label for one in CHS_BANDS), 0)


@pytest.mark.parametrize(
    ("weeks", "over"),
    [
        ({"w155": 1, "w157": 4, "w208": 0, "w260": 5}, (9, 5)),
        ({"w156": 1, "w157": 4, "w260": 5}, (None, 5)),
        ({"w157": 4, "w208": 1, "w260": 5}, (10, None)),
    ],
)
def test_single_weeks_of_a_return_tell_who_is_over_a_mark_where_nobody_is_in_its_week(weeks, over):
    """They were null, "suppressed or not published", though the weeks had been sent."""
    found = shown(by_weeks(**weeks))
    assert (found["over_156_weeks"], found["over_208_weeks"]) == over
    for name, value, mark in zip(("over_156_weeks", "over_208_weeks"), over, (156, 208), strict=True):
        assert found["notes"].get(name) == (IN_THE_WEEK.format(mark=mark) if value is None else None)


def test_a_wait_in_the_open_band_is_found_in_the_single_weeks():
    found = shown(by_weeks(w120=4, w260=6))
    assert (found["p92_wait"], found["p92_wait_at_least_weeks"]) == (120.5, None)
    assert (found["notes"]["p92_wait"], found["notes"]["median_wait"]) == (FROM_WEEKS, FROM_BANDS)
    longest = shown(by_weeks(w260=10))
    assert (longest["p92_wait"], longest["p92_wait_at_least_weeks"]) == (None, 260)


def test_single_weeks_that_are_not_all_of_a_list_tell_nothing():
    found = shown(by_weeks(w157=4))
    assert (found["over_156_weeks"], found["p92_wait_at_least_weeks"]) == (None, 104)
    assert found["notes"]["over_156_weeks"] == NOT_ALL_WEEKS
