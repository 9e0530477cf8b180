"""A list that fell suddenly is called so in the email until somebody says, with a reason, why it is another list."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jobs.decisions import add
from jobs.mail.breach_caveats import FELL
from jobs.mail.breach_words import NO_LONGER_SHOWN
from jobs.warning_week import told_of
from tests.functional.jobs.kit import load_files
from tests.returns import WEEK, as_csv, waiting
from waitlists.domain import Measure
from waitlists.mail.subscribers import Subscription
from waitlists.security.access import Role
from waitlists.settings import Settings
from waitlists.store.session import writing
from waitlists.store.subscribers import add_subscriber
from waitlists.trends.decisions import Charted, Decision, Words

MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)


def caveats(engine):
    told = told_of(engine, Settings(), as_of=MONDAY, clock=lambda: NOW, on_progress=lambda _: None)
    return [line for _, mail in told for section in mail.sections for line in section.caveats]


@pytest.mark.parametrize(
    ("measure", "since", "settles"),
    [
        (Measure.LIST_SIZE, WEEK, True),
        (Measure.LIST_SIZE, WEEK - timedelta(days=6), True),
        (Measure.LIST_SIZE, WEEK - timedelta(days=7), False),
        (Measure.OVER_18_WEEKS, WEEK, False),
    ],
)
def test_a_rebase_of_the_list_settles_its_fall_in_the_email(sqlite_database, tmp_path, measure, since, settles):
    with writing(sqlite_database) as connection:
        add_subscriber(connection, "b@example.org", Subscription(Role.BOARD, ("SALT",), ("RYY",)), now=NOW)
    for weeks, each in ((2, 60), (1, 61), (0, 20)):
        week = WEEK - timedelta(weeks=weeks)
        path = tmp_path / f"{week}.csv"
        path.write_bytes(as_csv(waiting(week=week, counts=[each] * 8)))
        load_files(sqlite_database, [path], now=NOW - timedelta(weeks=weeks))
    assert FELL in caveats(sqlite_database)
    words = Words("Records of families that moved were closed", "improvement board", MONDAY)
    about = Charted(service="SALT", org="RYY", measure=measure)
    decision = Decision(what="rebase", about=about, since=since, value=None, words=words)
    add(sqlite_database, decision, clock=lambda: NOW)
    said = caveats(sqlite_database)
    assert (FELL not in said) is settles
    assert any("the cause is not known" in line for line in said) is not settles


@pytest.mark.parametrize(("before", "now", "is_told"), [(20, 0, True), (20, 20, False), (0, 0, False), (0, 20, False)])
def test_a_size_that_is_no_longer_shown_is_called_no_sign_that_fewer_wait(
    sqlite_database, tmp_path, before, now, is_told
):
    """Three children wait beside those of the bands, which is too few to be shown where nobody else does."""
    with writing(sqlite_database) as connection:
        add_subscriber(connection, "b@example.org", Subscription(Role.BOARD, ("SALT",), ("RYY",)), now=NOW)
    for weeks, each in ((1, before), (0, now)):
        week = WEEK - timedelta(weeks=weeks)
        path = tmp_path / f"{week}.csv"
        path.write_bytes(as_csv(waiting(week=week, counts=[each + 3, *[each] * 7])))
        load_files(sqlite_database, [path], now=NOW - timedelta(weeks=weeks))
    assert (NO_LONGER_SHOWN in caveats(sqlite_database)) is is_told
