"""Whether a measure of a list moves, as a page shows it: the verdict, the sentence, the chart and its newest numbers.

The chart drawn first is that of the verdict to go by; where that is the adjusted one the chart by itself stands beside
it. A table holds the newest year of weeks or five years of months; the linked CSV holds every point drawn. On the first
page, where there are many lists, a wide chart holds no more than its table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from api import words
from api.answers import Body
from api.disclosure.said import ROUNDED
from api.drawn import as_drawn, unit_of
from api.pages.beside import Alone, alone, told_in
from api.pages.headline import beyond
from api.pages.parts import NEWEST, Picture, ident_of, place_of, plain, same_question, standard_name, standard_source
from waitlists.charts import (
    NARROW,
    WIDE,
    assurance_icon,
    leads,
    spc_chart,
    spc_table,
    variation_icon,
)
from waitlists.domain import Measure
from waitlists.periods import STEP_WORDS
from waitlists.services import find_service
from waitlists.trends.verdict import Variation

DRAWN: Final = {"W": 157, "M": 120}
"""Points that a wide chart holds at most: three years of weeks, ten of months."""

_VERDICTS: Final[Mapping[Variation, str]] = {
    "common_cause": "No sign of a real change",
    "improvement_high": "Real change for the better, upwards",
    "improvement_low": "Real change for the better, downwards",
    "concern_high": "Real change for the worse, upwards",
    "concern_low": "Real change for the worse, downwards",
    "neutral_high": "Real change, upwards",
    "neutral_low": "Real change, downwards",
}
_AS_BEFORE: Final = ", and moving as before"
_STEADY: Final = f"{{}} than it was{_AS_BEFORE}: no sign of a turn"
_OF_A_CHANGE: Final = " whether this is a real change"
_NO_VERDICT: Final = f"Cannot yet say{_OF_A_CHANGE}"


@dataclass(frozen=True, slots=True)
class Moving:
    """Whether a measure moves: its name, the verdict with its icons, the sentence, the chart, and where all of it is.

    `figures` says whether they are weekly or monthly: of one list the two may tell differently. `source` names the
    standard that is meant; `alone` is the chart by itself where there is room for it and it does not lead; `newest`
    says that the table holds the newest points only, and `is_brief` that no chart holds more.
    """

    title: str
    figures: str
    source: str
    verdict: str
    by_itself: str
    icons: tuple[str, ...]
    sentence: str
    picture: Picture
    alone: Alone | None
    newest: str
    is_brief: bool
    json_link: str
    csv_link: str

    @property
    def in_brief(self) -> str:
        """The verdict as a line of a table says it."""
        return self.verdict.replace(_AS_BEFORE, "").removesuffix(_OF_A_CHANGE)


def moving(body: Body, *, has_beside: bool = False) -> Moving:
    """The trend of an answer of /v1/trends; with the chart by itself beside it where there is room for both."""
    body = _in_whole_weeks(body)
    title, ident, standard = measure_title(body), _ident(body), body["standard_id"]
    named = f"{find_service(body['service']).label}: {title}"
    led_by = leads(body)
    variation = body["judged_variation"] if led_by else None
    verdict = _verdict(body, variation)
    shown = None if beyond(body) else variation
    icons = (variation_icon(shown, ident=f"{ident}-v"), assurance_icon(body["assurance"], ident=f"{ident}-a"))
    raw: Variation | None = body["variation"] if led_by == "adjusted" else None
    picture = _charted({**as_drawn(body), "sentence": f"{verdict}."}, named, ident, is_brief=not has_beside)
    beside = alone(body, named=named, ident=ident, verdict=_VERDICTS[raw]) if has_beside and raw else None
    return Moving(
        title=title,
        figures=f"{STEP_WORDS[body['freq']]}ly figures",
        source=standard_source(standard) if standard else "",
        verdict=verdict,
        by_itself="" if raw is None else _VERDICTS[raw],
        icons=tuple(icon for icon in icons if icon) if variation else (),
        sentence=plain(body["sentence"]),
        picture=replace(picture, table=told_in(picture.table, body)) if beside else picture,
        alone=beside,
        newest=_newest(body),
        is_brief=not has_beside,
        json_link=body["links"]["self"],
        csv_link=_csv(body),
    )


def _ident(body: Body) -> str:
    return ident_of(body, body["measure"], body["standard_id"] or "")


def _in_whole_weeks(body: Body) -> Body:
    """Waits worked out from rounded numbers as far as they are known: whole weeks, not judged and so not adjusted."""
    if unit_of(body) != "weeks" or ROUNDED not in body["sentence"]:
        return body
    edges = ("value", "mean", "lower", "upper")
    points = [{**row, **{edge: row[edge] and float(round(row[edge])) for edge in edges}} for row in body["points"]]
    return {**body, "points": points, "adjusted": None}


def _charted(body: Body, named: str, ident: str, *, is_brief: bool) -> Picture:
    unit, newest = unit_of(body), NEWEST[body["freq"]]
    most = newest if is_brief else DRAWN[body["freq"]]
    return Picture(
        spc_chart(body, title=named, ident=f"{ident}-wide", unit=unit, width=WIDE, newest=most),
        spc_chart(body, title=named, ident=f"{ident}-narrow", unit=unit, width=NARROW, newest=newest),
        spc_table(body, caption=f"{named}, {_newest(body) or 'period by period'}", unit=unit, newest=newest),
    )


def _newest(body: Body) -> str:
    """That the newest of many points are shown; nothing where all are."""
    every, newest, step = len(body["points"]), NEWEST[body["freq"]], STEP_WORDS[body["freq"]]
    return f"the newest {newest} of {every} {step}s" if every > newest else ""


def _verdict(body: Body, variation: Variation | None) -> str:
    """The verdict to go by, in few words; where a list moves steadily no step surprises, but its level is said."""
    if variation is None:
        return _NO_VERDICT
    if variation == "common_cause" and body["variation"] not in {None, "common_cause"}:
        last = next(point for point in reversed(body["points"]) if point["date"] == body["judged_on"])
        return _STEADY.format("Higher" if last["value"] > last["mean"] else "Lower")
    return beyond(body) or _VERDICTS[variation]


def measure_title(body: Body) -> str:
    """What a chart shows, as its heading; a standard is named by what it asks for."""
    service = find_service(body["service"])
    if body["standard_id"]:
        return f"Share of {words.people_of(service)} {standard_name(body['standard_id'])}"
    measured = words.measured(Measure(body["measure"]), service)
    return measured[:1].upper() + measured[1:]


def _csv(body: Body) -> str:
    standard = {"standard": body["standard_id"]} if body["standard_id"] else {}
    return f"/lists/{place_of(body)}/{body['measure']}.csv?{same_question(body, **standard)}"
