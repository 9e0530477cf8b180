"""What becomes of a request that comes with a key, row by row."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists.security.once import GIVEN_UP_AFTER, KEPT_FOR, Done, Fate, First, claimed, fate, is_key

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
CLAIM = claimed("0badf00d", "k1", route="POST /v1/scenarios", parameters=b"/v1/scenarios?", body=b"{}")
SAME, OTHER = CLAIM.fingerprint, "0" * 64
MOMENT, DAY = timedelta(seconds=1), timedelta(hours=24)
DONE = Done(201, b"{}")


@pytest.mark.parametrize(
    ("fingerprint", "age", "done", "found"),
    [
        (SAME, timedelta(0), DONE, Fate.REPLAY),
        (SAME, DAY - MOMENT, DONE, Fate.REPLAY),
        (SAME, DAY, DONE, Fate.DO),
        (OTHER, timedelta(0), DONE, Fate.REFUSE),
        (OTHER, DAY - MOMENT, DONE, Fate.REFUSE),
        (OTHER, DAY, DONE, Fate.DO),
        (SAME, timedelta(0), None, Fate.WAIT),
        (SAME, timedelta(minutes=2) - MOMENT, None, Fate.WAIT),
        (SAME, timedelta(minutes=2), None, Fate.DO),
        (OTHER, timedelta(0), None, Fate.REFUSE),
    ],
)
def test_the_first_request_under_a_key_decides(fingerprint, age, done, found):
    assert fate(CLAIM, First(fingerprint, NOW - age, done), now=NOW) is found


def test_without_a_first_one_it_is_done():
    assert fate(CLAIM, None, now=NOW) is Fate.DO
    assert (timedelta(hours=24), timedelta(minutes=2)) == (KEPT_FOR, GIVEN_UP_AFTER)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("k", True), ("7e57-ab" * 30, True), ("x" * 255, True), ("x" * 256, False), ("", False), ("a b", False),
     ("é", False), ("k\n", False), ("~!", True), ("\x7f", False)],
)  # fmt: skip
def test_a_key_is_visible_ascii(text, is_one):
    assert is_key(text) is is_one


PARTS = st.tuples(st.text(max_size=4), st.binary(max_size=4), st.binary(max_size=4))


@given(PARTS, PARTS)
def test_other_parameters_are_another_fingerprint(one, other):
    """However the same bytes are cut into route, parameters and body."""
    first, second = (
        claimed("a", "k", route=route, parameters=parameters, body=body) for route, parameters, body in (one, other)
    )
    assert (first.fingerprint == second.fingerprint) is (one == other)


def test_the_key_itself_is_not_in_the_claim():
    assert "9434765919" not in repr(claimed("a", "9434765919", route="", parameters=b"", body=b"9434765919"))
    assert claimed("a", "k1", route="", parameters=b"", body=b"").key_hash == CLAIM.key_hash
    assert claimed("a", "k2", route="", parameters=b"", body=b"").key_hash != CLAIM.key_hash
