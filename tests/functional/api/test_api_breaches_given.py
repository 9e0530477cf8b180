"""Where the rule for small numbers cannot say zero, no answer tells whether a warning of a hidden list stands."""

import csv
import io
from datetime import timedelta

import pytest

from api.app import create_app
from jobs.warn import keep, worked_out
from tests.databases import sqlite_template
from tests.deliveries import MARCH, load, parsed
from tests.functional.api.conftest import NOW, Client, settings_of
from tests.functional.api.keyed import PEPPER, bearer, give_keys
from tests.functional.api.weekly import SUNDAYS, fill_weekly, world
from tests.warned import warning
from waitlists.security.warned import NOT_GIVEN
from waitlists.store import write
from waitlists.store.session import make_engine, writing

DAY = SUNDAYS[-1] + timedelta(days=1)
PUBLISHED = warning(source="chs_sitrep", service="WHEELCHAIR", org="NQ7", standard_id="CHS_18W", as_of=DAY)
OUTSIDE = ("public", "board", "neighbour")
"""Who sees no list of Kent and Medway exactly."""


def warned(engine, *, hidden):
    """The warnings of a day, of a published list and, where wanted, of those that nobody publishes."""
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="warn", as_of=DAY, now=NOW)
        own = worked_out(connection, as_of=DAY)
        assert {one.figures.source for one in own} == {"weekly_return"}
        keep(connection, [PUBLISHED, *(own if hidden else ())], as_of=DAY, run_id=run_id)
        write.publish(connection, run_id=run_id, now=NOW)
        write.finish_run(connection, run_id, status="done", summary={"warnings": len(own)}, now=NOW)
    return own


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Two databases that differ in the warnings of hidden lists alone, the keys of both, and those warnings."""
    folder = tmp_path_factory.mktemp("given")
    files = [folder / name for name in ("with.db", "without.db")]
    files[0].write_bytes(sqlite_template().read_bytes())
    engine = make_engine(f"sqlite:///{files[0]}")
    fill_weekly(engine, world(2))
    load(engine, parsed(MARCH, {("WHEELCHAIR", "NQ7"): 543}, published_on=DAY))
    keys = give_keys(engine)
    engine.dispose()
    files[1].write_bytes(files[0].read_bytes())
    engines = [make_engine(f"sqlite:///{file}") for file in files]
    own = [warned(engine, hidden=is_hidden) for engine, is_hidden in zip(engines, (True, False), strict=True)]
    yield engines, keys, own[0]
    for engine in engines:
        engine.dispose()


def clients(filled, rule):
    engines, keys, own = filled
    settings = [settings_of(one, key_pepper=PEPPER, base_url="http://testserver", suppression=rule) for one in engines]
    return [Client(create_app(one, clock=lambda: NOW)) for one in settings], keys, own


@pytest.fixture(scope="module")
def mhsds(filled):
    both, keys, own = clients(filled, "mhsds")
    with both[0], both[1]:
        yield both, keys, own


@pytest.fixture(scope="module")
def hes(filled):
    both, keys, own = clients(filled, "hes")
    with both[0], both[1]:
        yield both, keys, own


def asked(own):
    """Every address that tells of warnings."""
    yield from ("/v1/breaches", "/v1/breaches?limit=1", "/v1/breaches?service=SALT", "/v1/breaches?org=RYY")
    yield from (f"/v1/breaches/{one.id}" for one in own)
    yield from (f"/breaches/{one.id}" for one in own)
    yield from ("/?org=QKS", "/?org=RYY", "/lists/SALT/QKS", "/lists/SALT/RYY", "/v1/waiting-lists", "/v1/runs")


def told(answer):
    """All that somebody is sent, less the number of the question."""
    heads = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    number = answer.headers["x-request-id"].encode()
    return answer.status_code, heads, answer.content.replace(number, b"")


@pytest.mark.parametrize("form", ["application/json", "text/csv"])
@pytest.mark.parametrize("name", OUTSIDE)
def test_whether_a_hidden_list_has_a_warning_is_in_no_answer(mhsds, name, form):
    both, keys, own = mhsds
    assert len(own) > 5
    for path in asked(own):
        headers = bearer(keys[name]) | ({} if path.startswith(("/?", "/lists", "/breaches")) else {"Accept": form})
        first, second = (told(client.get(path, headers=headers)) for client in both)
        assert first == second, path
        assert (first[0] == 404) == ("breaches/" in path)


def test_under_the_other_rule_it_is(hes):
    both, keys, _ = hes
    first, second = (client.json("/v1/breaches", headers=bearer(keys["public"])) for client in both)
    assert len(first["items"]) > len(second["items"]) == 1
    assert first["left_out"] is None


def test_a_published_warning_has_one_number_on_every_page(hes):
    """Its own page said it exactly; where lists that nobody publishes stand beside it, all is rounded."""
    (client, _), keys, _ = hes
    headers = bearer(keys["board"])
    paths = ("/?org=NQ7", "/lists/WHEELCHAIR/NQ7", f"/breaches/{PUBLISHED.id}", f"/v1/breaches/{PUBLISHED.id}")
    first, *others = (client.get(path, headers=headers).text for path in paths)
    assert "between 13 and 19" in first
    assert not [text for text in others if "between 13 and 19" not in text]
    assert "543" in first
    assert "between 15 and 20 by" in client.get("/v1/breaches?org=NQ7", headers=headers).text


def test_a_warning_that_is_not_given_is_as_one_that_does_not_exist(mhsds):
    (client, _), keys, own = mhsds
    for name in ("board", "neighbour", "other_provider"):
        paths = (next(one.id for one in own if one.figures.org == "RYY"), "0" * 16)
        first, second = (client.get(f"/v1/breaches/{path}", headers=bearer(keys[name])) for path in paths)
        assert first.status_code == second.status_code == 404
        assert first.json()["detail"] == second.json()["detail"] == f"There is no such warning on this day. {NOT_GIVEN}"


def test_nobody_takes_a_warning_that_is_not_given(mhsds):
    (client, _), keys, own = mhsds
    said = {"reason": "More clinics.", "until": (NOW.date() + timedelta(days=14)).isoformat()}
    for place, one in enumerate((next(one.id for one in own if one.figures.org == "RYY"), "0" * 16)):
        headers = bearer(keys["other_provider"]) | {"Idempotency-Key": f"k{place}"}
        assert (
            client.request("POST", f"/v1/breaches/{one}/acknowledgement", headers=headers, json=said).status_code == 404
        )


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("public", set()),
        ("board", set()),
        ("neighbour", set()),
        ("provider", {"RYY"}),
        ("commissioner", {"QKS", "NQ7", "RPA", "RYY"}),
        ("admin", {"QKS", "NQ7", "RPA", "RYY"}),
    ],
)
def test_who_may_see_a_list_exactly_is_given_its_warnings(mhsds, name, seen):
    (client, _), keys, _ = mhsds
    body = client.json("/v1/breaches?limit=1000", headers=bearer(keys[name]))
    assert {one["org"] for one in body["items"] if one["source"] == "weekly_return"} == seen
    assert [one["id"] for one in body["items"] if one["source"] == "chs_sitrep"] == [PUBLISHED.id]
    assert body["left_out"] == (None if name == "admin" else NOT_GIVEN)


@pytest.mark.parametrize(("query", "ids"), [("", [PUBLISHED.id]), ("?service=SALT", [""])])
def test_a_table_says_it_as_well_and_where_it_holds_no_warning(mhsds, query, ids):
    (client, _), keys, _ = mhsds
    headers = {"Accept": "text/csv"}
    text = client.get(f"/v1/breaches{query}", headers=bearer(keys["board"]) | headers).text
    assert [(row["id"], row["left_out"]) for row in csv.DictReader(io.StringIO(text))] == [
        (one, NOT_GIVEN) for one in ids
    ]
    admins = client.get(f"/v1/breaches{query}", headers=bearer(keys["admin"]) | headers).text
    assert NOT_GIVEN not in admins


def test_pages_say_it_and_never_that_none_stands(mhsds):
    both, keys, _ = mhsds
    for path in ("/?org=QKS", "/lists/SALT/QKS"):
        text = both[1].get(path, headers=bearer(keys["board"])).text
        assert text.count(NOT_GIVEN) == 1
        assert "no warning" not in text
    assert "not given" in both[1].get("/?org=QKS", headers=bearer(keys["board"])).text
    own = both[1].get("/?org=QKS", headers=bearer(keys["commissioner"])).text
    assert "no warning" in own


def test_under_the_other_rule_pages_do_not(hes):
    both, keys, _ = hes
    for path in ("/?org=QKS", "/lists/SALT/QKS"):
        assert NOT_GIVEN not in both[0].get(path, headers=bearer(keys["board"])).text
