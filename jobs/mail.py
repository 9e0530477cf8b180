"""Queues the weekly email of each subscriber from the warnings of a day; what it says is decided elsewhere."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from forecasting.warnings.kept import warning_of
from forecasting.warnings.warning import BreachWarning
from jobs.breach_csv import csv_of
from jobs.breach_email import Email, compose
from jobs.breach_reading import Reading
from jobs.mail_parts import Attached, Heading, mail_of
from jobs.shelf import Shelf
from jobs.warn import taken_before
from waitlists.errors import BadArgument
from waitlists.logs import logger
from waitlists.outgoing import Outgoing, message_id
from waitlists.settings import Settings
from waitlists.store import outbox
from waitlists.store.subscribers import subscribers
from waitlists.store.warnings import kept_warnings, newest_assessment
from waitlists.subscribers import Subscriber, Subscription
from waitlists.suppression import Rule

WEEKLY: Final = "weekly"


def queue_mail(connection: Connection, settings: Settings, *, as_of: date, now: datetime) -> int:
    """Queue the mail of a week in the caller's transaction; how many of them were not queued before.

    Raises
    ------
    BadArgument
        No warnings have been worked out for the day.
    """
    found = newest_assessment(connection, as_of=as_of, is_published=False)
    if found is None or found.as_of != as_of:
        raise BadArgument("no warnings have been worked out for this day: run `waitlists warn`", field="--as-of")
    warnings = [warning_of(one.content) for one in kept_warnings(connection, found.id)]
    mails = list(weekly_mails(connection, settings, warnings, as_of=as_of))
    queued = outbox.queue(connection, mails, now=now)
    logger().info("mail.queued", as_of=str(as_of), mails=len(mails), queued=queued)
    return queued


def weekly_mails(
    connection: Connection, settings: Settings, warnings: Sequence[BreachWarning], *, as_of: date
) -> Iterator[Outgoing]:
    """The mail of each subscriber about a day, the same whenever it is made again from the same figures."""
    for one, email in weekly_emails(connection, settings, warnings, as_of=as_of):
        yield _mail(email, one, settings, as_of)


def weekly_emails(
    connection: Connection, settings: Settings, warnings: Sequence[BreachWarning], *, as_of: date
) -> Iterator[tuple[Subscriber, Email]]:
    """What each subscriber is told about a day, in words."""
    shelf = Shelf(connection, Rule(settings.suppression))
    reading = Reading(connection, as_of, shelf, warnings, taken_before(connection, as_of))
    # Many have the same subscription, and reading for it is nearly all of the work.
    emails: dict[Subscription, Email] = {}
    for one in subscribers(connection):
        if one.wants not in emails:
            week = reading.week(one.wants)
            emails[one.wants] = compose(week, base_url=settings.base_url, rule=reading.shelf.rule)
        yield one, emails[one.wants]


def _mail(email: Email, one: Subscriber, settings: Settings, day: date) -> Outgoing:
    sender = settings.mail_from
    name = message_id(WEEKLY, day, one.id, host=sender.rpartition("@")[2], site=settings.base_url)
    heading = Heading(name, sender, settings.mail_reply_to or sender, one.id)
    attached = Attached(f"waiting-lists-{day}.csv", csv_of(email)) if one.wants.wants_csv else None
    return Outgoing(name, WEEKLY, day, one.id, mail_of(email, heading, attached))
