"""What is known of a list beyond its bands comes back as it was kept, with the vintage it belongs to."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.deliveries import figures, load, parsed
from waitlists.details import Detail, Within
from waitlists.domain import ParsedVintage
from waitlists.security.access import Sight
from waitlists.store import read, tables
from waitlists.store.details import details_of
from waitlists.store.seen import look_with
from waitlists.store.session import reading

LAST, BEFORE = date(2026, 3, 15), date(2026, 3, 8)
LONG = Detail(
    service="SALT",
    org="RYY",
    stage="list",
    list_size=3,
    bands=(1, 0, 0, 0, 0, 2, 0, 0),
    weeks=(1, 0, 2),
    referrals=4,
    removals={"seen": 2, "rejected": 1},
    residual=0,
    median_days=130.5,
    mean_days=90.25,
    p92_days=200.0,
    longest_band=">18-52",
    waiting={"CHS_18W": Within(1, 3)},
    completed={"CHS_18W": Within(2, 2)},
)
REVIEW = Detail("SALT", "RYY", "review", 7, (7, 0, 0, 0, 0, 0, 0, 0))
GIRLS = Detail("SALT", "RYY", "list", 2, (1, 0, 0, 0, 0, 1, 0, 0), cut="sex", group="2")


@pytest.fixture
def kept(database):
    early = ParsedVintage(
        "weekly_return",
        BEFORE,
        figures({("SALT", "RYY"): 2}),
        scope="RYY",
        known_from=date(2026, 3, 15),
        is_reconstructed=True,
        details=(Detail("SALT", "RYY", "list", 2, (2, 0, 0, 0, 0, 0, 0, 0)),),
    )
    late = ParsedVintage(
        "weekly_return",
        LAST,
        figures({("SALT", "RYY"): 3}),
        scope="RYY",
        details=(LONG, REVIEW, GIRLS),
    )
    whole = parsed(LAST, {}, published_on=date(2026, 3, 16), source="weekly_return", scope="QKS", more=(late, early))
    load(database, whole)
    return database


def test_a_list_brings_what_is_known_beyond_its_bands(kept):
    with reading(kept) as connection:
        found = read.stored_list(connection, service="SALT", org="RYY", as_of=date(2026, 12, 31))
    assert found is not None
    assert found.details == (LONG, REVIEW)
    assert not found.vintage.is_reconstructed


def test_a_reconstructed_week_is_known_from_its_own_day(kept):
    with reading(kept) as connection:
        found = read.stored_list(connection, service="SALT", org="RYY", as_of=date(2026, 3, 15))
        history = read.list_history(connection, source="weekly_return", service="SALT", as_of=date(2026, 3, 15))
    assert found is not None
    assert (found.period_end, found.vintage.is_reconstructed, found.bands.total) == (BEFORE, True, 2)
    assert [vintage.is_reconstructed for vintage in history.vintages] == [True]


def test_groups_are_read_by_their_cut_alone(kept):
    with reading(kept) as connection:
        number = connection.execute(select(tables.vintage.c.id).where(tables.vintage.c.period_end == LAST)).scalars()
        places = [(vintage, "SALT", "RYY") for vintage in number]
        assert list(details_of(connection, places, cuts=("sex",)).values()) == [(GIRLS,)]
        assert details_of(connection, places, cuts=("district",)) == {}


def test_what_may_not_be_seen_is_not_read(kept):
    with reading(kept) as connection:
        numbers = list(connection.execute(select(tables.vintage.c.id)).scalars())
        look_with(connection, Sight(frozenset({"NQ7"})))
        assert details_of(connection, [(number, "SALT", "RYY") for number in numbers]) == {}
