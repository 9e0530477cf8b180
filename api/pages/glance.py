"""A service at a glance: how many wait, how many too long, whether that moves, and who is likely to cross next.

One line of the table at the head of the first page, taken from the same answers as the section it leads to.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from api.answers import Body
from api.disclosure.said import ROUNDED
from api.pages.headline import Headline, beyond, headline
from api.pages.parts import NOT_KNOWN, ident_of, number
from api.words import day_in_words
from forecasting.warnings.past import MEASURE_OVER
from forecasting.warnings.watched import watched
from forecasting.warnings.words import OF_PART, crossing_words, over_words
from waitlists.charts import leads, shown, variation_icon
from waitlists.domain import Level, Measure
from waitlists.periods import STEP_WORDS
from waitlists.standards import OF_SOME, Standard, last_day_within
from waitlists.suppression.answers import SUPPRESSED
from waitlists.trends.rounding import is_rounding

_COUNTED: Final = {126: "over_18_weeks", 364: "over_52_weeks", 728: "over_104_weeks"}
"""The fields of a list that count waits of more days."""

_MOVING: Final = {
    Measure.OVER_18_WEEKS: "Over 18 weeks",
    Measure.OVER_52_WEEKS: "Over 52 weeks",
    Measure.OVER_104_WEEKS: "Over 104 weeks",
    Measure.LIST_SIZE: "Waiting",
}
_UNLIKE: Final = frozenset({"not_comparable", "succession"})


class Ahead(NamedTuple):
    """Who is likely to cross next: how many in words, over which wait and by when, and the page of the warning."""

    children: str
    by: str = ""
    link: str = ""


class Glance(NamedTuple):
    """One service in a line.

    `over_what` is the wait its standard allows, `longer` how many are over the longer wait that is watched where nearly
    all are over the standard's; `trend` says what the verdict is of, `change` the last step alone, which may go the
    other way. `headline` stands in place of the verdict where another wait goes the other way; it is empty elsewhere.
    """

    over: str
    over_what: str
    longer: str
    icon: str
    trend: str
    change: str
    ahead: Ahead
    headline: str = ""


def glance(
    listed: Body, trend: Body | None, breaches: Body, *, beside: Sequence[Body] = (), is_given: bool = True
) -> Glance:
    """The line of a list.

    Parameters
    ----------
    listed, trend
        Its answers of /v1/waiting-lists and /v1/trends; None where no trend says anything.
    breaches
        Its answer of /v1/breaches.
    beside
        Its answers of /v1/trends about other waits (`measures_beside`).
    is_given
        Whether who looks is given the warnings of this list.
    """
    standard = _standard_of(listed)
    one = _warning(breaches, standard)
    over_what = over_words(last_day_within(standard))
    is_part = standard.id in OF_SOME and any(share["standard_id"] == standard.id for share in listed["shares"])
    both = headline(trend, beside, breaches, ident=ident_of(trend, "glance")) if trend else Headline()
    return Glance(
        over=_over(listed, standard, one),
        over_what=f"{over_what}, {OF_PART}" if is_part else over_what,
        longer=_longer(listed, one, standard) if one else "",
        icon=both.icon if both.said or not trend else _icon(trend),
        trend=_trend(trend, standard, one) if trend else "",
        change=_change(trend) if trend else "",
        ahead=_ahead(listed, one) if one else _without(listed, breaches, is_given=is_given),
        headline=both.said,
    )


def watched_measure(listed: Body, breaches: Body) -> Measure | None:
    """What is charted of a list so that its line is about one wait: those over the wait that its warning watches."""
    one = _warning(breaches, _standard_of(listed))
    measure = MEASURE_OVER.get(one["over_days"]) if one else None
    return measure if measure in _MOVING else None


def _standard_of(listed: Body) -> Standard:
    """The shortest wait that is asked for of a list; every service of the first page has one."""
    return min(watched(listed["service"], listed["source"]), key=lambda one: one.threshold_days)


def _warning(breaches: Body, standard: Standard) -> Body | None:
    """The warning of a standard that stands."""
    stands = (one for one in breaches["items"] if one["state"] != "cleared")
    return next((one for one in stands if one["standard_id"] == standard.id), None)


def _without(listed: Body, breaches: Body, *, is_given: bool) -> Ahead:
    """Warnings are of boards and providers alone."""
    is_warned = listed["org_level"] in {Level.ICB, Level.PROVIDER} and breaches["warned_as_of"] is not None
    if not is_warned:
        return Ahead("not worked out")
    return Ahead("no warning" if is_given else "not given")


def _over(listed: Body, standard: Standard, warning: Body | None) -> str:
    """How many are over a standard: as the list counts them, else as the warning about these very figures does."""
    name = _COUNTED.get(last_day_within(standard))
    said = NOT_KNOWN if name is None else number(listed[name], is_hidden=f"/{name}" in listed[SUPPRESSED])
    for place, one in enumerate(listed["shares"]):
        if said == NOT_KNOWN and (one["standard_id"], one["basis"]) == (standard.id, "waiting"):
            said = number(one["over"], is_hidden=f"/shares/{place}/over" in listed[SUPPRESSED])
    is_same = warning is not None and all(warning[same] == listed[same] for same in ("source", "period_end"))
    if warning is None or not is_same or said != NOT_KNOWN:
        return said
    return number(warning["over_standard"], is_hidden="/over_standard" in warning[SUPPRESSED])


def _longer(listed: Body, warning: Body, standard: Standard) -> str:
    days = warning["over_days"]
    if days == last_day_within(standard) or days not in _COUNTED:
        return ""
    name = _COUNTED[days]
    return f"{number(listed[name], is_hidden=f'/{name}' in listed[SUPPRESSED])} {over_words(days)}"


def _icon(trend: Body) -> str:
    variation = trend["judged_variation"] if leads(trend) and not beyond(trend) else None
    return (variation_icon(variation, ident=ident_of(trend, "glance")) or "") if variation else ""


def _trend(trend: Body, standard: Standard, warning: Body | None) -> str:
    """What a verdict is of, and of how many steps; of how many there is no verdict of is not said."""
    measured = _MOVING[trend["measure"]]
    days = warning["over_days"] if warning else last_day_within(standard)
    if days not in MEASURE_OVER:
        measured = f"{measured} (no trend is kept of those waiting {over_words(days)})"
    if not leads(trend):
        return measured
    steps = trend["groups"][-1]["n"]
    return f"{measured}, a trend of {steps} {STEP_WORDS[trend['freq']]}s"


def _change(trend: Body) -> str:
    """The last step, where both of its ends are whole and can be compared."""
    points = trend["points"]
    if len(points) < 2 or not all(map(_is_whole, points[-2:])) or _UNLIKE.intersection(points[-1]["marks"]):
        return ""
    before, value = (point["value"] for point in points[-2:])
    return f"The last {STEP_WORDS[trend['freq']]} alone: {_step(before, value, trend)}"


def _is_whole(point: Body) -> bool:
    return point["value"] is not None and not point["provisional"]


def _step(before: float, value: float, trend: Body) -> str:
    if value == before:
        return "unchanged"
    if ROUNDED in trend["sentence"] and is_rounding(before, value):
        return "about unchanged"
    return f"{shown(abs(value - before), 'people')} {'more' if value > before else 'fewer'}"


def _ahead(listed: Body, warning: Body) -> Ahead:
    """The first day to come by which a warning says how many are likely to cross."""
    link = f"/breaches/{warning['id']}"
    due = next((one for one in warning["newly_over"] if one["by"] > listed["as_of"]), None)
    if due is None:
        return Ahead(NOT_KNOWN, "", link)
    by = f"{over_words(warning['over_days'])} by {day_in_words(due['by'])}"
    return Ahead(crossing_words(due["p10"], due["p90"]), by, link)
