"""Of those about to cross a threshold, how many are booked: a share of referral records, and nothing of a few."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jobs.load import Moment, load
from jobs.mail.breach_booked import Booked
from jobs.mail.breach_facts import Figure
from jobs.mail.breach_reading import Reading
from jobs.records.files import Asked
from jobs.shelf import Shelf
from jobs.warn import worked_out
from tests.extracts import csv_of, row
from waitlists.mail.subscribers import Subscription
from waitlists.security.access import Role
from waitlists.store.newer import Worked
from waitlists.store.session import reading
from waitlists.store.unread import Unread
from waitlists.suppression import Rule
from waitlists.suppression.rules import NOT_SHOWN

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 15)


def referral(number, waited, *, is_booked=False, **more):
    return row(
        number,
        referral_request_received_date=(SUNDAY - timedelta(days=waited)).isoformat(),
        pseudonym_id=f"child-{number:026}",
        next_appointment_date="2026-11-18" if is_booked else "",
        **more,
    )


RYY = [
    *(referral(number, 110, is_booked=number < 10) for number in range(20)),
    *(referral(number, 150) for number in range(20, 40)),
    *(referral(number, 60, is_booked=True) for number in range(40, 50)),
]
NQ7 = [
    referral(number, 110 if number < 112 else 150, organisation_identifier_code_of_provider="NQ7")
    for number in range(100, 140)
]
RPA = [
    referral(
        number,
        110 if number < 212 else 150,
        is_booked=number < 203,
        organisation_identifier_code_of_provider="RPA",
    )
    for number in range(200, 240)
]


@pytest.fixture
def records(sqlite_database, tmp_path):
    """20 of RYY cross 18 weeks in 4 weeks, 10 of them booked; 12 of NQ7, none of them; 12 of RPA, 3 of them."""
    path = tmp_path / "extract.csv"
    path.write_bytes(csv_of([*RYY, *NQ7, *RPA]))
    moment = Moment(lambda: NOW)
    load(sqlite_database, [path], moment=moment, source=None, records=Asked(), on_progress=lambda _: None)
    return sqlite_database


def booked(engine, org, rule=Rule.HES):
    with reading(engine) as connection:
        found = worked_out(connection, as_of=MONDAY)
        booked = Booked(connection, rule, MONDAY)
        looked = Reading(
            connection, MONDAY, Shelf(connection, rule), found, {}, booked, Worked(MONDAY, None), Unread((), {})
        )
        week = looked.week(Subscription(Role.BOARD, ("SALT",), (org,), ("CHS_18W",)))
    (mark,) = week.lists[0].marks
    return mark.booked


def test_the_share_that_is_booked_is_told_in_tenths(records):
    assert booked(records, "RYY").words == "about 5 in 10"
    assert booked(records, "NQ7").words == "nearly none"
    assert booked(records, "QKS").words == "about 3 in 10"


def test_a_few_are_not_told(records):
    assert booked(records, "RPA") == Figure(None, NOT_SHOWN)


def test_where_warnings_are_not_told_it_is_not_either(records):
    assert booked(records, "RYY", Rule.MHSDS) is None
