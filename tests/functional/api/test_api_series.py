"""Series over HTTP: gaps stay gaps, missing providers are made good beside the raw figure."""

import csv
import io

import pytest

PATH = "/v1/series/COMM_PAEDS/QKS"


def points(client, measure, **params) -> dict:
    found = client.json(f"{PATH}/{measure}", params=params)
    return {point["period_end"]: point for point in found["points"]}


def test_a_month_without_a_file_is_a_gap(client):
    january = points(client, "list_size")["2025-01-31"]
    assert (january["value"], january["adjusted"], january["vintage_id"]) == (None, None, None)
    assert "No file for January 2025" in january["note"]


def test_a_missing_provider_is_made_good_beside_the_raw_figure(client):
    november = points(client, "list_size")["2024-11-30"]
    assert (november["value"], november["adjusted"]) == (5064, 8985)
    assert november["provisional"]


def test_a_series_ends_with_what_was_known(client):
    assert max(points(client, "list_size", as_of="2025-01-31")) == "2024-11-30"


@pytest.mark.parametrize(("measure", "value"), [("over_52_weeks", 2707), ("median_wait", 35.35), ("p92_wait", 100.61)])
def test_measures_from_bands_follow_the_list(client, measure, value):
    march = points(client, measure)["2025-03-31"]
    assert (march["value"], march["adjusted"]) == (value, value)
    october = points(client, measure)["2024-10-31"]
    assert october["value"] is None
    assert october["note"]


def test_the_share_within_a_standard_names_it(client):
    found = client.json(f"{PATH}/share_within_standard", params={"standard": "CHS_18W"})
    assert (found["standard_id"], found["basis"]) == ("CHS_18W", "waiting")
    assert found["points"][-1]["value"] == pytest.approx((204 + 177 + 418 + 1326 + 541) / 8718)
    assert "standard=CHS_18W" in found["links"]["self"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("referrals", "does not give referrals"),
        ("over_208_weeks", "does not give over 208 weeks"),
        ("share_within_standard?standard=CHS_18W&basis=completed", "not measured on those completed"),
    ],
)
def test_what_no_source_gives_is_no_published_figure(client, path, said):
    answer = client.get(f"{PATH}/{path}")
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("no-published-figure")
    assert said in answer.json()["detail"]


def test_a_standard_of_another_service_names_the_right_ones(client):
    answer = client.get(f"{PATH}/share_within_standard", params={"standard": "RTT_18W"})
    assert answer.status_code == 404
    assert answer.json()["near"] == ["CHS_18W", "CHS_52W"]


def test_a_median_in_the_open_top_band_is_no_number(client):
    found = client.json("/v1/series/COMM_PAEDS/RVV/median_wait")
    assert found["points"][-1]["value"] is None
    assert "At least 104 weeks" in found["points"][-1]["note"]
    one = client.json("/v1/waiting-lists/COMM_PAEDS/RVV")
    assert (one["median_wait"], one["median_wait_at_least_weeks"]) == (None, 104)
    assert one["notes"]["median_wait"].startswith("At least 104 weeks")


@pytest.mark.parametrize("measure", ["share_within_standard?standard=CHS_52W", "median_wait", "p92_wait"])
def test_of_part_of_a_list_no_share_and_no_wait_is_given(client, measure):
    points = client.json(f"/v1/series/SALT/QKS/{measure}")["points"]
    partial = [point for point in points if point["provisional"]]
    assert partial
    assert all((point["value"], point["adjusted"]) == (None, None) for point in partial)
    assert all("Medway Community Healthcare" in point["note"] for point in partial)
    assert points[-1]["value"] is not None


def test_a_row_of_a_series_says_what_it_is_about(client):
    rows = list(csv.DictReader(io.StringIO(client.csv(f"{PATH}/share_within_standard?standard=CHS_18W").text)))
    identity = ("service", "org", "measure", "standard_id", "source", "as_of", "synthetic", "period_end")
    assert [rows[-1][name] for name in identity] == [
        *("COMM_PAEDS", "QKS", "share_within_standard", "CHS_18W", "chs_sitrep", "2025-06-02", "false", "2025-03-31")
    ]
    assert rows[1]["coverage"].startswith("0.56")


def test_a_series_names_who_is_missing_from_its_last_figure(client):
    said = client.json(f"{PATH}/over_52_weeks", params={"as_of": "2025-01-31"})["sentence"]
    assert "children waiting over 52 weeks" in said
    assert "Medway Community Healthcare (last known 3,921 in October 2024) sent no figures" in said
