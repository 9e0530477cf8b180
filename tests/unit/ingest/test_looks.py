"""A file that is no workbook is refused with the name of what it looks like."""

import io
import zipfile

import pytest

from tests.sitrep_books import as_xlsx
from waitlists.errors import FileRefused
from waitlists.ingest.looks import require_zip

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def zip_of(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "code", "likeness"),
    [
        (b"", "EMPTY", "empty"),
        (OLE + b"\0" * 100 + "EncryptedPackage".encode("utf-16-le"), "ENCRYPTED", "password"),
        (OLE + b"\0" * 100 + "Workbook".encode("utf-16-le"), "OLD_XLS", "old .xls"),
        (b"%PDF-1.7 ...", "NOT_XLSX", "a PDF"),
        (b"{\\rtf1", "NOT_XLSX", "a rich text document"),
        (b"\x1f\x8b\x08", "NOT_XLSX", "a gzip archive"),
        (b"7z\xbc\xaf\x27\x1c", "NOT_XLSX", "a 7-Zip archive"),
        (b"Rar!\x1a", "NOT_XLSX", "a RAR archive"),
        (b"\x89PNG\r\n", "NOT_XLSX", "a picture"),
        (b"SQLite format 3\0", "NOT_XLSX", "an SQLite database"),
        (b"PAR1....", "NOT_XLSX", "a Parquet file"),
        (b"  <!DOCTYPE html><html>", "NOT_XLSX", "a web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook>", "NOT_XLSX", "an XML document"),
        (b"org,service,count\nRYY,SALT,1\n", "NOT_XLSX", "a CSV file"),
        (b"Dear colleague\nhere are, at last, the figures", "NOT_XLSX", "plain text"),
        (b"\0\1\2\3", "NOT_XLSX", "binary data"),
        (b"\0" * 400, "NOT_XLSX", "binary data"),
        (b"\7\0" * 400, "NOT_XLSX", "binary data"),
        ("org,service\r\nRYY,SALT\r\n".encode("utf-16-le"), "NOT_XLSX", "UTF-16 text without the mark"),
        ("org,service\r\nRYY,SALT\r\n".encode("utf-16-be"), "NOT_XLSX", "UTF-16 text without the mark"),
        (b"   ", "NOT_XLSX", "binary data"),
        (zip_of(), "NOT_XLSX", "an empty zip archive"),
        (zip_of("xl/workbook.bin"), "NOT_XLSX", "a binary .xlsb workbook"),
        (zip_of("word/document.xml"), "NOT_XLSX", "a Word document"),
        (zip_of("ppt/presentation.xml"), "NOT_XLSX", "a presentation"),
        (zip_of("application/vnd.oasis.opendocument.spreadsheet"), "NOT_XLSX", "an OpenDocument file"),
        (zip_of("readme.txt"), "NOT_XLSX", "some other zip archive: take the files out of it"),
    ],
)
def test_a_file_that_is_no_workbook_is_named_by_its_looks(content: bytes, code: str, likeness: str):
    with pytest.raises(FileRefused, match=likeness) as refused:
        require_zip(content)

    assert refused.value.code == code


def test_a_workbook_passes_and_so_does_one_cut_short_for_the_reader_to_refuse():
    content = as_xlsx({"Sheet": [["a"]]})

    require_zip(content)
    require_zip(content[: content.index(b"xl/workbook.xml")])
