"""Who gets the weekly email: an address, what it is about for them, and the role they act in.

The address is kept in this one place, shown to nobody in full by default, and never part of an error, a log line or the
body of a mail. A subscriber who is removed loses the address and keeps the number, so that what was sent stays known.
"""

import re
from dataclasses import dataclass, field

from waitlists.access import Role
from waitlists.errors import BadArgument
from waitlists.organisations import find_organisation
from waitlists.services import find_service
from waitlists.standards import find_standard

LONGEST_ADDRESS = 254
"""The longest address that mail servers pass on (RFC 5321 with its erratum 1690)."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# No quoted names, no comments, no addresses in brackets: nobody at work has one, and each is a way to hide a header.
_ADDRESS = re.compile(rf"(?P<name>{_ATOM}(?:\.{_ATOM})*)@(?P<host>{_LABEL}(?:\.{_LABEL})*)")


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


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One address and its subscription; the number alone may be logged."""

    id: int
    address: str = field(repr=False)
    wants: Subscription


def mail_address(text: str) -> str:
    """One plain address as mail servers take it, its host in lower case.

    Raises
    ------
    BadArgument
        It is none, or more than that; what was typed is not repeated.

    >>> mail_address("pat@Example.NHS.uk")
    'pat@example.nhs.uk'
    """
    found = _ADDRESS.fullmatch(text)
    if found is None or len(text) > LONGEST_ADDRESS or len(found["name"]) > 64:
        raise BadArgument("this is not one plain mail address such as service.desk@example.org", field="ADDRESS")
    return f"{found['name']}@{found['host'].lower()}"


def shown_address(address: str) -> str:
    """An address as it is shown where somebody may look over a shoulder: its first letter and its host.

    >>> shown_address("service.desk@example.org")
    's***@example.org'
    """
    name, _, host = address.partition("@")
    return f"{name[:1]}***@{host}"
