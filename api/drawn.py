"""A trend's answer as pages and their CSV draw it: the marks and limits of the verdict to go by."""

from collections.abc import Mapping
from typing import Any

from api.disclosure.said import ROUNDED
from waitlists.charts import leading, surprises
from waitlists.domain import Measure
from waitlists.trends.measures import MEASURED, Unit


def as_drawn(body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with the marks and limits that lead, of counts shown rounded without what rounding may have made."""
    return leading(body, is_rounded=_is_rounded(body))


def as_surprises(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The chart of surprises that gives the verdict, marked as the one drawn; None where another gives it."""
    return surprises(body, unit=unit_of(body), is_rounded=_is_rounded(body))


def unit_of(body: Mapping[str, Any]) -> Unit:
    """In what a trend is measured."""
    return MEASURED[Measure(body["measure"])].unit


def _is_rounded(body: Mapping[str, Any]) -> bool:
    return unit_of(body) == "people" and ROUNDED in body["sentence"]
