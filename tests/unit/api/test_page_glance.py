"""A service in one line: how many over the standard, the last step, and who is likely to cross next."""

from dataclasses import replace
from datetime import date

import pytest

from api.disclosure.said import ROUNDED
from api.examples.lists import WAITING_LIST
from api.pages.breaches import due_row
from api.pages.cards import standing
from api.pages.choice import choice_of
from api.pages.first import SERVICES_SHOWN, Card
from api.pages.glance import Ahead, glance, watched_measure
from api.pages.rendering import rendered
from api.schemas.lists import WaitingList
from forecasting.warnings.seen import SeenDue
from forecasting.warnings.words import sentence_of
from tests.mailed import email_of, listed, mark, warned, week
from tests.unit.api.test_page_cards import STEADY, body
from tests.warned import SUNDAY, WEEK
from waitlists.organisations import ORGANISATIONS

LISTED = WaitingList.model_validate(WAITING_LIST).model_dump() | {
    "service": "SALT",
    "source": "chs_sitrep",
    "as_of": date(2025, 6, 2),
    "over_18_weeks": 324,
    "over_52_weeks": 75,
    "suppressed": [],
}
NEXT = {"by": date(2025, 6, 30), "p10": 28.9, "p90": 38.2}
WARNING = {
    "id": "7",
    "service": "SALT",
    "standard_id": "CHS_18W",
    "over_days": 126,
    "state": "raised",
    "source": "chs_sitrep",
    "period_end": LISTED["period_end"],
    "over_standard": 300,
    "newly_over": [NEXT],
    "change_since_last_week": 0,
    "real_change": False,
    "suppressed": [],
}
AUTISM = {"service": "ASD", "source": "referral_extract", "shares": []}


def answer(*warnings, worked_out=date(2025, 6, 2)):
    """An answer of /v1/breaches."""
    return {"items": list(warnings), "warned_as_of": worked_out}


def over(listed=LISTED, *warnings):
    found = glance(listed, None, answer(*warnings))
    return found.over, found.over_what


def test_the_shortest_wait_that_is_asked_for_is_meant_and_counted_as_the_list_counts_it():
    assert over(LISTED, WARNING) == ("324", "over 18 weeks")
    assert over({**LISTED, "suppressed": ["/over_18_weeks"]}) == ("not shown", "over 18 weeks")
    assert over({**LISTED, "over_18_weeks": None}) == ("not known", "over 18 weeks")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "300"),
        ({"over_standard": None, "suppressed": ["/over_standard"]}, "not shown"),
        ({"period_end": date(2024, 1, 31)}, "not known"),
        ({"state": "cleared"}, "not known"),
    ],
)
def test_a_wait_the_list_does_not_count_is_as_its_warning_says_of_the_same_figures(changed, said):
    warning = {**WARNING, "standard_id": "ASD_NICE_13W", "source": "referral_extract", **changed}
    assert over(LISTED | AUTISM, warning) == (said, "over 13 weeks")


@pytest.mark.parametrize(
    ("share", "suppressed", "said"),
    [
        ({"over": 52}, [], "52"),
        ({"over": None}, ["/shares/1/over"], "not shown"),
        ({"over": None}, [], "300"),
        ({"over": 52, "basis": "completed"}, [], "300"),
        ({"over": 52, "standard_id": "CHS_18W"}, [], "300"),
    ],
)
def test_the_share_of_those_waiting_says_how_many_are_over_before_the_warning_does(share, suppressed, said):
    one = {"standard_id": "ASD_NICE_13W", "basis": "waiting", **share}
    every = [{**one, "standard_id": "CHS_52W"}, one]
    warning = {**WARNING, "standard_id": "ASD_NICE_13W", "source": "referral_extract"}
    assert over(LISTED | AUTISM | {"shares": every, "suppressed": suppressed}, warning)[0] == said


def test_those_over_a_standard_about_a_part_of_a_list_are_called_so():
    share = {"standard_id": "CYPMH_4W", "basis": "waiting", "over": 30}
    listed = LISTED | {"service": "CAMHS", "source": "referral_extract"}
    assert over({**listed, "shares": [share]}) == ("30", "4 weeks or more, of those the standard is about")
    assert over({**listed, "shares": []}) == ("not known", "4 weeks or more")


@pytest.mark.parametrize("service", SERVICES_SHOWN)
@pytest.mark.parametrize("source", ["chs_sitrep", "referral_extract"])
def test_every_service_of_the_first_page_has_a_standard(service, source):
    assert "week" in over({**LISTED, "service": service, "source": source})[1]


RANGES = {
    "both ends": ((28.9, 38.2), "between 29 and 38"),
    "a point": ((38.0, 38.2), "about 38"),
    "a low end that is not shown": ((None, 10.0), "up to 10"),
    "a low end of nobody": ((0.0, 10.0), "up to 10"),
    "nobody": ((0.0, 0.0), "none"),
    "not shown": ((None, None), "a number not shown"),
}


@pytest.mark.parametrize(("ends", "said"), RANGES.values(), ids=RANGES)
def test_who_is_likely_to_cross_is_told_by_the_first_day_to_come(ends, said):
    due = {**NEXT, **dict(zip(("p10", "p90"), ends, strict=True))}
    found = glance(LISTED, None, answer({**WARNING, "newly_over": [due]})).ahead
    assert found == Ahead(said, "over 18 weeks by 30 June 2025", "/breaches/7")


@pytest.mark.parametrize(("ends", "said"), RANGES.values(), ids=RANGES)
def test_the_sentence_of_a_list_the_page_of_its_warning_and_the_mail_tell_it_in_the_same_words(ends, said):
    due = SeenDue(4, SUNDAY + 4 * WEEK, ends[0], None, ends[1], None, None)
    shown = SeenDue(8, SUNDAY + 8 * WEEK, 40.0, 45.0, 50.0, None, None)
    own = warned(org="QKS")
    seen = replace(own.seen, newly_over=(due, shown))
    sentence = sentence_of(seen, own.figures)
    assert f"Likely to cross of today's list (8 in 10): {said} by 13 December 2026; between 40 and 50 by" in sentence
    row = email_of(week(listed(mark(replace(own, seen=seen))))).sections[0].blocks[0].rows[3]
    assert row.label == "Due to cross in 4 weeks, by 13 December 2026"
    assert row.value.removeprefix("likely ") == said
    body = {"newly_over": [due._asdict()], "ranges_checked": [], "suppressed": []}
    assert due_row(body, 0).likely == said


def test_a_day_that_has_passed_is_left_out():
    past = {**NEXT, "by": date(2025, 6, 2)}
    assert glance(LISTED, None, answer({**WARNING, "newly_over": [past, NEXT]})).ahead.children == "between 29 and 38"
    assert glance(LISTED, None, answer({**WARNING, "newly_over": [past]})).ahead == Ahead(
        "not known", "", "/breaches/7"
    )


def test_where_a_longer_wait_is_watched_all_of_the_line_beside_the_standard_is_about_that():
    """One line told of 13, 18 and 52 weeks."""
    breaches = answer({**WARNING, "over_days": 364})
    found = glance(LISTED, None, breaches)
    assert (found.longer, found.ahead.by) == ("75 over 52 weeks", "over 52 weeks by 30 June 2025")
    assert watched_measure(LISTED, breaches) == "over_52_weeks"
    hidden = {**LISTED, "over_52_weeks": None, "suppressed": ["/over_52_weeks"]}
    assert glance(hidden, None, breaches).longer == "not shown over 52 weeks"


@pytest.mark.parametrize(
    ("changes", "measure"),
    [
        ({}, "over_18_weeks"),
        ({"over_days": 27}, None),
        ({"over_days": 1092}, None),
        ({"state": "cleared"}, None),
    ],
)
def test_what_is_charted_is_the_wait_of_the_warning_where_that_is_counted(changes, measure):
    breaches = answer({**WARNING, **changes})
    assert watched_measure(LISTED, breaches) == measure
    assert glance(LISTED, None, breaches).longer == ""


def test_no_warning_is_told_from_none_worked_out():
    assert glance(LISTED, None, answer()).ahead == Ahead("no warning")
    assert glance(LISTED, None, answer(worked_out=None)).ahead == Ahead("not worked out")
    assert glance({**LISTED, "org_level": "england"}, None, answer()).ahead == Ahead("not worked out")


def test_where_warnings_are_not_given_it_is_not_said_that_none_stands():
    assert glance(LISTED, None, answer(), is_given=False).ahead == Ahead("not given")
    assert glance(LISTED, None, answer(worked_out=None), is_given=False).ahead == Ahead("not worked out")


def test_what_is_not_shown_leads_to_what_rounding_does():
    answered = {**LISTED, "list_size": None, "suppressed": ["/list_size", "/over_18_weeks"]}
    card = Card(glance(answered, None, answer()), standing(answered), None, ())
    choice = choice_of(ORGANISATIONS["QKS"], LISTED["as_of"])
    about = {"choice": choice, "without": [], "others": [], "left_out": None, "day": LISTED["as_of"]}
    text = rendered("first.html", None, cards=[card], **about).decode()
    assert text.count('<a href="#rounding">not shown</a>') == 4
    assert text.count('id="rounding"') == 1
    assert 'id="rounding"' not in rendered("first.html", None, cards=[], **about).decode()


def change(*values, sentence="x", **last):
    """What is said of the last step."""
    trend = body(*values, real=False, variation="common_cause") | {"sentence": sentence}
    points = [{"provisional": False, "marks": [], **point} for point in trend["points"]]
    points[-1] |= last
    return glance(LISTED, {**trend, "points": points}, answer()).change


def test_the_last_step_is_said_with_its_way():
    assert change(*STEADY) == "The last month alone: 4 more"
    assert change(*STEADY, 1.0) == "The last month alone: 103 fewer"
    assert change(*STEADY, 104.0) == "The last month alone: unchanged"


@pytest.mark.parametrize(
    ("measure", "real", "said"),
    [
        ("over_18_weeks", False, "Over 18 weeks, a trend of 16 months"),
        ("over_52_weeks", True, "Over 52 weeks, a trend of 16 months"),
        ("list_size", None, "Waiting"),
    ],
)
def test_the_verdict_is_said_to_be_of_many_steps(measure, real, said):
    """A real change for the worse, upwards, stood beside 6 fewer in a week."""
    trend = body(*STEADY, real=real, variation="common_cause") | {"measure": measure}
    points = [{"provisional": False, "marks": [], **point} for point in trend["points"]]
    assert glance(LISTED, {**trend, "points": points}, answer()).trend == said


def test_a_step_that_rounding_may_have_made_is_none():
    assert change(*STEADY, 109.0, sentence=ROUNDED) == "The last month alone: about unchanged"
    assert change(*STEADY, 114.0, sentence=ROUNDED) == "The last month alone: 10 more"


def test_nothing_is_said_of_a_step_that_cannot_be_compared():
    assert change(*STEADY, provisional=True) == change(*STEADY, marks=["not_comparable"]) == ""
    assert change(*STEADY, None) == change(104.0) == ""


def test_only_a_verdict_has_an_icon():
    unsure, sure = (body(*STEADY, real=real, variation="common_cause") for real in (None, False))
    points = [{**point, "provisional": False, "marks": []} for point in sure["points"]]
    icons = [glance(LISTED, {**one, "points": points}, answer()).icon for one in (unsure, sure)]
    assert [bool(icon) for icon in icons] == [False, True]
    assert glance(LISTED, None, answer()).icon == ""


def test_a_trend_of_another_wait_than_is_counted_says_so():
    trend = body(*STEADY, real=None, variation="common_cause")
    points = [{"provisional": False, "marks": [], **point} for point in trend["points"]]
    plans = {**WARNING, "service": "EHC", "standard_id": "EHC_20W", "over_days": 140}
    listed = {**LISTED, "service": "EHC", "source": "referral_extract", "shares": []}
    said = glance(listed, {**trend, "points": points}, answer(plans)).trend
    assert said == "Over 18 weeks (no trend is kept of those waiting over 20 weeks)"
