"""A list by groups over HTTP: exact for whom it is about, disclosed for everybody else, 404 with the reason if none."""

import csv
import json
from datetime import date, timedelta

import pytest
from pydantic import TypeAdapter

from api import examples
from api.app import create_app
from api.schemas.groups import Groups
from api.views.groups import NOT_IN_RETURNS, PUBLISHED, TOO_OLD, WHOLE_BOARDS
from tests.databases import sqlite_template
from tests.deliveries import load, parsed
from tests.functional.api.conftest import NOW, Client, settings_of
from tests.functional.api.keyed import PEPPER, bearer, give_keys
from waitlists.counts.groups import GROUPS
from waitlists.details import CUTS, Detail
from waitlists.domain import Figure, Marker, ParsedVintage
from waitlists.store.session import make_engine
from waitlists.suppression.rules import Rule, shown_count

SUNDAY = date(2025, 5, 25)
BEFORE = SUNDAY - timedelta(weeks=1)
ROUTE = "/v1/waiting-lists/SALT/QKS/groups"
BANDS = ("0-1", ">1-2", ">2-4", ">4-12", ">12-18", ">18-52", ">52-104", ">104")
ALL = (20, 10, 10, 20, 10, 40, 6, 4)
GIRLS = (8, 4, 4, 8, 4, 16, 2, 2)
FEW = (0, 0, 0, 0, 0, 3, 0, 0)
BOYS = tuple(all_ - girls - few for all_, girls, few in zip(ALL, GIRLS, FEW, strict=True))
SEXES = {"1": BOYS, "2": GIRLS, "Z": FEW}


def figures(org: str) -> tuple[Figure, ...]:
    counts = {**dict(zip(BANDS, ALL, strict=True)), "total": sum(ALL)}
    return tuple(Figure("SALT", org, band, count, Marker.NUMBER, "", 0, 0) for band, count in counts.items())


def details() -> tuple[Detail, ...]:
    """Groups by stated gender; by any other division all children are in one group."""
    words = {"district": "E07000105", "age_band": "5-10", "ethnicity": "A", "deprivation": "1"}
    whole = Detail("SALT", "QKS", "list", sum(ALL), ALL, median_days=60.0, p92_days=400.0, longest_band=">104")
    sexes = (
        Detail("SALT", "QKS", "list", sum(counts), counts, cut="sex", group=word, median_days=63.0)
        for word, counts in SEXES.items()
    )
    others = (Detail("SALT", "QKS", "list", sum(ALL), ALL, cut=cut, group=word) for cut, word in words.items())
    return (whole, *sexes, *others)


def fill(engine) -> None:
    """A week with groups and one without, of a board and a provider, a return, and what is published."""
    plain = Detail("SALT", "QKS", "list", sum(ALL), ALL)
    for source, week, more in (
        ("referral_extract", BEFORE, (plain,)),
        ("referral_extract", SUNDAY, details()),
        ("weekly_return", SUNDAY, ()),
    ):
        board = ParsedVintage(source, week, figures("QKS"), scope="", details=more)
        own = ParsedVintage(source, week, figures("RYY"), scope="RYY")
        # A load for each day, as they came.
        load(
            engine,
            parsed(week, {}, published_on=week + timedelta(days=1), source=source, scope="QKS", more=(board, own)),
        )
    load(engine, parsed(date(2025, 3, 31), {("SALT", "QKS"): 1651}, published_on=date(2025, 5, 15)))


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    file = tmp_path_factory.mktemp("groups") / "groups.db"
    file.write_bytes(sqlite_template().read_bytes())
    engine = make_engine(f"sqlite:///{file}")
    fill(engine)
    keys = {name: bearer(key) for name, key in give_keys(engine).items()}
    with Client(create_app(settings_of(engine, key_pepper=PEPPER), clock=lambda: NOW)) as client:
        yield client, keys
    engine.dispose()


def groups(body) -> dict:
    return {one["group"]: one for one in body["groups"]}


def test_a_commissioner_sees_its_board_exactly(asked):
    client, keys = asked
    body = client.json(f"{ROUTE}/sex", headers=keys["commissioner"])
    found = groups(body)
    assert {name: one["list_size"] for name, one in found.items()} == {
        "male": sum(BOYS), "female": sum(GIRLS), "other": 0, "not_said": 3,
    }  # fmt: skip
    girls = found["female"]
    assert [band["count"] for band in girls["bands"]] == [28, 16, 4]
    assert (girls["over_18_weeks"], girls["over_52_weeks"], girls["median_wait"]) == (20, 4, 9.0)
    assert (body["source"], body["freq"], body["period_end"], body["suppressed"]) == (
        "referral_extract", "W", "2025-05-25", [],
    )  # fmt: skip
    assert "by stated gender, at the end of the week to 25 May 2025" in body["sentence"]


@pytest.mark.parametrize("name", ["public", "board", "provider", "neighbour", "admin"])
def test_everybody_else_sees_groups_disclosed(asked, name):
    client, keys = asked
    body = client.json(f"{ROUTE}/sex", headers=keys[name])
    found = groups(body)
    assert body["list_size"] == 120
    assert found["not_said"]["list_size"] is None
    assert found["other"]["list_size"] == 0
    assert found["not_said"]["median_wait"] is None
    assert (found["female"]["list_size"], found["female"]["median_wait"]) == (50, 15)
    assert found["female"]["over_52_weeks"] is None
    assert "/groups/3/list_size" in body["suppressed"]
    assert (body["vintage"]["sha256"], body["vintage"]["file_name"]) == (None, None)


def test_a_list_shows_the_same_with_its_groups_and_without(asked):
    client, keys = asked
    for cut in CUTS:
        body = client.json(f"{ROUTE}/{cut}", headers=keys["public"])
        whole = client.json(body["links"]["list"], headers=keys["public"])
        assert whole["list_size"] == body["list_size"]
        assert client.json(body["links"]["self"], headers=keys["public"]) == body
        assert [one["group"] for one in body["groups"]] == [one.code for one in GROUPS[cut]]
        for one in body["groups"]:
            assert one["list_size"] in {None, 0, *(shown_count(count, Rule.HES) for count in range(1, 130))}


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (f"{ROUTE}/sex?source=chs_sitrep", PUBLISHED),
        (f"{ROUTE}/sex?freq=M", PUBLISHED),
        (f"{ROUTE}/sex?source=weekly_return", NOT_IN_RETURNS),
        (f"{ROUTE}/sex?as_of={BEFORE + timedelta(days=2)}", TOO_OLD),
        ("/v1/waiting-lists/SALT/RYY/groups/sex", WHOLE_BOARDS),
    ],
)
def test_where_nobody_knows_groups_the_reason_is_said(asked, path, reason):
    client, keys = asked
    for name in ("public", "commissioner"):
        answer = client.get(path, headers=keys[name])
        assert (answer.status_code, answer.json()["detail"]) == (404, reason)


def test_no_other_division_can_be_asked_and_none_are_crossed(asked):
    client, keys = asked
    for cut in ("sex,age_band", "pseudonym_id", "provider"):
        assert client.get(f"{ROUTE}/{cut}", headers=keys["commissioner"]).status_code == 422
    assert client.get(f"{ROUTE}/sex?age_band=5-10", headers=keys["commissioner"]).status_code == 422


def test_the_same_groups_come_as_csv(asked):
    client, keys = asked
    answer = client.get(f"{ROUTE}/sex", headers=keys["public"] | {"Accept": "text/csv"})
    rows = {row["group"]: row for row in csv.DictReader(answer.text.splitlines())}
    assert (rows["female"]["list_size"], rows["female"]["waiting 0-18 weeks"]) == ("50", "30")
    assert rows["not_said"]["list_size"] == ""
    assert "list_size" in rows["not_said"]["suppressed"]


def test_answers_and_the_example_have_the_shape_described(asked):
    client, keys = asked
    shape = TypeAdapter(Groups)
    shape.validate_json(json.dumps(examples.GROUPS))
    for name in ("public", "commissioner"):
        shape.validate_json(client.get(f"{ROUTE}/district", headers=keys[name]).text)
