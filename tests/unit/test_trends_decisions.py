"""What people decide about charts: with reason and role, about a series that exists, read as known on a day."""

from dataclasses import replace
from datetime import date

import pytest

from waitlists.domain import Measure
from waitlists.errors import BadArgument
from waitlists.trends.decisions import Charted, Decision, Recorded, Words, check_words, in_force

APRIL = date(2026, 4, 1)
WORDS = Words("A second clinic opened", "improvement board", APRIL)
TREATED = Charted(service="SALT", org="QKS", measure=Measure.TREATED)
SHARE = Charted(
    service="SALT", org="QKS", measure=Measure.SHARE_WITHIN_STANDARD, standard="CHS_18W", basis="waiting"
)  # fmt: skip
REBASE = Decision(what="rebase", about=TREATED, since=APRIL, value=None, words=WORDS)
TARGET = Decision(what="target", about=SHARE, since=APRIL, value=0.78, words=WORDS)


@pytest.mark.parametrize(
    "reason",
    [
        *(
            "",
            "   ",
            "unknown",
            "Unknown reason",
            "reason not known",
            "the cause is not known",
            "N/A",
            "n/a n/a n/a",
            "tbc tbc tba",
        ),
        *("not known yet", "reason is unclear", "tbc", "none", "two words", "why is not clear", "test"),
        *("x y z" * 101, "new clinic\nopened here"),
    ],
)
def test_without_a_reason_that_says_something_none_is_taken(reason):
    with pytest.raises(BadArgument) as refused:
        check_words(WORDS._replace(reason=reason))
    assert refused.value.field == "reason"


@pytest.mark.parametrize(
    "reason", ["A second clinic opened", "Nobody knew of 40 letters", "A clinic opened", "why " * 74 + "shut"]
)
def test_a_reason_in_plain_words_is_taken(reason):
    check_words(WORDS._replace(reason=reason))


@pytest.mark.parametrize("role", ["", " ", "x" * 81, "board\n"])
def test_somebody_has_decided_it(role):
    with pytest.raises(BadArgument) as refused:
        check_words(WORDS._replace(role=role))
    assert refused.value.field == "role"


@pytest.mark.parametrize(
    "wrong",
    [
        {"service": "NOBODY"},
        {"basis": "waiting"},
        {"source": "nowhere"},
        {"source": "chs_sitrep", "freq": "W"},
        {"standard": "CHS_18W", "basis": "waiting"},
        {"measure": Measure.SHARE_WITHIN_STANDARD},
        {"measure": Measure.SHARE_WITHIN_STANDARD, "standard": "CHS_18W"},
        {"measure": Measure.SHARE_WITHIN_STANDARD, "standard": "CHS_18W", "basis": "completed"},
        {"measure": Measure.SHARE_WITHIN_STANDARD, "standard": "ASD_NICE_13W", "basis": "waiting"},
    ],
)
def test_a_decision_is_about_a_series_that_can_be(wrong):
    with pytest.raises(BadArgument):
        replace(TREATED, **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "guess"},
        {"value": None},
        {"value": -0.1},
        {"value": 1.2},
        {"value": float("nan")},
        {"what": "rebase"},
        {"words": WORDS._replace(reason="unknown")},
    ],
)
def test_a_target_is_a_number_that_its_measure_can_have(wrong):
    with pytest.raises(BadArgument):
        replace(TARGET, **wrong)
    assert replace(TARGET, about=TREATED, value=250.0).value == 250.0
    assert [replace(TARGET, value=value).as_target.value for value in (0.0, 1.0)] == [0.0, 1.0]


def test_a_decision_holds_for_the_steps_and_sources_it_does_not_name():
    weekly = replace(TREATED, freq="W", source="weekly_return")
    monthly = replace(TREATED, freq="M", source="referral_extract_monthly")
    assert TREATED.covers(weekly)
    assert TREATED.covers(monthly)
    assert replace(TREATED, freq="W").covers(weekly)
    assert not replace(TREATED, freq="W").covers(monthly)
    assert not replace(TREATED, source="weekly_return").covers(monthly)
    assert not replace(TREATED, org="RYY").covers(weekly)


def test_a_decision_is_what_a_chart_takes():
    assert REBASE.as_rebase == (APRIL, *WORDS)
    assert TARGET.as_target == (APRIL, 0.78, *WORDS)


def test_words_may_be_as_long_as_they_are_kept():
    check_words(WORDS._replace(reason="new clinic " + "x" * 289, role="r" * 80))
    with pytest.raises(BadArgument):
        check_words(WORDS._replace(reason="new clinic x " + "x" * 288))


def test_what_holds_is_read_as_it_was_known():
    first = Recorded(1, REBASE, date(2026, 4, 10), None)
    earlier = Recorded(2, replace(REBASE, since=date(2025, 4, 1)), date(2026, 5, 1), None)
    removal = Recorded(3, REBASE, date(2026, 6, 1), 1)
    history = [first, earlier, removal]
    assert in_force(history, date(2026, 4, 9)) == []
    assert in_force(history, date(2026, 4, 10)) == [first]
    assert in_force(history, date(2026, 5, 31)) == [earlier, first]
    assert in_force(history, date(2026, 6, 1)) == [earlier]
