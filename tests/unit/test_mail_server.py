"""The address of a mail server: secret all the way, or on this machine."""

import pytest

from waitlists.errors import BadArgument
from waitlists.mail.server import MailServer, Secrecy, mail_server

SECRET = "pa55word"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://mail.example.org", MailServer("mail.example.org", 465, Secrecy.TLS)),
        ("smtps://u:p%40%2F@mail.example.org:2465", MailServer("mail.example.org", 2465, Secrecy.TLS, "u", "p@/")),
        ("smtp://u:p@mail.example.org?starttls", MailServer("mail.example.org", 587, Secrecy.STARTTLS, "u", "p")),
        ("smtp://mail.example.org:25?starttls", MailServer("mail.example.org", 25, Secrecy.STARTTLS)),
        ("smtp://localhost", MailServer("localhost", 25, Secrecy.PLAIN)),
        ("smtp://127.0.0.1:1025/", MailServer("127.0.0.1", 1025, Secrecy.PLAIN)),
        ("smtp://[::1]:1025", MailServer("::1", 1025, Secrecy.PLAIN)),
    ],
)
def test_a_server_is_named_with_its_secrecy(url, server):
    assert mail_server(url) == server


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"http://u:{SECRET}@h", "must be smtp://"),
        ("smtp://", "must be smtp://"),
        (f"smtp://u:{SECRET}@h:port", "must be smtp://"),
        (f"smtp://u:{SECRET}@h:99999", "must be smtp://"),
        (f"smtp://u:{SECRET}@h?tls", "must be smtp://"),
        (f"smtps://u:{SECRET}@h?starttls", "must be smtp://"),
        (f"smtps://u:{SECRET}@h/folder", "must be smtp://"),
        (f"smtps://u:{SECRET}@h#mark", "must be smtp://"),
        (f"smtp://u:{SECRET}@mail.example.org", "on its way"),
        (f"smtp://u:{SECRET}@10.0.0.7", "on its way"),
        ("smtp://localhost.example.org", "on its way"),
        ("smtps://u@h", "both USER and PASSWORD"),
        (f"smtps://:{SECRET}@h", "both USER and PASSWORD"),
        (f"smtps://u:{SECRET}%0D%0A@h", "in plain letters"),
        (f"smtps://u:{SECRET}%C3%A4@h", "in plain letters"),
    ],
)
def test_any_other_is_refused_without_its_password(url, words):
    with pytest.raises(BadArgument, match=words) as caught:
        mail_server(url)
    assert SECRET not in str(caught.value)


def test_a_server_hides_its_login():
    assert SECRET not in repr(mail_server(f"smtps://{SECRET}:{SECRET}@h"))
