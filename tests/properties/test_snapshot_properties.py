"""Snapshots counted on whole columns against a plain loop over referrals, and identities on every list and day."""

from collections import Counter
from datetime import timedelta
from operator import itemgetter
from statistics import mean, median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clock_rows import day, drawn_referrals, records, referral
from waitlists.bands import CHS_BANDS, band_of
from waitlists.clock import clocks
from waitlists.periods import add_months, month_range
from waitlists.queue import TREATED
from waitlists.record.columns import EPOCH, MISSING
from waitlists.record.schema import REASONS
from waitlists.snapshot import CUTS, snapshots
from waitlists.standards import STANDARDS, standards_for, within

ON = day(500)
SUNDAYS = [day(6 + 7 * number) for number in (0, 9, 20, 21, 45)]
WEEKS_IN_A_ROW = [day(6 + 7 * number) for number in range(8, 20)]
BOARD = "QKS"
"""The board of every drawn referral, however its commissioner is written."""
FEW = settings(max_examples=min(40, settings.default.max_examples))


def taken(rows, absent=(), *, ends=WEEKS_IN_A_ROW, freq="W", cuts=()):
    table = records(*rows, absent=absent)
    return snapshots(table, clocks(table, on=ON), ends=ends, freq=freq, cuts=cuts)


def dated(number):
    return None if number == MISSING else EPOCH + timedelta(days=int(number))


def stays_by_the_loop(rows, absent):
    """(row, stage, start, entered, left, reason) of every stay; reason None for one that goes out of sight."""
    found = clocks(records(*rows, absent=absent), on=ON)
    for place, row in enumerate(rows):
        gone = dated(found.gone[place])
        word = REASONS[found.reason[place]]
        start, entered, stop = (dated(days[place]) for days in (found.start, found.entered, found.stop))
        if found.is_counted[place]:
            stage = "review" if found.is_review[place] else "list"
            yield row, stage, start, entered, *left_at(stop, word, gone)
        later, until = dated(found.next_start[place]), dated(found.next_stop[place])
        if later and not found.is_part[place]:
            word = REASONS[found.next_reason[place]]
            yield (
                row,
                "review" if found.next_is_review[place] else "next",
                later,
                max(later, entered),
                *left_at(until, word, gone),
            )


def left_at(stop, reason, gone):
    if gone and (stop is None or gone <= stop):
        return gone, None
    return stop, reason if stop else None


def is_open(stay, on):
    return stay[3] <= on and (stay[4] is None or stay[4] > on)


def is_about(standard, row):
    if standard not in standards_for(row["service"]):
        return False
    if standard.id == "CYPMH_4W":
        return row["age_band"] != "18-25"
    if standard.id in {"CYPED_URGENT", "CYPED_ROUTINE"}:
        is_urgent = row["clinical_response_priority_type"] in {"urgent", "very_urgent", "emergency"}
        return is_urgent == (standard.id == "CYPED_URGENT")
    return True


def lists_by_the_loop(rows, absent, cuts):
    lists = {}
    for stay in stays_by_the_loop(rows, absent):
        row, stage = stay[0], stay[1]
        provider = row["organisation_identifier_code_of_provider"]
        keys = [("provider", provider, "", ""), ("icb", BOARD, "", "")]
        keys += [("icb", BOARD, cut, str(row[CUTS[cut]]) if row[CUTS[cut]] else "not_said") for cut in cuts]
        for level, org, cut, group in keys:
            lists.setdefault((row["service"], org, level, cut, group, stage), []).append(stay)
    return lists


def by_the_loop(rows, absent, ends, previous, cuts=()):
    found = {}
    for key, stays in lists_by_the_loop(rows, absent, cuts).items():
        for end in ends:
            if min(stay[3] for stay in stays) <= end:
                found[*key, end] = one_by_the_loop(key, stays, previous(end), end)
    return found


def moved_by_the_loop(stays, start, end):
    """How many left as transferred and came with an earlier start in one period: one child, or one start of a wait."""
    out = sorted((stay for stay in stays if stay[5] == "transferred" and start < stay[4] <= end), key=itemgetter(2))
    into = sorted((stay for stay in stays if stay[2] < stay[3] and start < stay[3] <= end), key=itemgetter(2))
    moved = 0
    for same in (lambda stay: stay[0]["pseudonym_id"], itemgetter(2)):
        for gone in list(out):
            came = next((stay for stay in into if same(stay) == same(gone)), None)
            if came:
                moved += 1
                into.remove(came)
                out.remove(gone)
    return moved


def one_by_the_loop(key, stays, start, end):
    service, _, level, _, _, stage = key
    here = [stay for stay in stays if is_open(stay, end)]
    waits = [(end - stay[2]).days for stay in here]
    gone = Counter(stay[5] for stay in stays if stay[5] and start < stay[4] <= end)
    referrals = sum(start < stay[3] <= end for stay in stays)
    opening = sum(is_open(stay, start) for stay in stays)
    moved = moved_by_the_loop(stays, start, end) if level == "icb" else 0
    gone["transferred"] -= moved
    referrals -= moved
    standards = standards_for(service) if stage == "list" else ()
    weeks = Counter(min(wait // 7, 260) for wait in waits)
    return {
        "list_size": len(here),
        "weeks": tuple(weeks[week] for week in range(261)),
        "bands": tuple(sum(band_of(wait) == band.label for wait in waits) for band in CHS_BANDS),
        "over": {weeks: sum(wait > 7 * weeks for wait in waits) for weeks in (18, 52, 104, 156, 208)},
        "referrals": referrals,
        "removals": dict(+gone),
        "residual": opening + referrals - sum(gone.values()) - len(here),
        "median_days": pytest.approx(median(waits)) if waits else None,
        "mean_days": pytest.approx(mean(waits)) if waits else None,
        "p92_days": pytest.approx(float(np.quantile(waits, 0.92))) if waits else None,
        "longest_band": band_of(max(waits)) if waits else None,
        "waiting_within": {
            standard.id: share(standard, [(end - stay[2]).days for stay in here if is_about(standard, stay[0])])
            for standard in standards
            if "waiting" in standard.applies_to or standard.id in {"EHC_20W", "CYPED_URGENT", "CYPED_ROUTINE"}
        },
        "completed_within": {
            standard.id: share(standard, [
                (stay[4] - stay[2]).days for stay in stays
                if stay[5] in TREATED and start < stay[4] <= end and is_about(standard, stay[0])
            ])
            for standard in standards
            if "completed" in standard.applies_to
        },
    }  # fmt: skip


def share(standard, waits):
    return sum(within(standard, wait) for wait in waits), len(waits)


def week_before(end):
    return end - timedelta(days=7)


def month_before(end):
    return add_months(end, -1)


def compared(found, wanted):
    ours = {(one.service, one.org, str(one.level), one.cut, one.group, one.stage, one.period_end): one for one in found}
    assert ours.keys() == wanted.keys()
    for key, facts in wanted.items():
        for name, value in facts.items():
            assert getattr(ours[key], name) == value, (key, name)


@FEW
@given(rows=drawn_referrals(most=10), data=st.data())
def test_the_columns_and_the_loop_agree(rows, data):
    absent = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    rows = [row | {"snapshot_date": day(data.draw(st.integers(200, 400)))} for row in rows]
    found = taken(rows, absent, ends=SUNDAYS, cuts=tuple(CUTS))
    compared(found, by_the_loop(rows, absent, SUNDAYS, week_before, tuple(CUTS)))


@FEW
@given(rows=drawn_referrals(most=10))
def test_month_ends_and_the_loop_agree(rows):
    ends = month_range(day(60), day(200))
    compared(taken(rows, ends=ends, freq="M"), by_the_loop(rows, [False] * len(rows), ends, month_before))


@FEW
@given(rows=drawn_referrals(most=15))
def test_every_list_and_week_adds_up(rows):
    before = {}
    for one in taken(rows, cuts=("age_band",)):
        key = (one.service, one.org, one.level, one.cut, one.group, one.stage)
        assert one.list_size == sum(one.bands) == sum(one.weeks)
        assert one.residual == 0
        if key in before:
            assert before[key] + one.referrals - sum(one.removals.values()) == one.list_size
        before[key] = one.list_size
        for weeks, count in one.over.items():
            assert sum(one.weeks[weeks + 1 :]) <= count <= sum(one.weeks[weeks:])
        assert one.over[18] == sum(one.bands[5:])


@FEW
@given(rows=drawn_referrals(most=15))
def test_groups_and_providers_add_up_to_the_commissioner(rows):
    sums = Counter()
    whole = {}
    for one in taken(rows, cuts=("age_band", "district")):
        key = (one.service, one.stage, one.period_end)
        if one.level == "icb" and not one.cut:
            whole[key] = one.list_size
        else:
            sums[(*key, one.cut)] += one.list_size
    for key, size in whole.items():
        assert [sums[(*key, cut)] for cut in ("", "age_band", "district")] == [size] * 3


@st.composite
def lists_that_move(draw):
    """Children of one provider, some of whom another one takes over, with pseudonyms of its own or the same ones."""
    rows, same = [], draw(st.booleans())
    for number in range(draw(st.integers(1, 8))):
        started, left = draw(st.integers(0, 60)), draw(st.integers(60, 120))
        child = f"child-{number}"
        gone = draw(st.sampled_from(["transferred", "declined", None]))
        stop = (left, gone) if gone else (None, None)
        rows.append(referral("COMM_PAEDS", started, provider="RYY", child=child, stop=stop))
        if gone == "transferred" and draw(st.booleans()):
            received = left + draw(st.integers(-1, 2))
            other = child if same else f"other-{number}"
            rows.append(referral("COMM_PAEDS", received, original=started, provider="NQ7", child=other))
    return rows


@FEW
@given(rows=lists_that_move())
def test_a_change_of_provider_is_a_flow_of_providers_and_none_of_their_board(rows):
    flows, sizes = Counter(), Counter()
    found = taken(rows)
    for one in found:
        assert one.residual == 0
        sign = -1 if one.level == "icb" else 1
        flows["net", one.period_end] += sign * (one.referrals - sum(one.removals.values()))
        flows["declined", one.period_end] += sign * one.removals.get("declined", 0)
        sizes[one.period_end] += sign * one.list_size
    assert not any(flows.values())
    assert not any(sizes.values())
    compared(found, by_the_loop(rows, [False] * len(rows), WEEKS_IN_A_ROW, week_before))


@FEW
@given(rows=drawn_referrals(most=15), weeks=st.integers(-100, 100))
def test_shifting_all_dates_by_weeks_changes_nothing_but_dates(rows, weeks):
    shift = timedelta(weeks=weeks)
    later = [
        {name: value + shift if name.endswith("_date") and value else value for name, value in row.items()}
        for row in rows
    ]
    table = records(*later)
    moved = snapshots(table, clocks(table, on=ON + shift), ends=[end + shift for end in WEEKS_IN_A_ROW], freq="W")
    straight = taken(rows)
    names = [name for name in type(straight[0]).__slots__ if name != "period_end"] if straight else []
    assert len(moved) == len(straight)
    for ours, theirs in zip(straight, moved, strict=True):
        assert ours.period_end + shift == theirs.period_end
        assert [getattr(ours, name) for name in names] == [getattr(theirs, name) for name in names]


@FEW
@given(rows=drawn_referrals(most=15))
def test_the_adjusted_share_is_never_below_the_headline(rows):
    for one in taken(rows):
        for standard_id, (timely, among) in one.waiting_within.items():
            adjusted, same = one.adjusted_within[standard_id]
            assert timely <= adjusted <= same == among
            assert standard_id in STANDARDS
