"""A real mail server on this machine that behaves as a test says: refuses, defers, hangs up, dawdles, wants a login."""

import asyncio
import ssl
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

CERTIFICATES = Path(__file__).parent / "certificates"
RIGHT, WRONG = CERTIFICATES / "mail.pem", CERTIFICATES / "loopback.pem"
USER, PASSWORD = "post", "pa55word"


@dataclass
class Behaviour:
    """What the server does at each step; what it took stands in `taken`."""

    rcpt: dict[str, str] = field(default_factory=dict)
    at_sender: str | None = None
    at_data: str | None = None
    hangs_up: str | None = None
    is_silent: bool = False
    drips: bool = False
    has_starttls: bool = True
    wants_login: bool = False
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def mails(self) -> list[EmailMessage]:
        """What was taken, as a mail program reads it."""
        return [message_from_bytes(content, policy=policy.default) for _, content in self.taken]

    async def handle_EHLO(self, server, session, _envelope, hostname, responses):  # noqa: N802 - the library's name
        session.host_name = hostname
        return [line for line in responses if self.has_starttls or "STARTTLS" not in line]

    async def handle_MAIL(self, _server, session, envelope, address, _options):  # noqa: N802
        if self.wants_login and not session.authenticated:
            return "530 who are you?"
        envelope.mail_from = address
        return self.at_sender or "250 OK"

    async def handle_RCPT(self, server, _session, envelope, address, _options):  # noqa: N802
        self.asked.append(address)
        if self.hangs_up == "before DATA":
            server.transport.abort()
        if self.is_silent:
            await self.over.wait()
        envelope.rcpt_tos.append(address)
        return self.rcpt.get(address, "250 OK")

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802
        if self.at_data:
            return self.at_data
        if self.hangs_up == "in DATA":
            server.transport.abort()
            return "250 OK"
        while self.drips and not self.over.is_set() and not server.transport.is_closing():
            server.transport.write(b"250-wait\r\n")
            await asyncio.wait([asyncio.ensure_future(self.over.wait())], timeout=0.02)
        self.taken.append((envelope.rcpt_tos[0], envelope.content))
        if self.hangs_up == "after DATA":
            server.transport.abort()
        return "250 OK"


def context(certificate: Path = RIGHT) -> ssl.SSLContext:
    """A server's own side of TLS."""
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(certificate)
    return found


def trust() -> ssl.SSLContext:
    """A client that trusts the right certificate and no other."""
    return ssl.create_default_context(cafile=RIGHT)


def _login(_server, _session, _envelope, _mechanism, data):
    is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=False)


@contextmanager
def serving(
    behaviour: Behaviour, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None
) -> Generator[int]:
    """The port of a server that behaves so until the block ends."""
    loop, ready, ports = asyncio.new_event_loop(), threading.Event(), list[int]()

    def protocol() -> SMTP:
        # The library knows of TLS only where it began it itself, and would offer no login.
        asked = {"authenticator": _login, "auth_require_tls": tls is None}
        return SMTP(behaviour, hostname="mail.example.org", tls_context=starttls, loop=loop, **asked)

    async def serve() -> None:
        server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=tls)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await behaviour.over.wait()
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0)

    def run() -> None:
        loop.run_until_complete(serve())
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait(10)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(behaviour.over.set)
        thread.join(10)
