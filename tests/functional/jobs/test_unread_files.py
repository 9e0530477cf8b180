"""What the readers of a list are told of a file of its provider that was refused or is held, and for how long."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from jobs.load import Moment, load
from jobs.records.files import Approval, Asked
from jobs.warning_week import told_of
from tests.extracts import csv_of, row
from tests.returns import WEEK, as_csv, waiting
from waitlists.mail.subscribers import Subscription
from waitlists.security.access import Role
from waitlists.settings import Settings
from waitlists.store.session import reading, writing
from waitlists.store.subscribers import add_subscriber
from waitlists.store.tables import held_delivery

MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)
DAY = timedelta(days=1)
READERS = {
    "board": ("QKS", ("SALT",)),
    "provider": ("RYY", ("SALT",)),
    "other service": ("QKS", ("CAMHS",)),
    "other provider": ("RXY", ("SALT",)),
}
BROKEN = b"no,such,columns\n1,2,3\n"


def loaded(engine, path, *, now=NOW, as_of=None, **asked):
    moment = Moment(lambda: now, as_of)
    return load(engine, [path], moment=moment, source=None, records=Asked(**asked), on_progress=lambda _: None)


def told(engine, word, *, day=MONDAY):
    """Who reads that a file was refused or is held, by reader, and what."""
    mails = told_of(engine, Settings(), as_of=day, clock=lambda: NOW + timedelta(weeks=9), on_progress=lambda _: None)
    lines = {
        number: [line for one in mail.sections for line in one.caveats] + list(mail.late) for number, mail in mails
    }
    found = {name: [line for line in lines[n] if word in line] for n, name in enumerate(READERS, start=1)}
    return {name: line for name, lines in found.items() for line in lines}


refused, held = partial(told, word="refused and"), partial(told, word="is held")


@pytest.fixture
def readers(sqlite_database, tmp_path):
    with writing(sqlite_database) as connection:
        for name, (org, services) in READERS.items():
            wants = Subscription(Role.BOARD, services, (org,))
            add_subscriber(connection, f"{name.replace(' ', '.')}@example.org", wants, now=NOW)
    for week in (WEEK - 14 * DAY, WEEK - 7 * DAY):
        path = tmp_path / f"{week}.csv"
        path.write_bytes(as_csv([*waiting(week=week), *waiting("ASD", week=week)]))
        loaded(sqlite_database, path, now=NOW - DAY)
    return sqlite_database


def test_a_refused_file_is_told_to_its_readers_until_it_is_mended_or_a_week_has_passed(readers, tmp_path):
    file = tmp_path / "RYY-SALT.csv"
    file.write_bytes(BROKEN)
    loaded(readers, file)
    assert set(refused(readers)) == {"board", "provider"}
    sentence = refused(readers)["board"]
    assert sentence.startswith("A file of Kent Community Health NHS Foundation Trust that came on 16 November 2026 was")
    assert "its headings are not those that were agreed. Ask for a corrected one" in sentence
    assert refused(readers, day=MONDAY - DAY) == {}
    assert set(refused(readers, day=MONDAY + 7 * DAY)) == {"board", "provider"}
    assert refused(readers, day=MONDAY + 8 * DAY) == {}
    file.write_bytes(as_csv(waiting(counts=(9,) * 8)))
    loaded(readers, file, now=NOW + 2 * DAY)
    assert refused(readers, day=MONDAY + 2 * DAY) == {}
    assert set(refused(readers)) == {"board", "provider"}


def test_nothing_of_a_files_name_or_cells_is_told(readers, tmp_path):
    file = tmp_path / "RYY Maya Example.csv"
    file.write_bytes(b"week_ending,provider,service,waiting_for,measure,band,patient name\n,RYY,SALT,,,,Maya Example\n")
    assert loaded(readers, file).exit_code == 11
    assert "Maya" not in str(told(readers, ""))
    assert "it names children, which nothing here may hold" in refused(readers)["provider"]


def test_a_return_of_which_no_row_can_be_used_is_told_by_its_rows(readers, tmp_path):
    file = tmp_path / "list.csv"
    file.write_bytes(as_csv(waiting(counts=("ten",) * 8)))
    loaded(readers, file, now=NOW + 9 * DAY, as_of=MONDAY)
    assert refused(readers)["board"].startswith("A weekly return of Kent Community Health")
    assert "no row of it can be used" in refused(readers)["board"]


def test_a_file_of_nobody_known_is_told_to_nobody(readers, tmp_path):
    file = tmp_path / "list.csv"
    file.write_bytes(BROKEN)
    loaded(readers, file)
    assert refused(readers) == {}


def children(count, on):
    told = {"snapshot_date": on.isoformat(), "service": "SALT"}
    return csv_of(row(n, pseudonym_id=f"child-{n:026}", **told) for n in range(1, count + 1))


def test_a_held_file_is_told_until_it_is_approved_or_another_came(readers, tmp_path):
    file = tmp_path / "records.csv"
    file.write_bytes(children(20, WEEK - 7 * DAY))
    loaded(readers, file, now=NOW - 5 * DAY)
    file.write_bytes(children(9, WEEK))
    assert loaded(readers, file).exit_code == 15
    assert set(held(readers)) == {"board", "provider"}
    assert (
        "A file of referral records of Kent Community Health NHS Foundation Trust for 15 November"
        in held(readers)["board"]
    )
    assert not any(digit in held(readers)["board"].replace("15 November 2026", "") for digit in "0123456789")
    assert held(readers, day=MONDAY - DAY) == {}
    loaded(readers, file, now=NOW + 2 * DAY, approval=Approval.of("data manager", "closed clinic"))
    assert set(held(readers, day=MONDAY + DAY)) == {"board", "provider"}
    assert held(readers, day=MONDAY + 2 * DAY) == {}


def test_a_held_file_is_of_the_lists_in_it_and_of_those_it_lacks(readers, tmp_path):
    file = tmp_path / "records.csv"
    file.write_bytes(children(20, WEEK - 7 * DAY).replace(b"SALT", b"ASD", 9))
    loaded(readers, file, now=NOW - 5 * DAY)
    file.write_bytes(children(9, WEEK))
    assert loaded(readers, file).exit_code == 15
    with reading(readers) as connection:
        row = connection.execute(select(held_delivery)).one()
    assert (row.services, row.source_systems) == (["ASD", "SALT"], ["RiO"])


def test_a_held_file_is_over_once_a_newer_list_came(readers, tmp_path):
    file = tmp_path / "records.csv"
    for count, week, now in ((20, WEEK - 7 * DAY, NOW - 5 * DAY), (9, WEEK, NOW), (20, WEEK, NOW + DAY)):
        file.write_bytes(children(count, week))
        loaded(readers, file, now=now)
    assert set(held(readers)) == {"board", "provider"}
    assert held(readers, day=MONDAY + DAY) == {}


def test_records_that_come_out_of_order_are_told_by_whose_they_are(readers, tmp_path):
    file = tmp_path / "records.csv"
    for count, now, as_of in ((20, NOW, None), (19, NOW + DAY, MONDAY - DAY)):
        file.write_bytes(children(count, WEEK - 7 * DAY))
        loaded(readers, file, now=now, as_of=as_of)
    assert "newer records are loaded already" in refused(readers, day=MONDAY - DAY)["provider"]
