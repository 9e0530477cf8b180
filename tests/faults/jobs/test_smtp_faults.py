"""A mail server that misbehaves, over a real connection: each fault is one answer, and nothing is said in the open."""

import socket
from dataclasses import replace

import pytest

from jobs.mail.letters import Answer, Fate, Letter
from jobs.mail.smtp import SmtpSender
from tests.mail_servers import PASSWORD, USER, WRONG, Behaviour, context, serving, trust
from waitlists.mail.server import MailServer, Secrecy

LETTER = Letter("weekly.1", "waitlists@example.org", "desk@example.org", b"Subject: x\r\n\r\n.hello\r\n")
DESK = LETTER.recipient
HUNG_UP = Answer(Fate.LATER, "it hung up, or did not answer in time", is_about_server=True)


def send(port, *, secrecy=Secrecy.PLAIN, user="", password="", **limits):
    server = MailServer("127.0.0.1", port, secrecy, user, password)
    return SmtpSender(server, trust(), **{"patience": 5.0, "most": 5.0} | limits).send(LETTER)


def test_a_mail_arrives_byte_for_byte():
    behaviour = Behaviour()
    with serving(behaviour) as port:
        assert send(port) == Answer(Fate.SENT)
    assert behaviour.taken == [("desk@example.org", b"Subject: x\r\n\r\n.hello\r\n")]


@pytest.mark.parametrize(
    ("behaviour", "answer"),
    [
        ({"rcpt": {DESK: f"450 greylisted {DESK}"}}, Answer(Fate.LATER, "450 for the recipient")),
        ({"rcpt": {DESK: f"550 no {DESK}"}}, Answer(Fate.REFUSED, "550 for the recipient")),
        ({"rcpt": {DESK: "421 closing"}}, Answer(Fate.LATER, "421 for the recipient", is_about_server=True)),
        ({"at_data": "451 later"}, Answer(Fate.LATER, "451 for the mail")),
        ({"at_data": "554 never"}, Answer(Fate.REFUSED, "554 for the mail")),
        ({"at_sender": "553 not you"}, Answer(Fate.LATER, "553 for the sender", is_about_server=True)),
        ({"hangs_up": "before DATA"}, HUNG_UP),
        ({"hangs_up": "in DATA"}, HUNG_UP),
        ({"hangs_up": "after DATA"}, HUNG_UP),
    ],
)  # fmt: skip
def test_what_a_server_says_is_an_answer_without_an_address(behaviour, answer):
    """F28, F29: 4xx is for now, 5xx about one recipient for good, and a dropped connection for now."""
    with serving(Behaviour(**behaviour)) as port:
        assert send(port) == answer


def test_a_server_that_is_down_or_has_no_name_is_tried_later():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        assert send(nobody.getsockname()[1]) == Answer(Fate.LATER, "nobody listens there", is_about_server=True)
    nowhere = MailServer("nowhere.invalid", 25, Secrecy.PLAIN)
    assert SmtpSender(nowhere, trust()).send(LETTER).fate is Fate.LATER


def test_a_server_that_says_nothing_is_left():
    with serving(Behaviour(is_silent=True)) as port:
        assert send(port, patience=0.2) == HUNG_UP


def test_a_server_that_drips_is_left_however_patient_each_step_is():
    with serving(Behaviour(drips=True)) as port:
        assert send(port, most=0.3) == HUNG_UP


def test_a_greeting_that_takes_too_long_is_not_followed_by_a_mail():
    behaviour = Behaviour()
    with serving(behaviour) as port:
        assert send(port, most=0.0).fate is Fate.LATER
    assert behaviour.taken == []


@pytest.mark.parametrize("secrecy", [Secrecy.TLS, Secrecy.STARTTLS])
def test_a_secret_way_with_a_login_is_taken(secrecy):
    behaviour, side = Behaviour(wants_login=True), {_SIDES[secrecy]: context()}
    with serving(behaviour, **side) as port:
        assert send(port, secrecy=secrecy, user=USER, password=PASSWORD) == Answer(Fate.SENT)
    assert len(behaviour.taken) == 1


@pytest.mark.parametrize("secrecy", [Secrecy.TLS, Secrecy.STARTTLS])
def test_a_certificate_of_somebody_else_ends_the_conversation(secrecy):
    behaviour, side = Behaviour(wants_login=True), {_SIDES[secrecy]: context(WRONG)}
    with serving(behaviour, **side) as port:
        answer = send(port, secrecy=secrecy, user=USER, password=PASSWORD)
    assert answer == Answer(Fate.LATER, "its certificate is not trusted", is_about_server=True)
    assert behaviour.asked == []


def test_a_certificate_for_another_host_ends_it_too():
    with serving(Behaviour(), tls=context()) as port:
        server = MailServer("127.0.0.2", port, Secrecy.TLS)
        assert SmtpSender(server, trust()).send(LETTER).fate is Fate.LATER


def test_a_stripped_starttls_sends_nothing_and_no_login():
    """Somebody on the way takes the offer of STARTTLS out of what the server says."""
    behaviour = Behaviour(has_starttls=False)
    with serving(behaviour, starttls=context()) as port:
        answer = send(port, secrecy=Secrecy.STARTTLS, user=USER, password=PASSWORD)
    assert answer == Answer(Fate.LATER, "it offers no STARTTLS, or no login", is_about_server=True)
    assert (behaviour.asked, behaviour.taken) == ([], [])


def test_a_server_without_tls_is_not_spoken_to_in_plain_text():
    with serving(Behaviour()) as port:
        answer = send(port, secrecy=Secrecy.TLS)
    assert answer == Answer(Fate.LATER, "it speaks no TLS that can be used", is_about_server=True)


def test_a_wrong_password_is_tried_later_and_never_told():
    with serving(Behaviour(wants_login=True), tls=context()) as port:
        answer = send(port, secrecy=Secrecy.TLS, user=USER, password="other-pa55word")
    assert answer == Answer(Fate.LATER, "535 at the login", is_about_server=True)


def test_a_letter_hides_its_recipient_and_what_it_says():
    shown = repr(replace(LETTER, sender="x"))
    assert "desk" not in shown
    assert "hello" not in shown


_SIDES = {Secrecy.TLS: "tls", Secrecy.STARTTLS: "starttls"}
