"""The short way to an answer given before: as admitted, traced, limited and dated as the long one."""

import pytest

from api.app import create_app
from api.limits import Limits
from jobs.keys import revoke
from tests.functional.api.conftest import NOW, Client, kent_file, settings_of, sqlite_database
from tests.functional.api.keyed import PEPPER, bearer
from tests.functional.api.test_api_audit import entries
from waitlists.periods import london_date
from waitlists.store import write
from waitlists.store.session import writing

__all__ = ["kent_file", "sqlite_database"]

PATH = "/v1/waiting-lists/SALT/QKS"


@pytest.fixture
def app(kent_file, keys, clock):  # noqa: ARG001 - the keys are there before it starts
    return create_app(settings_of(kent_file, key_pepper=PEPPER), clock=clock)


@pytest.fixture
def long_ways(app):
    """The paths of requests that came as far as the database."""
    went = []
    note = app.state.running.published.note

    def noting(value, *, read_at):
        went.append(value)
        return note(value, read_at=read_at)

    app.state.running.published.note = noting
    return went


@pytest.fixture
def asked(app):
    with Client(app) as client:
        app.state.running.published.keep_seconds = 3600
        yield client


def publish(engine):
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="load", as_of=None, now=NOW)
        write.publish(connection, run_id=run_id, now=NOW)


def without_id(answer):
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


@pytest.mark.parametrize("headers", [{}, {"Accept": "text/csv"}, {"If-None-Match": "*"}])
def test_the_short_way_gives_the_same_answer(asked, keys, long_ways, headers):
    key = bearer(keys["provider"])
    first = asked.get(PATH, headers=key | headers)
    known = len(long_ways)
    again = asked.get(PATH, headers=key | headers)
    asked.get(PATH, headers=key | headers)
    assert len(long_ways) <= known + 1  # the version is read once
    assert (again.status_code, again.content, without_id(again)) == (
        first.status_code,
        first.content,
        without_id(first),
    )
    held = asked.get(PATH, headers=key | headers | {"If-None-Match": first.headers["etag"]})
    assert (held.status_code, held.content, held.headers["etag"]) == (304, b"", first.headers["etag"])


def test_an_unchanged_answer_is_the_same_on_both_ways(asked, keys, long_ways):
    key = bearer(keys["provider"])
    held = {"If-None-Match": asked.get(PATH, headers=key).headers["etag"]}
    assert asked.get(PATH, headers=key | held).status_code == 304
    known = len(long_ways)
    short = asked.get(PATH, headers=key | held)
    assert len(long_ways) == known
    long = asked.get(PATH, headers=[*key.items(), *held.items(), ("Accept", "*/*"), ("Accept", "text/html")])
    assert len(long_ways) == known + 1
    assert (short.status_code, short.content, without_id(short)) == (long.status_code, b"", without_id(long))


def test_every_answer_has_an_id_of_its_own(asked, keys):
    ids = [asked.get(PATH, headers=bearer(keys["public"])).headers["x-request-id"] for _ in range(4)]
    assert len(set(ids)) == 4


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "other.example.org"}, 400),
        ({"Content-Length": "70000"}, 413),
        ({"Content-Encoding": "gzip"}, 415),
        ({"Transfer-Encoding": "chunked"}, 411),
        ({f"X-More-{number}": "1" for number in range(101)}, 431),
    ],
)
def test_what_a_layer_refuses_it_refuses_of_a_known_question_too(asked, keys, headers, status):
    key = bearer(keys["public"])
    assert [asked.get(PATH, headers=key).status_code for _ in range(2)] == [200, 200]
    assert asked.get(PATH, headers=key | headers).status_code == status


def test_a_question_that_was_answered_unseen_is_answered_whole(app, asked, keys, long_ways):
    """The bytes were dropped, and whoever asked held them: nothing is known of the headers of the whole answer."""
    key = bearer(keys["public"])
    held = {"If-None-Match": asked.get(PATH, headers=key).headers["etag"]}
    app.state.running.cache._kept.clear()
    app.state.running.questions._known.clear()
    assert asked.get(PATH, headers=key | held).status_code == 304
    again = f"{PATH}?"
    assert asked.get(again, headers=key).status_code == 200  # the same answer, written otherwise
    known = len(long_ways)
    assert [asked.get(PATH, headers=key).status_code for _ in range(2)] == [200, 200]
    assert len(long_ways) <= known + 1


def test_both_ways_are_traced_and_measured_alike(app, kent_file, keys):
    with Client(app) as client:
        for _ in range(3):
            assert client.get(PATH, headers=bearer(keys["provider"])).status_code == 200
        assert client.get("/health/freshness", headers=bearer(keys["admin"])).status_code == 200
        assert client.get("/health/freshness", headers=bearer(keys["admin"])).status_code == 200
        measured = client.get("/metrics", headers=bearer(keys["admin"])).text
    looks = [(look.actor, look.role, look.action, look.service, look.org, look.result) for look in entries(kent_file)]
    assert looks == 3 * [(keys["provider"][3:11], "provider", "/v1/waiting-lists/{service}/{org}", "SALT", "QKS", 200)]
    assert (
        'waitlists_requests_total{method="GET",route="/v1/waiting-lists/{service}/{org}",status="200"} 3.0' in measured
    )


def test_a_new_version_is_shown_when_the_one_known_is_too_old(app, kent_file, keys):
    with Client(app) as client:
        published = app.state.running.published
        published.keep_seconds = 3600
        key = bearer(keys["public"])
        before = [client.get("/v1/services", headers=key) for _ in range(2)]
        publish(kent_file)
        assert client.get("/v1/services", headers=key).content == before[0].content
        published.keep_seconds = 0
        after = client.get("/v1/services", headers=key | {"If-None-Match": before[0].headers["etag"]})
    assert after.status_code == 200
    assert after.json()["dataset_version"] == before[0].json()["dataset_version"] + 1


def test_what_a_process_has_shown_it_does_not_take_back(asked, kent_file, keys):
    """Another question reads the newer version: from then on the first one is answered with it too."""
    key = bearer(keys["public"])
    for _ in range(2):
        before = asked.get("/v1/services", headers=key).json()["dataset_version"]
    publish(kent_file)
    assert asked.get("/v1/standards", headers=key).json()["dataset_version"] == before + 1
    assert asked.get("/v1/services", headers=key).json()["dataset_version"] == before + 1


def test_another_day_is_another_answer(asked, keys, clock):
    key = bearer(keys["public"])
    held = [asked.get(PATH, headers=key).headers["etag"] for _ in range(2)][-1]
    clock.now = NOW.replace(day=NOW.day + 1)
    answer = asked.get(PATH, headers=key | {"If-None-Match": held})
    assert (answer.status_code, answer.json()["as_of"]) == (200, london_date(clock.now).isoformat())


def test_a_revoked_key_is_refused_on_the_short_way_too(app, asked, kent_file, keys):
    key = bearer(keys["board"])
    assert [asked.get(PATH, headers=key).status_code for _ in range(2)] == [200, 200]
    revoke(kent_file, keys["board"], now=NOW)
    app.state.running.caller.keys.keep_seconds = 0
    assert asked.get(PATH, headers=key).status_code == 401


def test_the_short_way_counts_towards_the_rate(app, asked, keys):
    object.__setattr__(app.state.running, "limits", Limits(1, clock=lambda: 0.0))
    statuses = [asked.get(PATH, headers=bearer(keys["public"])).status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]


def test_no_short_way_past_a_full_audit(app, asked, keys):
    key = bearer(keys["public"])
    assert [asked.get(PATH, headers=key).status_code for _ in range(2)] == [200, 200]
    app.state.running.trail._most = 0
    assert asked.get(PATH, headers=key).status_code == 503


def test_no_scope_goes_the_way_of_another(asked, keys):
    for name in keys:
        for _ in range(2):
            answer = asked.get(PATH, headers=bearer(keys[name]))
            assert answer.headers["x-waitlists-view"].split()[0] in name.replace("neighbour", "commissioner").replace(
                "other_provider", "provider"
            )


def test_bytes_that_were_dropped_are_made_again(app, asked, keys):
    key = bearer(keys["public"])
    first = asked.get(PATH, headers=key)
    app.state.running.cache._kept.clear()
    assert asked.get(PATH, headers=key).content == first.content
