"""Who gets the weekly email: an address, what it is about for them, and the role they act in.

The address is kept in this one place, shown to nobody in full by default, and never part of an error, a log line or the
body of a mail. A subscriber who is removed loses the address and keeps the number, so that what was sent stays known.
"""

from dataclasses import dataclass, field

from waitlists.errors import BadArgument
from waitlists.organisations import find_organisation
from waitlists.security.access import Role
from waitlists.services import find_service
from waitlists.standards import find_standard


@dataclass(frozen=True, slots=True)
class Subscription:
    """What somebody wants to read about, and as whom; `standards` empty: each service's usual one.

    Raises
    ------
    BadArgument
        No service or organisation is named.
    NotFound
        A name is in no register.
    """

    role: Role
    services: tuple[str, ...]
    organisations: tuple[str, ...]
    standards: tuple[str, ...] = ()
    wants_csv: bool = False

    def __post_init__(self) -> None:
        if not (self.services and self.organisations):
            raise BadArgument("a subscriber reads about at least one service of one organisation")
        for service in self.services:
            find_service(service)
        for org in self.organisations:
            find_organisation(org)
        for standard in self.standards:
            find_standard(standard)

    def asks_for(self, standard_id: str) -> bool:
        """Whether it is about a standard of a list."""
        return not self.standards or standard_id in self.standards


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One address and its subscription; the number alone may be logged."""

    id: int
    address: str = field(repr=False)
    wants: Subscription
