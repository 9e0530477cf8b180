"""A file of no known source is searched for children before it is refused for being unknown."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from waitlists.errors import FileRefused, IdentifiersFound
from waitlists.ingest import unknown_files
from waitlists.ingest.sheets import Sheet, Workbook
from waitlists.ingest.unknown_files import refuse_in_unknown

NUMBER = "9434765919"
ROWS = [("ref", "seen"), *((f"r{n}", "2026-11-02") for n in range(30))]


def text(*extra: str) -> bytes:
    """Thirty rows of a table nobody knows, with a column more: its heading, and what stands below."""
    heading, cell = extra
    return "".join(f"{','.join(row)},{cell if n else heading}\n" for n, row in enumerate(ROWS)).encode()


def parquet(heading: str, cell: str) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table({"ref": [f"r{n}" for n in range(30)], heading: [cell] * 30}), stream)
    return stream.getvalue()


def book(heading: str, cell: str) -> Workbook:
    rows = tuple((*row, cell if n else heading) for n, row in enumerate(ROWS))
    return Workbook((Sheet("Notes", (("A list",),)), Sheet("List", rows)))


@pytest.mark.parametrize("made", [text, parquet, book])
@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("NHS Number", ""),
        ("Patient ID", NUMBER),
        ("Notes", "ME14 1XX"),
        ("Date of Birth", "2019-02-03"),
        ("Surname", "Canary"),
        ("Contact", "jane@example.org"),
    ],
)
def test_what_names_children_is_found_in_every_form_of_file(made, heading: str, cell: str):
    content = made(heading, cell)
    with pytest.raises(IdentifiersFound, match="column") as refused:
        refuse_in_unknown(content if isinstance(content, Workbook) else io.BytesIO(content))
    assert cell not in str(refused.value) or not cell


@pytest.mark.parametrize("made", [text, parquet, book])
@pytest.mark.parametrize(
    ("heading", "cell"),
    [("la_name", "Kent"), ("Metric name", "Open"), ("Day", "2012-04-01"), ("share", "17.9434765919")],
)
def test_what_names_no_child_is_passed_over(made, heading: str, cell: str):
    content = made(heading, cell)
    refuse_in_unknown(content if isinstance(content, Workbook) else io.BytesIO(content))


def test_the_address_of_a_publisher_is_no_childs():
    cover = Sheet("Cover page", (("Waiting times",), ("Contact: team@example.org",), ("LS1 4AP",)))
    refuse_in_unknown(Workbook((cover, Sheet("", ()))))


def test_a_parquet_file_that_cannot_be_searched_says_why():
    with pytest.raises(FileRefused, match="damaged") as refused:
        refuse_in_unknown(io.BytesIO(b"PAR1 and no more"))
    assert refused.value.code == "UNREADABLE"


def test_a_text_that_no_rule_takes_apart_is_searched_all_the_same():
    refuse_in_unknown(io.BytesIO(b'a,b\n1,"2\n'))
    for damaged in (b'ref,"NHS Number"\nr1,"open\n', b"ref\0;nhs_number\nr1;\n", f'a,b\nx,"{NUMBER}"\ny,"\n'.encode()):
        with pytest.raises(IdentifiersFound):
            refuse_in_unknown(io.BytesIO(damaged))


@pytest.mark.parametrize("line", [b"r1,2026-11-02,x\n", b"r1,2026-11-02,x,"])
def test_of_a_large_text_the_first_rows_are_searched(line: bytes, monkeypatch):
    """Whole ones, where a line ends at all."""
    monkeypatch.setattr(unknown_files, "START_BYTES", 20_000)
    filled = b"ref,seen,notes\n"[: len(line)] + line * (20_000 // len(line) + 9)
    refuse_in_unknown(io.BytesIO(filled + NUMBER.encode()))
    with pytest.raises(IdentifiersFound):
        refuse_in_unknown(io.BytesIO(f"a,{NUMBER}\n".encode() + filled))
