"""Queues the weekly email of each subscriber from the warnings of a day; what it says is decided elsewhere."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from forecasting.warnings.kept import warning_of
from forecasting.warnings.warning import BreachWarning
from jobs.mail.breach_booked import Booked
from jobs.mail.breach_csv import csv_of
from jobs.mail.breach_email import Email, compose, unmade
from jobs.mail.breach_reading import Reading
from jobs.mail.parts import Attached, Heading, mail_of, plain_mail_of
from jobs.shelf import Shelf
from jobs.warn import taken_before
from waitlists.errors import BadArgument, WaitlistsError
from waitlists.logs import logger
from waitlists.mail.outgoing import UNMADE, WEEKLY, Outgoing, message_id
from waitlists.mail.subscribers import Subscriber, Subscription
from waitlists.settings import Settings
from waitlists.store import ledger as slots
from waitlists.store import outbox
from waitlists.store.newer import Worked, worked
from waitlists.store.subscribers import subscribers
from waitlists.store.unread import Unread
from waitlists.store.warnings import kept_warnings, newest_assessment
from waitlists.suppression import Rule


class Queued(NamedTuple):
    """How many mails were not queued before, whose could not be made, and whether nobody is written to about the day.

    `is_old_news` where people have been written to about a newer week, or about another day of the same.
    """

    mails: int
    problems: tuple[str, ...] = ()
    is_old_news: bool = False


def queue_mail(
    connection: Connection,
    settings: Settings,
    *,
    as_of: date,
    now: datetime,
    only: Collection[int] | None = None,
    seen: int | None = None,
) -> Queued:
    """Queue the mail of a week in the caller's transaction; that of an older week is not made, whoever asks for it.

    Parameters
    ----------
    only
        Numbers of the subscribers whose mail is wanted; None is everybody's.
    seen
        The version that the warnings were worked out from, where no version has published them yet.

    Raises
    ------
    BadArgument
        No warnings have been worked out for the day.
    """
    found = newest_assessment(connection, as_of=as_of, is_published=False)
    if found is None or found.as_of != as_of:
        raise BadArgument("no warnings have been worked out for this day: run `waitlists warn`", field="--as-of")
    if _is_old_news(connection, as_of):
        logger().info("mail.old_news", as_of=str(as_of))
        return Queued(0, is_old_news=True)
    warnings = [warning_of(one.content) for one in kept_warnings(connection, found.id)]
    than = worked(connection, run_id=found.run_id, as_of=as_of) if seen is None else Worked(as_of, seen)
    mails = list(weekly_mails(connection, settings, warnings, as_of=as_of, than=than, only=only))
    queued = outbox.queue(connection, (one for one in mails if not _is_told(connection, one)), now=now)
    logger().info("mail.queued", as_of=str(as_of), mails=len(mails), queued=queued)
    broken = [one.subscriber for one in mails if one.kind == UNMADE]
    return Queued(queued, tuple(f"the mail of subscriber {number} could not be made" for number in broken))


def queue_unmade(connection: Connection, settings: Settings, *, today: date, now: datetime) -> Queued:
    """Make again what of this week could not be made, in the caller's transaction; of older ones it is too late."""
    unmade_of = outbox.unmade(connection, since=today - timedelta(days=today.weekday()))
    slot = max(unmade_of, default=None)
    if slot is None:
        return Queued(0)
    return queue_mail(connection, settings, as_of=slot, now=now, only=unmade_of[slot])


def _is_old_news(connection: Connection, day: date) -> bool:
    monday = day - timedelta(days=day.weekday())
    others = slots.others_since(connection, WEEKLY, day, since=monday)
    next_monday = monday + timedelta(weeks=1)
    is_overtaken = any(one.slot >= next_monday or one.done_at is not None for one in others)
    return is_overtaken or outbox.has_other(connection, WEEKLY, day, since=monday)


def _is_told(connection: Connection, mail: Outgoing) -> bool:
    """Whether what could not be made now was made before."""
    return mail.kind == UNMADE and outbox.is_queued(connection, WEEKLY, mail.slot, mail.subscriber)


def weekly_mails(
    connection: Connection,
    settings: Settings,
    warnings: Sequence[BreachWarning],
    *,
    as_of: date,
    than: Worked | None = None,
    only: Collection[int] | None = None,
) -> Iterator[Outgoing]:
    """The mail of each subscriber about a day, the same whenever it is made again from the same figures."""
    for one, email in weekly_emails(connection, settings, warnings, as_of=as_of, than=than, only=only):
        yield _mail(email, one, settings, as_of)


def weekly_emails(
    connection: Connection,
    settings: Settings,
    warnings: Sequence[BreachWarning],
    *,
    as_of: date,
    than: Worked | None = None,
    only: Collection[int] | None = None,
) -> Iterator[tuple[Subscriber, Email]]:
    """What each subscriber is told about a day, in words; `than` tells which figures its warnings have not seen."""
    shelf = Shelf(connection, Rule(settings.suppression))
    booked = Booked(connection, shelf.rule, as_of)
    taken, unread = taken_before(connection, as_of), Unread.of(connection, as_of)
    reading = Reading(connection, as_of, shelf, warnings, taken, booked, than or Worked(as_of, None), unread)
    # Many have the same subscription, and reading for it is nearly all of the work.
    emails: dict[Subscription, Email] = {}
    for one in subscribers(connection):
        if only is not None and one.id not in only:
            continue
        if one.wants not in emails:
            emails[one.wants] = _composed(reading, one.wants, settings.base_url)
        yield one, emails[one.wants]


def _composed(reading: Reading, wants: Subscription, base_url: str) -> Email:
    """The email of a subscription; where it breaks, one that says so, and the others are made."""
    try:
        return compose(reading.week(wants), base_url=base_url, rule=reading.shelf.rule)
    except (WaitlistsError, SQLAlchemyError):
        raise
    except Exception as error:  # noqa: BLE001 - the edge where one subscription must not keep the week from the others
        return _unmade(error, reading.as_of, base_url)


def _mail(email: Email, one: Subscriber, settings: Settings, day: date) -> Outgoing:
    """The email as a mail; where a template, the picture or the table breaks, one that says so."""
    try:
        return _outgoing(email, one, settings, day)
    except Exception as error:  # noqa: BLE001 - as above: one mail must not keep the week from the others
        return _outgoing(_unmade(error, day, settings.base_url), one, settings, day)


def _unmade(error: Exception, day: date, base_url: str) -> Email:
    kind = type(error).__name__
    logger().error("mail.fault", as_of=str(day), kind=kind)
    return unmade(day, base_url=base_url, fault=kind)


def _outgoing(email: Email, one: Subscriber, settings: Settings, day: date) -> Outgoing:
    sender, kind = settings.mail_from, UNMADE if email.fault else WEEKLY
    name = message_id(kind, day, one.id, host=sender.rpartition("@")[2], site=settings.base_url)
    heading = Heading(name, sender, settings.mail_reply_to or sender, one.id)
    if email.fault:
        return Outgoing(name, kind, day, one.id, plain_mail_of(email, heading))
    attached = Attached(f"waiting-lists-{day}.csv", csv_of(email)) if one.wants.wants_csv else None
    return Outgoing(name, kind, day, one.id, mail_of(email, heading, attached))
