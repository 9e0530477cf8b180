"""The first page: for each service of one organisation, how many wait how long, and whether that moves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from api.answers import Body, Question
from api.dependencies import Ask, Asked, AsOf, OrgFilter
from api.names import organisation
from api.pages.cards import Brief, Standing, Warned, brief, standing, warned
from api.pages.choice import choice_of, usual_org
from api.pages.glance import Glance, glance, watched_measure
from api.pages.headline import measures_beside
from api.pages.kept import kept_page
from api.pages.moving import Moving, moving
from api.paging import MAX_LIMIT
from api.problems import NoPublishedFigure
from api.routes import waiting_lists
from api.routes.breaches import Wanted, breaches_build
from api.routes.trends import trend_build
from api.trends import Rules
from api.words import day_in_words
from waitlists.domain import Measure
from waitlists.organisations import Organisation
from waitlists.security.warned import left_out
from waitlists.services import SERVICES
from waitlists.store.read import DatasetVersion

router = APIRouter(include_in_schema=False)

SERVICES_SHOWN: Final = ("ASD", "ADHD", "CAMHS", "CAMHS_ED", "SALT", "COMM_PAEDS", "WHEELCHAIR", "EHC")
"""In the order in which the inspectors named them."""

MOVING: Final = (Measure.OVER_18_WEEKS, Measure.LIST_SIZE)
"""What is charted where no warning says which wait is watched: how many wait long, else how many wait."""


@dataclass(frozen=True, slots=True)
class Card:
    """One service: its line, where it stands, whether that moves, None where nothing says so, and its warnings."""

    glance: Glance
    standing: Standing
    moving: Moving | None
    warnings: tuple[Warned, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """A service of which nothing is published, and what is known of that."""

    title: str
    sentence: str


@router.get("/")
def first(ask: Ask, org: OrgFilter = None, as_of: AsOf = None) -> Response:
    """How many wait how long, and whether that moves."""
    day, code = ask.day(as_of), org or usual_org(ask.view.scope)

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        chosen = organisation(connection, code)
        cards: list[Card] = []
        without: list[Without] = []
        for service in SERVICES_SHOWN:
            asked = Asked(service, chosen.code, day, None)
            try:
                cards.append(_card(ask, asked, connection, version))
            except NoPublishedFigure as error:
                without.append(_without(service, chosen, day, error))
        others = _others(ask, waiting_lists.Wanted(org=chosen.code, as_of=day), connection, version)
        told = {"cards": cards, "without": without, "others": others, "left_out": left_out(ask.given)}
        return {"choice": choice_of(chosen, day), "day": day, **told}

    return kept_page(ask, "first.html", build)


def _without(service: str, chosen: Organisation, day: date, error: NoPublishedFigure) -> Without:
    """What is known of a service without a figure, less what the heading above all of them says."""
    label = SERVICES[service].label
    said = f"No published figure: {label}, {chosen.name}, as known on {day_in_words(day)}."
    return Without(label, str(error).removeprefix(said).strip())


def _others(
    ask: Question, wanted: waiting_lists.Wanted, connection: Connection, version: DatasetVersion | None
) -> list[Brief]:
    """Every other list there is, children's first: nobody has to know of a service to find it."""
    page = waiting_lists.lists_build(ask, wanted, MAX_LIMIT)(connection, version)
    rest = [one for one in page["items"] if one["service"] not in SERVICES_SHOWN]
    return [brief(one) for one in sorted(rest, key=lambda one: SERVICES[one["service"]].age_group == "adults")]


def _card(ask: Question, asked: Asked, connection: Connection, version: DatasetVersion | None) -> Card:
    listed = waiting_lists.list_build(ask, asked)(connection, version)
    # Asked for each list by itself: beside lists that nobody publishes, published figures are rounded.
    about = Wanted(service=asked.service, org=asked.org, as_of=asked.as_of)
    breaches = breaches_build(ask, about)(connection, version)
    watched = watched_measure(listed, breaches)
    measures = (watched, *MOVING) if watched else MOVING
    sourced = replace(asked, source=listed["source"])
    trend = next(_trends(ask, sourced, measures, connection, version), None)
    others = measures_beside(trend, breaches) if trend else ()
    beside = list(_trends(ask, sourced, others, connection, version))
    is_given = ask.given.covers(listed["source"], listed["org"])
    return Card(
        glance(listed, trend, breaches, beside=beside, is_given=is_given),
        standing(listed),
        moving(trend) if trend else None,
        tuple(warned(breaches).get(asked.service, ())),
    )


def _trends(
    ask: Question,
    asked: Asked,
    measures: Iterable[Measure],
    connection: Connection,
    version: DatasetVersion | None,
) -> Iterator[Body]:
    """The trends of some measures that the source gives and of which there is a value."""
    for measure in measures:
        try:
            body = trend_build(ask, asked, Rules(), measure, None)(connection, version)
        except NoPublishedFigure:
            continue
        if any(point["value"] is not None for point in body["points"]):
            yield body
