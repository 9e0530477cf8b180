"""The one picture of the mail: marks of what is a surprise, none of what rounding makes, and gaps that stay gaps."""

from datetime import date, timedelta

import pytest

from jobs.mail.breach_chart import IN_DOUBT, pictured
from jobs.mail.breach_words import TOO_SMALL
from tests.chart_reading import marks, parsed, words_in
from waitlists.domain import Measure
from waitlists.trends.steps import AskedTrend, Incomparable, Step
from waitlists.trends.unbalanced import FLOWS

FIRST = date(2025, 11, 23)
LEVEL = (100, 105, 95, 100, 110, 100, 90, 95, 105, 100, 100, 95)
STEADY = tuple(100 * (place + 10) + noise for place, noise in enumerate(LEVEL * 4))


def steps(values, **last):
    found = [
        Step(FIRST + timedelta(weeks=place), value, is_suppressed=value is None) for place, value in enumerate(values)
    ]
    return [*found[:-1], found[-1]._replace(**last)]


def asked(**changes):
    usual = {"measure": Measure.OVER_18_WEEKS, "of": "SALT, Kent", "people": "children", "freq": "W", "cut_off": FIRST}
    return AskedTrend(**(usual | changes))


def test_a_picture_comes_with_its_title_a_sentence_and_its_newest_steps():
    found = pictured(steps(STEADY), asked())
    assert found.title == "Children waiting over 18 weeks: SALT, Kent"
    assert found.sentence.startswith(
        "5,795 at the end of the week to 18 October 2026. Beside what the week before lets "
    )
    assert found.steps[-1] == ("the week to 18 October 2026", "5,795")
    assert len(found.steps) == 6


def test_raw_limits_and_verdicts_are_not_in_the_picture():
    """A list that grows steadily would lie outside its raw limits nearly every week."""
    words = words_in(parsed(pictured(steps(STEADY), asked()).svg))
    assert "usual variation" in words
    assert not [word for word in words if word and ("imit" in word or "Upper" in word or "Mean" in word)]


def test_a_leap_is_marked_and_a_step_of_rounding_is_not():
    leap = pictured(steps((*STEADY, STEADY[-1] + 2000)), asked())
    assert any("for the worse" in word for word in words_in(parsed(leap.svg)))
    flat = (*[40] * 10, 45, *[40] * 10, 35, *[40] * 10, 45)
    small = pictured(steps(flat), asked())
    assert f"The last step is {TOO_SMALL}." in small.sentence
    assert len({mark.get("fill") for mark in marks(parsed(small.svg))}) == 1
    assert not any("for the" in word for word in words_in(parsed(small.svg)))


def test_what_is_missing_or_hidden_is_said_and_never_zero():
    values = (*STEADY[:20], None, *STEADY[21:])
    found = pictured(steps(values, coverage=None), asked())
    assert "2 of 48 steps are not whole, or not shown, and are not judged." in found.sentence
    assert found.steps[-1][1].endswith("(part of the list is missing)")
    gone = pictured(steps((*STEADY, None)), asked())
    assert gone.steps[-1] == ("the week to 25 October 2026", "a number not shown")
    none = pictured([*steps(STEADY), Step(FIRST + timedelta(weeks=48), None)], asked())
    assert none.steps[-1] == ("the week to 25 October 2026", "no figure")


def test_figures_before_a_break_are_not_compared():
    cut = Incomparable(FIRST + timedelta(weeks=4), "coverage", "Salus is new in the figures.")
    assert pictured(steps(STEADY), asked(breaks=(cut,))).sentence.endswith(
        "Not compared with figures before: Salus is new in the figures."
    )


CALM = tuple(310 + 5 * (place * 7 % 3 - 1) for place in range(40))


@pytest.mark.parametrize("newest", [310, 390])
def test_a_figure_after_a_gap_is_given_no_verdict_of_an_older_one(newest):
    found = pictured(steps((*CALM, 390, None, newest)), asked())
    assert found.sentence.startswith(f"{newest} at the end of the week to 13 September 2026. ")
    assert "Beside what the week before lets expect" not in found.sentence
    assert ("real change for the worse" in found.sentence) is (newest == 390)
    silent = pictured(steps((*CALM, 390, None)), asked())
    assert "Whether that is a real change is not known." in silent.sentence


@pytest.mark.parametrize(
    ("newest", "said"),
    [
        ((1140,), "Beside what the week before lets expect: a real change for the worse, upwards."),
        ((1140, 1130), "Over time: a real change for the worse, upwards. The last step alone does not show it."),
        ((960,), "Beside what the week before lets expect: a real change for the better, downwards."),
        ((960, 970), "Over time: a real change for the better, downwards. The last step alone does not show it."),
    ],
)
def test_a_verdict_of_the_level_is_not_said_of_a_step_the_other_way(newest, said):
    values = (*(1050 + 5 * (place * 7 % 3 - 1) for place in range(40)), *newest)
    assert said in pictured(steps(values), asked()).sentence


def test_a_part_of_a_list_and_a_figure_that_cannot_be_right_are_told_as_such():
    part = pictured(steps((*CALM, 150), coverage=None), asked())
    assert part.sentence.startswith("150 at the end of the week to 30 August 2026, without the part that is missing. ")
    odd = pictured(steps((*CALM, None), note=IN_DOUBT, is_suppressed=False), asked())
    assert odd.steps[-1] == ("the week to 30 August 2026", "no figure that can be right")
    assert odd.sentence.startswith("305 at the end of the week to 23 August 2026. Whether that is")


def test_a_list_that_its_flows_do_not_explain_is_shown_without_a_verdict():
    cut = Incomparable(FIRST + timedelta(weeks=40), FLOWS, "Salus: the list is not explained.")
    found = pictured(steps((*CALM, 220)), asked(breaks=(cut,)))
    assert "Whether that is a real change is not known." in found.sentence
    assert found.sentence.endswith("Not compared with figures before: Salus: the list is not explained.")
    assert not any("for the" in word for word in words_in(parsed(found.svg)))


def test_too_few_figures_give_no_picture():
    assert pictured(steps(STEADY[:4]), asked()) is None
    assert pictured(steps((None, None)), asked()) is None
