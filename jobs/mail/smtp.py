"""Hands one mail to a mail server, and says what the server made of it.

The certificate is checked, the login comes after the way is secret, and a server that offers no secret way is told
nothing. Whatever goes wrong is an answer and no exception; of the server's words only its code is kept, since they may
name the recipient.
"""

import smtplib
import socket
import ssl
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Timer

from jobs.mail.letters import Answer, Fate, Letter
from waitlists.mail.server import MailServer, Secrecy

PATIENCE_SECONDS = 30.0
"""For each answer of the server."""

MOST_SECONDS = 180.0
"""For a mail as a whole, however slowly a server drips; far within the lease of the outbox."""


@dataclass(frozen=True, slots=True)
class SmtpSender:
    """Sends by a mail server; `context` says whose certificates are trusted."""

    server: MailServer
    context: ssl.SSLContext
    patience: float = PATIENCE_SECONDS
    most: float = MOST_SECONDS

    def send(self, letter: Letter) -> Answer:
        """What the server made of a letter."""
        try:
            with self._connected(letter.sender) as smtp:
                smtp.sendmail(letter.sender, [letter.recipient], letter.content)
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = error.recipients[letter.recipient]
            return _refused(code, "the recipient")
        except smtplib.SMTPDataError as error:
            return _refused(error.smtp_code, "the mail")
        except OSError as error:
            return Answer(Fate.LATER, _problem(error), is_about_server=True)
        return Answer(Fate.SENT)

    @contextmanager
    def _connected(self, sender: str) -> Generator[smtplib.SMTP]:
        """A server that listens, after TLS and login; whatever it says once it has the mail changes nothing."""
        opened: list[smtplib.SMTP] = []
        watch = Timer(self.most, _hang_up, [opened])
        watch.start()
        try:
            opened.append(self._open(sender.rpartition("@")[2]))
            smtp = opened[0]
            if not watch.is_alive():
                raise TimeoutError
            if self.server.secrecy is Secrecy.STARTTLS:
                smtp.starttls(context=self.context)
            if self.server.user:
                smtp.login(self.server.user, self.server.password)
            yield smtp
            with suppress(OSError):
                smtp.quit()
        finally:
            watch.cancel()
            for smtp in opened:
                smtp.close()

    def _open(self, name: str) -> smtplib.SMTP:
        # Asking the network for this machine's own name may take half a minute, and tells strangers what it is.
        host, port = self.server.host, self.server.port
        if self.server.secrecy is Secrecy.TLS:
            return smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=self.patience, context=self.context)
        return smtplib.SMTP(host, port, local_hostname=name, timeout=self.patience)


_STEPS: dict[type[smtplib.SMTPResponseException], str] = {
    smtplib.SMTPAuthenticationError: "at the login",
    smtplib.SMTPConnectError: "at the greeting",
    smtplib.SMTPHeloError: "at HELO",
    smtplib.SMTPSenderRefused: "for the sender",
}
_PLAINLY: tuple[tuple[type[OSError], str], ...] = (
    (smtplib.SMTPNotSupportedError, "it offers no STARTTLS, or no login"),
    (smtplib.SMTPServerDisconnected, "it hung up, or did not answer in time"),
    (ssl.SSLCertVerificationError, "its certificate is not trusted"),
    (ssl.SSLError, "it speaks no TLS that can be used"),
    (socket.gaierror, "there is no such host"),
    (ConnectionError, "nobody listens there"),
    (TimeoutError, "it did not answer in time"),
)


def _problem(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_STEPS.get(type(error), 'at STARTTLS')}"
    return next((words for kind, words in _PLAINLY if isinstance(error, kind)), type(error).__name__)


def _refused(code: int, what: str) -> Answer:
    """Codes from 500 are for good, those from 400 for now, and 421 ends the conversation (RFC 5321, 4.2.1)."""
    return Answer(Fate.REFUSED if code >= 500 else Fate.LATER, f"{code} for {what}", is_about_server=code == 421)


def _hang_up(opened: list[smtplib.SMTP]) -> None:
    for smtp in opened:
        if smtp.sock is not None:
            with suppress(OSError):
                smtp.sock.shutdown(socket.SHUT_RDWR)
