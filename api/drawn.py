"""A trend's answer as pages and their CSV draw it: the marks and limits of the verdict to go by."""

from collections.abc import Mapping
from typing import Any

from api.disclosure.said import ROUNDED
from waitlists.charts import leading
from waitlists.domain import Measure
from waitlists.trends.measures import MEASURED


def as_drawn(body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with the marks and limits that lead, of counts shown rounded without what rounding may have made."""
    is_count = MEASURED[Measure(body["measure"])].unit == "people"
    return leading(body, is_rounded=is_count and ROUNDED in body["sentence"])
