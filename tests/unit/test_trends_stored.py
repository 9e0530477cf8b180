"""A stored series as a trend: what is judged, what is only marked, and what the sentence says of it."""

import math
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from waitlists.domain import Measure, SeriesKey
from waitlists.errors import BadArgument
from waitlists.periods import month_range
from waitlists.series import Break, Series, SeriesPoint
from waitlists.trends import telling
from waitlists.trends.measures import MEASURED, phrase_of, said, within_reach
from waitlists.trends.steps import AskedTrend, Incomparable, Mark, PlannedTarget, Rebase, Step
from waitlists.trends.stored import breaks_of, steps_of, stored_trend
from waitlists.trends.verdict import Reason
from waitlists.trends.words import found

MONTHS = month_range(date(2021, 1, 31), date(2025, 12, 31))
TREATED = AskedTrend(measure=Measure.TREATED, of="Speech, Kent", people="children", freq="M", cut_off=MONTHS[-1])
SIZE = replace(TREATED, measure=Measure.LIST_SIZE)


def steps(*values, **more):
    return [Step(day, value, **more) for day, value in zip(MONTHS, values, strict=False)]


def noise(count, level=100.0, seed=3):
    draw = random.Random(seed)
    return [round(level + draw.gauss(0, 5)) for _ in range(count)]


def part(step, note=None):
    return step._replace(value=40.0, coverage=0.5, is_provisional=True, note=note)


TABLE = {
    Measure.LIST_SIZE: ("stock", "decrease", "people", "children waiting"),
    Measure.OVER_18_WEEKS: ("stock", "decrease", "people", "children waiting over 18 weeks"),
    Measure.OVER_52_WEEKS: ("stock", "decrease", "people", "children waiting over 52 weeks"),
    Measure.OVER_104_WEEKS: ("stock", "decrease", "people", "children waiting over 104 weeks"),
    Measure.OVER_156_WEEKS: ("stock", "decrease", "people", "children waiting over 156 weeks"),
    Measure.OVER_208_WEEKS: ("stock", "decrease", "people", "children waiting over 208 weeks"),
    Measure.REFERRALS: ("flow", "neutral", "people", "children referred in the period"),
    Measure.REMOVALS: ("flow", "neutral", "people", "children leaving the list in the period"),
    Measure.TREATED: ("flow", "increase", "people", "children treated in the period"),
    Measure.SHARE_WITHIN_STANDARD: (
        "percent",
        "increase",
        "share",
        "share of children waiting who are within the standard",
    ),
    Measure.MEDIAN_WAIT: ("median", "decrease", "weeks", "median weeks that children have waited"),
    Measure.P92_WAIT: ("median", "decrease", "weeks", "weeks that 92 in 100 children have waited at most"),
}


@pytest.mark.parametrize("measure", Measure)
def test_every_measure_has_a_kind_a_better_way_a_unit_and_a_phrase(measure):
    kind, direction, unit, phrase = TABLE[measure]
    found = MEASURED[measure]
    assert (found.kind, found.direction, found.unit, phrase_of(measure, "children")) == (kind, direction, unit, phrase)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1651.0, "people", "1,651"),
        (3.25, "people", "3.2"),
        (9.96, "people", "10"),
        (-9.5, "people", "-9.5"),
        (10.0, "people", "10"),
        (10.4, "people", "10"),
        (12.5, "people", "12"),
        (0.6432, "share", "64.3%"),
        (0.64, "share", "64%"),
        (18.0, "weeks", "18 weeks"),
        (7.25, "weeks", "7.2 weeks"),
    ],
)
def test_numbers_are_said_with_their_unit(value, unit, text):
    assert said(value, unit) == text


def test_limits_are_said_as_far_as_they_can_be_met():
    assert within_reach(-3.0, "people") == 0.0
    assert within_reach(140.0, "people") == 140.0
    assert (within_reach(1.04, "share"), within_reach(0.9, "share")) == (1.0, 0.9)


def test_only_rules_on_the_side_of_the_verdict_are_its_reasons():
    high = Reason("above_upper", "high", MONTHS[0], MONTHS[0])
    low = Reason("trend_down", "low", MONTHS[0], MONTHS[6])
    above, fell = "the value lies above the upper limit", "values fell steadily from 31 January 2021 to 31 July 2021"
    better, worse = "a real change for the better, downwards", "a real change for the worse, upwards"
    assert found("concern_high", (high, low)) == f"{worse}, because {above}, although {fell}"
    assert found("improvement_low", (low,)) == f"{better}, because {fell}"
    assert found("common_cause", ()) == "no sign of a real change"


def test_what_lies_beyond_its_limit_on_the_worse_side_is_not_led_with_as_better():
    """A share of 9.2% below its lower limit was called better before anything else was said."""
    high = Reason("above_upper", "high", MONTHS[0], MONTHS[0])
    near = Reason("two_in_three_above", "high", MONTHS[0], MONTHS[0])
    low = Reason("trend_down", "low", MONTHS[0], MONTHS[6])
    above, fell = "the value lies above the upper limit", "values fell steadily from 31 January 2021 to 31 July 2021"
    close = "two of three values lie close to or beyond the upper limit"
    better = "a real change for the better, downwards"
    assert found("improvement_low", (high, low)) == f"{above}, although {fell}: by that rule {better}"
    assert found("improvement_low", (near, high, low)) == f"{above} and {close}, although {fell}: by that rule {better}"
    assert found("improvement_low", (near, low)) == f"{better}, because {fell}, although {close}"
    assert found("neutral_low", (high, low)) == f"a real change, downwards, because {fell}, although {above}"


def test_a_part_of_a_list_is_shown_and_not_judged():
    given = steps(*noise(24, seed=4))
    given[-3:] = [part(step, "NQ7 sent no figures.") for step in given[-3:]]
    found = stored_trend(given, TREATED)
    assert found.trend.variation == "common_cause"
    assert found.real_change is False
    assert found.trend.judged_on == given[-4].period_end
    assert [point.value for point in found.trend.points[-3:]] == [40.0] * 3
    assert found.marks == tuple(Mark(step.period_end, "part_missing", "NQ7 sent no figures.") for step in given[-3:])
    assert "40 in December 2022; part of the list is missing or in doubt, so this is no sign" in found.sentence
    assert f"The last whole figure is {given[-4].value:.0f} in September 2022." in found.sentence
    assert "not judged, for part of the list is missing or in doubt: 3 months between October 2022" in found.sentence


def test_the_same_fall_of_a_whole_list_is_a_change():
    found = stored_trend(steps(*noise(21), 40, 40, 40), TREATED)
    assert (found.trend.variation, found.real_change) == ("concern_low", True)


def test_of_parts_alone_nothing_is_judged():
    found = stored_trend([part(step) for step in steps(*noise(20))], TREATED)
    assert (found.trend.status, found.trend.variation, found.real_change) == ("no_data", None, None)
    assert "No figure is whole, so nothing can be judged." in found.sentence
    assert found.marks[0].sentence == "Part of the list is missing or in doubt, so this is no sign of a change."


@pytest.mark.parametrize("empty", [[], steps(None, None)])
def test_of_nothing_there_is_one_plain_sentence(empty):
    found = stored_trend(empty, TREATED)
    assert found.sentence == "Speech, Kent, children treated in the period: there is no value to judge."
    assert (found.judged_variation, found.real_change) == (None, None)


def test_a_gap_and_a_hidden_step_are_marked_apart():
    given = steps(*noise(16))
    given[3] = given[3]._replace(value=None, coverage=0.0, note="No file for April 2021 is loaded.")
    given[5] = given[5]._replace(value=None, is_suppressed=True)
    given[-1] = given[-1]._replace(value=None)
    found = stored_trend(given, TREATED)
    assert [(mark.kind, mark.period_end) for mark in found.marks] == [
        ("no_figures", given[3].period_end),
        ("suppressed", given[5].period_end),
        ("no_figures", given[-1].period_end),
    ]
    assert found.marks[0].sentence == "No file for April 2021 is loaded."
    assert "and no figure in April 2022" in found.sentence
    assert "Without a figure: 3 months between April 2021 and April 2022." in found.sentence


def test_figures_across_a_break_are_not_compared():
    given = steps(*noise(20), *noise(6, level=40.0))
    new = Incomparable(given[20].period_end, "definition", "Only those who flowed are counted.")
    found = stored_trend(given, replace(TREATED, breaks=(new,)))
    assert (found.trend.status, found.trend.variation, found.real_change) == ("insufficient_data", None, None)
    assert found.trend.run_chart is not None
    assert Mark(given[20].period_end, "not_comparable", "Only those who flowed are counted.") in found.marks
    assert "Not compared with figures before September 2022: Only those who flowed are counted." in found.sentence
    assert "6 since 30 September 2022 where 13 are needed; in the run chart around" in found.sentence
    assert stored_trend(given, TREATED).real_change is True


def test_in_nhsr_a_short_group_after_a_break_is_named_and_concluded_from_by_nobody():
    given = steps(*noise(20), *noise(8, level=40.0))
    new = Incomparable(given[20].period_end, "coverage", "A trust is new.")
    found = stored_trend(given, replace(TREATED, breaks=(new,), profile="nhsr"))
    assert found.trend.variation == "common_cause"
    assert found.real_change is None


@pytest.mark.parametrize(
    ("day", "first"), [(date(2022, 9, 1), 20), (MONTHS[20], 20), (MONTHS[0], None), (date(2030, 1, 1), None)]
)
def test_limits_decided_on_a_day_start_with_the_period_it_falls_in(day, first):
    given = steps(*noise(20), *noise(16, level=40.0))
    decided = Rebase(day, "A second clinic opened", "improvement board", day)
    found = stored_trend(given, replace(TREATED, rebases=(decided,)))
    assert [group.since for group in found.trend.groups[1:]] == ([] if first is None else [MONTHS[first]])
    assert found.as_json()["rebases"] == [
        {"since": day.isoformat(), "reason": decided.reason, "role": decided.role, "decided_on": day.isoformat()}
    ]


def test_a_succession_is_a_mark_and_the_list_goes_on():
    given = steps(*noise(20))
    passed = Incomparable(date(2022, 4, 1), "succession", "RXY carries it on.")
    found = stored_trend(given, replace(TREATED, successions=(passed,)))
    assert found.marks == (Mark(date(2022, 4, 30), "succession", "RXY carries it on."),)
    assert len(found.trend.groups) == 1
    later = replace(TREATED, successions=(passed._replace(period_end=date(2030, 4, 1)),))
    assert stored_trend(given, later).marks[0].period_end == date(2030, 4, 1)


def test_each_point_carries_the_target_of_its_day():
    early, late = (PlannedTarget(day, value, "Plan", "board", day) for day, value in
                   ((date(2021, 1, 1), 50.0), (date(2022, 1, 1), 200.0)))  # fmt: skip
    found = stored_trend(steps(*noise(24)), replace(TREATED, targets=(early, late)))
    assert {point.target for point in found.trend.points[:11]} == {50.0}
    assert (found.trend.target, found.trend.assurance) == (200.0, "fail")
    assert "The target of 200 will not be met as things are." in found.sentence


def test_a_break_at_the_second_step_parts_the_first_from_the_rest():
    new = Incomparable(MONTHS[1], "coverage", "A trust is new.")
    found = stored_trend(steps(*noise(20)), replace(TREATED, breaks=(new,)))
    assert [group.rows for group in found.trend.groups] == [1, 19]


@pytest.mark.parametrize(("until", "target"), [(11, 50.0), (24, 200.0)])
def test_nhsr_knows_the_target_of_the_last_day_alone(until, target):
    early, late = (PlannedTarget(day, value, "Plan", "board", None) for day, value in
                   ((date(2021, 1, 1), 50.0), (date(2022, 1, 1), 200.0)))  # fmt: skip
    found = stored_trend(steps(*noise(until)), replace(TREATED, targets=(early, late), profile="nhsr"))
    assert found.trend.target == target
    on_the_day = PlannedTarget(MONTHS[4], 9.0, "Plan", "board", None)
    assert stored_trend(steps(*noise(5)), replace(TREATED, targets=(on_the_day,), profile="nhsr")).trend.target == 9.0
    future = PlannedTarget(date(2030, 1, 1), 1.0, "Plan", "board", None)
    assert stored_trend(steps(*noise(5)), replace(TREATED, targets=(future,), profile="nhsr")).trend.target is None


def test_nhsr_refuses_what_it_does_not_know():
    with pytest.raises(BadArgument):
        stored_trend(steps(1.0), replace(TREATED, profile="nhsr", run_length=6))


def test_a_list_size_is_judged_by_surprises_alone():
    draw, level, values = random.Random(11), 1000.0, []
    for _ in range(48):
        level += draw.gauss(0, 10)
        values.append(round(level))
    found = stored_trend(steps(*values), SIZE)
    assert found.trend.variation not in {None, "common_cause"}
    assert found.trend.adjusted is not None
    assert (found.judged_variation, found.real_change) == ("common_cause", False)
    assert found.kind == "stock"
    assert found.sentence == (
        "Speech, Kent, children waiting: 1,006 at the end of December 2024. Beside what the month before lets expect: "
        "no sign of a real change. By themselves the values are high, which the month before explains: every value "
        "lies above the mean from 31 January 2024 to 31 December 2024. Rules: Making Data Count."
    )


def test_a_collapse_stays_a_change_while_it_lasts():
    """A chart of surprises alone shows it for one month."""
    for months in (1, 3, 6):
        found = stored_trend(steps(*noise(54), *noise(months, level=40.0)), TREATED)
        assert (found.judged_variation, found.real_change) == ("concern_low", True)
    assert found.trend.adjusted is not None
    assert found.trend.adjusted.variation == "common_cause"
    given = [*steps(*noise(54), 40.0, 40.0, 40.0), *(part(Step(day, None)) for day in MONTHS[57:])]
    assert stored_trend(given, TREATED).real_change is True
    assert "A real change for the worse, downwards, because the value lies below the lower limit; " in found.sentence
    assert "By themselves" not in found.sentence


def test_a_leap_stays_a_change_while_it_lasts():
    found = stored_trend(steps(*noise(54), 170.0, 170.0, 170.0, 170.0), TREATED)
    assert found.trend.adjusted is not None
    assert found.trend.adjusted.variation == "common_cause"
    assert (found.judged_variation, found.real_change) == ("improvement_high", True)


@pytest.mark.parametrize(("newest", "is_real"), [(150, True), (100, None)])
def test_a_step_after_a_gap_is_not_given_the_verdict_of_the_leap_before_it(newest, is_real):
    found = stored_trend(steps(*noise(40), 150, None, newest), SIZE)
    assert found.trend.judged_on == MONTHS[42]
    assert found.real_change is is_real


def test_a_list_size_that_stays_where_it_is_has_not_changed():
    found = stored_trend(steps(*noise(30)), SIZE)
    assert (found.trend.variation, found.judged_variation, found.real_change) == ("common_cause", "common_cause", False)


def test_the_usual_month_is_no_change():
    wave = [round(value + 15 * math.sin(place * math.pi / 6)) for place, value in enumerate(noise(53))]
    found = stored_trend(steps(*wave), TREATED)
    assert found.trend.adjusted is not None
    assert found.trend.adjusted.method == "season"
    assert (found.trend.variation, found.real_change) == ("improvement_high", False)
    told = "Without the usual ups and downs of the months: no sign of a real change. By themselves the values are high"
    assert f"{told}, which the time of year explains: the value lies above the upper limit. Rules" in found.sentence


def test_a_change_that_the_time_of_year_hides_is_told_beside_values_as_usual():
    wave = [round(value + 15 * math.sin(place * math.pi / 6)) for place, value in enumerate(noise(52))]
    found = stored_trend(steps(*wave, 90), TREATED)
    assert (found.trend.variation, found.judged_variation) == ("common_cause", "concern_low")
    told = "months: a real change for the worse, downwards. By themselves the values are as usual: "
    assert told in found.sentence


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ([*noise(30), *range(95, 104)], "rising: values rose steadily from"),
        ([*noise(30), *range(103, 94, -1)], "falling: values fell steadily from"),
        ([*noise(30), 200], "high: the value lies above the upper limit; usual"),
        ([*noise(30), 91, 92, 91, 93, 92, 91, 92, 91], "low: every value lies below the mean from"),
        (noise(30), "as usual: 8"),
    ],
)
def test_what_is_flagged_and_not_proved_is_called_no_change(values, where):
    found = stored_trend(steps(*values), replace(SIZE, adjust="none"))
    assert f"By themselves the values are {where}" in found.sentence
    assert "real change" not in found.sentence


def test_a_group_too_short_to_judge_proves_nothing_in_nhsr():
    found = stored_trend(steps(*noise(9), 200.0), replace(TREATED, profile="nhsr"))
    assert (found.trend.variation, found.judged_variation) == ("improvement_high", None)
    assert "the values are high: the value lies above the upper limit; usual are " in found.sentence
    assert "This alone is no proof of a real change." in found.sentence


def test_without_its_chart_of_surprises_nothing_is_concluded_of_a_list_size():
    found = stored_trend(steps(*noise(24)), replace(SIZE, adjust="none"))
    assert (found.trend.variation, found.judged_variation, found.real_change) == ("common_cause", None, None)
    assert "A list remembers the month before, so this alone is no proof." in found.sentence


def test_a_copied_list_is_no_evidence():
    found = stored_trend(
        steps(*noise(21), 40, 40, 40), replace(TREATED, caveats=("The number is that of three lines.",))
    )
    assert (found.trend.variation, found.real_change) == ("concern_low", None)
    assert "The number is that of three lines." in found.sentence


def test_neighbours_without_a_value_between_them_give_no_limits():
    given = [step if place % 2 else step._replace(value=None) for place, step in enumerate(steps(*noise(40)))]
    found = stored_trend(given, TREATED)
    assert found.trend.status == "no_moving_range"
    assert "No two neighbouring values to set limits by, so it cannot be judged." in found.sentence
    labelled = stored_trend(given, replace(TREATED, profile="nhsr"))
    assert "usual are" not in labelled.sentence


@pytest.mark.parametrize(("last", "judged"), [(4.0, None), (5.0, "improvement_high"), (40.0, "improvement_high")])
def test_of_one_or_two_children_more_no_change_is_made(last, judged):
    """Two children are no change of a service; forty where there were none are."""
    found = stored_trend(steps(*[1.0, 1.5] * 20, last), TREATED)
    assert found.trend.variation == "improvement_high"
    assert (found.judged_variation, found.real_change) == (judged, None if judged is None else True)
    assert ("Fewer than 5 a period are too few to judge; look at longer periods." in found.sentence) is (judged is None)
    assert (telling.RARE in found.sentence) is (judged is not None)


FALLEN = steps(*noise(40), *[20.0] * 8)
RISEN = steps(*noise(40), *[200.0] * 8)
AFTER = MONTHS[len(FALLEN)]


@pytest.mark.parametrize(
    ("after", "more", "why"),
    [
        ([], {}, None),
        ([], {"is_awaited": True}, telling.FILE_OUT),
        ([part(Step(AFTER, 0.0))], {}, telling.NEWEST_OUT),
        ([Step(AFTER, None)], {}, telling.NEWEST_OUT),
        ([Step(AFTER, None)], {"is_awaited": True}, telling.FILE_OUT),
        ([Step(AFTER, None, is_suppressed=True)], {}, None),
    ],
)
def test_no_improvement_is_read_from_a_list_of_which_something_is_out(after, more, why):
    asked = replace(SIZE, adjust="residual", **more)
    better, worse = (stored_trend([*every, *after], asked) for every in (FALLEN, RISEN))
    assert (worse.judged_variation, worse.real_change) == ("concern_high", True)
    assert (better.judged_variation, better.real_change) == ((None, None) if why else ("improvement_low", True))
    assert ("for the better" in better.sentence) is (why is None)
    assert [told[2:] in better.sentence for told in (telling.FILE_OUT, telling.NEWEST_OUT)] == [
        why == telling.FILE_OUT,
        why == telling.NEWEST_OUT,
    ]


def test_where_five_are_counted_or_none_or_weeks_nothing_is_said_of_few():
    weeks = replace(TREATED, measure=Measure.MEDIAN_WAIT)
    for values, asked in (([4.5, 5.5], TREATED), ([0.0, 0.0], TREATED), ([3.0, 2.0], weeks)):
        assert "Fewer than 5" not in stored_trend(steps(*values * 10), asked).sentence


def test_weeks_are_said_as_weeks():
    sundays = [date(2025, 1, 5) + timedelta(weeks=week) for week in range(20)]
    given = [Step(day, value / 10) for day, value in zip(sundays, noise(20), strict=True)]
    asked = replace(TREATED, measure=Measure.MEDIAN_WAIT, freq="W", cut_off=sundays[-1])
    found = stored_trend(given, asked)
    assert f"{said(given[-1].value, 'weeks')} at the end of the week to 18 May 2025." in found.sentence
    assert "usual are " in found.sentence


@pytest.mark.parametrize(
    ("basis", "said_so"),
    [
        (
            "waiting",
            "share of children waiting who are within the standard (Within 18 weeks): 75% at the end of May 2022.",
        ),
        ("completed", "share of children seen who were within the standard (Within 18 weeks): 75% in May 2022."),
    ],
)
def test_a_share_names_its_standard_and_of_whom_it_is(basis, said_so):
    asked = replace(TREATED, measure=Measure.SHARE_WITHIN_STANDARD, standard="Within 18 weeks", basis=basis)
    assert said_so in stored_trend(steps(*[0.75] * 17), asked).sentence


def test_all_that_is_known_stands_in_the_answer():
    given = steps(*noise(24))
    given[2] = part(given[2])
    answer = stored_trend(given, replace(TREATED, cut_off=date(2025, 1, 2))).as_json()
    assert answer["data_cut_off"] == "2025-01-02"
    assert answer["sentence"].startswith("Speech, Kent, children treated in the period: ")
    assert (answer["judged_variation"], answer["targets"], answer["rebases"]) == ("common_cause", [], [])
    assert answer["baseline"] == {"from": "2021-01-31", "to": "2022-12-31", "values": 23}
    assert answer["judged_on"] == "2022-12-31"
    assert (answer["kind"], answer["real_change"], answer["run_chart"]) == ("flow", False, None)
    assert (answer["points"][2]["provisional"], answer["points"][2]["coverage"]) == (True, 0.5)
    assert answer["points"][2]["marks"] == ["part_missing"]
    assert answer["points"][3]["marks"] == []
    assert answer["marks"] == [
        {
            "period_end": "2021-03-31",
            "kind": "part_missing",
            "sentence": "Part of the list is missing or in doubt, so this is no sign of a change.",
        }
    ]
    empty = stored_trend([], TREATED).as_json()
    assert (empty["baseline"], empty["points"], empty["judged_on"]) == (None, [], None)
    assert stored_trend(steps(1.0, 2.0, 3.0), TREATED).as_json()["run_chart"]["is_random"] is True


def test_a_period_that_a_series_leaves_out_has_nobody_in_it():
    given = [step for place, step in enumerate(steps(*noise(20))) if place != 4]
    left_out = stored_trend(given, TREATED).as_json()["points"][4]
    assert (left_out["value"], left_out["coverage"], left_out["provisional"]) == (None, 0.0, False)


def test_a_series_in_exact_figures_is_taken_as_it_is():
    point = SeriesPoint(MONTHS[0], 5.0, 9.0, 0.5, MONTHS[1], 1, is_provisional=True, note="Part is missing.")
    key = SeriesKey("chs_sitrep", "SALT", "QKS", Measure.LIST_SIZE)
    series = Series(key, "M", MONTHS[3], (point,), (Break(MONTHS[2], "definition", "It changed."),))
    assert steps_of(series) == (Step(MONTHS[0], 5.0, 0.5, True, note="Part is missing."),)
    assert breaks_of(series) == (Incomparable(MONTHS[2], "definition", "It changed."),)
