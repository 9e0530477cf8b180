"""Clocks on whole columns against a plain loop over referrals, and what no clock may depend on."""

from datetime import timedelta

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.clock_rows import day, drawn_referrals, records
from waitlists.clock import clocks
from waitlists.clock.rules import RULE_OF_SERVICE, RULES
from waitlists.queue import OTHER_EXITS, TREATED
from waitlists.record.columns import MISSING, day_number
from waitlists.record.schema import REASONS

ON = day(500)
NAMES = {
    "contact": "first_care_contact_date",
    "baseline": "baseline_outcome_date",
    "plan": "plan_or_intervention_date",
    "assessment": "assessment_started_date",
    "equipment": "equipment_delivered_date",
}


def latest(*days):
    return None if None in days else max(days)


def earliest(*days):
    return min((found for found in days if found is not None), default=None)


def rule_of(row):
    return "review" if is_review(row) else row["clock_rule_id"] or RULE_OF_SERVICE[row["service"]]


def is_review(row):
    """Whether it was for a review from the start: nothing happened before the child left."""
    said = row["clock_stop_date"] if row["clock_stop_reason"] in TREATED else None
    happened = (since(started(row), day) for day in (said, *(row[field] for field in NAMES.values())))
    first, left = earliest(*happened), closed(row)
    return row["waiting_for"] == "review" and (first is None or (left is not None and first >= left))


def started(row):
    return row["original_referral_request_received_date"] or row["referral_request_received_date"]


def since(start, day):
    return day if day and day >= start else None


def by_medium(row, media):
    return row["first_care_contact_date"] if row["first_care_contact_medium"] in {None, *media} else None


def removal(row):
    """The removal that comes first, with its reason: a sender's word, else a rejection."""
    stopped, rejected = (since(started(row), row[name]) for name in ("clock_stop_date", "referral_rejection_date"))
    found = []
    if stopped and row["clock_stop_reason"] in OTHER_EXITS:
        found.append((stopped, 0, row["clock_stop_reason"]))
    if rejected:
        found.append((rejected, 1, "rejected"))
    return min(found, default=None)


def told_by(row):
    """What a sender's stop says happened and its word, where the rule accepts it."""
    word, stopped = row["clock_stop_reason"], since(started(row), row["clock_stop_date"])
    if not stopped or word not in RULES[rule_of(row)].accepted:
        return None
    return None if word == "seen" and stopped == row["first_care_contact_date"] else (stopped, word)


def closed(row):
    left = removal(row)
    return earliest(left and left[0], discharged(row))


def discharged(row):
    return since(started(row), row["service_discharge_date"])


def gone(row):
    """The day after the last extract that held a referral which a newer one does not."""
    return row["snapshot_date"] + timedelta(days=1) if row.get("is_absent") else None


def ended(row):
    return earliest(closed(row), gone(row))


def facts_of(group):
    """Everything that is true of a spell, or of one referral."""
    ends = [ended(row) for row in group]
    last = None if None in ends else max(range(len(group)), key=lambda place: (ends[place], place))
    start = min(started(row) for row in group)

    def happened(*days):
        return earliest(*(since(start, day) for day in days))

    facts = {name: happened(*(row[field] for row in group)) for name, field in NAMES.items()}
    facts["in_person"] = happened(*(by_medium(row, ("01", "11")) for row in group))
    facts["mental_health"] = happened(*(by_medium(row, ("01", "02", "04", "11")) for row in group))
    facts["intervention"] = earliest(facts["plan"], facts["assessment"])
    facts["told"] = earliest(*(told_by(row) for row in group))
    facts["removal"] = None if last is None else removal(group[last])
    facts["discharged"] = None if last is None else discharged(group[last])
    facts["gone"] = None if last is None else gone(group[last])
    return facts


def happened(rule, facts):
    """The day and the word of what the wait was for, with the sender's day for what is not given where that decides."""
    own = ruled(rule, facts)
    if own or not facts["told"]:
        return own and (own, RULES[rule].reason)
    day, word = facts["told"]
    return ruled(rule, {name: found or day for name, found in facts.items()}), word


def ruled(rule, facts):
    return {
        "asd_first_contact": earliest(facts["in_person"], facts["assessment"]),
        "adhd_first_assessment": facts["assessment"],
        "cypmh_4w": latest(facts["mental_health"], facts["baseline"], facts["intervention"]),
        "cyped_treatment": facts["plan"] and earliest_treatment(facts),
        "community_first_contact": facts["contact"],
        "wheelchair_handover": facts["equipment"],
        "ehc_plan": facts["plan"],
        "review": facts["contact"],
    }[rule]


def earliest_treatment(facts):
    return max(facts["plan"], facts["contact"] or facts["plan"])


def stop_of(rule, facts):
    seen = happened(rule, facts)
    if facts["removal"] and facts["removal"][2] == "data_correction":
        seen = None
    ways = []
    if facts["removal"]:
        ways.append((facts["removal"][0], 0, facts["removal"][2]))
    if seen:
        ways.append((seen[0], 1, seen[1]))
    if facts["discharged"]:
        ways.append((facts["discharged"], 2, "discharged_unseen"))
    return min(ways, default=(None, 0, None))


def by_the_loop(rows):
    """Start, stop, reason and day out of sight of each row that is a wait of its own, by its place."""
    found = {}
    for group in groups_of(rows):
        first = rows[group[0]]
        facts = facts_of([rows[place] for place in group])
        stop, _, reason = stop_of(rule_of(first), facts)
        starts = [rows[place]["original_referral_request_received_date"] for place in group]
        received = [rows[place]["referral_request_received_date"] for place in group]
        if stop is None or stop >= first["referral_request_received_date"]:
            found[group[0]] = (earliest(*starts, *received), stop, reason, facts["gone"])
    return found


def groups_of(rows):
    """Places of the rows of each spell, earliest first; every other row is a group of its own."""
    alone = [[place] for place, row in enumerate(rows) if rule_of(row) != "cypmh_4w"]
    spells = {}
    order = sorted(
        range(len(rows)),
        key=lambda place: (rows[place]["referral_request_received_date"], rows[place]["service_request_identifier"]),
    )
    for place in order:
        row = rows[place]
        if rule_of(row) != "cypmh_4w":
            continue
        who = ("said", row["referral_spell_id"]) if row["referral_spell_id"] else ("child", row["pseudonym_id"])
        runs = spells.setdefault((row["organisation_identifier_code_of_provider"], *who), [])
        if runs and (who[0] == "said" or gap_after(runs[-1], rows, row) <= timedelta(days=5)):
            runs[-1].append(place)
        else:
            runs.append([place])
    return alone + [run for runs in spells.values() for run in runs]


def gap_after(run, rows, row):
    ends = [ended(rows[place]) for place in run]
    return timedelta() if None in ends else row["referral_request_received_date"] - max(ends)


def by_us(table, on=ON):
    found = clocks(table, on=on)
    return {
        place: (
            int(found.start[place]),
            None if found.stop[place] == MISSING else int(found.stop[place]),
            None if found.reason[place] < 0 else REASONS[found.reason[place]],
            None if found.gone[place] == MISSING else int(found.gone[place]),
        )
        for place in range(table.num_rows)
        if found.is_counted[place]
    }


def numbered(found):
    return {
        place: (day_number(start), stop and day_number(stop), reason, unseen and day_number(unseen))
        for place, (start, stop, reason, unseen) in found.items()
    }


@given(rows=drawn_referrals())
def test_the_columns_and_the_loop_agree(rows):
    assert by_us(records(*rows)) == numbered(by_the_loop(rows))


@given(rows=drawn_referrals(services=("CAMHS",), most=12))
def test_spells_of_the_columns_and_of_the_loop_agree(rows):
    assert by_us(records(*rows)) == numbered(by_the_loop(rows))


@given(rows=drawn_referrals(services=("CAMHS",), most=8), data=st.data())
def test_spells_some_of_whose_referrals_went_out_of_sight_agree_too(rows, data):
    rows = [
        row | {"snapshot_date": day(data.draw(st.integers(200, 400))), "is_absent": data.draw(st.booleans())}
        for row in rows
    ]
    table = records(*rows, absent=[row["is_absent"] for row in rows])
    assert by_us(table) == numbered(by_the_loop(rows))


@given(rows=drawn_referrals(services=("CAMHS", "CAMHS_ED", "ASD"), most=8), data=st.data())
def test_what_is_dated_before_a_wait_is_no_part_of_it(rows, data):
    rows = [
        row
        | {
            name: data.draw(st.none() | st.integers(-150, 260).map(day))
            for name in ("plan_or_intervention_date", "baseline_outcome_date", "service_discharge_date")
        }
        for row in rows
    ]
    assert by_us(records(*rows)) == numbered(by_the_loop(rows))


@given(rows=drawn_referrals(), order=st.randoms())
def test_the_order_of_rows_does_not_matter(rows, order):
    mixed = order.sample(range(len(rows)), len(rows))
    straight, shuffled = by_us(records(*rows)), by_us(records(*(rows[place] for place in mixed)))
    assert {mixed[place]: wait for place, wait in shuffled.items()} == straight


@given(rows=drawn_referrals(), days=st.integers(-1000, 1000))
def test_shifting_all_dates_shifts_every_clock_and_nothing_else(rows, days):
    shift = timedelta(days=days)
    later = [
        {name: value + shift if name.endswith("_date") and value else value for name, value in row.items()}
        for row in rows
    ]
    moved = by_us(records(*later), on=ON + shift)
    assert moved == {
        place: (start + days, None if stop is None else stop + days, reason, unseen)
        for place, (start, stop, reason, unseen) in by_us(records(*rows)).items()
    }


@given(rows=drawn_referrals(), pieces=st.integers(1, 5))
def test_how_a_table_is_cut_into_pieces_does_not_matter(rows, pieces):
    whole = records(*rows)
    size = max(1, -(-whole.num_rows // pieces))
    cut = pa.Table.from_batches(whole.to_batches(max_chunksize=size), schema=whole.schema)
    assert by_us(cut) == by_us(whole)


@given(rows=drawn_referrals(), chosen=st.integers(0, 200))
def test_days_a_family_chose_change_no_clock(rows, chosen):
    assert by_us(records(*(row | {"wait_adjustment_days": chosen} for row in rows))) == by_us(records(*rows))
