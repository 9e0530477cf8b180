"""A return that is sent again with a mistake in it."""

import os
from datetime import UTC, date, datetime, timedelta

import pytest

from jobs.load import Moment, load
from jobs.records.quarantine import in_part
from jobs.status import status
from tests import returns
from waitlists.domain import Severity
from waitlists.store import read
from waitlists.store.session import reading

WEEK = date(2026, 11, 15)
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.fixture
def sent(database, tmp_path):
    def send(name, rows):
        path = tmp_path / name
        path.write_bytes(returns.as_csv(rows))
        return load(database, [path], moment=Moment(lambda: NOW), source=None, on_progress=lambda _: None)

    return send


def size(database, org):
    with reading(database) as connection:
        found = read.stored_list(connection, service="SALT", org=org, as_of=date(2026, 12, 31))
    return found.bands.total, {finding.code for finding in found.findings}


def test_a_mistake_in_a_resent_return_takes_nothing_away(database, sent):
    good = [*returns.waiting(), *returns.flows(referrals=9)]
    sent("first.csv", good)
    before = size(database, "RYY")[0]
    wrong = [*returns.waiting(counts=["ten", *([1] * 7)]), *returns.flows(referrals=9)]
    outcome = sent("again.csv", wrong)
    assert "earlier_return_stands" in {finding.code for finding in outcome.files[0].findings}
    assert size(database, "RYY")[0] == size(database, "QKS")[0] == before


def test_a_resent_return_without_a_mistake_takes_the_place_of_the_first(database, sent):
    sent("first.csv", [*returns.waiting(), *returns.flows(referrals=9)])
    sent("again.csv", returns.waiting(counts=[2] * 8))
    assert size(database, "RYY")[0] == size(database, "QKS")[0] == 16


@pytest.mark.parametrize("written", [(1_000, 2_000), (2_000, 1_000)])
def test_of_two_returns_that_come_together_the_one_written_last_stands(database, tmp_path, written):
    """Whichever checksum is the greater: both orders are tried."""
    sizes = {"original.csv": 5, "corrected.csv": 2}
    for (name, size_each), seconds in zip(sizes.items(), written, strict=True):
        (tmp_path / name).write_bytes(returns.as_csv(returns.waiting(counts=[size_each] * 8)))
        os.utime(tmp_path / name, (seconds, seconds))
    outcome = load(database, [tmp_path], moment=Moment(lambda: NOW), source=None, on_progress=lambda _: None)
    first, last = (40, 16) if written[0] < written[1] else (16, 40)
    assert size(database, "RYY")[0] == size(database, "QKS")[0] == last
    (said,) = {one.sentence for file in outcome.files for one in file.findings if one.code == "restated"}
    assert f"gave {first} for this week; this one {last}." in said


def test_of_two_returns_written_at_one_moment_the_second_is_refused_and_loaded_by_itself(database, tmp_path):
    for name, size_each in (("a.csv", 5), ("b.csv", 2)):
        (tmp_path / name).write_bytes(returns.as_csv(returns.waiting(counts=[size_each] * 8)))
        os.utime(tmp_path / name, (1_000, 1_000))
    see = {"moment": Moment(lambda: NOW), "source": None, "on_progress": lambda _: None}
    outcome = load(database, [tmp_path], **see)
    (refused,) = [one for one in outcome.files if one.code == "SAME_MOMENT"]
    was = size(database, "RYY")[0]
    assert not load(database, [tmp_path / refused.name], **see).exit_code
    assert {was, size(database, "RYY")[0]} == {40, 16}


def test_a_return_with_rows_put_aside_is_loaded_in_part_and_says_how_many(database, sent):
    """Bands that a spreadsheet turned into dates, as it does with 1-2 and 2-4."""
    rows = [*returns.waiting(), *returns.waiting("SALT")]
    dated = [(*row[:5], {">1-2": "01-Feb", ">2-4": "02-Apr"}.get(row[5], row[5]), *row[6:]) for row in rows[:8]]
    outcome = sent("excel.csv", [*dated, *returns.flows(referrals=9)])
    (item,) = outcome.files
    assert (outcome.exit_code, item.put_aside) == (14, 8)
    (note,) = outcome.notes
    assert note.startswith("excel.csv: loaded in part, rows taken: 1, rows put aside: 8. `waitlists quarantine list`")
    with reading(database) as connection:
        assert [run.status for run in read.runs(connection, limit=9)] == ["partial"]


def test_what_is_wrong_with_a_return_is_listed_until_it_is_sent_again(database, sent):
    sent("first.csv", [*returns.waiting(counts=["ten", *([1] * 7)]), *returns.flows(referrals=9)])
    (item,) = in_part(database, on=NOW.date())
    assert (item.file_name, item.rows) == ("first.csv", 8)
    assert item.sentences[0].startswith("Row 2, count: expected a whole number from 0 to")
    sent("other.csv", returns.waiting("CYP_PHYSIOTHERAPY"))
    assert in_part(database, on=NOW.date()) == [item]
    sent("again.csv", [*returns.waiting(), *returns.flows(referrals=9)])
    assert in_part(database, on=NOW.date()) == []


def errors_of(database, on):
    with reading(database) as connection:
        found = read.findings(connection, as_of=on, org="RYY", severity=Severity.ERROR, limit=99)
    return {(one.delivery_id, one.service) for one in found}


def parts_told(database, when=NOW):
    return [alert.sentence for alert in status(database, now=when).needs if alert.code == "in_part"]


ALL_BAD = ["ten", *([1] * 7)]


def test_a_resent_return_of_which_nothing_is_in_force_is_told_until_it_is_answered(database, sent):
    sent("first.csv", [*returns.waiting(), *returns.flows(referrals=9)])
    again = sent("again.csv", [*returns.waiting(counts=ALL_BAD), *returns.flows(referrals=9)])
    (item,), (note,) = again.files, again.notes
    assert (item.rows_taken, item.left, item.put_aside, again.exit_code) == (0, 1, 8, 14)
    assert "rows taken: 0, rows put aside: 8, rows left because the earlier return of" in note
    assert item.as_json()["rows_left"] == 1
    (listed,) = in_part(database, on=NOW.date())
    assert (listed.file_name, listed.org, listed.rows) == ("again.csv", "RYY", 8)
    assert errors_of(database, NOW.date()) == {(item.delivery_id, "SALT")}
    assert errors_of(database, NOW.date() - timedelta(days=1)) == set()
    (told,) = parts_told(database)
    assert told.startswith("again.csv of RYY, rows put aside: 8. `waitlists quarantine list` says what to correct")
    worse = sent("worse.csv", [*returns.waiting(counts=ALL_BAD), *returns.flows(referrals=10)])
    assert [one.file_name for one in in_part(database, on=NOW.date())] == ["worse.csv"]
    assert errors_of(database, NOW.date()) == {(worse.files[0].delivery_id, "SALT")}
    sent("mended.csv", [*returns.waiting(counts=[3] * 8), *returns.flows(referrals=9)])
    assert (in_part(database, on=NOW.date()), errors_of(database, NOW.date()), parts_told(database)) == ([], set(), [])


def test_a_left_part_is_told_whatever_becomes_of_the_other_service_in_its_file(database, sent):
    physio = returns.waiting("CYP_PHYSIOTHERAPY")
    sent("first.csv", [*returns.waiting(), *returns.flows(referrals=9)])
    repeated = [*physio, physio[0]]
    again = sent("again.csv", [*returns.waiting(counts=ALL_BAD), *returns.flows(referrals=9), *repeated])
    (item,) = again.files
    assert (item.rows_taken, item.left, item.put_aside) == (9, 1, 8)
    sent("physio.csv", returns.waiting("CYP_PHYSIOTHERAPY", counts=[2] * 8))
    assert [one.file_name for one in in_part(database, on=NOW.date())] == ["again.csv"]
    assert errors_of(database, NOW.date()) == {(item.delivery_id, "SALT")}
    sent("salt.csv", [*returns.waiting(counts=[3] * 8), *returns.flows(referrals=9)])
    assert (in_part(database, on=NOW.date()), errors_of(database, NOW.date())) == ([], set())


def test_a_row_of_no_known_service_is_told_with_the_return_it_came_in(database, sent):
    unknown = [(*row[:2], "NO_SUCH_SERVICE", *row[3:]) for row in returns.waiting()[:1]]
    sent("first.csv", [*returns.waiting(), *unknown])
    (told,) = parts_told(database)
    assert told.startswith("first.csv of RYY, rows put aside: 1.")
    sent("second.csv", returns.waiting(counts=[3] * 8))
    assert parts_told(database) == []


def test_a_number_copied_within_a_return_is_on_the_boards_list_too(database, sent):
    for service in ("SALT", "CYP_OCCUPATIONAL_THERAPY", "CYP_PHYSIOTHERAPY"):
        sent(f"{service}.csv", returns.waiting(service))
    assert "copied_number" in size(database, "QKS")[1]
    sent("again.csv", returns.waiting("CYP_PHYSIOTHERAPY", counts=[2] * 8))
    assert "copied_number" not in size(database, "QKS")[1]


def test_last_weeks_return_under_a_new_date_is_told_though_its_flows_balance(database, sent):
    counts = [10, 20, 30, 40, 50, 60, 70, 80]
    for name, week in (("first.csv", date(2026, 11, 8)), ("second.csv", WEEK)):
        rows = [*returns.waiting(counts=counts, week=week), *returns.flows(referrals=9, removed={"seen": 9}, week=week)]
        found = {(one.code, one.org, one.period_end) for one in sent(name, rows).files[0].findings}
        assert (("repeated_week", "RYY", WEEK) in found) == (week == WEEK)
        assert "flows_do_not_balance" not in {code for code, _, _ in found}
    assert "repeated_week" in size(database, "RYY")[1]


def test_a_week_whose_day_and_month_changed_places_is_told(sent):
    (note,) = sent(
        "us.csv", [*returns.waiting(week="11/01/2026"), *returns.flows(referrals=9, week="11/01/2026")]
    ).notes
    assert note == (
        "us.csv: its newest week ended on 11 January 2026, and with day and month the other way round on 01 November "
        "2026: see which is meant."
    )


def test_two_lists_that_changed_places_are_told(sent):
    long, short = [10, 20, 30, 40, 50, 60, 70, 80], [1, 2, 3, 4, 5, 6, 7, 8]
    for name, week, asd, salt in (("a.csv", date(2026, 11, 8), long, short), ("b.csv", WEEK, short, long)):
        rows = [*returns.waiting("ASD", "assessment", counts=asd, week=week), *returns.waiting(counts=salt, week=week)]
        found = {(one.code, one.service) for one in sent(name, rows).files[0].findings if one.org == "RYY"}
    assert {("swapped_lists", "ASD"), ("swapped_lists", "SALT")} <= found
