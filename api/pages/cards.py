"""What a page shows of one list: the sentence, the numbers, the verdict, charts with their tables, and what to mind.

Everything is taken from the bodies of the API's answers as this caller may see them; nothing is counted here.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from api.answers import Body
from api.disclosure.said import ROUNDED
from api.pages.parts import NOT_KNOWN, NOT_SHOWN, Picture, ident_of, number, place_of, plain, same_question, waits_over
from forecasting.warnings.words import over_words
from waitlists.charts import NARROW, WIDE, Band, bands_chart, bands_table
from waitlists.services import SERVICES
from waitlists.standards import OF_SOME, find_standard, last_day_within
from waitlists.suppression.answers import SUPPRESSED

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


class Number(NamedTuple):
    """A number at the head of a list: its name, itself or why it is not there, and what to know of it."""

    label: str
    value: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many wait how long on one list: the sentence, numbers by name, the bands, what to mind, how old it is.

    `is_rounded` says that some numbers are rounded or not shown.
    """

    ident: str
    title: str
    org_name: str
    sentence: str
    numbers: tuple[Number, ...]
    bands: Picture | None
    cares: tuple[str, ...]
    age: str
    is_synthetic: bool
    json_link: str
    csv_link: str
    page_link: str
    is_rounded: bool
    cautions: tuple[str, ...]


class Brief(NamedTuple):
    """A list in one line: its service, the way to its page, how many wait how long, of which day, and what to mind."""

    title: str
    page_link: str
    numbers: tuple[Number, ...]
    day: str
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning of a list: of a breach where the standard is national, of which waits, its words, and its page."""

    kind: str
    waits: str
    sentence: str
    link: str


def warned(page: Body) -> dict[str, list[Warned]]:
    """The warnings that stand in an answer of /v1/breaches, by service.

    Who has taken one is left to its own page: that may change while this one is kept.
    """
    found: dict[str, list[Warned]] = {}
    for one in page["items"]:
        if one["state"] != "cleared":
            standard, sentence = one["standard_id"], in_words(one)
            said = Warned(kind_of(standard), waits_over(standard), sentence, f"/breaches/{one['id']}")
            found.setdefault(one["service"], []).append(said)
    return found


def in_words(warning: Body) -> str:
    """The sentence of a warning beside headings that name its list and its standard, without either."""
    standard, said = warning["standard_id"], plain(warning["sentence"])
    if said.startswith(f"{SERVICES[warning['service']].label}, "):
        said = said.partition(": ")[2]
    said = said.replace(f" ({standard})", "").replace(standard, "the standard")
    return f"{said[:1].upper()}{said[1:]}"


def kind_of(standard_id: str) -> str:
    """What a warning is called: nobody breaches what no nation asks for."""
    return "Warning" if find_standard(standard_id).kind == "local" else "Breach warning"


def standing(body: Body) -> Standing:
    """The list of an answer of /v1/waiting-lists."""
    place = place_of(body)
    return Standing(
        ident=ident_of(body, "list"),
        title=body["service_label"],
        org_name=body["org_name"],
        sentence=plain(body["sentence"]),
        numbers=tuple(_numbers(body)),
        bands=_bands(body),
        cares=tuple(_cares(body)),
        age=_age(body["period_end"], body["as_of"]),
        is_synthetic=body["synthetic"],
        json_link=body["links"]["self"],
        csv_link=f"/lists/{place}/list.csv?{same_question(body)}",
        page_link=f"/lists/{place}?{same_question(body)}",
        is_rounded=ROUNDED in body["sentence"] or bool(body[SUPPRESSED]),
        cautions=tuple(_cautions_in_brief(body)),
    )


def brief(body: Body) -> Brief:
    """One item of an answer of /v1/waiting-lists in one line."""
    link = f"/lists/{place_of(body)}?{same_question(body)}"
    return Brief(
        body["service_label"], link, tuple(_counts(body)), _day(body["period_end"]), tuple(_cautions_in_brief(body))
    )


def _cautions_in_brief(body: Body) -> Iterator[str]:
    """What a number must not stand without, in few words; the list's own page says all of it."""
    if body["coverage"] is not None and body["coverage"] < 1:
        yield f"part of its providers: about {max(1, round(100 * (1 - body['coverage'])))}% of the list is missing"
    if any(found["code"] == "whole_unknown" for found in body["findings"]):
        yield "nobody can know whether all of the list is here"
    if any(found["code"] == "copied_number" for found in body["findings"]):
        yield "one number printed under several services"


def _counts(body: Body) -> Iterator[Number]:
    """Counts by name, and in place of one why it is not there."""
    hidden = set(body[SUPPRESSED])
    for name, label in _NUMBERS:
        yield Number(label, number(body[name], is_hidden=f"/{name}" in hidden))


def _numbers(body: Body) -> Iterator[Number]:
    """Counts and waits by name; a wait that the source never gives is left out, one whose bands are hidden is not."""
    size, *others = _counts(body)
    yield from (size, *_over(body), *others)
    for name, label in _WAITS:
        weeks, at_least = body[name], body[f"{name}_at_least_weeks"]
        if weeks is not None:
            yield Number(label, *_waited(math.floor(weeks), is_rounded=ROUNDED in body["sentence"]))
        elif at_least is not None:
            yield Number(label, f"over {at_least} weeks", "how much longer is not known")
        elif f"/{name}" in body[SUPPRESSED]:
            yield Number(label, NOT_SHOWN, "some of its wait bands are not shown")


def _over(body: Body) -> Iterator[Number]:
    """Those over a standard of the service that no count by name is of, where the source tells how many they are."""
    for place, one in enumerate(body["shares"]):
        is_hidden = f"/shares/{place}/over" in body[SUPPRESSED]
        words = over_words(last_day_within(find_standard(one["standard_id"])))
        label = f"{words[:1].upper()}{words[1:]}"
        if (one["over"] is not None or is_hidden) and label not in dict(_NUMBERS).values():
            more = "of those the standard is about" if one["standard_id"] in OF_SOME else ""
            yield Number(label, number(one["over"], is_hidden=is_hidden), more)


def _waited(weeks: int, *, is_rounded: bool) -> tuple[str, str]:
    """How long, in whole weeks."""
    said = f"{weeks} week{'s' * (weeks != 1)}"
    return (f"about {said}", "worked out from wait bands") if is_rounded else (f"over {said}", "")


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
        bands_chart(bands, title=title, description=said, ident=ident_of(body, f"bands-{width.name}"), width=width)
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
