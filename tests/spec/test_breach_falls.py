"""Breach warnings where a list falls by more than a third and nobody knows why, or its figures cannot be used."""

from dataclasses import replace

import pytest

from forecasting.warnings.caveats import UNEXPLAINED, UNEXPLAINED_OVER
from forecasting.warnings.changed import UNKNOWN, verdict_of
from forecasting.warnings.every import Known, warnings_of
from forecasting.warnings.falls import Fall, fall_of
from forecasting.warnings.past import pasts_of
from forecasting.warnings.seen import alone
from forecasting.warnings.warning import SEVERITIES, Acknowledgement, Caveat
from tests.forecast_lists import stored
from tests.warned import figures
from tests.warned_lists import PROVIDERS, cells_of, monday, sunday, world
from waitlists.details import ListWaits, Within
from waitlists.domain import Measure
from waitlists.security.access import Role
from waitlists.suppression import Rule
from waitlists.trends.decisions import Charted, Decision, Words
from waitlists.trends.steps import Incomparable

ORG = "RYY"
FELL = 40


def cut(history, waits, weeks):
    """The same with a fifth of the list of one provider in some weeks, nobody of them over 52 weeks."""
    cells, counted = dict(history.cells), dict(waits)
    for week in weeks:
        number = 10 * week + PROVIDERS.index(ORG) + 1
        own = [count // 5 if place < 52 else 0 for place, count in enumerate(waits[number, ORG].weeks)]
        cells[number, ORG] = cells_of(number, own, 20)
        counted[number, ORG] = ListWaits(tuple(own), {"CHS_18W": Within(sum(own[:18]), sum(own))})
    return replace(history, cells=cells), counted


def replayed(history, waits, weeks, *, taken=()):
    before, found = {}, {}
    for week in weeks:
        day = monday(week)
        said = {one: [ack for ack in taken if ack.on < day] for one in before}
        every = warnings_of(pasts_of(history, waits, orgs=[ORG], as_of=day), Known(before, said), as_of=day, levels={})
        before = {one.id: one for one in every}
        found[week] = next(one for one in every if one.figures.standard_id == "CHS_52W")
    return found


@pytest.fixture(scope="module")
def fallen():
    return cut(*world(weeks=48), range(FELL, 48))


def test_a_fall_without_a_known_cause_eases_nothing_until_somebody_answers_for_it(fallen):
    story = replayed(*fallen, range(FELL - 1, 48))
    assert story[FELL - 1].figures.is_whole
    assert story[FELL - 1].figures.over_now > 20
    for week in range(FELL, 48):
        one = story[week]
        assert one.figures.over_now == 0
        assert one.life.state in {"raised", "escalated"}, week
        assert not one.figures.is_whole
        assert "not to be trusted yet, and no improvement" in one.sentence
        assert "better" not in one.sentence
    taken = Acknowledgement(monday(FELL + 1), Role.COMMISSIONER, "It was validated.", monday(60), "medium")
    story = replayed(*fallen, range(FELL - 1, 48), taken=[taken])
    assert [story[week].life.calm for week in (FELL, FELL + 1, FELL + 2)] == [0, 0, 1]
    assert story[FELL + 2].figures.is_whole
    assert UNEXPLAINED in {one.code for one in story[FELL + 2].figures.caveats}


def test_a_list_that_is_back_is_trusted_again():
    story = replayed(*cut(*world(weeks=44), [FELL]), range(FELL - 1, 44))
    assert not story[FELL].figures.is_whole
    assert story[FELL + 1].figures.is_whole
    assert UNEXPLAINED not in {one.code for one in story[FELL + 1].figures.caveats}


def test_who_may_not_see_a_list_is_not_told_that_it_fell():
    fell = figures(caveats=(Caveat(UNEXPLAINED, "It fell."),))
    assert [one.code for one in alone(fell, rule=Rule.HES).caveats] == [UNEXPLAINED]
    assert alone(replace(fell, waiting=3), rule=Rule.HES).caveats == ()


def test_figures_that_came_and_cannot_be_used_are_not_called_missing():
    history, waits = world()
    number = 390 + PROVIDERS.index(ORG) + 1
    nothing = {place: one for place, one in history.cells.items() if place != (number, ORG)}
    said = replayed(replace(history, cells=nothing), waits, [38, 39])[39].sentence
    assert "Figures came for the week to 4 October 2026 that cannot be used; these are of the week to" in said


def test_what_rounding_alone_may_have_made_is_no_verdict():
    days = stored({ORG: [25, 24, 25, 26, 25, 24, 25, 26, 25, 24, 25, 26, 25, 26]})
    (past,) = pasts_of(days, {}, orgs=[ORG], as_of=days.vintages[-1].known_from)
    as_of = days.vintages[-1].known_from
    exact = verdict_of(past, over_days=126, standard_id="CHS_18W", as_of=as_of, is_exact=True)
    assert exact.is_real is False
    assert verdict_of(past, over_days=126, standard_id="CHS_18W", as_of=as_of, is_exact=False) == UNKNOWN


def test_a_published_month_without_a_figure_is_one_that_was_not_sent():
    months = stored({ORG: [100, 100, 100, None], "NQ7": [100, 100, 100, 100]})
    day = months.vintages[-1].known_from
    known = Known({one.id: one for one in warnings_at(months, months.vintages[-2].known_from, Known())})
    said = {one.sentence for one in warnings_at(months, day, known)}
    assert said
    assert all("No figures were sent for" in one for one in said)


def warnings_at(history, day, known):
    return warnings_of(pasts_of(history, {}, orgs=[ORG], as_of=day), known, as_of=day, levels={})


def over_cut(history, waits, weeks, *, left=None):
    """The same with those over 52 weeks of one provider cut to a fifth in some weeks; so many left in the first."""
    cells, counted = dict(history.cells), dict(waits)
    for week in weeks:
        number = 10 * week + PROVIDERS.index(ORG) + 1
        own = [count if place < 52 else count // 5 for place, count in enumerate(waits[number, ORG].weeks)]
        own[0] += sum(waits[number, ORG].weeks) - sum(own)
        cells[number, ORG] = cells_of(number, own, 20)
        if left is not None:
            flows = {**cells[number, ORG].flows, "removals": left if week == weeks[0] else 5}
            cells[number, ORG] = cells[number, ORG]._replace(flows=flows)
        counted[number, ORG] = ListWaits(tuple(own), {"CHS_18W": Within(sum(own[:18]), sum(own))})
    return replace(history, cells=cells), counted


@pytest.fixture(scope="module")
def long_waits():
    return world(weeks=46, hazard=0.012)


def test_a_fall_of_the_number_over_a_wait_alone_eases_nothing_either(long_waits):
    story = replayed(*over_cut(*long_waits, range(FELL, 46)), range(FELL - 1, 46))
    was = story[FELL - 1].figures
    assert was.over_now >= 50
    for week in range(FELL, 46):
        one = story[week]
        assert one.figures.waiting == pytest.approx(was.waiting, rel=0.1)
        assert one.figures.over_now < 0.65 * was.over_now
        assert one.life.state != "cleared"
        assert one.life.calm == 0
        assert SEVERITIES.index(one.life.severity) >= SEVERITIES.index(story[FELL - 1].life.severity)
        assert not one.figures.is_whole
        assert "The number over it fell by more than 35% to the week to 11 October 2026" in one.sentence
        assert "for the better" not in one.sentence


@pytest.mark.parametrize(("left", "is_trusted"), [(9_000, True), (20, False), (None, False)])
def test_as_many_who_left_explain_a_fall_of_the_number_over_a_wait(long_waits, left, is_trusted):
    weeks = range(FELL, 42)
    story = replayed(*over_cut(*long_waits, weeks, left=left), range(FELL - 1, 42))
    assert story[FELL].figures.is_whole is is_trusted
    assert (UNEXPLAINED_OVER in {one.code for one in story[FELL].figures.caveats}) is not is_trusted


def rebase(measure, since):
    about = Charted(service="SALT", org=ORG, measure=measure)
    words = Words("Records of families that moved were closed", "improvement board", monday(FELL))
    return Decision(what="rebase", about=about, since=since, value=None, words=words)


@pytest.mark.parametrize(
    ("measure", "since", "settles"),
    [
        (Measure.OVER_52_WEEKS, sunday(FELL), True),
        (Measure.OVER_52_WEEKS, monday(FELL - 1), True),
        (Measure.OVER_52_WEEKS, sunday(FELL - 1), False),
        (Measure.OVER_52_WEEKS, monday(FELL), False),
        (Measure.LIST_SIZE, sunday(FELL), True),
        (Measure.OVER_18_WEEKS, sunday(FELL), False),
    ],
)
def test_a_rebase_that_says_why_settles_a_fall_of_the_number_over_a_wait(long_waits, measure, since, settles):
    history, waits = over_cut(*long_waits, range(FELL, 42))
    (past,) = pasts_of(history, waits, orgs=[ORG], as_of=monday(FELL + 1), decisions=[rebase(measure, since)])
    assert (fall_of(past, over_days=364, standard_id="CHS_52W") is None) is settles
    assert fall_of(replace(past, decisions=()), over_days=364, standard_id="CHS_52W") == Fall(
        sunday(FELL), monday(FELL), is_of_list=False
    )


@pytest.mark.parametrize(("measure", "settles"), [(Measure.LIST_SIZE, True), (Measure.OVER_52_WEEKS, False)])
def test_a_rebase_of_a_list_settles_its_fall(fallen, measure, settles):
    history, waits = fallen
    (past,) = pasts_of(history, waits, orgs=[ORG], as_of=monday(FELL), decisions=[rebase(measure, sunday(FELL))])
    found = fall_of(past, over_days=364, standard_id="CHS_52W")
    assert (found is None) is settles
    assert settles or found.is_of_list


def test_a_wait_that_no_chart_shows_is_settled_by_a_rebase_of_the_list():
    history, waits = world(weeks=42)
    for week in range(FELL, 42):
        number = 10 * week + PROVIDERS.index(ORG) + 1
        size = sum(waits[number, ORG].weeks)
        waits[number, ORG] = ListWaits(waits[number, ORG].weeks, {"CYPMH_4W": Within(size, size)})
    settled = [rebase(Measure.LIST_SIZE, sunday(FELL))]
    (past,) = pasts_of(history, waits, orgs=[ORG], as_of=monday(FELL), decisions=settled)
    assert fall_of(past, over_days=27, standard_id="CYPMH_4W") is None
    assert fall_of(replace(past, decisions=()), over_days=27, standard_id="CYPMH_4W") is not None


def test_a_number_that_is_as_suddenly_back_is_trusted_again(long_waits):
    history, waits = over_cut(*long_waits, [FELL])
    (past,) = pasts_of(history, waits, orgs=[ORG], as_of=monday(FELL + 1))
    assert fall_of(past, over_days=364, standard_id="CHS_52W") is None


def test_a_fall_across_a_week_that_is_missing_is_explained_by_nobody_who_left(long_waits):
    history, waits = over_cut(*long_waits, [FELL + 1], left=9_000)
    number = 10 * FELL + PROVIDERS.index(ORG) + 1
    cells = {place: one for place, one in history.cells.items() if place != (number, ORG)}
    (past,) = pasts_of(replace(history, cells=cells), waits, orgs=[ORG], as_of=monday(FELL + 1))
    assert fall_of(past, over_days=364, standard_id="CHS_52W").since == sunday(FELL + 1)


def test_who_may_not_see_the_number_over_a_wait_is_not_told_that_it_fell():
    fell = figures(caveats=(Caveat(UNEXPLAINED_OVER, "It fell."),))
    assert [one.code for one in alone(fell, rule=Rule.HES).caveats] == [UNEXPLAINED_OVER]
    assert alone(replace(fell, over_now=3, over_standard=3), rule=Rule.HES).caveats == ()


@pytest.mark.parametrize(("spare", "is_explained"), [(0, True), (5, True), (-5, False)])
def test_those_who_left_have_to_be_as_many_as_the_number_fell_by(long_waits, spare, is_explained):
    history, waits = long_waits
    was = sum(waits[number_of(FELL - 1), ORG].weeks[52:])
    now = sum(count // 5 for count in waits[number_of(FELL), ORG].weeks[52:])
    fell_by = round(was / 5) * 5 - round(now / 5) * 5
    cut_history, cut_waits = over_cut(history, waits, [FELL], left=fell_by + spare)
    (past,) = pasts_of(cut_history, cut_waits, orgs=[ORG], as_of=monday(FELL))
    assert (fall_of(past, over_days=364, standard_id="CHS_52W") is None) is is_explained


def number_of(week):
    return 10 * week + PROVIDERS.index(ORG) + 1


@pytest.mark.parametrize(
    ("on", "cause", "is_explained"),
    [
        (sunday(FELL), "coverage", True),
        (sunday(FELL - 1), "coverage", False),
        (sunday(FELL + 1), "coverage", False),
        (sunday(FELL), "unknown", False),
    ],
)
def test_a_known_change_of_who_is_in_the_list_explains_the_step_it_is_of(long_waits, on, cause, is_explained):
    (past,) = pasts_of(*over_cut(*long_waits, range(FELL, 42)), orgs=[ORG], as_of=monday(FELL + 1))
    past = replace(past, changes=(Incomparable(on, cause, "Somebody came."),))
    assert (fall_of(past, over_days=364, standard_id="CHS_52W") is None) is is_explained


@pytest.mark.parametrize(
    ("was", "now", "fell"), [(76, 49, False), (78, 50, True), (47, 10, False), (49, 10, True), (52, 33, False)]
)
def test_what_is_told_of_a_fall_follows_from_numbers_to_the_nearest_5(was, now, fell):
    months = stored({ORG: [was] * 6 + [now]})
    (past,) = pasts_of(months, {}, orgs=[ORG], as_of=months.vintages[-1].known_from)
    found = fall_of(past, over_days=126, standard_id="CHS_18W")
    assert (found is not None) is fell
    assert found is None or found.is_of_list


@pytest.mark.parametrize(
    ("values", "fell_in"),
    [
        ([200, 100, 140], 1),
        ([200, 60, 85], 1),
        ([200, 100, 175], 1),
        ([200, 100, 180], None),
        ([200, 100, 300], None),
        ([200, 100, 130, 165, 185], None),
        ([200, 100, 60], 2),
        ([200, 100, 60, 85], 2),
        ([200, 100, 60, 90], 1),
        ([200, 100, 185, 100], 3),
        ([200, 300, 180], 2),
    ],
)
def test_a_fall_ends_only_where_the_number_is_near_what_it_was_before(values, fell_in):
    months = stored({ORG: values})
    (past,) = pasts_of(months, {}, orgs=[ORG], as_of=months.vintages[-1].known_from)
    found = fall_of(past, over_days=126, standard_id="CHS_18W")
    assert (found and found.since) == (None if fell_in is None else months.vintages[fell_in].period_end)


def test_a_rise_of_the_number_over_a_wait_alone_is_no_end_of_its_fall():
    months = stored({ORG: [1000] * 3}, long_waits=0.2)
    bands = months.cells[1, ORG].counts
    fallen, risen = ({**bands, "0-1": 1000 - over, ">18-52": over, ">52-104": 0, ">104": 0} for over in (100, 140))
    cells = {
        **months.cells,
        (1, ORG): months.cells[1, ORG]._replace(counts=fallen),
        (2, ORG): months.cells[2, ORG]._replace(counts=risen),
    }
    (past,) = pasts_of(replace(months, cells=cells), {}, orgs=[ORG], as_of=months.vintages[-1].known_from)
    found = fall_of(past, over_days=126, standard_id="CHS_18W")
    assert found is not None
    assert (found.since, found.is_of_list) == (months.vintages[1].period_end, False)
