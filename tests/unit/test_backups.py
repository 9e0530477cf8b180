"""What a backup says of itself, and when it is refused."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists.errors import FileRefused, SchemaMismatch
from waitlists.running.backups import (
    Erased,
    Manifest,
    beyond,
    check_fits,
    check_whole,
    erased_among,
    made_at,
    name_of,
    past_nights,
)

GONE = Erased.of("a1b2", salt="s" * 32)
MANIFEST = Manifest(
    kind="sqlite",
    revision="0007",
    software="0.1.0",
    made_at=datetime(2026, 11, 16, 3, tzinfo=UTC),
    dataset_version=4,
    content_hash="c" * 64,
    rows={"figure": 912, "run": 3},
    parts={"waitlists.db": "d" * 64},
    erased=(GONE,),
)


def test_a_manifest_is_read_as_it_was_written():
    assert Manifest.from_bytes(MANIFEST.to_bytes()) == MANIFEST


def test_a_manifest_is_text_that_a_person_can_read_in_one_order():
    assert MANIFEST.to_bytes().startswith(b'{\n "content_hash": "cccc')
    assert MANIFEST.to_bytes() == replace(MANIFEST, rows=dict(reversed(MANIFEST.rows.items()))).to_bytes()


def test_a_manifest_names_no_pseudonym():
    assert b"a1b2" not in MANIFEST.to_bytes()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"form": 1}', b'{"form": 1, "erased": [{}]}'])
def test_what_is_no_manifest_is_refused(content: bytes):
    with pytest.raises(FileRefused, match="no list of its parts"):
        Manifest.from_bytes(content)


def test_a_manifest_of_another_form_is_not_guessed_at():
    told = {**json.loads(MANIFEST.to_bytes()), "form": 2}
    with pytest.raises(FileRefused, match="another form"):
        Manifest.from_bytes(json.dumps(told).encode())


def test_a_backup_fits_its_own_kind_and_revision_alone():
    check_fits(MANIFEST, kind="sqlite", revision="0007")
    with pytest.raises(FileRefused, match="is of a sqlite database") as caught:
        check_fits(MANIFEST, kind="postgresql", revision="0007")
    assert caught.value.code == "NOT_A_BACKUP"
    with pytest.raises(SchemaMismatch, match=r"0007, this version needs 0008: restore it with version 0\.1\.0"):
        check_fits(MANIFEST, kind="sqlite", revision="0008")


def test_what_was_restored_is_compared_with_what_was_said():
    check_whole(MANIFEST, content_hash="c" * 64, rows=MANIFEST.rows)
    with pytest.raises(FileRefused, match="figure differs"):
        check_whole(MANIFEST, content_hash="c" * 64, rows={**MANIFEST.rows, "figure": 911})
    with pytest.raises(FileRefused, match="the data it says"):
        check_whole(MANIFEST, content_hash="e" * 64, rows=MANIFEST.rows)


def test_an_erased_pseudonym_is_known_again_under_its_own_salt():
    other = Erased.of("c3d4", salt="t" * 32)
    assert erased_among(["a1b2", "c3d4", "e5f6"], [GONE, other]) == ["a1b2", "c3d4"]
    assert erased_among(["a1b2"], [replace(GONE, salt="t" * 32)]) == []
    assert erased_among(["a1b2"], []) == []


@given(st.sets(st.text(min_size=1, max_size=8), max_size=8), st.sets(st.text(min_size=1, max_size=8), max_size=8))
def test_whoever_was_erased_is_found_and_nobody_else(held: set[str], gone: set[str]):
    assert set(erased_among(held, {Erased.of(name, salt="s" * 32) for name in gone})) == held & gone


TODAY = date(2026, 11, 16)
FOREIGN = (
    "before-the-move.backup",
    "waitlists-20261101T040000Z.backup.part",
    "waitlists-20261101-before-the-move-Z.backup",
    "waitlists-20261301T040000Z.backup",
    "waitlists-2026111T040000Z.backup",
    "Waitlists-20261101T040000Z.backup",
)


def of_day(ago: int, hour: int = 4) -> str:
    """The name of a backup that was made so many days ago."""
    made = TODAY - timedelta(days=ago)
    return f"waitlists-{made:%Y%m%d}T{hour:02}0000Z.backup"


def past(names, *, nights=14, weeks=None):
    return past_nights(names, today=TODAY, nights=nights, weeks=weeks)


@given(st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_a_name_says_to_the_second_when_its_backup_was_made(moment):
    assert made_at(name_of(moment)) == moment.replace(microsecond=0)


def test_a_name_is_in_utc_wherever_the_clock_stands():
    assert name_of(datetime(2026, 7, 1, 4, tzinfo=timezone(timedelta(hours=1)))) == "waitlists-20260701T030000Z.backup"


@pytest.mark.parametrize("name", FOREIGN)
def test_what_somebody_else_named_is_no_backup_of_ours(name):
    assert made_at(name) is None
    assert past([name, *map(of_day, range(20))], weeks=1) == {of_day(ago) for ago in range(7, 20)}
    assert beyond([name, of_day(0), of_day(1)], keep=1) == {of_day(1)}


def test_the_newest_so_many_are_kept_by_their_names_alone():
    assert beyond([of_day(1), of_day(9), of_day(0), of_day(1, 5)], keep=2) == {of_day(9), of_day(1)}
    assert beyond([of_day(1)], keep=2) == set()


def test_a_day_of_many_backups_pushes_out_no_earlier_night():
    nights, by_hand = [of_day(ago) for ago in range(1, 14)], [of_day(0, hour) for hour in range(5, 20)]
    assert past([*by_hand, *nights]) == {*by_hand[:-1]}


def test_nights_that_failed_push_out_none_that_did_not():
    names = [of_day(ago) for ago in range(30, 50)]
    assert past(names) == {of_day(ago) for ago in range(44, 50)}


@pytest.mark.parametrize("weeks", [1, 2, 52])
def test_none_becomes_as_old_as_records_may_whatever_failed_since(weeks):
    last = 7 * weeks - 1
    assert past([of_day(last), of_day(last + 1)], weeks=weeks) == {of_day(last + 1)}


def test_those_of_days_to_come_neither_count_nor_go():
    names = [of_day(-ago) for ago in range(1, 30)]
    assert past([*names, of_day(0), of_day(3)], nights=2) == set()


@given(
    made=st.sets(st.tuples(st.integers(-3, 60), st.integers(0, 23)), max_size=40),
    nights=st.integers(1, 20),
    weeks=st.none() | st.integers(1, 9),
)
def test_what_stays_is_one_a_day_of_the_last_days_within_the_retention(made, nights, weeks):
    names = {of_day(ago, hour): ago for ago, hour in made}
    gone = past(names, nights=nights, weeks=weeks)
    stays = [ago for name, ago in names.items() if name not in gone and ago >= 0]
    assert len(stays) == len(set(stays)) <= nights
    assert weeks is None or all(ago < 7 * weeks for ago in stays)
    young = {ago for ago in names.values() if ago >= 0 and (weeks is None or ago < 7 * weeks)}
    assert set(stays) == set(sorted(young)[:nights])
    assert all(names[name] >= 0 for name in gone)
