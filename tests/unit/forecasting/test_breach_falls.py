"""Breach warnings where a list falls by more than a third and nobody knows why, or its figures cannot be used."""

from dataclasses import replace

import pytest

from forecasting.warnings.caveats import UNEXPLAINED
from forecasting.warnings.changed import UNKNOWN, verdict_of
from forecasting.warnings.every import Known, warnings_of
from forecasting.warnings.past import pasts_of
from forecasting.warnings.seen import alone
from forecasting.warnings.warning import Acknowledgement, Caveat
from tests.forecast_lists import stored
from tests.warned import figures
from tests.warned_lists import PROVIDERS, cells_of, monday, world
from waitlists.details import ListWaits, Within
from waitlists.security.access import Role
from waitlists.suppression import Rule

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
