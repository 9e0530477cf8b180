"""A provider that prints 0 where hundreds waited: the email names it, shows no 0, and says who is left out of a sum."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jobs.warning_week import told_of
from tests.functional.jobs.kit import load_files
from tests.returns import WEEK, as_csv, waiting
from waitlists.mail.subscribers import Subscription
from waitlists.security.access import Role
from waitlists.settings import Settings
from waitlists.store.session import writing
from waitlists.store.subscribers import add_subscriber

NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)
KENT = "Kent Community Health NHS Foundation Trust"


@pytest.fixture
def mails(sqlite_database, tmp_path):
    """By organisation; Kent Community Health sent 0 in the newest week, Medway what it always sends."""
    for org in ("RYY", "QKS", "NQ7"):
        with writing(sqlite_database) as connection:
            add_subscriber(connection, f"{org}@example.org", Subscription(Role.BOARD, ("SALT",), (org,)), now=NOW)
    for weeks, each in ((2, 60), (1, 61), (0, 0)):
        week = WEEK - timedelta(weeks=weeks)
        for provider, count in (("RYY", each), ("NQ7", 70 + weeks)):
            path = tmp_path / f"{provider}-{week}.csv"
            path.write_bytes(as_csv(waiting(week=week, counts=[count] * 8, provider=provider)))
            load_files(sqlite_database, [path], now=NOW - timedelta(weeks=weeks))
    told = told_of(sqlite_database, Settings(), as_of=date(2026, 11, 16), clock=lambda: NOW, on_progress=lambda _: None)
    return dict(zip(("RYY", "QKS", "NQ7"), (mail for _, mail in told), strict=True))


def test_its_own_list_and_the_sum_are_told_without_it_and_the_list_beside_it_as_it_is(mails):
    own, board, other = mails["RYY"], mails["QKS"], mails["NQ7"]
    assert [mail.fault for mail in mails.values()] == [None] * 3
    assert [row.value for row in own.sections[0].rows] == ["a number not known"]
    assert "cannot be right" in own.sections[0].caveats[0]
    assert board.sections[0].rows[0] == ("Waiting, without the missing", "560")
    for mail in (own, board):
        assert mail.late[0].startswith(f"{KENT} sent no figures that can be used for the week to 15 November 2026")
        assert mail.summary[1].startswith(f"{KENT} sent no figures that can be used, so no fall")
        assert mail.subject.endswith("(figures late)")
    assert KENT not in " ".join((*other.late, *other.summary))
