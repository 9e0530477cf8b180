"""What a backup says of itself, and when it is refused."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists.errors import FileRefused, SchemaMismatch
from waitlists.running.backups import Erased, Manifest, check_fits, check_whole, erased_among

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
