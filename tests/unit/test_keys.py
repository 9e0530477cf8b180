"""Keys: what they look like, and that nothing kept of them gives them away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists.errors import BadArgument
from waitlists.security.access import Role, Scope
from waitlists.security.keys import StoredKey, is_same_hash, keyed_hash, new_key, parse_key

NOW = datetime(2025, 6, 2, 9, tzinfo=UTC)
KEY = new_key(bytes(range(36)))


def test_a_key_reads_back_as_itself():
    assert str(KEY) == "wl_00010203_" + bytes(range(4, 36)).hex()
    assert parse_key(str(KEY)) == KEY


def test_a_key_is_not_shown_by_accident():
    assert KEY.secret not in repr(KEY)
    assert "00010203" in repr(KEY)


@pytest.mark.parametrize("size", [0, 35, 37])
def test_a_key_is_made_of_36_bytes(size):
    with pytest.raises(BadArgument):
        new_key(bytes(size))


@pytest.mark.parametrize(
    "text",
    ["", "wl_", str(KEY)[:-1], f"{KEY}0", f" {KEY}", f"{KEY}\n", str(KEY).upper(), "wl_00010203_" + "g" * 64,
     "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", str(KEY).replace("0", "\N{ARABIC-INDIC DIGIT ZERO}")],
)  # fmt: skip
def test_anything_else_is_no_key(text):
    assert parse_key(text) is None


@given(st.text())
def test_parsing_never_fails(text):
    found = parse_key(text)
    assert found is None or str(found) == text


def test_the_hash_needs_the_pepper_and_the_whole_key():
    hashes = {
        keyed_hash(KEY, ""), keyed_hash(KEY, "a"), keyed_hash(KEY, "b"),
        keyed_hash(replace(KEY, prefix="11111111"), "a"), keyed_hash(replace(KEY, secret="0" * 64), "a"),
    }  # fmt: skip
    assert len(hashes) == 5
    assert all(len(one) == 64 and KEY.secret not in one for one in hashes)
    assert is_same_hash(keyed_hash(KEY, "a"), keyed_hash(KEY, "a"))
    assert not is_same_hash(keyed_hash(KEY, "a"), keyed_hash(KEY, "b"))


def test_a_key_is_usable_until_it_expires_or_is_revoked():
    key = StoredKey("00010203", "0" * 64, Scope(Role.PUBLIC), "", NOW, NOW + timedelta(days=1))
    assert key.state(NOW) == "usable"
    assert key.state(NOW + timedelta(days=1)) == "expired"
    assert replace(key, revoked_at=NOW).state(NOW) == "revoked"
