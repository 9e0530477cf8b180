"""Trends of the published workbooks: community paediatrics of Kent, from which Medway was missing for three months."""

from datetime import date

import pytest

from waitlists.domain import Measure, SeriesKey
from waitlists.series import build_series
from waitlists.store.read import list_history
from waitlists.store.session import reading
from waitlists.trends.asking import Options, Point
from waitlists.trends.judging import judge
from waitlists.trends.presence import came_and_went
from waitlists.trends.steps import AskedTrend
from waitlists.trends.stored import breaks_of, steps_of, stored_trend

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]

WITHOUT_MEDWAY = (date(2025, 1, 9), date(2025, 3, 13), date(2025, 4, 9))
"""Days on which the newest figure is of November 2024 or January 2025."""
ALL_BACK = (date(2025, 4, 10), date(2025, 5, 15))
MEASURES = (Measure.LIST_SIZE, Measure.OVER_18_WEEKS, Measure.OVER_52_WEEKS)


@pytest.fixture
def history_on(published):
    def read(day):
        with reading(published) as connection:
            return list_history(connection, source="chs_sitrep", service="COMM_PAEDS", as_of=day)

    return read


def trend(history, day, measure, **more):
    series = build_series(history, SeriesKey("chs_sitrep", "COMM_PAEDS", "QKS", measure), as_of=day)
    changes = (*breaks_of(series), *came_and_went(history, day).get("QKS", ()))
    asked = AskedTrend(
        measure=measure, of="Kent", people="children", freq="M", cut_off=day, **{"breaks": changes, **more}
    )
    return series, stored_trend(steps_of(series), asked)


@pytest.mark.parametrize("day", [*WITHOUT_MEDWAY, *ALL_BACK])
def test_a_missing_provider_is_never_an_improvement(history_on, day):
    history = history_on(day)
    for measure in MEASURES:
        # Of March 2025 the R package names the last of four values after the break, 8,718 after 8,759: a whole list.
        for profile in ("mdc", "nhsr") if day in WITHOUT_MEDWAY else ("mdc",):
            for breaks in ({}, {"breaks": ()}):
                _, found = trend(history, day, measure, profile=profile, **breaks)
                assert "improvement" not in (found.trend.variation or "")
                assert found.real_change is not True
                missing = [mark.period_end for mark in found.marks if mark.kind == "part_missing"]
                assert date(2024, 11, 30) in missing
                assert (day in WITHOUT_MEDWAY) == ("so this is no sign of a change" in found.sentence)


def test_the_printed_numbers_alone_would_be_an_improvement(history_on):
    """What the rules say where nobody looks who is there."""
    day = WITHOUT_MEDWAY[1]
    series, _ = trend(history_on(day), day, Measure.LIST_SIZE)
    points = [Point(point.period_end, point.value) for point in series.points]
    assert judge(points, Options(profile="nhsr", direction="decrease")).variation == "improvement_low"
