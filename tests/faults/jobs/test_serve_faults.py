"""F05, F08 and F09 for `waitlists serve`, and F20 as its callers see it."""

import os
import signal
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event

from api.app import create_app
from jobs.status import status
from tests.deliveries import MARCH, load, parsed
from tests.functional.api.conftest import Client, settings_of
from tests.functional.jobs.kit import NOW, book, load_files, put
from tests.functional.jobs.test_serve_command import READY_WITHIN, address_of, end, status_of, wait_for
from waitlists.errors import DatabaseUnavailable
from waitlists.store.session import make_engine

BROKEN_OFF = "broken off"


@pytest.fixture
def served(waitlists):
    """The address and process of two workers over a small database, ended whatever the test does."""
    waitlists("migrate")
    engine = make_engine(f"sqlite:///{waitlists.folder / 'waitlists.db'}")
    load(engine, parsed(MARCH, {("SALT", "QKS"): 1651}, published_on=date(2025, 5, 15)))
    engine.dispose()
    process = waitlists.start("serve", "--port", "0", "--workers", 2)
    try:
        url, _ = address_of(process)
        wait_for(f"{url}/health/ready", 200)
        yield url, process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@contextmanager
def load_on(url: str) -> Generator[Counter]:
    """Four callers that ask again and again, a connection each time; what they were answered, by status."""
    answers, over = Counter(), threading.Event()

    def ask() -> None:
        while not over.is_set():
            try:
                with urllib.request.urlopen(f"{url}/v1/services", timeout=READY_WITHIN) as answer:
                    answers[answer.status] += 1
            except urllib.error.HTTPError as error:
                answers[error.code] += 1
            except OSError:
                answers[BROKEN_OFF] += 1

    callers = [threading.Thread(target=ask) for _ in range(4)]
    for caller in callers:
        caller.start()
    try:
        yield answers
    finally:
        over.set()
        for caller in callers:
            caller.join()


def workers_of(process) -> set[int]:
    """The processes that answer; Python has one more, which only tidies up."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
    return {int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()}


def until(is_so) -> None:
    over = time.monotonic() + READY_WITHIN
    while not is_so():
        assert time.monotonic() < over
        time.sleep(0.05)


def kill(worker: int) -> None:
    os.kill(worker, signal.SIGKILL)


def test_f08_a_worker_killed_under_load_is_replaced_while_the_other_one_answers(served):
    """What the killed one had in hand is broken off; nobody is answered with a fault."""
    url, process = served
    until(lambda: len(workers_of(process)) == 2)
    with load_on(url) as answers:
        until(lambda: answers[200] > 20)
        before = workers_of(process)
        kill(min(before))
        answered = answers[200]
        until(lambda: answers[200] > answered + 20)
        until(lambda: len(workers_of(process) - {min(before)}) == 2)
        new = workers_of(process) - before
        answered = answers[200]
        until(lambda: answers[200] > answered + 100)
    assert len(new) == 1
    assert set(answers) <= {200, BROKEN_OFF}
    assert answers[BROKEN_OFF] <= 4
    assert end(process) == 0


def test_f05_sigterm_under_load_breaks_no_answer_off_with_a_fault(served):
    url, process = served
    with load_on(url) as answers:
        until(lambda: answers[200] > 20)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    assert process.returncode == 0
    assert set(answers) <= {200, BROKEN_OFF}
    assert status_of(f"{url}/health/live") is None


@pytest.mark.parametrize(
    "setting",
    [
        {"TIMEZONE": "Mars/Olympus"},
        {"RATE_PER_SECOND": "many"},
        {"PROXIES": "everybody"},
        {"BASE_URL": "ftp://board.example.org"},
        {"SMTP_URL": "mail.example.org"},
        {"LOG_FORMAT": "yaml"},
        {"DATABASE_URL": "mysql://db/waitlists"},
        {"DATABASE": "sqlite:///waitlists.db"},
    ],
    ids=lambda setting: next(iter(setting)),
)
@pytest.mark.parametrize("command", ["serve", "schedule", "status", "backup"])
def test_f09_a_setting_that_cannot_be_used_stops_every_start_with_one_line(waitlists, command, setting):
    """No command falls back to a default in silence, and none gets as far as a worker that would crash in a loop."""
    ended = waitlists(command, **setting)
    (name, value) = next(iter(setting.items()))
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert f"WAITLISTS_{name}" in ended.err
    assert value not in ended.err
    assert list(waitlists.folder.iterdir()) == []


def test_f20_after_a_full_disk_the_old_figures_are_served_and_the_alarm_is_set(sqlite_database, tmp_path):
    load_files(sqlite_database, put(tmp_path / "in", book(2025, 1)))

    @event.listens_for(sqlite_database, "begin")
    def no_more_pages(connection):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 3}")

    with Client(create_app(settings_of(sqlite_database), clock=lambda: NOW)) as client:
        before = client.json("/v1/waiting-lists/COMM_PAEDS/QKS")
        assert 'waitlists_alert{code="disk_full",urgency="now"} 0.0' in client.get("/metrics").text
        with pytest.raises(DatabaseUnavailable, match="no space left"):
            load_files(sqlite_database, put(tmp_path / "in", book(2025, 2)))
        assert client.json("/v1/waiting-lists/COMM_PAEDS/QKS") == before
        assert 'waitlists_alert{code="disk_full",urgency="now"} 1.0' in client.get("/metrics").text
        assert "disk_full" in [need.code for need in status(sqlite_database, now=NOW).needs]
        event.remove(sqlite_database, "begin", no_more_pages)
        sqlite_database.dispose()
        load_files(sqlite_database, [tmp_path / "in"])
        assert 'waitlists_alert{code="disk_full",urgency="now"} 0.0' in client.get("/metrics").text
