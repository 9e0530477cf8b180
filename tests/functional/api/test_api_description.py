"""The description of the API: every route explained, with examples that fit, and answers that fit it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from api import examples
from api.app import create_app
from api.routes import (
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
from api.schemas.base import Problem
from tests.functional.api.conftest import NOW
from waitlists.settings import Settings

ROUTERS = (
    *(waiting_lists, groups, due, series, trends, funnel, forecasts, clearance),
    *(registers, deliveries, findings, runs, health),
)
ROUTES = [route for module in ROUTERS for route in module.router.routes if isinstance(route, APIRoute)]
DATA = [route for route in ROUTES if route.path.startswith("/v1") or route.path == "/health/freshness"]
ASKED = {
    "/v1/waiting-lists/{service}/{org}": ["COMM_PAEDS/QKS", "COMM_PAEDS/QKS?as_of=2025-01-31", "CYP_SAFEGUARDING/QKS"],
    "/v1/series/{service}/{org}/share_within_standard": ["SALT/QKS/share_within_standard?standard=CHS_18W"],
    "/v1/series/{service}/{org}/{measure}": ["COMM_PAEDS/QKS/list_size", "COMM_PAEDS/RVV/median_wait"],
    "/v1/trends/funnel": ["?service=SALT&standard=CHS_18W", "?service=COMM_PAEDS&standard=CHS_52W&level=icb"],
    "/v1/trends/{service}/{org}/share_within_standard": ["SALT/QKS/share_within_standard?standard=CHS_18W"],
    "/v1/trends/{service}/{org}/{measure}": ["COMM_PAEDS/QKS/list_size", "COMM_PAEDS/RVV/median_wait?profile=nhsr"],
    "/v1/forecasts/{service}/{org}/{measure}": ["COMM_PAEDS/QKS/list_size", "SALT/QKS/list_size"],
    "/v1/clearance/{service}/{org}": ["COMM_PAEDS/QKS", "SALT/QKS"],
    "/v1/deliveries": ["", "?status=refused"],
    "/v1/deliveries/{id}": ["1", "4"],
    "/v1/deliveries/{id}/cells": ["4/cells?service=SALT&org=QKS"],
    "/v1/runs/{id}": ["1", "3"],
}
"""Questions that a pattern alone does not give; every other route is asked as it is."""

ASKED_ELSEWHERE = {"/v1/referrals/due", "/v1/waiting-lists/{service}/{org}/groups/{cut}"}
"""Routes that need records of children, or a provider's key: asked in test_api_due and test_api_groups."""


@pytest.fixture(scope="module")
def description() -> dict:
    """The description as a program gets it."""
    return json.loads(json.dumps(create_app(Settings(database_url="sqlite:///x.db"), clock=lambda: NOW).openapi()))


def operations(description):
    return [(path, operation) for path, methods in description["paths"].items() for operation in methods.values()]


def test_every_route_is_explained_and_every_parameter_described(description):
    for path, operation in operations(description):
        assert operation["summary"], path
        assert len(operation["description"]) > 40, path
        assert operation["tags"], path
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (path, parameter["name"])
            assert "anyOf" not in parameter["schema"], (path, parameter["name"])


def test_every_question_to_the_data_has_an_example_and_its_problems(description):
    for path, operation in operations(description):
        answers = operation["responses"]
        if path.startswith("/v1"):
            done, more = ("201", {"400", "409"}) if "201" in answers else ("200", {"406"})
            assert answers[done]["content"]["application/json"]["example"], path
            assert {"404", "422", "503", *more} <= set(answers), path
        for status in set(answers) - {"200", "201"}:
            if path != "/health/ready":
                schema = answers[status]["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}


def test_names_of_operations_are_unique(description):
    names = [operation["operationId"] for _, operation in operations(description)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("route", DATA, ids=lambda route: route.path)
def test_every_example_has_the_shape_of_its_answers(route):
    example = route.responses[200]["content"]["application/json"]["example"]
    TypeAdapter(route.response_model).validate_json(json.dumps(example))


@pytest.mark.parametrize("route", DATA, ids=lambda route: route.path)
def test_every_answer_has_the_shape_described(client, route):
    prefix = route.path.partition("/{")[0]
    for more in ASKED.get(route.path, [""]):
        if ("share_within" in route.path and "forecasts" in route.path) or route.path in ASKED_ELSEWHERE:
            continue
        path = f"{prefix}/{more}" if "{" in route.path else f"{prefix}{more}"
        TypeAdapter(route.response_model).validate_json(json.dumps(client.json(path)), strict=False)


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/services?limit=0", "/v1/waiting-lists/X/Y", "/v1/runs/999"])
def test_every_problem_has_the_shape_described(client, path):
    Problem.model_validate_json(client.get(path).text)


def test_the_examples_tell_the_story_of_a_missing_provider():
    assert examples.WAITING_LIST["list_size"] == 5064
    assert examples.WAITING_LIST["adjusted"]["list_size"] == 8985


def test_the_page_for_people_asks_no_other_host(client):
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "://" not in page.text
    assert "unsafe" not in page.headers["content-security-policy"]
    for link in ("/static/swagger-ui/swagger-ui-bundle.js", "/static/swagger-ui/swagger-ui.css", "/static/docs.js"):
        assert link in page.text
        assert client.get(link).status_code == 200
    assert client.get("/openapi.json").json()["info"]["title"] in client.get("/openapi.json").text
    assert "/docs" in client.get("/").text


def test_vendored_files_are_those_that_their_page_names():
    import hashlib

    folder = Path("api/static/swagger-ui")
    folder = Path(__file__).parents[3] / folder
    said = (folder / "README.md").read_text(encoding="utf-8")
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"):
        assert f"| {name} | {hashlib.sha256((folder / name).read_bytes()).hexdigest()} |" in said
    assert "sourceMappingURL=data" not in (folder / "swagger-ui.css").read_text(encoding="utf-8")


def test_the_process_loads_no_model():
    code = (
        "import sys, api.app;"
        "print([name for name in ('pandas', 'pyarrow', 'scipy', 'statsmodels', 'prophet') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
