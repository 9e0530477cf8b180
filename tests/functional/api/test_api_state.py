"""The state of the service: the same story in `waitlists status`, /health/freshness and /metrics."""

import re
from datetime import UTC, date, datetime, timedelta
from math import isnan

import pytest

from api.app import create_app
from jobs.status import status
from tests.deliveries import MARCH, load, parsed
from tests.functional.api.conftest import NOW, Client, settings_of
from tests.functional.api.keyed import PEPPER, bearer, give_keys
from waitlists.alerts import KINDS
from waitlists.store import ledger, tables, write
from waitlists.store.session import writing

LATER = NOW + timedelta(days=9)


def client_of(engine, now=LATER, **settings) -> Client:
    return Client(create_app(settings_of(engine, **settings), clock=lambda: now))


def gauges(client: Client, name: str, **options) -> dict[str, float]:
    """A gauge's values by the first of its labels, or by nothing."""
    found = re.findall(
        rf'^waitlists_{name}(?:{{(?:\w+)="(\w+)".*}})? (\S+)$', client.get("/metrics", **options).text, re.MULTILINE
    )
    return {label: float(value) for label, value in found}


@pytest.fixture
def troubled(database):
    """A database with a run that failed, a file refused, rows put aside, and no backup for nine days."""
    load(database, parsed(MARCH, {("SALT", "QKS"): 1651}), now=NOW)
    with writing(database) as connection:
        run_id = write.start_run(connection, command="forecast", as_of=None, now=LATER)
        about = {"sha256": "f" * 64, "code": "NOT_XLSX", "reason": "no workbook", "received_at": LATER}
        write.add_refusal(connection, name="secret_name.pdf", run_id=run_id, **about)
        write.finish_run(connection, run_id, status="failed", summary={"reason": "DiskFull"}, now=LATER)
        connection.execute(tables.delivery.update().values(received_at=LATER))
        row = {"delivery_id": 1, "rule": "ODD", "raw": {}, "state": "held"}
        connection.execute(tables.quarantine.insert(), [row, row, row])
    return database


WANTED = ["disk_full", "refused", "backup_old", "quarantined"]


def test_three_places_tell_the_same_story(troubled):
    with client_of(troubled) as client:
        told = client.json("/health/freshness")["alerts"]
        counted = gauges(client, "alert")
    wanted = [alert.code for alert in status(troubled, now=LATER).alerts]
    assert [code for code in wanted if code != "disk_low"] == WANTED
    assert [one["code"] for one in told] == wanted
    assert {code for code, count in counted.items() if count} == set(wanted)
    assert set(counted) == set(KINDS)


def test_what_is_told_names_no_file_and_no_provider(troubled):
    with client_of(troubled) as client:
        for path in ("/health/freshness", "/metrics"):
            assert "secret_name" not in client.get(path).text


def test_who_does_not_run_the_service_is_not_told_how_it_stands(troubled):
    keys = give_keys(troubled)
    with client_of(troubled, key_pepper=PEPPER) as client:
        for role in ("public", "board", "provider"):
            assert client.json("/health/freshness", headers=bearer(keys[role]))["alerts"] is None
        assert client.json("/health/freshness", headers=bearer(keys["admin"]))["alerts"]


def test_what_is_the_matter_is_told_at_once_and_not_from_a_cache(troubled):
    with client_of(troubled) as client:
        first = client.get("/health/freshness")
        assert "etag" not in first.headers
        with writing(troubled) as connection:
            run_id = write.start_run(connection, command="backup", as_of=None, now=LATER)
            write.finish_run(connection, run_id, status="done", summary={}, now=LATER)
        assert "backup_old" not in [one["code"] for one in client.json("/health/freshness")["alerts"]]


def test_ages_and_depths_are_measured_and_no_small_figure_is(troubled):
    with client_of(troubled) as client:
        assert gauges(client, "source_age_days") == {"chs_sitrep": 72}
        assert gauges(client, "slot_late_seconds") == {"weekly": 0, "nightly": 0, "backup": 0, "backtest": 0}
        assert gauges(client, "deliveries_with_rows_put_aside") == {"": 1}
        assert gauges(client, "outbox_queued") == gauges(client, "outbox_dead") == {"": 0}
        (age,) = gauges(client, "backup_age_seconds").values()
        assert isnan(age)


def test_of_a_database_that_is_away_nothing_old_is_measured(kent_file):
    with client_of(kent_file) as client:
        assert gauges(client, "source_age_days")
        kent_file.dispose()
        client.app.state.running.engine.dispose()
        with writing(kent_file) as connection:
            connection.exec_driver_sql("ALTER TABLE run RENAME TO walked")
        try:
            assert gauges(client, "ready") == {"": 0}
            assert gauges(client, "source_age_days") == gauges(client, "alert") == {}
            (queued,) = gauges(client, "outbox_queued").values()
            assert isnan(queued)
        finally:
            with writing(kent_file) as connection:
                connection.exec_driver_sql("ALTER TABLE walked RENAME TO run")


@pytest.mark.parametrize("hours", [0, 5])
def test_a_late_week_is_measured_in_seconds(database, hours):
    monday = datetime(2025, 6, 2, 5, tzinfo=UTC)  # 06:00 in London's summer
    with writing(database) as connection:
        ledger.claim(
            connection,
            "weekly",
            date(2025, 6, 2),
            worker="w",
            now=monday - timedelta(hours=1),
            lease=timedelta(hours=1),
        )
    with client_of(database, now=monday + timedelta(hours=3 + hours)) as client:
        assert gauges(client, "slot_late_seconds")["weekly"] == hours * 3600
        assert gauges(client, "alert")["slot_late"] >= 1
