"""Cursors are positions: they come back as written, belong to one list, and no text that fits can break a query."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.paging import IdCursor, NameCursor, next_link, page, page_of_register

NAMES = st.text(st.characters(exclude_characters="\x1f\x00", exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(st.integers(0, 2**31 - 1))
def test_a_number_comes_back_from_its_cursor(number):
    cursor = IdCursor("d").write(number)
    assert re.fullmatch(IdCursor("d").pattern, cursor)
    assert IdCursor("d").read(cursor) == number


@given(NAMES, NAMES)
def test_names_come_back_from_their_cursor(service, org):
    cursor = NameCursor("w").write(service, org)
    assert NameCursor("w").read(cursor) == (service, org)


def test_the_longest_codes_have_a_cursor_that_fits_its_pattern():
    cursor = NameCursor("w")
    assert re.fullmatch(cursor.pattern, cursor.write("X" * 60, "N" * 120))


@given(st.from_regex(NameCursor("w").pattern, fullmatch=True))
def test_every_text_that_fits_the_pattern_is_a_position(cursor):
    names = NameCursor("w").read(cursor)
    assert len(names) == 2
    assert "\x00" not in "".join(names)


@pytest.mark.parametrize("cursor", ["d0000001", "d80000000", "f00000001", "d0000000g", ""])
def test_a_cursor_of_another_list_or_shape_does_not_fit(cursor):
    assert not re.fullmatch(IdCursor("d").pattern, cursor)


def test_no_cursor_is_the_first_page():
    assert IdCursor("d").read(None) is None
    assert NameCursor("s").read(None) is None


@given(st.lists(st.integers(0, 999), unique=True), st.integers(1, 20))
def test_walking_all_pages_gives_each_item_once(numbers, limit):
    names, cursor = [f"{number:03}" for number in numbers], NameCursor("s")
    seen, after = [], None
    while True:
        found = page_of_register(names, name=str, cursor=cursor, after=after, limit=limit)
        seen += found.items
        assert len(found.items) <= limit
        if found.next_cursor is None:
            break
        after = found.next_cursor
    assert seen == sorted(names)


def test_a_page_takes_no_more_rows_than_it_must():
    def rows():
        yield from (1, 2, 3)
        raise AssertionError("one row too many was asked for")

    assert page(rows(), limit=2, cursor=str).next_cursor == "2"


def test_the_next_link_keeps_the_question_and_replaces_the_cursor():
    link = next_link("/v1/findings", [("org", "QKS"), ("cursor", "f00000001")], "f00000002")
    assert link == "/v1/findings?org=QKS&cursor=f00000002"
