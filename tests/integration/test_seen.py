"""Unpublished figures, in both databases, are read by whom they are about: a provider, its board, and nobody else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import String, create_engine, literal, select

from forecasting.results import CLEARANCE_KINDS, LEVELS, Clearance, ClearanceAnswer, Forecast, ForecastPoint
from forecasting.store import load_clearance, load_forecast, save
from tests.deliveries import MARCH, NOW, finding, load, parsed
from waitlists.domain import Measure, SeriesKey
from waitlists.security.access import EVERYTHING, NOTHING_UNPUBLISHED, Role, Scope, Sight, sight_of
from waitlists.store import read, write
from waitlists.store.seen import is_seen, look_with
from waitlists.store.session import reading, writing

DAY = date(2025, 6, 2)
OWN = {("SALT", "RYY"): 901, ("SALT", "NQ7"): 702, ("SALT", "QKS"): 1603, ("SALT", "AJX"): 55}
PUBLISHED = {("SALT", "RYY"): 882, ("SALT", "QKS"): 1651}
PROVIDER = Scope(Role.PROVIDER, ("RYY",))
BOARD = Scope(Role.COMMISSIONER, ("QKS",))

SEEN = [
    (EVERYTHING, {"RYY": 901, "NQ7": 702, "QKS": 1603, "AJX": 55}),
    (sight_of(BOARD, DAY), {"RYY": 901, "NQ7": 702, "QKS": 1603}),
    (sight_of(PROVIDER, DAY), {"RYY": 901, "QKS": 1651}),
    (sight_of(Scope(Role.COMMISSIONER, ("QNX",)), DAY), {"RYY": 882, "QKS": 1651, "AJX": 55}),
    (sight_of(Scope(Role.BOARD, ("QKS",)), DAY), {"RYY": 882, "QKS": 1651}),
    (sight_of(Scope(Role.ADMIN), DAY), {"RYY": 882, "QKS": 1651}),
    (NOTHING_UNPUBLISHED, {"RYY": 882, "QKS": 1651}),
]


@pytest.fixture
def filled(database):
    whole = tuple(finding(f"about_{org.lower()}", MARCH, "SALT", org) for _, org in OWN)
    published = parsed(MARCH, PUBLISHED, published_on=date(2025, 5, 15))
    own = parsed(MARCH, OWN, published_on=date(2025, 4, 4), source="weekly_return", scope="RYY",
                 findings=(*whole, finding("about_all", MARCH)))  # fmt: skip
    load(database, published, own, findings=own.findings)
    return database


@pytest.mark.parametrize(("sight", "expected"), SEEN)
def test_lists_show_what_is_seen_else_what_is_published(filled, sight, expected):
    with reading(filled) as connection:
        look_with(connection, sight)
        found = {one.org: one.bands.total for one in read.stored_lists(connection, as_of=DAY, service="SALT", limit=9)}
        alone = {org: read.stored_list(connection, service="SALT", org=org, as_of=DAY) for _, org in OWN}
    assert found == expected
    assert {org: one.bands.total for org, one in alone.items() if one} == expected


@pytest.mark.parametrize(("sight", "expected"), SEEN)
def test_series_and_cells_hold_nothing_else(filled, sight, expected):
    seen = {org for org, count in expected.items() if count == OWN["SALT", org]}
    with reading(filled) as connection:
        look_with(connection, sight)
        history = read.list_history(connection, source="weekly_return", service="SALT", as_of=DAY)
        cells = {org for _, org in OWN if read.delivery_cells(connection, 2, "SALT", org)}
    assert {org for _, org in history.cells} == cells == seen


@pytest.mark.parametrize(("sight", "expected"), SEEN)
def test_findings_and_files_follow(filled, sight, expected):
    about = {f"about_{org.lower()}" for org, count in expected.items() if count == OWN["SALT", org]}
    about |= {"about_all"} if sight is EVERYTHING else set()
    with reading(filled) as connection:
        look_with(connection, sight)
        rows = read.findings(connection, limit=99)
        files = [one.source for one in read.deliveries(connection, limit=9)]
        one = read.delivery(connection, 2)
    own = {row.code for row in rows if row.delivery_id == 2 and row.code.startswith("about_")}
    assert own == about
    is_sender_seen = sight.covers("weekly_return", "RYY")
    assert files == ["chs_sitrep", *(["weekly_return"] if is_sender_seen else [])]
    assert (one is not None) is is_sender_seen


@pytest.mark.parametrize(("sight", "expected"), SEEN)
def test_forecasts_and_clearance_follow(filled, sight, expected):
    points = (ForecastPoint(date(2025, 4, 30), 1, dict.fromkeys(map(str, LEVELS), 900.0)),)
    kept = [
        Forecast(SeriesKey(source, "SALT", "RYY", Measure.LIST_SIZE), as_of=DAY, freq="M", status="ok", model="naive",
                 trained_until=MARCH, points=points)
        for source in ("chs_sitrep", "weekly_return")
    ]  # fmt: skip
    none = tuple(ClearanceAnswer(kind, "insufficient_data", "No.", reason="flows_not_published")
                 for kind in CLEARANCE_KINDS)  # fmt: skip
    cleared = [Clearance(source, "SALT", "RYY", DAY, none) for source in ("chs_sitrep", "weekly_return")]
    with writing(filled) as connection:
        run_id = write.start_run(connection, command="forecast", as_of=DAY, now=NOW)
        save(connection, run_id, kept, cleared)
        write.publish(connection, run_id=run_id, now=NOW)
    source = "weekly_return" if expected["RYY"] == 901 else "chs_sitrep"
    with reading(filled) as connection:
        look_with(connection, sight)
        forecast = load_forecast(connection, service="SALT", org="RYY", measure=Measure.LIST_SIZE, as_of=DAY)
        clearance = load_clearance(connection, service="SALT", org="RYY", as_of=DAY)
    assert forecast is not None
    assert clearance is not None
    assert (forecast.source, clearance.source) == (source, source)


codes = st.sampled_from(["RYY", "NQ7", "QKS", None])
sources = st.sampled_from(["chs_sitrep", "weekly_return", "referral_extract"])


@given(st.none() | st.frozensets(st.sampled_from(["RYY", "NQ7", "QKS"])), sources, codes)
def test_the_rule_in_sql_is_the_rule(organisations, source, org):
    engine = create_engine("sqlite://")
    sight = Sight(organisations)
    with engine.connect() as connection:
        look_with(connection, sight)
        row = select(literal(source).label("source"), literal(org, String()).label("org")).subquery()
        found = connection.execute(select(row).where(is_seen(connection, row.c.source, row.c.org))).all()
    engine.dispose()
    assert bool(found) is sight.covers(source, org)
