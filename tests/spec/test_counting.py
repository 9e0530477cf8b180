"""Which periods are counted from whose records, and from which day each count is known."""

from datetime import date, timedelta

import pyarrow as pa
import pytest

from tests.clock_rows import day, records, referral
from waitlists.clock import clocks
from waitlists.counts.begun import begun_of
from waitlists.counts.counted import vintages_of
from waitlists.counts.counting import CUT_WEEKS, LONGEST_BACK, UNCOUNTED, Cover, counted, covers_of, dated
from waitlists.domain import Marker, ParsedVintage
from waitlists.periods import month_end
from waitlists.record.schema import SCHEMA
from waitlists.snapshot import listed_of, snapshots
from waitlists.synthetic.kent import extract, population

SUNDAY = day(-1)


def sunday(number):
    return SUNDAY + timedelta(weeks=number)


def flowing(weeks, *, provider="RYY", each=4):
    """Referrals seen two weeks after they came, so many every week."""
    return [
        referral(provider=provider, received=7 * week, contact=7 * week + 14)
        for week in range(weeks)
        for _ in range(each)
    ]


def all_covers(table, days):
    return covers_of(table, clocks(table, on=max((last for _, last in days.values()), default=SUNDAY)).stop, days)


def covers(*rows, last, first=None):
    providers = {row["organisation_identifier_code_of_provider"] for row in rows}
    return all_covers(records(*rows), dict.fromkeys(providers, (first or last, last)))


def test_lists_are_reconstructed_as_far_back_as_waits_end_as_often_as_of_late():
    strays = [referral(received=-200 + 7 * week, contact=-150 + 7 * week) for week in range(20)]
    found = covers(*flowing(30), *strays, last=sunday(30))
    assert found["RYY"] == Cover(since=sunday(2), first=sunday(30), until=sunday(30))


def test_a_quiet_holiday_does_not_cut_history_short():
    rows = [row for week, row in enumerate(flowing(30)) if not 40 <= week < 48]
    assert covers(*rows, last=sunday(30))["RYY"].since == sunday(2)


def test_records_without_an_end_say_nothing_of_the_past():
    assert covers(referral(), last=sunday(9))["RYY"].since == sunday(9)
    assert all_covers(records(), {}) == {}
    late = covers(*flowing(30), last=sunday(30), first=sunday(28))["RYY"]
    assert (late.since, late.first, late.until) == (sunday(2), sunday(28), sunday(30))


def test_few_that_ended_say_nothing_of_the_past():
    waiting = [referral(received=7 * week) for week in range(60)]
    few = [referral(received=0, contact=60 + 28 * number) for number in range(13)]
    assert covers(*waiting, *few[1:], last=sunday(60))["RYY"].since == sunday(60)
    stray = referral(received=-1800, contact=-1500)
    assert sunday(1) <= covers(*waiting, *few, stray, last=sunday(60))["RYY"].since < sunday(12)


def test_a_provider_is_whole_once_every_service_of_it_is():
    waiting = [referral("EHC", received=7 * week) for week in range(30)]
    assert covers(*flowing(30), *waiting, last=sunday(30))["RYY"].since == sunday(30)
    assert covers(*flowing(30), *waiting[:12], last=sunday(30))["RYY"].since == sunday(2)


def test_five_years_are_the_most():
    rows = [referral(received=7 * week, contact=7 * week) for week in range(300)]
    assert covers(*rows, last=sunday(300))["RYY"].since == sunday(300) - LONGEST_BACK


def test_who_is_in_no_delivery_is_not_covered():
    table = records(*flowing(9), *flowing(9, provider="NQ7"))
    assert all_covers(table, {"RYY": (sunday(9), sunday(9))}).keys() == {"RYY"}


def all_counted(table, cover, **how):
    found = clocks(table, on=max((one.until for one in cover.values()), default=SUNDAY))
    return counted(listed_of(table, found), cover, begun_of(table, found), **how)


def parts(table, cover, **how):
    how = {"freq": "W", "since": sunday(1)} | how
    return {(part.scope, part.period_end): part for part in all_counted(table, cover, **how)}


def test_a_board_is_counted_from_whoever_covers_the_week():
    table = records(*flowing(12), *flowing(12, provider="NQ7"))
    found = parts(
        table,
        {
            "RYY": Cover(sunday(9), sunday(9), sunday(11)),
            "NQ7": Cover(sunday(9), sunday(9), sunday(10)),
        },
    )
    assert sorted(found) == [
        *(("", sunday(week)) for week in (9, 10, 11)),
        *(("NQ7", sunday(week)) for week in (9, 10)),
        *(("RYY", sunday(week)) for week in (9, 10, 11)),
    ]
    total = {place: next(f.value for f in part.figures if f.band == "total") for place, part in found.items()}
    assert total["", sunday(10)] == total["RYY", sunday(10)] + total["NQ7", sunday(10)] == 16
    assert total["", sunday(11)] == total["RYY", sunday(11)] == 8


def test_groups_are_counted_in_recent_weeks_and_at_every_month_end():
    table = records(*flowing(40))
    cover = {"RYY": Cover(sunday(2), sunday(40), sunday(40))}
    weeks = parts(table, cover)
    cut_since = min(end for (scope, end), part in weeks.items() if not scope and any(d.cut for d in part.details))
    assert cut_since == sunday(40) - CUT_WEEKS + timedelta(weeks=1)
    months = parts(table, cover, freq="M")
    assert {part.source for part in months.values()} == {"referral_extract_monthly"}
    assert [end for scope, end in sorted(months) if not scope] == [month_end(2026, month) for month in range(1, 10)]
    assert all(any(detail.cut for detail in part.details) for (scope, _), part in months.items() if not scope)


def flows(found):
    """By place, referrals of the details, and whether any flow is among the figures."""
    kinds = {"referrals", "removals", "treated", "removed"}
    return {
        place: (
            {(detail.referrals, detail.residual, bool(detail.completed)) for detail in part.details if not detail.cut},
            any(figure.kind in kinds for figure in part.figures),
        )
        for place, part in found.items()
    }


def test_nobody_knows_who_came_and_left_before_the_first_week_that_is_covered():
    rows = [referral("ASD", received=7 * week, contact=7 * week + 14, assessment=7 * week + 14) for week in range(12)]
    found = flows(parts(records(*rows), {"RYY": Cover(sunday(9), sunday(9), sunday(10))}))
    for scope in ("", "RYY"):
        assert found[scope, sunday(9)] == ({(None, None, False)}, False)
        assert found[scope, sunday(10)] == ({(1, 0, True)}, True)


def test_a_month_that_began_before_has_no_flows():
    found = parts(records(*flowing(40)), {"RYY": Cover(sunday(9), sunday(9), sunday(40))}, freq="M")
    march, april = (flows(found)["RYY", month_end(2026, month)] for month in (3, 4))
    assert (march, april[1]) == (({(None, None, False)}, False), True)


def test_a_board_has_no_flows_of_a_service_of_which_a_provider_joins():
    other = [referral("ASD", received=7 * week) for week in range(12)]
    table = records(*flowing(12), *other, *flowing(12, provider="NQ7"))
    cover = {"RYY": Cover(sunday(2), sunday(9), sunday(11)), "NQ7": Cover(sunday(9), sunday(9), sunday(11))}
    found = parts(table, cover)
    known = {(d.service, d.referrals is not None) for d in found["", sunday(9)].details if not d.cut}
    assert known == {("SALT", False), ("ASD", True)}
    assert flows(found)["RYY", sunday(9)][1]
    assert not flows(found)["NQ7", sunday(9)][1]


def test_nothing_is_counted_of_nobody():
    assert parts(records(), {}) == {}


def test_a_count_holds_what_a_workbook_would_and_more():
    rows = [
        referral(received=0),
        referral(received=1, contact=5),
        referral(received=2, rejected=6, stop=(6, "rejected")),
        referral("SALT", received=-900),
        referral(received=0, waiting_for="review"),
    ]
    table = records(*rows)
    found = list(vintages_of(snapshots(table, clocks(table, on=sunday(1)), ends=(sunday(1),), freq="W")))
    assert [(part.scope, part.source) for part in found] == [("", "referral_extract"), ("RYY", "referral_extract")]
    own = found[1]
    counts = {(figure.kind, figure.band): figure.value for figure in own.figures}
    assert counts["waiting", "total"] == 2
    assert counts["waiting", ">104"] == 1
    assert counts["waiting_review", "total"] == 1
    assert counts["referrals", "total"] == 3
    assert counts["removals", "total"] == 2
    assert counts["treated", "total"] == counts["removed", "seen"] == counts["removed", "rejected"] == 1
    assert (counts["over_156_weeks", "total"], counts["over_208_weeks", "total"]) == (0, 0)
    assert {(figure.marker, figure.row) for figure in own.figures} == {(Marker.NUMBER, 0)}
    detail = next(detail for detail in own.details if detail.stage == "list")
    assert (detail.list_size, len(detail.weeks), detail.removals) == (2, 261, {"seen": 1, "rejected": 1})
    assert detail.waiting["CHS_18W"] == (1, 2)


def test_what_came_out_as_it_stood_is_left_out():
    cover = {"RYY": Cover(sunday(1), sunday(9), sunday(9))}
    table = records(referral(received=0), referral(received=1, contact=20))
    whole = list(all_counted(table, cover, freq="W", since=sunday(1)))
    stood = {(part.scope, part.period_end): part.digest for part in whole}
    assert stood
    assert not list(all_counted(table, cover, freq="W", since=sunday(1), stood=stood))
    changed = min(stood)
    assert [
        (part.scope, part.period_end)
        for part in all_counted(table, cover, freq="W", since=sunday(1), stood=stood | {changed: "other"})
    ] == [changed]


def test_groups_are_counted_again_where_a_list_of_theirs_changed():
    cover = {"RYY": Cover(sunday(1), sunday(9), sunday(9))}
    table = records(referral(received=0), referral(received=1, contact=20))
    whole = {(part.scope, part.period_end): part for part in all_counted(table, cover, freq="W", since=sunday(1))}
    stood = {place: part.digest for place, part in whole.items()}
    changed = ("", sunday(3))
    (again,) = all_counted(table, cover, freq="W", since=sunday(1), stood=stood | {changed: "other"})
    assert {one.cut for one in again.details} > {""}
    assert again == whole[changed]


def test_the_same_counts_have_the_same_checksum_and_others_another():
    cover = {"RYY": Cover(sunday(2), sunday(9), sunday(9))}
    rows = flowing(9)
    first, again = (parts(records(*rows[::step]), cover)["RYY", sunday(9)].digest for step in (1, -1))
    assert first == again
    assert (
        parts(records(*rows[1:]), cover)["RYY", sunday(2)].digest
        != parts(records(*rows), cover)["RYY", sunday(2)].digest
    )


COVER = {"RYY": Cover(sunday(2), sunday(9), sunday(10)), "NQ7": Cover(sunday(2), sunday(3), sunday(10))}
MONDAY = sunday(10) + timedelta(days=1)


@pytest.mark.parametrize(
    ("scope", "week", "new", "stood", "known", "is_reconstructed"),
    [
        ("RYY", 4, {"RYY"}, False, sunday(5), True),
        ("RYY", 9, {"RYY"}, False, MONDAY, False),
        ("RYY", 4, set(), True, MONDAY, True),
        ("RYY", 10, set(), False, MONDAY, False),
        ("", 4, {"RYY"}, False, sunday(5), True),
        ("", 4, {"NQ7"}, False, MONDAY, True),
        ("", 4, {"RYY"}, True, MONDAY, True),
        ("", 9, {"RYY"}, False, MONDAY, False),
    ],
)
def test_what_was_looked_back_on_counts_as_known_a_week_after(scope, week, new, stood, known, is_reconstructed):
    part = ParsedVintage("referral_extract", sunday(week), (), scope)
    found = dated(part, COVER, new=frozenset(new), known_from=MONDAY, stood=stood)
    assert (found.known_from, found.is_reconstructed) == (known, is_reconstructed)


def test_nothing_is_known_later_than_it_was_delivered():
    part = ParsedVintage("referral_extract", sunday(4), (), "RYY")
    found = dated(part, COVER, new=frozenset({"RYY"}), known_from=date(2026, 2, 3), stood=False)
    assert found.known_from == date(2026, 2, 3)


def test_what_is_not_counted_is_not_needed():
    assert set(SCHEMA.names) > UNCOUNTED
    imagined = population(1, end=date(2026, 11, 15), weeks=8, scale=0.01)
    last = imagined.weeks[-1]
    whole = pa.concat_tables(extract(imagined, provider, on=last) for provider in ("RYY", "RXY", "LOCAL:WHEELCHAIR_KM"))
    whole = whole.cast(SCHEMA)
    cover = all_covers(whole, {"RYY": (last, last), "RXY": (last, last), "LOCAL:WHEELCHAIR_KM": (last, last)})
    how = {"freq": "W", "since": imagined.weeks[4]}
    assert parts(whole.drop_columns(sorted(UNCOUNTED)), cover, **how) == parts(whole, cover, **how)
