"""A provider's own list of who crosses a threshold when: facts of its own referrals, for its eyes alone."""

import csv
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import TypeAdapter
from sqlalchemy import func, select

from api import examples
from api.app import create_app
from api.schemas.due import DuePage
from jobs.keys import Wanted
from jobs.load import Moment, load
from jobs.records.erase import erase, expire
from jobs.records.files import Asked
from tests import databases
from tests.extracts import csv_of, row
from tests.functional.api.conftest import Client, settings_of
from tests.functional.api.keyed import NOW as KEYS_NOW
from tests.functional.api.keyed import PEPPER, bearer, give_keys
from tests.referrals import deliver
from waitlists.counts.crossings import Due, Threshold
from waitlists.security.access import Role
from waitlists.store import tables
from waitlists.store.audit import last_entries
from waitlists.store.due import StoredDue, stored_due
from waitlists.store.migrate import migrate, move_to
from waitlists.store.session import reading, writing

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
DAY = date(2026, 11, 15)
DUE = "/v1/referrals/due"
BOTH = Wanted(Role.PROVIDER, ("NQ7", "RYY"))


def referral(number: int, waited: int, **more: str) -> dict[str, str]:
    """A referral that has waited so many days on the day of the extract."""
    pseudonym = f"child-{number:026}"
    return row(
        number,
        referral_request_received_date=(DAY - timedelta(days=waited)).isoformat(),
        pseudonym_id=pseudonym,
        **more,
    )


ROWS = [
    referral(1, 120, next_appointment_date="2026-11-18"),
    referral(2, 60),
    referral(3, 119),
    referral(4, 5, service="ASD"),
    referral(5, 360),
    referral(6, 20),
    *(referral(number, 30) for number in range(50, 60)),
]
OTHERS = [referral(7, 120, organisation_identifier_code_of_provider="NQ7")]


def send(engine, folder, name: str, rows, *, now=NOW) -> None:
    path = folder / f"{name}.csv"
    path.write_bytes(csv_of(rows))
    moment = Moment(lambda: now)
    load(engine, [path], moment=moment, source=None, records=Asked(), on_progress=lambda _: None)


@pytest.fixture(scope="module", params=databases.BOTH)
def asked(request, tmp_path_factory):
    """An application over two providers' extracts, with keys."""
    folder = tmp_path_factory.mktemp("due")
    with databases.shared_database(request.param, folder) as engine:
        send(engine, folder, "ryy", ROWS)
        send(engine, folder, "nq7", OTHERS)
        keys = give_keys(engine, both=BOTH)
        app = create_app(settings_of(engine, key_pepper=PEPPER), clock=lambda: KEYS_NOW)
        with Client(app) as client:
            yield client, {name: bearer(key) for name, key in keys.items()}


def numbers(page) -> list[int]:
    return [int(one["service_request_identifier"].removeprefix("ref-")) for one in page["items"]]


def test_a_provider_sees_its_own_referrals_in_the_order_of_a_diary(asked):
    client, keys = asked
    page = client.json(DUE, headers=keys["provider"])
    first = page["items"][0]
    assert numbers(page) == [5, 1, 3, 2]
    assert {one["provider"] for one in page["items"]} == {"RYY"}
    assert numbers(client.json(DUE, headers=keys["other_provider"])) == [7]
    one = page["items"][1]
    assert (one["waited_days"], one["weeks_waited"], one["counted_on"]) == (120, 17.14, "2026-11-15")
    assert (one["is_booked"], one["booked_for"], one["next_crossing"]) == (True, "2026-11-18", "2026-11-22")
    assert one["thresholds"][0] == {
        "standard_id": "CHS_18W", "is_long_wait": False, "over_days": 126, "crosses_on": "2026-11-22", "days_left": 7,
    }  # fmt: skip
    long = {(found["standard_id"], found["over_days"]): found["is_long_wait"] for found in one["thresholds"]}
    assert (long["CHS_52W", 364], long["CHS_52W", 728]) == (False, True)
    assert one["days_left_today"] == (date(2026, 11, 22) - KEYS_NOW.date()).days
    assert (first["is_booked"], first["booked_for"]) == (False, None)
    assert first["thresholds"][0]["days_left"] < 0


def test_it_says_no_pseudonym_and_no_score(asked):
    client, keys = asked
    answer = client.get(DUE, headers=keys["provider"])
    assert "child-" not in answer.text
    TypeAdapter(DuePage).validate_json(answer.text)
    TypeAdapter(DuePage).validate_json(json.dumps(examples.DUE))


@pytest.mark.parametrize("name", ["public", "board", "commissioner", "neighbour", "admin"])
def test_no_other_role_is_told(asked, name):
    client, keys = asked
    answer = client.get(DUE, headers=keys[name])
    assert answer.status_code == 403
    assert "ref-" not in answer.text


def test_it_is_filtered_by_service_and_by_weeks(asked):
    client, keys = asked
    for query, found in (
        ("?within_weeks=1", [5, 1]),
        ("?within_weeks=2", [5, 1, 3]),
        ("?service=ASD", []),
        ("?service=ASD&within_weeks=52", [4]),
        ("?service=SALT&within_weeks=2", [5, 1, 3]),
    ):
        assert numbers(client.json(DUE + query, headers=keys["provider"])) == found, query


@pytest.mark.parametrize("query", ["within_weeks=0", "within_weeks=53", "service=", "order=need", "cursor=x"])
def test_what_cannot_be_asked_is_said(asked, query):
    client, keys = asked
    assert client.get(f"{DUE}?{query}", headers=keys["provider"]).status_code in {404, 422}


@pytest.mark.parametrize("holder", ["provider", "both"])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_give_each_referral_once_in_one_order(asked, holder, limit):
    client, keys = asked
    whole = numbers(client.json(f"{DUE}?within_weeks=52", headers=keys[holder]))
    pages = client.pages(DUE, limit=limit, within_weeks=52, headers=keys[holder])
    assert [number for page in pages for number in numbers(page)] == whole
    assert len(whole) == len(set(whole)) == (17 if holder == "both" else 16)


def test_a_position_that_names_no_day_begins_at_the_first(asked):
    client, keys = asked
    cursor = "t" + b"tomorrow\x1fref".hex()
    assert numbers(client.json(f"{DUE}?cursor={cursor}", headers=keys["provider"])) == [5, 1, 3, 2]


def test_the_same_rows_come_as_csv(asked):
    client, keys = asked
    answer = client.get(DUE, headers=keys["provider"] | {"Accept": "text/csv"})
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert [row["service_request_identifier"] for row in rows] == [f"ref-{number:06}" for number in (5, 1, 3, 2)]
    assert (rows[1]["standard_id"], rows[1]["days_left"], rows[1]["is_booked"]) == ("CHS_18W", "7", "true")


def test_nothing_of_it_is_kept_and_every_look_is_audited(asked):
    client, keys = asked
    for holder, org in (("provider", "RYY"), ("both", "several")):
        answer = client.get(f"{DUE}?service=SALT", headers=keys[holder])
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers
        running = client.app.state.running
        running.trail.flush()
        with reading(running.engine) as connection:
            (entry,) = last_entries(connection, limit=1)
        assert (entry.look.action, entry.look.service, entry.look.org) == (DUE, "SALT", org)


def rows_of(engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(tables.referral_due)).scalar_one()


def told_of(engine):
    """All that is told of each referral of the provider, by its number."""
    with reading(engine) as connection:
        found = stored_due(connection, providers=["RYY"], service=None, within_weeks=52, after=None, limit=100)
    return {one.due.referral: one for one in found}


def test_each_extract_takes_the_place_of_the_one_before(database, tmp_path):
    send(database, tmp_path, "first", ROWS)
    assert rows_of(database) == len(ROWS)
    later = [{**one, "snapshot_date": "2026-11-22"} for one in ROWS[1:]]
    send(database, tmp_path, "second", later, now=NOW + timedelta(weeks=1))
    found = told_of(database)
    assert {one.counted_on for one in found.values()} == {date(2026, 11, 22)}
    assert "ref-000001" not in found
    assert found["ref-000003"].due.waited_days == 126


def test_a_week_that_passes_is_told_and_yet_rewrites_no_row(database, tmp_path):
    send(database, tmp_path, "first", ROWS)
    before = told_of(database)["ref-000001"].due
    kept = stored_rows(database)
    later = [{**one, "snapshot_date": "2026-11-22"} for one in ROWS]
    send(database, tmp_path, "second", later, now=NOW + timedelta(weeks=1))
    changed = {row.service_request_identifier for row in stored_rows(database) - kept}
    assert changed == {"ref-000001", "ref-000005"}
    after = told_of(database)["ref-000001"].due
    assert (before.waited_days, after.waited_days) == (120, 127)
    assert (before.booked_for, after.booked_for) == (date(2026, 11, 18), None)
    assert [one.days_left for one in after.thresholds] == [one.days_left - 7 for one in before.thresholds]


def test_what_was_worked_out_before_a_migration_is_told_after_it(database):
    move_to(database, "0019")
    old = """INSERT INTO referral_due VALUES ('RYY', 'ref-000001', 'SALT', 'first_contact', '2026-11-15', 120, 110,
        '2026-11-18', '2026-11-22', 7, '[["CHS_18W", 126, "2026-11-22", 7], ["CHS_52W", 364, "2027-07-18", 245]]')"""
    with writing(database) as connection:
        connection.exec_driver_sql(old)
    migrate(database)
    with writing(database) as connection:
        deliver(connection, [], day=DAY, provider="RYY")
    assert told_of(database)["ref-000001"] == StoredDue(
        DAY,
        Due(
            provider="RYY",
            referral="ref-000001",
            service="SALT",
            waiting_for="first_contact",
            waited_days=120,
            adjusted_days=110,
            booked_for=date(2026, 11, 18),
            thresholds=(
                Threshold("CHS_18W", 126, date(2026, 11, 22), 7),
                Threshold("CHS_52W", 364, date(2027, 7, 18), 245),
            ),
        ),
    )


def stored_rows(engine):
    kept = [column for column in tables.referral_due.c if column.name != "limits"]
    with reading(engine) as connection:
        return set(connection.execute(select(*kept)).all())


def test_what_is_erased_is_no_longer_due(database, tmp_path):
    send(database, tmp_path, "first", ROWS)
    erase(database, [f"child-{3:026}"], clock=lambda: NOW)
    with reading(database) as connection:
        left = set(connection.execute(select(tables.referral_due.c.service_request_identifier)).scalars())
    assert len(left) == len(ROWS) - 1
    assert "ref-000003" not in left


def test_a_list_older_than_records_are_kept_is_erased(database, tmp_path):
    send(database, tmp_path, "first", ROWS)
    expire(database, weeks=4, clock=lambda: NOW)
    assert rows_of(database) == len(ROWS)
    expire(database, weeks=4, clock=lambda: NOW + timedelta(weeks=5))
    assert rows_of(database) == 0
