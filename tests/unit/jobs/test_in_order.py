"""Which of two files about the same week or day stands: the one written last, or neither where nothing tells."""

import itertools
from datetime import date

import pyarrow as pa
import pytest

from jobs.files import understand_all
from jobs.in_order import SAME_MOMENT, figures_in_order, records_in_order
from jobs.records.files import ReadExtract
from tests.referrals import facts, records, rejected
from tests.returns import as_csv, waiting
from waitlists.ingest.fetch import TakenFile
from waitlists.ingest.referral_delivery import Batch, Extract

TODAY, WEEK, BEFORE = date(2026, 11, 16), date(2026, 11, 15), date(2026, 11, 8)
DAY = date(2026, 11, 15)


def returned(name, written, *weeks, service="SALT", size=9, sha="0"):
    rows = [row for week in weeks or (WEEK,) for row in waiting(service, week=week.isoformat(), counts=[size] * 8)]
    file = TakenFile(name, sha * 64, as_csv(rows), written)
    return understand_all([file], source=None, today=TODAY, on_progress=lambda _: None)[0]


def ordered(*items):
    """The names that are stored and those that are refused, whatever the order on the command line."""
    answers = set()
    for turned in itertools.permutations(items):
        stored, refused = figures_in_order(turned)
        answers.add((tuple(one.file.name for one in stored), tuple(one.name for one in refused)))
    (answer,) = answers
    return answer


@pytest.mark.parametrize("sha", ["0", "f"])
def test_the_return_that_was_written_last_stands_whatever_its_checksum(sha):
    """The original stood over the corrected file where its checksum was the greater one."""
    assert ordered(returned("first", 1, sha=sha), returned("corrected", 2, size=8, sha="8")) == (
        ("first", "corrected"),
        (),
    )


def test_a_correction_of_an_older_week_stands_over_a_file_of_more_weeks():
    both = returned("both", 1, BEFORE, WEEK, sha="1")
    assert ordered(both, returned("corrected", 2, BEFORE, size=8)) == (("both", "corrected"), ())


def test_a_file_joins_those_that_have_no_week_in_common():
    old, new, both = returned("old", 3, BEFORE), returned("new", 1, WEEK, sha="1"), returned("both", 2, BEFORE, WEEK)
    assert ordered(old, new, both) == (("new", "both", "old"), ())


def test_returns_of_other_weeks_and_services_keep_the_order_of_their_weeks():
    other = returned("asd", 1, service="ASD", sha="1")
    assert ordered(returned("new", 1, sha="2"), returned("old", 2, BEFORE), other) == (("old", "asd", "new"), ())


def test_of_two_that_differ_and_were_written_at_one_moment_the_second_is_left_out():
    first, second = returned("a.csv", 5, sha="1"), returned("b.csv", 5, size=8, sha="2")
    assert ordered(first, second) == (("a.csv",), ("b.csv",))
    (refused,) = figures_in_order([first, second])[1]
    assert (refused.code, refused.sender.providers) == (SAME_MOMENT, ("RYY",))
    assert refused.reason == (
        "two returns of Kent Community Health NHS Foundation Trust for the week to 15 November 2026 differ and were "
        "written at the same moment, so nothing tells which is the newer one: a.csv is taken and b.csv is not; where "
        "b.csv is the right one, load it by itself with `waitlists load`"
    )


def test_of_two_that_say_the_same_both_are_taken():
    assert ordered(returned("a", 5, sha="1"), returned("b", 5, sha="2")) == (("a", "b"), ())


def extract(name, written, sha="0", **other):
    said = facts(pa.table({}), day=DAY, **other)
    return ReadExtract(name, sha * 64, 1, "own words", Extract(said, lambda: iter(()), pa.table({})), written)


def stored_of(*items):
    stored, refused = records_in_order(items)
    assert all(one.code == SAME_MOMENT for one in refused)
    return [one.name for one in stored], [one.name for one in refused]


def test_the_extract_of_a_day_that_was_written_last_stands():
    assert stored_of(extract("b", 2, sha="0"), extract("a", 1, sha="f")) == (["a", "b"], [])


@pytest.mark.parametrize(
    ("other", "is_unclear"),
    [
        ({}, True),
        ({"systems": ("RiO",)}, True),
        ({"systems": ("SystmOne",)}, False),
        ({"providers": ("RXY",)}, False),
        ({"kind": "delta"}, False),
    ],
)
def test_of_two_extracts_written_at_one_moment_the_second_is_left_out(other, is_unclear):
    first, second = extract("a", 1, systems=("RiO",)), extract("b", 1, sha="1", **({"systems": ("RiO",)} | other))
    assert stored_of(second, first) == ((["a"], ["b"]) if is_unclear else (["a", "b"], []))


def test_the_refusal_of_an_extract_names_both_files():
    (refused,) = records_in_order([extract("a.csv", 1), extract("b.csv", 1, sha="1")])[1]
    assert refused.reason.startswith("two extracts of Kent Community Health NHS Foundation Trust of 15 November 2026")
    assert "a.csv is taken and b.csv is not" in refused.reason


def changes(name, *rows):
    """An extract of changes, a batch for each row."""
    parts = [records([one]) for one in rows]
    said = facts(pa.concat_tables(parts), day=DAY, kind="delta", systems=("RiO",))
    read = Extract(said, lambda: (Batch(one, rejected([])) for one in parts), pa.table({}))
    return ReadExtract(name, name * 64, 1, "own words", read, 1)


MINE, OTHER = {"service_request_identifier": "R-1"}, {"service_request_identifier": "R-2", "service": "CP"}


@pytest.mark.parametrize(
    ("second", "is_unclear"),
    [
        ([OTHER], False),
        ([OTHER, MINE], False),
        ([OTHER, {**MINE, "snapshot_date": date(2026, 11, 14)}], False),
        ([OTHER, {**MINE, "age_band": "11-15"}], True),
    ],
)
def test_changes_written_at_one_moment_are_refused_where_a_referral_is_said_otherwise_alone(second, is_unclear):
    """Services that send their changes apart share a day and, where a copy keeps whole seconds, a moment."""
    items = changes("a", MINE, {**MINE, "service_request_identifier": "R-3"}), changes("b", *second)
    assert stored_of(*items) == ((["a"], ["b"]) if is_unclear else (["a", "b"], []))
