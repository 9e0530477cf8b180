"""What is kept of the texts of a row that broke a rule.

A text that its field may hold is kept, and so is a wrong one that reads like a code, or like a day in a field of days:
it is what a sender or a mapping mends. Of any other text only its length is kept, since names, telephone numbers and
birth dates come in wrong cells. Whoever needs it has the file.
"""

import re

import pyarrow as pa
import pyarrow.compute as pc

from waitlists.ingest.identifiers import is_shaped
from waitlists.ingest.nhs_numbers import tells
from waitlists.ingest.referral_rules import SHAPES, passes
from waitlists.record.schema import FIELD_BY_NAME, IDENTITY

MOST_FIGURES = 8
"""Figures in a code that is kept; a telephone number has more."""

_LONGEST = 20
_UNKEPT = "«"
"""What stands before the length of a text, and in no identifier that is taken."""

_CODE = re.compile(r"[A-Za-z0-9_./:&+-]+")
_KEY = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9+/=_.:{}|~-]{1,200}")
_DAY = re.compile(
    r"(?:19|20)[0-9]{6}|[0-9]{1,4}[/. -](?:[0-9]{1,2}|[A-Za-z]{3,9})[/. -][0-9]{1,4}(?:[T ][0-9:.]{4,}Z?)?"
)
_SERIAL = re.compile("[0-9/.-]{1,8}")


def kept_texts(texts: pa.Table) -> pa.Table:
    """Columns of the record with what is kept of each text."""
    return pa.table({name: _kept_column(name, texts[name]) for name in texts.column_names})


def kept_text(name: str, text: str) -> str:
    """A text of a field, or how long it was.

    >>> kept_text("service", "THEIRS"), kept_text("service", "Jane Smith")
    ('THEIRS', '«text of 10 characters, not kept»')
    """
    if not (tells(text) or is_shaped(text)) and (passes(name, text) or _may_be_kept(name, text)):
        return text
    return f"{_UNKEPT}text of {len(text):,} characters, not kept»"


def unidentified(rejected: pa.Table) -> pa.Table:
    """The rejected rows that do not say which referral they are."""
    texts = rejected[IDENTITY[1]]
    return rejected.filter(pc.or_(pc.is_null(texts), pc.starts_with(texts, _UNKEPT).fill_null(True)))


def _kept_column(name: str, column: pa.ChunkedArray) -> pa.Array:
    coded = column.combine_chunks().dictionary_encode()
    words = [kept_text(name, word) for word in coded.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(coded.indices, pa.array(words, pa.string())).cast(pa.string())


def _may_be_kept(name: str, text: str) -> bool:
    if name in SHAPES:
        return _KEY.fullmatch(text) is not None
    if len(text) > _LONGEST:
        return False
    if FIELD_BY_NAME[name].type == "date":
        return bool(_DAY.fullmatch(text) or _SERIAL.fullmatch(text))
    is_code = _CODE.fullmatch(text) and not _DAY.fullmatch(text)
    return bool(is_code) and sum(letter.isdigit() for letter in text) <= MOST_FIGURES
