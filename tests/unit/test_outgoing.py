"""Mail on its way: ids that are the same whenever they are made, and tries that end."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from waitlists.mail.outgoing import FIRST_WAIT, GIVE_UP_AFTER, LONGEST_WAIT, MOST_TRIES, message_id, next_try

NOW = datetime(2026, 11, 16, 6, 30, tzinfo=UTC)
MONDAY = date(2026, 11, 16)


def waits(chance: float = 0.5) -> list[float]:
    """Minutes between the tries of a mail that always fails at once."""
    now, attempt, found = NOW, 1, []
    while (due := next_try(tries=attempt, first_tried_at=NOW, now=now, chance=chance)) is not None:
        found.append((due - now) / timedelta(minutes=1))
        now, attempt = due, attempt + 1
    return found


def test_waits_double_up_to_forty_minutes_and_end_after_four_hours():
    assert waits() == [5, 10, 20, 40, 40, 40, 40, 40]
    assert sum(waits()) <= GIVE_UP_AFTER / timedelta(minutes=1)


def test_waits_are_spread_by_a_fifth():
    assert waits(0)[:4] == [4, 8, 16, 32]
    assert waits(1)[:4] == [6, 12, 24, 48]


def test_a_mail_whose_tries_never_answer_is_given_up():
    asked = {"first_tried_at": NOW, "now": NOW, "chance": 0.5}
    assert next_try(tries=MOST_TRIES - 1, **asked) is not None
    assert next_try(tries=MOST_TRIES, **asked) is None


@given(
    attempt=st.integers(1, MOST_TRIES),
    late=st.timedeltas(timedelta(0), timedelta(days=3)),
    chance=st.floats(0, 1),
)
def test_a_next_try_is_later_and_within_four_hours(attempt, late, chance):
    due = next_try(tries=attempt, first_tried_at=NOW, now=NOW + late, chance=chance)
    if due is not None:
        assert FIRST_WAIT * 0.79 <= due - (NOW + late) <= LONGEST_WAIT * 1.21
        assert due <= NOW + GIVE_UP_AFTER


def test_ids_tell_mails_apart_and_are_made_again_alike():
    kinds, days, hosts = ("weekly", "alert"), (MONDAY, date(2026, 11, 23)), ("a.example.org", "b.example.org")
    asked = list(product(kinds, days, (1, 12), hosts, ("http://x", "http://y")))
    made = {one: message_id(*one[:3], host=one[3], site=one[4]) for one in asked}
    assert len(set(made.values())) == 32
    assert all(message_id(*one[:3], host=one[3], site=one[4]) == found for one, found in made.items())
