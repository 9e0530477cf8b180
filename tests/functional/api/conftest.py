"""An application over a small Kent and Medway, on SQLite and on PostgreSQL, and a client that needs no server."""

import asyncio
from collections.abc import Generator
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import Engine

from api.app import create_app
from tests.databases import BOTH, database, database_url, postgresql_url, shared_database, sqlite_database
from tests.functional.api.kent import fill
from tests.functional.api.keyed import give_keys
from waitlists.settings import Settings

__all__ = ["database", "database_url", "postgresql_url", "sqlite_database"]

NOW = datetime(2025, 6, 2, 9, tzinfo=UTC)


class Client:
    """Asks an application without a server in between; closes its event loop at the end."""

    def __init__(self, app) -> None:
        self.app = app
        self._runner = asyncio.Runner()
        self.now = NOW
        # What a test publishes is shown at once; how long it may take is asked where that is the question.
        app.state.running.published.keep_seconds = 0
        self._life = app.router.lifespan_context(app)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")

    def __enter__(self):
        try:
            self._runner.run(self._life.__aenter__())
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *_) -> None:
        self._runner.run(self._life.__aexit__(None, None, None))
        self._close()

    def _close(self) -> None:
        self._runner.run(self._http.aclose())
        self._runner.close()

    def request(self, method: str, path: str, **options) -> httpx.Response:
        return self._runner.run(self._http.request(method, path, **options))

    def get(self, path: str, **options) -> httpx.Response:
        return self.request("GET", path, **options)

    def json(self, path: str, **options):
        """The body of an answer that must be good."""
        answer = self.get(path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def csv(self, path: str, **options) -> httpx.Response:
        return self.get(path, headers={"Accept": "text/csv"}, **options)

    def pages(self, path: str, *, headers=None, **params):
        """Every page of a list, following `next_cursor`."""
        cursor = {}
        while True:
            page = self.json(path, headers=headers, params={**params, **cursor})
            yield page
            if page["next_cursor"] is None:
                return
            cursor = {"cursor": page["next_cursor"]}


def settings_of(engine: Engine, **more) -> Settings:
    url = engine.url.render_as_string(hide_password=False)
    return Settings(database_url=url, **more)


@pytest.fixture(scope="session", params=BOTH)
def kent(request: pytest.FixtureRequest, tmp_path_factory) -> Generator[Engine]:
    """Six months of Kent and Medway with a forecast, on both databases; only read by the tests that share it."""
    with shared_database(request.param, tmp_path_factory.mktemp("kent")) as engine:
        fill(engine)
        yield engine


@pytest.fixture(scope="session")
def client(kent) -> Generator[Client]:
    """A client of an application over `kent`, on both databases."""
    with Client(create_app(settings_of(kent), clock=lambda: NOW)) as client:
        yield client


@pytest.fixture
def kent_file(sqlite_database) -> Engine:
    """A database of its own for a test that changes it, or to which the engine is nothing."""
    fill(sqlite_database)
    return sqlite_database


class Clock:
    """Stands until it is moved."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(kent_file) -> dict[str, str]:
    """A key of each role for `kent_file`."""
    return give_keys(kent_file)


@pytest.fixture
def client_on_file(kent_file) -> Generator[Client]:
    """A client of an application over `kent_file`."""
    with Client(create_app(settings_of(kent_file), clock=lambda: NOW)) as client:
        yield client
