"""Sentences say the number, the day and every reason for care, and never that anything improved."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import words
from api.about import About
from api.disclosure import said as said_without_numbers
from tests.functional.api.shown import ABOUT, FORECAST, LIST
from waitlists.domain import Coverage, Finding, Measure, MissingProvider, SeriesKey, Severity
from waitlists.organisations import find_organisation
from waitlists.series import Series, SeriesPoint
from waitlists.services import SERVICES, find_service

MARCH, APRIL, MAY = date(2025, 3, 31), date(2025, 4, 30), date(2025, 5, 31)
NQ7 = MissingProvider("NQ7", date(2024, 10, 31), 3921)
PART = Coverage("COMM_PAEDS", "QKS", 0.56, (NQ7,))


def about(service: str = "SALT", org: str = "QKS", day: date = MAY) -> About:
    return About(find_service(service), find_organisation(org), day, None)


def sentence(service: str = "SALT", org: str = "QKS", size: int | None = 1651, **more) -> str:
    return words.list_sentence(replace(LIST, bands=replace(LIST.bands, total=size), **more), about(service, org))


def found(code: str, severity: Severity = Severity.WARNING, period_end: date = MARCH, **details: object) -> Finding:
    return Finding(code, severity, f"This is {code}.", period_end, MAY, details=details)


def test_a_whole_list_is_said_in_one_sentence():
    assert sentence() == (
        "Speech and language therapy for children, NHS Kent and Medway Integrated Care Board:"
        " 1,651 waiting at the end of March 2025, as known on 31 May 2025."
    )


def test_a_proxy_is_called_a_proxy():
    assert "proxy" in sentence("COMM_PAEDS")


def test_a_missing_provider_is_named_and_no_sign_that_fewer_wait():
    said = sentence(size=5064, coverage=PART)
    assert "no sign that fewer wait" in said
    assert "Medway Community Healthcare (last known 3,921 in October 2024) sent no figures" in said
    assert "the list would be 8,985" in said


def test_several_missing_providers_are_all_named():
    ryy, nobody = MissingProvider("RYY", MARCH, 10), MissingProvider("NAME:x", MARCH, 1)
    part = Coverage("SALT", "QKS", 0.1, (NQ7, ryy, nobody))
    said = words.coverage_sentence(part, 5, source="chs_sitrep", period_end=APRIL)
    assert "October 2024), Kent Community Health NHS Foundation Trust" in said
    assert "and x (last known 1 in March 2025)" in said


def test_who_has_figures_of_that_very_month_elsewhere_is_not_said_to_have_sent_none():
    part = Coverage("SALT", "QKS", 0.1, (NQ7, MissingProvider("RYY", MARCH, 10)))
    said = words.coverage_sentence(part, 5, source="chs_sitrep", period_end=MARCH)
    assert "(last known 3,921 in October 2024) sent no figures; Kent Community Health NHS Foundation Trust" in said
    assert "(last known 10 in March 2025) sent figures elsewhere, not in this sum; with these added" in said
    alone = replace(part, missing=part.missing[1:])
    assert "sent no figures" not in words.coverage_sentence(alone, 5, source="chs_sitrep", period_end=MARCH)
    assert "sent no figures" not in said_without_numbers.missing(alone, MARCH, source="chs_sitrep")
    assert "sent no figures." in said_without_numbers.missing(part, MARCH, source="chs_sitrep")


def test_of_a_return_that_may_have_been_put_aside_nobody_says_that_it_was_not_sent():
    part = Coverage("SALT", "QKS", 0.1, (NQ7,))
    for said in (
        words.coverage_sentence(part, 5, source="weekly_return", period_end=MARCH),
        said_without_numbers.missing(part, MARCH, source="weekly_return"),
    ):
        assert "sent no figures that can be used" in said


def test_what_was_counted_later_is_called_reconstructed():
    assert "Reconstructed" not in sentence()
    rebuilt = sentence(vintage=replace(LIST.vintage, is_reconstructed=True))
    assert "nobody sent this figure then, so nobody knew it" in rebuilt
    assert "as rebuilt since for" in rebuilt
    assert "as known on" not in rebuilt


def test_of_a_weekly_source_weeks_are_said():
    week = date(2026, 11, 15)
    weekly = replace(LIST, source="weekly_return", period_end=week, latest_period_of_source=date(2026, 11, 22))
    said = words.list_sentence(replace(weekly, coverage=Coverage("SALT", "QKS", 0.5, (NQ7,))), ABOUT)
    assert "waiting at the end of the week to 15 November 2026" in said
    assert "No figure was sent for the week to 22 November 2026" in said
    assert "in October 2024)" in said
    assert "month" not in said


def test_a_suppressed_list_is_not_zero_and_nothing_is_added_to_it():
    said = sentence(size=None, coverage=Coverage("SALT", "QKS", 0.5, (NQ7,)))
    assert "how many were waiting at the end of March 2025 is not shown (suppressed)" in said
    assert "would be" not in said


def test_what_would_mislead_stands_in_the_sentence_once_and_the_rest_beside_it():
    said = sentence(findings=(found("copied_number"), found("copied_number"), found("publisher_note")))
    assert said.count("This is copied_number.") == 1
    assert "This is publisher_note." not in said


@pytest.mark.parametrize(
    "code",
    [
        *("step", "zero_suspected", "zero_between_values", "bands_all_zero", "bands_exceed_total"),
        *("copied_number", "frozen_value", "missing_provider"),
    ],
)
def test_a_finding_without_which_the_number_misleads_is_said_with_it(code):
    assert f"This is {code}." in sentence(findings=(found(code),))


def test_a_list_frozen_for_two_periods_only_and_a_known_succession_are_not_said():
    said = sentence(findings=(found("frozen_value", Severity.INFO), found("step", cause="succession")))
    assert "This is" not in said


def test_who_is_missing_is_said_once_unless_it_is_from_a_later_month():
    assert "This is missing_provider." not in sentence(coverage=PART, findings=(found("missing_provider"),))
    later = found("missing_provider", period_end=APRIL)
    assert "This is missing_provider." in sentence(coverage=PART, findings=(later,))


def test_a_list_that_fell_silent_says_so():
    assert "No figure was sent for April 2025; this is the last one known." in sentence(latest_period_of_source=APRIL)


def test_a_line_published_for_england_only_is_suppressed_below_and_never_not_sent():
    cares = {"coverage": PART, "findings": (found("missing_provider", period_end=APRIL),)}
    said = sentence("CYP_SAFEGUARDING", size=None, latest_period_of_source=APRIL, **cares)
    assert "Suppressed: this line is published for England only" in said
    assert "sent" not in said
    assert "Suppressed" in words.nothing_published(about("CYP_SAFEGUARDING"))
    assert "Suppressed" not in words.nothing_published(about("CYP_SAFEGUARDING", "ENG"))


def test_invented_figures_say_so():
    assert sentence(is_synthetic=True).endswith(words.SYNTHETIC)


def test_no_figure_is_said_with_what_is_known_of_it():
    said = words.nothing_published(about("ADHD"))
    assert said.startswith("No published figure: ADHD assessment, NHS Kent and Medway")
    assert "Published for England only" in said
    assert "Community paediatrics is shown as a proxy." in said
    own = words.nothing_published(about("WHEELCHAIR"))
    assert "Kent and Medway reports no such line" in own
    assert "WHEELCHAIR is shown" not in own


def series_said(*values: float | None, measure: Measure = Measure.LIST_SIZE, partial: bool = False, **more) -> str:
    points = tuple(
        SeriesPoint(MARCH, value, value, 1.0, MAY, 1, is_provisional=partial and value is not None) for value in values
    )
    series = Series(SeriesKey("chs_sitrep", "SALT", "QKS", measure), "M", MAY, points)
    return words.series_sentence(series, about(), replace(LIST, **more))


def test_a_series_counts_its_figures_and_its_gaps():
    said = series_said(1, 2, 3, None, None)
    assert "children waiting, 3 figures and 2 without one, as known on 31 May 2025." in said
    assert "children waiting, 1 figure, as known" in series_said(1)
    assert "missing" not in said


def test_a_series_says_what_is_missing_from_it_and_whether_it_is_invented():
    said = series_said(1, 2, None, partial=True, coverage=PART, is_synthetic=True)
    assert "In 2 of these months part of the list is missing or cannot be right." in said
    assert "Medway Community Healthcare (last known 3,921 in October 2024) sent no figures" in said
    assert said.endswith(words.SYNTHETIC)


def forecast_said(forecast=FORECAST, *, day: date = MAY, newest=LIST, is_behind: bool = False) -> str:
    about = replace(ABOUT, as_of=day)
    return words.forecast_sentence(forecast, forecast.points, about, newest, is_behind=is_behind)


def test_a_forecast_is_a_range_with_how_often_such_ranges_held():
    said = forecast_said()
    assert "children waiting, likely between 1,580 and 1,710 by 30 September 2025 (8 in 10)." in said
    assert "No past ranges could be checked yet" in said
    assert " will " not in said
    score = {"n": 24, "wis": 1.0, "mase": None, "coverage80": 0.79, "coverage95": 1.0}
    good = forecast_said(replace(FORECAST, scores={"ets": score}))
    assert "Looking back, 79% of 24 such ranges held; 80% were meant to." in good
    poor = forecast_said(replace(FORECAST, scores={"ets": {**score, "coverage80": 0.58}}))
    assert "58% of 24 such ranges held; 80% were meant to. They were too narrow: be ready for more and for" in poor
    few = forecast_said(replace(FORECAST, scores={"ets": {**score, "n": 14, "coverage80": 0.0}}))
    assert "(8 in 10). Too few past ranges could be checked to say how well such ranges hold (14)." in few
    assert "too narrow" not in few
    assert "too narrow" not in forecast_said(replace(FORECAST, scores={"ets": score}))
    unchecked = replace(FORECAST, scores={"ets": {**score, "n": 0}})
    assert "No past ranges could be checked yet" in forecast_said(unchecked)


def test_no_two_measures_are_said_alike():
    for points in (FORECAST.points, []):
        said = {forecast_said(replace(FORECAST, measure=one, points=points)) for one in Measure}
        assert len(said) == len(Measure)
    assert "children waiting over 52 weeks" in forecast_said(replace(FORECAST, measure=Measure.OVER_52_WEEKS))
    assert len({series_said(1, measure=one) for one in Measure}) == len(Measure)


def test_people_of_other_ages_are_not_called_children():
    assert words.measured(Measure.LIST_SIZE, find_service("ADULT_SAFEGUARDING")) == "adults waiting"


def test_an_older_forecast_names_its_day_and_the_figures_it_has_not_seen():
    assert "Worked out" not in forecast_said()
    assert "Worked out as known on 31 May 2025." in forecast_said(day=date(2025, 6, 5))
    newer = replace(LIST, period_end=APRIL)
    said = forecast_said(day=date(2025, 7, 1), newest=newer, is_behind=True)
    assert "Worked out as known on 31 May 2025 without the newest figures for April 2025." in said
    assert "Worked out without the newest figures for April 2025." in forecast_said(newest=newer, is_behind=True)


def test_a_date_that_has_passed_is_no_forecast_any_more():
    said = forecast_said(day=date(2025, 9, 30))
    assert "every date shown of this forecast has passed" in said
    assert "likely" not in said


def test_a_forecast_and_a_refusal_carry_every_care():
    for points in (FORECAST.points, []):
        said = forecast_said(replace(FORECAST, points=points), newest=replace(LIST, coverage=PART, is_synthetic=True))
        assert "Medway Community Healthcare" in said
        assert said.endswith(words.SYNTHETIC)
    assert words.SYNTHETIC not in forecast_said(newest=None)


def test_a_reason_that_is_a_finding_too_is_said_once():
    copied = found("copied_number")
    said = forecast_said(replace(FORECAST, points=[], reason=copied.sentence), newest=replace(LIST, findings=(copied,)))
    assert said.count(copied.sentence) == 1


@given(st.sampled_from(sorted(SERVICES)), st.integers(0, 10**6), st.floats(0, 1), st.booleans())
def test_no_sentence_says_that_anything_improved(service, size, share, synthetic):
    said = sentence(service, size=size, coverage=Coverage(service, "QKS", share, (NQ7,)), is_synthetic=synthetic)
    assert not any(word in said.lower() for word in ("improve", "better", "fell", "progress", "down"))


def test_that_adults_lists_are_never_forecast_is_said_where_none_is_there():
    adults, children = about("ADULT_AUDIOLOGY"), about("SALT")
    for said in (lambda on: words.not_forecast(on, "the list size"), words.not_cleared):
        assert said(adults).endswith(" Only children's lists are forecast.")
        assert "Only children" not in said(children)
