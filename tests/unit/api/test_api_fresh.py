"""A value that was read is good for a moment, then read again, by one at a time, and never taken back."""

import asyncio

import pytest

from api.fresh import Fresh
from waitlists.errors import DatabaseUnavailable


class Source:
    now, reads, is_down = 100.0, 0, False

    def clock(self) -> float:
        return self.now

    def read(self) -> int:
        if self.is_down:
            raise DatabaseUnavailable("away")
        self.reads += 1
        return self.reads


@pytest.fixture
def source():
    return Source()


@pytest.fixture
def fresh(source):
    return Fresh(source.read, keep_seconds=1, seconds=source.clock)


def test_it_is_read_again_when_it_is_too_old(source, fresh):
    assert fresh.last is None
    found = []
    for moment in (100, 100.9, 101, 101.9, 102):
        source.now = moment
        found.append(asyncio.run(fresh.value()))
    assert found == [1, 1, 2, 2, 3]
    assert fresh.last == 3


def test_many_at_once_read_it_once(fresh):
    async def many():
        return await asyncio.gather(*(fresh.value() for _ in range(20)))

    assert asyncio.run(many()) == [1] * 20


def test_what_is_too_old_is_not_used_for_want_of_a_newer_one(source, fresh):
    asyncio.run(fresh.value())
    source.now, source.is_down = 200, True
    with pytest.raises(DatabaseUnavailable):
        asyncio.run(fresh.value())


def test_a_value_read_elsewhere_counts_unless_it_is_older(source, fresh):
    fresh.note(7, read_at=100.5)
    fresh.note(6, read_at=100.4)
    assert asyncio.run(fresh.value()) == 7
    assert source.reads == 0
