"""Whole tables for disclosure control: every vintage of every list, whoever looks, with what is known beyond bands."""

from datetime import date

import pytest

from api.disclosure.sheets import Sheets
from tests.deliveries import NOW, figures, load, parsed
from waitlists.details import Detail, Within
from waitlists.domain import ParsedVintage
from waitlists.security.access import EVERYTHING, NOTHING_UNPUBLISHED, Sight
from waitlists.store.read_sheets import has_hidden_figures, periods_of, versions_of
from waitlists.store.seen import look_with, past_sight, sight_on
from waitlists.store.session import reading
from waitlists.suppression import Rule
from waitlists.suppression.sheets import Sheet

SUNDAY, NEXT = date(2025, 5, 4), date(2025, 5, 11)
SOURCE = "weekly_return"
DETAILS = (
    Detail(
        "SALT", "RYY", "list", 12, (12, 0, 0, 0, 0, 0, 0, 0), removals={"died": 2}, completed={"CHS_18W": Within(3, 4)}
    ),
    Detail("SALT", "RYY", "next", 5, (1, 4, 0, 0, 0, 0, 0, 0)),
    Detail("SALT", "RYY", "list", 7, (7, 0, 0, 0, 0, 0, 0, 0), cut="sex", group="F"),
)


def week(period_end, count, *, known, details=()):
    own = ParsedVintage(SOURCE, period_end, figures({("SALT", "RYY"): count}), "RYY/SALT", details=details)
    return parsed(period_end, {("ADHD", "NQ7"): 3}, published_on=known, source=SOURCE, scope="NQ7/ADHD", more=(own,))


def test_every_vintage_is_read_past_the_callers_sight(database):
    first, revised = (
        week(SUNDAY, count, known=known, details=details)
        for count, known, details in ((12, NEXT, DETAILS), (13, NOW.date(), ()))
    )
    load(database, first, revised)
    with reading(database) as connection:
        look_with(connection, NOTHING_UNPUBLISHED)
        with past_sight(connection):
            found = versions_of(connection, source=SOURCE, service="SALT", periods={SUNDAY, NEXT})
        assert sight_on(connection) == NOTHING_UNPUBLISHED
        assert periods_of(connection, source=SOURCE) == (SUNDAY,)
    assert [(one.org, one.scope, one.known_from) for one in found[SUNDAY]] == [
        ("RYY", "RYY/SALT", NEXT),
        ("RYY", "RYY/SALT", NOW.date()),
    ]
    cells = found[SUNDAY][0].counts
    assert cells["waiting", "total"] == 12
    assert cells["removed", "died"] == 2
    assert (cells["completed_of", "CHS_18W"], cells["completed_within", "CHS_18W"]) == (4, 3)
    assert (cells["next", "total"], cells["next", ">1-2"]) == (5, 4)
    assert set(found[SUNDAY][1].counts) == {("waiting", "total")}


def test_tables_are_mixed_where_there_are_figures_that_are_not_ones_own(database):
    published = parsed(date(2025, 3, 31), {("SALT", "RYY"): 882})
    load(database, published)
    with reading(database) as connection:
        assert not has_hidden_figures(connection, NOTHING_UNPUBLISHED)
    load(database, week(SUNDAY, 12, known=NEXT))
    with reading(database) as connection:
        seen = {
            sight: has_hidden_figures(connection, sight)
            for sight in (EVERYTHING, NOTHING_UNPUBLISHED, Sight(frozenset({"RYY"})), Sight(frozenset({"RYY", "NQ7"})))
        }
    assert list(seen.values()) == [False, True, True, False]


def shown(database, source: str, service: str = "SALT") -> dict[str, int | None]:
    with reading(database) as connection:
        weeks = Sheets().of(connection, source=source, service=service, periods=[SUNDAY], rule=Rule.HES)
    found: dict[str, Sheet] = weeks[SUNDAY]
    return {name: one.shown("total") for name, one in found.items()}


@pytest.mark.parametrize("asked", ["weekly_return", "referral_extract", "referral_extract_monthly"])
def test_what_is_hidden_does_not_depend_on_the_source_asked_for(database, asked):
    """A return of 12 and a count of 5 of the same list and day are answers about the same children."""
    returned = parsed(SUNDAY, {("SALT", "RYY"): 12}, published_on=NEXT, scope="RYY", source="weekly_return")
    counted = parsed(SUNDAY, {("SALT", "RYY"): 5}, published_on=NEXT, scope="RYY", source="referral_extract")
    load(database, returned, counted)
    assert shown(database, asked) == {"1/RYY": None, "2/RYY": None}


def test_a_board_is_the_sum_of_those_who_keep_a_list_for_it(database):
    """A London trust's list of Kent children: of 8, 8 and 1 with the total 17 nothing may be left for the 1."""
    sums = ParsedVintage(SOURCE, SUNDAY, figures({("CAMHS", "QKS"): 17}))
    own = [
        ParsedVintage(SOURCE, SUNDAY, figures({("CAMHS", org): count}), org) for org, count in (("RYY", 8), ("NQ7", 8))
    ]
    load(
        database,
        parsed(SUNDAY, {("CAMHS", "RAT"): 1}, published_on=NEXT, scope="RAT", source=SOURCE, more=(*own, sums)),
    )
    found = shown(database, SOURCE, "CAMHS")
    assert sorted(found.values(), key=str) == [15, None, None, None]
