"""The chain of the audit: whole as written, and broken wherever anything was done to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists.security.audit import FIRST, Look, Tally, chained, entry_hash, verify

NOW = datetime(2025, 6, 2, 9, tzinfo=UTC)
EMPTY = Tally(0, FIRST)


def look(second: int = 0, **changed) -> Look:
    fields = {"actor": "00010203", "role": "provider", "action": "/v1/runs", "service": None, "org": None} | changed
    return Look(at=NOW + timedelta(seconds=second), result=200, **fields)


ENTRIES = list(chained(map(look, range(5)), after=EMPTY))
WHOLE = Tally(5, ENTRIES[-1].hash)


def test_an_untouched_chain_holds():
    assert verify(ENTRIES, WHOLE).broken is None
    assert verify([], EMPTY).broken is None


def test_a_chain_written_in_parts_is_the_same_chain():
    first = list(chained(map(look, range(2)), after=EMPTY))
    rest = list(chained(map(look, range(2, 5)), after=Tally(2, first[-1].hash)))
    assert first + rest == ENTRIES


@pytest.mark.parametrize("number", range(1, 6))
def test_a_changed_entry_is_named(number):
    touched = [replace(one, look=replace(one.look, org="QKS")) if one.number == number else one for one in ENTRIES]
    assert verify(touched, WHOLE).broken == f"entry {number} was changed after it was written"


@pytest.mark.parametrize("number", range(1, 5))
def test_a_changed_entry_with_its_hash_mended_breaks_the_next_link(number):
    touched = list(ENTRIES)
    changed = replace(touched[number - 1].look, result=404)
    before = touched[number - 1].previous
    touched[number - 1] = replace(touched[number - 1], look=changed, hash=entry_hash(number, changed, before))
    assert verify(touched, WHOLE).broken == f"entry {number + 1} does not follow the entry before it"


@pytest.mark.parametrize("number", range(1, 5))
def test_an_entry_taken_out_is_missed(number):
    assert verify([one for one in ENTRIES if one.number != number], WHOLE).broken == f"entry {number} is missing"


def test_entries_cut_off_the_end_are_missed():
    assert verify(ENTRIES[:3], WHOLE).broken == "the last entry is 3, but 5 were written"
    assert verify(ENTRIES[:3], WHOLE).entries == 3


def test_the_zone_a_time_is_written_in_changes_nothing():
    there = replace(look(), at=NOW.astimezone(timezone(timedelta(hours=1))))
    assert entry_hash(1, there, FIRST) == entry_hash(1, look(), FIRST)


@given(st.lists(st.tuples(st.text(), st.text(), st.none() | st.text()), max_size=6), st.data())
def test_any_change_to_any_field_is_noticed(rows, data):
    looks = [look(actor=actor, action=action, org=org) for actor, action, org in rows]
    entries = list(chained(looks, after=EMPTY))
    tally = Tally(len(entries), entries[-1].hash if entries else FIRST)
    assert verify(entries, tally).broken is None
    if entries:
        at = data.draw(st.integers(0, len(entries) - 1))
        name = data.draw(st.sampled_from(["actor", "action", "role"]))
        entries[at] = replace(entries[at], look=replace(entries[at].look, **{name: "\0changed"}))
        assert verify(entries, tally).broken
