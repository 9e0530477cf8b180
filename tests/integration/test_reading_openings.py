"""The list a week before, for balances; and lists of one step alone."""

from datetime import date, timedelta

import pytest

from tests.deliveries import figures, load, parsed
from waitlists.domain import Figure, Marker, ParsedVintage
from waitlists.security.access import Sight
from waitlists.store import read
from waitlists.store.seen import look_with
from waitlists.store.session import reading

LAST = date(2026, 3, 15)
BEFORE = LAST - timedelta(weeks=1)
NOW = date(2026, 12, 31)


def count(kind: str, band: str, value: int) -> Figure:
    return Figure("SALT", "RYY", band, value, Marker.NUMBER, "Return", 2, 7, kind)


@pytest.fixture
def weeks(database):
    stages = (count("waiting_review", "total", 9), count("waiting_review", "0-1", 9), count("removed", "seen", 2))
    for week, size, more in ((BEFORE, 40, ()), (LAST, 44, stages)):
        made = ParsedVintage("weekly_return", week, (*figures({("SALT", "RYY"): size}), *more), scope="RYY")
        load(database, parsed(week, {}, published_on=week + timedelta(days=1), source="weekly_return", more=(made,)))
    month = date(2026, 2, 28)
    load(database, parsed(month, {("SALT", "RYY"): 41}, published_on=date(2026, 4, 10)))
    return database


def found(database, sight=None, **asked):
    with reading(database) as connection:
        if sight:
            look_with(connection, sight)
        return read.stored_list(connection, service="SALT", org="RYY", **({"as_of": NOW} | asked))


def test_a_return_brings_the_list_of_the_week_before(weeks):
    assert found(weeks).opening == 40
    assert found(weeks, as_of=BEFORE + timedelta(days=1)).opening is None
    assert found(weeks, source="chs_sitrep").opening is None
    assert found(weeks, sight=Sight(frozenset({"NQ7"}))).source == "chs_sitrep"


def test_a_return_brings_its_later_stages_and_reasons(weeks):
    one = found(weeks)
    assert one.stages == {"review": {"total": 9, "0-1": 9}}
    assert one.removals == {"seen": 2}
    assert one.own is None


@pytest.mark.parametrize(("freq", "source"), [("W", "weekly_return"), ("M", "chs_sitrep"), (None, "weekly_return")])
def test_a_step_chooses_among_sources_of_that_step(weeks, freq, source):
    assert found(weeks, freq=freq).source == source
    with reading(weeks) as connection:
        assert [one.source for one in read.stored_lists(connection, as_of=NOW, freq=freq, limit=10)] == [source]


def test_a_source_of_another_step_has_nothing(weeks):
    assert found(weeks, freq="M", source="weekly_return") is None
