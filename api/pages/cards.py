"""What a page shows of one list: the sentence, the numbers, the verdict, charts with their tables, and what to mind.

Everything is taken from the bodies of the API's answers as this caller may see them; nothing is counted here.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote, urlencode

from api import words
from api.answers import Body
from api.disclosure.said import ROUNDED
from waitlists.charts import (
    NARROW,
    WIDE,
    Band,
    Table,
    assurance_icon,
    bands_chart,
    bands_table,
    shown,
    spc_chart,
    spc_table,
    variation_icon,
)
from waitlists.domain import Measure
from waitlists.services import find_service
from waitlists.standards import find_standard
from waitlists.suppression.answers import SUPPRESSED
from waitlists.trends.measures import MEASURED
from waitlists.trends.verdict import Variation

NOT_SHOWN: Final = "not shown"
NOT_KNOWN: Final = "not known"

_BANDS: Final = {
    "0-1": "Up to 1 week", ">1-2": "1 to 2 weeks", ">2-4": "2 to 4 weeks", ">4-12": "4 to 12 weeks",
    ">12-18": "12 to 18 weeks", ">18-52": "18 to 52 weeks", ">52-104": "52 to 104 weeks", ">104": "Over 104 weeks",
    ">52": "Over 52 weeks",
}  # fmt: skip
_NUMBERS: Final = (
    ("list_size", "Waiting"),
    ("over_18_weeks", "Over 18 weeks"),
    ("over_52_weeks", "Over 52 weeks"),
    ("over_104_weeks", "Over 104 weeks"),
)
_WAITS: Final = (("median_wait", "Half have waited"), ("p92_wait", "8 in 100 have waited"))
_VERDICTS: Final[Mapping[Variation, str]] = {
    "common_cause": "No sign of a real change",
    "improvement_high": "Real change for the better, upwards",
    "improvement_low": "Real change for the better, downwards",
    "concern_high": "Real change for the worse, upwards",
    "concern_low": "Real change for the worse, downwards",
    "neutral_high": "Real change, upwards",
    "neutral_low": "Real change, downwards",
}
_STEADY: Final = "{} than it was, and moving as before: no sign of a turn"
_NO_VERDICT: Final = "Cannot yet say whether this is a real change"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart for wide and for narrow screens, and the table of its numbers."""

    wide: str
    narrow: str
    table: Table


@dataclass(frozen=True, slots=True)
class Moving:
    """Whether a measure moves: its name, the verdict with its icons, the sentence, and the chart."""

    title: str
    verdict: str
    icons: tuple[str, ...]
    sentence: str
    picture: Picture
    beside: Picture | None
    beside_why: str
    json_link: str
    csv_link: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How many wait how long on one list: the sentence, numbers by name, the bands, what to mind, how old it is."""

    ident: str
    title: str
    org_name: str
    sentence: str
    numbers: tuple[tuple[str, str], ...]
    bands: Picture | None
    cares: tuple[str, ...]
    age: str
    is_synthetic: bool
    json_link: str
    csv_link: str
    page_link: str
    hides: bool


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning of a list: of a breach where the standard is national, what it says, and the page to take it."""

    kind: str
    standard: str
    sentence: str
    link: str


def warned(page: Body) -> dict[str, list[Warned]]:
    """The warnings that stand in an answer of /v1/breaches, by service.

    Who has taken one is left to its own page: that may change while this one is kept.
    """
    found: dict[str, list[Warned]] = {}
    for one in page["items"]:
        if one["state"] != "cleared":
            standard, sentence = one["standard_id"], _without_synthetic(one["sentence"])
            said = Warned(kind_of(standard), standard, sentence, f"/breaches/{one['id']}")
            found.setdefault(one["service"], []).append(said)
    return found


def kind_of(standard_id: str) -> str:
    """What a warning is called: nobody breaches what no nation asks for."""
    return "Warning" if find_standard(standard_id).kind == "local" else "Breach warning"


def standing(body: Body) -> Standing:
    """The list of an answer of /v1/waiting-lists."""
    place = f"{quote(body['service'], safe='')}/{quote(body['org'], safe='')}"
    return Standing(
        ident=_ident(body, "list"),
        title=body["service_label"],
        org_name=body["org_name"],
        sentence=_without_synthetic(body["sentence"]),
        numbers=tuple(_numbers(body)),
        bands=_bands(body),
        cares=tuple(_cares(body)),
        age=_age(body["period_end"], body["as_of"]),
        is_synthetic=body["synthetic"],
        json_link=body["links"]["self"],
        csv_link=f"/lists/{place}/list.csv?{_same(body)}",
        page_link=f"/lists/{place}?{_same(body)}",
        hides=bool(body[SUPPRESSED]),
    )


def moving(body: Body, *, has_beside: bool = False) -> Moving:
    """The trend of an answer of /v1/trends; with the adjusted chart beside the raw one where there is room for both."""
    body = _in_whole_weeks(body)
    title, ident = measure_title(body), _ident(body, body["measure"], body["standard_id"] or "")
    named = f"{find_service(body['service']).label}: {title}"
    variation = body["judged_variation"] if body["real_change"] is not None else None
    icons = (variation_icon(variation, ident=f"{ident}-v"), assurance_icon(body["assurance"], ident=f"{ident}-a"))
    adjusted = body["adjusted"] if has_beside else None
    return Moving(
        title=title,
        verdict=_verdict(body, variation),
        icons=tuple(icon for icon in icons if icon) if variation else (),
        sentence=_without_synthetic(body["sentence"]),
        picture=_charted(body, named, ident),
        beside=_charted(_adjusted(body), f"{named}, adjusted", f"{ident}-beside") if adjusted else None,
        beside_why=adjusted["why"] if adjusted else "",
        json_link=body["links"]["self"],
        csv_link=_trend_csv(body),
    )


def _in_whole_weeks(body: Body) -> Body:
    """Waits worked out from rounded numbers as far as they are known: whole weeks, not judged and so not adjusted."""
    if MEASURED[Measure(body["measure"])].unit != "weeks" or ROUNDED not in body["sentence"]:
        return body
    edges = ("value", "mean", "lower", "upper")
    points = [{**row, **{edge: row[edge] and float(round(row[edge])) for edge in edges}} for row in body["points"]]
    return {**body, "points": points, "adjusted": None}


def _charted(body: Body, named: str, ident: str) -> Picture:
    unit = MEASURED[Measure(body["measure"])].unit
    wide, narrow = (
        spc_chart(body, title=named, ident=f"{ident}-{width.name}", unit=unit, width=width) for width in (WIDE, NARROW)
    )
    return Picture(wide, narrow, spc_table(body, caption=f"{named}, period by period", unit=unit))


def _adjusted(body: Body) -> Body:
    """The adjusted chart of an answer as one of its own; a target is of the figures as they are."""
    adjusted = body["adjusted"]
    points = [{**point, "target": None} for point in adjusted["points"]]
    return {**body, "points": points, "sentence": adjusted["why"], "target": None}


def _verdict(body: Body, variation: Variation | None) -> str:
    """The verdict to go by, in few words; where a list moves steadily no step surprises, but its level is said."""
    if variation is None:
        return _NO_VERDICT
    if variation == "common_cause" and body["variation"] not in {None, "common_cause"}:
        return _STEADY.format("Higher" if body["variation"].endswith("_high") else "Lower")
    return _VERDICTS[variation]


def _without_synthetic(sentence: str) -> str:
    """A sentence without what the page says once of all."""
    return sentence.replace(words.SYNTHETIC, "").strip()


def measure_title(body: Body) -> str:
    """What a chart shows, as its heading."""
    measured = words.measured(Measure(body["measure"]), find_service(body["service"]))
    text = measured[:1].upper() + measured[1:]
    if not body["standard_id"]:
        return text
    days = find_standard(body["standard_id"]).threshold_days
    return f"{text}: {shown(days / 7, 'weeks')} ({body['standard_id']})"


def _numbers(body: Body) -> Iterator[tuple[str, str]]:
    """Numbers by name, and in place of one why it is not there; what the source never gives is left out."""
    hidden = set(body[SUPPRESSED])
    for name, label in _NUMBERS:
        yield label, _number(body[name], is_hidden=f"/{name}" in hidden)
    for name, label in _WAITS:
        if waited := _waited(body[name], body[f"{name}_at_least_weeks"], is_rounded=ROUNDED in body["sentence"]):
            yield label, waited


def _waited(weeks: float | None, at_least: int | None, *, is_rounded: bool) -> str:
    """How long, in whole weeks; in the open top band only where that begins is known."""
    if at_least is not None:
        return f"over {at_least} weeks; how much longer is not known"
    if weeks is None:
        return ""
    whole = math.floor(weeks)
    return f"over {'about ' * is_rounded}{whole} week{'s' * (whole != 1)}"


def _number(value: float | None, *, is_hidden: bool) -> str:
    return NOT_SHOWN if is_hidden else NOT_KNOWN if value is None else shown(value, "people")


def _bands(body: Body) -> Picture | None:
    """The bars of a list by wait; None where no band is known or may be shown."""
    hidden = set(body[SUPPRESSED])
    bands = tuple(
        Band(
            _BANDS.get(band["label"], f"{band['label']} weeks"),
            band["count"],
            NOT_SHOWN if f"/bands/{place}/count" in hidden else NOT_KNOWN,
        )
        for place, band in enumerate(body["bands"])
    )
    if all(band.children is None for band in bands):
        return None
    title = f"How many have waited how long: {body['service_label']}"
    said = ", ".join(f"{row[0].lower()}: {row[1]}" for row in bands_table(bands, caption="").rows)
    wide, narrow = (
        bands_chart(bands, title=title, description=said, ident=_ident(body, f"bands-{width.name}"), width=width)
        for width in (WIDE, NARROW)
    )
    return Picture(wide, narrow, bands_table(bands, caption=title))


def _cares(body: Body) -> Iterator[str]:
    """What was found of the list that its sentence does not say already."""
    for found in body["findings"]:
        if found["severity"] != "info" and found["sentence"] not in body["sentence"]:
            yield found["sentence"]


def _age(period_end: date, as_of: date) -> str:
    days = (as_of - period_end).days
    return f"Figures of {period_end.day} {period_end:%B %Y}, {days} day{'s' * (days != 1)} before {_day(as_of)}."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _same(body: Body) -> str:
    """The rest of an address that asks for the same day and source."""
    return urlencode({"as_of": body["as_of"].isoformat(), "source": body["source"]})


def _trend_csv(body: Mapping[str, Any]) -> str:
    place = f"{quote(body['service'], safe='')}/{quote(body['org'], safe='')}"
    standard = {"standard": body["standard_id"]} if body["standard_id"] else {}
    same = {"as_of": body["as_of"].isoformat(), "source": body["source"], **standard}
    return f"/lists/{place}/{body['measure']}.csv?{urlencode(same)}"


def _ident(body: Body, *more: str) -> str:
    return "-".join(part.lower() for part in (body["service"], body["org"], *more) if part)
