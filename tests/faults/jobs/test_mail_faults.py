"""The outbox against real mail servers and both databases: no mail is lost, and none is sent twice without a crash."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import structlog
from sqlalchemy import select

from jobs.mail.letters import Answer, Fate
from jobs.mail.outbox import LEASE, NO_ANSWER, Drained, drain, sender_of
from tests.mail_servers import Behaviour, serving
from waitlists.logs import configure
from waitlists.mail.outgoing import GIVE_UP_AFTER, MOST_TRIES, Outgoing, message_id
from waitlists.mail.subscribers import Subscription
from waitlists.security.access import Role
from waitlists.settings import Settings
from waitlists.store import outbox
from waitlists.store.session import reading, writing
from waitlists.store.subscribers import add_subscriber, remove_subscriber
from waitlists.store.tables import outbox as table

MONDAY = datetime(2026, 11, 16, 6, 30, tzinfo=UTC)
WANTS = Subscription(Role.BOARD, ("SALT",), ("QKS",))
HELLO = b"Subject: hello\r\nMIME-Version: 1.0\r\n\r\nhello\r\n"


@pytest.fixture(autouse=True)
def logging_as_it_was():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def on(self, step: timedelta) -> None:
        self.now += step


class Crash(BaseException):
    """The process ends here."""


class CrashesAfterTheYes:
    """Sends, and then the process is no more."""

    def __init__(self, sender) -> None:
        self.sender = sender

    def send(self, letter) -> Answer:
        assert self.sender.send(letter).fate is Fate.SENT
        raise Crash


def settings_for(port: int) -> Settings:
    return Settings(smtp_url=f"smtp://127.0.0.1:{port}", mail_from="waitlists@example.org")


def address(number: int) -> str:
    return f"desk{number}@example.org"


def put(database, count: int) -> None:
    with writing(database) as connection:
        for number in range(1, count + 1):
            add_subscriber(connection, address(number), WANTS, now=MONDAY)
        outbox.queue(connection, [letter_to(number) for number in range(1, count + 1)], now=MONDAY)


def letter_to(number: int) -> Outgoing:
    name = message_id("weekly", date(2026, 11, 16), number, host="example.org", site="http://x")
    return Outgoing(name, "weekly", date(2026, 11, 16), number, f"Message-ID: {name}\r\n".encode() + HELLO)


def rows(database):
    with reading(database) as connection:
        return connection.execute(select(table).order_by(table.c.id)).all()


def drained(database, port, watch, **options) -> Drained:
    return drain(database, settings_for(port), clock=watch, chance=lambda: 0.5, **options)


def test_f28_a_greylisted_mail_waits_longer_each_time_and_arrives(database):
    put(database, 1)
    behaviour, watch, waits = Behaviour(rcpt={address(1): "451 greylisted"}), Watch(), []
    with serving(behaviour) as port:
        for _ in range(3):
            assert drained(database, port, watch) == Drained(later=1)
            assert drained(database, port, watch) == Drained()
            (row,) = rows(database)
            waits.append((row.next_try - watch.now) / timedelta(minutes=1))
            watch.now = row.next_try
        behaviour.rcpt.clear()
        assert drained(database, port, watch) == Drained(sent=1)
        assert drained(database, port, watch) == Drained()
    assert waits == [5, 10, 20]
    (mail,) = behaviour.mails()
    assert (mail["To"], mail["Date"]) == (address(1), "Mon, 16 Nov 2026 06:30:00 +0000")


def test_f28_a_mail_that_nobody_takes_for_four_hours_is_given_up_and_told(database):
    put(database, 1)
    watch, tries = Watch(), 0
    with serving(Behaviour(at_data="451 later")) as port:
        while rows(database)[0].state == "queued":
            drained(database, port, watch)
            tries += 1
            watch.now = rows(database)[0].next_try
    (row,) = rows(database)
    assert (row.state, row.last_problem, row.attempts, tries) == ("dead", "451 for the mail", 9, 9)
    assert row.settled_at - MONDAY <= GIVE_UP_AFTER
    with reading(database) as connection:
        assert [one.problem for one in outbox.outbox_state(connection).dead] == ["451 for the mail"]


def test_f28_a_server_that_is_down_is_asked_once_a_minute_and_not_for_each_mail(database):
    put(database, 3)
    watch = Watch()
    assert drained(database, 1, watch) == Drained(later=1)
    behaviour = Behaviour()
    with serving(behaviour) as port:
        watch.on(timedelta(minutes=5))
        assert drained(database, port, watch) == Drained(sent=3)
    assert len(behaviour.taken) == 3


def test_f29_one_refused_recipient_is_dead_and_the_others_get_theirs_once(database):
    put(database, 3)
    behaviour, watch = Behaviour(rcpt={address(2): "550 unknown"}), Watch()
    with serving(behaviour) as port:
        assert drained(database, port, watch) == Drained(sent=2, dead=1)
        watch.on(timedelta(hours=5))
        assert drained(database, port, watch) == Drained()
    assert [to for to, _ in behaviour.taken] == [address(1), address(3)]
    assert [(row.state, row.last_problem) for row in rows(database)] == [
        ("sent", None), ("dead", "550 for the recipient"), ("sent", None),
    ]  # fmt: skip


def test_f30_a_connection_dropped_after_the_mail_was_taken_is_repeated_under_the_same_id(database):
    put(database, 1)
    behaviour, watch = Behaviour(hangs_up="after DATA"), Watch()
    with serving(behaviour) as port:
        assert drained(database, port, watch) == Drained(later=1)
        behaviour.hangs_up = None
        watch.on(timedelta(minutes=5))
        assert drained(database, port, watch) == Drained(sent=1)
    first, second = behaviour.mails()
    assert first["Message-ID"] == second["Message-ID"] == letter_to(1).message_id
    assert behaviour.taken[0] == behaviour.taken[1]


def test_f30_a_crash_between_the_yes_and_its_note_repeats_one_mail_once(database):
    put(database, 2)
    behaviour, watch = Behaviour(), Watch()
    with serving(behaviour) as port:
        with pytest.raises(Crash):
            drained(database, port, watch, sender=CrashesAfterTheYes(sender_of(settings_for(port))))
        assert drained(database, port, watch) == Drained(sent=1)
        watch.on(LEASE)
        assert drained(database, port, watch) == Drained(sent=1)
        watch.on(LEASE)
        assert drained(database, port, watch) == Drained()
    assert sorted(mail["To"] for mail in behaviour.mails()) == [address(1), address(1), address(2)]
    assert len({mail["Message-ID"] for mail in behaviour.mails()}) == 2


def test_a_mail_that_kills_its_sender_each_time_is_given_up(database):
    put(database, 1)
    watch = Watch()

    class Killed:
        def send(self, _letter) -> Answer:
            raise Crash

    for _ in range(MOST_TRIES):
        with pytest.raises(Crash):
            drained(database, 1, watch, sender=Killed())
        watch.on(LEASE)
    assert drained(database, 1, watch, sender=Killed()) == Drained(dead=1)
    assert rows(database)[0].last_problem == NO_ANSWER


def test_f31_two_drainers_at_once_send_each_mail_once(database):
    put(database, 20)
    behaviour = Behaviour()
    with serving(behaviour) as port, ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda watch: drained(database, port, watch), [Watch() for _ in range(3)]))
    assert sum(one.sent for one in found) == 20
    assert sorted(to for to, _ in behaviour.taken) == sorted(address(number) for number in range(1, 21))


def test_a_stalled_sender_whose_lease_ended_settles_nothing(database):
    """The mail went to somebody else in the meantime, who was told that it never will be taken."""
    put(database, 1)
    watch = Watch()

    class Stalls:
        def send(self, _letter) -> Answer:
            watch.on(LEASE)
            assert drained(database, 1, watch, sender=Refuses()) == Drained(dead=1)
            return Answer(Fate.SENT)

    class Refuses:
        def send(self, _letter) -> Answer:
            return Answer(Fate.REFUSED, "550 for the recipient")

    assert drained(database, 1, watch, sender=Stalls()) == Drained(sent=1)
    assert rows(database)[0].state == "dead"


def test_mail_for_a_subscriber_who_has_gone_is_not_sent(database):
    put(database, 2)
    with writing(database) as connection:
        remove_subscriber(connection, 1, now=MONDAY)
        outbox.queue(connection, [Outgoing("<late@example.org>", "weekly", date(2026, 11, 23), 1, HELLO)], now=MONDAY)
    behaviour = Behaviour()
    with serving(behaviour) as port:
        assert drained(database, port, Watch()) == Drained(sent=1, withdrawn=1)
    assert [to for to, _ in behaviour.taken] == [address(2)]


def test_without_a_server_each_mail_is_one_private_file(sqlite_database, tmp_path):
    put(sqlite_database, 2)
    settings = Settings(outbox=tmp_path / "out" / "box", mail_from="waitlists@example.org")
    assert drain(sqlite_database, settings, clock=Watch()) == Drained(sent=2)
    files = sorted((tmp_path / "out" / "box").iterdir())
    assert [file.name.rpartition(".")[2] for file in files] == ["eml", "eml"]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]
    assert files[0].read_bytes() == (
        b"Date: Mon, 16 Nov 2026 06:30:00 +0000\r\nTo: desk1@example.org\r\n" + letter_to(1).content
    )


def test_a_folder_that_cannot_be_written_is_tried_later_and_leaves_no_half_file(sqlite_database, tmp_path):
    put(sqlite_database, 1)
    (tmp_path / "box").write_text("a file where the folder should be")
    watch = Watch()
    settings = Settings(outbox=tmp_path / "box", mail_from="waitlists@example.org")
    assert drain(sqlite_database, settings, clock=watch) == Drained(later=1)
    assert rows(sqlite_database)[0].last_problem == "the outbox folder: File exists"
    (tmp_path / "box").unlink()
    watch.on(timedelta(minutes=10))
    assert drain(sqlite_database, settings, clock=watch) == Drained(sent=1)
    assert len(list((tmp_path / "box").iterdir())) == 1


@pytest.mark.parametrize("is_dead", [True, False])
def test_no_log_line_and_no_row_of_the_outbox_holds_an_address(sqlite_database, is_dead):
    log = StringIO()
    configure(level="debug", form="json", stream=log)
    put(sqlite_database, 1)
    behaviour = Behaviour(rcpt={address(1): f"{550 if is_dead else 450} {address(1)} unknown"})
    with serving(behaviour) as port:
        drained(sqlite_database, port, Watch())
    assert ("mail.dead" if is_dead else "mail.later") in log.getvalue()
    assert "desk1" not in log.getvalue() + repr(rows(sqlite_database))
