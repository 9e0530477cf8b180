"""A02 through the API: figures nobody has published, asked for by every role on every route that could show them."""

from datetime import date

import pytest

from api.app import create_app
from tests.deliveries import load, parsed
from tests.functional.api.conftest import NOW, Client, kent_file, settings_of, sqlite_database
from tests.functional.api.kent import MARCH
from tests.functional.api.keyed import PEPPER, bearer, give_keys

__all__ = ["kent_file", "sqlite_database"]

OWN = {("SALT", "RYY"): 90_001, ("SALT", "NQ7"): 70_002, ("SALT", "QKS"): 160_003}
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


@pytest.fixture
def asked(kent_file):
    """Kent with a return that nobody has published, and a client of each role."""
    load(kent_file, parsed(MARCH, OWN, published_on=date(2025, 4, 4), source="weekly_return", scope="RYY"))
    keys = give_keys(kent_file)
    with Client(create_app(settings_of(kent_file, key_pepper=PEPPER), clock=lambda: NOW)) as client:
        yield client, keys


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
def test_each_sees_its_own_exactly_and_else_what_is_published(asked, name):
    client, keys = asked
    published = {"RYY": 882, "NQ7": 769, "QKS": 1651}
    for org, count in published.items():
        expected = OWN["SALT", org] if org in MAY_SEE[name] else count
        body = client.json(f"/v1/waiting-lists/SALT/{org}", headers=bearer(keys[name]))
        assert body["list_size"] == expected
        alone = client.get(f"/v1/waiting-lists/SALT/{org}?source=weekly_return", headers=bearer(keys[name]))
        assert alone.status_code == (200 if org in MAY_SEE[name] else 404)
    assert client.json("/v1/waiting-lists/COMM_PAEDS/QKS", headers=bearer(keys[name]))["list_size"] == 8718


def test_a_hidden_list_is_refused_as_one_that_is_not_there(asked):
    """Whether a provider sent figures is nobody else's business either."""
    client, keys = asked
    hidden = client.get("/v1/waiting-lists/SALT/NQ7?source=weekly_return", headers=bearer(keys["provider"])).json()
    absent = client.get("/v1/waiting-lists/SALT/RVV?source=weekly_return", headers=bearer(keys["provider"])).json()
    assert (hidden["type"], hidden["status"]) == (absent["type"], absent["status"])
