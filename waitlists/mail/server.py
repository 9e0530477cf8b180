"""The mail server that a setting names: where it is, who logs in, and how the way there is kept secret.

`smtps://user:password@host` speaks TLS from the first byte, `smtp://user:password@host:587?starttls` turns to it before
anything is said. Without either a letter could be read on its way, so that is for a server on this machine alone.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from waitlists.errors import BadArgument

SHAPE: Final = "smtp://USER:PASSWORD@HOST:PORT?starttls or smtps://USER:PASSWORD@HOST:PORT"


class Secrecy(StrEnum):
    """How the way to the server is kept secret."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


_PORTS: Final = {Secrecy.TLS: 465, Secrecy.STARTTLS: 587, Secrecy.PLAIN: 25}


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server and how to speak to it; no login where `user` is empty."""

    host: str
    port: int
    secrecy: Secrecy
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def mail_server(url: str) -> MailServer:
    """The server that an address names.

    Raises
    ------
    BadArgument
        It names none, or one on another machine in plain text; the address is not repeated, it may hold a password.

    >>> mail_server("smtp://desk:pa%40ss@mail.example.org?starttls")
    MailServer(host='mail.example.org', port=587, secrecy=<Secrecy.STARTTLS: 'starttls'>)
    """
    try:
        parts = urlsplit(url)
        host, port, secrecy = parts.hostname or "", parts.port, _secrecy(parts)
    except ValueError:
        raise BadArgument(f"must be {SHAPE}") from None
    if not host or secrecy is None or parts.path.strip("/") or parts.fragment:
        raise BadArgument(f"must be {SHAPE}")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password) or not f"{user}{password}".isprintable() or not f"{user}{password}".isascii():
        raise BadArgument("must have both USER and PASSWORD in plain letters, or neither")
    if secrecy is Secrecy.PLAIN and not _is_this_machine(host):
        raise BadArgument("must end in ?starttls or begin with smtps://, so that nobody reads mail on its way")
    return MailServer(host, port or _PORTS[secrecy], secrecy, user, password)


def _secrecy(parts: SplitResult) -> Secrecy | None:
    known = {("smtps", ""): Secrecy.TLS, ("smtp", "starttls"): Secrecy.STARTTLS, ("smtp", ""): Secrecy.PLAIN}
    return known.get((parts.scheme, parts.query))


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
