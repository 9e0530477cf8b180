"""From an email in words to the bytes of a mail: templates set, styles inlined, parts put together; the same each time.

A mail is made whole but for its date and its recipient. Boundaries and ids of its parts follow from its Message-ID, so
that the same week gives the same bytes, and headers are made by the standard library, which refuses a line break.
"""

from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.policy import EmailPolicy
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

import css_inline
import jinja2

from jobs.mail.breach_email import Email
from jobs.mail.png import to_png


class _OnItsLine(EmailPolicy):
    """Folds headers so that each begins on the line of its name: some programs read an empty line as an empty one."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The header as it is sent."""
        folded, start = super().fold_binary(name, value), f"{name}:\r\n ".encode()
        if not folded.startswith(start):
            return folded
        line, end, rest = folded.removeprefix(start).partition(b"\r\n")
        room = (self.max_line_length or len(line)) - len(f"{name}: ")
        at = line.rfind(b" ", 0, room + 1) if len(line) > room else -1
        begun = line if at < 1 else line[:at] + b"\r\n" + line[at:]
        return f"{name}: ".encode() + begun + end + rest


_POLICY = _OnItsLine(linesep="\r\n", cte_type="7bit", max_line_length=76)
"""Seven bits pass every server as they are."""

_CID = "chart@weekly.waitlists"
"""Distinct within its mail, which is all that is asked of it."""

_CHART_WIDTH = 1200
"""Twice what is shown, for fine screens."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a mail: its id, whom it is from, where answers go, and for which subscriber's number."""

    message_id: str
    sender: str
    reply_to: str
    subscriber: int


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of figures that goes with a mail."""

    name: str
    text: str


def mail_of(email: Email, heading: Heading, attached: Attached | None = None) -> bytes:
    """The mail in bytes, the same whenever it is made again."""
    mail, body = EmailMessage(policy=_POLICY), _set(email)
    for name, value in _headers(body.subject, heading).items():
        mail[name] = value
    mail.set_content(body.text, cte="quoted-printable")
    mail.add_alternative(body.html, subtype="html", cte="quoted-printable")
    if body.png is not None:
        _add_chart(mail, body.png)
    if attached is not None:
        mail.add_attachment(attached.text, subtype="csv", filename=attached.name, cte="base64")
    _fix_boundaries(mail, sha256(heading.message_id.encode()).hexdigest()[:24])
    return mail.as_bytes()


def plain_mail_of(email: Email, heading: Heading) -> bytes:
    """A mail of text alone, without templates: what sets a mail may be what broke."""
    mail = EmailMessage(policy=_POLICY)
    for name, value in _headers(email.subject, heading).items():
        mail[name] = value
    said = (*email.summary, *email.actions, email.base_url, *email.about)
    mail.set_content("\n\n".join(said) + "\n", cte="quoted-printable")
    return mail.as_bytes()


def text_of(email: Email) -> str:
    """The plain text of a mail, as somebody without pictures reads it."""
    return _rendered("weekly/body.txt", email)


def _headers(subject: str, heading: Heading) -> dict[str, str]:
    stop = f"<mailto:{heading.reply_to}?subject=stop%20{heading.subscriber}>"
    return {
        "Message-ID": heading.message_id,
        "From": f"Children's waiting lists <{heading.sender}>",
        "Reply-To": heading.reply_to,
        "Subject": subject,
        "List-Id": f"Weekly breach email <weekly.{heading.sender.rpartition('@')[2]}>",
        "List-Unsubscribe": stop,
        # Nobody's holiday notice answers it, and no program takes it for a person's letter.
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }


def _add_chart(mail: EmailMessage, png: bytes) -> None:
    html = mail.get_body(("html",))
    assert isinstance(html, EmailMessage)  # noqa: S101 - it was added above
    html.add_related(png, "image", "png", cid=f"<{_CID}>", disposition="inline", filename="chart.png")


def _fix_boundaries(mail: EmailMessage, mark: str) -> None:
    """Python makes boundaries by chance."""
    parts: list[Message] = [part for part in mail.walk() if part.is_multipart()]
    for number, part in enumerate(parts):
        part.set_boundary(f"part-{number}-{mark}")


class _Body(NamedTuple):
    """An email set by its templates; the same for all who have the same subscription."""

    subject: str
    text: str
    html: str
    png: bytes | None


@lru_cache(maxsize=8)
def _set(email: Email) -> _Body:
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
    return _Body(
        # One line, whatever a name in the data holds: the library refuses a header that goes on.
        subject=" ".join(_rendered("weekly/subject.txt", email).split()),
        text=text_of(email),
        html=inliner.inline(_rendered("weekly/body.html", email)),
        png=None if email.chart is None else to_png(email.chart.svg, width=_CHART_WIDTH),
    )


def _rendered(template: str, email: Email) -> str:
    return _templates().get_template(template).render(email=email, chart_cid=_CID)


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("jobs.mail"),
        autoescape=jinja2.select_autoescape(("html",), default=False),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
