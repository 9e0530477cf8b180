"""A mail with its envelope, and what became of a try to send it; who sends is a port with two ways out."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Fate(StrEnum):
    """What became of one try: it is sent, it may be tried again, or it never will be taken."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a try, and why in a few words without an address.

    `is_about_server` where the next mail would fare no better, so that it is not tried now.
    """

    fate: Fate
    problem: str | None = None
    is_about_server: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole mail and its envelope; `name` is the same whenever the mail is made again."""

    name: str
    sender: str
    recipient: str = field(repr=False)
    content: bytes = field(repr=False)


class Sender(Protocol):
    """A way out for mail."""

    def send(self, letter: Letter) -> Answer:
        """What became of a try; whatever goes wrong on the way is an answer and no exception."""
        ...
