"""Forecasts and clearance over HTTP: what is stored is shown, cut to what was asked, and never passed off as more."""

import csv
import io

import pytest

FORECAST, CLEARANCE = "/v1/forecasts/COMM_PAEDS/QKS/list_size", "/v1/clearance"


def test_a_forecast_is_given_with_its_range_model_and_scores(client):
    found = client.json(FORECAST)
    assert len(found["points"]) == 12
    assert (found["model"], found["trained_until"], found["forecast_as_of"]) == ("naive", "2025-03-31", "2025-05-31")
    assert found["scores"]["naive"]["coverage80"] == 0.75
    said = "children waiting, likely between 8,100 and 8,500 by 31 March 2026 (8 in 10). Too few past ranges"
    assert said in found["sentence"]
    assert "Worked out as known on 31 May 2025." in found["sentence"]
    assert found["vintage"]["known_from"] == "2025-05-15"
    assert not found["newer_figures"]


@pytest.mark.parametrize(("horizon", "steps"), [(1, 1), (6, 6), (12, 12)])
def test_the_horizon_is_at_most_what_was_worked_out(client, horizon, steps):
    assert len(client.json(FORECAST, params={"horizon": horizon})["points"]) == steps


def test_a_refused_forecast_says_why_without_numbers(client):
    found = client.json("/v1/forecasts/SALT/QKS/list_size")
    assert (found["status"], found["points"], found["model"]) == ("blocked", [], None)
    assert "copied" in found["fallback_reason"]
    assert "no forecast of children waiting is given" in found["sentence"]


def test_a_forecast_is_not_known_before_it_was_made(client):
    answer = client.get(FORECAST, params={"as_of": "2025-05-30"})
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("not-worked-out")


@pytest.mark.parametrize("path", ["/v1/forecasts/ADHD/QKS/list_size", "/v1/clearance/ADHD/QKS"])
def test_where_no_figure_is_published_there_is_no_forecast(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("no-published-figure")


def test_shares_are_not_forecast_yet(client):
    answer = client.get("/v1/forecasts/SALT/QKS/share_within_standard", params={"standard": "CHS_18W"})
    assert answer.status_code == 404
    assert "share of those waiting within CHS_18W" in answer.json()["detail"]


def test_clearance_without_flows_says_so(client):
    found = client.json(f"{CLEARANCE}/COMM_PAEDS/QKS")
    assert [one["kind"] for one in found["clearance"]] == ["run_off", "threshold", "sustainable"]
    assert {one["reason"] for one in found["clearance"]} == {"flows_not_published"}
    assert (found["required_capacity"], found["required_capacity_note"]) == (None, "Flows are not published.")
    assert (found["standard_id"], found["by"], found["confidence"]) == ("CHS_18W", "2026-03-31", 0.8)


def test_the_usual_target_gets_the_stored_answer(client):
    found = client.json(f"{CLEARANCE}/SALT/QKS", params={"by": "2026-03-31", "confidence": 0.8, "standard": "CHS_18W"})
    assert found["clearance"][2]["p50"] == "2025-12-31"
    assert found["required_capacity"] == {"per_week": 40.0}


@pytest.mark.parametrize("params", [{"confidence": 0.9}, {"standard": "CHS_52W"}, {"by": "2027-03-31"}])
def test_another_target_does_not_get_the_answer_to_the_usual_one(client, params):
    found = client.json(f"{CLEARANCE}/SALT/QKS", params=params)
    assert found["clearance"][1]["status"] == "already"
    assert found["clearance"][2]["status"] == "insufficient_data"
    assert found["clearance"][2]["p50"] is None
    assert found["required_capacity"] is None
    assert "only" in found["required_capacity_note"]


def test_clearance_is_not_known_before_it_was_worked_out(client):
    answer = client.get(f"{CLEARANCE}/COMM_PAEDS/QKS", params={"as_of": "2025-05-30"})
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("not-worked-out")


def test_dates_that_have_passed_are_marked(client):
    points = client.json(FORECAST)["points"]
    assert [(point["target_end_date"], point["past"]) for point in points[:3]] == [
        ("2025-04-30", True),
        ("2025-05-31", True),
        ("2025-06-30", False),
    ]


def rows(client, path) -> list[dict]:
    return list(csv.DictReader(io.StringIO(client.csv(path).text)))


def test_a_row_of_a_forecast_says_what_it_is_about(client):
    found = rows(client, FORECAST)
    assert len(found) == 12
    identity = ("service", "org", "measure", "source", "as_of", "forecast_as_of", "model", "synthetic", "status")
    assert [found[5][name] for name in identity] == [
        *("COMM_PAEDS", "QKS", "list_size", "chs_sitrep", "2025-06-02", "2025-05-31", "naive", "false", "fallback")
    ]
    assert (found[5]["target_end_date"], found[5]["q0.5"], found[0]["past"]) == ("2025-09-30", "8300", "true")


def test_a_refused_forecast_has_one_row_that_says_why(client):
    (row,) = rows(client, "/v1/forecasts/SALT/QKS/list_size")
    assert (row["status"], row["target_end_date"], row["q0.5"]) == ("blocked", "", "")
    assert "copied" in row["fallback_reason"]


def test_clearance_is_said_in_one_sentence_with_every_care(client):
    said = client.json(f"{CLEARANCE}/SALT/QKS")["sentence"]
    assert "Nobody was waiting over 52 weeks." in said
    assert "882 of 1,651" in said
