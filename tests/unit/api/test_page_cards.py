"""What a page says of a trend in few words, which icons stand beside it, and the adjusted chart."""

import pytest

from api.disclosure.said import ROUNDED
from api.examples.lists import WAITING_LIST
from api.pages.cards import brief, standing, warned
from api.pages.moving import moving
from api.pages.parts import NOT_SHOWN
from api.schemas.lists import WaitingList
from tests.chart_reading import marks, parsed, words_in
from tests.trend_series import judged

STEADY = [100.0, 104.0] * 8


def body(*values, real, variation, **options):
    """An answer of /v1/trends about a list of speech and language therapy."""
    answer = judged(*values, direction="decrease", **options).as_json()
    about = {"service": "SALT", "org": "QKS", "measure": "over_18_weeks", "standard_id": None, "source": "chs_sitrep"}
    day = judged(*values).points[-1].date
    dated = {"as_of": day, "judged_on": day.isoformat(), "freq": "M", "links": {"self": "/v1/trends/x"}}
    return {**answer, **about, **dated, "real_change": real, "judged_variation": variation}


@pytest.mark.parametrize(
    ("values", "real", "variation", "said", "icons"),
    [
        (STEADY, False, "common_cause", "No sign of a real change", 1),
        ([*STEADY, 150.0], False, "common_cause", "Higher than it was, and moving as before: no sign of a turn", 1),
        ([*STEADY, 50.0], False, "common_cause", "Lower than it was, and moving as before: no sign of a turn", 1),
        ([*STEADY, 150.0], True, "concern_high", "Real change for the worse, upwards", 1),
        (STEADY, None, "common_cause", "Cannot yet say whether this is a real change", 0),
        (STEADY[:3], None, None, "Cannot yet say whether this is a real change", 0),
    ],
)
def test_the_verdict_is_the_one_to_go_by(values, real, variation, said, icons):
    found = moving(body(*values, real=real, variation=variation))
    assert (found.verdict, len(found.icons)) == (said, icons)


def test_a_list_that_falls_from_high_above_is_not_called_low():
    """The rule names the way of the last steps; where the value lies is another thing."""
    high = [*STEADY, *[200.0 - 2 * step for step in range(8)]]
    answer = body(*high, real=False, variation="common_cause")
    assert answer["variation"] == "improvement_low"
    assert moving(answer).verdict.startswith("Higher than it was")


@pytest.mark.parametrize(
    ("values", "real", "said"),
    [
        ([*STEADY, 150.0], False, "Higher than it was: no sign of a turn"),
        (STEADY, False, "No sign of a real change"),
        (STEADY, None, "Cannot yet say"),
    ],
)
def test_a_line_of_the_first_page_says_the_verdict_in_fewer_words(values, real, said):
    assert moving(body(*values, real=real, variation="common_cause")).in_brief == said


def test_a_target_has_an_icon_of_its_own():
    found = moving(body(*STEADY, real=False, variation="common_cause", target=50.0))
    assert ["Variation" in found.icons[0], "Assurance" in found.icons[1]] == [True, True]


RISING = [100.0 + 3 * month + month % 2 for month in range(36)]


def test_where_the_adjusted_chart_leads_the_chart_by_itself_stands_beside_it_where_there_is_room():
    answer = body(*RISING, real=False, variation="common_cause", adjust="trend", target=50.0)
    small, found = moving(answer), moving(answer, has_beside=True)
    assert (small.alone, small.by_itself) == (None, "Real change for the worse, upwards")
    assert (found.alone.raw.said, found.alone.why) == ("Real change for the worse, upwards", answer["adjusted"]["why"])
    assert ["Mean" in chart for chart in (found.picture.wide, found.alone.raw.picture)] == [False, True]
    assert found.alone.raw.limits.head == ("From", "Mean", "Lower limit", "Upper limit")
    raw = found.alone.raw
    assert {label.split()[-1] for label in labels(raw.picture)} - {"50"} <= {*raw.limits.rows[0]}


def test_where_surprises_give_the_verdict_they_are_charted_beside_it_and_stand_in_its_table():
    answer = body(*RISING, real=False, variation="common_cause", adjust="residual")
    small, found = moving(answer), moving(answer, has_beside=True)
    beside = found.alone.surprises
    assert "0 is as expected" in beside.said
    assert {label.split()[-1] for label in labels(beside.picture)} <= {*beside.limits.rows[0]}
    assert ("Surprise" in found.picture.table.head, "Surprise" in small.picture.table.head) == (True, False)
    around_a_line = body(*RISING, real=False, variation="common_cause", adjust="trend")
    assert moving(around_a_line, has_beside=True).alone.surprises is None


def test_where_the_chart_by_itself_leads_there_is_no_other():
    found = moving(body(*RISING, real=True, variation="concern_high", adjust="trend"), has_beside=True)
    assert (found.alone, found.by_itself) == (None, "")
    assert "Mean" in found.picture.wide


def test_without_a_verdict_no_point_is_marked():
    found = moving(body(*RISING, real=None, variation=None))
    assert {row[-1] for row in found.picture.table.rows} == {"not judged"}


def test_the_table_and_the_narrow_chart_hold_the_newest_points_and_say_so():
    long = body(*[100.0, 104.0, 99.0] * 30, real=False, variation="common_cause")
    found, brief = moving(long, has_beside=True), moving(body(*STEADY, real=False, variation="common_cause"))
    assert (found.newest, brief.newest) == ("the newest 60 of 90 months", "")
    assert len(found.picture.table.rows) == 60
    assert [len(marks(parsed(chart))) for chart in (found.picture.wide, found.picture.narrow)] == [90, 60]
    assert len(marks(parsed(moving(long).picture.wide))) == 60
    assert (found.is_brief, moving(long).is_brief) == (False, True)


def test_a_standard_is_named_by_what_it_asks_for_with_its_source():
    share = {**body(*[0.6, 0.7] * 8, real=False, variation="common_cause"), "measure": "share_within_standard"}
    found = moving({**share, "standard_id": "CHS_18W"})
    assert found.title == "Share of children waiting within 18 weeks"
    assert found.source == (
        "Community health services: waiting within 18 weeks. "
        "Source: NHS England Medium Term Planning Framework (October 2025)."
    )


def labels(chart):
    return {word for word in words_in(parsed(chart)) if word.startswith(("Mean", "Upper", "Lower"))}


def test_a_chart_of_waits_from_rounded_numbers_shows_whole_weeks():
    of_waits = {**body(*[10.4, 12.7, None] * 8, real=None, variation=None), "measure": "p92_wait"}
    exact, rounded = moving(of_waits), moving({**of_waits, "sentence": f"About 13 weeks. {ROUNDED}"})
    assert [row[1] for row in exact.picture.table.rows[:3]] == ["10.4 weeks", "12.7 weeks", "no figure"]
    assert [row[1] for row in rounded.picture.table.rows[:3]] == ["10 weeks", "13 weeks", "no figure"]
    drawn = words_in(parsed(rounded.picture.wide)) | words_in(parsed(rounded.picture.narrow))
    assert not [word for word in drawn if "." in word]
    judged_anyway = {**of_waits, "sentence": ROUNDED, "adjusted": {"why": "Alike.", "points": of_waits["points"]}}
    assert moving(judged_anyway, has_beside=True).alone is None


def test_charts_of_one_page_have_ids_of_their_own():
    found = moving(body(*RISING, real=False, variation="common_cause", adjust="residual"), has_beside=True)
    pictures = (found.picture.wide, found.picture.narrow, found.alone.raw.picture, found.alone.surprises.picture)
    ids = [part.split('"')[0] for text in pictures for part in text.split('id="')[1:]]
    assert len(set(ids)) == len(ids) == 8


def numbers(**changed):
    """The numbers of a list beside its name."""
    example = WaitingList.model_validate(WAITING_LIST).model_dump()
    return {one.label: (one.value, one.more) for one in standing({**example, **changed}).numbers}


@pytest.mark.parametrize(
    ("weeks", "at_least", "said"),
    [
        (72.3, None, ("over 72 weeks", "")),
        (1.9, None, ("over 1 week", "")),
        (130.6, 104, ("over 130 weeks", "")),
        (None, 104, ("over 104 weeks", "how much longer is not known")),
        (None, 52, ("over 52 weeks", "how much longer is not known")),
    ],
)
def test_the_longest_waits_are_said_once_as_more_than_in_whole_weeks(weeks, at_least, said):
    found = numbers(
        median_wait=weeks, median_wait_at_least_weeks=at_least, p92_wait=weeks, p92_wait_at_least_weeks=at_least
    )
    assert (found["Half have waited"], found["8 in 100 have waited"]) == (said, said)


def test_waits_from_rounded_numbers_are_said_as_about():
    found = numbers(p92_wait=72.3, p92_wait_at_least_weeks=None, sentence=f"140 wait. {ROUNDED}")
    assert found["8 in 100 have waited"] == ("about 72 weeks", "worked out from wait bands")


def over(standard, number, *, basis="waiting"):
    """Those over one standard, as a list's answer has them."""
    share = next(one for one in WaitingList.model_validate(WAITING_LIST).model_dump()["shares"])
    return {"shares": [{**share, "standard_id": standard, "basis": basis, "over": number}]}


@pytest.mark.parametrize(
    ("standard", "number", "hidden", "said"),
    [
        ("ASD_NICE_13W", 6000, [], ("Over 13 weeks", "6,000", "")),
        ("CYPMH_4W", 20700, [], ("4 weeks or more", "20,700", "of those the standard is about")),
        ("ASD_NICE_13W", None, ["/shares/0/over"], ("Over 13 weeks", NOT_SHOWN, "")),
        ("ASD_NICE_13W", None, [], None),
        ("CHS_18W", 77, [], None),
    ],
    ids=["all", "some", "hidden", "not counted", "has its own name"],
)
def test_those_over_a_standard_stand_after_all_who_wait(standard, number, hidden, said):
    found = numbers(**over(standard, number), suppressed=hidden)
    assert list(found)[:2] == ["Waiting", said[0] if said else "Over 18 weeks"]
    if said:
        assert found[said[0]] == said[1:]


def test_a_wait_whose_bands_are_hidden_is_not_shown_and_says_why():
    found = numbers(median_wait=None, median_wait_at_least_weeks=None, suppressed=["/median_wait"])
    assert found["Half have waited"] == ("not shown", "some of its wait bands are not shown")


def test_a_wait_that_no_one_knows_is_left_out():
    assert not numbers(median_wait=None, p92_wait=None, p92_wait_at_least_weeks=None).keys() & {"Half have waited"}


@pytest.mark.parametrize(
    ("standard", "kind", "waits"),
    [
        ("ADHD_LOCAL_18W", "Warning", "waits over 18 weeks"),
        ("CHS_18W", "Breach warning", "waits over 18 weeks"),
        ("CYPMH_4W", "Breach warning", "waits of 4 weeks or more"),
    ],
)
def test_only_a_national_standard_is_breached(standard, kind, waits):
    one = {"id": 7, "service": "ADHD", "state": "raised", "standard_id": standard, "sentence": "40 wait too long."}
    assert [(found.kind, found.waits) for found in warned({"items": [one]})["ADHD"]] == [(kind, waits)]


def test_a_warning_says_no_code_and_not_again_whose_it_is():
    said = "Speech and language therapy for children, Kent: how many wait over 18 weeks (CHS_18W) is not shown."
    one = {"id": 7, "service": "SALT", "state": "raised", "standard_id": "CHS_18W", "sentence": said}
    (found,) = warned({"items": [one]})["SALT"]
    assert found.sentence == "How many wait over 18 weeks is not shown."
    said = "40 of 50 wait over 18 weeks (CHS_18W). Nearly all wait longer than CHS_18W asks."
    one = {"id": 7, "service": "SALT", "state": "raised", "standard_id": "CHS_18W", "sentence": said}
    (found,) = warned({"items": [one]})["SALT"]
    assert found.sentence == "40 of 50 wait over 18 weeks. Nearly all wait longer than the standard asks."


@pytest.mark.parametrize(
    ("coverage", "codes", "said"),
    [
        (1.0, [], ()),
        (None, ["frozen_value"], ()),
        (0.83, [], ("part of its providers: about 17% of the list is missing",)),
        (0.999, [], ("part of its providers: about 1% of the list is missing",)),
        (1.0, ["copied_number"], ("one number printed under several services",)),
    ],
)
def test_a_list_in_one_line_has_its_day_and_what_its_number_must_not_stand_without(coverage, codes, said):
    answer = WaitingList.model_validate(WAITING_LIST).model_dump()
    found = {"severity": "warning", "sentence": "x", "period_end": answer["period_end"]}
    answer |= {"coverage": coverage, "findings": [{"code": code, **found} for code in codes]}
    line = brief(answer)
    assert line.cautions == said
    assert line.day == f"{answer['period_end'].day} {answer['period_end']:%B %Y}"
