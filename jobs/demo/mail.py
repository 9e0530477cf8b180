"""The demonstration's mail: one subscriber, and the week's email as a file that mail programs open."""

from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine

from jobs.mail.outbox import drain
from jobs.mail.queueing import WEEKLY, queue_mail
from waitlists.mail.subscribers import Subscription
from waitlists.running.slots import begins
from waitlists.running.timetable import SLOTS
from waitlists.security.access import Role
from waitlists.settings import Settings
from waitlists.store.outbox import is_queued
from waitlists.store.session import writing
from waitlists.store.subscribers import add_subscriber, subscribers

ADDRESS = "commissioner@example.org"
WANTS = Subscription(Role.COMMISSIONER, ("ASD", "ADHD", "CAMHS", "SALT", "WHEELCHAIR"), ("QKS",), wants_csv=True)


def demo_mail(engine: Engine, folder: Path, *, as_of: date, now: datetime, base_url: str) -> str:
    """What was done about the mail of a day, in a line; the same day again writes nothing.

    The links of the mail begin with `base_url`. It is dated as the week's clock would have it: whoever runs the
    demonstration later reads of days to act by that have not passed when it was written.
    """
    written = min(now, begins(SLOTS[WEEKLY].rule, as_of))
    # Whatever this machine's settings name as a mail server, invented figures are sent to nobody.
    settings = Settings.model_validate({"outbox": folder, "base_url": base_url})
    with writing(engine) as connection:
        if not subscribers(connection):
            add_subscriber(connection, ADDRESS, WANTS, now=now)
        # To make it again takes seconds, only for the outbox to find that it has it.
        if not all(is_queued(connection, WEEKLY, as_of, one.id) for one in subscribers(connection)):
            queue_mail(connection, settings, as_of=as_of, now=written)
    sent = drain(engine, settings, clock=lambda: now).sent
    return (
        f"{sent} weekly email{'' if sent == 1 else 's'} written to {folder}." if sent else f"Its email is in {folder}."
    )
