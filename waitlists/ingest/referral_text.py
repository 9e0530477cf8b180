"""The bytes of a delimited extract as UTF-8 text, or a refusal that names the line; nothing is decoded by luck.

UTF-8 with or without a byte order mark, UTF-16 with one, Windows' cp1252 only where the mapping declares it. A NUL, a
byte that is no character, and a quotation mark left open at the end of a line refuse the file: no field of the record
holds a line break, so a line is a row and its number is what a person sees in an editor.
"""

import codecs
import re
from typing import BinaryIO

import numpy as np

from waitlists.errors import FileRefused

CHUNK_BYTES = 2**22
LONGEST_LINE = 2**16
"""Bytes of a header line; beyond it stands no table."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WITH_ASCII = frozenset({"utf-8", "cp1252"})
"""Encodings in which ASCII is itself."""
_QUOTE = ord('"')
_UNIT_SEPARATOR = "\x1f"
_END_OF_FILE = b"\x1a"
"""What DOS wrote behind a text, and some exports still do."""


def first_line(head: bytes) -> bytes:
    """The first line of a file that begins with these bytes, undecoded, its byte order mark with it.

    What lies behind it cannot spoil it: a header can be told from a file that will be refused further down.
    """
    line = re.split(rb"[\r\n]", head, maxsplit=1)[0]
    # In big-endian UTF-16 half of the line's end still hangs on.
    return line[:-1] if head.startswith(codecs.BOM_UTF16_BE) and len(line) % 2 else line


class TextStream:
    """A readable stream of UTF-8 bytes made from an extract's own; `header` is to be read first.

    `encoding` is the one found: a byte order mark outdoes the declaration. Any read raises `FileRefused` with code
    ENCODING (a byte that is no character, or a NUL) or QUOTES, naming the line.
    """

    closed = False

    def __init__(self, stream: BinaryIO, *, declared: str) -> None:
        self._stream = stream
        self._raw = stream.read(CHUNK_BYTES)
        self.encoding, mark = _encoding_of(self._raw, declared)
        self._raw = self._raw[mark:]
        self._decoder = codecs.getincrementaldecoder(self.encoding)("strict")
        self._rest = b""
        self._end = b""
        self._lines = 0
        self._is_quoted = False
        self._is_over = False
        self._last = b""
        self._mark = b""

    @property
    def is_ended(self) -> bool:
        """Whether the last line that was read has a line end, as all others have."""
        return self._last == self._end

    def header(self) -> str:
        """The first line, without its end."""
        while b"\n" not in self._rest and len(self._rest) <= LONGEST_LINE and self._fill():
            pass
        line, _, rest = self._rest.partition(self._end)
        if len(line) > LONGEST_LINE:
            raise FileRefused("line 1 is too long for a header; is this a delimited text?", code="ENCODING")
        self._rest = rest
        return line.decode().rstrip("\r")

    def coming(self, most: int) -> tuple[str, ...]:
        """The whole lines after the header that are at hand, some of them at most; they are read again."""
        while self._rest.count(self._end) < most and len(self._rest) <= LONGEST_LINE and self._fill():
            pass
        lines = self._rest.split(self._end, most)
        return tuple(line.decode().rstrip("\r") for line in (lines[:-1] if self._rest else []))

    def parted_by(self, mark: str) -> str:
        """What parts the cells below the header where `mark` does in the file: Arrow takes no other than ASCII."""
        if mark.isascii():
            return mark
        self._mark = mark.encode()
        self._rest = self._rest.replace(self._mark, _UNIT_SEPARATOR.encode())
        return _UNIT_SEPARATOR

    def read(self, size: int) -> bytes:
        """`size` bytes, fewer only at the end: Arrow takes a short read for a whole number of lines."""
        while len(self._rest) < size and self._fill():
            pass
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def readable(self) -> bool:
        """Always: Arrow asks before it reads."""
        return True

    def close(self) -> None:
        """Nothing to do: the stream belongs to whoever opened it."""

    def _fill(self) -> bool:
        """Add the next chunk as text to what is at hand; False when there is none."""
        if self._is_over:
            return False
        raw, self._raw = self._raw, self._stream.read(CHUNK_BYTES)
        self._is_over = not self._raw
        text = self._decoded(raw) if self._raw else self._decoded(raw).rstrip(_END_OF_FILE)
        self._end = self._end or (b"\r" if b"\r" in text and b"\n" not in text else b"\n")
        self._check(text)
        self._rest += text.replace(self._mark, _UNIT_SEPARATOR.encode()) if self._mark else text
        self._last = text[-1:] or self._last
        self._lines += text.count(self._end)
        return True

    def _decoded(self, raw: bytes) -> bytes:
        if raw.isascii() and self.encoding in _WITH_ASCII and not self._decoder.getstate()[0]:
            return raw
        try:
            # The decoder also holds what was left over of a character that two chunks share.
            return self._decoder.decode(raw, self._is_over).encode()
        except UnicodeDecodeError as error:
            line = self._lines + error.object[: error.start].count(b"\n") + 1
            raise _undecodable(line, self.encoding) from None

    def _check(self, text: bytes) -> None:
        if (place := text.find(b"\0")) >= 0:
            line = self._lines + text.count(self._end, 0, place) + 1
            raise FileRefused(
                f"line {line:,} holds a NUL, which no text does; UTF-16 needs its byte order mark", code="ENCODING"
            )
        if self._is_quoted or b'"' in text:
            self._check_quotes(np.frombuffer(text, np.uint8))
        if self._is_over and self._is_quoted:
            raise _unbalanced(self._lines + text.count(self._end) + 1)

    def _check_quotes(self, text: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> None:
        """Every line end has an even number of quotation marks before it."""
        quotes = np.flatnonzero(text == _QUOTE)
        ends = np.flatnonzero(text == self._end[0])
        before = np.searchsorted(quotes, ends) + self._is_quoted
        if odd := np.flatnonzero(before % 2).tolist():
            raise _unbalanced(self._lines + odd[0] + 1)
        self._is_quoted = bool((len(quotes) + self._is_quoted) % 2)


def _encoding_of(head: bytes, declared: str) -> tuple[str, int]:
    """The encoding of a text that begins like this, and the length of its byte order mark."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    if declared == "utf-16":
        raise FileRefused("line 1: UTF-16 is declared, but the file begins without a byte order mark", code="ENCODING")
    return declared, 0


def _undecodable(line: int, encoding: str) -> FileRefused:
    hint = '; if it is a Windows text, declare encoding = "cp1252" in its mapping' if encoding == "utf-8" else ""
    return FileRefused(f"line {line:,} holds a byte that is no {encoding} character{hint}", code="ENCODING")


def _unbalanced(line: int) -> FileRefused:
    sentence = "has a quotation mark that is not closed on the same line; no field holds a line break"
    return FileRefused(f"line {line:,} {sentence}: leave columns of free text out", code="QUOTES")
