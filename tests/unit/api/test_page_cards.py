"""What a page says of a trend in few words, which icons stand beside it, and the adjusted chart."""

import pytest

from api.disclosure.said import ROUNDED
from api.examples.lists import WAITING_LIST
from api.pages.cards import moving, standing, warned
from api.schemas.lists import WaitingList
from tests.trend_series import judged

STEADY = [100.0, 104.0] * 8


def body(*values, real, variation, **options):
    """An answer of /v1/trends about a list of speech and language therapy."""
    answer = judged(*values, direction="decrease", **options).as_json()
    about = {"service": "SALT", "org": "QKS", "measure": "over_18_weeks", "standard_id": None, "source": "chs_sitrep"}
    dated = {"as_of": judged(*values).points[-1].date, "links": {"self": "/v1/trends/x"}}
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


def test_a_target_has_an_icon_of_its_own():
    found = moving(body(*STEADY, real=False, variation="common_cause", target=50.0))
    assert ["Variation" in found.icons[0], "Assurance" in found.icons[1]] == [True, True]


def test_the_adjusted_chart_stands_beside_the_raw_one_where_there_is_room():
    rising = [100.0 + 3 * month for month in range(36)]
    answer = body(*rising, real=False, variation="common_cause", adjust="trend", target=50.0)
    assert moving(answer).beside is None
    found = moving(answer, has_beside=True)
    assert found.beside is not None
    assert found.beside_why == answer["adjusted"]["why"]
    assert "Target" in found.picture.wide
    assert "Target" not in found.beside.wide
    assert found.beside.table.caption.endswith("over 18 weeks, adjusted, period by period")


def test_a_chart_of_waits_from_rounded_numbers_shows_whole_weeks():
    of_waits = {**body(*[10.4, 12.7, None] * 8, real=None, variation=None), "measure": "p92_wait"}
    exact, rounded = moving(of_waits), moving({**of_waits, "sentence": f"About 13 weeks. {ROUNDED}"})
    assert [row[1] for row in exact.picture.table.rows[:3]] == ["10.4 weeks", "12.7 weeks", "no figure"]
    assert [row[1] for row in rounded.picture.table.rows[:3]] == ["10 weeks", "13 weeks", "no figure"]
    assert "12.7" not in rounded.picture.wide + rounded.picture.narrow
    judged_anyway = {**of_waits, "sentence": ROUNDED, "adjusted": {"why": "Alike.", "points": of_waits["points"]}}
    assert moving(judged_anyway, has_beside=True).beside is None


def test_charts_of_one_page_have_ids_of_their_own():
    found = moving(body(*STEADY, real=False, variation="common_cause", adjust="residual"), has_beside=True)
    ids = [part.split('"')[0] for text in (found.picture.wide, found.picture.narrow) for part in text.split('id="')[1:]]
    assert len(set(ids)) == len(ids) == 4


def numbers(**changed):
    """The numbers of a list beside its name."""
    example = WaitingList.model_validate(WAITING_LIST).model_dump()
    return dict(standing({**example, **changed}).numbers)


@pytest.mark.parametrize(
    ("weeks", "at_least", "said"),
    [
        (72.3, None, "over 72 weeks"),
        (1.9, None, "over 1 week"),
        (None, 104, "over 104 weeks; how much longer is not known"),
        (None, 52, "over 52 weeks; how much longer is not known"),
    ],
)
def test_the_longest_waits_are_said_once_as_more_than_in_whole_weeks(weeks, at_least, said):
    found = numbers(
        median_wait=weeks, median_wait_at_least_weeks=at_least, p92_wait=weeks, p92_wait_at_least_weeks=at_least
    )
    assert (found["Half have waited"], found["8 in 100 have waited"]) == (said, said)


def test_waits_from_rounded_numbers_are_said_as_about():
    found = numbers(p92_wait=72.3, p92_wait_at_least_weeks=None, sentence=f"140 wait. {ROUNDED}")
    assert found["8 in 100 have waited"] == "over about 72 weeks"


def test_a_wait_that_no_one_knows_is_left_out():
    assert not numbers(median_wait=None, p92_wait=None, p92_wait_at_least_weeks=None).keys() & {"Half have waited"}


@pytest.mark.parametrize(("standard", "kind"), [("ADHD_LOCAL_18W", "Warning"), ("CHS_18W", "Breach warning")])
def test_only_a_national_standard_is_breached(standard, kind):
    one = {"id": 7, "service": "ADHD", "state": "raised", "standard_id": standard, "sentence": "40 wait too long."}
    assert [found.kind for found in warned({"items": [one]})["ADHD"]] == [kind]
