"""Extracts as delimited text, in our own words or in a sender's.

No text of an invented extract holds a delimiter or a quotation mark, so that rows are joined whole columns at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a sender writes an extract.

    `date_format` is that of strftime; `headings` and `words` are keyed by our field names: what the sender calls the
    column, and their word for each of ours. Fields in `left_out` are not sent; `more` are columns of the sender's own,
    the same in every row.
    """

    delimiter: str = ","
    encoding: str = "utf-8"
    line_end: str = "\r\n"
    date_format: str = "%Y-%m-%d"
    empty: str = ""
    headings: Mapping[str, str] = field(default_factory=dict[str, str])
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    left_out: frozenset[str] = frozenset()
    more: Mapping[str, str] = field(default_factory=dict[str, str])


OURS = Dialect()
"""The canonical record as it is: commas, UTF-8, ISO days."""


def texts(table: pa.Table, dialect: Dialect = OURS) -> pa.Table:
    """The columns of an extract as the texts that would stand in its cells."""
    names = [name for name in table.column_names if name not in dialect.left_out]
    columns = {dialect.headings.get(name, name): _text(table[name], name, dialect) for name in names}
    own = {heading: pa.repeat(text, table.num_rows) for heading, text in dialect.more.items()}
    return pa.table({**columns, **own})


def to_csv(table: pa.Table, dialect: Dialect = OURS) -> bytes:
    """An extract, or its texts, as a file with one line of headings."""
    written = texts(table, dialect)
    lines = pc.binary_join_element_wise(*written.columns, dialect.delimiter)
    head = dialect.delimiter.join(written.column_names)
    body = dialect.line_end.join([head, *lines.to_pylist(), ""])
    return body.encode(dialect.encoding)


def _text(column: pa.ChunkedArray, name: str, dialect: Dialect) -> pa.ChunkedArray:
    if column.type == pa.date32():
        written = pc.strftime(column, format=dialect.date_format)
    else:
        written = column.cast(pa.string())
    if name in dialect.words:
        ours, theirs = (pa.array(words) for words in zip(*dialect.words[name].items(), strict=True))
        written = pc.coalesce(pc.take(theirs, pc.index_in(written, value_set=ours)), written)
    return written.fill_null(dialect.empty)
