"""The headline of a service whose charted wait got better while another that is watched got worse, or may have.

All is taken from answers as whoever looks may see them.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from api.answers import Body
from api.disclosure.said import ROUNDED
from forecasting.warnings.headline import Wait, Way, both_ways, way_of
from forecasting.warnings.past import MEASURE_OVER
from forecasting.warnings.words import over_words
from waitlists.charts import leads, variation_icon
from waitlists.domain import Measure

_ALWAYS: Final = 364
"""Waits over 52 weeks are looked at whether a warning watches them or not."""

_DAYS: Final = {measure: days for days, measure in MEASURE_OVER.items()}

_BEYOND: Final = (
    ("high", "below_lower", "Below the lower limit, though rising, which is for the better"),
    ("low", "above_upper", "Above the upper limit, though falling, which is for the better"),
)
"""What is said in place of a verdict for the better: the way of the verdict, and the rule that speaks against it."""


class Headline(NamedTuple):
    """What is said in place of the charted wait's own verdict, and the icon of the worse one; empty where it stays."""

    said: str = ""
    icon: str = ""


def measures_beside(lead: Body, breaches: Body) -> list[Measure]:
    """What else has to be looked at before a list is headlined: nothing where its charted wait is not called better."""
    if _way(lead) != "better":
        return []
    days = sorted({_ALWAYS, *_standing(breaches)})
    return [MEASURE_OVER[one] for one in days if one in MEASURE_OVER and MEASURE_OVER[one] != lead["measure"]]


def headline(lead: Body, beside: Sequence[Body], breaches: Body, *, ident: str) -> Headline:
    """The headline of a list, from the trends of `measures_beside` and its answer of /v1/breaches."""
    others = list(_waits(lead, beside, breaches))
    said = both_ways(Wait(_over(lead), _way(lead)), others)
    if said is None:
        return Headline()
    is_worse = any(one.way == "worse" for one in others)
    return Headline(said, (variation_icon("concern_high", ident=ident) or "") if is_worse else "")


def beyond(trend: Body) -> str:
    """Where the last value lies that is called better and lies beyond its limit on the worse side; else nothing."""
    variation = trend["judged_variation"]
    if leads(trend) != "raw" or not variation.startswith("improvement"):
        return ""
    last = next(point for point in reversed(trend["points"]) if point["date"] == trend["judged_on"])
    rules = {reason["rule"] for reason in last["reasons"]}
    return next((said for side, rule, said in _BEYOND if variation.endswith(side) and rule in rules), "")


def _waits(lead: Body, beside: Sequence[Body], breaches: Body) -> Iterator[Wait]:
    trends, standing = {_DAYS[Measure(one["measure"])]: one for one in beside}, _standing(breaches)
    for days in sorted({*trends, *standing}):
        way = _way(trends[days]) if days in trends else None
        if MEASURE_OVER.get(days) == lead["measure"]:
            continue
        if days in standing and way in {None, "same"}:
            way = _warned_way(standing[days], lead)
        # Of a wait that nothing warns of only what is known is told.
        if way is not None and (way == "worse" or days in standing):
            yield Wait(over_words(days), way)


def _warned_way(warning: Body, lead: Body) -> Way:
    """Which way the number of a warning goes: a real change as its last step does, for its trend is not there."""
    real, change, is_exact = warning["real_change"], warning["change_since_last_week"], ROUNDED not in lead["sentence"]
    return way_of(None if real and not change else real, (change or 0) > 0, change, is_exact=is_exact)


def _way(trend: Body) -> Way:
    variation = trend["judged_variation"] if leads(trend) else None
    real, is_worse = trend["real_change"] if variation else None, str(variation).startswith("concern")
    return way_of(real, is_worse, None, is_exact=True)


def _over(trend: Body) -> str:
    days = _DAYS.get(Measure(trend["measure"]))
    return "how many wait" if days is None else over_words(days)


def _standing(breaches: Body) -> dict[int, Body]:
    """The warnings that stand, by the wait they watch."""
    return {one["over_days"]: one for one in breaches["items"] if one["state"] != "cleared"}
