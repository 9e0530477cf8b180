"""Readiness follows the database, asks it again after growing pauses, and ends when a stop begins."""

import pytest

from api.readiness import DRAINING, LONGEST_PAUSE_SECONDS, READY, UNAVAILABLE, WRONG_SCHEMA, Readiness
from waitlists.errors import DatabaseUnavailable, SchemaMismatch


class Database:
    """A database that is in the state it is told to be in, and counts how often it is asked."""

    def __init__(self, error=None):
        self.error, self.asked, self.seconds = error, 0, 0.0

    def check(self, _engine):
        self.asked += 1
        if self.error:
            raise self.error

    def readiness(self) -> Readiness:
        return Readiness(None, check=self.check, seconds=lambda: self.seconds)


@pytest.mark.parametrize(
    ("error", "verdict"),
    [(None, READY), (DatabaseUnavailable("down"), UNAVAILABLE), (SchemaMismatch("old"), WRONG_SCHEMA)],
)
def test_the_verdict_names_what_is_wrong(error, verdict):
    assert Database(error).readiness().verdict() == verdict


def test_it_comes_back_by_itself():
    database = Database(DatabaseUnavailable("down"))
    readiness = database.readiness()
    assert readiness.verdict() == UNAVAILABLE
    database.error, database.seconds = None, LONGEST_PAUSE_SECONDS
    assert readiness.verdict() == READY


def test_a_database_that_goes_down_later_is_noticed():
    database = Database()
    readiness = database.readiness()
    assert readiness.verdict() == READY
    database.error, database.seconds = DatabaseUnavailable("down"), 1.0
    assert readiness.verdict() == UNAVAILABLE


def test_a_database_that_is_down_is_asked_after_growing_pauses():
    database = Database(DatabaseUnavailable("down"))
    readiness = database.readiness()
    for _ in range(1000):
        readiness.verdict()
        database.seconds += 0.01
    assert 6 <= database.asked <= 9


def test_a_stop_that_began_is_said_without_asking_the_database():
    database = Database()
    readiness = database.readiness()
    readiness.drain()
    assert readiness.verdict() == DRAINING
    assert database.asked == 0
    readiness.begin()
    assert readiness.verdict() == READY
