"""Mail addresses: one plain address or none, and how it is shown where somebody may look over a shoulder."""

import re

from waitlists.errors import BadArgument

LONGEST_ADDRESS = 254
"""The longest address that mail servers pass on (RFC 5321 with its erratum 1690)."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# No quoted names, no comments, no addresses in brackets: nobody at work has one, and each is a way to hide a header.
_ADDRESS = re.compile(rf"(?P<name>{_ATOM}(?:\.{_ATOM})*)@(?P<host>{_LABEL}(?:\.{_LABEL})*)")


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
