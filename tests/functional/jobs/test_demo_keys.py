"""The demonstration's keys: kept while they open something, made anew when they do not."""

import json

import pytest

from jobs.demo.keys import demo_keys
from jobs.keys import listed, revoke
from tests.functional.jobs.kit import NOW
from waitlists.errors import BadArgument
from waitlists.security.access import Role


@pytest.fixture
def made(sqlite_database, tmp_path):
    def make(pepper=""):
        return demo_keys(tmp_path / "keys.json", sqlite_database, now=NOW, pepper=pepper)

    return make


def test_there_is_one_for_each_role_and_again_the_same(made, tmp_path):
    keys = made()
    assert list(keys) == list(Role)
    assert json.loads((tmp_path / "keys.json").read_text()) == keys
    assert made() == keys


def test_keys_that_open_nothing_are_made_anew(made, tmp_path, sqlite_database):
    first = made()
    revoke(sqlite_database, first["board"], now=NOW)
    second = made()
    assert set(first.values()).isdisjoint(second.values())
    assert set(made("another").values()).isdisjoint(second.values())
    for spoilt in ("", "[]", '{"public": "x"}', json.dumps(dict.fromkeys(Role, "x"))):
        (tmp_path / "keys.json").write_text(spoilt)
        assert set(made()) == set(Role)
    assert len(listed(sqlite_database)) == 7 * len(Role)


def test_a_file_that_cannot_be_written_is_said(sqlite_database, tmp_path):
    with pytest.raises(BadArgument, match="cannot write"):
        demo_keys(tmp_path / "nowhere" / "keys.json", sqlite_database, now=NOW, pepper="")
