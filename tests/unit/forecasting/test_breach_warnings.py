"""Breach warnings from stored lists: what figures say, what is watched, how much it matters, and what is said of it."""

import dataclasses
import re
from dataclasses import replace
from datetime import date

import pytest

from forecasting.warnings.changed import UNKNOWN, verdict_of
from forecasting.warnings.every import Known, warnings_of
from forecasting.warnings.kept import kept, renumbered, taken_of, warning_of
from forecasting.warnings.past import pasts_of
from forecasting.warnings.warning import Acknowledgement, Caveat, Counted, Tail, warning_id
from forecasting.warnings.words import over_words, stands
from tests.forecast_lists import stored
from tests.warned import MONDAY, SUNDAY, WEEK, due, figures, life, warning
from tests.warned_lists import BOARD, bands_of, found_in, monday, sunday, world
from waitlists.domain import Level
from waitlists.errors import BadArgument
from waitlists.security.access import Role


def warned(history, waits, *, as_of, before=(), taken=None, orgs=None):
    """The warnings of a day by organisation and standard."""
    pasts = pasts_of(history, waits, orgs=orgs or history.orgs, as_of=as_of)
    known = Known({one.id: one for one in before}, taken or {})
    found = warnings_of(pasts, known, as_of=as_of, levels={})
    return {(one.figures.org, one.figures.standard_id): one for one in found}


@pytest.fixture(scope="module")
def steady():
    return world()


@pytest.fixture(scope="module")
def usual(steady):
    return warned(*steady, as_of=monday(39))


def test_the_facts_of_a_list_by_single_weeks(steady, usual):
    one = usual["RYY", "CHS_18W"].figures
    history, waits = steady
    own = next(waits[place].weeks for place in waits if place == (393, "RYY"))
    assert (one.period_end, one.freq, one.basis, one.method) == (sunday(39), "W", "weeks", "ageing")
    assert one.waiting == sum(own)
    assert one.over_now == sum(own[18:])
    assert one.newly_over_now == pytest.approx(own[18], abs=4)
    assert one.newly_since == one.change_since == sunday(38)
    assert [due.weeks for due in one.newly_over] == [4, 8, 12]
    assert one.newly_over[0].by == sunday(43)
    assert one.tail[0] == Tail(52, sum(own[52:]))
    assert one.tail[2] == Tail(156, sum(own[156:]))
    assert one.longest_band in {">52-104", ">104"}
    assert (one.coverage, one.missing, one.is_whole) == (1.0, (), True)
    assert one.counted == (Counted(393, "RYY", sunday(39)),)
    assert history.is_synthetic


def test_parts_add_up_to_the_board(usual):
    board = usual[BOARD, "CHS_18W"].figures
    parts = [usual[org, "CHS_18W"].figures for org in ("NQ7", "RPA", "RYY")]
    assert board.over_now == sum(one.over_now for one in parts)
    for place in range(3):
        middle = sum(one.newly_over[place].p50 for one in parts)
        assert board.newly_over[place].p50 == pytest.approx(middle, rel=0.05)


def test_every_warning_is_worked_out_again_to_the_same(steady, usual):
    again = warned(*steady, as_of=monday(39))
    assert {place: kept(one) for place, one in again.items()} == {place: kept(one) for place, one in usual.items()}


def test_what_comes_later_changes_nothing_said_before(steady):
    history, waits = steady
    early = warned(history, waits, as_of=monday(30))
    cut = replace(history, vintages=tuple(one for one in history.vintages if one.known_from <= monday(30)))
    assert {place: kept(one) for place, one in early.items()} == {
        place: kept(one) for place, one in warned(cut, waits, as_of=monday(30)).items()
    }


def test_a_missing_provider_is_no_fall_and_ends_nothing():
    history, waits = world(missing=(38, 39))
    before = warned(history, waits, as_of=monday(37), orgs=[BOARD])
    found = warned(history, waits, as_of=monday(39), before=before.values(), orgs=[BOARD])
    one, was = found[BOARD, "CHS_18W"], before[BOARD, "CHS_18W"]
    assert one.figures.missing == ("NQ7",)
    assert one.figures.coverage < 1
    assert not one.figures.is_whole
    assert one.figures.over_now == pytest.approx(was.figures.over_now, rel=0.05)
    assert (one.figures.change, one.figures.newly_over_now, one.figures.real_change) == (None, None, None)
    assert one.life.state != "cleared"
    assert one.figures.newly_over
    assert "no sign that fewer wait" in one.sentence
    assert "Whether it changed cannot be said." in one.sentence
    assert [part.org for part in one.figures.counted] == [BOARD, "NQ7"]


def test_a_provider_that_sends_nothing_keeps_its_warning_and_is_named():
    history, waits = world(missing=(38, 39))
    before = warned(history, waits, as_of=monday(37), orgs=["NQ7"])
    one = warned(history, waits, as_of=monday(39), before=before.values(), orgs=["NQ7"])["NQ7", "CHS_18W"]
    assert one.figures.period_end == sunday(37)
    assert not one.figures.is_whole
    assert "There are no figures for the week to" in one.sentence
    assert "none were sent, or their file was refused or is held" in one.sentence
    assert one.life.state == "escalated"


def test_who_is_missing_and_never_known_leaves_the_list_of_the_last_whole_step():
    history, waits = world(missing=(39,))
    gone = {place: one for place, one in history.cells.items() if place[1] != "NQ7"}
    one = warned(replace(history, cells=gone), waits, as_of=monday(39), orgs=[BOARD])[BOARD, "CHS_18W"]
    assert one.figures.period_end == sunday(38)
    assert "in_doubt" in {caveat.code for caveat in one.figures.caveats}


def test_a_list_of_which_nothing_was_read_stays():
    before = warning()
    found = warnings_of([], Known({before.id: before}), as_of=MONDAY + WEEK, levels={})
    assert [(one.id, one.life.state, one.figures.is_whole) for one in found] == [(before.id, "escalated", False)]
    cleared = replace(before, life=replace(before.life, state="cleared"))
    assert warnings_of([], Known({before.id: cleared}), as_of=MONDAY + WEEK, levels={}) == ()


def test_neither_england_nor_a_region_is_warned():
    history, waits = world(weeks=3)
    renamed = {(number, "ENG" if org == BOARD else org): one for (number, org), one in history.cells.items()}
    found = warned(replace(history, cells=renamed), waits, as_of=monday(2))
    assert "ENG" not in {org for org, _ in found}


def test_a_copied_number_is_not_projected():
    history, waits = world(findings=found_in(39, "RYY", "copied_number", share=0.5))
    one = warned(history, waits, as_of=monday(39), orgs=["RYY"])["RYY", "CHS_18W"]
    assert one.figures.newly_over == ()
    assert (one.figures.method, one.figures.newly_over_now, one.figures.real_change) == (None, None, None)
    assert not one.figures.is_whole
    assert {"copied_number", "no_outlook"} <= {caveat.code for caveat in one.figures.caveats}


def test_what_was_counted_otherwise_before_is_not_compared():
    step = found_in(39, "RYY", "step", kind="jump", cause="coverage")
    history, waits = world(findings=step)
    one = warned(history, waits, as_of=monday(39), orgs=["RYY"])["RYY", "CHS_18W"]
    assert one.figures.newly_over == ()
    assert one.figures.newly_over_now is None
    assert "not_comparable" in {caveat.code for caveat in one.figures.caveats}
    later = warned(*world(weeks=41, findings=step), as_of=monday(40), orgs=["RYY"])["RYY", "CHS_18W"]
    assert "not_comparable" not in {caveat.code for caveat in later.figures.caveats}


def test_a_frozen_list_is_said_to_be_so():
    history, waits = world(findings=found_in(39, "RYY", "frozen_value"))
    one = warned(history, waits, as_of=monday(39), orgs=["RYY"])["RYY", "CHS_18W"]
    assert "frozen_value" in {caveat.code for caveat in one.figures.caveats}


def test_of_a_board_that_may_lack_others_it_is_not_said_whether_a_change_is_real():
    known = warned(*world(), as_of=monday(39), orgs=[BOARD])[BOARD, "CHS_18W"]
    found = found_in(39, BOARD, "whole_unknown")
    one = warned(*world(findings=found), as_of=monday(39), orgs=[BOARD])[BOARD, "CHS_18W"]
    assert (known.figures.real_change is None, one.figures.real_change) == (False, None)
    assert {caveat.code for caveat in one.figures.caveats} - {caveat.code for caveat in known.figures.caveats} == {
        "whole_unknown"
    }


def test_a_list_that_moved_says_where():
    history, waits = world(service="CAMHS", weeks=13)
    renamed = {(number, "RAT" if org == "RYY" else org): one for (number, org), one in history.cells.items()}
    vintages = tuple(one._replace(scope="RAT") if one.scope == "RYY" else one for one in history.vintages)
    moved = replace(history, cells=renamed, vintages=vintages)
    found = warned(moved, waits, as_of=date(2026, 4, 6), orgs=["RAT"])
    assert "moved" in {caveat.code for caveat in found["RAT", "CYPMH_4W"].figures.caveats}


@pytest.mark.parametrize(
    ("service", "standard", "codes"),
    [
        ("COMM_PAEDS", "CHS_18W", {"proxy"}),
        ("WHEELCHAIR", "WHEELCHAIR_18W", {"completed_waits"}),
        ("CAMHS", "CYPMH_4W", {"proposed_standard", "still_waiting"}),
        ("ADHD", "ADHD_LOCAL_52W", {"local"}),
    ],
)
def test_what_a_number_means_under_its_standard_is_said(service, standard, codes):
    found = warned(*world(service=service, weeks=4), as_of=monday(3), orgs=["RYY"])["RYY", standard]
    assert codes <= {one.code for one in found.figures.caveats}


def test_a_warning_under_the_standard_of_the_published_line_ends_once_the_service_sends_its_own_list():
    history, waits = world(service="WHEELCHAIR", weeks=4)
    first = warned(history, waits, as_of=monday(3), orgs=["RYY"])
    assert {standard for _, standard in first} == {"WHEELCHAIR_18W", "CHS_52W"}
    own = first["RYY", "WHEELCHAIR_18W"]
    old = replace(own, figures=replace(own.figures, source="chs_sitrep", standard_id="CHS_18W"))
    found = warned(history, waits, as_of=monday(3), orgs=["RYY"], before=[own, old])
    assert found["RYY", "CHS_18W"].life.state == "cleared"
    assert found["RYY", "WHEELCHAIR_18W"].life.state != "cleared"


def test_less_than_4_weeks_is_counted_strictly_and_looks_past_todays_list():
    history, waits = world(service="CAMHS", weeks=40)
    one = warned(history, waits, as_of=monday(39), orgs=["RYY"])["RYY", "CYPMH_4W"].figures
    own = waits[393, "RYY"].weeks
    assert one.over_standard == sum(own[4:])
    assert (one.threshold_days, one.subject) == (28, "long_tail")
    early = [one._replace(weeks=(*one.weeks[:7], *[0] * 254), waiting={}) for one in waits.values()]
    young = dict(zip(waits, early, strict=True))
    few = {place: one._replace(counts=bands_of(list(young[place].weeks))) for place, one in history.cells.items()}
    found = warned(replace(history, cells=few), young, as_of=monday(39), orgs=["RYY"])["RYY", "CYPMH_4W"].figures
    assert (found.over_days, found.subject) == (27, "threshold")
    assert found.newly_over[0].not_yet_referred is None
    assert found.newly_over[1].not_yet_referred > 0


def test_an_empty_list_is_warned_of_by_nobody():
    history, waits = world(weeks=5)
    assert warned(history, waits, as_of=date(2025, 1, 6)) == {}
    nobody = stored({"RYY": [0] * 8})
    found = warned(nobody, {}, as_of=date(2023, 1, 6))
    assert found == {}


def test_published_months_are_warned_of_from_bands():
    history = stored({"RYY": [400 + n % 7 for n in range(16)]}, long_waits=0.5)
    one = warned(history, {}, as_of=date(2023, 6, 20))["RYY", "CHS_18W"]
    assert (one.figures.freq, one.figures.basis) == ("M", "bands")
    assert "a month before" in one.sentence
    assert {"bands", "old"} <= {caveat.code for caveat in one.figures.caveats}
    assert one.figures.newly_over_now <= one.figures.over_now
    assert one.figures.real_change is not None


def test_bands_that_are_hidden_leave_numbers_that_are_known():
    history = stored({"RYY": [400] * 6})
    hidden = {
        place: one._replace(counts={**one.counts, ">12-18": None} if place[0] == 5 else one.counts)
        for place, one in history.cells.items()
    }
    one = warned(replace(history, cells=hidden), {}, as_of=date(2022, 8, 20))["RYY", "CHS_18W"]
    assert (one.figures.over_now, one.figures.newly_over, one.figures.longest_band) == (100, (), None)


@pytest.mark.parametrize(
    ("days", "words"),
    [(126, "over 18 weeks"), (27, "4 weeks or more"), (91, "over 13 weeks"), (7, "over 1 week"), (6, "1 week or more")],
)
def test_a_wait_in_words(days, words):
    assert over_words(days) == words


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"state": "raised"}, "Raised on 16 November 2026; the provider is asked to take it by 19 November 2026."),
        ({"state": "worse"}, "Worse on 16 November 2026; the provider is asked to take it by 19 November 2026."),
        (
            {"state": "escalated", "owner": Role.BOARD},
            (
                "Passed on to the improvement board on 16 November 2026, as nobody took it within three working days;"
                " to be taken by 19 November 2026."
            ),
        ),
        ({"state": "cleared"}, "Cleared on 16 November 2026."),
        (
            {"state": "acknowledged", "acknowledged": Acknowledgement(MONDAY, Role.ADMIN, "x", SUNDAY + WEEK, "low")},
            "Taken by the service's own team on 16 November 2026 until 22 November 2026.",
        ),
    ],
)
def test_where_a_warning_stands_in_words(changes, said):
    assert stands(life(**changes)) == said


def test_no_sentence_promises_or_counts_what_is_not_known(usual):
    for one in usual.values():
        assert not re.search(r"\bwill\b", one.sentence)
        assert "None" not in one.sentence
        assert one.sentence.endswith(".")


def test_a_warning_is_kept_and_read_without_a_loss(usual):
    for one in usual.values():
        assert warning_of(kept(one)) == one
    taken = Acknowledgement(MONDAY, Role.ADMIN, "x", SUNDAY + WEEK, "low")
    one = replace(warning(), life=life(state="acknowledged", acknowledged=taken))
    assert warning_of(kept(one)) == one
    assert taken_of(on=MONDAY, role="admin", reason="x", until=SUNDAY + WEEK, severity="low") == taken


def test_a_warning_in_another_database_differs_by_the_numbers_of_its_vintages_alone():
    now, before = [Counted(3, "RYY", SUNDAY), Counted(8, "RXY", SUNDAY)], [Counted(2, "RYY", SUNDAY - WEEK)]
    one = replace(warning(), figures=figures(counted=tuple(now), counted_before=tuple(before)))
    there = renumbered(one, {3: 2, 2: 5, 9: 1})
    assert there.figures.counted == (Counted(2, "RYY", SUNDAY), Counted(8, "RXY", SUNDAY))
    assert there.figures.counted_before == (Counted(5, "RYY", SUNDAY - WEEK),)
    assert renumbered(there, {2: 3, 5: 2}) == one


def test_a_warning_keeps_its_name_from_week_to_week():
    assert warning_id("SALT", "RYY", "CHS_18W") == figures().id == figures(as_of=MONDAY + WEEK).id
    assert figures().id != figures(standard_id="CHS_52W").id


@pytest.mark.parametrize("changes", [{"over_now": -1}, {"newly_over": (due(4, 5, 3, 9),)}])
def test_what_cannot_be_is_no_assessment(changes):
    with pytest.raises(BadArgument):
        figures(**changes)


def test_an_assessment_knows_whether_anybody_may_repeat_it():
    assert not figures().is_published
    assert figures(source="chs_sitrep").is_published


def test_levels_that_only_files_print_are_used():
    history = stored({"X99": [400] * 8, "X98": [300] * 8})
    pasts = pasts_of(history, {}, orgs=history.orgs, as_of=date(2022, 10, 20))
    levels = {"X99": Level.ICB, "X98": Level.REGION}
    found = warnings_of(pasts, Known(), as_of=date(2022, 10, 20), levels=levels)
    assert {one.figures.org for one in found} == {"X99"}
    assert {one.life.owner for one in found} == {Role.COMMISSIONER}


def test_every_field_of_an_assessment_is_plain_when_kept():
    row = kept(warning(caveats=(Caveat("old", "It is old."),)))
    assert set(row["figures"]) == {one.name for one in dataclasses.fields(figures())}


def test_nobody_over_is_no_rise_whatever_a_chart_makes_of_it():
    history = stored({"RYY": [24] + [3] * 13})
    (past,) = pasts_of(history, {}, orgs=["RYY"], as_of=date(2024, 1, 1))
    found = verdict_of(past, over_days=126, standard_id="CHS_18W", as_of=date(2024, 1, 1), is_exact=True)
    assert found == UNKNOWN


def test_nothing_known_is_no_verdict():
    (past,) = pasts_of(stored({"RYY": [24]}), {}, orgs=["RVV"], as_of=date(2024, 1, 1))
    assert verdict_of(past, over_days=126, standard_id="CHS_18W", as_of=date(2024, 1, 1), is_exact=True) == UNKNOWN
