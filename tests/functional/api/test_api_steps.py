"""Weekly and monthly sources over HTTP: the step chooses among them; series are exact where single waits are."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from api.app import create_app
from forecasting.store import save
from tests.databases import sqlite_template
from tests.deliveries import load, parsed
from tests.functional.api.conftest import NOW, Client, settings_of
from tests.functional.api.weekly import forecasts, world
from waitlists.details import Detail
from waitlists.domain import Figure, Marker, ParsedVintage
from waitlists.store import write
from waitlists.store.session import make_engine, writing

SUNDAYS = (date(2025, 5, 18), date(2025, 5, 25))
BANDS = ("0-1", ">1-2", ">2-4", ">4-12", ">12-18", ">18-52", ">52-104", ">104")
LIST = "/v1/waiting-lists/SALT/QKS"
SERIES = "/v1/series/SALT/QKS"


def figures(size: int) -> tuple[Figure, ...]:
    counts = {("waiting", band): 0 for band in BANDS} | {("waiting", ">104"): size, ("waiting", "total"): size}
    counts |= {("over_156_weeks", "total"): 7, ("over_208_weeks", "total"): 2}
    counts |= {("referrals", "total"): 9, ("removals", "total"): 4, ("treated", "total"): 3}
    return tuple(
        Figure("SALT", "QKS", band, value, Marker.NUMBER, "", 0, 0, kind) for (kind, band), value in counts.items()
    )


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Two weeks counted from records, the first reconstructed, a month as published, and a forecast of each."""
    file = tmp_path_factory.mktemp("steps") / "steps.db"
    file.write_bytes(sqlite_template().read_bytes())
    engine = make_engine(f"sqlite:///{file}")
    for place, week in enumerate(SUNDAYS):
        size = 100 + 5 * place
        bands = (0, 0, 0, 0, 0, 0, 0, size)
        detail = Detail("SALT", "QKS", "list", size, bands, residual=0, median_days=910.0 + 7 * place, p92_days=1400.0)
        made = ParsedVintage(
            "referral_extract", week, figures(size), "", details=(detail,), is_reconstructed=not place
        )  # fmt: skip
        known = week + timedelta(days=1)
        load(engine, parsed(week, {}, published_on=known, source="referral_extract", scope="RYY", more=(made,)))
    load(engine, parsed(date(2025, 3, 31), {("SALT", "QKS"): 1651}, published_on=date(2025, 5, 15)))
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="forecast", as_of=None, now=NOW)
        one = forecasts(world())[0]
        key = replace(one.key, service="SALT", org="QKS")
        weekly = replace(one, key=replace(key, source="referral_extract"))
        monthly = replace(one, key=replace(key, source="chs_sitrep"), freq="M", trained_until=date(2025, 3, 31))
        save(connection, run_id, [weekly, monthly], [])
        write.publish(connection, run_id=run_id, now=NOW)
    with Client(create_app(settings_of(engine), clock=lambda: NOW)) as client:
        yield client
    engine.dispose()


@pytest.mark.parametrize(
    ("query", "source"),
    [
        ("", "referral_extract"),
        ("?freq=W", "referral_extract"),
        ("?freq=M", "chs_sitrep"),
        ("?source=chs_sitrep&freq=M", "chs_sitrep"),
        ("?source=referral_extract&freq=W", "referral_extract"),
    ],
)
def test_a_step_chooses_among_sources(asked, query, source):
    one = asked.json(LIST + query)
    assert (one["source"], one["freq"]) == (source, "W" if source == "referral_extract" else "M")
    assert [item["source"] for item in asked.json(f"/v1/waiting-lists{query}")["items"]] == [source]
    for path in (f"{SERIES}/list_size", "/v1/forecasts/SALT/QKS/list_size"):
        assert asked.json(path + query)["source"] == source


@pytest.mark.parametrize("path", [LIST, "/v1/waiting-lists", f"{SERIES}/list_size", "/v1/clearance/SALT/QKS"])
def test_a_step_that_is_not_the_sources_is_refused(asked, path):
    answer = asked.get(f"{path}?source=referral_extract&freq=M")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "freq")
    assert "referral_extract is weekly" in answer.json()["detail"]
    assert "chs_sitrep is monthly" in asked.get(f"{path}?source=chs_sitrep&freq=W").json()["detail"]


@pytest.mark.parametrize(
    ("measure", "values"),
    [
        ("list_size", [100, 105]),
        ("referrals", [9, 9]),
        ("removals", [4, 4]),
        ("treated", [3, 3]),
        ("over_104_weeks", [100, 105]),
        ("over_156_weeks", [7, 7]),
        ("over_208_weeks", [2, 2]),
        ("median_wait", [130.0, 131.0]),
        ("p92_wait", [200.0, 200.0]),
    ],
)
def test_a_weekly_series_of_every_measure(asked, measure, values):
    body = asked.json(f"{SERIES}/{measure}")
    assert [point["value"] for point in body["points"]] == values
    assert [point["reconstructed"] for point in body["points"]] == [True, False]
    assert (body["freq"], body["source"]) == ("W", "referral_extract")
    assert "month" not in body["sentence"]


def test_what_a_source_does_not_count_has_no_series(asked):
    assert asked.get(f"{SERIES}/over_156_weeks?freq=M").status_code == 404


def test_a_list_says_whether_it_was_reconstructed(asked):
    first = asked.json(f"{LIST}?as_of={SUNDAYS[0] + timedelta(days=1)}")
    assert (first["reconstructed"], first["median_wait"], first["balanced"]) == (True, 130.0, True)
    assert not asked.json(LIST)["reconstructed"]


@pytest.mark.parametrize(("freq", "most"), [("W", 26), ("M", 12)])
def test_a_forecast_is_asked_as_far_as_it_goes(asked, freq, most):
    path = f"/v1/forecasts/SALT/QKS/list_size?freq={freq}&horizon="
    assert asked.get(f"{path}{most}").status_code == 200
    answer = asked.get(f"{path}{most + 1}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "horizon")


def test_a_step_without_any_source_is_404(asked):
    assert asked.get("/v1/clearance/SALT/RYY?freq=W").status_code == 404
