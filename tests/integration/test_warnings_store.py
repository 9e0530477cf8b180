"""Breach warnings in both databases: once for a day, as known on any day, and who took which."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from forecasting.warnings.kept import kept, warning_of
from jobs.warn import keep, worked_out
from tests.functional.api.weekly import BOARD, SUNDAYS, fill_weekly, world
from tests.warned import MONDAY, WEEK, warning
from waitlists.security.access import EVERYTHING, NOTHING_UNPUBLISHED, Role, Sight
from waitlists.store import tables, write
from waitlists.store.session import reading, writing
from waitlists.store.warnings import (
    Taken,
    add_taken,
    kept_warnings,
    last_kept,
    lists_warned_of,
    load_assessment,
    newest_assessment,
    taken_until,
)

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
ONE = warning()
TWO = warning(org="NQ7")


def run(database, found, as_of=MONDAY, *, is_published=True):
    with writing(database) as connection:
        run_id = write.start_run(connection, command="warn", as_of=as_of, now=NOW)
        is_new = keep(connection, found, as_of=as_of, run_id=run_id)
        if is_published:
            write.publish(connection, run_id=run_id, now=NOW)
        write.finish_run(connection, run_id, status="done", summary={}, now=NOW)
    return is_new


def rows(database, table):
    with reading(database) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_the_same_day_again_stores_nothing_and_another_answer_stands_beside_it(database):
    assert run(database, [ONE, TWO])
    assert not run(database, [ONE, TWO])
    assert (rows(database, tables.breach_assessment), rows(database, tables.breach_warning)) == (1, 2)
    other = replace(ONE, life=replace(ONE.life, severity="high"))
    assert run(database, [other])
    with reading(database) as connection:
        found = load_assessment(connection, as_of=MONDAY)
    assert [one.severity for one in found.warnings] == ["high"]
    assert rows(database, tables.breach_warning) == 3


def test_what_was_worked_out_is_read_as_it_was(database):
    run(database, [ONE, TWO])
    with reading(database) as connection:
        found = load_assessment(connection, as_of=MONDAY)
    assert [warning_of(one.content) for one in found.warnings] == [TWO, ONE]
    assert kept(warning_of(found.warnings[0].content)) == found.warnings[0].content


def test_a_day_is_answered_with_what_was_known_on_it(database):
    run(database, [ONE])
    run(database, [TWO], MONDAY + WEEK)
    run(database, [], MONDAY + 2 * WEEK)
    with reading(database) as connection:
        assert newest_assessment(connection, as_of=MONDAY - timedelta(days=1)) is None
        assert newest_assessment(connection, as_of=MONDAY + timedelta(days=3)).as_of == MONDAY
        assert load_assessment(connection, before=MONDAY + WEEK).as_of == MONDAY
        # A day without any is a day without any, not the day before.
        assert load_assessment(connection, as_of=MONDAY + 3 * WEEK).warnings == []
        assert last_kept(connection, ONE.id, as_of=MONDAY + 3 * WEEK, given=EVERYTHING)[0].as_of == MONDAY
        assert last_kept(connection, "0" * 16, as_of=MONDAY, given=EVERYTHING) is None


def test_readers_see_what_is_published_and_runs_go_on_from_what_is_stored(database):
    run(database, [ONE], is_published=False)
    with reading(database) as connection:
        assert newest_assessment(connection, as_of=MONDAY) is None
        assert last_kept(connection, ONE.id, as_of=MONDAY, given=EVERYTHING) is None
        assert newest_assessment(connection, as_of=MONDAY, is_published=False) is not None


def test_pages_and_filters(database):
    run(
        database,
        [ONE, TWO, warning(standard_id="CHS_52W", org="NQ7"), warning(service="ASD", standard_id="ASD_NICE_13W")],
    )
    with reading(database) as connection:
        found = newest_assessment(connection, as_of=MONDAY)
        every = kept_warnings(connection, found.id)
        places = [(one.service, one.org, one.standard_id) for one in every]
        assert places == sorted(places)
        first = kept_warnings(connection, found.id, limit=2)
        assert [*first, *kept_warnings(connection, found.id, after=places[1])] == list(every)
        assert len(kept_warnings(connection, found.id, wanted={"org": "NQ7", "standard_id": "CHS_18W"})) == 1


@pytest.mark.parametrize(
    ("given", "places"),
    [
        (EVERYTHING, [("referral_extract", "NQ7"), ("chs_sitrep", "RPA"), ("referral_extract", "RYY")]),
        (Sight(frozenset({"RYY"})), [("chs_sitrep", "RPA"), ("referral_extract", "RYY")]),
        (NOTHING_UNPUBLISHED, [("chs_sitrep", "RPA")]),
    ],
)
def test_a_reader_is_given_warnings_of_published_lists_and_of_those_of_its_sight(database, given, places):
    run(database, [ONE, TWO, warning(source="chs_sitrep", org="RPA")])
    with reading(database) as connection:
        found = newest_assessment(connection, as_of=MONDAY)
        every = kept_warnings(connection, found.id, given=given)
        assert [(one.source, one.org) for one in every] == places
        assert lists_warned_of(connection, found.id, wanted={}, given=given) == set(places)
        known = [last_kept(connection, one.id, as_of=MONDAY, given=given) for one in (ONE, TWO)]
        assert [found is not None for found in known] == [("referral_extract", org) in places for org in ("RYY", "NQ7")]


def test_who_took_it_is_only_added_to(database):
    one = Taken(ONE.id, NOW, date(2026, 11, 16), date(2026, 12, 1), "abc", Role.PROVIDER, "medium", "More clinics.")
    later = replace(one, at=NOW + timedelta(days=2), known_on=date(2026, 11, 18), actor="def")
    other = replace(one, warning=TWO.id)
    with writing(database) as connection:
        for taken in (later, one, other):
            add_taken(connection, taken)
    with reading(database) as connection:
        assert taken_until(connection, date(2026, 11, 18), warnings=[ONE.id]) == [one, later]
        assert {taken.warning for taken in taken_until(connection, date(2026, 11, 17))} == {ONE.id, TWO.id}
    with pytest.raises(IntegrityError), writing(database) as connection:
        add_taken(connection, replace(one, until=date(2026, 11, 1), at=NOW + timedelta(seconds=1)))


@pytest.fixture
def weekly(database):
    fill_weekly(database, world())
    return database


def warned(database, as_of):
    with writing(database) as connection:
        run_id = write.start_run(connection, command="warn", as_of=as_of, now=NOW)
        found = worked_out(connection, as_of=as_of)
        is_new = keep(connection, found, as_of=as_of, run_id=run_id)
        write.finish_run(connection, run_id, status="done", summary={}, now=NOW)
    return found, is_new


def test_weeks_are_warned_of_one_after_the_other_and_again_to_the_same(weekly):
    days = [week + timedelta(days=1) for week in SUNDAYS[1:]]
    first = [warned(weekly, day) for day in days]
    assert all(is_new and found for found, is_new in first)
    again = [warned(weekly, day) for day in days]
    assert again == [(found, False) for found, _ in first]
    last = {(one.figures.org, one.figures.standard_id): one for one in first[-1][0]}
    assert last[BOARD, "CHS_18W"].life.raised_on == days[0]
    # The commissioner is asked first of the whole area, and last.
    assert last[BOARD, "CHS_18W"].life.state == "raised"


def test_an_acknowledgement_counts_from_the_day_after(weekly):
    days = [week + timedelta(days=1) for week in SUNDAYS[1:]]
    first = warned(weekly, days[0])[0][0]
    taken = Taken(
        first.id,
        NOW,
        days[0] + timedelta(days=1),
        days[1] + WEEK,
        "abc",
        Role.COMMISSIONER,
        first.life.severity,
        "Soon.",
    )
    with writing(weekly) as connection:
        add_taken(connection, taken)
        add_taken(connection, replace(taken, at=NOW + timedelta(hours=1), known_on=days[1], until=days[1]))
    found = {one.id: one for one in warned(weekly, days[1])[0]}[first.id]
    if found.life.state != "worse":
        assert (found.life.state, found.life.acknowledged.until) == ("acknowledged", days[1] + WEEK)
    assert not warned(weekly, days[0])[1]
