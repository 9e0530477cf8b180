"""The JSON form of a trend, worked out from a series as its reader may see it and from nothing else.

So whoever sees rounded steps sees their limits and verdict, which tell no more than the steps do.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from api import words
from api.about import About
from api.answers import Body
from api.disclosure import said
from waitlists.domain import Measure, Severity
from waitlists.quality.balance import NOT_BALANCED
from waitlists.quality.whole import WHOLE_UNKNOWN
from waitlists.sources import Freq
from waitlists.standards import Standard, find_standard, shares_in_time
from waitlists.suppression.answers import SUPPRESSED
from waitlists.trends.asking import USUAL_RUN, Adjust, ProfileName
from waitlists.trends.decisions import Charted, Recorded
from waitlists.trends.presence import successions, sudden, taken_over
from waitlists.trends.steps import AskedTrend, Incomparable, PlannedTarget, Step
from waitlists.trends.stored import StoredTrend, stored_trend

NATIONAL: Final = "national standard"

BALANCING: Final[Mapping[str, tuple[str, ...]]] = {
    "over_104_weeks": ("over_104_weeks",),
    "waiting_next": ("stages", "next"),
    "waiting_review": ("stages", "review"),
    "rejected": ("removals", "rejected"),
    "left_unseen": ("removals", "discharged_unseen"),
}
"""What may get worse while a target is met, and where it stands in the answer about a list."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How trends are to be judged."""

    profile: ProfileName = "mdc"
    adjust: Adjust = "auto"
    run_length: int = USUAL_RUN

    @property
    def used(self) -> int:
        """The run length that is used: `nhsr` knows one alone."""
        return self.run_length if self.profile == "mdc" else USUAL_RUN


USUAL: Final = Rules()
"""How trends are judged unless something else is asked for."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a series: its list as the reader may see it, decisions in force, and who came or went.

    `is_awaited` where a file of the list was refused or is held.
    """

    about: About
    rules: Rules
    listed: Body
    decisions: Sequence[Recorded]
    changes: tuple[Incomparable, ...]
    is_awaited: bool = False


def trend_body(series: Body, beside: Beside) -> dict[str, Any]:
    """The trend of a series as served."""
    trend = stored_trend(_steps(series), _asked(series, beside))
    answer = trend.as_json()
    hidden = {step.period_end.isoformat() for step in trend.steps if step.is_suppressed}
    gone = [f"/points/{place}/value" for place, point in enumerate(answer["points"]) if point["date"] in hidden]
    balancing, without = balancing_of(beside.listed)
    return {
        **{name: series[name] for name in _KEPT},
        "vintage": series["vintage"],
        **answer,
        "run_length": beside.rules.used,
        "sentence": _sentence(trend, series, beside),
        "balancing": balancing,
        "links": links_of(series, beside.about),
        SUPPRESSED: [*gone, *without],
    }


_KEPT: Final = (
    *("service", "org", "measure", "standard_id", "basis", "source", "as_of", "period_end", "freq"),
    *("dataset_version", "coverage", "provisional", "is_proxy", "synthetic"),
)

_DATED: Final = frozenset({"as_of", "dataset_version"})


def trend_row(series: Body, beside: Beside) -> dict[str, Any]:
    """One line of the matrix: where a series stands, and whether that is a change; without day, version, addresses."""
    found = stored_trend(_steps(series), replace(_asked(series, beside), suggests=False))
    trend, last, about = found.trend, series["points"][-1], beside.about
    balancing, without = balancing_of(beside.listed)
    is_hidden = found.steps[-1].is_suppressed
    return {
        **{name: series[name] for name in _KEPT if name not in _DATED},
        "service_label": about.service.label,
        "org_name": about.organisation.name,
        "value": last["value"],
        "kind": found.kind,
        "direction": trend.direction,
        "status": trend.status,
        "variation": trend.variation,
        "judged_variation": found.judged_variation,
        "real_change": found.real_change,
        "assurance": trend.assurance,
        "target": trend.target,
        "judged_on": trend.judged_on,
        "sentence": _sentence(found, series, beside),
        "balancing": balancing,
        SUPPRESSED: [*(["/value"] if is_hidden else []), *without],
    }


def _sentence(trend: StoredTrend, series: Body, beside: Beside) -> str:
    return " ".join([trend.sentence, *_cares(series, beside)])


def balancing_of(listed: Body) -> tuple[dict[str, Any], list[str]]:
    """The latest of what a target may be met at the expense of, and pointers to what of it is hidden."""
    hidden, found = set(listed[SUPPRESSED]), dict[str, Any]()
    pointers: list[str] = []
    for name, path in BALANCING.items():
        found[name], at = _found(listed, path)
        if found[name] is None and at in hidden:
            pointers.append(f"/balancing/{name}")
    return {"period_end": listed["period_end"], **found}, pointers


def _found(listed: Body, path: tuple[str, ...]) -> tuple[int | None, str]:
    """A number of an answer about a list, and its pointer there."""
    if path[0] == "stages":
        for place, stage in enumerate(listed["stages"]):
            if stage["stage"] == path[1]:
                return stage["list_size"], f"/stages/{place}/list_size"
        return None, ""
    found: Any = listed
    for step in path:
        found = None if found is None else found.get(step)
    return found, f"/{'/'.join(path)}"


def _steps(series: Body) -> tuple[Step, ...]:
    hidden = set(series[SUPPRESSED])
    return tuple(
        Step(
            point["period_end"],
            point["value"],
            point["coverage"],
            point["provisional"],
            is_suppressed=point["value"] is None and f"/points/{place}/value" in hidden,
            note=point["note"],
        )
        for place, point in enumerate(series["points"])
    )


def _asked(series: Body, beside: Beside) -> AskedTrend:
    about, freq = beside.about, series["freq"]
    standing = [one.decision for one in beside.decisions if one.decision.about.covers(_charted(series))]
    targets = tuple(one.as_target for one in standing if one.what == "target")
    return AskedTrend(
        measure=Measure(series["measure"]),
        of=about.what,
        people=words.people_of(about.service),
        freq=freq,
        cut_off=series["as_of"],
        standard=series["standard_id"] and find_standard(series["standard_id"]).label,
        basis=series["basis"] or "waiting",
        profile=beside.rules.profile,
        adjust=beside.rules.adjust,
        run_length=beside.rules.used,
        breaks=_breaks(series, beside, freq),
        successions=_within(series, successions(series["service"], series["org"])),
        rebases=tuple(one.as_rebase for one in standing if one.what == "rebase"),
        targets=targets or _national(series),
        caveats=(*series["blocks"], *_in_doubt(beside.listed)),
        is_rounded=said.ROUNDED in beside.listed["sentence"],
        is_awaited=beside.is_awaited,
    )


def _in_doubt(listed: Body) -> Iterator[str]:
    """Why nobody can know whether the list of the newest figures is whole, or what moved it."""
    for one in listed["findings"]:
        is_material = one["code"] == NOT_BALANCED and one["severity"] == Severity.ERROR
        if one["code"] == WHOLE_UNKNOWN or is_material:
            yield one["sentence"]


def _charted(series: Body) -> Charted:
    return Charted(
        service=series["service"],
        org=series["org"],
        measure=Measure(series["measure"]),
        standard=series["standard_id"],
        basis=series["basis"],
        freq=series["freq"],
        source=series["source"],
    )


def _breaks(series: Body, beside: Beside, freq: Freq) -> tuple[Incomparable, ...]:
    """Where figures stop being comparable, once a period: as found in the data, from who was there, from the steps."""
    told = (Incomparable(one["period_end"], one["cause"], one["sentence"]) for one in series["breaks"])
    is_size = series["measure"] == Measure.LIST_SIZE
    steps = sudden(_steps(series), freq) if is_size else ()
    every = [*steps, *beside.changes, *taken_over(series["service"], series["org"]), *told]
    by_period = {one.period_end: one for one in _within(series, every)}
    return tuple(by_period[period] for period in sorted(by_period))


def _within(series: Body, every: Iterable[Incomparable]) -> tuple[Incomparable, ...]:
    """Those that fall between the first and the last step."""
    first, last = series["points"][0]["period_end"], series["period_end"]
    return tuple(one for one in every if first < one.period_end <= last)


def _national(series: Body) -> tuple[PlannedTarget, ...]:
    """The shares that a standard itself sets, where nobody decided on a target."""
    if series["standard_id"] is None:
        return ()
    standard = find_standard(series["standard_id"])
    return tuple(PlannedTarget(since, share, standard.label, NATIONAL, None) for since, share in _shares_due(standard))


def _shares_due(standard: Standard) -> list[tuple[date, float]]:
    own = [] if standard.target_share is None else [(date.min, standard.target_share)]
    return [*own, *shares_in_time(standard)]


def _cares(series: Body, beside: Beside) -> Iterable[str]:
    if said.ROUNDED in beside.listed["sentence"]:
        yield said.ROUNDED
    if proxy := words.proxy_sentence(beside.about.service, series["source"]):
        yield proxy
    if series["synthetic"]:
        yield words.SYNTHETIC


def links_of(series: Body, about: About) -> dict[str, str]:
    """Addresses of what belongs with the trend of a series, or with a row of the matrix about it."""
    same = {"as_of": about.day, "source": series["source"]}
    shared = {"standard": series["standard_id"], "basis": series["basis"]} if series["standard_id"] else {}
    measured = f"{about.place}/{series['measure']}?{urlencode({**same, **shared})}"
    return {
        "self": f"/v1/trends/{measured}",
        "series": f"/v1/series/{measured}",
        "list": f"/v1/waiting-lists/{about.place}?{urlencode(same)}",
    }
