"""Answers in the forms of the API, in exact figures, and what their numbers are, for the disclosure tests."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from waitlists.bands import CHS_BANDS, WaitBands, over_weeks, unbanded
from waitlists.suppression import CountedList, Rounded, Shape, ShareOf, Statistic, cut, wait_from_shown

ORG = "QKS"
PLAIN = ("/vintage/**", "/links/**", "/dataset_version", "/coverage")
ABOUT: dict[str, Any] = {
    "service": "COMM_PAEDS",
    "org": ORG,
    "as_of": "2025-01-31",
    "period_end": "2024-11-30",
    "dataset_version": 2,
    "source": "weekly_return",
    "vintage": {"id": 2, "delivery_id": 2, "known_from": "2025-01-16", "file_name": "return 2.xlsx"},
    "provisional": True,
    "sentence": "Community paediatrics: 5,064 waiting at the end of November 2024.",
    "links": {"self": "/v1/waiting-lists/COMM_PAEDS/QKS?as_of=2025-01-31"},
}

WAITING_LIST: dict[str, Any] = {
    **ABOUT,
    "service_label": "Community paediatrics",
    "org_name": "NHS Kent and Medway Integrated Care Board",
    "bands": [{"label": one.label, "from_days": one.from_days, "to_days": one.to_days} for one in CHS_BANDS],
    "median_wait": 20.11,
    "p92_wait": 60.42,
    "shares": [
        {"standard_id": f"CHS_{weeks}W", "share": 0.4567, "threshold_days": days, "target_share": 0.8, "note": None}
        for weeks, days in ((18, 126), (52, 364))
    ],
    "notes": {"p92_wait": "It is 60.42 weeks."},
}
FORECAST: dict[str, Any] = {
    **ABOUT,
    "model": "naive",
    "points": [
        {
            "target_end_date": "2025-04-30",
            "horizon": 1,
            "quantiles": {"0.1": 8101.7, "0.25": 8199.2, "0.5": 8300.0, "0.75": 8402.4, "0.9": 8502.5},
        }
    ],
    "scores": {"naive": {"n": 8, "wis": 210.5, "mase": 1.0432, "coverage80": 0.75, "coverage95": 1.0}},
    "fallback_reason": "Fewer than 24 figures: the last value is carried on.",
    "coverage": 1.0,
}
CLEARANCE: dict[str, Any] = {
    **ABOUT,
    "confidence": 0.8,
    "clearance": [
        {
            "kind": "run_off",
            "status": "ok",
            "p_within_52_weeks": 0.2512345,
            "p_by_horizon": 0.3512345,
            "p_never_within_horizon": None,
            "p50": "2027-01-04",
            "curve": [{"date": "2026-12-28", "p": 0.1234567}],
            "details": {"removals_per_week": 1.234},
            "sentence": "If nobody new were referred, the list of 1,651 would be gone by 4 January 2027.",
        }
    ],
    "required_capacity": None,
}
SERIES: dict[str, Any] = {**ABOUT, "points": [{"period_end": "2024-10-31", "adjusted": 9051, "vintage_id": 1}]}


def list_answer(counted: CountedList) -> dict[str, Any]:
    """A waiting list in exact form."""
    bands, answer = counted.bands, deepcopy(WAITING_LIST)
    for band in answer["bands"]:
        band["count"] = bands.counts[band["label"]]
    answer |= {f"over_{weeks}_weeks": over_weeks(bands, weeks) for weeks in (18, 52, 104)}
    answer |= {"list_size": bands.total, "unbanded": unbanded(bands), "referrals": counted.referrals}
    answer |= {"removals": dict(counted.removals) or None, "residual": 0, "balanced": True, "findings": []}
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
    rounded={"/scores/*/mase": Rounded(1), "/scores/*/coverage80": Rounded(2), "/scores/*/coverage95": Rounded(2)},
    withheld=("/scores/*/wis",),
    plain=(*PLAIN, "/points/*/horizon", "/scores/*/n", "/fallback_reason"),
)


CLEARANCE_SHAPE = Shape(
    rounded={
        f"/clearance/*/{name}": Rounded(2, of="last")
        for name in ("p_within_52_weeks", "p_by_horizon", "p_never_within_horizon", "curve/*/p")
    },
    tied={f"/clearance/*/{name}": "last" for name in ("p10", "p50", "p90")},
    remade={
        "/sentence": lambda plan: f"{plan.said('last')} waiting.",
        "/clearance/*/sentence": lambda plan: f"The list of {plan.said('last')}.",
    },
    withheld=("/clearance/*/details", "/required_capacity"),
    plain=(*PLAIN, "/confidence"),
)


def series_shape(names: list[str]) -> Shape:
    """The points of a series, by their names in the table."""
    return Shape(
        counts={f"/points/{at}/value": name for at, name in enumerate(names)},
        withheld=("/points/*/adjusted",),
        remade={"/sentence": lambda _: "List size."},
        plain=(*PLAIN, "/points/*/vintage_id"),
    )
