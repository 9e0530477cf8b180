"""Whether the service runs, may be asked, and how old its figures are; measurements for Prometheus."""

from collections import Counter
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import JSONResponse, Response

from api import examples, words
from api.answers import answer
from api.dependencies import Ask, running_of
from api.metrics import MEDIA_TYPE
from api.openapi import problem_responses, responses
from api.problems import RETRY_AFTER_SECONDS
from api.roles import OPERATORS
from api.schemas.health import Freshness, Live, Ready
from waitlists.alerts import KINDS, alerts
from waitlists.errors import WaitlistsError
from waitlists.periods import in_words
from waitlists.running.expected import next_file
from waitlists.sources import freq_of
from waitlists.store import read
from waitlists.store.read import DatasetVersion, StoredDelivery
from waitlists.store.session import reading
from waitlists.store.state import state

router = APIRouter(tags=["operations"])

_PAGE = 1000


@router.get("/health/live", summary="Whether the process runs", response_model=Live)
def live() -> Response:
    """Always 200 while the process can answer at all; says nothing about the database."""
    return JSONResponse({"status": "live"})


@router.get(
    "/health/ready",
    summary="Whether requests are welcome",
    response_model=Ready,
    responses={503: {"model": Ready, "description": "Not now: the database, its schema, or a stop under way."}},
)
def ready(request: Request) -> Response:
    """200 while the database can be asked and no stop has begun, else 503 with the reason in one word."""
    running = running_of(request)
    verdict = running.readiness.verdict()
    running.metrics.ready(is_ready=verdict.is_ready)
    if verdict.is_ready:
        return JSONResponse({"status": "ready", "reason": verdict.reason})
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return JSONResponse({"status": "not ready", "reason": verdict.reason}, 503, headers)


@router.get(
    "/health/freshness",
    summary="How old the figures are",
    response_model=Freshness,
    responses=responses(examples.FRESHNESS),
)
def freshness(ask: Ask) -> Response:
    """For each source its newest period, the days since, and whether the next one is late.

    A late file is normal; stale figures shown as fresh are not. Whoever runs the service is also told what is the
    matter with it, in the words of `waitlists status`, without names.
    """

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        sources = [_age(one, ask.today) for _, one in sorted(newest_by_source(connection).items())]
        shown = version.version if version else None
        return {"today": ask.today, "dataset_version": shown, "sources": sources, "alerts": _told(ask, connection)}

    # What is the matter changes with the hour, not with the data.
    return answer(ask, build, is_kept=not _is_told(ask))


@router.get(
    "/metrics",
    summary="Measurements of the service",
    response_class=Response,
    responses={
        200: {"description": "Prometheus text format.", "content": {"text/plain": {"schema": {"type": "string"}}}},
        **problem_responses(401, 403, 429, 503),
    },
)
def metrics(request: Request) -> Response:
    """Requests, latency, readiness, ages of data and backups, late jobs, mail, and what is the matter, by its word.

    No figure of any list.
    """
    running = running_of(request)
    try:
        with reading(running.engine) as connection:
            now = running.clock()
            running.metrics.shown(read.latest_version(connection), now)
            running.metrics.state.show(state(connection, now=now, zone=running.settings.zone))
            running.metrics.ready(is_ready=not running.readiness.is_draining)
    except WaitlistsError:
        # Measurements must be had when the database is down: that is when they are looked at.
        running.metrics.state.hide()
        running.metrics.ready(is_ready=False)
    return Response(running.metrics.text(), media_type=MEDIA_TYPE)


def _is_told(ask: Ask) -> bool:
    return ask.view.scope.role in OPERATORS


def _told(ask: Ask, connection: Connection) -> list[dict[str, Any]] | None:
    if not _is_told(ask):
        return None
    running = ask.running
    counts = Counter(alert.code for alert in alerts(state(connection, now=running.clock(), zone=running.settings.zone)))
    kinds = ((code, KINDS[code], count) for code, count in counts.items())
    return [
        {"code": code, "urgency": kind.urgency.value, "count": count, "sentence": kind.title}
        for code, kind, count in kinds
    ]


def newest_by_source(connection: Connection) -> dict[str, StoredDelivery]:
    """The delivery with the newest period of each source, the last published of it."""
    newest: dict[str, StoredDelivery] = {}
    after: int | None = None
    while rows := read.deliveries(connection, after=after, limit=_PAGE):
        for row in rows:
            held = newest.get(row.source)
            if held is None or (held.period_end, held.known_from) <= (row.period_end, row.known_from):
                newest[row.source] = row
        after = rows[-1].id
    return newest


def _age(newest: StoredDelivery, today: date) -> dict[str, Any]:
    days_old = (today - newest.period_end).days
    next_period, expected_by = next_file(newest.source, newest.period_end)
    late_now = today > expected_by
    freq = freq_of(newest.source)
    late = (
        f" Figures for {in_words(next_period, freq)} were expected by {words.day_in_words(expected_by)}."
        if late_now
        else ""
    )
    return {
        "source": newest.source,
        "period_end": newest.period_end,
        "published_on": newest.published_on,
        "known_from": newest.known_from,
        "days_old": days_old,
        "expected_by": expected_by,
        "is_late": late_now,
        "sentence": f"The newest figures are for {in_words(newest.period_end, freq)}, {days_old} days ago.{late}",
    }
