"""What protects every answer, whoever asks: hosts, request limits, headers. Who may see what is in `admission`."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Connection

from api.problems import FieldError, Problem

RawHeaders = tuple[tuple[bytes, bytes], ...]
"""Headers as the server takes them."""

VIEW_HEADER = "X-Waitlists-View"
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})

MAX_QUERY_BYTES = 8_192
MAX_PATH_BYTES = 2_048
MAX_HEADERS = 100
MAX_BODY_BYTES = 65_536
_CLOSE = {"Connection": "close"}

API_POLICY = "default-src 'none'; frame-ancestors 'none'"
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    # Without a word to our own pages either, a browser would call the origin of a form on them null.
    "Referrer-Policy": "same-origin",
}
"""Of pages: our own style and forms to ourselves, and no script at all."""

_FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def trusted_hosts(base_url: str) -> frozenset[str]:
    """Names under which this service answers: this machine, and the host of its own address."""
    host = (urlsplit(base_url).hostname or "").lower()
    return LOOPBACK_HOSTS | {f"[{host}]" if ":" in host else host}


class TrustedHosts:
    """Answers only to its own names, so a forged Host header reaches no link, cache or log."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Pass on a request to a known host; answer any other with a problem."""
        if scope["type"] != "http" or _host(scope["headers"]) in self.hosts:
            await self.app(scope, receive, send)
            return
        problem = Problem(400, "unknown-host", "This service does not answer under the name asked for.")
        await problem.response(scope)(scope, receive, send)


def _host(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The name in a Host header, without its port; two Host headers are none."""
    values = [value for name, value in headers if name == b"host"]
    if len(values) != 1:
        return ""
    value = values[0].decode("latin-1").lower()
    if value.startswith("["):
        return value.partition("]")[0] + "]"
    return value.partition(":")[0]


class RequestLimits:
    """Refuses what no honest client sends: long addresses, many headers, large bodies."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Pass on a request of ordinary size; answer any other with a problem, its body unread."""
        problem = _excess(scope) if scope["type"] == "http" else None
        if problem is None:
            await self.app(scope, receive, send)
            return
        await problem.response(scope)(scope, receive, send)


def _excess(scope: Connection) -> Problem | None:
    if len(scope["query_string"]) > MAX_QUERY_BYTES:
        detail = f"The query is longer than {MAX_QUERY_BYTES} bytes."
        return Problem(422, "bad-parameter", detail, (FieldError("query", detail),))
    if len(scope.get("raw_path") or scope["path"].encode()) > MAX_PATH_BYTES:
        return Problem(414, "address-too-long", f"The path is longer than {MAX_PATH_BYTES} bytes.")
    if len(scope["headers"]) > MAX_HEADERS:
        return Problem(431, "too-many-headers", f"More than {MAX_HEADERS} headers.", headers=_CLOSE)
    return _unwelcome_body(dict(scope["headers"]))


def _unwelcome_body(headers: Mapping[bytes, bytes]) -> Problem | None:
    """Why a body is not read: it is packed, of a length not said before it, or too long."""
    if b"content-encoding" in headers:
        detail = "Bodies are taken as they are, not packed: leave Content-Encoding out."
        return Problem(415, "packed-body", detail, headers=_CLOSE)
    if b"transfer-encoding" in headers:
        return Problem(411, "length-required", "Say the body's length in Content-Length.", headers=_CLOSE)
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > 20 or int(length) > MAX_BODY_BYTES:
        return Problem(413, "body-too-large", f"The body is larger than {MAX_BODY_BYTES} bytes.", headers=_CLOSE)
    return None


def protection(*, is_https: bool) -> RawHeaders:
    """The headers that every answer carries unless it says something else itself."""
    named = {"Content-Security-Policy": API_POLICY, "Cache-Control": "no-store", **_FIXED_HEADERS}
    if is_https:
        named["Strict-Transport-Security"] = "max-age=31536000"
    return tuple(Headers(named).raw)


def protected(said: Sequence[tuple[bytes, bytes]], fixed: RawHeaders) -> RawHeaders:
    """What an answer says itself, and of the headers that every answer carries the rest."""
    names = {name for name, _ in said}
    return (*said, *(one for one in fixed if one[0] not in names))


class SecurityHeaders:
    """Puts the headers that every answer carries on it.

    A 304 has nothing to protect: what the caller holds came with these headers (RFC 9110, section 15.4.5).
    """

    def __init__(self, app: ASGIApp, fixed: RawHeaders) -> None:
        self.app = app
        self.fixed = fixed

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Pass the request on and add headers to the start of its answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] != 304:
                message = {**message, "headers": protected(message.get("headers", ()), self.fixed)}
            await send(message)

        await self.app(scope, receive, with_headers)
