"""The application: what it is made of, how it starts and how it ends.

A database that is down does not keep it from starting, only from being ready; a database at another schema revision, or
a file that cannot be read, does. Whether every page of a file is whole is looked at once, by the command that serves.
The present moment comes from the clock handed in here and from nowhere else.
"""

import gc
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime

from fastapi import Depends, FastAPI
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware

from api import docs, openapi, problems
from api.admission import admitted
from api.answers import Running
from api.cache import ByteCache, Questions
from api.callers import KeyHolders
from api.fresh import Fresh
from api.limits import STRANGERS_PER_SECOND, Limits
from api.metrics import Metrics
from api.middleware import HeadAsGet, Observed, RequestIds
from api.pages import access, errors, first, lists
from api.pages import breaches as breach_pages
from api.readiness import Readiness
from api.routes import (
    breaches,
    clearance,
    deliveries,
    due,
    findings,
    forecasts,
    funnel,
    groups,
    health,
    registers,
    runs,
    series,
    trends,
    waiting_lists,
)
from api.security import VIEW_HEADER, RequestLimits, SecurityHeaders, TrustedHosts, protection, trusted_hosts
from api.shutdown import DRAIN_SECONDS, drained_on_sigterm
from api.trail import Trail
from api.warm import Warm
from api.wire import PATIENCE
from waitlists.errors import DatabaseUnavailable
from waitlists.logs import configure, logger
from waitlists.settings import Settings
from waitlists.store.read import DatasetVersion, latest_version
from waitlists.store.session import check_schema, make_engine, reading

_RESOURCES = (
    waiting_lists,
    breaches,
    groups,
    due,
    series,
    trends,
    funnel,
    forecasts,
    clearance,
    registers,
    deliveries,
    findings,
    runs,
    health,
)

VERSION_SECONDS = 0.25
"""How long a dataset version once read is taken to be the newest: an answer may be of the one before for as long."""

GARBAGE = 50_000
"""Objects more than before at which cycles are looked for: a series of 1,000 points makes some thousands."""

_log = logger("api")


def from_environment() -> FastAPI:
    """The application of this process's settings; what a server is told to start.

    Raises
    ------
    BadArgument
        A setting cannot be used.
    """
    settings = Settings.read()
    configure(level=settings.log_level, form=settings.log_format)
    app = create_app(settings, clock=lambda: datetime.now(UTC))
    _seldom_collect()
    return app


def _seldom_collect() -> None:
    """Go through memory for cycles seldom, and never through what is there from the start: answers make none."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)


def create_app(settings: Settings, *, clock: Callable[[], datetime], drain_seconds: float = DRAIN_SECONDS) -> FastAPI:
    """The application for these settings; nothing is connected to before it starts.

    Parameters
    ----------
    settings
        Where the database is and under which address the service is reached.
    clock
        The present moment, aware; `as_of` is today in London where a question names no day.
    drain_seconds
        How long to go on answering after SIGTERM, with readiness already false.
    """
    running = _running(settings, clock)
    app = FastAPI(
        title=openapi.TITLE,
        description=openapi.DESCRIPTION,
        version=openapi.VERSION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=openapi.operation_id,
        lifespan=_life(drain_seconds),
        dependencies=[Depends(admitted)],
    )
    app.state.running = running
    problems.install(app)
    openapi.install(app)
    docs.install(app)
    for resource in _RESOURCES:
        app.include_router(resource.router)
    for pages in (first, lists, breach_pages, access):
        app.include_router(pages.router)
    errors.install(app)
    _protect(app, running)
    return app


def check_at_start(engine: Engine) -> None:
    """Refuse a database of another revision or a file that cannot be read; go on without one that is merely down."""
    try:
        check_schema(engine)
    except DatabaseUnavailable as error:
        # A server may come back; a file that cannot be read will not, and serving without saying so would hide it.
        if engine.dialect.name == "sqlite":
            raise
        _log.warning("api.database_down", reason=str(error))


def _running(settings: Settings, clock: Callable[[], datetime]) -> Running:
    engine = make_engine(settings.database_url)
    return Running(
        settings=settings,
        engine=engine,
        clock=clock,
        caller=KeyHolders(engine, pepper=settings.key_pepper, clock=clock),
        limits=Limits(settings.rate_per_second),
        strangers=Limits(STRANGERS_PER_SECOND),
        trail=Trail(engine, clock),
        cache=ByteCache(),
        questions=Questions(),
        published=Fresh(lambda: _published(engine), keep_seconds=VERSION_SECONDS),
        metrics=Metrics(),
        readiness=Readiness(engine),
        protection=protection(is_https=settings.base_url.startswith("https://")),
    )


def _published(engine: Engine) -> DatasetVersion | None:
    with reading(engine) as connection:
        return latest_version(connection)


def _protect(app: FastAPI, running: Running) -> None:
    """Wrap the application: the last one added sees a request first."""
    ids = RequestIds()
    app.add_middleware(HeadAsGet)
    if running.settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=running.settings.cors_origins.split(","),
            allow_headers=["Authorization", "If-None-Match"],
            expose_headers=["ETag", "Link", "Retry-After", "X-Request-ID", VIEW_HEADER],
        )
    app.add_middleware(RequestLimits)
    app.add_middleware(TrustedHosts, hosts=trusted_hosts(running.settings.base_url))
    app.add_middleware(SecurityHeaders, fixed=running.protection)
    app.add_middleware(Observed, metrics=running.metrics, trail=running.trail, ids=ids)
    app.add_middleware(Warm, running=running, ids=ids)


def _life(drain_seconds: float) -> Callable[[FastAPI], AbstractAsyncContextManager[dict[str, float]]]:
    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncGenerator[dict[str, float]]:
        running: Running = app.state.running
        await run_in_threadpool(check_at_start, running.engine)
        running.readiness.begin()
        with suppress(DatabaseUnavailable):
            await run_in_threadpool(running.caller.look)
        with drained_on_sigterm(running.readiness, seconds=drain_seconds):
            # What is handed to the server here reaches every connection.
            yield {PATIENCE: running.settings.patience_seconds}
        running.readiness.drain()
        await run_in_threadpool(running.trail.stop)
        running.engine.dispose()
        _log.info("api.stopped")

    return life
