"""Any one character may part the cells of an extract once it is declared, and one that is not declared is told."""

import io

import pytest

from tests.extracts import accepted, csv_of, read, row
from waitlists.errors import FileRefused, IdentifiersFound
from waitlists.ingest.looks import is_text
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.mapping_check import check_mapping
from waitlists.ingest.marks import spelt
from waitlists.ingest.referral_extract import header_of
from waitlists.record.schema import SENT

MARKS = "^~:$#!*%&@+=./\\ \N{BROKEN BAR}\N{SECTION SIGN}\N{EURO SIGN}\x01\x1c\x1d\x1e\x1f"
ROWS = [row(n, referral_spell_id=f"s{n}") for n in range(1, 5)]


def parted(mark: str) -> bytes:
    """An extract parted by a mark, with a cell that holds the mark itself in quotation marks."""
    lines = csv_of([*ROWS, row(5, source_system=f"Ri{mark}O")], delimiter="\t").decode().split("\r\n")[:-1]
    cells = [line.split("\t") for line in lines]
    return "\r\n".join(
        [*(mark.join(f'"{cell}"' if mark in cell else cell for cell in line) for line in cells), ""]
    ).encode()


@pytest.mark.parametrize("mark", MARKS)
def test_a_declared_mark_parts_the_cells(mark: str):
    columns = '[columns]\nsource_system = "source_system"'
    mapping = check_mapping(f'source_system = "RiO"\nkind = "snapshot"\ndelimiter = {spelt(mark)}\n{columns}')
    assert isinstance(mapping, ProviderMapping)
    assert mapping.delimiter == mark
    extract = read(parted(mark), mapping)
    facts = extract.facts
    assert (facts.delimiter, facts.read) == (mark, 5)
    assert [one.get("referral_spell_id") for one in accepted(extract)][:4] == ["s1", "s2", "s3", "s4"]
    assert is_text(parted(mark))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_mark_beyond_ascii_parts_cells_in_every_encoding_and_chunk(encoding: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("waitlists.ingest.referral_text.CHUNK_BYTES", 101)
    content = csv_of(ROWS, delimiter="^").decode().replace("^", "\N{BROKEN BAR}").encode(encoding)
    facts = read(content, ProviderMapping(delimiter="\N{BROKEN BAR}", encoding=encoding)).facts
    assert (facts.accepted, facts.delimiter) == (4, "\N{BROKEN BAR}")


@pytest.mark.parametrize(
    ("mark", "words"), [("^", 'has "^" between'), (" ", "has a blank"), ("\x1f", r'delimiter = "\u001F"')]
)
def test_a_mark_that_nobody_declared_is_told_with_what_to_declare(mark: str, words: str):
    content = csv_of(ROWS, delimiter=mark)
    with pytest.raises(FileRefused, match="which is not looked for") as refusal:
        read(content)
    assert refusal.value.code == "DELIMITER"
    assert words in str(refusal.value)
    assert f"write delimiter = {spelt(mark)} in a mapping" in str(refusal.value)
    with pytest.raises(FileRefused, match="not looked for"):
        header_of(io.BytesIO(content))
    assert header_of(io.BytesIO(content), is_any=True) == SENT


def test_a_wrong_mark_is_told_with_the_right_one():
    with pytest.raises(FileRefused, match=r'declares "\^" between cells, but the header has "~": correct') as refusal:
        read(csv_of(ROWS, delimiter="~"), ProviderMapping(delimiter="^"))
    assert "leave it out" not in str(refusal.value)
    with pytest.raises(
        FileRefused, match="but the header has a tab: correct delimiter in the mapping, or leave it out"
    ):
        read(csv_of(ROWS, delimiter="\t"), ProviderMapping(delimiter="^"))


def test_a_word_or_two_of_ours_do_not_make_a_header():
    with pytest.raises(FileRefused, match="lacks required columns"):
        read(b"service snapshot_date of the list\nSALT 2026-11-15\n")


def test_names_in_an_extract_of_another_mark_are_found():
    with pytest.raises(IdentifiersFound, match="Surname"):
        read(csv_of(ROWS, columns=(*SENT, "Surname"), delimiter="^"), ProviderMapping(delimiter="^"))
