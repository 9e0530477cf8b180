"""Every reference file about waiting lists: which test keeps it, or why nothing of this project answers it.

And what projections of a peer get wrong: lists below zero, and more children leaving than there are.
"""

import csv
import json
import re
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest

from forecasting.flow.breaches import MODELS, Ageing, NoExits
from forecasting.flow.census import Census
from waitlists.queue import Stay, open_on
from waitlists.spread import Spread

HERE, AGAINST = "tests/spec/test_peer_files.py", "tests/spec/test_queue_against_peers.py"
ROOT = Path(__file__).parents[2]

START_DATES = "test_a_start_date_keeps_earlier_referrals_where_they_are_and_their_removals_too"
BOOKING = "no function: `analyse_cli.md` offers neither booking into slots nor simulated lists"
PLANNED = "no function: months with a planned capacity, their calibration and optimisation are not offered"

FILES = {
    r"README\.md": "what the files are",
    r"calc_formulas\.json": f"{AGAINST}::test_every_reference_formula_is_matched",
    r"queue_default_expected\.json": f"{AGAINST}::test_every_reference_metric_is_matched",
    r"exponential_list_reference\.json": f"{AGAINST}::test_the_list_size_of_exponential_waits_is_matched",
    r"wl_inputs/simulator_\d+\.csv": f"{BOOKING}; the results of wl_simulator_seeded.json",
    r"wl_inputs/(?!simulator_).*\.csv": f"{AGAINST}::test_every_reference_metric_is_matched",
    r"wl_queue/.*_w[15]\.csv": f"{AGAINST}::test_the_list_day_by_day_is_matched",
    r"wl_queue/.*_w2\.csv": f"{AGAINST}::{START_DATES}",
    r"wl_stats_cases\.json": f"{HERE}::test_no_answer_about_a_whole_list_of_the_peer_is_to_be_given",
    r"wl_join_insert_cases\.json": f"{HERE}::test_the_list_of_two_lists_holds_all_who_wait_on_either",
    r"wl_schedule_cases\.json": BOOKING,
    r"sim_schedule_cases\.json": BOOKING,
    r"wl_simulator_(seeded|montecarlo)\.json": BOOKING,
    r"rtt/hist_percentile_cases\.json": f"{HERE}::test_the_percentile_of_a_banded_list_is_matched",
    r"rtt/.*_incompletes\.csv": f"{HERE}::test_nothing_counted_ahead_is_below_zero_and_nobody_leaves_who_is_not_there",
    r"rtt/proj_.*\.csv": f"{HERE}::test_the_peer_projects_lists_below_zero",
    r"rtt/nhsrtt_cases\.json": f"{HERE}::test_the_peer_projects_lists_below_zero",
    r"rtt/calib_full_.*\.csv": PLANNED,
    r"rtt/(dummy|syn_).*_(completes|referrals)\.csv": f"{PLANNED}; what the peer calibrates with",
    r"rtt/(skew|redistribute|find_p|steady_state_lp)_cases\.json": f"{PLANNED}; for comparison only",
}
"""By pattern of a file's place in the folder: the test that keeps it, or why there is none."""


@pytest.fixture(scope="module")
def peers(golden: Path) -> Path:
    return golden / "waiting-list"


def cases_of(folder, name):
    return json.loads((folder / name).read_text())


def test_every_file_is_kept_by_a_test_or_has_its_reason(peers):
    places = {str(path.relative_to(peers)) for path in peers.rglob("*") if path.is_file()}
    named = {place: [pattern for pattern in FILES if re.fullmatch(pattern, place)] for place in places}
    assert {place: found for place, found in named.items() if len(found) != 1} == {}
    assert {pattern for (pattern,) in named.values()} == FILES.keys()


def test_the_tests_that_keep_a_file_are_there():
    for said in FILES.values():
        file, _, name = said.partition("::")
        assert not name or f"def {name}(" in (ROOT / file).read_text(), said


def test_methods_says_what_of_the_peers_has_no_function_here():
    methods = " ".join((ROOT / "docs/methods.md").read_text().split())
    assert "Of their outputs these have no function here: booking into slots" in methods


def test_no_answer_about_a_whole_list_of_the_peer_is_to_be_given(peers):
    assert {case["match_by_default"] for case in cases_of(peers, "wl_stats_cases.json")} == {False}


def test_the_list_of_two_lists_holds_all_who_wait_on_either(peers):
    def stays(referrals, removals):
        ends = (date.fromisoformat(end) if end else None for end in removals)
        return [Stay(date.fromisoformat(start), end) for start, end in zip(referrals, ends, strict=True)]

    def listed(name):
        with (peers / "wl_inputs" / f"{name}.csv").open() as file:
            rows = list(csv.DictReader(file))
        return stays([row["Referral"] for row in rows], [row["Removal"] for row in rows])

    joins = [case for case in cases_of(peers, "wl_join_insert_cases.json") if case["fn"] == "wl_join"]
    assert joins
    for case in joins:
        joined, parts = stays(case["Referral"], case["Removal"]), (listed(case["a"]), listed(case["b"]))
        for day in sorted({one.referral for one in joined}):
            assert open_on(joined, day) == sum(open_on(part, day) for part in parts)


def test_the_percentile_of_a_banded_list_is_matched(peers):
    """The peer takes the open month for one that ends; ours has no number there, which the same grid shows."""
    cases, beyond = cases_of(peers, "rtt/hist_percentile_cases.json"), 0
    assert len(cases) == 24
    for case in cases:
        # Percentiles do not change with the scale, and a spread holds whole children.
        upto = tuple(accumulate(round(Fraction(str(count)) * 10**12) for count in case["counts"]))
        months = len(upto)
        closed = Spread(tuple(range(months + 1)), (1,) * months, (*upto, upto[-1]))
        assert closed.wait_of(case["percentile"]) == pytest.approx(case["out"], rel=1e-9), case
        ours = Spread(tuple(range(months)), (1,) * (months - 1), upto).wait_of(case["percentile"])
        is_open = case["out"] > months - 1
        assert ours == (None if is_open else pytest.approx(case["out"], rel=1e-9)), case
        beyond += is_open
    assert 0 < beyond < 24


def test_the_peer_projects_lists_below_zero(peers):
    """Peer mistake 9, in 16 of the 30 projections that are not to be matched."""
    every = [one for case in cases_of(peers, "rtt/nhsrtt_cases.json") for one in case.get("projections", [])]
    mistaken = {one["csv"] for one in every if not one["match_by_default"]}
    assert {one["csv"] for one in every} == {path.name for path in (peers / "rtt").glob("proj_*.csv")}
    with_negatives = {one["csv"] for one in every if least_of(peers / "rtt" / one["csv"]) < 0}
    assert len(mistaken) == 30
    assert with_negatives
    assert with_negatives <= mistaken


def least_of(path):
    with path.open() as file:
        return min(float(row["incompletes"]) for row in csv.DictReader(file))


MONTH = 30


def censuses(path):
    """A peer's list month by month, its months of waiting taken for 30 days each, the last of them open."""
    with path.open() as file:
        rows = [(int(row["period_id"]), float(row["incompletes"])) for row in csv.DictReader(file)]
    counts = {period: [count for one, count in rows if one == period] for period, _ in rows}
    return [
        Census(date(2026, 1, 1) + timedelta(MONTH * period), np.repeat(own[:-1], MONTH) / MONTH, own[-1], basis="bands")
        for period, own in sorted(counts.items())
    ]


@pytest.mark.parametrize("name", ["dummy4", "dummy12", "syn_stable", "syn_shrink"])
def test_nothing_counted_ahead_is_below_zero_and_nobody_leaves_who_is_not_there(peers, name):
    past = censuses(peers / "rtt" / f"{name}_incompletes.csv")
    there = float(past[-1].days.sum() + past[-1].beyond)
    for over_days in range(0, past[-1].open_from, MONTH // 2):
        for days in (28, 56, 84, 364, 3640):
            found = {type(one): one.expected(past, over_days=over_days, days=days) for one in MODELS}
            assert all(min(one) >= 0 for one in found.values())
            left, most = found[Ageing], found[NoExits]
            assert left.over <= most.over <= there * (1 + 1e-12)
            assert left.crossing <= most.crossing <= there * (1 + 1e-12)
