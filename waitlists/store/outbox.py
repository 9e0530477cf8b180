"""The outbox in the database: mail queued with what it is about, taken by one sender at a time, settled once.

A sender has a mail until its lease ends. The answer of a try counts only under the number of that try: a sender that
was stalled past its lease, while another took the mail, changes nothing any more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select, update

from waitlists.mail.outgoing import MOST_TRIES, UNMADE, WEEKLY, MailState, Outgoing, Taken
from waitlists.store.restored import mail_unknown_until
from waitlists.store.tables import outbox


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How the outbox stands: mails by state, those queued that are held, how long the oldest waits, those given up."""

    counts: dict[MailState, int]
    held: int
    oldest_queued_at: datetime | None
    dead: tuple["DeadMail", ...]


@dataclass(frozen=True, slots=True)
class DeadMail:
    """A mail that was given up: what it was, for which subscriber's number, and what the server said, as a code."""

    id: int
    kind: str
    slot: date
    subscriber: int
    attempts: int
    settled_at: datetime
    problem: str


def queue(connection: Connection, mails: Iterable[Outgoing], *, now: datetime) -> int:
    """Queue mails in the caller's transaction; how many of them were not there yet.

    One that was queued before stays as it was, whatever became of it and whatever its Message-ID: that holds settings
    which may have changed since. One about a day of which nobody here knows what was sent is held.
    """
    count, unknown_until = 0, mail_unknown_until(connection)
    for mail in mails:
        if is_queued(connection, mail.kind, mail.slot, mail.subscriber):
            continue
        connection.execute(
            insert(outbox).values(
                message_id=mail.message_id,
                kind=mail.kind,
                slot=mail.slot,
                subscriber_id=mail.subscriber,
                content=mail.content,
                state=MailState.QUEUED.value,
                attempts=0,
                tries_before=0,
                queued_at=now,
                next_try=now,
                held_at=now if unknown_until is not None and mail.slot <= unknown_until else None,
            )
        )
        count += 1
    return count


def is_queued(connection: Connection, kind: str, slot: date, subscriber: int) -> bool:
    """Whether a subscriber's mail of a kind about a slot was ever queued."""
    same = (outbox.c.kind == kind, outbox.c.slot == slot, outbox.c.subscriber_id == subscriber)
    return connection.execute(select(outbox.c.id).where(*same)).first() is not None


def has_other(connection: Connection, kind: str, slot: date, *, since: date) -> bool:
    """Whether a mail of a kind was queued about another slot, from a day on."""
    others = (outbox.c.kind == kind, outbox.c.slot != slot, outbox.c.slot >= since)
    return connection.execute(select(outbox.c.id).where(*others).limit(1)).first() is not None


def unmade(connection: Connection, *, since: date) -> dict[date, set[int]]:
    """By slot from a day on, whose email of the week could not be made and has not been made since."""
    found: dict[date, set[int]] = defaultdict(set)
    wanted = select(outbox.c.slot, outbox.c.subscriber_id).where(outbox.c.kind == UNMADE, outbox.c.slot >= since)
    made = outbox.alias()
    same = (made.c.kind == WEEKLY, made.c.slot == outbox.c.slot, made.c.subscriber_id == outbox.c.subscriber_id)
    for slot, number in connection.execute(wanted.where(~select(1).select_from(made).where(*same).exists())):
        found[slot].add(number)
    return found


def is_due(connection: Connection, *, now: datetime) -> bool:
    """Whether a mail is due that nobody has."""
    return connection.execute(select(outbox.c.id).where(*_due(now)).limit(1)).first() is not None


def take(connection: Connection, *, now: datetime, lease: timedelta) -> Taken | None:
    """The mail that has been due longest and that nobody has, taken for a while; None where there is none."""
    table = outbox
    first = select(table).where(*_due(now)).order_by(table.c.next_try, table.c.id).limit(1)
    row = connection.execute(first.with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    attempt, first_tried_at = row.attempts + 1, row.first_tried_at or now
    values = {"attempts": attempt, "first_tried_at": first_tried_at, "lease_until": now + lease}
    connection.execute(update(table).where(table.c.id == row.id).values(values))
    return Taken(
        row.id,
        row.message_id,
        attempt,
        attempt - row.tries_before,
        row.subscriber_id,
        row.queued_at,
        first_tried_at,
        row.content,
    )


def settle(connection: Connection, mail: Taken, state: MailState, *, now: datetime, problem: str | None = None) -> bool:
    """End a mail as sent, dead or withdrawn; False where this try is no longer the newest."""
    values = {"state": state.value, "settled_at": now, "lease_until": None, "last_problem": problem}
    return _set(connection, mail, values)


def put_back(connection: Connection, mail: Taken, *, next_try: datetime, problem: str) -> bool:
    """Leave a mail to be tried again; False where this try is no longer the newest."""
    return _set(connection, mail, {"next_try": next_try, "lease_until": None, "last_problem": problem})


def withdraw(connection: Connection, subscriber: int, *, now: datetime) -> int:
    """Take back what is queued for a subscriber; how many mails."""
    queued = (outbox.c.subscriber_id == subscriber, outbox.c.state == MailState.QUEUED.value)
    values = {"state": MailState.WITHDRAWN.value, "settled_at": now, "lease_until": None}
    return connection.execute(update(outbox).where(*queued).values(values)).rowcount


def forget_unmade(connection: Connection, subscriber: int) -> None:
    """Forget that emails could not be made for somebody who is sent none any more."""
    connection.execute(delete(outbox).where(outbox.c.kind == UNMADE, outbox.c.subscriber_id == subscriber))


def queue_again(connection: Connection, *, now: datetime) -> int:
    """Give every dead mail another round of tries; how many."""
    values = {"state": MailState.QUEUED.value, "settled_at": None, "next_try": now, "first_tried_at": None}
    dead = update(outbox).where(outbox.c.state == MailState.DEAD.value)
    return connection.execute(dead.values({**values, "tries_before": outbox.c.attempts})).rowcount


def hold(connection: Connection, *, now: datetime) -> int:
    """Hold all that is queued, also what a sender had, until a person's word; how many mails."""
    values = {"held_at": now, "lease_until": None}
    queued = update(outbox).where(outbox.c.state == MailState.QUEUED.value)
    return connection.execute(queued.values(values)).rowcount


def release(connection: Connection, *, now: datetime) -> int:
    """Have all that is held sent, with a round of tries; how many mails."""
    values = {"held_at": None, "next_try": now, "first_tried_at": None, "tries_before": outbox.c.attempts}
    return connection.execute(update(outbox).where(*_held()).values(values)).rowcount


def withdraw_held(connection: Connection, *, now: datetime) -> int:
    """Take back all that is held; how many mails."""
    values = {"state": MailState.WITHDRAWN.value, "settled_at": now, "held_at": None}
    return connection.execute(update(outbox).where(*_held()).values(values)).rowcount


def outbox_state(connection: Connection) -> OutboxState:
    """How the outbox stands."""
    table = outbox
    counted = select(table.c.state, func.count()).group_by(table.c.state)
    counts = {MailState(state): count for state, count in connection.execute(counted)}
    oldest = select(table.c.queued_at).where(table.c.state == MailState.QUEUED.value).order_by(table.c.queued_at)
    dead = select(table).where(table.c.state == MailState.DEAD.value).order_by(table.c.id)
    return OutboxState(
        {state: counts.get(state, 0) for state in MailState},
        connection.execute(select(func.count()).select_from(table).where(*_held())).scalar_one(),
        connection.execute(oldest.limit(1)).scalar(),
        tuple(_dead(row) for row in connection.execute(dead)),
    )


def is_given_up(mail: Taken) -> bool:
    """Whether a mail was taken more often than it may be: each try before ended without an answer."""
    return mail.tries > MOST_TRIES


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    is_free = or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now)
    is_due = (outbox.c.state == MailState.QUEUED.value, outbox.c.held_at.is_(None), outbox.c.next_try <= now)
    return *is_due, is_free


def _held() -> tuple[ColumnElement[bool], ...]:
    return outbox.c.state == MailState.QUEUED.value, outbox.c.held_at.is_not(None)


def _dead(row: Row[tuple[object, ...]]) -> DeadMail:
    problem = row.last_problem or ""
    return DeadMail(row.id, row.kind, row.slot, row.subscriber_id, row.attempts, row.settled_at, problem)


def _set(connection: Connection, mail: Taken, values: Mapping[str, object]) -> bool:
    # Not by its number: a restore in between may have given that to another mail.
    same = (outbox.c.message_id == mail.message_id, outbox.c.attempts == mail.attempt)
    mine = (*same, outbox.c.state == MailState.QUEUED.value)
    return connection.execute(update(outbox).where(*mine).values(values)).rowcount == 1
