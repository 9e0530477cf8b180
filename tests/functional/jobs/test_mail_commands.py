"""`waitlists subscribers` and `waitlists outbox` as a person types them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from waitlists.mail.outgoing import Outgoing
from waitlists.store import outbox
from waitlists.store.session import make_engine, writing

ADDRESS = "rota.team@example.org"
ABOUT = ("--role", "commissioner", "--service", "SALT", "--service", "ASD", "--org", "QKS")
NOW = datetime(2026, 11, 16, 6, 30, tzinfo=UTC)


def put(folder, count):
    engine = make_engine(f"sqlite:///{folder / 'waitlists.db'}")
    slots = [date(2026, 11, 16) + timedelta(weeks=n) for n in range(count)]
    mails = [Outgoing(f"<{n}@x>", "weekly", slot, 1, b"Subject: x\r\n\r\n") for n, slot in enumerate(slots)]
    with writing(engine) as connection:
        outbox.queue(connection, mails, now=NOW)
    engine.dispose()


def test_a_subscriber_is_added_listed_in_part_and_removed(ready):
    added = ready("subscribers", "add", ADDRESS, *ABOUT, "--standard", "CHS_18W", "--csv")
    assert (added.code, added.out) == (
        0,
        (
            "Subscriber 1 gets the next weekly email about SALT, ASD of QKS (CHS_18W).\n"
            "Of ASD no warning can come under this subscription: the mail has its figures alone.\n"
        ),
    )
    assert ready("subscribers", "list").out == (
        "1  r***@example.org  commissioner: SALT, ASD of QKS (CHS_18W), with CSV\n"
    )
    assert ADDRESS in ready("subscribers", "list", "--full").out
    (one,) = ready("subscribers", "list", "--json").json["items"]
    assert one == {
        "id": 1, "address": "r***@example.org", "role": "commissioner", "services": ["SALT", "ASD"],
        "organisations": ["QKS"], "standards": ["CHS_18W"], "wants_csv": True,
    }  # fmt: skip
    assert ready("subscribers", "list", "--full", "--json").json["items"][0]["address"] == ADDRESS
    assert ready("subscribers", "remove", ADDRESS).out == "Subscriber 1 is forgotten.\n"
    assert "Nobody gets mail" in ready("subscribers", "list").out
    assert ready("subscribers", "add", ADDRESS, *ABOUT, "--json").json["id"] == 2
    assert ready("subscribers", "remove", "2", "--json").json == {"id": 2, "removed": True}
    assert ADDRESS.encode() not in (ready.folder / "waitlists.db").read_bytes()


def test_adding_and_removing_leaves_a_trace_without_the_address(ready):
    ready("subscribers", "add", ADDRESS, *ABOUT)
    ready("subscribers", "remove", "1")
    said = ready("audit", "show", "--json").out
    assert "subscribers add 1" in said
    assert "subscribers remove 1" in said
    assert "rota" not in said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nobody-at-all@", *ABOUT), "not one plain mail address"),
        ((f"{ADDRESS}\r\nBcc: x@y.example", *ABOUT), "not one plain mail address"),
        ((ADDRESS, "--role", "board", "--service", "SALTY", "--org", "QKS"), "near: SALT"),
        ((ADDRESS, *ABOUT, "--standard", "CHS_17W"), "near: CHS_18W"),
        (
            (ADDRESS, *ABOUT, "--standard", "WHEELCHAIR_18W"),
            "they are watched under: SALT: CHS_18W, CHS_52W; ASD: ASD_NICE_13W",
        ),
        (
            (ADDRESS, "--role", "board", "--service", "CAMHS_ED", "--org", "QKS", "--standard", "CYPED_URGENT"),
            "no warning can come under CYPED_URGENT",
        ),
    ],
)
def test_a_subscriber_who_cannot_be_is_refused_without_the_address(ready, words, message):
    ended = ready("subscribers", "add", *words)
    assert ended.code == 2
    assert message in ended.err
    assert "nobody-at-all" not in ended.err
    assert "rota" not in ended.err


def test_an_unknown_or_second_subscriber_is_refused_without_the_address(ready):
    ready("subscribers", "add", ADDRESS, *ABOUT)
    for ended in (
        ready("subscribers", "add", ADDRESS, *ABOUT),
        ready("subscribers", "remove", "x.rota.team@example.org"),
    ):
        assert ended.code == 2
        assert "rota" not in ended.err


def test_the_outbox_is_sent_to_its_folder_counted_and_retried(ready):
    ready("subscribers", "add", ADDRESS, *ABOUT)
    put(ready.folder, 2)
    (ready.folder / "outbox").write_text("in the way")
    assert ready("outbox", "send").out == "0 sent, 1 later, 0 dead, 0 withdrawn\n"
    (ready.folder / "outbox").unlink()
    assert ready("outbox", "send", "--json").json == {"sent": 1, "later": 0, "dead": 0, "withdrawn": 0}
    assert ready("outbox", "list").out == "1 queued, 1 sent, 0 dead, 0 withdrawn\n"
    assert len(list((ready.folder / "outbox").glob("*.eml"))) == 1


def test_what_could_not_be_sent_is_named_by_number_and_tried_again_on_request(ready):
    ready("subscribers", "add", ADDRESS, *ABOUT)
    put(ready.folder, 1)
    engine = make_engine(f"sqlite:///{ready.folder / 'waitlists.db'}")
    with writing(engine) as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET state = 'dead', settled_at = queued_at, attempts = 9, last_problem = '550 for x'"
        )
    engine.dispose()
    said = ready("outbox", "list").out
    assert said.splitlines()[1] == "weekly 2026-11-16 to subscriber 1 could not be sent: 550 for x"
    assert ready("outbox", "list", "--json").json["dead_mails"][0]["problem"] == "550 for x"
    assert ready("outbox", "retry").out == "1 queued again.\n"
    assert ready("outbox", "retry", "--json").json == {"queued": 0}
