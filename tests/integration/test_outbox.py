"""Subscribers and the outbox in both databases: queued once, had by one sender at a time, settled once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import literal, select, text
from sqlalchemy.exc import DBAPIError

from waitlists.errors import BadArgument
from waitlists.mail.outgoing import MOST_TRIES, MailState, Outgoing
from waitlists.mail.subscribers import Subscription
from waitlists.security.access import Role
from waitlists.store import outbox, restored, tables, write
from waitlists.store.session import reading, writing
from waitlists.store.subscribers import add_subscriber, address_of, remove_subscriber, subscribers

NOW = datetime(2026, 11, 16, 6, 30, tzinfo=UTC)
LEASE = timedelta(minutes=10)
WANTS = Subscription(Role.COMMISSIONER, ("SALT", "ASD"), ("QKS",), ("CHS_18W",), wants_csv=True)


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def mail(number: int = 1, subscriber: int = 1) -> Outgoing:
    return Outgoing(f"<weekly.{number}@example.org>", "weekly", date(2026, 11, 16), subscriber, b"Subject: x\r\n\r\ny")


@pytest.fixture
def queued(database):
    """A database with one subscriber and one mail queued."""
    with writing(database) as connection:
        add_subscriber(connection, "desk@example.org", WANTS, now=NOW)
        assert outbox.queue(connection, [mail()], now=NOW) == 1
    return database


def states(database):
    with reading(database) as connection:
        return {state: count for state, count in outbox.outbox_state(connection).counts.items() if count}


def test_a_subscriber_reads_back_whole(queued):
    with reading(queued) as connection:
        (found,) = subscribers(connection)
    assert (found.id, found.address, found.wants) == (1, "desk@example.org", WANTS)
    assert "desk" not in repr(found)


def test_an_address_has_one_subscription_in_whatever_case(queued):
    with writing(queued) as connection, pytest.raises(BadArgument, match="has a subscription") as caught:
        add_subscriber(connection, "DESK@example.org", WANTS, now=NOW)
    assert "desk" not in str(caught.value).lower()


def test_a_removed_subscriber_leaves_no_address_no_mail_and_no_number(queued):
    with writing(queued) as connection:
        assert remove_subscriber(connection, 1, now=NOW)
        assert not remove_subscriber(connection, 1, now=NOW)
        assert (subscribers(connection), address_of(connection, 1)) == ([], None)
        assert add_subscriber(connection, "desk@example.org", WANTS, now=NOW).id == 2
    assert states(queued) == {MailState.WITHDRAWN: 1}


def test_a_mail_is_queued_once(queued):
    with writing(queued) as connection:
        assert add_subscriber(connection, "other@example.org", WANTS, now=NOW).id == 2
        assert outbox.queue(connection, [mail(), mail(2, 2), mail(2, 2)], now=minutes(5)) == 1
    assert states(queued) == {MailState.QUEUED: 2}


def test_a_mail_whose_message_id_changed_is_the_same_mail(queued):
    with writing(queued) as connection:
        assert outbox.queue(connection, [mail(2)], now=minutes(5)) == 0
    with pytest.raises(DBAPIError), writing(queued) as connection:
        connection.execute(tables.outbox.insert().from_select(*_copied()))
    assert states(queued) == {MailState.QUEUED: 1}


def _copied():
    names = [column.name for column in tables.outbox.c if column.name not in {"id", "message_id"}]
    return ["message_id", *names], select(literal("<other>"), *(tables.outbox.c[name] for name in names))


def test_a_queued_mail_is_seen_when_its_week_is_committed(database):
    with writing(database) as connection:
        add_subscriber(connection, "desk@example.org", WANTS, now=NOW)
        outbox.queue(connection, [mail()], now=NOW)
        assert states(database) == {}
        connection.rollback()
    assert states(database) == {}


def test_a_taken_mail_is_nobody_elses_until_the_lease_ends(queued):
    with writing(queued) as connection:
        first = outbox.take(connection, now=NOW, lease=LEASE)
        assert first is not None
        assert outbox.take(connection, now=minutes(9.9), lease=LEASE) is None
        second = outbox.take(connection, now=minutes(10), lease=LEASE)
    assert second is not None
    assert (first.attempt, second.attempt, second.first_tried_at) == (1, 2, NOW)
    with writing(queued) as connection:
        assert not outbox.settle(connection, first, MailState.DEAD, now=minutes(11))
        assert not outbox.put_back(connection, first, next_try=minutes(20), problem="x")
        assert outbox.settle(connection, second, MailState.SENT, now=minutes(11))
        assert not outbox.settle(connection, second, MailState.DEAD, now=minutes(12))
    assert states(queued) == {MailState.SENT: 1}


def test_a_mail_put_back_waits_for_its_next_try(queued):
    with writing(queued) as connection:
        taken = outbox.take(connection, now=NOW, lease=LEASE)
        assert taken is not None
        assert outbox.put_back(connection, taken, next_try=minutes(5), problem="451")
        assert outbox.take(connection, now=minutes(4.9), lease=LEASE) is None
        assert outbox.take(connection, now=minutes(5), lease=LEASE) is not None


def test_a_dead_mail_is_told_by_number_and_may_be_queued_again(queued):
    with writing(queued) as connection:
        taken = outbox.take(connection, now=NOW, lease=LEASE)
        assert taken is not None
        outbox.settle(connection, taken, MailState.DEAD, now=minutes(1), problem="550")
    with reading(queued) as connection:
        found = outbox.outbox_state(connection)
    assert found.oldest_queued_at is None
    assert [(one.subscriber, one.attempts, one.problem) for one in found.dead] == [(1, 1, "550")]
    with writing(queued) as connection:
        assert outbox.queue_again(connection, now=minutes(60)) == 1
        again = outbox.take(connection, now=minutes(60), lease=LEASE)
    assert again is not None
    assert (again.attempt, again.tries, again.first_tried_at) == (2, 1, minutes(60))
    with writing(queued) as connection:
        # Whoever stalled with the first try answers for nothing any more.
        assert not outbox.settle(connection, taken, MailState.DEAD, now=minutes(61))


def test_the_oldest_waiting_mail_is_told(queued):
    with reading(queued) as connection:
        assert outbox.outbox_state(connection).oldest_queued_at == NOW


def test_a_mail_taken_too_often_is_given_up(queued):
    with writing(queued) as connection:
        takes = [outbox.take(connection, now=minutes(20 * one), lease=LEASE) for one in range(MOST_TRIES + 1)]
    assert [outbox.is_given_up(one) for one in takes if one] == [False] * MOST_TRIES + [True]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE subscriber SET address = NULL",
        "UPDATE subscriber SET role = 'emperor'",
        "UPDATE outbox SET state = 'lost'",
        "UPDATE outbox SET state = 'sent'",
    ],
)
def test_what_cannot_be_is_refused_by_the_database(queued, statement):
    with pytest.raises(DBAPIError), writing(queued) as connection:
        connection.execute(text(statement))


def test_held_mail_is_sent_or_taken_back_at_a_persons_word_alone(queued):
    with writing(queued) as connection:
        taken = outbox.take(connection, now=NOW, lease=LEASE)
        assert outbox.hold(connection, now=minutes(1)) == 1
        assert not outbox.is_due(connection, now=minutes(60))
        assert outbox.take(connection, now=minutes(60), lease=LEASE) is None
        assert outbox.outbox_state(connection).held == 1
        assert outbox.release(connection, now=minutes(61)) == 1
        again = outbox.take(connection, now=minutes(61), lease=LEASE)
        assert (again.message_id, again.tries, again.first_tried_at) == (taken.message_id, 1, minutes(61))
        outbox.hold(connection, now=minutes(62))
        assert outbox.withdraw_held(connection, now=minutes(63)) == 1
        assert (outbox.release(connection, now=minutes(64)), outbox.outbox_state(connection).held) == (0, 0)
    assert states(queued) == {MailState.WITHDRAWN: 1}


def test_mail_about_a_day_of_which_nobody_knows_what_was_sent_is_held(queued):
    days = [date(2026, 11, 23), date(2026, 11, 30)]
    with writing(queued) as connection:
        for summary in ({restored.MAIL_UNKNOWN_UNTIL: days[0].isoformat()}, {restored.MAIL_UNKNOWN_UNTIL: None}, {}):
            run = write.start_run(connection, command="restore", as_of=None, now=NOW)
            write.finish_run(connection, run, status="done", summary=summary, now=NOW)
        assert restored.restored_of(connection) is None
        outbox.queue(connection, [replace(mail(2 + n), slot=day) for n, day in enumerate(days)], now=NOW)
        assert outbox.outbox_state(connection).held == 1
        outbox.withdraw_held(connection, now=NOW)
        found = connection.execute(select(tables.outbox.c.slot).where(tables.outbox.c.state == "queued")).scalars()
        assert set(found) == {date(2026, 11, 16), days[1]}
