"""Who gets in and what each role is answered: A01, A02, A03, A04, A08, and nothing that is not in the table."""

import pytest
from fastapi.routing import APIRoute

from api.app import create_app
from api.limits import STRANGERS_PER_SECOND, Limits
from api.roles import EVERY_ROLE, NOBODY, OPERATORS, PAGES, ROUTES
from jobs.keys import revoke
from tests.databases import shared_database
from tests.functional.api.conftest import NOW, Client, kent_file, settings_of, sqlite_database
from tests.functional.api.kent import fill
from tests.functional.api.keyed import HOLDERS, PEPPER, bearer, expired_key, give_keys
from waitlists.settings import Settings

__all__ = ["kent_file", "sqlite_database"]

PATHS = {
    "/v1/services": "/v1/services",
    "/v1/organisations": "/v1/organisations",
    "/v1/standards": "/v1/standards",
    "/": "/",
    "/lists/{service}/{org}": "/lists/SALT/QKS",
    "/lists/{service}/{org}/list.csv": "/lists/SALT/QKS/list.csv",
    "/lists/{service}/{org}/share_within_standard.csv": "/lists/SALT/QKS/share_within_standard.csv?standard=CHS_18W",
    "/lists/{service}/{org}/{measure}.csv": "/lists/SALT/QKS/list_size.csv",
    "/v1/waiting-lists": "/v1/waiting-lists",
    "/v1/waiting-lists/{service}/{org}": "/v1/waiting-lists/SALT/QKS",
    "/v1/referrals/due": "/v1/referrals/due",
    "/v1/series/{service}/{org}/share_within_standard": "/v1/series/SALT/QKS/share_within_standard?standard=CHS_18W",
    "/v1/series/{service}/{org}/{measure}": "/v1/series/COMM_PAEDS/QKS/list_size",
    "/v1/trends/summary": "/v1/trends/summary",
    "/v1/trends/funnel": "/v1/trends/funnel?service=SALT&standard=CHS_18W",
    "/v1/trends/{service}/{org}/share_within_standard": "/v1/trends/SALT/QKS/share_within_standard?standard=CHS_18W",
    "/v1/trends/{service}/{org}/{measure}": "/v1/trends/COMM_PAEDS/QKS/list_size",
    "/v1/forecasts/{service}/{org}/share_within_standard": "/v1/forecasts/SALT/QKS/share_within_standard"
    "?standard=CHS_18W",
    "/v1/forecasts/{service}/{org}/{measure}": "/v1/forecasts/COMM_PAEDS/QKS/list_size",
    "/v1/clearance/{service}/{org}": "/v1/clearance/COMM_PAEDS/QKS",
    "/v1/breaches": "/v1/breaches",
    "/v1/deliveries": "/v1/deliveries",
    "/v1/deliveries/{id}": "/v1/deliveries/4",
    "/v1/deliveries/{id}/cells": "/v1/deliveries/4/cells?service=SALT&org=QKS",
    "/v1/findings": "/v1/findings",
    "/v1/runs": "/v1/runs",
    "/v1/runs/{id}": "/v1/runs/1",
    "/health/freshness": "/health/freshness",
    "/metrics": "/metrics",
}
OPEN = ["/docs", "/openapi.json", "/health/live", "/health/ready", "/sign-in", "/static/docs.js"]
NOT_FORECAST = "/v1/forecasts/{service}/{org}/share_within_standard"


@pytest.fixture
def app(kent_file, keys):  # noqa: ARG001 - the keys are there before it starts
    """An application that reads its keys before every request."""
    app = create_app(settings_of(kent_file, key_pepper=PEPPER), clock=lambda: NOW)
    app.state.running.caller.keys.keep_seconds = 0
    return app


@pytest.fixture
def asked(app):
    with Client(app) as client:
        yield client


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A client and keys for tests that only ask, however often."""
    with shared_database("sqlite", tmp_path_factory.mktemp("access")) as engine:
        fill(engine)
        keys = give_keys(engine)
        app = create_app(settings_of(engine, key_pepper=PEPPER, rate_per_second=100_000), clock=lambda: NOW)
        object.__setattr__(app.state.running, "strangers", Limits(100_000))
        with Client(app) as client:
            yield client, keys


def test_every_route_declares_its_roles():
    """Deny by default: a route that is not in the table is answered to nobody, and fails here first."""
    app = create_app(Settings(database_url="sqlite:///x.db"), clock=lambda: NOW)
    routes = {route.path for route in every_route(app) if isinstance(route, APIRoute)}
    assert routes == set(ROUTES)
    others = {route.path for route in every_route(app) if not isinstance(route, APIRoute)}
    assert others == {"/openapi.json", "/static"}
    assert {path for path, roles in ROUTES.items() if roles is None} <= {*OPEN, "/sign-out"}
    assert NOBODY not in ROUTES.values()
    # Groups are known of records alone, and nothing was warned of here: test_api_reach asks for them.
    elsewhere = {
        "/v1/waiting-lists/{service}/{org}/groups/{cut}",
        *("/v1/breaches/{id}", "/v1/breaches/{id}/acknowledgement", "/breaches/{id}"),
    }
    assert set(PATHS) == {path for path, roles in ROUTES.items() if roles is not None} - elsewhere


def every_route(app):
    for route in app.routes:
        yield from route.original_router.routes if hasattr(route, "original_router") else [route]


def test_a_route_without_a_declared_role_is_answered_to_nobody(app, keys):
    @app.get("/v1/undeclared")
    def undeclared():
        return {}

    with Client(app) as client:
        assert {client.get("/v1/undeclared", headers=bearer(key)).status_code for key in keys.values()} == {403}
        assert client.get("/v1/undeclared").status_code == 401


@pytest.mark.parametrize("path", OPEN)
def test_what_holds_no_figure_asks_for_no_key(shared, path):
    assert shared[0].get(path).status_code == 200


@pytest.mark.parametrize("route", PATHS)
def test_each_role_gets_what_the_table_says(shared, route):
    asked, keys = shared
    good = 404 if route == NOT_FORECAST else 200
    for name, wanted in HOLDERS.items():
        answer = asked.get(PATHS[route], headers=bearer(keys[name]))
        assert answer.status_code == (good if wanted.role in ROUTES[route] else 403), name
    assert asked.get(PATHS[route]).status_code == (303 if route in PAGES else 401)


@pytest.mark.parametrize("status", ["refused", "held"])
@pytest.mark.parametrize("name", HOLDERS)
def test_refused_and_held_files_are_for_operators(shared, name, status):
    asked, keys = shared
    answer = asked.get(f"/v1/deliveries?status={status}", headers=bearer(keys[name]))
    assert answer.status_code == (200 if HOLDERS[name].role in OPERATORS else 403)


@pytest.mark.parametrize("route", [route for route in PATHS if route not in {"/metrics", NOT_FORECAST}])
def test_no_tag_is_good_for_another_scope(shared, route):
    """A02: what one key holds is never a 304, nor the bytes, for another."""
    asked, keys = shared
    path, tags = PATHS[route], {}
    for name, wanted in HOLDERS.items():
        if wanted.role not in ROUTES[route]:
            continue
        first = asked.get(path, headers=bearer(keys[name]))
        view = " ".join([wanted.role, *wanted.organisations])
        assert first.headers["x-waitlists-view"] == view
        assert "Authorization" in first.headers["vary"]
        if "etag" not in first.headers:
            assert first.headers["cache-control"] == "no-store"
            continue
        for held in tags.values():
            answer = asked.get(path, headers=bearer(keys[name]) | {"If-None-Match": held})
            assert (answer.status_code, answer.headers["x-waitlists-view"]) == (200, view)
        tags[name] = first.headers["etag"]
        again = asked.get(path, headers=bearer(keys[name]) | {"If-None-Match": tags[name]})
        assert again.status_code == 304
    assert len(set(tags.values())) == len(tags)
    stored_under = set(asked.app.state.running.cache._kept)
    # A warning can be taken at any moment: its answers have tags and are not kept.
    assert route == "/v1/breaches" or set(tags.values()) <= stored_under


GARBLED = [
    "", "Bearer", "Bearer ", "Bearer x", "Basic dXNlcjpwYXNz", "wl_00000000_" + "0" * 64,
    "Bearer wl_00000000_" + "0" * 64,
    "Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJyb2xlIjoiYWRtaW4ifQ.",
]  # fmt: skip


@pytest.mark.parametrize("sent", GARBLED)
def test_a_garbled_key_is_401_without_detail(shared, sent):
    asked, _ = shared
    answer = asked.get("/v1/services", headers={"Authorization": sent})
    refused = asked.get("/v1/services")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="waitlists"')
    assert answer.headers["content-type"] == "application/problem+json"
    same = ("type", "title", "status", "detail", "errors", "near")
    assert [answer.json()[name] for name in same] == [refused.json()[name] for name in same]


def test_two_keys_at_once_are_none(asked, keys):
    sent = [("Authorization", f"Bearer {keys['admin']}"), ("Authorization", f"Bearer {keys['public']}")]
    assert asked.get("/v1/services", headers=sent).status_code == 401


def test_one_letter_makes_another_key(asked, keys):
    wrong = keys["admin"][:-1] + ("0" if keys["admin"][-1] != "0" else "1")
    assert asked.get("/v1/services", headers=bearer(wrong)).status_code == 401
    crossed = keys["admin"][:12] + keys["public"][12:]
    assert asked.get("/v1/services", headers=bearer(crossed)).status_code == 401


def test_an_expired_key_opens_nothing(asked, kent_file):
    assert asked.get("/v1/services", headers=bearer(expired_key(kent_file))).status_code == 401


def test_a_revoked_key_opens_nothing_from_the_next_reading_on(asked, kent_file, keys):
    assert asked.get("/v1/services", headers=bearer(keys["board"])).status_code == 200
    revoke(kent_file, keys["board"], now=NOW)
    assert asked.get("/v1/services", headers=bearer(keys["board"])).status_code == 401
    assert asked.get("/v1/services", headers=bearer(keys["public"])).status_code == 200


def test_keys_are_read_once_a_second_and_not_for_each_request(kent_file, keys):
    app = create_app(settings_of(kent_file, key_pepper=PEPPER), clock=lambda: NOW)
    app.state.running.caller.keys.keep_seconds = 3600
    with Client(app) as client:
        revoke(kent_file, keys["board"], now=NOW)
        assert client.get("/v1/services", headers=bearer(keys["board"])).status_code == 200


def test_another_pepper_ends_every_key(kent_file, keys):
    with Client(create_app(settings_of(kent_file, key_pepper="another"), clock=lambda: NOW)) as client:
        assert {client.get("/v1/services", headers=bearer(key)).status_code for key in keys.values()} == {401}


def test_this_machine_needs_a_key_as_soon_as_there_is_one(kent_file):
    app = create_app(settings_of(kent_file, key_pepper=PEPPER), clock=lambda: NOW)
    app.state.running.caller.keys.keep_seconds = 0
    with Client(app) as client:
        open_answer = client.get("/v1/services")
        assert open_answer.headers["x-waitlists-view"] == "commissioner (no key exists)"
        assert client.get("/v1/services", headers=bearer("wl_garbled")).status_code == 401
        keys = give_keys(kent_file)
        assert client.get("/v1/services").status_code == 401
        revoke(kent_file, keys["public"], now=NOW)
        assert client.get("/v1/services").status_code == 401


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_a_proxy_passes_on_is_not_this_machine(client_on_file, name):
    """A08: without a key, a proxy on the same machine opens nothing to the world behind it."""
    assert client_on_file.get("/v1/services", headers={name: "127.0.0.1"}).status_code == 401
    assert client_on_file.get("/v1/services").status_code == 200


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 200), ("::1", 200), ("203.0.113.7", 401), ("x", 401)])
def test_only_loopback_is_this_machine(kent_file, host, status):
    import httpx

    with Client(create_app(settings_of(kent_file), clock=lambda: NOW)) as client:
        transport = httpx.ASGITransport(client.app, client=(host, 1))
        client._http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
        assert client.get("/v1/services").status_code == status


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_key_that_reads_writes_nothing(shared, method):
    """A03: but for one route, which is for who the warning is about, the method is refused whoever asks."""
    asked, keys = shared
    assert asked.request(method, "/v1/runs", headers=bearer(keys["public"])).status_code == 405


def test_who_asks_too_often_is_told_to_wait_and_nobody_else(app, keys):
    """A04: one key's flood is its own."""
    now = 0.0
    object.__setattr__(app.state.running, "limits", Limits(100, clock=lambda: now))
    statuses = []
    with Client(app) as client:
        for _ in range(400):
            now += 0.001
            statuses.append(client.get("/v1/services", headers=bearer(keys["public"])).status_code)
        assert set(statuses) == {200, 429}
        assert 200 <= statuses.count(200) <= 250
        refused = client.get("/v1/services", headers=bearer(keys["public"]))
        assert (refused.status_code, int(refused.headers["retry-after"])) == (429, 1)
        assert refused.headers["content-type"] == "application/problem+json"
        assert client.get("/v1/services", headers=bearer(keys["admin"])).status_code == 200


def test_strangers_are_slowed_by_address(app):
    object.__setattr__(app.state.running, "strangers", Limits(STRANGERS_PER_SECOND, clock=lambda: 0.0))
    with Client(app) as client:
        statuses = [client.get("/v1/services", headers=bearer("wl_guess")).status_code for _ in range(30)]
    assert set(statuses) == {401, 429}


def test_heads_and_bad_questions_are_checked_too(asked, keys):
    assert asked.request("HEAD", "/v1/runs", headers=bearer(keys["public"])).status_code == 403
    assert asked.request("HEAD", "/v1/runs").status_code == 401
    assert asked.get("/v1/runs/none", headers=bearer(keys["public"])).status_code == 403
    assert asked.get("/v1/services?limit=x").status_code == 401
    assert asked.get("/v1/services?limit=x", headers=bearer(keys["public"])).status_code == 422


def test_the_description_asks_for_a_key_where_one_is_needed(asked):
    paths = asked.json("/openapi.json")["paths"]
    open_to_all = {path for path, one in paths.items() for operation in one.values() if "security" not in operation}
    assert open_to_all == {"/health/live", "/health/ready"}
    assert paths["/v1/runs"]["get"]["responses"]["403"]


def test_no_role_is_forgotten():
    assert {wanted.role for wanted in HOLDERS.values()} == EVERY_ROLE
