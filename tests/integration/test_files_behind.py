"""What a list counted from records is said to be made from, and that none of our own links leads astray."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from api.about import About
from api.views.lists import links, vintage
from jobs.records.basis import Change
from jobs.records.snapshots import count_again
from tests.referrals import deliver
from waitlists.counts.counted import SOURCE_OF
from waitlists.organisations import ORGANISATIONS
from waitlists.services import SERVICES
from waitlists.sources import COUNTED_SOURCES
from waitlists.store import read, tables
from waitlists.store.session import reading, writing

FIRST = date(2026, 5, 31)
A_WEEK = timedelta(weeks=1)


def rows(provider, service, count):
    return [
        {
            "pseudonym_id": f"{provider}-child-{number:012}",
            "service_request_identifier": f"{provider}-{number}",
            "service": service,
            "referral_request_received_date": date(2026, 2, 2),
        }
        for number in range(count)
    ]


def take(connection, week, **sent):
    """Snapshots of a week, provider by provider, each merged and counted as a load of its own; known on the Monday."""
    day = FIRST + week * A_WEEK
    known = day + timedelta(days=1)
    for provider, (service, count) in sent.items():
        merged = deliver(
            connection, rows(provider, service, count), day=day, known=known, provider=provider, rows_at_once=100
        )
        number = connection.execute(select(func.max(tables.delivery.c.id))).scalar_one()
        count_again(connection, [Change(number, merged)], known_from=known)


@pytest.fixture
def counted(database):
    """Autism of two providers, and speech of a third whose file is always the last."""
    with writing(database) as connection:
        for week in range(3):
            take(connection, week, RXY=("ASD", 5 + week), RYY=("ASD", 7), NQ7=("SALT", 3 + week))
    with reading(database) as connection:
        yield connection


def shown(connection, service, org, *, source=None):
    known = FIRST + 2 * A_WEEK + timedelta(days=1)
    found = read.stored_list(connection, service=service, org=org, as_of=known, source=source)
    assert found is not None
    return vintage(found), links(found, About(SERVICES[service], ORGANISATIONS[org], known, None))


def test_the_sources_counted_from_records_are_those_that_counting_writes():
    assert frozenset(SOURCE_OF.values()) == COUNTED_SOURCES


def test_a_count_from_records_names_the_deliveries_of_its_own_providers(counted):
    made, links = shown(counted, "ASD", "QKS")
    assert (made["file_name"], made["sha256"]) == ("counted from referral records of 2 deliveries", None)
    assert made["deliveries"] == [7, 8]
    assert (links["delivery"], links["cells"]) == (None, None)


@pytest.mark.parametrize(("service", "org", "delivery"), [("ASD", "RYY", 8), ("SALT", "QKS", 9), ("SALT", "NQ7", 9)])
def test_a_count_of_one_provider_leads_to_its_newest_delivery_and_to_no_cell(counted, service, org, delivery):
    made, links = shown(counted, service, org)
    assert (made["file_name"], made["deliveries"]) == ("counted from referral records", [delivery])
    assert (links["delivery"], links["cells"]) == (f"/v1/deliveries/{delivery}", None)


def test_a_count_of_before_the_first_delivery_leads_to_that_one(database):
    before = [
        {
            "pseudonym_id": f"child-{week:016}",
            "service_request_identifier": f"R-{week}",
            "referral_request_received_date": FIRST - week * A_WEEK,
            "first_care_contact_date": FIRST - (week - 3) * A_WEEK,
            "service_discharge_date": FIRST - (week - 3) * A_WEEK,
        }
        for week in range(4, 60)
    ]
    with writing(database) as connection:
        merged = deliver(connection, before, day=FIRST, rows_at_once=100)
        count_again(connection, [Change(1, merged)], known_from=FIRST)
        early = read.stored_list(connection, service="SALT", org="RYY", as_of=FIRST - 4 * A_WEEK)
    assert early is not None
    assert (early.vintage.known_from < FIRST, early.behind) == (True, (1,))


def test_what_stands_in_no_cell_has_no_cells(counted):
    newest = counted.execute(select(func.max(tables.delivery.c.id))).scalar_one()
    assert read.delivery_cells(counted, newest, "SALT", "QKS") == []
