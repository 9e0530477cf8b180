"""How heavy a page may be: three years of weeks of every measure, in bytes, as a phone on a ward would load it."""

import random
from datetime import date

from api.examples.lists import WAITING_LIST
from api.pages.ahead import outlook
from api.pages.cards import standing
from api.pages.choice import choice_of
from api.pages.first import SERVICES_SHOWN, Card
from api.pages.glance import glance
from api.pages.lists import MEASURES
from api.pages.moving import moving
from api.pages.rendering import rendered
from api.schemas.lists import WaitingList
from tests.unit.api.test_page_ahead import clearance, forecast
from waitlists.domain import Measure
from waitlists.organisations import ORGANISATIONS
from waitlists.trends.steps import AskedTrend, Step
from waitlists.trends.stored import stored_trend

MOST_BYTES = 300_000
WEEKS = 157
LAST = date(2026, 11, 15)


def trend(measure: Measure, standard: str | None, *, hidden_every: int = 10**6):
    """An answer of /v1/trends about three years of weeks that wander, some of them hidden."""
    draw, value, steps = random.Random(f"{measure}{standard}"), 5000.0, []
    for week in range(WEEKS):
        value += draw.choice((-35, -10, 5, 15, 40))
        day = date.fromordinal(LAST.toordinal() - 7 * (WEEKS - 1 - week))
        is_hidden = week % hidden_every == 0
        shown = value / 8000 if standard else value
        steps.append(Step(day, None if is_hidden else shown, 1.0, is_suppressed=is_hidden))
    asked = AskedTrend(
        measure=measure, of="Speech and language therapy, Kent", people="children", freq="W", cut_off=LAST
    )
    about = {"service": "SALT", "org": "QKS", "measure": measure, "standard_id": standard, "source": "referral_extract"}
    dated = {"as_of": LAST, "freq": "W", "links": {"self": "/v1/trends/x"}}
    # The heaviest: the adjusted chart leads, and the one by itself stands beside it.
    verdict = {"variation": "concern_high", "judged_variation": "common_cause", "real_change": False}
    return {**stored_trend(steps, asked).as_json(), **verdict, **about, **dated}


def page(**options) -> bytes:
    """The page of a list with a chart for each measure, and beside each the chart by itself."""
    wanted = [(Measure.SHARE_WITHIN_STANDARD, one) for one in ("CHS_18W", "CHS_52W")] + [
        (one, None) for one in MEASURES
    ]
    trends = {standard or measure: trend(measure, standard, **options) for measure, standard in wanted}
    charts = [moving(body, has_beside=True) for body in trends.values()]
    assert all(one.alone and one.alone.surprises for one in charts)
    return rendered(
        "list.html",
        None,
        one=standing(WaitingList.model_validate(WAITING_LIST).model_dump()),
        charts=charts,
        outlook=outlook(forecast(freq="W"), clearance({"kind": "run_off", "status": "never"}), trends["list_size"]),
        warnings=[],
        left_out=None,
        choice=choice_of(ORGANISATIONS["QKS"], LAST),
        day=LAST,
    )


def test_three_years_of_weeks_of_every_measure_stay_below_the_bound():
    assert len(page()) < MOST_BYTES


def test_so_they_do_where_many_weeks_are_hidden():
    assert len(page(hidden_every=4)) < MOST_BYTES


def first_page() -> bytes:
    """The first page with three years of weeks of every service, the adjusted chart leading on each."""
    answer = WaitingList.model_validate(WAITING_LIST).model_dump()
    one, of = standing(answer), trend(Measure.OVER_18_WEEKS, None)
    cards = [Card(glance(answer, of, {"items": [], "warned_as_of": LAST}), one, moving(of), ()) for _ in SERVICES_SHOWN]
    choice = choice_of(ORGANISATIONS["QKS"], LAST)
    return rendered("first.html", None, choice=choice, cards=cards, without=[], others=[], left_out=None, day=LAST)


def test_the_first_page_stays_below_the_bound_too():
    assert len(first_page()) < MOST_BYTES
