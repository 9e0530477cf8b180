"""Which files are told to be in no figure: refused and not sent again, held and not overtaken."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.deliveries import load, parsed
from waitlists.deliveries.unread import Sender, UnreadFile
from waitlists.store import write
from waitlists.store.session import reading, writing
from waitlists.store.unread import unread_files

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
SUNDAY = date(2026, 11, 15)
RETURN = Sender("weekly_return", ("RYY",))


def told(engine, as_of=date(2026, 11, 18)):
    with reading(engine) as connection:
        return list(unread_files(connection, as_of=as_of))


def refuse(engine, sender):
    with writing(engine) as connection:
        run = write.start_run(connection, command="load", as_of=None, now=MONDAY)
        file = {"name": "RYY-SALT.csv", "sha256": "a" * 64, "received_at": MONDAY}
        write.add_refusal(connection, **file, code="CONTRACT", reason="No.", run_id=run, sender=sender)


def sent(engine, scope, after, source="weekly_return"):
    provider = scope.partition("/")[0]
    load(engine, parsed(SUNDAY, {("SALT", provider): 40}, source=source, scope=scope), now=MONDAY + after)


@pytest.mark.parametrize(
    ("sender", "scope", "source", "after", "is_mended"),
    [
        (RETURN, "RYY/SALT", "weekly_return", timedelta(hours=1), True),
        (RETURN, "RYY", "weekly_return", timedelta(hours=1), True),
        (RETURN, "RYY/SALT", "weekly_return", timedelta(0), False),
        (RETURN, "RYY/SALT", "weekly_return", timedelta(hours=-1), False),
        (RETURN, "RYY/SALT", "weekly_return", timedelta(days=3), False),
        (RETURN, "RXY/SALT", "weekly_return", timedelta(hours=1), False),
        (Sender("weekly_return", ("RXY", "RYY")), "RYY/SALT", "weekly_return", timedelta(hours=1), False),
        (Sender(None, ("RYY",)), "RYY/SALT", "weekly_return", timedelta(hours=1), True),
        (Sender("referral_extract", ("RYY",)), "RYY/SALT", "weekly_return", timedelta(hours=1), False),
        (Sender("chs_sitrep"), "", "chs_sitrep", timedelta(hours=1), True),
        (Sender("chs_sitrep"), "RYY/SALT", "weekly_return", timedelta(hours=1), False),
    ],
)
def test_a_refused_file_is_told_until_its_sender_sent_another_of_its_kind(
    database, sender, scope, source, after, is_mended
):
    refuse(database, sender)
    sent(database, scope, after, source)
    assert told(database) == ([] if is_mended else [UnreadFile(sender, MONDAY.date(), "CONTRACT")])
