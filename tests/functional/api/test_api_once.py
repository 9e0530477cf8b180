"""A09: a POST sent twice is done once. The routes of these tests stand in for those that will change something."""

import json
from datetime import timedelta

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import insert, select

from api.app import create_app
from api.once import FirstTime, first_time
from api.pages.breaches import sent_form
from api.roles import EVERY_ROLE, OPERATORS, ROUTES
from tests.functional.api.conftest import NOW, Client, kent_file, settings_of, sqlite_database
from tests.functional.api.keyed import PEPPER, bearer
from tests.functional.api.test_api_access import every_route
from waitlists.errors import BadArgument
from waitlists.settings import Settings
from waitlists.store import tables
from waitlists.store.session import reading, writing

__all__ = ["kent_file", "sqlite_database"]

PATH = "/v1/notes"
STORES_NOTHING = {"/sign-in", "/sign-out"}


@pytest.fixture
def fault():
    """What the work does besides."""
    return {"do": lambda _: None}


@pytest.fixture
def app(kent_file, keys, clock, fault, monkeypatch):  # noqa: ARG001 - the keys are there before it starts
    monkeypatch.setitem(ROUTES, PATH, EVERY_ROLE)
    monkeypatch.setitem(ROUTES, "/v1/closed", OPERATORS)
    app = create_app(settings_of(kent_file, key_pepper=PEPPER), clock=clock)

    def note(once: FirstTime):
        def work(connection):
            made = insert(tables.run).values(command="note", started_at=NOW, status="running", summary={})
            number = connection.execute(made).inserted_primary_key[0]
            fault["do"](connection)
            return 201, {"id": number}

        return once.answer(work)

    app.post(PATH)(note)
    app.post("/v1/closed")(note)
    return app


@pytest.fixture
def asked(app):
    with Client(app) as client:
        yield client


def post(client, key, name="k1", *, path=PATH, body=None, **headers):
    named = {"Idempotency-Key": name} if name is not None else {}
    content = json.dumps({"n": 1} if body is None else body).encode()
    return client.request("POST", path, headers=bearer(key) | named | headers, content=content)


def notes(engine):
    with reading(engine) as connection:
        return len(connection.execute(select(tables.run).where(tables.run.c.command == "note")).all())


def kept(engine):
    with reading(engine) as connection:
        return connection.execute(select(tables.first_answer)).all()


def test_no_route_that_changes_something_is_without_it():
    """Whoever adds a POST, PUT, PATCH or DELETE asks for `FirstTime`, or fails here."""
    app = create_app(Settings(database_url="sqlite:///x.db"), clock=lambda: NOW)
    for route in every_route(app):
        if (
            isinstance(route, APIRoute)
            and route.methods - {"GET", "HEAD", "OPTIONS"}
            and route.path not in STORES_NOTHING
        ):
            assert asks_first_time(route.dependant), route.path


def asks_first_time(dependant) -> bool:
    """By the header, or by the number that a form of ours carries."""
    return dependant.call in {first_time, sent_form} or any(map(asks_first_time, dependant.dependencies))


def test_a_route_with_it_is_found_and_one_without_is_not(app):
    @app.post("/v1/forgotten")
    def forgotten():
        return {}

    found = {
        route.path: asks_first_time(route.dependant) for route in app.routes if "POST" in getattr(route, "methods", ())
    }
    assert found == {PATH: True, "/v1/closed": True, "/v1/forgotten": False}


def test_the_same_request_again_is_answered_and_not_done(asked, kent_file, keys):
    first = post(asked, keys["board"])
    again = post(asked, keys["board"])
    assert (first.status_code, "idempotent-replayed" in first.headers) == (201, False)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["content-type"] == first.headers["content-type"] == "application/json"
    assert notes(kent_file) == 1


def test_the_same_key_for_something_else_is_refused(asked, kent_file, keys):
    post(asked, keys["board"])
    other = post(asked, keys["board"], body={"n": 2})
    assert (other.status_code, other.json()["type"]) == (422, "urn:waitlists:problem:key-reused")
    assert other.headers["content-type"] == "application/problem+json"
    assert notes(kent_file) == 1


def test_each_caller_has_keys_of_its_own(asked, kent_file, keys):
    answers = [post(asked, keys[name], body={"from": name}) for name in ("board", "provider", "admin")]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.content for answer in answers}) == notes(kent_file) == 3


@pytest.mark.parametrize("name", [None, "", "a b", "x" * 256])
def test_without_a_key_nothing_is_done(asked, kent_file, keys, name):
    answer = post(asked, keys["board"], name)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "Idempotency-Key")
    assert (notes(kent_file), kept(kent_file)) == (0, [])


def test_while_the_first_is_at_work_the_second_waits(asked, kent_file, keys, clock):
    post(asked, keys["board"])
    with writing(kent_file) as connection:
        connection.execute(tables.first_answer.update().values(status=None, body=None))
    waiting = post(asked, keys["board"])
    assert (waiting.status_code, waiting.headers["retry-after"]) == (409, "1")
    assert notes(kent_file) == 1
    clock.now = NOW + timedelta(minutes=2)
    assert post(asked, keys["board"]).status_code == 201
    assert notes(kent_file) == 2


def test_a_first_one_that_was_given_up_does_nothing_after_all(asked, kent_file, keys, fault):
    """Its claim was taken over while it worked: what it did is rolled back with it."""
    took_over = tables.first_answer.update().values(started_at=NOW + timedelta(minutes=2))
    fault["do"] = lambda connection: connection.execute(took_over)
    answer = post(asked, keys["board"])
    assert (answer.status_code, notes(kent_file)) == (409, 0)


def test_after_a_day_the_key_is_free_and_the_answer_gone(asked, kent_file, keys, clock):
    post(asked, keys["board"])
    post(asked, keys["provider"], "k2")
    clock.now = NOW + timedelta(hours=24)
    again = post(asked, keys["board"], body={"n": 2})
    assert (again.status_code, "idempotent-replayed" in again.headers) == (201, False)
    assert len(kept(kent_file)) == 1


def raising(error):
    def fail(_):
        raise error

    return fail


@pytest.mark.parametrize(("error", "status"), [(BadArgument("no"), 422), (RuntimeError("broken"), 500)])
def test_what_fails_does_nothing_and_may_be_sent_again(asked, kent_file, keys, fault, error, status):
    fault["do"] = raising(error)
    assert post(asked, keys["board"]).status_code == status
    assert (notes(kent_file), kept(kent_file)) == (0, [])
    fault["do"] = lambda _: None
    assert post(asked, keys["board"]).status_code == 201


def test_who_may_not_ask_claims_nothing(asked, kent_file, keys):
    assert post(asked, keys["public"], path="/v1/closed").status_code == 403
    assert post(asked, "wl_garbled", path="/v1/closed").status_code == 401
    assert kept(kent_file) == []


def test_neither_key_nor_body_is_kept_as_typed(asked, kent_file, keys):
    post(asked, keys["board"], "9434765919", body={"note": "9434765919"})
    assert "9434765919" not in str(kept(kent_file))
