"""The first page never calls a list better alone while another watched wait of it gets worse, or may."""

import pytest

from api.disclosure.said import ROUNDED
from api.pages.cards import standing
from api.pages.choice import choice_of
from api.pages.first import Card
from api.pages.glance import glance
from api.pages.headline import Headline, headline, measures_beside
from api.pages.moving import moving
from api.pages.rendering import rendered
from tests.unit.api.test_page_cards import STEADY, body
from tests.unit.api.test_page_glance import LISTED, WARNING, answer
from waitlists.organisations import ORGANISATIONS


def trend(variation, *, real=True, measure="over_18_weeks", sentence="x"):
    found = body(*STEADY, real=real, variation=variation) | {"measure": measure, "sentence": sentence}
    return {**found, "points": [{"provisional": False, "marks": [], **point} for point in found["points"]]}


def longer(real, change, days=364, **changes):
    """A warning of a longer wait."""
    about = {"standard_id": "CHS_52W", "over_days": days, "real_change": real, "change_since_last_week": change}
    return {**WARNING, **about, **changes}


BETTER = trend("improvement_low")
OVER_52 = "over_52_weeks"
WORSE = "Over 52 weeks: real change for the worse; over 18 weeks: for the better"
UNTELLABLE = "Over 52 weeks: cannot be told whether it got worse; over 18 weeks: real change for the better"


def said(lead, beside, *warnings):
    return headline(lead, beside, answer(WARNING, *warnings), ident="x").said


@pytest.mark.parametrize(
    ("lead", "warnings", "measures"),
    [
        (BETTER, [longer(False, 0)], [OVER_52]),
        (BETTER, [longer(False, 0, 728), longer(False, 0, 140)], [OVER_52, "over_104_weeks"]),
        (BETTER, [longer(False, 0, 728, state="cleared")], [OVER_52]),
        (trend("improvement_low", measure=OVER_52), [], ["over_18_weeks"]),
        (trend("concern_high"), [longer(True, 5)], []),
        (trend("improvement_low", real=None), [longer(True, 5)], []),
    ],
)
def test_where_a_list_is_called_better_its_other_watched_waits_are_looked_at(lead, warnings, measures):
    assert measures_beside(lead, answer(WARNING, *warnings)) == measures


@pytest.mark.parametrize(
    ("variation", "real", "warned", "unwarned"),
    [
        ("concern_high", True, WORSE, WORSE),
        ("common_cause", False, "", ""),
        ("improvement_low", True, "", ""),
        (None, None, UNTELLABLE, ""),
    ],
)
def test_a_trend_for_the_worse_of_a_longer_wait_is_said_first(variation, real, warned, unwarned):
    beside = [trend(variation, real=real, measure=OVER_52)]
    assert said(BETTER, beside, longer(False, 0)) == warned
    assert said(BETTER, beside) == unwarned


@pytest.mark.parametrize(
    ("real", "change", "text"),
    [
        (True, 6, WORSE),
        (True, -6, ""),
        (True, 0, UNTELLABLE),
        (True, None, UNTELLABLE),
        (None, None, UNTELLABLE),
        (False, 5, ""),
    ],
)
def test_a_wait_without_a_trend_goes_the_way_of_its_warning(real, change, text):
    words = text.replace("Over 52", "Over 20")
    assert said(BETTER, [], longer(real, change, 140)) == words


def test_whoever_sees_rounded_figures_is_told_no_verdict_that_these_do_not_give():
    rounded = trend("improvement_low", sentence=ROUNDED)
    beside = [trend("common_cause", real=False, measure=OVER_52, sentence=ROUNDED)]
    assert said(rounded, beside, longer(False, 5)) == UNTELLABLE
    assert said(rounded, beside, longer(False, 10)) == said(BETTER, beside, longer(False, 5)) == ""


def test_a_list_that_shrinks_is_not_called_better_alone():
    beside = [trend("concern_high", measure=OVER_52)]
    lead = trend("improvement_low", measure="list_size")
    assert said(lead, beside) == "Over 52 weeks: real change for the worse; how many wait: for the better"


def test_the_icon_is_never_that_of_the_better_wait():
    worse, unknown = trend("concern_high", measure=OVER_52), trend(None, real=None, measure=OVER_52)
    warnings = answer(WARNING, longer(False, 0))
    assert "<svg" in glance(LISTED, BETTER, warnings, beside=[worse]).icon
    assert glance(LISTED, BETTER, warnings, beside=[worse]).icon != glance(LISTED, BETTER, warnings).icon
    assert glance(LISTED, BETTER, warnings, beside=[unknown]).icon == ""
    assert headline(BETTER, [], answer(WARNING), ident="x") == Headline()


def test_the_line_of_the_first_page_says_both():
    line = glance(LISTED, BETTER, answer(WARNING), beside=[trend("concern_high", measure=OVER_52)])
    card = Card(line, standing(LISTED), moving(BETTER), ())
    about = {"choice": choice_of(ORGANISATIONS["QKS"], LISTED["as_of"]), "day": LISTED["as_of"]}
    text = rendered("first.html", None, cards=[card], without=[], others=[], left_out=None, **about).decode()
    assert f"<span>{WORSE}<small>Over 18 weeks, a trend of" in text


@pytest.mark.parametrize(
    ("variation", "rule", "verdict"),
    [
        ("improvement_high", "below_lower", "Below the lower limit, though rising, which is for the better"),
        ("improvement_low", "above_upper", "Above the upper limit, though falling, which is for the better"),
        ("improvement_low", "below_lower", "Real change for the better, downwards"),
        ("concern_high", "below_lower", "Real change for the worse, upwards"),
    ],
)
def test_what_lies_beyond_its_limit_on_the_worse_side_is_not_led_with_as_better(variation, rule, verdict):
    one = trend(variation) | {"variation": variation}
    one["points"][-1]["reasons"] = [{"rule": rule}]
    found, is_led = moving(one), verdict.startswith("Real")
    assert found.verdict == verdict
    assert bool(found.icons) == bool(glance(LISTED, one, answer(WARNING)).icon) == is_led
