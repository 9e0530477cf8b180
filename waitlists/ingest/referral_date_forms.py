"""What to declare where dates cannot be read: the form that most of a column's unreadable texts are written in.

Nothing is read by such a form. A day is never guessed from its value, so the people who know the source system say in
the mapping which form it is; a text that fits two forms is told with both. No sentence repeats a text.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.referral_dates import ISO, UNREADABLE, day_reader
from waitlists.ingest.referral_delivery import Remark
from waitlists.record.schema import FIELD_BY_NAME, SENT

CODE: Final = "W_DATE_FORM"
RULE: Final = "R_DATE_INVALID"

MOST_TEXTS: Final = 500
"""Different texts of a column that are looked at, the most frequent ones."""

_DAYS: Final = ("DD/MM/YYYY", "MM/DD/YYYY", "DD/MMM/YYYY", "YYYY/MM/DD")
FORMS: Final = (
    *(day.replace("/", mark) + time for day in _DAYS for mark in "/-. " for time in ("", " hh:mm", " hh:mm:ss")),
    "YYYYMMDD",
)
"""The forms that are looked for, as a mapping spells them; of two that fit alike the day comes first."""

_SHORT_YEAR: Final = re.compile(r"[0-9]{1,2}[/. -](?:[0-9]{1,2}|[A-Za-z]{3})[/. -][0-9]{2}")
_DAY_NUMBER: Final = re.compile(r"[2-7][0-9]{4}(?:\.0)?")
_LIKENESSES: Final = {
    "years of two figures, which do not say the century: have them exported with four": _SHORT_YEAR,
    "day numbers of a spreadsheet: give the column a date format and save the file again": _DAY_NUMBER,
}


class _Told(NamedTuple):
    """What a column's texts tell: the forms that fit most of them alike, or else what they look like."""

    forms: tuple[str, ...]
    likeness: str = ""


def date_forms(rejected: Iterable[pa.Table], mapping: ProviderMapping) -> Iterator[Remark]:
    """A remark for each form that most unreadable dates of some columns fit, naming these columns and what to do.

    Parameters
    ----------
    rejected : rejected rows with REJECTED_SCHEMA
    """
    columns: dict[_Told, dict[str, int]] = defaultdict(dict)
    for name, texts in _unread(rejected).items():
        if texts and (told := _told(texts)):
            columns[told][name] = texts.total()
    for told, rows in columns.items():
        sentence = _sentence(told, list(rows), mapping, is_alone=len(columns) == 1)
        yield Remark(CODE, ", ".join(map(mapping.named, rows)), max(rows.values()), sentence)


def _unread(rejected: Iterable[pa.Table]) -> dict[str, Counter[str]]:
    """How often each text stands in a column of days without being one, of rows rejected for such a text."""
    iso = day_reader(ISO)
    found: dict[str, Counter[str]] = {name: Counter() for name in SENT if FIELD_BY_NAME[name].type == "date"}
    for table in rejected:
        rows = table.filter(pc.equal(table["rule"], RULE))
        for name, counter in found.items():
            for pair in rows[name].drop_null().value_counts().to_pylist():
                if iso([pair["values"]]) == [UNREADABLE]:
                    counter[pair["values"]] += pair["counts"]
    return found


def _told(texts: Counter[str]) -> _Told | None:
    seen = dict(texts.most_common(MOST_TEXTS))
    half = sum(seen.values()) / 2
    fits = {form: _weight(seen, _reads(form)) for form in FORMS}
    best = max(fits.values())
    if best > half:
        alike = [form for form, weight in fits.items() if weight == best]
        return _Told(tuple(form for form in alike if form.partition(" hh")[0] not in alike or " hh" not in form))
    likely = (_Told((), words) for words, shape in _LIKENESSES.items() if _weight(seen, shape.fullmatch) > half)
    return next(likely, None)


def _weight(texts: Mapping[str, int], fits: Callable[[str], object]) -> int:
    return sum(count for text, count in texts.items() if fits(text))


def _reads(form: str) -> Callable[[str], bool]:
    read = day_reader(form)
    return lambda text: read([text]) != [UNREADABLE]


def _sentence(told: _Told, names: Sequence[str], mapping: ProviderMapping, *, is_alone: bool) -> str:
    if not told.forms:
        return f"Most of the dates that cannot be read here are {told.likeness}."
    which = f'"{told.forms[0]}"' if len(told.forms) == 1 else "whichever the source system writes"
    # What is declared already may be right for the other columns.
    is_free = is_alone and mapping.date_format == ISO and not mapping.date_formats
    key = f"date_format = {which}" if is_free else f"{', '.join(names)} = {which} under [date_formats]"
    said = f"Most of the dates that cannot be read here fit {' and '.join(told.forms)}: declare {key} in the mapping."
    is_declared = any(mapping.format_of(name) != ISO for name in names)
    return f"{said} Those that could be read may have been read wrong." if is_declared else said
