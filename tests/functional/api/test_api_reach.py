"""A02 and I15: what each key reaches, route by route, as the table says; no exact figure of another in any answer."""

import re
from dataclasses import replace
from datetime import date

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from api.app import create_app
from api.roles import REACH, ROUTES, Reach
from forecasting.store import save
from forecasting.warnings.warning import Acknowledgement, Tail, warning_id
from jobs.warn import keep
from tests import reach
from tests.databases import sqlite_template
from tests.deliveries import finding, load, parsed
from tests.functional.api.conftest import NOW, Client, settings_of
from tests.functional.api.kent import clearances, fill, forecasts
from tests.functional.api.keyed import HOLDERS, PEPPER, bearer, give_keys
from tests.warned import warning
from waitlists.details import Detail
from waitlists.security.access import Role
from waitlists.store import write
from waitlists.store.session import make_engine, writing

pytestmark = pytest.mark.no_cover

SUNDAY = date(2025, 3, 30)
SOURCE = "weekly_return"
EXACT = {"RYY": 90_001, "NQ7": 70_002, "QKS": 160_003}
"""Figures that only their owners may see."""

OWNERS = {
    "commissioner": {"RYY", "NQ7", "QKS"},
    "provider": {"RYY"},
    "other_provider": {"NQ7"},
}
DELIVERIES = {"RYY": 5, "NQ7": 6, "QKS": 7}
PATHS = {
    "/": "/?org={org}",
    "/lists/{service}/{org}": "/lists/SALT/{org}",
    "/lists/{service}/{org}/list.csv": "/lists/SALT/{org}/list.csv",
    "/lists/{service}/{org}/share_within_standard.csv": "/lists/SALT/{org}/share_within_standard.csv?standard=CHS_18W",
    "/lists/{service}/{org}/{measure}.csv": "/lists/SALT/{org}/list_size.csv",
    "/v1/services": "/v1/services?limit=1000",
    "/v1/organisations": "/v1/organisations?limit=1000",
    "/v1/standards": "/v1/standards",
    "/v1/waiting-lists": "/v1/waiting-lists?org={org}",
    "/v1/waiting-lists/{service}/{org}": "/v1/waiting-lists/SALT/{org}",
    "/v1/waiting-lists/{service}/{org}/groups/{cut}": "/v1/waiting-lists/SALT/{org}/groups/sex",
    "/v1/series/{service}/{org}/share_within_standard": "/v1/series/SALT/{org}/share_within_standard?standard=CHS_18W",
    "/v1/series/{service}/{org}/{measure}": "/v1/series/SALT/{org}/list_size",
    "/v1/trends/summary": "/v1/trends/summary?org={org}",
    "/v1/trends/funnel": "/v1/trends/funnel?service=SALT&standard=CHS_18W",
    "/v1/trends/{service}/{org}/share_within_standard": "/v1/trends/SALT/{org}/share_within_standard?standard=CHS_18W",
    "/v1/trends/{service}/{org}/{measure}": "/v1/trends/SALT/{org}/list_size",
    "/v1/forecasts/{service}/{org}/share_within_standard": "/v1/forecasts/SALT/{org}/share_within_standard"
    "?standard=CHS_18W",
    "/v1/forecasts/{service}/{org}/{measure}": f"/v1/forecasts/SALT/{{org}}/list_size?source={SOURCE}",
    "/v1/clearance/{service}/{org}": f"/v1/clearance/SALT/{{org}}?source={SOURCE}",
    "/v1/breaches": "/v1/breaches?service=SALT&org={org}",
    "/v1/breaches/{id}": "/v1/breaches/{warning}",
    "/v1/breaches/{id}/acknowledgement": "/v1/breaches/{warning}/acknowledgement",
    "/breaches/{id}": "/breaches/{warning}",
    "/v1/referrals/due": "/v1/referrals/due",
    "/v1/deliveries": f"/v1/deliveries?source={SOURCE}",
    "/v1/deliveries/{id}": "/v1/deliveries/{id}",
    "/v1/deliveries/{id}/cells": "/v1/deliveries/{id}/cells?service=SALT&org={org}",
    "/v1/findings": "/v1/findings?org={org}&code=frozen_value",
    "/v1/runs": "/v1/runs",
    "/v1/runs/{id}": "/v1/runs/4",
    "/health/freshness": "/health/freshness",
    "/metrics": "/metrics",
}
SAYS_NO_COUNT = {
    "/v1/trends/funnel",
    "/lists/{service}/{org}/share_within_standard.csv",
    "/v1/trends/{service}/{org}/share_within_standard",
    "/v1/series/{service}/{org}/share_within_standard",
    "/v1/deliveries",
    "/v1/deliveries/{id}",
    "/v1/referrals/due",
}
"""Routes that reach own figures and yet print none of the counts looked for."""


def plant(engine) -> None:
    """Returns of two providers and their board, with a finding, a forecast and clearance that say the exact number."""
    fill(engine)
    for org, count in EXACT.items():
        said = finding("frozen_value", SUNDAY, "SALT", org, details={"size": count})
        said = replace(said, sentence=f"It is {count} again.")
        one = parsed(SUNDAY, {("SALT", org): count}, published_on=date(2025, 4, 4), source=SOURCE, scope=f"{org}/SALT")
        boys = Detail("SALT", org, "list", count, (count, 0, 0, 0, 0, 0, 0, 0), cut="sex", group="1")
        vintages = (replace(one.vintages[0], details=(boys,)),)
        load(engine, replace(one, vintages=vintages, notes=(f"{count} in all",), findings=(said,)))
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="forecast", as_of=date(2025, 5, 31), now=NOW)
        save(connection, run_id, [_forecast(org) for org in EXACT], [_clearance(org) for org in EXACT])
        keep(connection, [_warning(org) for org in EXACT], as_of=date(2025, 5, 31), run_id=run_id)
        write.publish(connection, run_id=run_id, now=NOW)
        write.finish_run(connection, run_id, status="done", summary={"ok": 3, "versions": EXACT["NQ7"]}, now=NOW)


def _forecast(org):
    one = forecasts()[0]
    points = tuple(
        replace(point, quantiles={level: float(EXACT[org]) for level in point.quantiles}) for point in one.points
    )
    key = replace(one.key, source=SOURCE, service="SALT", org=org)
    return replace(one, key=key, points=points, trained_until=SUNDAY, reason=f"It is {EXACT[org]}.")


def _clearance(org):
    one = clearances()[1]
    answers = tuple(
        replace(answer, sentence=f"The list of {EXACT[org]}.", details={"list_size": float(EXACT[org])})
        for answer in one.answers
    )
    return replace(one, source=SOURCE, org=org, answers=answers, required_capacity={"per_week": float(EXACT[org])})


def _warning(org):
    count = EXACT[org]
    one = warning(source=SOURCE, org=org, as_of=date(2025, 5, 31), over_now=count, tail=(Tail(52, count),))
    taken = Acknowledgement(date(2025, 6, 1), Role.ADMIN, f"We see {count}.", date(2025, 7, 1), "medium")
    return replace(one, life=replace(one.life, state="acknowledged", acknowledged=taken), sentence=f"It is {count}.")


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    file = tmp_path_factory.mktemp("reach") / "reach.db"
    file.write_bytes(sqlite_template().read_bytes())
    engine = make_engine(f"sqlite:///{file}")
    plant(engine)
    keys = give_keys(engine)
    chosen = settings_of(engine, key_pepper=PEPPER, base_url="http://testserver", rate_per_second=100_000)
    with Client(create_app(chosen, clock=lambda: NOW)) as client:
        yield client, keys
    engine.dispose()


def exact_in(answer) -> set[str]:
    """Whose exact figures stand in an answer's body or headers, as a number or as it is printed."""
    text = answer.text + repr(dict(answer.headers))
    # Not within a longer number: a measured duration may happen to hold the same digits.
    return {org for org, count in EXACT.items() if re.search(rf"(?<![\d.])({count}|{count:,})(?!\d)", text)}


@pytest.mark.parametrize("route", PATHS)
@pytest.mark.parametrize("name", HOLDERS)
def test_each_key_reaches_what_the_table_says(asked, name, route):
    client, keys = asked
    own = OWNERS.get(name, set())
    for org in EXACT:
        named = {"org": org, "id": DELIVERIES[org], "warning": warning_id("SALT", org, "CHS_18W")}
        path = PATHS[route].format(**named)
        for form in ("application/json", "text/csv"):
            answer = client.get(path, headers=bearer(keys[name]) | {"Accept": f"{form}, */*;q=0.1"})
            assert answer.status_code < 500
            assert exact_in(answer) <= own, (path, form)
            if REACH[route] is Reach.NOTHING or HOLDERS[name].role not in ROUTES[route]:
                assert exact_in(answer) == set()
            elif org in own and route not in SAYS_NO_COUNT and route != "/health/freshness":
                assert org in exact_in(answer), (path, form)
            elif org not in own:
                assert is_as_told(answer, REACH[route], route), (path, form)


@pytest.mark.parametrize(
    "route", ["/v1/waiting-lists/{service}/{org}/groups/{cut}", "/v1/breaches/{id}", "/breaches/{id}"]
)
def test_no_tag_is_good_for_another_scope(asked, route):
    """A02, for what the other database of this test's name holds nothing of."""
    client, keys = asked
    path = PATHS[route].format(org="RYY", id=DELIVERIES["RYY"], warning=warning_id("SALT", "RYY", "CHS_18W"))
    tags: dict[str, str] = {}
    answered = 0
    for name in HOLDERS:
        known = bearer(keys[name])
        first = client.get(path, headers=known)
        answered += first.status_code == 200
        assert {client.get(path, headers=known | {"If-None-Match": tag}).status_code for tag in tags.values()} <= {
            first.status_code
        }
        if "etag" in first.headers:
            tags[name] = first.headers["etag"]
        else:
            assert first.headers["cache-control"] == "no-store"
    assert answered >= 3
    assert len(set(tags.values())) == len(tags)


def is_as_told(answer, how: Reach, route: str) -> bool:
    """Whether somebody else's figure is shown rounded, or is as if it were not there."""
    if how is Reach.DISCLOSED:
        return answer.status_code == 200
    return answer.status_code == 404 or "{id}" not in route


def test_every_route_that_asks_for_a_key_says_what_it_reaches():
    assert set(REACH) == set(PATHS) == {route for route, roles in ROUTES.items() if roles is not None}


def test_the_table_in_the_documents_is_this_one():
    """Written anew by `python -m tests.reach`."""
    page = reach.PAGE.read_text(encoding="utf-8")
    assert reach.table() in page
    assert reach.written(page) == page


@pytest.mark.filterwarnings("ignore:Using `httpx` with `starlette.testclient`")
@pytest.mark.parametrize("name", ["public", "board", "commissioner", "provider", "admin"])
def test_no_request_breaks_the_service_or_sees_beyond_its_scope(asked, name):
    client, keys = asked
    schema = schemathesis.openapi.from_asgi("/openapi.json", client.app)
    for path, method in sorted((path, method) for path, one in client.app.openapi()["paths"].items() for method in one):

        @given(schema[path][method.upper()].as_strategy())
        @settings(
            max_examples=3, suppress_health_check=list(HealthCheck), derandomize=True, database=None, deadline=None
        )
        def check(case):
            answer = case.call(headers=bearer(keys[name]))
            assert answer.status_code < 500
            assert exact_in(answer) <= OWNERS.get(name, set())

        check()
