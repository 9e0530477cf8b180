"""The weekly return, rule by rule: what is taken, what is put aside, and what the sender is told."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import returns
from tests.returns import WEEK, counts_of, flows, parsed, parsed_csv, sentences, waiting
from waitlists.domain import Marker, Severity
from waitlists.errors import FileRefused
from waitlists.ingest import recognise
from waitlists.ingest.sheets import Sheet, Workbook
from waitlists.ingest.weekly_return import parse
from waitlists.ingest.weekly_return_words import BAND_LABELS, HEADINGS

BANDS = dict(zip(BAND_LABELS, range(1, 9), strict=True))
ALL_REASONS = {"seen": 9, "assessed": 3, "treated": 2, "equipment_delivered": 1, "rejected": 4, "declined": 5,
               "discharged_unseen": 6, "transferred": 7, "aged_out": 8, "died": 0, "data_correction": 1}  # fmt: skip


def test_a_list_is_its_bands_and_their_sum():
    delivery = parsed(waiting())
    (vintage,) = delivery.vintages
    assert (vintage.source, vintage.period_end, vintage.scope) == ("weekly_return", WEEK, "RYY/SALT")
    assert counts_of(delivery, "waiting") == {**BANDS, "total": 36}
    assert (delivery.published_on, delivery.period_end) == (None, WEEK)
    first = vintage.figures[0]
    assert (first.sheet, first.cell, first.org) == ("Return", "H2", "RYY")


def test_a_workbook_and_a_csv_file_say_the_same():
    rows = [*waiting(), *flows(referrals=10, removed=ALL_REASONS)]
    by_sheet, by_text = parsed(rows, name=""), parsed_csv(rows)
    assert by_sheet.vintages == by_text.vintages
    assert by_sheet.findings == by_text.findings
    assert by_sheet.counts == by_text.counts


def test_the_register_recognises_a_return():
    assert recognise(returns.book(waiting()), name=None).name == "weekly_return"


def test_what_the_clock_still_counts_is_added_up_and_the_rest_stands_apart():
    rows = [row for wait in ("first_contact", "assessment", "treatment", "review") for row in waiting("ASD", wait)]
    delivery = parsed(rows)
    assert counts_of(delivery, "waiting", service="ASD") == {**{b: 2 * n for b, n in BANDS.items()}, "total": 72}
    assert counts_of(delivery, "waiting_next", service="ASD")["total"] == 36
    assert counts_of(delivery, "waiting_review", service="ASD") == {**BANDS, "total": 36}


def test_a_wait_without_any_row_is_said_to_be_left_out():
    delivery = parsed(waiting("ASD", "assessment"))
    (sentence,) = sentences(delivery, "wait_left_out")
    assert "first contact" in sentence
    assert counts_of(delivery, "waiting", service="ASD")["total"] == 36


def test_flows_are_referrals_removals_by_reason_and_their_sums():
    delivery = parsed(flows(referrals=10, removed=ALL_REASONS))
    assert counts_of(delivery, "referrals") == {"total": 10}
    assert counts_of(delivery, "removed") == ALL_REASONS
    assert counts_of(delivery, "removals") == {"total": 46}
    assert counts_of(delivery, "treated") == {"total": 15}
    assert sentences(delivery, "reasons_left_out") == []


def test_reasons_left_out_are_taken_as_nobody_and_said():
    delivery = parsed(flows(removed={"seen": 4, "declined": None, "total": 4}))
    assert counts_of(delivery, "removals") == {"total": 4}
    (sentence,) = sentences(delivery, "reasons_left_out")
    assert "declined" in sentence
    assert "died" in sentence
    assert "seen" not in sentence.replace("discharged_unseen", "")


def test_flows_of_the_waits_of_a_list_are_added_up():
    rows = [*flows("ASD", referrals=3, wait="first_contact"), *flows("ASD", referrals=4, wait="assessment")]
    assert counts_of(parsed(rows), "referrals", service="ASD") == {"total": 7}


def test_flows_of_a_later_stage_are_not_kept():
    delivery = parsed([*waiting(), *flows(referrals=3, wait="treatment")])
    assert counts_of(delivery, "referrals") == {}
    assert len(sentences(delivery, "later_flows")) == 1


def test_flows_given_for_the_whole_and_for_a_part_are_put_aside():
    whole = flows(referrals=3, removed={"seen": 1})
    delivery = parsed([*waiting(), *whole, *flows(referrals=3, removed={"seen": 1}, wait="first_contact")])
    assert counts_of(delivery, "referrals") == counts_of(delivery, "removals") == {}
    assert len(sentences(delivery, "given_twice")) == 2


def test_a_list_without_flows_is_said_to_be_without():
    assert len(sentences(parsed(waiting()), "flows_left_out")) == 1
    assert sentences(parsed([*waiting(), *flows(referrals=1, removed={"seen": 1})]), "flows_left_out") == []


@pytest.mark.parametrize("left", range(8))
def test_a_band_left_out_or_blank_puts_the_list_aside_and_is_never_zero(left: int):
    blank: list[int | None] = [1] * 8
    blank[left] = None
    for rows in (waiting()[:left] + waiting()[left + 1 :], waiting(counts=blank)):
        delivery = parsed([*rows, *flows(referrals=5)])
        assert counts_of(delivery, "waiting") == {}
        (sentence,) = sentences(delivery, "bands_missing")
        assert sentence.startswith("Sheet Return, rows 2 to")
        assert f"in {BAND_LABELS[left]}; write 0" in sentence
        assert delivery.counts["quarantined"] == 7


def test_zeros_that_are_written_are_taken():
    assert counts_of(parsed(waiting(counts=[0] * 8)), "waiting")["total"] == 0


def test_a_total_is_checked_against_the_bands():
    total = [(WEEK, "RYY", "SALT", "first_contact", "waiting", "total", None, 36)]
    assert counts_of(parsed([*waiting(), *total]), "waiting")["total"] == 36
    wrong = parsed([*waiting(), (*total[0][:-1], 37), *flows(referrals=1)])
    assert counts_of(wrong, "waiting") == {}
    (said,) = sentences(wrong, "total_differs")
    assert "the total is given in sheet Return, row 10, its parts in sheet Return, rows 2 to 9; correct" in said
    reasons = parsed(flows(referrals=1, removed={"seen": 4, "total": 5}))
    assert counts_of(reasons, "removals") == {}
    (said,) = sentences(reasons, "total_differs")
    assert "the total is given in sheet Return, row 4, its parts in sheet Return, row 3; correct" in said


def test_removals_need_a_reason():
    delivery = parsed(flows(referrals=1, removed={"total": 5}))
    assert len(sentences(delivery, "reasons_missing")) == 1


def test_single_weeks_that_add_up_stand_beside_the_bands():
    weeks = waiting(counts=[1, 2, 7, 11, 7, 8], bands=["0", "1", "4", "18", "52", "260+"])
    assert counts_of(parsed([*waiting(), *weeks]), "weeks") == {"0": 1, "1": 2, "4": 7, "18": 11, "52": 7, "260": 8}
    assert sentences(parsed([*waiting(), *weeks]), "weeks_differ") == []


@pytest.mark.parametrize(
    ("bands", "edge"),
    [
        (["5", "10", "20", "60", "100", "200", "220", "250"], "1"),
        (["0", "0", "2", "4", "12", "18", "52", "104"], "1"),
        (["0", "1", "2", "4", "12", "18", "53", "103"], "104"),
    ],
)
def test_single_weeks_that_hold_other_children_than_the_bands_are_put_aside_alone(bands, edge):
    """As days do that stand where weeks belong."""
    counts = dict.fromkeys(bands, 0)
    for band, count in zip(bands, range(1, 9), strict=True):
        counts[band] += count
    delivery = parsed([*waiting(), *waiting(counts=list(counts.values()), bands=list(counts))])
    (said,) = sentences(delivery, "weeks_differ")
    assert f"waits for first contact (sheet Return, rows 2 to 9) up to {edge} weeks; see that the column band" in said
    assert counts_of(delivery, "weeks") == {}
    assert counts_of(delivery, "waiting")["total"] == 36


@pytest.mark.parametrize("edges", [[7, 14, 28, 84, 126, 364, 728, 729], [0, 8, 15, 29, 85, 127, 365, 729]])
def test_a_child_at_an_edge_of_a_band_stands_in_either_of_two_single_weeks(edges):
    weeks: dict[str, int] = {}
    for days, count in zip(edges, range(1, 9), strict=True):
        weeks[str(days // 7)] = weeks.get(str(days // 7), 0) + count
    delivery = parsed([*waiting(), *waiting(counts=list(weeks.values()), bands=list(weeks))])
    assert sentences(delivery, "weeks_differ") == []


def test_single_weeks_are_held_against_the_bands_that_are_not_kept_back():
    total = [(WEEK, "RYY", "SALT", "first_contact", "waiting", "total", None, 36)]
    bands = [*waiting(counts=[1, 2, "*", 4, 5, 6, 7, 8]), *total]
    assert sentences(parsed([*bands, *waiting(counts=[1, 2, 33], bands=["0", "1", "200"])]), "weeks_differ") == []
    assert len(sentences(parsed([*bands, *waiting(counts=[4, 32], bands=["0", "200"])]), "weeks_differ")) == 1


@pytest.mark.parametrize("counts", [[20, 15, 2], [20, 15, "<5"]])
def test_single_weeks_that_do_not_add_up_are_put_aside_alone(counts: list[int | str]):
    delivery = parsed([*waiting(), *waiting(counts=counts, bands=["0", "52", "260"])])
    assert counts_of(delivery, "weeks") == {}
    assert counts_of(delivery, "waiting")["total"] == 36
    (said,) = sentences(delivery, "weeks_differ")
    assert said.startswith("Sheet Return, rows 10 to 12: the single weeks of Speech")
    assert "do not add up to the list that waits for first contact (sheet Return, rows 2 to 9); correct" in said


def test_single_weeks_without_bands_are_put_aside():
    alone = [*waiting(counts=[20], bands=["3"]), *flows(referrals=1)]
    counts = [0, 0, 36, 0, 0, 0, 0, 0]
    whole = [*waiting("ASD", "assessment", counts=counts), *waiting("ASD", "assessment", counts=[36], bands=["3"])]
    beside = [*whole, *waiting("ASD", "first_contact", counts=[20], bands=["3"])]
    for rows in (alone, beside):
        delivery = parsed(rows)
        assert len(sentences(delivery, "weeks_without_bands")) == 1
        assert counts_of(delivery, "weeks", service="ASD") == {}
    assert counts_of(parsed(whole), "weeks", service="ASD") == {"3": 36}


def test_a_flow_with_a_blank_row_beside_a_filled_one_is_put_aside():
    rows = [*flows("ASD", referrals=3, wait="first_contact"), *waiting()]
    blank = (WEEK, "RYY", "ASD", "assessment", "referrals", None, None, None)
    delivery = parsed([*rows, blank])
    assert counts_of(delivery, "referrals", service="ASD") == {}
    assert len(sentences(delivery, "count_missing")) == 1


def test_several_weeks_services_and_sheets_make_a_vintage_a_week_and_service():
    earlier = WEEK - timedelta(days=7)
    first = returns.book([*waiting(), *waiting(week=earlier)])
    second = returns.book(waiting("COMM_PAEDS"), name="More")
    delivery = parse(Workbook((*first.sheets, *second.sheets, Sheet("Notes", (("read me",),)))))
    assert [(vintage.period_end, vintage.scope) for vintage in delivery.vintages] == [
        (earlier, "RYY/SALT"),
        (WEEK, "RYY/COMM_PAEDS"),
        (WEEK, "RYY/SALT"),
    ]
    assert counts_of(delivery, "waiting", service="COMM_PAEDS")["total"] == 36


def test_titles_above_the_headings_and_notes_below_are_tolerated():
    above = [("Weekly return (synthetic)",), (), ("Kent Community Health",)]
    delivery = parsed([*waiting(), ("checked by the team",)], above=above)
    assert counts_of(delivery, "waiting")["total"] == 36
    assert delivery.is_synthetic
    assert not parsed(waiting()).is_synthetic


def test_the_same_row_twice_counts_once_and_two_that_differ_are_put_aside():
    again = parsed([*waiting(), *waiting()[:2]])
    assert counts_of(again, "waiting")["total"] == 36
    assert len(sentences(again, "repeated_row")) == 1
    differing = parsed([*waiting(), *waiting(counts=[9], bands=["0-1"]), *flows(referrals=1)])
    assert counts_of(differing, "waiting") == {}
    (sentence,) = sentences(differing, "conflicting_rows")
    assert "rows 2, 10" in sentence
    assert len(sentences(differing, "held_back")) == 1


def test_a_blank_row_beside_a_filled_one_is_no_conflict():
    delivery = parsed([*waiting(counts=[None] * 8), *waiting()])
    assert counts_of(delivery, "waiting")["total"] == 36
    assert delivery.counts["not_submitted"] == 8


def test_what_was_left_blank_is_said_and_is_not_zero():
    delivery = parsed([*waiting(), *waiting("COMM_PAEDS", counts=[None] * 8)])
    assert counts_of(delivery, "waiting", service="COMM_PAEDS") == {}
    (sentence,) = sentences(delivery, "left_blank")
    assert sentence.startswith("The bands of the list of Community paediatrics: left blank for the week ending 15 Nov")


def test_another_providers_rows_are_put_aside():
    delivery = parsed([*waiting(), *waiting(provider="NQ7")[:3]])
    assert {vintage.scope for vintage in delivery.vintages} == {"RYY/SALT"}
    assert sentences(delivery, "other_provider")[0].startswith("Sheet Return, row 10, provider: expected RYY")
    assert counts_of(delivery, "waiting")["total"] == 36


def test_a_provider_may_be_named_exactly_and_a_council_sends_too():
    assert parsed(waiting(provider="Kent Community Health NHS Foundation Trust")).vintages[0].scope == "RYY/SALT"
    assert parsed(waiting("EHC", provider="E10000016")).vintages[0].scope == "E10000016/EHC"


def test_a_list_that_another_provider_carries_is_said():
    rows = waiting("CAMHS", provider="RAT")
    (sentence,) = sentences(parsed(rows), "succeeded_provider")
    assert "(RXY)" in sentence
    before = waiting("CAMHS", provider="RAT", week=date(2026, 3, 29))
    assert sentences(parsed(before), "succeeded_provider") == []


WRONG = {
    "week_not_sunday": (
        ("2026-11-18", "RYY", "SALT", "", "referrals", "", "", 1),
        "15 November 2026 and 22 November 2026",
    ),
    "week_unclear": (("31/02/2026", "RYY", "SALT", "", "referrals", "", "", 1), "the Sunday the week ended on"),
    "week_out_of_range": (("1900-01-01", "RYY", "SALT", "", "referrals", "", "", 1), "from 4 January 2015 on"),
    "unknown_provider": ((WEEK, "RYY1", "SALT", "", "referrals", "", "", 1), "near: RYY (Kent"),
    "not_a_provider": ((WEEK, "QKS", "SALT", "", "referrals", "", "", 1), "a provider"),
    "unknown_service": ((WEEK, "RYY", "SPEECH", "", "referrals", "", "", 1), "near: SALT (Speech"),
    "unknown_measure": ((WEEK, "RYY", "SALT", "", "seen", "", "", 1), "waiting, referrals or removed"),
    "unknown_waiting_for": ((WEEK, "RYY", "SALT", "diagnosis", "waiting", "0-1", "", 1), "first_contact, assessment"),
    "unknown_band": ((WEEK, "RYY", "SALT", "first_contact", "waiting", "261", "", 1), "0-1, >1-2"),
    "unknown_reason": ((WEEK, "RYY", "SALT", "", "removed", "", "DNA", 1), "seen, assessed"),
    "count_unclear": ((WEEK, "RYY", "SALT", "", "referrals", "", "", -1), "a whole number from 0"),
}


@pytest.mark.parametrize("code", WRONG)
def test_a_wrong_row_is_named_with_what_to_write_and_never_with_what_was_written(code: str):
    row, expected = WRONG[code]
    delivery = parsed([*waiting("COMM_PAEDS"), row])
    (finding,) = [f for f in delivery.findings if f.code == code]
    assert finding.severity is Severity.ERROR
    assert finding.sentence.startswith("Sheet Return, row 10, ")
    assert expected in finding.sentence
    assert (finding.cell or "").endswith("10")
    assert delivery.counts["quarantined"] >= 1


@pytest.mark.parametrize("code", ["week_not_sunday", "unknown_provider", "unknown_waiting_for", "unknown_reason"])
def test_a_wrong_row_holds_back_what_it_may_be_a_part_of(code: str):
    row = WRONG[code][0]
    rows = [*waiting(), *flows(referrals=4, removed={"seen": 3}), row]
    delivery = parsed([*rows, *waiting("COMM_PAEDS")])
    part = {"waiting": "waiting", "referrals": "referrals", "removed": "removals"}[str(row[4])]
    assert counts_of(delivery, part) == {}
    assert len(sentences(delivery, "held_back")) == 1
    assert counts_of(delivery, "waiting", service="COMM_PAEDS")["total"] == 36


def test_nothing_usable_refuses_the_file_with_the_first_reason():
    with pytest.raises(FileRefused, match="row 2, week_ending: expected a Sunday") as refused:
        parsed(waiting(week="2026-11-18"))
    assert refused.value.code == "NOTHING_USABLE"


def test_a_file_with_thousands_of_wrong_rows_is_refused():
    with pytest.raises(FileRefused, match="6,000 rows cannot be used; Sheet Return, row 2, provider") as refused:
        parsed(waiting(provider="XXX") * 750)
    assert refused.value.code == "TOO_MANY_FAULTS"


def test_a_blank_return_is_refused_politely():
    with pytest.raises(FileRefused, match="nothing is filled in") as refused:
        parsed([*waiting(counts=[None] * 8), *flows(removed={"seen": None})])
    assert refused.value.code == "NOT_FILLED_IN"


def test_a_hidden_sheet_is_not_read_and_said():
    shown, hidden = returns.book(waiting()), returns.book(waiting("COMM_PAEDS"), name="Old", is_hidden=True)
    delivery = parse(Workbook((*shown.sheets, *hidden.sheets)))
    assert counts_of(delivery, "waiting", service="COMM_PAEDS") == {}
    assert sentences(delivery, "hidden_sheet") == [
        "Sheet Old is hidden and was not read; show it and send the file again."
    ]


def test_suppressed_bands_make_the_whole_unknown_unless_it_is_given():
    rows = waiting(counts=["<5", "*", 3, 4, 5, 6, 7, 8])
    delivery = parsed(rows)
    assert counts_of(delivery, "waiting")["total"] is None
    assert delivery.vintages[0].figures[0].marker is Marker.SUPPRESSED
    total = (WEEK, "RYY", "SALT", "first_contact", "waiting", "total", None, 40)
    assert counts_of(parsed([*rows, total]), "waiting")["total"] == 40
    impossible = parsed([*rows, (*total[:-1], 32), *flows(referrals=1)])
    assert len(sentences(impossible, "total_differs")) == 1


@given(st.lists(st.tuples(*[st.integers(0, 5000) for _ in range(8)]), min_size=1, max_size=3), st.randoms())
def test_bands_always_add_up_and_the_order_of_rows_does_not_matter(lists, chance):
    waits = ("first_contact", "assessment", "treatment")
    rows = [row for wait, counts in zip(waits, lists, strict=False) for row in waiting("CAMHS", wait, counts=counts)]
    shuffled = chance.sample(rows, len(rows))
    found = counts_of(parsed(shuffled), "waiting", service="CAMHS")
    assert found == counts_of(parsed(rows), "waiting", service="CAMHS")
    assert found.pop("total") == sum(map(sum, lists)) == sum(n for n in found.values() if n is not None)


@given(st.lists(st.sampled_from([None, 0, 3, "*", "<5", "x", -1, "1,234", "NULL"]), min_size=1, max_size=30))
def test_every_row_is_taken_blank_or_put_aside(counts):
    rows = [*flows("ASD", referrals=1)]
    rows += [(WEEK, "RYY", "SALT", "first_contact", "waiting", str(n), None, c) for n, c in enumerate(counts)]
    delivery = parsed(rows)
    parts = ("numbers", "suppressed", "not_submitted", "quarantined")
    assert delivery.counts["cells_read"] == len(rows) == sum(delivery.counts[part] for part in parts)


def test_headings_are_told_whatever_their_case_and_order():
    order = [3, 1, 0, 2, 7, 6, 5, 4]
    heads = tuple(HEADINGS[n].upper().replace("_", " ") for n in order)
    rows = [tuple(row[n] for n in order) for row in waiting()]
    delivery = parse(Workbook((Sheet("S", (heads, *rows)),)))
    assert counts_of(delivery, "waiting")["total"] == 36
