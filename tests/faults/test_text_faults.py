"""Faults I01, I03 and I04: empty, damaged and oddly encoded texts are decoded by rule or refused with the line."""

import random

import pytest

from waitlists.errors import FileRefused
from waitlists.ingest.delimited import read

PLAIN = (("org", "note"), ("RYY", "Zoë \N{EN DASH} café"), ("NQ7", "£5"))
TEXT = "org,note\nRYY,Zoë \N{EN DASH} café\nNQ7,£5\n"


def refusal(content: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read(content)
    return refused.value


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("cut", ["R", "RYY"])
def test_i04_a_text_cut_off_in_its_last_row_is_refused_naming_the_line(cut: str, ending: str):
    error = refusal((TEXT[: TEXT.index("NQ7")] + cut).replace("\n", ending).encode())
    assert (error.code, str(error)) == (
        "CUT_OFF",
        "line 3: expected as many cells as on the line above; the file is cut off here, send it whole",
    )


def test_i04_a_text_cut_off_behind_its_first_cell_is_refused():
    assert refusal(b"org,note,count\nRYY,a,1\nNQ7,").code == "CUT_OFF"


def test_i04_a_text_cut_off_within_quotes_is_refused_though_it_ends_with_a_line_end():
    assert refusal(b'org,note\nRYY,"one\ntwo"\nNQ7,"three\n').code == "QUOTES"
    assert refusal(b'org,note\nRYY,"one\ntwo"\nNQ7,"three').code == "QUOTES"


def test_i03_a_last_line_without_its_end_is_read_and_told():
    for whole in (TEXT, TEXT + "  ", TEXT + "\x1a", "org,note"):
        assert read(whole.encode()).is_ended
    for more in ("seen,ever", '"a\nb","c\n"', "checked by hand", "\nchecked by hand"):
        assert not read((TEXT + more).encode()).is_ended
    assert not read(TEXT.removesuffix("\n").encode()).is_ended


@pytest.mark.parametrize("content", [b"\n\n", b"   ", b"\xef\xbb\xbf", b",,,\r\n,,\r\n", b"\xff\xfe"])
def test_i01_text_of_nothing_but_blanks_is_empty(content: bytes):
    assert refusal(content).code == "EMPTY"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_i03_encodings_and_line_ends_give_the_same_cells(encoding: str, ending: str):
    text = TEXT.removesuffix("\n").replace("\n", ending)
    assert read(text.encode(encoding)).sheets[0].rows == PLAIN
    assert read((text + ending).encode(encoding)).sheets[0].rows == PLAIN


def test_i03_utf_16_of_the_other_byte_order_is_read_by_its_mark():
    assert read(b"\xfe\xff" + TEXT.encode("utf-16-be")).sheets[0].rows == PLAIN


def test_i03_windows_1252_is_said_with_its_first_line():
    assert read(TEXT.encode()).notes == ()
    (note,) = read(TEXT.encode("cp1252")).notes
    assert "not UTF-8 (line 2)" in note
    assert "Windows-1252" in note


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"a,b\n1,2\n3,\x81\n", "ENCODING", "line 3"),
        (b"a,b\r\n1,2\r\n3,\xa4\xa6\r\n", "ENCODING", "line 3"),
        ("a,b\n1,é\n".encode() + b"2,\xe9\n", "ENCODING", "line 2"),
        ("a,b\n1,\N{REPLACEMENT CHARACTER}\n".encode(), "ENCODING", "line 2"),
        (b"\xff\xfe" + "a,b\n1,2\n".encode("utf-16-le")[:-1], "ENCODING", "line 2"),
        (b"\xff\xfe" + "a,b\n".encode("utf-16-le") + b"\x00\xd8\x00\x00", "ENCODING", "line 2"),
        (b"\xff\xfe\x00\x00" + "a,b\n".encode("utf-32-le"), "ENCODING", "line 1"),
        (b"a,b\n1,2\n3,\x004\n", "NUL", "line 3"),
    ],
)
def test_i03_bytes_that_no_rule_decodes_are_refused_with_the_line(content: bytes, code: str, line: str):
    error = refusal(content)
    assert (error.code, str(error).startswith(f"{line}: expected")) == (code, True)


def test_i03_text_that_was_decoded_wrongly_before_is_said():
    (note,) = read("a,b\n1,2\n3,caf\u00c3\u00a9\n".encode()).notes
    assert note.startswith("Line 3")


@pytest.mark.parametrize(
    "content", [b'a,b\n1,2\n"3,4\n5,6\n', b'a,b\n1,2\n"3"x,4\n5,6\n', b"a,b\n1,2\n" + b'"' + b"x" * 200_000 + b"\n"]
)
def test_i04_unbalanced_quotes_are_refused_with_the_line_they_open_on(content: bytes):
    error = refusal(content)
    assert (error.code, str(error).startswith("line 3: expected")) == ("QUOTES", True)


def test_no_text_is_refused_by_anything_but_a_refusal():
    dice = random.Random(5)
    letters = ['"', ",", ";", "\t", "\n", "\r", "a", "1", "é", "\0", "'", "="]
    for _ in range(300):
        text = "".join(dice.choices(letters, k=dice.randrange(60)))
        try:
            read(text.encode(dice.choice(["utf-8", "utf-16", "cp1252"])))
        except FileRefused as error:
            assert error.code in {"EMPTY", "NUL", "QUOTES", "DELIMITER", "ENCODING", "CUT_OFF"}  # noqa: PT017 - either is right
