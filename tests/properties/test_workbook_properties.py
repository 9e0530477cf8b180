"""However a workbook is damaged, it is read or refused; nothing else comes out of the reader."""

from dataclasses import asdict

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.zips import packed, small
from waitlists.errors import FileRefused
from waitlists.ingest import workbook, workbook_child
from waitlists.ingest.looks import require_zip
from waitlists.ingest.sheets import Limits, Workbook

SMALL = packed(small())
PLACES = st.integers(0, len(SMALL) - 1)
FLIPS = st.lists(st.tuples(PLACES, st.integers(1, 255)), min_size=1, max_size=8)


def damaged(flips: list[tuple[int, int]], length: int) -> bytes:
    content = bytearray(SMALL)
    for place, mask in flips:
        content[place] ^= mask
    return bytes(content[:length])


def outcome(content: bytes) -> Workbook | str:
    try:
        return workbook.read(content)
    except FileRefused as refused:
        return refused.code


@settings(max_examples=25)
@given(FLIPS, st.integers(len(SMALL) - 200, len(SMALL)))
def test_a_damaged_workbook_is_read_or_refused(flips: list[tuple[int, int]], length: int):
    found = outcome(damaged(flips, length))

    assert isinstance(found, Workbook) or found.isupper()


@given(PLACES)
def test_a_workbook_cut_short_is_refused(length: int):
    try:
        require_zip(SMALL[:length])
    except FileRefused:
        return
    assert workbook_child.answer(SMALL[:length], asdict(Limits()))["refused"][0] == "UNREADABLE"


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(content: bytes):
    assert outcome(content) in {"EMPTY", "NOT_XLSX", "OLD_XLS", "ENCRYPTED"}


@given(FLIPS)
def test_damage_is_met_without_a_crash_in_the_child_either(flips: list[tuple[int, int]]):
    found = workbook_child.answer(damaged(flips, len(SMALL)), asdict(Limits()))

    assert ("refused" in found) != ("sheets" in found)
