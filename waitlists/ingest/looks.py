"""Says what a file looks like from its first bytes, so that a refusal names it. Opens nothing and unpacks nothing."""

from waitlists.errors import FileRefused

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_PARQUET = b"PAR1"
_NO_TEXT = bytes({*range(2, 9), *range(14, 26), 27, 127})
"""Bytes that no text file has; a stray zero byte is left for the reader to name its line, 26 ends files of old, and 1
and 28 to 31 part cells.
"""

MOST_ZEROS = 0.1
"""Share of zero bytes from which a file is binary and no damaged text."""

_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a rich text document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "an SQLite database"),
    (_PARQUET, "a Parquet file"),
    (_EMPTY_ZIP, "an empty zip archive"),
)

_ARCHIVES = (
    (b"xl/workbook.bin", "a binary .xlsb workbook"),
    (b"word/document.xml", "a Word document"),
    (b"ppt/presentation.xml", "a presentation"),
    (b"opendocument", "an OpenDocument file"),
)


def is_parquet(start: bytes) -> bool:
    """Whether a file that starts so is a Parquet file."""
    return start.startswith(_PARQUET)


def is_text(content: bytes) -> bool:
    """Whether a file is text that may hold a table: no other known kind, no markup, no bytes that text never has."""
    if content.startswith(_UTF_16):
        return True
    start = content[:2_000]
    known = (_ZIP, _OLE, *(magic for magic, _ in _OTHERS))
    if not start or start.startswith(known) or start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return False
    return start.count(0) <= MOST_ZEROS * len(start) and len(start.translate(None, _NO_TEXT)) == len(start)


def require_zip(content: bytes) -> None:
    """Pass silently over what starts like an xlsx file.

    Raises
    ------
    FileRefused
        EMPTY, ENCRYPTED (a password), OLD_XLS (the format before 2007) or NOT_XLSX; the message names the likeness.
    """
    if not content:
        raise FileRefused("the file is empty", code="EMPTY")
    if content.startswith(_OLE):
        raise _ole_refusal(content)
    if not content.startswith(_ZIP):
        raise _not_xlsx(_likeness(content))
    if b"xl/workbook.xml" not in content:
        _refuse_other_archives(content)


def _refuse_other_archives(content: bytes) -> None:
    """Names of parts stand unpacked in an archive, so its kind shows unopened; a workbook cut short still has some."""
    for name, likeness in _ARCHIVES:
        if name in content:
            raise _not_xlsx(likeness)
    if b"xl/" not in content:
        raise _not_xlsx("some other zip archive: take the files out of it and send them one by one")


def _not_xlsx(likeness: str) -> FileRefused:
    return FileRefused(
        f"expected an xlsx workbook or a text file such as CSV; this looks like {likeness}", code="NOT_XLSX"
    )


def _ole_refusal(content: bytes) -> FileRefused:
    if _ENCRYPTED_STREAM in content:
        return FileRefused("the workbook is protected by a password; save it without one", code="ENCRYPTED")
    return FileRefused("this is an old .xls file or another Office 97 document; save it as .xlsx", code="OLD_XLS")


def _likeness(content: bytes) -> str:
    for magic, likeness in _OTHERS:
        if content.startswith(magic):
            return likeness
    start = content[:2_000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if start.startswith(b"<"):
        return "an XML document"
    return _text_likeness(start)


def _is_unmarked(letters: bytes, zeros: bytes) -> bool:
    """Whether every other byte is a zero and those between are text, as western letters are in UTF-16."""
    return len(letters) > 1 and zeros.count(0) == len(zeros) and not letters.count(0) and is_text(letters)


def _text_likeness(start: bytes) -> str:
    """Text has no zero bytes; text whose first line holds separators is most likely a CSV."""
    if _is_unmarked(start[0::2], start[1::2]) or _is_unmarked(start[1::2], start[0::2]):
        return "UTF-16 text without the mark at its beginning, which is to be saved as UTF-8"
    if b"\0" in start or not start:
        return "binary data of no known kind"
    first_line = start.splitlines()[0]
    return "a CSV file" if any(mark in first_line for mark in (b",", b";", b"\t")) else "plain text"
