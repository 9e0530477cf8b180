"""Mail on its way out: what is queued, what becomes of a try, and when the next one is.

A mail has an id made of what it is, for which day and for whom, so that queueing it again queues nothing and a copy
sent twice is seen to be one. Nothing here knows an address or a server.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

WEEKLY: Final = "weekly"
UNMADE: Final = "weekly_unmade"
"""Kinds of mail: the email of a week, and what is sent where that broke while it was made."""

FIRST_WAIT: Final = timedelta(minutes=5)
LONGEST_WAIT: Final = timedelta(minutes=40)
GIVE_UP_AFTER: Final = timedelta(hours=4)
"""After the first try: a weekly email that comes a working day late is no longer the Monday email."""

MOST_TRIES: Final = 48
"""However the tries ended: a mail that kills its sender each time is given up too."""

JITTER: Final = 0.2
"""The share by which a wait is made longer or shorter, so that tries do not come in step."""


class MailState(StrEnum):
    """What became of a queued mail."""

    QUEUED = "queued"
    SENT = "sent"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail to be queued: whole but for its date and its recipient, who is looked up when it is sent."""

    message_id: str
    kind: str
    slot: date
    subscriber: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """A queued mail that one sender has for a while; `attempt` is the number its answer must come with.

    `tries` are those of this round, this one counted; a mail that was given up and queued again has another round.
    """

    id: int
    message_id: str
    attempt: int
    tries: int
    subscriber: int
    queued_at: datetime
    first_tried_at: datetime
    content: bytes


def message_id(kind: str, slot: date, subscriber: int, *, host: str, site: str) -> str:
    """The id of a mail, the same whenever it is made again.

    Parameters
    ----------
    host : of the address it is sent from
    site : the address of this installation, which tells its mails from those of another one that sends from there

    >>> message_id("weekly", date(2026, 11, 16), 7, host="example.org", site="https://waits.example.org")
    '<weekly.2026-11-16.7.d3302f7148d7@example.org>'
    """
    name = f"{kind}.{slot.isoformat()}.{subscriber}"
    return f"<{name}.{hashlib.sha256(f'{name} {site}'.encode()).hexdigest()[:12]}@{host}>"


def next_try(*, tries: int, first_tried_at: datetime, now: datetime, chance: float) -> datetime | None:
    """When a mail is tried again after its `tries`-th try failed for now; None where it is given up.

    Parameters
    ----------
    tries : so far, this one counted
    chance : between 0 and 1, anew for each try

    Notes
    -----
    Waits of 5, 10, 20, 40, 40 ... minutes, each a fifth longer or shorter, until 4 hours after the first try.
    """
    if tries >= MOST_TRIES:
        return None
    wait = min(FIRST_WAIT * 2 ** min(tries - 1, 10), LONGEST_WAIT)
    due = now + wait * (1 + JITTER * (2 * chance - 1))
    return due if due <= first_tried_at + GIVE_UP_AFTER else None
