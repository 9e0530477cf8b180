"""What was decided of weeks, kept: found for the very same figures, passed by once they have changed."""

import signal
from datetime import date

import pytest
from sqlalchemy import event

from api.disclosure.sheets import SeriesOf, Sheets, Told
from jobs.decide import decide_weeks, deciding
from tests.deliveries import figures, load, parsed
from waitlists.domain import ParsedVintage
from waitlists.store.decided import decided_of
from waitlists.store.read import latest_version, list_history
from waitlists.store.read_sheets import weeks_of
from waitlists.store.session import reading
from waitlists.suppression import Rule

SUNDAYS = date(2025, 5, 4), date(2025, 5, 11)
SOURCE = "weekly_return"


def returns(period_end, counts, *, known):
    """Returns of three providers with their sum, in one delivery."""
    parts = [
        ParsedVintage(SOURCE, period_end, figures({("SALT", org): count}), org)
        for org, count in zip(("NQ7", "RPA"), counts, strict=False)
    ]
    sums = ParsedVintage(SOURCE, period_end, figures({("SALT", "QKS"): sum(counts)}), "")
    scope = {"source": SOURCE, "scope": "RYY"}
    return parsed(period_end, {("SALT", "RYY"): counts[-1]}, published_on=known, **scope, more=(*parts, sums))


@pytest.fixture
def loaded(database):
    weeks = zip(SUNDAYS, ((8, 8, 1), (9, 8, 2)), strict=True)
    load(database, *(returns(week, counts, known=week) for week, counts in weeks))
    return database


def shown(database, rule=Rule.HES):
    with reading(database) as connection:
        return Sheets().of(connection, source=SOURCE, service="SALT", periods=SUNDAYS, rule=rule)


def known(database, rule=Rule.HES):
    with reading(database) as connection:
        found = weeks_of(connection, source=SOURCE, service="SALT", periods=SUNDAYS)
        weeks = {week.digest(rule): week for week in found}
        return [weeks[digest].period_end for digest in decided_of(connection, weeks, rule)]


def decide(database, rule=Rule.HES, jobs=1):
    told = []
    decided = decide_weeks(database, rule, on_progress=told.append, jobs=jobs)
    return len(decided.weeks), [(one.done, one.total) for one in told]


@pytest.mark.parametrize("rule", Rule)
def test_weeks_are_decided_once_and_shown_as_they_are_without(loaded, rule):
    before = shown(loaded, rule)
    assert known(loaded, rule) == []
    assert decide(loaded, rule) == (2, [(1, 2), (2, 2)])
    assert sorted(known(loaded, rule)) == list(SUNDAYS)
    assert decide(loaded, rule) == (0, [])
    assert shown(loaded, rule) == before
    assert any(sheet.plan.extra for week in before.values() for sheet in week.values())


def test_a_week_with_other_figures_is_decided_again(loaded):
    decide(loaded)
    load(loaded, returns(SUNDAYS[0], (8, 9, 3), known=date(2025, 5, 20)))
    # The week after begins with what has changed.
    assert known(loaded) == []
    assert decide(loaded)[0] == 2
    assert sorted(known(loaded)) == list(SUNDAYS)


def test_the_newest_week_alone_is_decided_when_it_comes(loaded):
    decide(loaded)
    load(loaded, returns(date(2025, 5, 18), (9, 9, 3), known=date(2025, 5, 20)))
    assert decide(loaded)[0] == 1


def test_each_rule_decides_for_itself(loaded):
    decide(loaded)
    assert known(loaded, Rule.MHSDS) == []


def test_nothing_is_decided_of_published_figures(database):
    load(database, parsed(date(2025, 3, 31), {("SALT", "QKS"): 5}))
    assert decide(database) == (0, [])


def test_processes_decide_the_same(loaded):
    load(loaded, returns(date(2025, 5, 18), (9, 9, 3), known=date(2025, 5, 20)))
    before = shown(loaded)
    assert decide(loaded, jobs=2)[0] == 3
    assert shown(loaded) == before


def test_weeks_are_decided_beside_other_work(loaded, database_url):
    with deciding(database_url, Rule.HES, day=SUNDAYS[-1]) as work:
        work.join(60)
        assert work.exitcode == 0
    assert sorted(known(loaded)) == list(SUNDAYS)


def test_work_that_ends_first_leaves_weeks_undecided(loaded, database_url):
    with deciding(database_url, Rule.HES, day=SUNDAYS[-1]) as work:
        pass
    assert work.exitcode == -signal.SIGTERM
    assert known(loaded) == []


def test_a_week_is_read_once_for_each_version_of_the_data(loaded):
    kept = Sheets()
    about = {"source": SOURCE, "service": "SALT", "periods": SUNDAYS, "rule": Rule.HES}
    with reading(loaded) as connection:
        first = kept.of(connection, **about)
    with reading(loaded) as connection:
        statements = asked_of(connection)
        assert kept.of(connection, **about) == first
    assert not any("figure" in one for one in statements)
    load(loaded, returns(SUNDAYS[0], (8, 9, 3), known=date(2025, 5, 20)))
    with reading(loaded) as connection:
        assert kept.of(connection, **about) == shown(loaded) != first


def test_weeks_are_kept_up_to_so_many_numbers_and_the_oldest_go_first(loaded):
    about = {"source": SOURCE, "service": "SALT", "rule": Rule.HES}
    tables = {id(sheet.table): sheet.table for week in shown(loaded).values() for sheet in week.values()}
    both = sum(1 + len(table.counts) for table in tables.values())
    assert (len(tables), both > 50) == (2, True)

    def read_again(most, again):
        kept = Sheets(most)
        with reading(loaded) as connection:
            for periods in (SUNDAYS[:1], SUNDAYS[1:]):
                kept.of(connection, periods=periods, **about)
            statements = asked_of(connection)
            assert kept.of(connection, periods=[again], **about)[again] == shown(loaded)[again]
        return any("figure" in one for one in statements)

    assert [read_again(both, again) for again in SUNDAYS] == [False, False]
    assert [read_again(both - 1, again) for again in SUNDAYS] == [True, False]
    assert [read_again(0, again) for again in SUNDAYS] == [True, True]


def test_what_sheets_tell_of_a_series_outlasts_them(loaded):
    kept, read = Sheets(most=0), []
    series = SeriesOf(SOURCE, "SALT", "QKS", "list_size", None, "waiting", Rule.HES)
    for _ in range(2):
        with reading(loaded) as connection:
            lists = list_history(connection, source=SOURCE, service="SALT", as_of=date(2025, 6, 1))
            vintages = lists.vintages_of("QKS", as_of=date(2025, 6, 1))
            steps = [(day, vintages[day].id) for day in SUNDAYS]
            version = latest_version(connection)
            kept.told(connection, series, steps, lambda sheet: read.append(sheet.node) or Told(None), version=version)
    assert len(read) == 2


def test_what_sheets_tell_of_a_series_is_found_once_for_each_version_of_the_data(loaded):
    kept, read = Sheets(most_series=1), []

    def told(org):
        series = SeriesOf(SOURCE, "SALT", org, "list_size", None, "waiting", Rule.HES)
        with reading(loaded) as connection:
            lists = list_history(connection, source=SOURCE, service="SALT", as_of=date(2025, 6, 1))
            vintages = lists.vintages_of(org, as_of=date(2025, 6, 1))
            steps = [(day, vintages[day].id) for day in SUNDAYS] + [(date(2025, 5, 18), None)]
            return kept.told(connection, series, steps, tell, version=latest_version(connection))

    def tell(sheet):
        read.append(sheet.node)
        return Told(sheet.shown("total"), sheet.table.counts.get(sheet.name("total")))

    first = told("QKS")
    assert [one.exact for one in first] == [17, 19, None]
    assert (told("QKS"), len(read)) == (first, 2)
    # Of one series more than are kept the oldest is found again.
    assert told("NQ7") != first
    assert (told("QKS"), len(read)) == (first, 6)
    load(loaded, returns(SUNDAYS[0], (8, 9, 3), known=date(2025, 5, 20)))
    assert [one.exact for one in told("QKS")] == [20, 19, None]


def test_before_anything_is_published_nothing_is_kept_by_version(database):
    assert shown(database) == {period: {} for period in SUNDAYS}


def asked_of(connection):
    """The statements that are executed on a connection from now on, as they come."""
    statements: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *told: statements.append(told[2]))
    return statements
