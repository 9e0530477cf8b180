"""Whole tables for disclosure control: every vintage of every list, whoever looks, with what is known beyond bands."""

from datetime import date

from tests.deliveries import NOW, figures, load, parsed
from waitlists.access import EVERYTHING, NOTHING_UNPUBLISHED, Sight
from waitlists.details import Detail, Within
from waitlists.domain import ParsedVintage
from waitlists.store.read_sheets import has_hidden_figures, periods_of, versions_of
from waitlists.store.seen import look_with, past_sight, sight_on
from waitlists.store.session import reading

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
