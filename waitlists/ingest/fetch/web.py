"""Takes a published file from the web, from the publishers' own hosts alone and from nowhere inside this network.

Only https, only hosts that are named, only addresses that are public; the connection is made to the address that was
looked at, so that a name cannot lead elsewhere a moment later, and every redirect is looked at anew. No proxy of the
environment is used.
"""

import hashlib
import socket
import ssl
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import IPv4Address, ip_address, ip_network
from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from waitlists.errors import FileRefused
from waitlists.ingest.fetch import TakenFile, printable_name

PORT = 443
MOST_REDIRECTS = 3
WAIT_SECONDS = 20.0
"""For a connection, and for each next part of the file."""

TOTAL_SECONDS = 180.0
_BLOCK = 64 * 1024
_MOVED = frozenset({301, 302, 303, 307, 308})
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "waitlists", "Connection": "close"}
_LEADS_INSIDE = tuple(map(ip_network, ("::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""IPv6 addresses that stand for an IPv4 address (mapped, NAT64, 6to4, Teredo), which may be one of this network's."""

Resolve = Callable[[str], Sequence[str]]
Dial = Callable[[str, float], socket.socket]


def addresses_of(host: str) -> Sequence[str]:
    """What the system's resolver knows a host by."""
    found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


def dialled(address: str, timeout: float) -> socket.socket:
    """A connection to an address, which is no name any more."""
    return socket.create_connection((address, PORT), timeout)


@dataclass(frozen=True)
class Web:
    """Which hosts may be asked, and the ways to them."""

    hosts: frozenset[str]
    resolve: Resolve = addresses_of
    dial: Dial = dialled
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    wait_seconds: float = WAIT_SECONDS
    total_seconds: float = TOTAL_SECONDS


def fetch(url: str, web: Web, *, max_bytes: int) -> TakenFile:
    """The file at a web address, under its checksum; its name is the last part of the path.

    Raises
    ------
    FileRefused
        NOT_ALLOWED where the address, a redirect or what its host leads to may not be asked; NOT_REACHED where it did
        not answer in time or not with a file; EMPTY; TOO_LARGE.
    """
    name, parts = name_in(url), _allowed(url, web.hosts)
    for _ in range(MOST_REDIRECTS + 1):
        found = _asked(parts, _public_address(str(parts.hostname), web), web, name, max_bytes)
        if isinstance(found, bytes):
            return TakenFile(name, hashlib.sha256(found).hexdigest(), found)
        parts = _allowed(found, web.hosts, base=parts.geturl())
    raise _not_reached(str(parts.hostname), f"it sent on more than {MOST_REDIRECTS} times")


def name_in(url: str) -> str:
    """The last part of an address's path, as a file is called after it."""
    try:
        path = urlsplit(url).path
    except ValueError:
        path = ""
    return printable_name(PurePosixPath(unquote(path)).name)


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet, by all that is known of it.

    >>> [is_public(one) for one in ("8.8.8.8", "10.0.0.1", "169.254.169.254", "100.64.0.1", "::ffff:8.8.8.8")]
    [True, False, False, False, False]
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if not found.is_global or found.is_multicast or found.is_reserved or found.is_unspecified:
        return False
    return isinstance(found, IPv4Address) or not any(found in network for network in _LEADS_INSIDE)


def _allowed(url: str, hosts: frozenset[str], *, base: str = "") -> SplitResult:
    """The parts of an address, given whole or as seen from `base`, once each of them is one that may be asked."""
    try:
        parts = urlsplit(urljoin(base, url))
        host, port = parts.hostname or "the address", parts.port
    except ValueError:
        raise FileRefused(
            "the web address cannot be understood; give it as https://HOST/FILE", code="NOT_ALLOWED"
        ) from None
    if parts.scheme != "https":
        raise _not_allowed(
            host or "the address", "only https:// is fetched; give that address, or load the file itself"
        )
    if "@" in parts.netloc:
        raise _not_allowed(host, "an address with a user or password is not fetched; leave them out")
    if port not in {None, PORT}:
        raise _not_allowed(host, f"only port {PORT} is asked; leave the port out")
    if host not in hosts:
        advice = "it is not among the hosts to fetch from; name it in WAITLISTS_FETCH_HOSTS, or load the file itself"
        raise _not_allowed(host, advice)
    if not (parts.path + parts.query).isascii() or any(not letter.isprintable() for letter in url):
        raise _not_allowed(host, "the address holds letters that are not allowed in one; write them as %XX")
    return parts


def _public_address(host: str, web: Web) -> str:
    """The first address of a host, once all of them are public."""
    try:
        addresses = web.resolve(host)
    except OSError:
        addresses = ()
    if not addresses:
        raise _not_reached(host, "its name is not known here")
    if not all(map(is_public, addresses)):
        raise _not_allowed(host, "its name leads to an address inside a network; ask who runs the name server")
    return addresses[0]


def _asked(parts: SplitResult, address: str, web: Web, name: str, max_bytes: int) -> bytes | str:
    """The bytes at an address, or where it sends on to."""
    host = str(parts.hostname)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _connected(host, address, web) as connection:
            connection.request("GET", target.replace(" ", "%20"), headers=_HEADERS)
            with connection.getresponse() as response:
                if response.status in _MOVED:
                    return response.headers.get("Location", "")
                return _content(response, host, name, max_bytes)
    except (OSError, HTTPException) as error:
        raise _not_reached(host, f"{type(error).__name__} while it was asked") from None


@contextmanager
def _connected(host: str, address: str, web: Web) -> Generator[HTTPSConnection]:
    """A connection to the address, under the host's certificate, that ends when the time for all of it is over."""
    plain = web.dial(address, web.wait_seconds)
    with web.trust.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False) as opened:
        ending = threading.Timer(web.total_seconds, _shut, (opened,))
        ending.start()
        try:
            opened.do_handshake()
            connection = HTTPSConnection(host, context=web.trust)
            connection.sock = opened
            yield connection
        finally:
            ending.cancel()


def _shut(opened: socket.socket) -> None:
    # Below TLS: what waits in the other thread for the next bytes finds that none will come.
    with suppress(OSError):
        socket.socket.shutdown(opened, socket.SHUT_RDWR)


def _content(response: HTTPResponse, host: str, name: str, max_bytes: int) -> bytes:
    if response.status != 200:
        raise _not_reached(host, f"it answered {response.status}")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise _not_reached(host, "it answered in a packed form that was not asked for")
    content = bytearray()
    while block := response.read1(_BLOCK):
        content += block
        if len(content) > max_bytes:
            raise FileRefused(f"{name} has more than the {max_bytes / 2**20:,.1f} MiB taken", code="TOO_LARGE")
    if response.length:
        raise _not_reached(host, "it ended before the file did")
    if not content:
        raise FileRefused(f"{name} is empty", code="EMPTY")
    return bytes(content)


def _not_allowed(host: str, why: str) -> FileRefused:
    return FileRefused(f"{printable_name(host)} is not fetched from: {why}", code="NOT_ALLOWED")


def _not_reached(host: str, why: str) -> FileRefused:
    return FileRefused(
        f"{printable_name(host)} was not reached: {why}; try again later, or load the file itself", code="NOT_REACHED"
    )
