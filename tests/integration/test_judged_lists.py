"""Trends kept ahead of the question: found for what they hold for, in both databases, and for nothing else."""

from datetime import date, datetime

import pytest

from jobs.decisions import add
from tests.deliveries import load, parsed
from waitlists.domain import Measure
from waitlists.store.judged import (
    Days,
    KeptList,
    Origin,
    Place,
    Stamp,
    carry_over,
    carry_unchanged,
    keep_judged,
    kept_lists,
    kept_rows,
    origin_of,
    same_days,
)
from waitlists.store.session import reading, writing
from waitlists.trends.decisions import Charted, Decision, Words

STAMP = Stamp(3, "a" * 64)
DAYS = Days(date(2025, 5, 1), date(2025, 6, 1))
ORIGIN = Origin("f" * 64, DAYS)
SALT, OTHER = Place("SALT", "QKS", "weekly_return"), Place("ASD", "RYY", "weekly_return")
CELLS = [["concern_high", None, 2, 1]]


def kept(place, view="exact", firsts=("any", "W")):
    return KeptList(place, view, frozenset(firsts), CELLS)


@pytest.fixture
def judged(database):
    with writing(database) as connection:
        for place in (SALT, OTHER):
            both = [(kept(place, view), [{"value": view}]) for view in ("exact", "hes")]
            keep_judged(connection, place.service, both, stamp=STAMP, origin=ORIGIN)
    return database


def found(database, stamp=STAMP, day=DAYS.since, **more):
    with reading(database) as connection:
        return sorted(kept_lists(connection, stamp=stamp, day=day, **more), key=lambda one: (one.place, one.view))


def test_what_is_kept_comes_back(judged):
    assert found(judged) == [kept(place, view) for place in (OTHER, SALT) for view in ("exact", "hes")]
    assert [one.place for one in found(judged, service="SALT")] == [SALT, SALT]
    with reading(judged) as connection:
        rows = kept_rows(connection, [(SALT, "hes"), (OTHER, "exact")])
        assert rows == {(SALT, "hes"): [{"value": "hes"}], (OTHER, "exact"): [{"value": "exact"}]}
        assert kept_rows(connection, []) == {}


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        (STAMP._replace(dataset_version=4), DAYS.since),
        (STAMP._replace(made_by="b" * 64), DAYS.since),
        (STAMP, date(2025, 4, 30)),
        (STAMP, DAYS.until),
    ],
)
def test_it_is_found_for_what_it_holds_for_alone(judged, stamp, day):
    assert found(judged, stamp, day) == []


def test_what_is_kept_again_takes_its_place(judged):
    with writing(judged) as connection:
        keep_judged(connection, "SALT", [], stamp=STAMP, origin=Origin("f" * 64, Days(DAYS.since, None)))
    assert {one.place for one in found(judged)} == {OTHER}


def test_a_version_that_changes_one_service_carries_the_others_over(judged):
    with writing(judged) as connection:
        carry_over(connection, 5)
        assert kept_lists(connection, stamp=STAMP._replace(dataset_version=5), day=DAYS.since) == []
        carry_over(connection, 4, but="SALT")
    assert found(judged) == []
    assert {one.place for one in found(judged, STAMP._replace(dataset_version=4))} == {OTHER}


def test_what_was_made_from_the_same_holds_for_another_version_on_its_days(judged):
    later = STAMP._replace(dataset_version=9)
    with writing(judged) as connection:
        origins = {place: origin_of(connection, place.service, DAYS.since) for place in (SALT, OTHER)}
        keep_judged(connection, "SALT", [(kept(SALT), [])], stamp=STAMP, origin=Origin(origins[SALT].made_from, DAYS))
        for stamp, day in ((later._replace(made_by="b" * 64), DAYS.since), (later, DAYS.until)):
            carry_unchanged(connection, stamp=stamp, day=day)
            assert kept_lists(connection, stamp=stamp, day=DAYS.since) == []
        carry_unchanged(connection, stamp=later, day=DAYS.since)
    assert [one.place for one in found(judged, later)] == [SALT]
    assert {one.place for one in found(judged)} == {OTHER}


def test_the_same_is_known_from_one_change_to_the_next(database):
    load(database, parsed(date(2025, 3, 31), {("SALT", "QKS"): 5}, published_on=date(2025, 5, 8)))
    about = Charted(service="SALT", org="QKS", measure=Measure.LIST_SIZE)
    decision = Decision(
        what="rebase",
        about=about,
        since=date(2025, 3, 1),
        value=None,
        words=Words("A second clinic opened", "improvement board", date(2025, 5, 20)),
    )
    add(database, decision, clock=lambda: datetime.fromisoformat("2025-05-22T09:00:00+00:00"))
    with reading(database) as connection:
        early, between, late = (same_days(connection, date(2025, 5, day)) for day in (1, 9, 30))
    assert early == Days(date(2025, 5, 1), date(2025, 5, 8))
    assert (between, late) == (Days(date(2025, 5, 8), date(2025, 5, 22)), Days(date(2025, 5, 22), None))
