"""Breach warnings where figures are not comparable or old: silent providers, handovers, lists of long ago."""

from dataclasses import replace

import pytest

from forecasting.warnings.every import Known, warnings_of
from forecasting.warnings.past import pasts_of
from forecasting.warnings.warning import Acknowledgement
from tests.warned_lists import BOARD, PROVIDERS, cells_of, monday, sunday, world
from waitlists.quality.presence import EXPECTED_WINDOW
from waitlists.security.access import Role

SILENT = range(40, 40 + EXPECTED_WINDOW + 2)
"""NQ7 is expected for 11 of these weeks; week 51 is the first without it."""
FIRST_WITHOUT = 40 + EXPECTED_WINDOW - 1


def replayed(history, waits, weeks, *, org=BOARD, standard="CHS_52W", taken=()):
    """The warning of a list on the Mondays after weeks, each going on from the one before."""
    before, found = {}, {}
    for week in weeks:
        day = monday(week)
        pasts = pasts_of(history, waits, orgs=[org], as_of=day)
        said = {one: [ack for ack in taken if ack.on < day] for one in before}
        every = warnings_of(pasts, Known(before, said), as_of=day, levels={})
        before = {one.id: one for one in every}
        found[week] = next((one for one in every if one.figures.standard_id == standard), None)
    return found


@pytest.fixture(scope="module")
def silent():
    """Only NQ7 has long waits, and it falls silent."""
    return world(weeks=54, missing=tuple(SILENT), short=("RPA", "RYY"))


def test_a_provider_that_fell_silent_is_no_improvement(silent):
    story = replayed(*silent, [39, *SILENT])
    assert story[39].figures.over_now > 100
    for week in SILENT:
        one = story[week]
        assert one.life.state in {"raised", "escalated"}, week
        assert not one.figures.is_whole
        assert (one.figures.real_change, one.figures.real_change_shown) == (None, None)
        assert "better" not in one.sentence
    assert story[FIRST_WITHOUT - 1].figures.over_now == story[39].figures.over_now
    one = story[FIRST_WITHOUT]
    assert (one.figures.over_now, one.figures.change, one.figures.newly_over_now) == (0, None, None)
    gone = "Medway Community Healthcare no longer sends figures: that fewer wait is no improvement."
    assert gone in one.sentence
    assert "not_comparable" in {caveat.code for caveat in one.figures.caveats}
    assert gone in story[SILENT[-1]].sentence


def test_its_warning_ends_once_somebody_took_it(silent):
    taken = Acknowledgement(monday(FIRST_WITHOUT), Role.COMMISSIONER, "It closed.", monday(60), "medium")
    story = replayed(*silent, [39, *SILENT], taken=[taken])
    assert story[FIRST_WITHOUT + 1].figures.is_whole
    assert story[FIRST_WITHOUT + 2].life.state == "cleared"
    early = taken._replace(on=monday(FIRST_WITHOUT - 3))
    assert replayed(*silent, [39, *SILENT], taken=[early])[SILENT[-1]].life.state == "acknowledged"


def test_a_warning_raised_without_it_is_judged_as_any_other():
    history, waits = world(weeks=54, missing=tuple(SILENT))
    one = replayed(history, waits, [53], standard="CHS_18W")[53]
    assert one.figures.is_whole
    assert "gone" in {caveat.code for caveat in one.figures.caveats}


def test_who_is_due_is_learnt_from_weeks_of_the_same_providers():
    history, waits = world(weeks=64, missing=tuple(range(40, 64)))
    day = monday(63)
    found = warnings_of(pasts_of(history, waits, orgs=[BOARD, "RPA", "RYY"], as_of=day), Known(), as_of=day, levels={})
    middle = {one.figures.org: one.figures.newly_over[0].p50 for one in found if one.figures.standard_id == "CHS_18W"}
    assert middle[BOARD] == pytest.approx(middle["RPA"] + middle["RYY"], rel=0.25)


def test_referrals_to_come_are_those_of_the_same_providers():
    history, waits = world(service="CAMHS", weeks=62, missing=tuple(range(40, 62)), short=PROVIDERS)
    found = {
        week: replayed(history, waits, [week], standard="CYPMH_4W")[week].figures.newly_over[2].not_yet_referred
        for week in (39, 54, 61)
    }
    assert found[54] is None  # of too few weeks without NQ7
    assert found[61] == pytest.approx(found[39] / 2, rel=0.3)


def handed_over():
    """From 1 April 2026, in week 13, RXY carries on the children's mental health list of RAT."""
    history, waits = world(service="CAMHS", weeks=18)
    names = {"RPA": "RAT", "RYY": "RXY"}
    cells = {(number, names.get(org, org)): one for (number, org), one in history.cells.items()}
    waits = {(number, names.get(org, org)): one for (number, org), one in waits.items()}
    vintages = [one._replace(scope=names.get(one.scope, one.scope)) for one in history.vintages]
    for week in range(13, 18):
        old, new = ((10 * week + 1 + PROVIDERS.index(org), names[org]) for org in names)
        weeks = [sum(both) for both in zip(waits.pop(old).weeks, waits[new].weeks, strict=True)]
        del cells[old]
        cells[new] = cells_of(new[0], weeks, 30)
        waits[new] = waits[new]._replace(weeks=tuple(weeks), waiting={})
        vintages = [one for one in vintages if one.id != old[0]]
    return replace(history, cells=cells, vintages=tuple(vintages)), waits


def test_a_list_that_was_handed_over_is_warned_of_where_it_is_kept():
    history, waits = handed_over()
    story = replayed(history, waits, range(11, 16), org="RAT", standard="CYPMH_4W")
    assert story[12].life.state != "cleared"
    assert (story[13].life.state, story[13].life.since) == ("cleared", monday(13))
    assert "moved to Kent and Medway Mental Health NHS Trust and is warned of there" in story[13].sentence
    assert (story[14], story[15]) == (None, None)
    one = replayed(history, waits, range(12, 14), org="RXY", standard="CYPMH_4W")[13]
    assert one.life.state != "cleared"
    assert (one.figures.change, one.figures.real_change, one.figures.newly_over) == (None, None, ())
    assert "not_comparable" in {caveat.code for caveat in one.figures.caveats}


def test_old_figures_raise_nothing():
    history, waits = world(missing=tuple(range(37, 40)))
    assert replayed(history, waits, [39], org="NQ7")[39] is None
    fresh = replayed(history, waits, [37], org="NQ7")[37]
    assert fresh.figures.period_end == sunday(36)


def test_a_warning_stays_on_old_figures_and_looks_ahead_of_today_only():
    history, waits = world(missing=tuple(range(35, 40)))
    one = replayed(history, waits, [34, 39], org="NQ7")[39]
    assert one.life.state == "escalated"
    assert [due.weeks for due in one.figures.newly_over] == [8, 12]
    assert {checked.weeks for checked in one.figures.held} == {8, 12}
    assert "of the list of that day" in one.sentence
    assert (one.figures.change, one.figures.real_change, one.figures.newly_over_now) == (None, None, None)
    assert "Whether it changed cannot be said." in one.sentence


def test_what_was_due_by_a_day_gone_by_is_left_out():
    history, waits = world(missing=tuple(range(20, 40)))
    one = replayed(history, waits, [19, 39], org="NQ7")[39]
    assert (one.figures.newly_over, one.figures.held, one.figures.method) == ((), (), None)
    assert "no_outlook" in {caveat.code for caveat in one.figures.caveats}


def test_old_figures_make_no_warning_worse():
    history, waits = world(missing=tuple(range(35, 40)))
    before = replayed(history, waits, [34], org="NQ7")[34]
    assert before.life.severity == "medium"
    mild = replace(before, life=replace(before.life, severity="low"))
    pasts = pasts_of(history, waits, orgs=["NQ7"], as_of=monday(39))
    found = warnings_of(pasts, Known({mild.id: mild}), as_of=monday(39), levels={})
    assert [(one.life.severity, one.life.state) for one in found] == [("low", "escalated")]
