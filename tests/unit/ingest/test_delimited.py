"""Text is read by rule or refused with its line; nothing is guessed row by row."""

import pytest

from waitlists.errors import FileRefused
from waitlists.ingest.delimited import TextLimits, read


def rows_of(content: bytes, **options):
    (sheet,) = read(content, **options).sheets
    return sheet.rows


PLAIN = (("org", "count"), ("RYY", "1"), ("NQ7", "2"))


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_of_four_delimiters_is_found_by_content(mark: str):
    assert rows_of("org,count\nRYY,1\nNQ7,2\n".replace(",", mark).encode()) == PLAIN


def test_decimal_commas_do_not_hide_semicolons():
    assert rows_of(b"a;b\n1,5;2,5\n3,5;4,5\n") == (("a", "b"), ("1,5", "2,5"), ("3,5", "4,5"))


def test_quoted_delimiters_do_not_count():
    assert rows_of(b'"a,b";"c,d"\n"e,f";"g,h"\n') == (("a,b", "c,d"), ("e,f", "g,h"))


def test_a_title_above_the_header_does_not_hide_the_delimiter():
    assert rows_of(b"Return of Kent, Medway, and others\n\na;b\n1;2\n")[2:] == (("a", "b"), ("1", "2"))


def test_two_delimiters_that_fit_alike_are_not_guessed_between():
    with pytest.raises(FileRefused, match="one delimiter") as refused:
        read(b"a,b;c\n1,2;3\n")
    assert refused.value.code == "DELIMITER"


def test_one_column_needs_no_delimiter():
    assert rows_of(b"org\nRYY\n") == (("org",), ("RYY",))


def test_blanks_at_the_right_and_below_are_left_out_and_rows_keep_their_place():
    assert rows_of(b"a,b,\n\n1,,  \n\n , \n") == (("a", "b"), (), ("1",))


def test_a_quoted_cell_may_hold_lines_and_quotes():
    assert rows_of(b'a,b\n"one\ntwo","say ""x"""\n3,4\n') == (("a", "b"), ("one\ntwo", 'say "x"'), ("3", "4"))


def test_an_apostrophe_that_guards_a_formula_is_taken_off_and_no_other():
    assert rows_of(b"a,b\n'=1+1,'tis\n''x,'-4\n") == (("a", "b"), ("=1+1", "'tis"), ("'x", "-4"))


def test_control_characters_become_blanks():
    assert rows_of(b"a,b\n1\x0b2,3\n") == (("a", "b"), ("1 2", "3"))


@pytest.mark.parametrize(
    ("content", "limits", "line"),
    [
        (b"a,b\n" * 4, TextLimits(max_rows=3), "line 4: expected at most 3 rows"),
        (b"a,b\na,b,c\n", TextLimits(max_columns=2), "line 2: expected at most 2 columns"),
        (b"a,b\n1,234567\n", TextLimits(max_cell=5), "line 2: expected cells of at most 5"),
        (b'a,b\n1,"2\n3\n4"\n5,6\n', TextLimits(max_lines=2), "line 2: expected rows of at most 2 lines"),
    ],
)
def test_what_is_too_large_is_refused_with_its_line(content: bytes, limits: TextLimits, line: str):
    with pytest.raises(FileRefused, match=line) as refused:
        read(content, limits=limits)
    assert refused.value.code == "TOO_LARGE"


def test_a_text_of_too_many_bytes_is_refused_undecoded():
    with pytest.raises(FileRefused, match="more than 0 MiB") as refused:
        read(b"\xff" * 11, limits=TextLimits(max_bytes=10))
    assert refused.value.code == "TOO_LARGE"


def test_the_limits_themselves_are_allowed():
    content = b'a,b\n12345,"x\ny"\n'
    limits = TextLimits(max_bytes=len(content), max_rows=2, max_columns=2, max_cell=5, max_lines=2)
    assert len(rows_of(content, limits=limits)) == 2
