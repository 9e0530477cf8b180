"""Every line of a log says whose it is: the run of a command, the slot of the clock, the request of a caller."""

import io
import json
from datetime import date

import pytest

from api.app import create_app
from jobs import ledger
from jobs.backup import backup
from jobs.restore import Asked, restore
from tests.functional.api.conftest import Client, settings_of
from tests.functional.jobs.kit import NOW, book, load_files, put
from waitlists import logs
from waitlists.store.session import writing


@pytest.fixture
def lines(waitlists):  # noqa: ARG001 - it puts the log back as it was
    """What is logged, line by line as JSON."""
    stream = io.StringIO()
    logs.configure(level="debug", form="json", stream=stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_every_line_of_a_load_has_its_run(sqlite_database, lines, tmp_path):
    paths = put(tmp_path / "in", book(2025, 1))
    (tmp_path / "in" / "odd.xlsx").write_bytes(b"no workbook")
    load_files(sqlite_database, [*paths, tmp_path / "in" / "odd.xlsx"])
    said = lines()
    assert {"load.stored", "load.refused"} <= {line["event"] for line in said}
    assert {line.get("run_id") for line in said} == {1}


def test_a_backup_and_a_restore_have_theirs(sqlite_database, lines, tmp_path):
    def clock():
        return NOW

    made = backup(sqlite_database, tmp_path / "one.backup", clock=clock)
    url = sqlite_database.url.render_as_string()
    restore(url, Asked(made.path, is_replacing=True, retention_weeks=None, clock=clock))
    said = [(line["event"], line.get("run_id")) for line in lines()]
    assert said == [("backup.written", 1), ("backup.restored", 1)]


def test_what_is_done_for_a_slot_names_job_and_slot(sqlite_database, lines, tmp_path):
    def clock():
        return NOW

    claim = ledger.claim(sqlite_database, "weekly", date(2026, 11, 16), clock=clock)
    before = len(lines())
    with ledger.working(sqlite_database, claim, clock=clock):
        load_files(sqlite_database, put(tmp_path / "in", book(2025, 1)))
    said = lines()[before:]
    assert said
    assert {(line["job"], line["slot"], line["run_id"]) for line in said} == {("weekly", "2026-11-16", 1)}


def test_whatever_is_written_for_a_request_has_its_id(sqlite_database, lines):
    app = create_app(settings_of(sqlite_database), clock=lambda: NOW)
    with Client(app) as client:
        missing = client.get("/v1/nothing").json()["instance"]
        with writing(sqlite_database) as connection:
            connection.exec_driver_sql("DROP TABLE finding")
        broken = client.get("/v1/findings").json()["instance"]
    said = [(line["event"], f"urn:request:{line['request']}") for line in lines() if "request" in line]
    assert said == [("api.answered", missing), ("api.failed", broken), ("api.answered", broken)]
    assert missing != broken
