"""Sessions: what they open, until when, and what cannot be made of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists.security.access import Role, Scope
from waitlists.security.keys import StoredKey, keyed_hash, new_key
from waitlists.security.sessions import LASTS, holder_of, new_session

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
KEY = new_key(bytes(36))
STORED = StoredKey(KEY.prefix, keyed_hash(KEY, "salt"), Scope(Role.PUBLIC), "test", NOW, NOW + timedelta(days=90))
KEYS = {STORED.prefix: STORED}
SESSION = new_session(STORED, pepper="salt", now=NOW)


def opened(session=SESSION, keys=KEYS, *, pepper="salt", now=NOW):
    return holder_of(session, keys, pepper=pepper, now=now)


def test_a_session_stands_for_its_key_and_does_not_hold_it():
    assert opened() == STORED
    assert KEY.secret not in SESSION
    assert STORED.hash not in SESSION


def test_a_session_ends_after_its_hours():
    assert opened(now=NOW + LASTS - timedelta(seconds=1)) == STORED
    assert opened(now=NOW + LASTS) is None


def test_a_key_that_is_gone_opens_nothing():
    assert opened(keys={}) is None


def test_another_hash_or_pepper_ends_every_session():
    assert opened(keys={STORED.prefix: replace(STORED, hash="0" * 64)}) is None
    assert opened(pepper="other") is None


def test_a_longer_time_cannot_be_written_into_a_session():
    prefix, until, code = SESSION.split(".")
    assert opened(f"{prefix}.{int(until) + 1}.{code}") is None


@pytest.mark.parametrize("text", ["", "x", SESSION + "0", SESSION.replace(".", ":"), "0" * 100_000, SESSION.upper()])
def test_what_is_no_session_opens_nothing(text):
    assert opened(text) is None


@given(st.text(max_size=100))
def test_no_text_opens_anything(text):
    assert opened(text) is None
