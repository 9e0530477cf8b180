"""The sums of boards follow from what providers sent, in whatever order it arrived."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from sqlalchemy import func, select

from api.views.lists import vintage
from jobs.checks import judge_again
from tests.deliveries import figures, load, parsed
from waitlists.domain import ParsedVintage
from waitlists.store import read, tables
from waitlists.store.session import reading, writing
from waitlists.store.sums import keep_sums

SUNDAY = date(2026, 3, 15)
FIRST, THIRD = SUNDAY + timedelta(days=1), SUNDAY + timedelta(days=3)


def returned(sender, sizes, *, known, week=SUNDAY):
    """A return of one provider: list sizes by service."""
    lists = {(service, sender): {"0-1": size, "total": size} for service, size in sizes.items()}
    own = [
        ParsedVintage("weekly_return", week, figures({line: counts}), scope=f"{sender}/{line[0]}")
        for line, counts in lists.items()
    ]
    return parsed(
        week,
        {},
        published_on=known,
        source="weekly_return",
        scope="none",
        more=tuple(own),
    )


ARRIVALS = (
    returned("RYY", {"SALT": 300, "COMM_PAEDS": 900}, known=FIRST),
    returned("NQ7", {"SALT": 100}, known=THIRD),
    returned("RYY", {"SALT": 310}, known=THIRD),
)


def loaded(engine, *deliveries):
    for delivery in deliveries:
        load(engine, delivery)
        with writing(engine) as connection:
            keep_sums(connection, "weekly_return", {delivery.period_end})


def kent(engine, service, as_of):
    with reading(engine) as connection:
        found = read.stored_list(connection, service=service, org="QKS", as_of=as_of)
    return found.bands.total if found else None


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_sums_of_every_day_are_the_same_in_any_order(database, order):
    loaded(database, *(ARRIVALS[place] for place in order))
    assert [kent(database, "SALT", day) for day in (SUNDAY, FIRST, THIRD)] == [None, 300, 410]
    assert kent(database, "COMM_PAEDS", THIRD) == 900
    with reading(database) as connection:
        sums = connection.execute(select(func.count()).where(tables.vintage.c.scope == "")).scalar()
    assert sums == 2


def test_nothing_is_written_where_the_sums_stand(database):
    loaded(database, *ARRIVALS)
    with reading(database) as connection:
        before = connection.execute(select(tables.vintage.c.id).order_by(tables.vintage.c.id)).scalars().all()
    with writing(database) as connection:
        keep_sums(connection, "weekly_return", {SUNDAY})
    with reading(database) as connection:
        after = connection.execute(select(tables.vintage.c.id).order_by(tables.vintage.c.id)).scalars().all()
    assert after == before


def test_weeks_of_lists_are_those_in_force(database):
    flows = {("waiting", "total"): 300, ("referrals", "total"): 9, ("removals", "total"): 4}
    cells = tuple(
        figure._replace(kind=kind)
        for (kind, band), value in flows.items()
        for figure in figures({("SALT", "RYY"): {band: value}})
    )
    own = ParsedVintage("weekly_return", SUNDAY, cells, "RYY/SALT")
    load(database, parsed(SUNDAY, {}, published_on=FIRST, source="weekly_return", scope="none", more=(own,)))
    loaded(database, returned("RYY", {"SALT": 310}, known=THIRD))
    with reading(database) as connection:
        [(line, weeks)] = [
            item for item in read.weeks_of_lists(connection, "weekly_return").items() if item[0][1] == "RYY"
        ]
    assert line == ("SALT", "RYY")
    assert weeks[SUNDAY].week == (310, None, None, THIRD)


def counted(sender, sizes, *, known, week=SUNDAY):
    """Lists counted from records, and the board's sum over them."""
    cells = {(service, sender): {"total": size} for service, size in sizes.items()}
    board = ParsedVintage(
        "referral_extract", week, figures({(service, "QKS"): {"total": size} for service, size in sizes.items()})
    )
    own = ParsedVintage("referral_extract", week, figures(cells), sender)
    return parsed(week, {}, published_on=known, source="referral_extract", scope="none", more=(own, board))


def answered(engine, as_of, org="QKS"):
    with writing(engine) as connection:
        judge_again(connection, {"weekly_return", "referral_extract"})
    with reading(engine) as connection:
        found = read.stored_list(connection, service="SALT", org=org, as_of=as_of)
    return found.source, found.bands.total, round(found.coverage.share, 2)


def test_of_returns_and_records_the_fuller_sum_answers_and_is_not_called_whole(database):
    loaded(database, returned("NQ7", {"SALT": 800}, known=FIRST))
    load(database, counted("RYY", {"SALT": 80}, known=FIRST))
    assert answered(database, FIRST) == ("weekly_return", 800, 0.91)
    assert answered(database, FIRST, "RYY") == ("referral_extract", 80, 1.0)


def test_of_returns_and_records_the_newer_week_answers(database):
    load(database, counted("RYY", {"SALT": 80}, known=FIRST))
    later = SUNDAY + timedelta(weeks=2)
    loaded(database, returned("RYY", {"SALT": 90}, known=later + timedelta(days=1), week=later))
    assert answered(database, later + timedelta(days=1)) == ("weekly_return", 90, 1.0)
    assert answered(database, FIRST) == ("referral_extract", 80, 1.0)


def named(engine, service, org, as_of):
    """Checksum and name of the file that a list is said to stand in."""
    with reading(engine) as connection:
        found = vintage(read.stored_list(connection, service=service, org=org, as_of=as_of))
    return found["sha256"], found["file_name"]


def behind(engine, service, org, as_of):
    with reading(engine) as connection:
        return read.stored_list(connection, service=service, org=org, as_of=as_of).behind


def test_a_sum_says_how_many_files_it_is_of_and_every_other_list_stands_in_one(database):
    loaded(database, *ARRIVALS)
    assert [behind(database, "SALT", "QKS", day) for day in (FIRST, THIRD)] == [(1,), (2, 3)]
    assert behind(database, "COMM_PAEDS", "QKS", THIRD) == (1,)
    assert [behind(database, "SALT", org, THIRD) for org in ("RYY", "NQ7")] == [(), ()]
    assert named(database, "SALT", "QKS", THIRD) == (None, "sum of 2 files")
    assert named(database, "SALT", "QKS", FIRST) == named(database, "SALT", "RYY", FIRST)
    assert None not in named(database, "SALT", "QKS", FIRST)


def test_services_of_one_sender_in_two_files_are_each_a_sum_of_one(database):
    loaded(database, returned("RYY", {"SALT": 300}, known=FIRST), returned("RYY", {"COMM_PAEDS": 90}, known=FIRST))
    assert [behind(database, service, "QKS", FIRST) for service in ("SALT", "COMM_PAEDS")] == [(1,), (2,)]
    assert [named(database, service, "QKS", FIRST)[1] for service in ("SALT", "COMM_PAEDS")] == [
        "sum of 1 file", "2026-03-15.xlsx",
    ]  # fmt: skip
