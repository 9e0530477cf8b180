"""Trends: whether one series has really changed, and the board's matrix of all of them."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from pydantic import BeforeValidator, Field, WithJsonSchema
from sqlalchemy import Connection
from starlette.responses import Response

from api import csv, examples
from api.answers import Body, Build, Table, answer
from api.dependencies import (
    NONE,
    Ask,
    Asked,
    AskedList,
    Basis,
    MeasurePath,
    NextPage,
    Searched,
    StandardRequired,
    digits,
    number_range,
)
from api.disclosure.edge import Exact, hidden_in, pointers
from api.drawn import as_drawn
from api.found_lists import exact_lists
from api.found_series import Read, read_one
from api.judged import Asking, matrix_of
from api.matrix import Filters, Matrix
from api.names import about, checked_filters, every_organisation, standard_of
from api.openapi import responses
from api.paging import NameCursor, page
from api.schemas.trends import Trend, TrendSummary
from api.trends import BALANCING, Beside, Rules, trend_body
from api.views.series import Wanted
from waitlists.domain import Measure
from waitlists.standards import Basis as WaitBasis
from waitlists.store.decisions import history_of
from waitlists.store.read import DatasetVersion
from waitlists.store.unread import Unread
from waitlists.trends.asking import Adjust, ProfileName
from waitlists.trends.decisions import Recorded, in_force
from waitlists.trends.unbalanced import incomparable

router = APIRouter(prefix="/v1", tags=["trends"])

CURSOR: Final = NameCursor("t")

LISTS_A_PAGE: Final = 25
"""At most: each has up to a dozen measures, all of them judged, so that a page is as many rows as any other is long."""

Profile = Annotated[
    ProfileName,
    Query(description="Whose rules: mdc is NHS England's Making Data Count, nhsr the R package NHSRplotthedots 0.2.2."),
]
AdjustBy = Annotated[
    Adjust,
    Query(description="The chart beside the raw one: without month effects, around a line, or of surprises."),
]
RunLength = Annotated[
    int,
    BeforeValidator(digits),
    Field(ge=6, le=7),
    WithJsonSchema(number_range("integer", 6, 7)),
    Query(description="Points that make a shift or a trend; nhsr knows 7 alone and takes no other."),
]


ListsAPage = Annotated[
    int,
    BeforeValidator(digits),
    Field(ge=1, le=LISTS_A_PAGE),
    WithJsonSchema(number_range("integer", 1, LISTS_A_PAGE)),
    Query(description="Lists a page, at most, each with all its measures."),
]


def _rules(profile: Profile = "mdc", adjust: AdjustBy = "auto", run_length: RunLength = 7) -> Rules:
    return Rules(profile, adjust, run_length)


AskedRules = Annotated[Rules, Depends(_rules)]

_IDENTITY = ("service", "org", "measure", "standard_id", "basis", "source", "freq", "as_of", "dataset_version")
_DRAWN = ("lower", "upper", "special_cause")
_VERDICT = ("status", "variation", "judged_variation", "real_change", "assurance", "target")


def _points(body: Body) -> list[csv.Row]:
    """One row a point, with the verdict of all, and how the pages draw it."""
    drawn = ({f"drawn_{name}": point[name] for name in _DRAWN} for point in as_drawn(body)["points"])
    return [
        {**body, **point, **how, "suppressed": hidden_in(body, f"points/{at}")}
        for at, (point, how) in enumerate(zip(body["points"], drawn, strict=True))
    ]


ONE_TREND = Table(
    (
        *map(csv.field, (*_IDENTITY, "profile", *_VERDICT)),
        *map(csv.field, ("date", "value", "mean", "lower", "upper", "special_cause", "point_type", "group")),
        *map(csv.field, ("coverage", "provisional")),
        csv.joined("marks"),
        csv.joined("suppressed"),
        *(csv.field(f"drawn_{name}") for name in _DRAWN),
    ),
    _points,
)
_SUMMARY_TABLE = Table(
    (
        *map(csv.field, (*_IDENTITY, "period_end", "value", "kind", "direction", *_VERDICT, "judged_on")),
        *map(csv.field, ("coverage", "provisional")),
        *(csv.field(f"balancing_{name}", "balancing", name) for name in BALANCING),
        csv.field("sentence"),
        csv.joined("suppressed"),
    )
)


@router.get(
    "/trends/summary",
    summary="The board's matrix",
    response_model=TrendSummary,
    responses=responses(examples.TREND_SUMMARY, has_csv=True),
)
def summary(
    ask: Ask,
    searched: Annotated[Searched, Depends()],
    rules: AskedRules,
    limit: ListsAPage = LISTS_A_PAGE,
    cursor: Annotated[Annotated[str, Field(pattern=CURSOR.pattern)] | NONE, NextPage] = None,
) -> Response:
    """Every measure of every list: real change or not, target met or not; a page holds `limit` lists with all measures.

    `matrix` counts series of all lists asked for by variation and assurance, on whichever page. Of a past day, or by
    other rules, trends are not worked out ahead: where more than 25 lists would have to be, it counts those of this
    page and those worked out before, and `cells_over` says how many `lists` these are, and `of` how many. Beside each
    row stands what a target may be met at the expense of.
    """
    day = ask.day(searched.as_of)

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        checked_filters(connection, searched.service, searched.org)
        known = {one.code: one for one in every_organisation(connection)}
        matrix = Matrix(Asking(connection, day, version, known, rules), ask.edge, ask.running.shelf)
        every = matrix.listed(Filters(searched.service, searched.org, searched.source, searched.freq))
        after = CURSOR.read(cursor)
        rest = (one for one in every if after is None or one.place[:2] > after)
        found = page(rest, limit=limit, cursor=lambda one: CURSOR.write(*one.place[:2]))
        lines = matrix.lines(every, found.items, source=searched.source)
        rows = tuple(matrix.rows([lines[one.place] for one in found.items]))
        body = replace(found, items=rows).body(dataset_version=version, as_of=day, suppressed=pointers(rows))
        cells = {
            "matrix": matrix_of(line.cells for line in lines.values()),
            "cells_over": {"lists": len(lines), "of": len(every)},
        }
        return {**body, "profile": rules.profile, **cells}

    return answer(ask, build, table=_SUMMARY_TABLE, is_final=_counts_all)


def _counts_all(body: Body) -> bool:
    return bool(body["cells_over"]["lists"] == body["cells_over"]["of"])


def _standing(connection: Connection, day: date) -> list[Recorded]:
    return in_force(history_of(connection, as_of=day), day)


@router.get(
    "/trends/{service}/{org}/share_within_standard",
    summary="Whether the share within a standard has really changed",
    response_model=Trend,
    responses=responses(examples.TREND, has_csv=True),
)
def share_trend(
    ask: Ask, asked: AskedList, rules: AskedRules, standard: StandardRequired, basis: Basis = "waiting"
) -> Response:
    """As the trend of any measure; without a target of one's own it is the share that the standard sets."""
    return answer(
        ask, trend_build(ask, asked, rules, Measure.SHARE_WITHIN_STANDARD, (standard, basis)), table=ONE_TREND
    )


@router.get(
    "/trends/{service}/{org}/{measure}",
    summary="Whether one series has really changed",
    response_model=Trend,
    responses=responses(examples.TREND, has_csv=True),
)
def one_trend(ask: Ask, asked: AskedList, rules: AskedRules, measure: MeasurePath) -> Response:
    """Points with limits and reasons, the verdict, one sentence, and beside it the adjusted verdict.

    Steps of which part is missing are shown and not judged; figures across a break are not compared. Who sees rounded
    figures sees the trend of these.
    """
    return answer(ask, trend_build(ask, asked, rules, Measure(measure), None), table=ONE_TREND)


def trend_build(ask: Ask, asked: Asked, rules: Rules, measure: Measure, share: tuple[str, WaitBasis] | None) -> Build:
    """How the answer about one trend is made; `share` is the standard and the basis of a share."""

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        on = about(connection, asked, version)
        wanted = Wanted(measure) if share is None else Wanted(measure, standard_of(on.service, share[0]), share[1])
        reads: list[Read] = []

        def read_series() -> Exact:
            reads.append(read_one(connection, on, wanted, source=asked.source, freq=asked.freq))
            return reads[0].charted(wanted)

        shown = ask.edge.one(connection, on.organisation.code, read_series)
        pairs = [(reads[0].stored, on)]
        listed = ask.edge.one(
            connection, on.organisation.code, lambda: next(exact_lists(connection, pairs, as_of=on.as_of))
        )
        changes = incomparable(reads[0].history, on.as_of).get(on.organisation.code, ())
        place = on.service.code, on.organisation.code
        is_awaited = Unread.of(connection, on.as_of).is_awaited(*place, reads[0].stored.source)
        return trend_body(shown, Beside(on, rules, listed, _standing(connection, on.as_of), changes, is_awaited))

    return build
