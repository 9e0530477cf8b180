"""Waiting lists over HTTP: the figure, its cautions, what was known on a day, and the cell it stands in."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

KENT = "/v1/waiting-lists/COMM_PAEDS/QKS"


def test_a_list_says_how_many_wait_and_how_long(client):
    found = client.json(KENT)
    assert (found["list_size"], found["period_end"], found["as_of"]) == (8718, "2025-03-31", "2025-06-02")
    assert (found["over_18_weeks"], found["over_52_weeks"], found["over_104_weeks"]) == (6052, 2707, 551)
    assert sum(band["count"] for band in found["bands"]) == found["list_size"]
    assert (found["median_wait"], found["p92_wait"]) == (35.35, 100.61)
    assert [(one["standard_id"], round(one["share"], 2), one["method"]) for one in found["shares"]] == [
        ("CHS_18W", 0.31, "exact"),
        ("CHS_52W", 0.69, "exact"),
    ]


@pytest.mark.parametrize(
    ("as_of", "period_end", "list_size"),
    [("2025-05-31", "2025-03-31", 8718), ("2025-05-14", "2025-02-28", 8759), ("2025-01-31", "2024-11-30", 5064)],
)
def test_a_past_day_is_answered_with_what_was_known_then(client, as_of, period_end, list_size):
    found = client.json(KENT, params={"as_of": as_of})
    assert (found["as_of"], found["period_end"], found["list_size"]) == (as_of, period_end, list_size)


def test_a_missing_provider_is_no_fall(client):
    found = client.json(KENT, params={"as_of": "2025-01-31"})
    assert found["coverage"] == pytest.approx(5064 / 8985)
    assert found["provisional"]
    assert [one["org"] for one in found["missing_providers"]] == ["NQ7"]
    assert found["adjusted"]["list_size"] == 5064 + 3921
    assert "missing_provider" in {one["code"] for one in found["findings"]}
    assert "no sign that fewer wait" in found["sentence"]


def test_what_is_not_known_is_null_with_a_note(client):
    for path in (KENT, f"{KENT}?as_of=2025-01-31", "/v1/waiting-lists/CYP_SAFEGUARDING/QKS"):
        found = client.json(path)
        nothing = {name for name, value in found.items() if value is None}
        assert nothing - set(found["notes"]) <= {
            "proxy_sentence",
            "median_wait_at_least_weeks",
            "p92_wait_at_least_weeks",
        }


def test_a_suppressed_list_is_not_zero(client):
    found = client.json("/v1/waiting-lists/CYP_SAFEGUARDING/QKS")
    assert found["list_size"] is None
    assert "suppressed" in found["sentence"]


def test_a_copied_number_is_said_in_the_sentence(client):
    found = client.json("/v1/waiting-lists/SALT/QKS")
    assert found["list_size"] == 1651
    assert "882 of 1,651" in found["sentence"]


def test_a_figure_leads_to_its_file_and_cell(client):
    found = client.json("/v1/waiting-lists/SALT/QKS")
    cells = client.json(found["links"]["cells"])
    total = next(one for one in cells["items"] if one["band"] == "total")
    assert (total["value"], total["sheet"], total["cell"]) == (1651, "Table 5", "C17")
    assert cells["sha256"] == found["vintage"]["sha256"] == client.json(found["links"]["delivery"])["sha256"]


@pytest.mark.parametrize("path", [KENT, "/v1/series/COMM_PAEDS/QKS/over_52_weeks", "/v1/clearance/SALT/QKS"])
def test_every_link_leads_somewhere(client, path):
    for name, link in client.json(path)["links"].items():
        if name != "forecast" or path == KENT:
            assert client.get(link).status_code == 200, name


def test_a_list_named_only_in_a_file_is_found_under_its_name(client):
    assert client.json("/v1/waiting-lists/SALT/NAME:=cmd")["list_size"] == 12


def test_lists_come_in_order_and_can_be_filtered(client):
    every = client.json("/v1/waiting-lists")["items"]
    keys = [(one["service"], one["org"]) for one in every]
    assert keys == sorted(set(keys))
    kent = client.json("/v1/waiting-lists", params={"org": "QKS"})["items"]
    assert {one["org"] for one in kent} == {"QKS"}
    regions = client.json("/v1/waiting-lists", params={"level": "region", "service": "COMM_PAEDS"})["items"]
    assert [one["org"] for one in regions] == ["Y59"]
    for nothing in ({"source": "chs_sitrep_t2"}, {"level": "sub_icb"}, {"as_of": "2000-01-01"}):
        assert client.json("/v1/waiting-lists", params={**nothing, "limit": 1})["items"] == []


@pytest.mark.parametrize("params", [{}, {"level": "provider"}, {"as_of": "2025-01-31"}])
@pytest.mark.parametrize("limit", [1, 3, 1000])
def test_walking_all_pages_gives_each_list_once(client, params, limit):
    whole = client.json("/v1/waiting-lists", params={**params, "limit": 1000})["items"]
    pages = list(client.pages("/v1/waiting-lists", limit=limit, **params))
    assert [one for page in pages for one in page["items"]] == whole
    assert all(len(page["items"]) == limit for page in pages[:-1])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(names=st.text(max_size=20), limit=st.integers(1, 50))
def test_any_position_is_a_page(client_on_file, names, limit):
    cursor = "w" + (names.encode(errors="replace").hex() or "00")
    found = client_on_file.json("/v1/waiting-lists", params={"cursor": cursor, "limit": limit})
    position = tuple(names.replace("\0", "").partition("\x1f")[::2])
    assert all((one["service"], one["org"]) > position for one in found["items"])
