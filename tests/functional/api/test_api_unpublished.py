"""A02 through the API: figures nobody has published, asked for by every role on every route that could show them."""

from contextlib import contextmanager
from datetime import date

import pytest

from api.app import create_app
from tests.databases import shared_database
from tests.deliveries import load, parsed
from tests.functional.api.conftest import NOW, Client, kent_file, settings_of, sqlite_database
from tests.functional.api.kent import fill
from tests.functional.api.keyed import PEPPER, bearer, give_keys

pytestmark = pytest.mark.no_cover

__all__ = ["kent_file", "sqlite_database"]

SUNDAY = date(2025, 3, 30)
OWN = {("SALT", "RYY"): 90_001, ("SALT", "NQ7"): 70_002, ("SALT", "QKS"): 160_003}
ROUNDED = {("SALT", "RYY"): 90_000, ("SALT", "NQ7"): 70_000, ("SALT", "QKS"): 160_005}
MAY_SEE = {
    "public": set(),
    "board": set(),
    "commissioner": {"RYY", "NQ7", "QKS"},
    "neighbour": set(),
    "provider": {"RYY"},
    "other_provider": {"NQ7"},
    "admin": set(),
}
PATHS = [
    "/v1/waiting-lists?limit=1000",
    "/v1/waiting-lists?org={org}",
    "/v1/waiting-lists?source=weekly_return",
    "/v1/waiting-lists/SALT/{org}",
    "/v1/waiting-lists/SALT/{org}?source=weekly_return",
    "/v1/series/SALT/{org}/list_size",
    "/v1/series/SALT/{org}/list_size?source=weekly_return",
    "/v1/forecasts/SALT/{org}/list_size?source=weekly_return",
    "/v1/clearance/SALT/{org}?source=weekly_return",
    "/v1/deliveries",
    "/v1/deliveries/5/cells?service=SALT&org={org}",
    "/v1/findings?org={org}",
    "/health/freshness",
]


@contextmanager
def asking(engine):
    """Kent with a return that nobody has published, and a client of each role."""
    load(engine, parsed(SUNDAY, OWN, published_on=date(2025, 4, 4), source="weekly_return", scope="RYY"))
    keys = give_keys(engine)
    chosen = settings_of(engine, key_pepper=PEPPER, rate_per_second=100_000)
    with Client(create_app(chosen, clock=lambda: NOW)) as client:
        yield client, keys


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """For tests that only ask."""
    with shared_database("sqlite", tmp_path_factory.mktemp("unpublished")) as engine:
        fill(engine)
        with asking(engine) as client_and_keys:
            yield client_and_keys


@pytest.fixture
def asked_alone(kent_file):
    """For a test that changes what is asked."""
    with asking(kent_file) as client_and_keys:
        yield client_and_keys


@pytest.mark.parametrize("form", ["application/json", "text/csv"])
@pytest.mark.parametrize("path", PATHS)
def test_an_unpublished_figure_reaches_those_it_is_about_alone(asked, path, form):
    client, keys = asked
    for name, orgs in MAY_SEE.items():
        for org in ("RYY", "NQ7", "QKS"):
            headers = bearer(keys[name]) | {"Accept": form}
            text = client.get(path.format(org=org), headers=headers).text
            shown = {who for (_, who), count in OWN.items() if str(count) in text}
            assert shown <= orgs, (name, org)


@pytest.mark.parametrize("name", MAY_SEE)
def test_each_sees_its_own_exactly_and_all_else_rounded(asked, name):
    client, keys = asked
    for org in ("RYY", "NQ7", "QKS"):
        expected = OWN["SALT", org] if org in MAY_SEE[name] else ROUNDED["SALT", org]
        for query in ("", "?source=weekly_return"):
            body = client.json(f"/v1/waiting-lists/SALT/{org}{query}", headers=bearer(keys[name]))
            assert (body["list_size"], body["source"]) == (expected, "weekly_return")
        series = client.json(f"/v1/series/SALT/{org}/list_size", headers=bearer(keys[name]))
        assert [point["value"] for point in series["points"]] == [expected]
        published = client.json(f"/v1/waiting-lists/SALT/{org}?source=chs_sitrep", headers=bearer(keys[name]))
        assert published["list_size"] == {"RYY": 882, "NQ7": 769, "QKS": 1651}[org]


@pytest.mark.parametrize(("name", "published"), [("public", 8720), ("provider", 8720), ("commissioner", 8718)])
def test_published_figures_are_rounded_where_they_may_stand_beside_our_own(asked, name, published):
    """However the page is cut; with a source it holds published figures alone, and England's are exact everywhere."""
    client, keys = asked
    for query in ("?limit=1000", "?service=COMM_PAEDS", "?service=COMM_PAEDS&limit=1", "?level=icb"):
        page = client.json(f"/v1/waiting-lists{query}", headers=bearer(keys[name]))
        sizes = {(one["service"], one["org"]): one["list_size"] for one in page["items"]}
        assert sizes.get(("COMM_PAEDS", "QKS"), published) == published
        assert sizes.get(("COMM_PAEDS", "ENG"), 8718) == 8718
    page = client.json("/v1/waiting-lists?source=chs_sitrep&limit=1000", headers=bearer(keys[name]))
    assert page["suppressed"] == []
    assert {one["list_size"] for one in page["items"] if one["service"] == "COMM_PAEDS" and one["org"] == "QKS"} == {
        8718
    }


def test_a_file_nobody_has_published_is_to_others_as_one_that_is_not_there(asked):
    client, keys = asked
    for path in ("/v1/deliveries/{}", "/v1/deliveries/{}/cells?service=SALT&org=NQ7"):
        hidden, absent = (
            client.get(path.format(number), headers=bearer(keys["other_provider"])).json() for number in (5, 99)
        )
        same = ("type", "title", "status", "detail", "errors", "near")
        assert [hidden[name] for name in same] == [absent[name] for name in same]


class Broken:
    """Sheets that cannot be asked."""

    def of(self, *_, **__):
        raise AssertionError("worked out again")


@pytest.mark.parametrize("form", ["application/json", "text/csv"])
def test_what_was_disclosed_once_is_answered_from_kept_bytes(asked_alone, form):
    client, keys = asked_alone
    headers = bearer(keys["public"]) | {"Accept": form}
    first = client.get("/v1/waiting-lists/SALT/RYY", headers=headers)
    object.__setattr__(client.app.state.running, "sheets", Broken())
    again = client.get("/v1/waiting-lists/SALT/RYY", headers=headers)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    held = client.get("/v1/waiting-lists/SALT/RYY", headers=headers | {"If-None-Match": first.headers["etag"]})
    assert held.status_code == 304


def test_an_answer_under_one_rule_is_not_the_answer_under_the_other(asked_alone, kent_file):
    client, keys = asked_alone
    tags = {client.get("/v1/waiting-lists/SALT/RYY", headers=bearer(keys["public"])).headers["etag"]}
    other = settings_of(kent_file, key_pepper=PEPPER, suppression="mhsds")
    with Client(create_app(other, clock=lambda: NOW)) as client:
        tags.add(client.get("/v1/waiting-lists/SALT/RYY", headers=bearer(keys["public"])).headers["etag"])
    assert len(tags) == 2
