"""Registers and provenance over HTTP: who is who, which files came, what was found in them, which commands ran."""

from datetime import UTC, datetime

import pytest

from api.app import create_app
from tests.functional.api.conftest import Client, settings_of

REGISTERS = ["/v1/services", "/v1/organisations", "/v1/standards"]
RECORDS = ["/v1/deliveries", "/v1/findings", "/v1/runs"]


def test_services_say_what_they_stand_for(client):
    services = {one["code"]: one for one in client.json("/v1/services", params={"limit": 1000})["items"]}
    assert services["COMM_PAEDS"]["is_proxy_for"] == ["ASD", "ADHD"]
    assert "proxy" in services["COMM_PAEDS"]["proxy_note"]
    assert services["SALT"]["standards"] == ["CHS_18W", "CHS_52W"]


def test_organisations_say_who_they_belong_to_and_who_took_over(client):
    found = {one["code"]: one for one in client.json("/v1/organisations", params={"limit": 1000})["items"]}
    assert (found["RYY"]["parent"], found["QKS"]["parent"], found["ENG"]["parent"]) == ("QKS", "Y59", None)
    assert any(one["successor"] == "RXY" for one in found["RAT"]["successions"])
    assert found["NAME:=cmd"]["source"] is None
    regions = client.json("/v1/organisations", params={"level": "region"})["items"]
    assert len(regions) == 7


def test_the_share_due_follows_the_day(kent):
    def due(as_of):
        found = later.json("/v1/standards", params={"as_of": as_of})["items"]
        return next(one["target_share"] for one in found if one["id"] == "CHS_18W")

    with Client(create_app(settings_of(kent), clock=lambda: datetime(2028, 5, 1, tzinfo=UTC))) as later:
        assert (due("2025-06-02"), due("2026-04-01"), due("2028-04-01")) == (None, 0.78, 0.8)


@pytest.mark.parametrize("path", [*REGISTERS, *RECORDS, "/v1/deliveries?status=refused"])
def test_walking_all_pages_gives_each_row_once(client, path):
    whole = client.json(path, params={"limit": 1000})["items"]
    assert [one for page in client.pages(path, limit=7) for one in page["items"]] == whole
    assert whole


def test_deliveries_carry_checksum_day_and_vintages(client):
    last = client.json("/v1/deliveries")["items"][-1]
    assert (last["status"], last["known_from"], last["period_end"]) == ("taken", "2025-05-15", "2025-03-31")
    one = client.json(last["links"]["self"])
    assert {key: one[key] for key in last} == last
    assert [vintage["source"] for vintage in one["vintages"]] == ["chs_sitrep"]


def test_refused_files_are_listed_with_their_reason(client):
    (refused,) = client.json("/v1/deliveries", params={"status": "refused"})["items"]
    assert (refused["code"], refused["sha256"]) == ("NOT_XLSX", None)
    assert client.json("/v1/deliveries", params={"status": "refused", "source": "chs_sitrep"})["items"] == []


@pytest.mark.parametrize(
    "path", ["/v1/deliveries/999", "/v1/runs/999", "/v1/deliveries/999/cells?service=SALT&org=QKS"]
)
def test_a_record_that_is_not_there_is_404(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("not-found")


def test_a_file_without_the_list_has_no_cells_of_it(client):
    answer = client.get("/v1/deliveries/1/cells", params={"service": "SALT", "org": "QKS"})
    assert answer.status_code == 404
    assert "no cell has one" in answer.json()["detail"]


@pytest.mark.parametrize(
    "params",
    [{"service": "SALT"}, {"org": "QKS"}, {"code": "copied_number"}, {"severity": "info"}, {"delivery": 2}],
)
def test_findings_can_be_filtered(client, params):
    rows = client.json("/v1/findings", params=params)["items"]
    name, value = next(iter(params.items()))
    assert rows
    assert {row["delivery_id" if name == "delivery" else name] for row in rows} == {value}


def test_findings_are_those_known_on_the_day(client):
    rows = client.json("/v1/findings", params={"as_of": "2025-01-31"})["items"]
    assert rows
    assert max(row["known_from"] for row in rows) <= "2025-01-31"


def test_runs_say_what_they_did_and_which_still_runs(client):
    runs = client.json("/v1/runs")["items"]
    assert [(run["command"], run["status"]) for run in runs] == [
        ("load", "done"),
        ("forecast", "done"),
        ("load", "running"),
    ]
    assert client.json(f"/v1/runs/{runs[0]['id']}") == runs[0]
    assert [run["id"] for run in client.json("/v1/runs", params={"status": "running"})["items"]] == [runs[2]["id"]]


def test_freshness_says_how_old_and_when_the_next_is_due(client):
    (source,) = client.json("/health/freshness")["sources"]
    assert (source["period_end"], source["days_old"], source["is_late"]) == ("2025-03-31", 63, False)
