"""Breach warnings as rows: a line each, with a column for each end of each range."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from api import csv

_FIELDS = (
    *("id", "service", "org", "standard_id", "severity", "state", "state_since", "raised_at", "owner"),
    *("acknowledged_by", "acknowledged_until", "source", "period_end", "warned_as_of", "subject", "over_days"),
    *("waiting", "about", "over_now", "over_standard", "newly_over_now", "change_since_last_week", "change_since"),
    *("real_change", "coverage", "provisional", "newer_figures"),
)
_BLANK: Final[csv.Row] = {**dict.fromkeys((*_FIELDS, "sentence")), "suppressed": ()}
_QUANTILES = ("p10", "p50", "p90", "not_yet_referred")

COLUMNS: Final = (
    *map(csv.field, _FIELDS),
    *(csv.whole(name, name) for weeks in (4, 8, 12) for name in (f"in_{weeks}_weeks_{one}" for one in _QUANTILES)),
    *(csv.optional(name, name) for name in (f"in_{weeks}_weeks_probability" for weeks in (4, 8, 12))),
    csv.field("sentence"),
    csv.joined("suppressed"),
)
COLUMNS_OF_PAGE: Final = (*COLUMNS, csv.optional("left_out", "left_out"))


def rows_of_one(body: Mapping[str, Any]) -> Sequence[csv.Row]:
    """The one line of one warning."""
    return [_row(body)]


def rows_of_page(body: Mapping[str, Any]) -> Sequence[csv.Row]:
    """A line a warning; what is left out is said on each, and on a line of its own where nobody is warned of."""
    said = {"left_out": body["left_out"]}
    rows = [{**_row(one), **said} for one in body["items"]]
    return rows or [{**_BLANK, **said}] * (body["left_out"] is not None)


def _row(body: Mapping[str, Any]) -> csv.Row:
    """One warning on one line, with a column for each end of each range."""
    due = {
        f"in_{one['weeks']}_weeks_{name}": one[name]
        for one in body["newly_over"]
        for name in (*_QUANTILES, "probability")
    }
    return {**body, **due}
