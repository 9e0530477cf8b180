"""Trends over HTTP: of a board whose one provider fell silent for three weeks, as each role may see them."""

import random
from datetime import date, timedelta

import pytest

from api.app import create_app
from jobs.decisions import add
from tests.databases import sqlite_template
from tests.deliveries import load, parsed
from tests.functional.api.conftest import NOW, Client, settings_of
from tests.functional.api.keyed import PEPPER, bearer, give_keys
from waitlists.bands import CHS_BANDS
from waitlists.domain import Measure, ParsedVintage
from waitlists.store.session import make_engine
from waitlists.trends.decisions import Charted, Decision, Words
from waitlists.trends.steps import AskedTrend, Incomparable, Step
from waitlists.trends.stored import stored_trend

SOURCE = "weekly_return"
SUNDAYS = tuple(date(2025, 5, 25) - timedelta(weeks=back) for back in reversed(range(30)))
SILENT = SUNDAYS[-5:-2]
SIZES = {"RYY": 900, "NQ7": 700, "RPA": 9}
MEASURES = ("list_size", "over_18_weeks", "over_52_weeks", "median_wait", "p92_wait")
TREND, SUMMARY = "/v1/trends/SALT/{}/{}", "/v1/trends/summary"


def sizes(draw):
    return {org: max(1, round(draw.gauss(size, size**0.5 / 2))) for org, size in SIZES.items()}


def banded(draw, total):
    labels = [band.label for band in CHS_BANDS]
    waits = draw.choices(labels, (10, 9, 14, 28, 7, 20, 8, 4), k=total)
    return {"total": total} | {label: waits.count(label) for label in labels}


def returns():
    """A return of each provider and week, the last of a week with the board's sums; NQ7 sends nothing for three."""
    draw = random.Random(8)
    for week in SUNDAYS:
        lists = {org: banded(draw, size) for org, size in sizes(draw).items() if org != "NQ7" or week not in SILENT}
        board = {name: sum(one[name] for one in lists.values()) for name in lists["RYY"]}
        for org, cells in lists.items():
            own = {("SALT", org): cells}
            sums = parsed(week, {("SALT", "QKS"): board}, source=SOURCE).vintages[0]
            more = (ParsedVintage(SOURCE, week, sums.figures, ""),) if org == "RPA" else ()
            published = week + timedelta(days=1)
            yield parsed(week, own, published_on=published, source=SOURCE, scope=f"{org}/SALT", more=more)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    file = tmp_path_factory.mktemp("trends") / "trends.db"
    file.write_bytes(sqlite_template().read_bytes())
    engine = make_engine(f"sqlite:///{file}")
    load(engine, *returns())
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def asked(engine):
    keys = give_keys(engine)
    with Client(create_app(settings_of(engine, key_pepper=PEPPER), clock=lambda: NOW)) as client:
        yield lambda role, path, **more: client.get(path, headers=bearer(keys[role]) | more)


def body(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_silent_provider_is_marked_and_never_a_change(asked):
    for day in (SUNDAYS[-3] + timedelta(days=1), SUNDAYS[-1] + timedelta(days=1)):
        for profile in ("mdc", "nhsr"):
            found = body(asked("commissioner", TREND.format("QKS", "list_size") + f"?as_of={day}&profile={profile}"))
            assert found["variation"] == "common_cause"
            assert found["real_change"] is not True
            marked = {mark["period_end"] for mark in found["marks"] if mark["kind"] == "part_missing"}
            assert marked == {week.isoformat() for week in SILENT}
            assert all(mark["kind"] != "not_comparable" for mark in found["marks"])
            points = {point["date"]: point for point in found["points"]}
            assert all(points[day]["provisional"] and points[day]["reasons"] == [] for day in marked)
    silent = body(asked("commissioner", TREND.format("QKS", "list_size") + f"?as_of={SILENT[-1] + timedelta(days=1)}"))
    assert "so this is no sign of a change" in silent["sentence"]
    assert silent["judged_on"] == SUNDAYS[-6].isoformat()


def test_every_trend_says_what_it_was_made_of(asked):
    found = body(asked("commissioner", TREND.format("QKS", "list_size")))
    assert (found["kind"], found["direction"], found["freq"], found["run_length"]) == ("stock", "decrease", "W", 7)
    assert found["data_cut_off"] == NOW.date().isoformat()
    assert found["baseline"] == {"from": SUNDAYS[0].isoformat(), "to": SUNDAYS[-1].isoformat(), "values": 27}
    assert found["adjusted"]["method"] == "residual"
    assert found["balancing"]["period_end"] == SUNDAYS[-1].isoformat()
    assert isinstance(found["balancing"]["over_104_weeks"], int)
    assert found["suppressed"] == []
    assert (
        body(asked("commissioner", TREND.format("QKS", "list_size") + "?profile=nhsr&run_length=6"))["run_length"] == 7
    )


@pytest.mark.parametrize("role", ["public", "board", "neighbour", "provider"])
@pytest.mark.parametrize("measure", MEASURES)
def test_whoever_sees_rounded_steps_sees_the_trend_of_these(asked, role, measure):
    """I15: worked out anew from the series that the same reader gets, each answer is the same to the last number."""
    for org in ("QKS", "NQ7", "RPA"):
        series = body(asked(role, f"/v1/series/SALT/{org}/{measure}"))
        found = body(asked(role, TREND.format(org, measure)))
        again = stored_trend(steps_of(series), asked_of(series, found)).as_json()
        for name in ("points", "groups", "variation", "real_change", "adjusted", "rebase_suggestion", "run_chart"):
            assert found[name] == again[name], (org, name)
        values = [point["value"] for point in found["points"] if point["value"] is not None]
        if measure in {"list_size", "over_18_weeks", "over_52_weeks"}:
            assert all(value % 5 == 0 for value in values)
        hidden = {f"/points/{place}/value" for place, point in enumerate(series["points"]) if point["value"] is None}
        assert hidden.intersection(series["suppressed"]) == {one for one in found["suppressed"] if "points" in one}


def steps_of(series):
    hidden = series["suppressed"]
    return [
        Step(
            date.fromisoformat(point["period_end"]),
            point["value"],
            point["coverage"],
            point["provisional"],
            point["value"] is None and f"/points/{place}/value" in hidden,
            point["note"],
        )
        for place, point in enumerate(series["points"])
    ]


def asked_of(series, found):
    breaks = (mark for mark in found["marks"] if mark["kind"] == "not_comparable")
    return AskedTrend(
        measure=Measure(series["measure"]),
        of="x",
        people="children",
        freq="W",
        cut_off=NOW.date(),
        breaks=tuple(Incomparable(date.fromisoformat(one["period_end"]), "", one["sentence"]) for one in breaks),
        caveats=tuple(series["blocks"]),
        is_rounded="rounded to the nearest 5" in found["sentence"],
    )


def test_an_owner_sees_its_own_steps_exactly(asked):
    own = body(asked("other_provider", TREND.format("NQ7", "list_size")))
    assert any(point["value"] % 5 for point in own["points"] if point["value"] is not None)
    assert "rounded" not in own["sentence"]
    theirs = body(asked("provider", TREND.format("NQ7", "list_size")))
    assert "rounded to the nearest 5" in theirs["sentence"]


def test_the_share_within_a_standard_is_held_against_what_it_promises(asked):
    found = body(asked("commissioner", TREND.format("QKS", "share_within_standard") + "?standard=CHS_18W"))
    assert (found["kind"], found["direction"], found["standard_id"]) == ("percent", "increase", "CHS_18W")
    assert {one["role"] for one in found["targets"]} == {"national standard"}
    refused = asked("commissioner", TREND.format("QKS", "share_within_standard") + "?standard=CHS_18W&basis=completed")
    assert refused.status_code == 404


@pytest.mark.parametrize("role", ["commissioner", "board", "provider"])
def test_the_matrix_counts_every_row(asked, role):
    found = body(asked(role, SUMMARY))
    assert {(row["org"], row["measure"]) for row in found["items"]} >= {
        (org, measure) for org in ("QKS", "NQ7", "RPA", "RYY") for measure in MEASURES
    }
    assert sum(cell["count"] for cell in found["matrix"]) == len(found["items"])
    assert sum(cell["real_change"] for cell in found["matrix"]) == sum(
        bool(row["real_change"]) for row in found["items"]
    )
    for row in found["items"]:
        one = body(asked(role, row["links"]["self"]))
        same = ("variation", "judged_variation", "real_change", "assurance", "target", "judged_on", "sentence")
        assert {name: row[name] for name in same} == {name: one[name] for name in same}
        assert row["balancing"] == one["balancing"]
    for pointer in found["suppressed"]:
        _, items, place, *path = pointer.split("/")
        value = found[items][int(place)]
        for step in path:
            value = value[step]
        assert value is None


def test_the_matrix_is_filtered_and_paged_by_list(asked):
    every = body(asked("commissioner", SUMMARY))["items"]
    one = body(asked("commissioner", f"{SUMMARY}?org=NQ7&service=SALT"))
    assert [row["measure"] for row in one["items"]] == [row["measure"] for row in every if row["org"] == "NQ7"]
    rows, cursor = [], ""
    while cursor is not None:
        page = body(asked("commissioner", f"{SUMMARY}?limit=1{cursor and f'&cursor={cursor}'}"))
        assert len({row["org"] for row in page["items"]}) == 1
        rows, cursor = [*rows, *page["items"]], page["next_cursor"]
    assert rows == every
    for wrong in ("limit=0", "limit=26", "limit=1000", f"source={SOURCE}&freq=M"):
        assert asked("commissioner", f"{SUMMARY}?{wrong}").status_code == 422
    assert body(asked("commissioner", f"{SUMMARY}?limit=25"))["items"] == every
    assert body(asked("commissioner", f"{SUMMARY}?freq=M"))["items"] == []


def test_the_same_rows_as_csv(asked):
    lines = asked("board", TREND.format("QKS", "list_size"), Accept="text/csv").text.splitlines()
    assert len(lines) == 1 + len(SUNDAYS)
    assert lines[0].startswith(
        "service,org,measure,standard_id,basis,source,freq,as_of,dataset_version,profile,status,"
    )
    table = asked("board", SUMMARY, Accept="text/csv").text.splitlines()
    assert len(table) == 1 + len(body(asked("board", SUMMARY))["items"])


def test_what_people_decide_is_on_the_chart_from_the_day_it_is_known(asked, engine):
    before = asked("board", TREND.format("RYY", "list_size"))
    assert body(before)["rebases"] == []
    about = Charted(service="SALT", org="RYY", measure=Measure.LIST_SIZE, freq="W")
    words = Words("A second clinic opened", "improvement board", date(2025, 5, 30))
    for what, value in (("rebase", None), ("target", 500.0)):
        decision = Decision(what=what, about=about, since=SUNDAYS[14] - timedelta(days=3), value=value, words=words)
        add(engine, decision, clock=lambda: NOW)
    after = asked("board", TREND.format("RYY", "list_size"), **{"If-None-Match": before.headers["ETag"]})
    assert body(after)["rebases"] == [
        {"since": "2025-02-06", "reason": words.reason, "role": words.role, "decided_on": "2025-05-30"}
    ]
    assert [group["from"] for group in body(after)["groups"]] == [SUNDAYS[0].isoformat(), SUNDAYS[14].isoformat()]
    assert (body(after)["target"], body(after)["assurance"]) == (500.0, "fail")
    earlier = body(asked("board", TREND.format("RYY", "list_size") + "?as_of=2025-06-01"))
    assert (earlier["rebases"], earlier["targets"]) == ([], [])


def funnel(asked, role, query=""):
    return body(asked(role, f"/v1/trends/funnel?service=SALT&standard=CHS_18W{query}"))


def test_a_funnel_compares_lists_of_one_source_and_period(asked):
    found = funnel(asked, "commissioner")
    assert (found["source"], found["period_end"], found["level"]) == (SOURCE, SUNDAYS[-1].isoformat(), "provider")
    assert [one["org"] for one in found["items"]] == ["NQ7", "RPA", "RYY"]
    widths = {one["org"]: one["alarm_high"] - one["alarm_low"] for one in found["items"]}
    assert widths["RPA"] > widths["NQ7"] > widths["RYY"]
    assert found["left_out"] == []
    assert "None differs from all by more than chance explains." in found["sentence"]
    boards = funnel(asked, "commissioner", "&level=icb")
    assert [one["org"] for one in boards["items"]] == ["QKS"]


def test_of_who_is_missing_or_hidden_no_share_is_compared(asked):
    silent = funnel(asked, "commissioner", f"&as_of={SILENT[1] + timedelta(days=1)}")
    assert [one["org"] for one in silent["items"]] == ["RPA", "RYY"]
    assert silent["left_out"] == [
        {
            "org": "NQ7",
            "org_name": "Medway Community Healthcare",
            "reason": "Its newest figure is of the week to 20 April 2025.",
        }
    ]
    board = funnel(asked, "board")
    assert "RPA" not in {one["org"] for one in board["items"]}
    assert [one["org"] for one in board["left_out"]] == ["RPA"]
    assert all(one["of"] % 5 == 0 for one in board["items"])
    assert "rounded to the nearest 5" in board["sentence"]


def test_a_funnel_of_nobody_says_so(asked):
    found = body(asked("board", "/v1/trends/funnel?service=WHEELCHAIR&standard=CHS_18W"))
    assert (found["source"], found["period_end"], found["share"], found["items"]) == (None, None, None, [])
    assert found["sentence"].endswith("there is nobody to compare.")
    refused = asked("board", "/v1/trends/funnel?service=SALT&standard=CHS_18W&basis=completed")
    assert refused.status_code == 404
    table = asked("board", "/v1/trends/funnel?service=SALT&standard=CHS_18W", Accept="text/csv").text.splitlines()
    assert len(table) == 1 + len(funnel(asked, "board")["items"])
