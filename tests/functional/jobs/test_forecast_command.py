"""Forecasting what is stored: published once, the same bytes again, partial when a series fails."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from forecasting.store import load_clearance, load_forecast
from jobs.commands.forecast_screens import forecast_screen
from jobs.commands.screens import console
from jobs.forecast import Ask, forecast, goals, known_histories
from tests.databases import BOTH, shared_database
from tests.deliveries import MARCH, load, parsed
from tests.functional.jobs.kit import books, load_files, put
from waitlists.domain import Measure
from waitlists.store import read
from waitlists.store.session import reading

AS_OF = date(2025, 3, 20)
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)


def ask(*, as_of=AS_OF, seed=1):
    return Ask(as_of=as_of, clock=lambda: NOW, jobs=1, seed=seed)


def run(engine, **options):
    return forecast(engine, ask(**options), on_progress=lambda _: None)


@pytest.fixture(scope="module", params=BOTH)
def forecast_months(request, tmp_path_factory):
    """The same months forecast once, and how that went."""
    folder = tmp_path_factory.mktemp("forecast")
    with shared_database(request.param, folder) as engine:
        load_files(engine, put(folder / "in", *books()[:10]))
        yield engine, run(engine)


def test_every_childrens_list_gets_an_answer_and_a_version(forecast_months):
    engine, outcome = forecast_months
    assert (outcome.exit_code, outcome.dataset_version, outcome.failed) == (0, 2, ())
    assert sum(outcome.by_status.values()) > 150
    with reading(engine) as connection:
        found = load_forecast(connection, service="COMM_PAEDS", org="QKS", measure=Measure.LIST_SIZE, as_of=AS_OF)
        clearance = load_clearance(connection, service="COMM_PAEDS", org="QKS", as_of=AS_OF)
        last = read.runs(connection, command="forecast", limit=5)[-1]
    assert found.trained_until == date(2025, 1, 31)
    assert [point["horizon"] for point in found.points] == list(range(1, 13))
    assert [answer["kind"] for answer in clearance.answer["clearance"]] == ["run_off", "threshold", "sustainable"]
    assert (last.as_of, last.status, last.summary["failed"]) == (AS_OF, "done", [])


def test_pooled_copies_are_refused_with_the_reason(forecast_months):
    with reading(forecast_months[0]) as connection:
        found = load_forecast(connection, service="SALT", org="RYY", measure=Measure.LIST_SIZE, as_of=AS_OF)
    assert (found.status, found.points) == ("blocked", [])
    assert "one pooled list" in found.reason


def test_the_same_day_and_seed_give_the_same_forecasts(forecast_months):
    engine, _ = forecast_months

    def everything():
        with reading(engine) as connection:
            return [
                load_forecast(connection, service="COMM_PAEDS", org=org, measure=measure, as_of=AS_OF).points
                for org in ("ENG", "Y59", "QKS", "NQ7")
                for measure in (Measure.LIST_SIZE, Measure.OVER_52_WEEKS)
            ]

    first = everything()
    run(engine)
    assert everything() == first


def test_nothing_is_stored_where_nothing_was_known(database, tmp_path):
    load_files(database, put(tmp_path / "in", books()[0]))
    outcome = run(database, as_of=date(2023, 1, 1))
    assert (outcome.dataset_version, outcome.exit_code) == (None, 0)
    with reading(database) as connection:
        assert read.latest_version(connection).version == 1
        last = read.runs(connection, command="forecast", limit=5)[-1]
    assert (last.id, last.status, last.summary["clearances"]) == (outcome.run_id, "done", 0)


def test_the_standard_of_a_service_is_the_goal_once_a_share_is_due():
    assert goals(date(2025, 3, 31)) == {}
    due = goals(date(2026, 11, 16))["SALT"]
    assert (due.standard_id, due.weeks, due.share) == ("CHS_18W", 18, 0.78)


def test_the_command_says_what_came_out(waitlists):
    put(waitlists.folder / "in", *books()[:4])
    assert waitlists("load", "in").code == 0
    shown = waitlists("forecast", "--as-of", "2025-03-20", "--jobs", "1")
    assert shown.code == 0
    assert "lists with a clearance answer" in shown.out
    assert "As known on 20 March 2025." in shown.out
    answer = waitlists("forecast", "--as-of", "2025-03-20", "--jobs", "1", "--json").json
    assert answer["as_of"] == "2025-03-20"
    assert answer["series"] == sum(answer["by_status"].values())
    assert answer["failed"] == []


def test_a_failed_series_is_named_and_the_exit_code_says_in_part(forecast_months):
    outcome = replace(forecast_months[1], failed=("chs_sitrep|SALT|QKS|list_size: the fit took too long",))
    assert outcome.exit_code == 14
    terminal = console()
    with terminal.capture() as captured:
        terminal.print(forecast_screen(outcome))
    assert "Failed: chs_sitrep|SALT|QKS|list_size: the fit took too long" in captured.get()


def test_the_backtest_shows_every_model_and_stores_nothing(waitlists):
    put(waitlists.folder / "in", *books()[-16:])
    assert waitlists("load", "in").code == 0
    answer = waitlists("backtest", "--service", "CYP_NEWBORN_HEARING", "--jobs", "1", "--json").json
    assert {model["model"] for model in answer["models"]} >= {"naive", "ets"}
    assert [run["command"] for run in waitlists("status", "--json").json["runs"]] == ["load"]
    shown = waitlists("backtest", "--service", "CYP_VISION_SCREENING", "--jobs", "1").out
    assert "Error against last value" in shown


def test_a_list_is_forecast_once_for_its_own_and_once_for_everybody(database):
    """Records before returns of the same list; what is published stays for those who may see nothing else."""
    sunday = date(2025, 3, 30)
    load(
        database,
        parsed(sunday, {("SALT", "RYY"): 900}, published_on=MARCH, source="referral_extract", scope="RYY"),
        parsed(sunday, {("SALT", "RYY"): 901}, published_on=MARCH, source="weekly_return", scope="RYY"),
        parsed(sunday, {("SALT", "NQ7"): 700}, published_on=MARCH, source="weekly_return", scope="NQ7"),
        parsed(MARCH, {("SALT", "RYY"): 882, ("SALT", "QKS"): 1651}, published_on=date(2025, 5, 15)),
    )
    found = known_histories(database, as_of=date(2025, 6, 2), on_progress=lambda _: None)
    assert {history.source: history.orgs for history in found} == {
        "referral_extract": ["RYY"], "weekly_return": ["NQ7"], "chs_sitrep": ["QKS", "RYY"],
    }  # fmt: skip
    returned = next(history for history in found if history.source == "weekly_return")
    assert {org for _, org in returned.cells} == {"RYY", "NQ7"}
