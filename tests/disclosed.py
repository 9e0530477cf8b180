"""Answers of the service as they stand in its documentation, with what their numbers are, for the disclosure tests."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from api.examples.forecasts import CLEARANCE, FORECAST
from api.examples.lists import SERIES, WAITING_LIST
from waitlists.bands import WaitBands, over_weeks, unbanded
from waitlists.suppression import CountedList, Plan, Shape, ShareOf, Statistic, cut, wait_from_shown

ORG = "QKS"
PLAIN = ("/vintage/**", "/links/**", "/dataset_version", "/run_id", "/proxy_sentence", "/org_name", "/service_label")


def list_answer(counted: CountedList) -> dict[str, Any]:
    """The waiting list of the documentation with other numbers in it, in exact form."""
    bands, answer = counted.bands, deepcopy(WAITING_LIST)
    for band in answer["bands"]:
        band["count"] = bands.counts[band["label"]]
    answer |= {f"over_{weeks}_weeks": over_weeks(bands, weeks) for weeks in (18, 52, 104)}
    answer |= {"list_size": bands.total, "unbanded": unbanded(bands), "referrals": counted.referrals}
    answer |= {"removals": dict(counted.removals) or None, "residual": 0, "balanced": True, "findings": []}
    answer |= {
        "median_wait": 20.11,
        "p92_wait": 60.42,
        "shares": [{**one, "share": 0.4567} for one in answer["shares"]],
    }
    added = sum(counted.missing.values())
    adjusted = {"list_size": (bands.total or 0) + added, "added": added, "sentence": "Added."}
    answer |= {"adjusted": adjusted if added else None, "coverage": 0.5636 if added else 1.0}
    answer["missing_providers"] = [{"org": org, "last_list_size": size} for org, size in counted.missing.items()]
    return answer


def list_shape(answer: Mapping[str, Any], org: str = ORG) -> Shape:
    """What the numbers of a waiting list are."""
    total, over = cut(org, "total"), {weeks: cut(org, f"over_{weeks}_weeks") for weeks in (18, 52)}
    days = {126: over[18], 364: over[52]}
    return Shape(
        counts={
            "/list_size": total,
            "/unbanded": cut(org, "unbanded"),
            **{f"/bands/{at}/count": cut(org, band["label"]) for at, band in enumerate(answer["bands"])},
            **{f"/over_{weeks}_weeks": name for weeks, name in over.items()},
            "/over_104_weeks": cut(org, ">104"),
            "/referrals": cut(org, "referrals"),
            "/removals/*": cut(org, "removals:*"),
            "/adjusted/list_size": cut(org, "adjusted"),
            "/adjusted/added": cut(org, "added"),
            **{
                f"/missing_providers/{at}/last_list_size": cut(org, f"missing:{one['org']}")
                for at, one in enumerate(answer["missing_providers"])
            },
        },
        shares={
            "/coverage": ShareOf(total, cut(org, "adjusted") if answer["missing_providers"] else total),
            **{
                f"/shares/{at}/share": ShareOf(
                    days[one["threshold_days"]], total, is_rest=True, without=cut(org, "unbanded")
                )
                for at, one in enumerate(answer["shares"])
            },
        },
        statistics={
            "/median_wait": Statistic(total, lambda plan: wait_from_shown(plan, org, 0.5)),
            "/p92_wait": Statistic(total, lambda plan: wait_from_shown(plan, org, 0.92)),
        },
        remade={"/sentence": lambda plan: f"{plan.said(total)} waiting at the end of November 2024."},
        withheld=("/residual", "/findings/*/sentence"),
        plain=(
            *PLAIN,
            "/notes/**",
            "/bands/*/from_days",
            "/bands/*/to_days",
            "/shares/*/threshold_days",
            "/shares/*/target_share",
        ),
    )


def exact_numbers(bands: WaitBands) -> CountedList:
    """A list with a missing provider, as in the documentation."""
    return CountedList(bands, missing={"NQ7": 3921})


FORECAST_SHAPE = Shape(
    forecasts={"/points/*/quantiles/*": "last"},
    remade={"/sentence": lambda plan: f"{plan.said('last')} were waiting last."},
    rounded={"/scores/*/mase": 1, "/scores/*/coverage80": 2, "/scores/*/coverage95": 2},
    withheld=("/scores/*/wis",),
    plain=(*PLAIN, "/points/*/horizon", "/scores/*/n", "/coverage", "/fallback_reason"),
)


def series_shape(names: list[str]) -> Shape:
    """The points of a series, by their names in the table."""
    return Shape(
        counts={f"/points/{at}/value": name for at, name in enumerate(names)},
        withheld=("/points/*/adjusted", "/points/*/note"),
        remade={"/sentence": lambda _: "List size."},
        plain=(*PLAIN, "/points/*/vintage_id", "/points/*/coverage", "/coverage", "/points/*/note"),
    )


__all__ = [
    "CLEARANCE",
    "FORECAST",
    "FORECAST_SHAPE",
    "ORG",
    "SERIES",
    "Plan",
    "exact_numbers",
    "list_answer",
    "list_shape",
    "series_shape",
]
