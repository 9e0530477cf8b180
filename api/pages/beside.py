"""What stands beside a chart that leads by an adjusted verdict: the chart by itself, and the surprises it is judged by.

Both are small on every screen. The numbers of either stand in the table of the chart that leads, their limits in one
of their own.
"""

from dataclasses import dataclass
from typing import Final

from api.answers import Body
from api.drawn import as_surprises, unit_of
from waitlists.charts import NARROW, Table, limits_table, spc_chart, with_surprises
from waitlists.periods import STEP_WORDS

NEWEST_BESIDE: Final = {"W": 26, "M": 30}
"""Points of a small chart: half a year of weeks, two and a half years of months."""

_SURPRISES: Final = (
    "How far each value lies from what the {step} before it lets expect: 0 is as expected. "
    "These are what the verdict is of."
)


@dataclass(frozen=True, slots=True)
class Small:
    """A small chart: what it says, the picture, and its limits."""

    said: str
    picture: str
    limits: Table


@dataclass(frozen=True, slots=True)
class Alone:
    """The chart by itself, where another gives the verdict, why it does not lead, and surprises where these do."""

    raw: Small
    why: str
    surprises: Small | None


def alone(body: Body, *, named: str, ident: str, verdict: str) -> Alone:
    """The charts beside the one that leads, of an answer of which the adjusted one does.

    Parameters
    ----------
    named, ident
        What is charted, and its name within the page.
    verdict
        What the chart by itself says.
    """
    said, judged = _SURPRISES.format(step=STEP_WORDS[body["freq"]]), as_surprises(body)
    return Alone(
        _small(body, f"{named}, by itself", f"{ident}-alone", verdict),
        body["adjusted"]["why"],
        None if judged is None else _small(judged, f"{named}, surprises", f"{ident}-surprises", said),
    )


def told_in(table: Table, body: Body) -> Table:
    """The table of the chart that leads, with the surprises of its points where these are charted beside it."""
    judged = as_surprises(body)
    return table if judged is None else with_surprises(table, judged, unit=unit_of(body))


def _small(body: Body, title: str, ident: str, said: str) -> Small:
    unit, newest = unit_of(body), NEWEST_BESIDE[body["freq"]]
    drawn = {**body, "sentence": said}
    return Small(
        said,
        spc_chart(drawn, title=title, ident=ident, unit=unit, width=NARROW, newest=newest),
        limits_table(body, caption=f"{title}: its limits", unit=unit, newest=newest),
    )
