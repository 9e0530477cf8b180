"""The trend that a page draws first: values as they are, with the marks and limits of the verdict to go by.

A list carries over from one period to the next, so the raw rules call nearly every point of a growing one unusual while
the verdict is that nothing turned. The adjusted chart judges it; here its limits are moved to where the values lie, so
that a point is beyond them exactly where the adjusted one is. The raw chart keeps its own place beside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from waitlists.charts.reading import SIGNED
from waitlists.trends.measures import Unit
from waitlists.trends.rounding import is_rounding

_USUAL: Final = {"special_cause": "none", "point_type": "common_cause"}
_UNJUDGED: Final = {"special_cause": "none", "point_type": "not_judged"}

Row = Mapping[str, Any]


def leads(answer: Mapping[str, Any]) -> str | None:
    """Which chart gives the verdict to go by: `adjusted`, `raw` where both agree too, None where there is none."""
    judged = answer["judged_variation"]
    if judged is None or answer["real_change"] is None:
        return None
    return "raw" if answer["adjusted"] is None or answer["variation"] == judged else "adjusted"


def leading(answer: Mapping[str, Any], *, is_rounded: bool) -> dict[str, Any]:
    """An answer of /v1/trends with the marks and limits of the chart that leads; without a verdict it has no marks.

    Parameters
    ----------
    is_rounded
        Whether values are counts shown rounded: then a step that rounding alone may make is not marked.
    """
    led_by = leads(answer)
    if led_by == "adjusted":
        rows = list(_moved(answer["points"], answer["adjusted"]["points"]))
        if is_rounded and "residual" in answer["adjusted"]["method"]:
            rows = list(_without_rounding(rows))
        return {**answer, "points": rows}
    return {**answer} if led_by else {**answer, "points": [{**row, **_UNJUDGED} for row in answer["points"]]}


def surprises(answer: Mapping[str, Any], *, unit: Unit, is_rounded: bool) -> dict[str, Any] | None:
    """The chart that gives the verdict where that is one of surprises: each value less what is expected after the last.

    Its marks are those that `leading` puts on the values; None where another chart leads.
    """
    if leads(answer) != "adjusted" or "residual" not in answer["adjusted"]["method"]:
        return None
    drawn = leading(answer, is_rounded=is_rounded)["points"]
    rows = [_surprise(row, judged, unit) for row, judged in zip(drawn, answer["adjusted"]["points"], strict=True)]
    return {**answer, "points": rows, "target": None, SIGNED: True}


_AS_MARKED: Final = (*_USUAL, "provisional", "marks")
_STEPS: Final[Mapping[Unit, int]] = {"people": 1, "weeks": 1, "share": 3}
"""Decimals with which a surprise is told: it may lie about zero, where a whole number would hide what it is."""


def _surprise(row: Row, judged: Row, unit: Unit) -> dict[str, Any]:
    """One surprise, about its mean: nothing is what was expected."""
    about = {name: _about(judged[name], judged["mean"], unit) for name in ("value", "mean", "lower", "upper")}
    return {**judged, **{name: row[name] for name in _AS_MARKED if name in row}, **about, "target": None}


def _about(value: float | None, mean: float | None, unit: Unit) -> float | None:
    # A zero added makes nothing of the minus of a minus zero.
    return None if value is None or mean is None else round(value - mean, _STEPS[unit]) + 0.0


def _moved(raw: Sequence[Row], adjusted: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Values with the marks and limits of their adjusted points, these as far from the value as they are there.

    The mean is left out: it would be a third line that goes up and down with the values.
    """
    for row, judged in zip(raw, adjusted, strict=True):
        marks = {name: judged[name] for name in _USUAL}
        yield {**row, **marks, "mean": None, **{edge: _edge(row, judged, edge) for edge in ("lower", "upper")}}


def _edge(row: Row, judged: Row, edge: str) -> float | None:
    if row["value"] is None or judged["value"] is None or judged[edge] is None:
        return None
    return row["value"] + (judged[edge] - judged["value"])


def _without_rounding(rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield from rows[:1]
    for before, row in pairwise(rows):
        values = (before["value"], row["value"])
        yield {**row, **_USUAL} if None not in values and is_rounding(*values) else row
