"""Which files are told to be in no figure: refused and not sent again, held and not overtaken."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.deliveries import load, parsed
from tests.referrals import facts, records
from waitlists.deliveries.unread import Sender, UnreadFile
from waitlists.periods import LONDON
from waitlists.store import write
from waitlists.store.read import held_deliveries
from waitlists.store.referral_deliveries import Accepted, Received, add_accepted, add_extract, hold
from waitlists.store.session import reading, writing
from waitlists.store.state import state
from waitlists.store.tables import delivery, held_delivery, refusal
from waitlists.store.unread import SENDING, Unread, days_of_unread, services_awaiting, undecided_files, unread_files

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
SUNDAY = date(2026, 11, 15)
RETURN = Sender("weekly_return", ("RYY",), ("SALT",), SUNDAY)


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
        (RETURN, "RYY/SALT", "weekly_return", timedelta(days=3), False),
        (RETURN, "RYY/ASD", "weekly_return", timedelta(hours=1), False),
        (Sender("chs_sitrep"), "", "chs_sitrep", timedelta(hours=1), True),
        (Sender("chs_sitrep"), "RYY/SALT", "weekly_return", timedelta(hours=1), False),
        (Sender(None, (), ("SALT",)), "", "chs_sitrep", timedelta(hours=1), False),
    ],
)
def test_a_refused_file_is_told_until_what_it_was_about_came(database, sender, scope, source, after, is_mended):
    refuse(database, sender)
    sent(database, scope, after, source)
    assert told(database) == ([] if is_mended else [UnreadFile(sender, MONDAY.date(), "CONTRACT")])


def test_a_refused_file_of_records_is_told_until_records_of_its_services_came(database):
    about = Sender("referral_extract", ("RYY",), ("SALT",), SUNDAY)
    refuse(database, about)
    accept(database, A, SUNDAY - 7 * DAYS, HOUR, services=("SALT",))
    accept(database, A, SUNDAY, 2 * HOUR, services=("ASD",))
    assert told(database) == [UnreadFile(about, MONDAY.date(), "CONTRACT")]
    accept(database, A, SUNDAY, 3 * HOUR, services=("ASD", "SALT"))
    assert told(database) == []


@pytest.mark.parametrize(
    ("sender", "is_over"), [(Sender(), True), (Sender("weekly_return"), True), (Sender("chs_sitrep"), False)]
)
def test_a_refusal_whose_sender_stands_in_its_name_alone_is_over_once_that_one_sent(database, sender, is_over):
    refuse(database, sender)
    now = MONDAY + timedelta(hours=2)
    with reading(database) as connection:
        assert len(state(connection, now=now, zone=LONDON).refused) == 1
    sent(database, "RYY/SALT", timedelta(hours=1))
    with reading(database) as connection:
        assert len(state(connection, now=now, zone=LONDON).refused) == (0 if is_over else 1)


def test_a_refusal_of_before_tells_no_services(database):
    refuse(database, Sender("weekly_return", ("RYY",)))
    with writing(database) as connection:
        connection.execute(update(refusal).values(sender={"source": "weekly_return", "providers": ["RYY"]}))
    assert told(database) == [UnreadFile(Sender("weekly_return", ("RYY",)), MONDAY.date(), "CONTRACT")]


def hold_it(engine, systems=(), services=()):
    with writing(engine) as connection:
        run = write.start_run(connection, command="load", as_of=None, now=MONDAY)
        file = Received("RYY-A.csv", "b" * 64, 1, MONDAY, run)
        of = Sender("referral_extract", ("RYY",), services)
        hold(connection, file, snapshot_date=SUNDAY, sender=of, systems=systems, reasons=["It differs."], counts={})


def undecided(engine, as_of=date(2026, 11, 18)):
    with reading(engine) as connection:
        return [one.name for one in undecided_files(connection, as_of=as_of)]


def test_files_that_wait_for_somebody_are_named_whoever_sent_them(database):
    refuse(database, Sender())
    hold_it(database)
    assert undecided(database) == ["RYY-SALT.csv", "RYY-A.csv"]
    assert [one.sender.providers for one in told(database)] == [("RYY",)]
    accept(database, A, SUNDAY, HOUR)
    assert undecided(database) == ["RYY-SALT.csv"]


def test_a_file_refused_after_a_week_began_is_in_the_next(database):
    refuse(database, RETURN)
    assert undecided(database, as_of=MONDAY.date() + 7 * DAYS) == ["RYY-SALT.csv"]
    assert undecided(database, as_of=MONDAY.date() + 8 * DAYS) == []
    with reading(database) as connection:
        assert days_of_unread(connection) == {MONDAY.date(), MONDAY.date() + 8 * DAYS}


def test_a_held_file_whose_bytes_were_loaded_waits_for_nobody(database):
    hold_it(database)
    sent(database, "RYY/SALT", HOUR)
    with writing(database) as connection:
        connection.execute(update(delivery).values(sha256="b" * 64))
    assert (undecided(database), told(database)) == ([], [])


def accept(engine, systems, day, after, services=()):
    at = MONDAY + after
    with writing(engine) as connection:
        run = write.start_run(connection, command="load", as_of=None, now=at)
        file = Received("RYY.csv", f"{run:064}", 1, at, run)
        number = add_extract(connection, facts(records([]), day=day), file, known_from=at.date())
        add_accepted(
            connection, number, Accepted("RYY", "snapshot", day, at.date(), dict.fromkeys(services, 5), (), systems), {}
        )


HOUR, DAYS = timedelta(hours=1), timedelta(days=1)
A, B, BOTH, ANY = ("RiO",), ("SystmOne",), ("RiO", "SystmOne"), ()


@pytest.mark.parametrize(
    ("came", "is_overtaken"),
    [
        ([], False),
        ([(A, SUNDAY, HOUR)], True),
        ([(A, SUNDAY - DAYS, HOUR)], False),
        ([(A, SUNDAY, -HOUR)], False),
        ([(B, SUNDAY, timedelta(0))], False),
        ([(A, SUNDAY, 3 * DAYS)], False),
        ([(A, SUNDAY - 7 * DAYS, -7 * DAYS), (B, SUNDAY, HOUR)], False),
        ([(A, SUNDAY - 7 * DAYS, -7 * DAYS), (B, SUNDAY, HOUR), (A, SUNDAY, 2 * HOUR)], True),
        ([(A, SUNDAY - 7 * DAYS, -7 * DAYS), (B, SUNDAY, -HOUR), (BOTH, SUNDAY, HOUR)], True),
        ([(A, SUNDAY - 7 * DAYS, -7 * DAYS), (B, SUNDAY, -HOUR), (A, SUNDAY, HOUR)], False),
        ([(A, SUNDAY - 34 * DAYS, -34 * DAYS), (B, SUNDAY, HOUR)], False),
        ([(A, SUNDAY - 35 * DAYS, -35 * DAYS), (B, SUNDAY, HOUR)], True),
        ([(A, SUNDAY - 7 * DAYS, -7 * DAYS), (ANY, SUNDAY, HOUR)], True),
    ],
)
def test_a_held_file_is_told_until_all_systems_of_its_provider_sent_since(database, came, is_overtaken):
    for systems, day, after in sorted(came, key=lambda one: one[2]):
        accept(database, systems, day, after)
    hold_it(database)
    held = UnreadFile(Sender("referral_extract", ("RYY",)), SUNDAY, None)
    assert told(database) == ([] if is_overtaken else [held])


@pytest.mark.parametrize(
    ("own", "came", "is_overtaken"),
    [
        (B, [(A, -7, -7), (B, 7, 7)], True),
        (B, [(A, -7, -7), (A, 7, 7)], True),
        (A, [(A, -7, -7), (B, -7, -7), (A, 7, 7)], True),
        (A, [(A, -7, -7), (B, -7, -7), (B, 7, 7)], False),
        (A, [(A, -35, -35), (B, -7, -7), (B, 7, 7)], False),
        (("Rio",), [(A, -7, -7), (A, 7, 7)], True),
        (ANY, [(A, -7, -7), (B, 21, 21)], False),
        (ANY, [(A, -7, -7), (B, 21, 21), (B, 28, 28)], True),
    ],
)
def test_a_held_file_is_overtaken_by_lists_of_its_systems_or_of_all_that_still_send(database, own, came, is_overtaken):
    hold_it(database, own)
    for systems, day, after in came:
        accept(database, systems, SUNDAY + day * DAYS, after * DAYS)
    assert undecided(database, as_of=MONDAY.date() + 30 * DAYS) == ([] if is_overtaken else ["RYY-A.csv"])


@pytest.mark.parametrize("is_known", [True, False])
def test_a_held_file_that_nothing_answers_is_waited_for_five_weeks_and_stays_listed(database, is_known):
    hold_it(database)
    with writing(database) as connection:
        connection.execute(update(held_delivery).values(providers=["RYY"] if is_known else None))
    last = MONDAY.date() + SENDING
    assert undecided(database, as_of=last) == ["RYY-A.csv"]
    assert (undecided(database, as_of=last + DAYS), told(database, as_of=last + DAYS)) == ([], [])
    with reading(database) as connection:
        assert days_of_unread(connection) == {MONDAY.date(), last + DAYS}
        assert [one.file_name for one in held_deliveries(connection, today=last + 52 * 7 * DAYS, limit=9)] == [
            "RYY-A.csv"
        ]


def test_a_held_file_is_awaited_by_lists_of_its_services_alone(database):
    sent(database, "RYY/SALT", HOUR)
    sent(database, "RYY/ASD", 2 * HOUR)
    hold_it(database, services=("SALT",))
    with reading(database) as connection:
        unread = Unread.of(connection, MONDAY.date())
        waits = [
            unread.is_awaited(service, org, "weekly_return") for service in ("SALT", "ASD") for org in ("RYY", "QKS")
        ]
        assert services_awaiting(connection, unread.files) == {"SALT"}
    assert waits == [True, True, False, False]
