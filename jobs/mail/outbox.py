"""Empties the outbox: takes each mail that is due, sends it, and settles what became of it.

A mail is taken in one transaction and settled in another, so that nothing is held while a server thinks. A crash
between the server's yes and our note of it sends the mail once more when the lease ends, under the same Message-ID.
"""

import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from random import SystemRandom

from sqlalchemy import Engine

from jobs.mail.folder import FolderSender
from jobs.mail.letters import Answer, Fate, Letter, Sender
from jobs.mail.smtp import SmtpSender
from waitlists.logs import logger
from waitlists.mail.outgoing import MailState, Taken, next_try
from waitlists.mail.server import mail_server
from waitlists.settings import Settings
from waitlists.store import outbox
from waitlists.store.session import reading, writing
from waitlists.store.subscribers import address_of

LEASE = timedelta(minutes=15)
"""Five times as long as a try may take."""

_RANDOM = SystemRandom()

NO_ANSWER = "every try ended without an answer"


@dataclass(frozen=True, slots=True)
class Drained:
    """What one emptying did: mails sent, left for later, given up for good, and taken back."""

    sent: int = 0
    later: int = 0
    dead: int = 0
    withdrawn: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{count:,} {name}" for name, count in self.as_json().items())

    def as_json(self) -> dict[str, int]:
        """Mails by what became of them."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Step:
    """What every step of an emptying needs."""

    engine: Engine
    sender: Sender
    mail_from: str
    clock: Callable[[], datetime]
    chance: Callable[[], float]


def drain(
    engine: Engine,
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    chance: Callable[[], float] = _RANDOM.random,
    sender: Sender | None = None,
) -> Drained:
    """Send what is due, as far as the mail server goes along; several processes may do so at once.

    Parameters
    ----------
    chance : numbers between 0 and 1, which spread the next tries
    sender : by default the mail server of the settings, or the outbox folder where none is named
    """
    step = _Step(engine, sender or sender_of(settings), settings.mail_from, clock, chance)
    counts = Counter[str]()
    while (mail := _taken(step)) is not None:
        what, is_over = _tried(step, mail)
        counts[what] += 1
        if is_over:
            break
    return Drained(**counts)


def sender_of(settings: Settings) -> Sender:
    """The way out that the settings name."""
    if settings.smtp_url is None:
        return FolderSender(settings.outbox)
    return SmtpSender(mail_server(settings.smtp_url), ssl.create_default_context())


def _taken(step: _Step) -> Taken | None:
    # Most minutes nothing is due, and a look costs no writer's turn.
    with reading(step.engine) as connection:
        if not outbox.is_due(connection, now=step.clock()):
            return None
    with writing(step.engine) as connection:
        return outbox.take(connection, now=step.clock(), lease=LEASE)


def _tried(step: _Step, mail: Taken) -> tuple[str, bool]:
    """What became of a mail, and whether the server is not worth asking again now."""
    with reading(step.engine) as connection:
        address = address_of(connection, mail.subscriber)
    if address is None:
        return _settled(step, mail, MailState.WITHDRAWN, None), False
    if outbox.is_given_up(mail):
        return _settled(step, mail, MailState.DEAD, NO_ANSWER), False
    answer = step.sender.send(addressed(mail, address, sender=step.mail_from))
    return _noted(step, mail, answer), answer.is_about_server


def addressed(mail: Taken, address: str, *, sender: str) -> Letter:
    """A queued mail with its recipient and date; both are put before it, and the rest stays byte for byte."""
    head = EmailMessage(policy=SMTP)
    head["Date"] = format_datetime(mail.queued_at)
    head["To"] = address
    name = mail.message_id.strip("<>").rpartition("@")[0]
    return Letter(name, sender, address, head.as_bytes().removesuffix(b"\r\n") + mail.content)


def _noted(step: _Step, mail: Taken, answer: Answer) -> str:
    """What a server's answer makes of a mail."""
    if answer.fate is Fate.SENT:
        return _settled(step, mail, MailState.SENT, None)
    now = step.clock()
    due = next_try(tries=mail.tries, first_tried_at=mail.first_tried_at, now=now, chance=step.chance())
    if answer.fate is Fate.REFUSED or due is None:
        return _settled(step, mail, MailState.DEAD, answer.problem)
    with writing(step.engine) as connection:
        outbox.put_back(connection, mail, next_try=due, problem=answer.problem or "")
    logger().warning("mail.later", mail=mail.id, attempt=mail.attempt, problem=answer.problem)
    return "later"


def _settled(step: _Step, mail: Taken, state: MailState, problem: str | None) -> str:
    with writing(step.engine) as connection:
        is_mine = outbox.settle(connection, mail, state, now=step.clock(), problem=problem)
    tell = logger().error if state is MailState.DEAD else logger().info
    tell(f"mail.{state}", mail=mail.id, attempt=mail.attempt, problem=problem, settled_before=not is_mine)
    return state.value
