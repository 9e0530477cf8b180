"""Series for tests of trends: values by month, the golden cases of the R package, and their labels in our words."""

import json
from datetime import date
from pathlib import Path
from typing import get_args

from waitlists.trends.asking import Options, Point
from waitlists.trends.judging import judge
from waitlists.trends.rules import SpecialCause
from waitlists.trends.verdict import PointType, Status, Variation

GOLDEN = Path(__file__).parent / "golden" / "spc"
LABELS = {
    "Common Cause": "none",
    "Above UCL": "above_upper",
    "Below LCL": "below_lower",
    "7 Point Trend (Increasing)": "trend_up",
    "7 Point Trend (Decreasing)": "trend_down",
    "2 in 3 Above CL": "two_in_three_above",
    "2 in 3 Below CL": "two_in_three_below",
    "7 Points Above CL": "shift_above",
    "7 Points Below CL": "shift_below",
}


def month(number, start=2020):
    """The first day of a month counted from January of a year."""
    return date(start + number // 12, number % 12 + 1, 1)


def monthly(*values, start=2020):
    return [Point(month(number, start), value) for number, value in enumerate(values)]


def judged(*values, **options):
    """The trend of monthly values."""
    return judge(monthly(*values), Options(**options))


def labels(trend):
    return [point.special_cause for point in trend.points]


def reasons(trend, place):
    """The rules a point meets, as (rule, first row, last row) of a monthly series from January 2020."""

    def row(day):
        return (day.year - 2020) * 12 + day.month - 1

    return [(reason.rule, row(reason.since), row(reason.until)) for reason in trend.points[place].reasons]


def golden_cases():
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((GOLDEN / "cases").glob("*.json"))]


def golden_options(arguments):
    return Options(
        profile="nhsr",
        direction=arguments["improvement_direction"],
        target=arguments.get("target"),
        rebase=tuple(map(date.fromisoformat, arguments.get("rebase", []))),
        fix_after=arguments.get("fix_after_n_points"),
        screen=arguments.get("screen_outliers"),
    )


def whole(body):
    """An answer that holds to the contract, and to JSON without anything that is no number."""
    json.dumps(body, allow_nan=False)
    assert body["status"] in get_args(Status)
    assert body["variation"] in {*get_args(Variation), None}
    assert body["assurance"] in {"pass", "fail", "inconsistent", None}
    for point in body["points"]:
        assert point["special_cause"] in get_args(SpecialCause)
        assert point["point_type"] in get_args(PointType)
        assert (point["special_cause"] == "none") == (point["point_type"] == "common_cause") == (not point["reasons"])
        assert all(reason["from"] <= point["date"] <= reason["to"] for reason in point["reasons"])
        assert point["value"] is not None or not point["reasons"]
    return body
