"""Six months of Kent replayed: while a provider is missing, nothing that is shown may look like an improvement.

Medway, whose children wait longest, sends nothing from November to January, as it did; in December another provider
prints a 0 that cannot be believed. Every list measure is then compared with the month before, in each form.
"""

import csv
import io
import shutil
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from api.app import create_app
from tests.databases import sqlite_template
from tests.deliveries import load, parsed
from tests.functional.api.conftest import Client, settings_of
from tests.functional.api.kent import LABELS
from waitlists.domain import Measure
from waitlists.periods import add_months, month_range
from waitlists.quality import check_delivery
from waitlists.store.session import make_engine

OCTOBER, MARCH = date(2024, 10, 31), date(2025, 3, 31)
MONTHS = month_range(OCTOBER, MARCH)
PUBLISHED = {month: add_months(month, 1).replace(day=15) for month in MONTHS}
SHARES = ("CHS_18W", "CHS_52W")
COUNTS = (Measure.LIST_SIZE, Measure.OVER_18_WEEKS, Measure.OVER_52_WEEKS, Measure.OVER_104_WEEKS)
WAITS = (Measure.MEDIAN_WAIT, Measure.P92_WAIT)
PLACE = "COMM_PAEDS/QKS"

SHORT, LONG = (90, 80, 180, 600, 250, 900, 300, 50), (60, 50, 110, 400, 180, 1600, 1100, 421)
BY_PROVIDER = {"RYY": SHORT, "NQ7": LONG, "RPA": (20, 20, 50, 170, 80, 400, 300, 60), "RVV": LONG}


def month(period_end: date) -> dict:
    """Each provider's list by band, a little longer every month, and Kent and Medway as their sum."""
    n = MONTHS.index(period_end)
    lists = {org: [count + n for count in counts] for org, counts in BY_PROVIDER.items()}
    if 1 <= n <= 3:
        del lists["NQ7"]
    if n == 2:
        lists["RVV"] = [0] * len(LABELS)
    lists["QKS"] = [sum(column) for column in zip(*lists.values(), strict=True)]
    return {
        ("COMM_PAEDS", org): {"total": sum(counts), **dict(zip(LABELS, counts, strict=True))}
        for org, counts in lists.items()
    }


@pytest.fixture(scope="module")
def replayed(tmp_path_factory):
    """A client over the six months."""
    file = tmp_path_factory.mktemp("replay") / "kent.db"
    shutil.copy(sqlite_template(), file)
    engine = make_engine(f"sqlite:///{file}")
    now = datetime(2025, 6, 2, 9, tzinfo=UTC)
    deliveries = []
    for period_end in MONTHS:
        plain = parsed(period_end, month(period_end), published_on=PUBLISHED[period_end])
        findings = check_delivery(plain)
        day = PUBLISHED[period_end]
        deliveries.append(parsed(period_end, month(period_end), published_on=day, findings=findings))
    load(engine, *deliveries, now=now)
    with Client(create_app(settings_of(engine), clock=lambda: now)) as client:
        yield client
    engine.dispose()


def is_better(name: str, before: float | None, after: float | None) -> bool:
    """Whether a figure moved the way everybody hopes: fewer wait, they wait less, more are within a standard."""
    if before is None or after is None:
        return False
    return after > before if name.startswith("share") else after < before


def in_list(client, as_of: date) -> tuple[bool, dict[str, tuple[float | None, float | None, str | None]]]:
    """Whether the list is whole and each figure of it, with its adjusted twin and its note."""
    found = client.json(f"/v1/waiting-lists/{PLACE}", params={"as_of": as_of.isoformat()})
    twins, notes = found["adjusted"] or {}, found["notes"]
    figures = {name: (found[name], twins.get(name), notes.get(name)) for name in (*COUNTS, *WAITS)}
    shares = {f"share_within_{one['standard_id']}": (one["share"], None, one["note"]) for one in found["shares"]}
    return not found["provisional"], figures | shares


def in_csv(client, as_of: date) -> tuple[bool, dict[str, tuple[float | None, float | None, str | None]]]:
    """The same from the CSV form, in which there are no notes."""
    text = client.csv(f"/v1/waiting-lists/{PLACE}", params={"as_of": as_of.isoformat()}).text
    (row,) = csv.DictReader(io.StringIO(text))
    names = (*COUNTS, *WAITS, *(f"share_within_{one}" for one in SHARES))
    number = {
        name: float(row[name]) if row.get(name) else None for name in (*names, *(f"adjusted_{n}" for n in COUNTS))
    }
    return row["provisional"] == "false", {name: (number[name], number.get(f"adjusted_{name}"), None) for name in names}


@pytest.mark.parametrize("read", [in_list, in_csv])
def test_while_part_is_missing_no_figure_of_a_list_looks_better_on_its_own(replayed, read):
    before, partial = None, 0
    for day in PUBLISHED.values():
        is_whole, figures = read(replayed, day)
        partial += not is_whole
        for name, (value, twin, note) in figures.items():
            if before and not is_whole and is_better(name, before[name][0], value):
                assert twin is not None, (name, day)
                assert note is not None or read is in_csv, (name, day)
        if not is_whole:
            assert all(figures[name][0] is None for name in figures if name not in COUNTS)
            assert all(figures[name][1] > figures[name][0] for name in COUNTS)
        before = figures
    assert partial == 3


def test_made_good_nothing_got_better_and_with_everybody_back_nothing_was_hidden(replayed):
    twins = [in_list(replayed, day) for day in PUBLISHED.values()]
    for name in COUNTS:
        values = [figures[name][0] if is_whole else figures[name][1] for is_whole, figures in twins]
        assert values == sorted(values)


@pytest.mark.parametrize("as_of", PUBLISHED.values())
@pytest.mark.parametrize("measure", [*COUNTS, *WAITS, *(f"share_within_standard?standard={one}" for one in SHARES)])
def test_while_part_is_missing_no_step_of_a_series_looks_better_on_its_own(replayed, measure, as_of):
    path, _, query = f"/v1/series/{PLACE}/{measure}".partition("?")
    params = {"as_of": as_of.isoformat(), **({"standard": query.partition("=")[2]} if query else {})}
    points = replayed.json(path, params=params)["points"]
    rows = list(csv.DictReader(io.StringIO(replayed.csv(path, params=params).text)))
    known = [point for point in points if point["value"] is not None]
    for before, after in pairwise(known):
        if after["provisional"] and is_better(measure, before["value"], after["value"]):
            assert after["adjusted"] is not None
            assert after["note"] is not None
    for point, row in zip(points, rows, strict=True):
        if point["provisional"] and measure not in COUNTS:
            assert (point["value"], point["adjusted"]) == (None, None)
            assert "sent no figures" in point["note"]
        assert row["value"] == ("" if point["value"] is None else str(point["value"]))
        assert row["note"] == (point["note"] or "")


@pytest.mark.parametrize("as_of", PUBLISHED.values())
def test_no_sentence_of_any_month_says_that_kent_improved(replayed, as_of):
    paths = [f"/v1/waiting-lists/{PLACE}", *(f"/v1/series/{PLACE}/{one}" for one in (*COUNTS, *WAITS))]
    for path in paths:
        found = replayed.json(path, params={"as_of": as_of.isoformat()})
        said = found["sentence"].replace("no sign that fewer wait", "")
        assert not any(word in said.lower() for word in ("improve", "better", "fewer", "progress", "shorter"))
        for part in said.split(". "):
            assert "fell" not in part or "not change" in part or "do not read it as" in part
        if found["provisional"]:
            assert "Medway Community Healthcare" in said
