"""`waitlists serve` as a process: it says where, answers, and ends calmly on SIGTERM."""

import re
import signal
import socket
import time
import urllib.error
import urllib.request

import pytest

from tests.functional.jobs.kit import book, put

READY_WITHIN = 60


def address_of(process):
    """Where the process says it serves, and the lines it said before."""
    said = []
    for line in process.stderr:
        said.append(line)
        found = re.search(r"Serving on (http://\S+?),", line)
        if found:
            return found[1], said
    raise AssertionError(f"it ended: {said}")


def status_of(url, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=READY_WITHIN) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except (urllib.error.URLError, ConnectionError):
        return None


def wait_for(url, wanted):
    end = time.monotonic() + READY_WITHIN
    while (found := status_of(url)) != wanted:
        assert time.monotonic() < end, f"{url} says {found}, not {wanted}"
        time.sleep(0.1)


def end(process):
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    _, said = process.communicate(timeout=30)
    assert time.monotonic() - began < 30
    assert "Traceback" not in said
    return process.returncode


@pytest.fixture
def served(waitlists):
    """Starts the service and ends it whatever the test does."""
    started = []

    def start(*words, **settings):
        started.append(waitlists.start("serve", "--port", "0", *words, **settings))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("workers", [1, 2])
def test_it_serves_until_sigterm_and_ends_with_0(waitlists, served, workers):
    waitlists("migrate")
    process = served("--workers", workers)
    url, _ = address_of(process)
    wait_for(f"{url}/health/ready", 200)
    assert status_of(f"{url}/v1/services") == 200
    assert end(process) == 0
    assert status_of(f"{url}/health/live") is None


def test_a_database_that_is_down_does_not_stop_the_start(served):
    process = served(DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:9/none")
    url, said = address_of(process)
    assert "cannot be reached" in said[0]
    assert "Starting anyway" in said[0]
    wait_for(f"{url}/health/live", 200)
    assert status_of(f"{url}/health/ready") == 503
    assert end(process) == 0


def test_beyond_this_machine_it_serves_with_keys_alone(waitlists, served):
    waitlists("migrate")
    refused = waitlists("serve", "--host", "0.0.0.0", "--port", "0")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "will not serve on 0.0.0.0 without keys" in refused.err
    revoked = waitlists("keys", "create", "--role", "public", "--json").json
    waitlists("keys", "revoke", revoked["prefix"])
    assert waitlists("serve", "--host", "0.0.0.0", "--port", "0").code == 2
    key = waitlists("keys", "create", "--role", "public").out.strip()
    url, _ = address_of(served("--host", "0.0.0.0"))
    url = url.replace("0.0.0.0", "127.0.0.1")
    wait_for(f"{url}/health/ready", 200)
    assert status_of(f"{url}/v1/services") == 401
    assert status_of(f"{url}/v1/services", Authorization=f"Bearer {key}") == 200


def test_only_named_proxies_are_believed(waitlists, served):
    """A08: whoever is passed on by a proxy is not this machine, and says so only through a proxy that is named."""
    waitlists("migrate")
    url, _ = address_of(served())
    wait_for(f"{url}/v1/services", 200)
    assert status_of(f"{url}/v1/services", **{"X-Forwarded-For": "127.0.0.1"}) == 401
    url, _ = address_of(served(PROXIES="127.0.0.1"))
    wait_for(f"{url}/v1/services", 200)
    assert status_of(f"{url}/v1/services", **{"X-Forwarded-For": "203.0.113.9"}) == 401
    assert waitlists("serve", PROXIES="*").code == 2


def test_a_port_in_use_is_one_line(waitlists):
    waitlists("migrate")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = waitlists("serve", "--port", taken.getsockname()[1])
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    assert "Address already in use; choose another --port or --host" in ended.err


def test_what_was_loaded_is_answered(waitlists, served):
    put(waitlists.folder / "in", book(2025, 1))
    waitlists("load", "in")
    process = served()
    url, _ = address_of(process)
    wait_for(f"{url}/v1/waiting-lists/COMM_PAEDS/QKS?as_of=2025-03-13", 200)
    assert end(process) == 0
