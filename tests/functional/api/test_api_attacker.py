"""I15: a solver over the real answers of all routes, weeks and organisations recovers no hidden number, for any key."""

import csv
from collections.abc import Iterator
from datetime import timedelta

import pytest

from api.app import create_app
from jobs.keys import Wanted
from tests.attacker import Attack, Week, attack
from tests.databases import sqlite_template
from tests.functional.api.conftest import NOW, Client, settings_of
from tests.functional.api.keyed import PEPPER, bearer, give_keys
from tests.functional.api.weekly import (
    BOARD,
    KINDS,
    MARKS,
    PROVIDERS,
    SOURCE,
    SUNDAYS,
    fill_weekly,
    orgs_of,
    place_of,
    world,
)
from waitlists.security.access import Role
from waitlists.store.session import make_engine, reading
from waitlists.suppression import Plan, Rule, cut, table_of_lists
from waitlists.suppression.rules import is_small, shown_change, shown_count, shown_share
from waitlists.suppression.sheets import Sheet, counted, node

pytestmark = pytest.mark.no_cover

SOLE = ("RYY",)
WORLDS = ((1, PROVIDERS), (2, PROVIDERS), (1, SOLE))
"""By seed, the providers of a board; one of them has no other."""
SERVICES = tuple(MARKS)
"""Lists whose thresholds lie inside a band: all of one, and a part of the other, is what its standard is about."""
OUTSIDE = Wanted(Role.PROVIDER, ("RXY",))
"""A provider of none of these lists; RYY, the other one that asks, knows its own exactly."""

READERS = ("public", "board", "outside", "provider")
MEASURES = {
    "list_size": "total",
    "over_18_weeks": "over_18_weeks",
    "over_52_weeks": "over_52_weeks",
    "over_104_weeks": ">104",
    **{kind: kind for kind in KINDS},
}


class Asked:
    """An application over small unpublished lists, and its answers as one reader gets them."""

    def __init__(self, client, keys, truth) -> None:
        self.client, self.keys, self.truth, self.orgs = client, keys, truth, orgs_of(truth)
        self.reader = "public"
        self.nodes = {}

    def json(self, path):
        return self.client.json(path, headers=bearer(self.keys[self.reader]))

    def rows(self, path):
        headers = bearer(self.keys[self.reader]) | {"Accept": "text/csv"}
        return list(csv.DictReader(self.client.get(path, headers=headers).text.splitlines()))

    def sheets(self, service, rule) -> Iterator[tuple[tuple, Sheet]]:
        """What is shown of each list, by week, service and organisation."""
        running = self.client.app.state.running
        with reading(running.engine) as connection:
            weeks = running.sheets.of(connection, source=SOURCE, service=service, periods=SUNDAYS, rule=rule)
        owners = {one: place for place, one in self.nodes.items() if place[1] == service}
        for sheets in weeks.values():
            yield from ((owners[one], sheet) for one, sheet in sheets.items())

    def unclear(self, service, rule) -> set:
        """Hidden numbers of which not even the attacker is told whether they are small."""
        found = set()
        for place, sheet in self.sheets(service, rule):
            own = (name for name in sheet.plan.extra if name.startswith(sheet.name("")))
            found |= {(*place, name.removeprefix(sheet.name(""))) for name in own}
        return found

    def over(self, rule) -> dict:
        """Those over thresholds, and all whom these are about, as warnings and shares are made of them."""
        return {
            (*place, name.removeprefix(sheet.name(""))): count
            for service in SERVICES
            for place, sheet in self.sheets(service, rule)
            for name, count in sheet.plan.shown.items()
            if name.startswith((sheet.name("over_"), sheet.name("about_"))) and name.endswith("_days")
        }

    def lists(self) -> dict:
        """Every list of every week, asked for one by one on the day after."""
        found = {}
        for week in SUNDAYS:
            day = week + timedelta(days=1)
            for service in SERVICES:
                for org in self.orgs:
                    body = self.json(f"/v1/waiting-lists/{service}/{org}?as_of={day}&source={SOURCE}")
                    assert body["period_end"] == week.isoformat()
                    self.nodes[week, service, org] = node(body["vintage"]["id"], org)
                    found |= {(week, service, org, name): value for name, value in numbers(body)}
        return found


def numbers(body) -> Iterator[tuple[str, int | None]]:
    """The counts of one list by their names in the table."""
    yield "total", body["list_size"]
    yield "unbanded", body["unbanded"]
    yield from ((band["label"], band["count"]) for band in body["bands"])
    yield from ((name, body[name]) for name in ("over_18_weeks", "over_52_weeks", "referrals"))
    yield "removals", body["removals"]["all"]
    yield "treated", body["treated"]


@pytest.fixture(
    scope="module",
    params=[(rule, *one) for rule in Rule for one in WORLDS],
    ids=lambda one: f"{one[0]} {one[1]} {len(one[2])}",
)
def asked(request, tmp_path_factory):
    rule, seed, providers = request.param
    file = tmp_path_factory.mktemp("weekly") / "weekly.db"
    file.write_bytes(sqlite_template().read_bytes())
    engine = make_engine(f"sqlite:///{file}")
    truth = world(seed, SERVICES, providers)
    fill_weekly(engine, truth)
    keys = give_keys(engine, outside=OUTSIDE)
    app = create_app(settings_of(engine, key_pepper=PEPPER, suppression=rule.value), clock=lambda: NOW)
    with Client(app) as client:
        yield rule, Asked(client, keys, truth)
    engine.dispose()


def weeks_as_shown(asked, service, rule, shown, *, own=()) -> list[Week]:
    """What one reader was shown of a service, as the attacker takes it: with all sums, and who is small told.

    Where a number of the board is that of its own list, nobody else's child is behind it.
    """
    found, before, unclear = [], {}, asked.unclear(service, rule)
    for week in SUNDAYS:
        lists = {}
        for org in asked.orgs:
            cells = asked.truth[week, service, org]
            lists[org] = counted({place_of(name): count for name, count in cells.items()}, before.get(org))
        before = {org: lists[org].bands.total for org in asked.orgs}
        table = table_of_lists(lists, made_of={BOARD: asked.orgs[:-1]}, rule=rule)
        values = {name: shown.get((week, service, *name.split(":", 1))) for name in table.counts}
        hidden = frozenset(name for name, count in table.counts.items() if count is not None and values[name] is None)
        extra = frozenset(
            name
            for name in hidden
            if not is_small(table.counts[name], rule) or (week, service, *name.split(":", 1)) in unclear
        )
        known = frozenset(name for name in table.counts if name.split(":")[0] in own and table.counts[name] is not None)
        beside = frozenset(
            cut(BOARD, name) for name, count in lists_of(table, own) if table.counts[cut(BOARD, name)] == count
        )
        found.append(Week(table, Plan(values, hidden, extra, rule, calls_small=False), known, own=known | beside))
    return found


def lists_of(table, orgs) -> Iterator[tuple[str, int]]:
    """The numbers of some organisations' lists that are known, by name."""
    for name, count in table.counts.items():
        org, _, own = name.partition(":")
        if org in orgs and count is not None:
            yield own, count


def test_no_reader_recovers_a_hidden_number(asked, capsys):
    rule, api = asked
    done = Attack(0, ())
    for reader in READERS:
        api.reader, own = reader, ("RYY",) if reader == "provider" else ()
        shown = api.lists() | api.over(rule)
        for key, value in shown.items():
            if key[2] in own:
                shown[key] = shown_count(value, rule)
        for service in SERVICES:
            done += attack(weeks_as_shown(api, service, rule, shown, own=own))
    with capsys.disabled():
        print(f"\nattacker over HTTP, {rule}: {done}")
    assert done.hidden > 150 * len(api.orgs)
    assert done.shown > 150 * len(api.orgs)
    assert done.recovered == ()


@pytest.mark.parametrize("asked", [(rule, 1, SOLE) for rule in Rule], indirect=True, ids=str)
def test_a_board_of_one_provider_is_shown_as_that_is(asked):
    rule, api = asked
    api.reader = "board"
    shown = api.lists()
    for (week, service, org, name), value in shown.items():
        assert value == shown[week, service, BOARD, name]
        if org == BOARD and name == "total":
            assert value == shown_count(api.truth[week, service, org][name], rule)


def test_every_shown_number_is_what_the_rule_says(asked):
    rule, api = asked
    api.reader = "public"
    for (week, service, org, name), value in api.lists().items():
        truth = api.truth[week, service, org].get(name)
        if truth is not None and value is not None:
            assert value == shown_count(truth, rule)


def test_the_share_within_is_that_of_those_over_as_shown(asked):
    rule, api = asked
    api.reader = "public"
    shown, seen = api.lists() | api.over(rule), 0
    for week, service, org, name in [key for key in shown if key[3].startswith("over_") and key[3].endswith("days")]:
        body = api.json(f"/v1/waiting-lists/{service}/{org}?as_of={week + timedelta(days=1)}&source={SOURCE}")
        total, unbanded, over = (shown[week, service, org, each] for each in ("total", "unbanded", name))
        about = shown.get((week, service, org, name.replace("over", "about")), shown_change(total, unbanded))
        (said,) = (one for one in body["shares"] if one["basis"] == "waiting")
        if about is not None:
            assert said["share"] == shown_share(shown_change(about, over), about, rule)
        assert said["over"] == over
        place = f"/shares/{body['shares'].index(said)}/over"
        assert (place in body["suppressed"]) == (over is None)
        assert (said["within"], said["of"], said["adjusted_share"]) == (None, None, None)
        seen += said["share"] is not None
    assert seen


def test_a_number_is_the_same_on_every_route_page_and_day(asked):
    """Lists by name, in pages of several sizes, as CSV, and as series; for the day after and for a later day."""
    _, api = asked
    api.reader = "public"
    shown = api.lists()
    last = SUNDAYS[-1]
    for path in (f"?source={SOURCE}", f"?source={SOURCE}&limit=3", f"?source={SOURCE}&service=ASD", "?limit=1000"):
        page = api.json(f"/v1/waiting-lists{path}")
        assert page["items"]
        for item in page["items"]:
            for name, value in numbers(item):
                assert shown[last, item["service"], item["org"], name] == value, path
    for row in api.rows(f"/v1/waiting-lists?source={SOURCE}"):
        assert row["list_size"] == text(shown[last, row["service"], row["org"], "total"])
        assert row["waiting >104 weeks"] == text(shown[last, row["service"], row["org"], ">104"])
    for service in SERVICES:
        for org in api.orgs:
            for measure, name in MEASURES.items():
                path = f"/v1/series/{service}/{org}/{measure}?source={SOURCE}"
                points = {point["period_end"]: point["value"] for point in api.json(path)["points"]}
                expected = {week.isoformat(): shown[week, service, org, name] for week in SUNDAYS}
                assert points == expected
                assert {row["period_end"]: row["value"] for row in api.rows(path)} == {
                    week: text(value) for week, value in expected.items()
                }


@pytest.mark.parametrize("reader", ["public", "commissioner"])
def test_a_share_is_the_same_on_a_list_and_in_its_series(asked, reader):
    _, api = asked
    api.reader, seen = reader, 0
    for service, (standard, _) in MARKS.items():
        asking = f"{service}/{BOARD}/share_within_standard?source={SOURCE}&standard={standard}"
        points = {point["period_end"]: point["value"] for point in api.json(f"/v1/series/{asking}")["points"]}
        for week in SUNDAYS:
            day = week + timedelta(days=1)
            body = api.json(f"/v1/waiting-lists/{service}/{BOARD}?as_of={day}&source={SOURCE}")
            (said,) = (one["share"] for one in body["shares"] if one["basis"] == "waiting")
            assert points[week.isoformat()] == said
            seen += said is not None
    assert seen


def text(value) -> str:
    return "" if value is None else str(value)


def test_a_forecast_and_clearance_say_nothing_of_a_hidden_list(asked):
    rule, api = asked
    api.reader = "board"
    shown = api.lists()
    for service in SERVICES:
        for org in api.orgs:
            size = shown[SUNDAYS[-1], service, org, "total"]
            over = shown[SUNDAYS[-1], service, org, "over_52_weeks"]
            forecast = api.json(f"/v1/forecasts/{service}/{org}/list_size?source={SOURCE}")
            medians = {point["quantiles"]["0.5"] for point in forecast["points"]}
            assert medians == {size}, rule
            assert forecast["breaks"] == []
            assert [score["wis"] for score in forecast["scores"].values()] == [None]
            assert str(api.truth[SUNDAYS[-1], service, org]["total"]) not in forecast["fallback_reason"]
            answers = api.json(f"/v1/clearance/{service}/{org}?source={SOURCE}")
            run_off, threshold, _ = answers["clearance"]
            assert (run_off["status"], run_off["details"]) == ("insufficient_data" if size is None else "ok", {})
            assert threshold["status"] == ("insufficient_data" if over is None else "already")
            assert answers["required_capacity"] is None


def test_readers_without_a_list_of_their_own_are_shown_the_same(asked):
    """But for links, which are to what a role reaches, whatever the figures."""
    _, api = asked
    every = []
    for reader in ("public", "board", "admin", "neighbour", "outside"):
        api.reader = reader
        page = api.json(f"/v1/waiting-lists?source={SOURCE}")
        every.append({**page, "items": [{**item, "links": list(item["links"])} for item in page["items"]]})
    assert all(page == every[0] for page in every)
