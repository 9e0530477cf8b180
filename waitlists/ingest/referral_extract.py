"""A referral extract in any form, read whole and judged before a row of it is handed out.

CSV and Parquet come as a stream of bytes, xlsx as the workbook that the limited reader made of it. Identifiers refuse
the file; rules quarantine rows; what is left is the canonical record. Every row read is accepted, quarantined, left
out as nobody of ours, or an exact copy of another: the four add up.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from io import BytesIO
from operator import itemgetter
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from waitlists.errors import FileRefused
from waitlists.ingest.identifier_samples import Children
from waitlists.ingest.identifiers import Watch, refuse_named
from waitlists.ingest.identifiers_in_sheets import refuse_in_sheets
from waitlists.ingest.mapping import CANONICAL, ProviderMapping
from waitlists.ingest.referral_codes import PROVIDER
from waitlists.ingest.referral_csv import open_csv
from waitlists.ingest.referral_date_forms import date_forms
from waitlists.ingest.referral_delivery import Extract, FileFacts, Remark
from waitlists.ingest.referral_header import Layout, folded, laid_out, low_header, shown, wanted_columns
from waitlists.ingest.referral_kept import (
    Kept,
    batches,
    counted,
    filled,
    open_by_list,
    sample_of,
    sorted_out,
    without_repeats,
)
from waitlists.ingest.referral_parquet import PARQUET_MARK, open_parquet
from waitlists.ingest.referral_rule_facts import REMARKS
from waitlists.ingest.referral_sheet import chosen_sheet, header_in, open_sheet
from waitlists.ingest.referral_source import OpenSource, notes_apart, open_table, without_blank_rows
from waitlists.ingest.referral_text import LONGEST_LINE, first_line
from waitlists.ingest.referral_told import Broken, broken_of
from waitlists.ingest.referral_words import Translator
from waitlists.ingest.sheets import Sheet, Workbook
from waitlists.periods import is_month_end
from waitlists.record.schema import FIELD_BY_NAME, IDENTITY, REQUIRED, SENT

MOST_ROWS = 5_000_000
"""Rows of one file; all of England's children's community lists are fewer than a tenth of it."""

SUNDAY = 7

SYNTHETIC_MARK = "SYNTHETIC"
"""What the names of systems begin with whose referrals are invented."""

Source = BinaryIO | Workbook | pa.Table


def read_extract(source: Source, *, mapping: ProviderMapping = CANONICAL, on: date) -> Extract:
    """The extract in a stream or workbook, read under its provider's mapping.

    Parameters
    ----------
    source : a stream of CSV or Parquet bytes at its beginning, a workbook read with EXTRACT_WORKBOOKS, or a table of
        rejected rows
    on : the day of the delivery; a snapshot of a later day is refused

    Raises
    ------
    IdentifiersFound
        A column names children, by its heading or its cells; the message names the column.
    FileRefused
        EMPTY, COLUMNS (required ones missing, one twice), ENCODING, QUOTES, CONTRACT, TOO_LARGE, UNREADABLE,
        HEADER (it stands further down), SHEETS (records on two), SNAPSHOT (of several days, or of the future), CUT_OFF
        or ALL_ROWS_BAD.
    """
    opened = _opened(source, mapping)
    refuse_named(opened.header)
    if isinstance(source, Workbook):
        chosen = chosen_sheet(source, mapping)
        others = [sheet for sheet in source.sheets if sheet is not chosen]
        refuse_in_sheets(others)
        _refuse_second(chosen, others, mapping)
    layout = _laid_out(opened, mapping)
    kept = without_repeats(list(_read(opened, layout, mapping)))
    forms = tuple(date_forms((one.rejected for one in kept), mapping))
    _refuse_useless(kept, forms, mapping)
    facts = _facts(kept, opened, layout, mapping, _snapshot_of(kept, on))
    facts = replace(facts, remarks=(*facts.remarks, *forms))
    return Extract(facts, partial(batches, kept), sample_of(kept))


def header_of(source: Source, mapping: ProviderMapping = CANONICAL, *, is_any: bool = False) -> tuple[str, ...]:
    """The names of an extract's columns; a stream is left at its beginning.

    Where `is_any` is asked for they are parted by whichever character parts most that are ours.

    Raises
    ------
    FileRefused
        EMPTY, DELIMITER, ENCODING, QUOTES, CONTRACT, TOO_LARGE or UNREADABLE, as when it is read.
    """
    if isinstance(source, (Workbook, pa.Table)):
        return _opened(source, mapping).header
    head = source.read(LONGEST_LINE + 1)
    source.seek(0)
    if head.startswith(PARQUET_MARK):
        header = _opened(source, mapping).header
    else:
        header = open_csv(BytesIO(first_line(head)), mapping, is_any=is_any).header
    source.seek(0)
    return header


def looks_like_extract(header: Sequence[str], mapping: ProviderMapping = CANONICAL) -> bool:
    """Whether a header names at least half of the required fields that the mapping does not hold constant.

    An extract that lacks some is still one: its refusal can then name them.
    """
    wanted = wanted_columns(mapping)
    needed = {name for name in REQUIRED if name in wanted.values()}
    return 2 * len(needed & {wanted.get(folded(name)) for name in header}) >= len(needed)


def _opened(source: Source, mapping: ProviderMapping) -> OpenSource:
    if isinstance(source, pa.Table):
        return open_table(source)
    if isinstance(source, Workbook):
        return open_sheet(source, mapping)
    start = source.tell()
    head = source.read(len(PARQUET_MARK))
    source.seek(start)
    if not head:
        raise FileRefused("the file is empty", code="EMPTY")
    return open_parquet(source) if head == PARQUET_MARK else open_csv(source, mapping)


def _laid_out(opened: OpenSource, mapping: ProviderMapping) -> Layout:
    try:
        return laid_out(opened.header, mapping)
    except FileRefused:
        # What names children is said before what is missing.
        width = len(opened.header)
        watch = Watch(opened.header, known=frozenset(), days=frozenset(range(width)), children=Children())
        for chunk in opened.read(frozenset()):
            watch.look(chunk)
        watch.finish()
        for number, cells in enumerate(opened.below(), start=2):
            if looks_like_extract(cells, mapping):
                raise low_header(f"row {number}") from None
        raise


def _read(opened: OpenSource, layout: Layout, mapping: ProviderMapping) -> Iterator[Kept]:
    translator = Translator(layout, mapping)
    days = frozenset(place for name, place in layout.places.items() if FIELD_BY_NAME[name].type == "date")
    children = Children(layout.places.get("referral_request_received_date"), mapping.formats())
    watch = Watch(opened.header, known=frozenset(layout.places.values()), days=days, children=children)
    whose = [layout.places[name] for name in IDENTITY if layout.places.keys() >= set(IDENTITY)]
    rows = 0
    for chunk, listed, notes in notes_apart(map(without_blank_rows, opened.read(translator.plain)), whose):
        rows += len(chunk.rows) + len(chunk.broken)
        if rows > MOST_ROWS:
            raise FileRefused(f"the file has more than {MOST_ROWS:,} rows; send it in parts", code="TOO_LARGE")
        watch.look(chunk)
        yield sorted_out(translator.translated(listed), listed.broken, notes=notes)
    watch.finish()


def _refuse_second(chosen: Sheet, others: Iterable[Sheet], mapping: ProviderMapping) -> None:
    """Of two sheets with records one would be left out in silence."""
    for sheet in others:
        if sheet.rows and not sheet.is_hidden and looks_like_extract(header_in(sheet), mapping):
            both = f"the sheets {chosen.name} and {sheet.name} both hold referral records"
            raise FileRefused(f"{both}; put them below each other on one sheet, or send a file of each", code="SHEETS")


def _refuse_useless(kept: Sequence[Kept], forms: Sequence[Remark], mapping: ProviderMapping) -> None:
    if not sum(one.read for one in kept):
        raise FileRefused("the file has a header and no rows", code="EMPTY")
    if not any(one.records.num_rows for one in kept):
        reasons = [f". {one.told(mapping).rstrip('.')}" for one in _broken(kept)[:3]]
        said = "".join([*reasons, *(f". {form.field}: {form.sentence.rstrip('.')}" for form in forms)])
        raise FileRefused(f"no row of the file can be used; the old data stay{said}", code="ALL_ROWS_BAD")


def _snapshot_of(kept: Sequence[Kept], on: date) -> date:
    days: dict[date, int] = {}
    for one in kept:
        found = one.records["snapshot_date"].to_numpy()
        for day, place in zip(*np.unique(found, return_index=True), strict=True):
            days.setdefault(day.item(), int(one.rows[place]))
    if len(days) > 1:
        where = ", ".join(f"{day} (row {row:,})" for day, row in sorted(days.items(), key=itemgetter(1))[:3])
        raise FileRefused(f"the file holds snapshots of several days: {where}; send one day a file", code="SNAPSHOT")
    (snapshot,) = days
    if snapshot > on:
        raise FileRefused(f"the snapshot of {snapshot} lies after {on}, the day it was delivered", code="SNAPSHOT")
    return snapshot


def _facts(
    kept: Sequence[Kept], opened: OpenSource, layout: Layout, mapping: ProviderMapping, snapshot: date
) -> FileFacts:
    broken, systems = _broken(kept), sorted(counted(kept, "source_system"))
    said = filled(kept, layout.places)
    empty = {name: mapping.named(name) for name in mapping.columns if not any(found[name] for found in said.values())}
    by_rule: Counter[str] = Counter()
    for one in broken:
        by_rule[one.rule] += one.rows
    return FileFacts(
        form=opened.form,
        kind=mapping.kind,
        encoding=opened.encoding,
        delimiter=opened.delimiter,
        snapshot_date=snapshot,
        providers=tuple(sorted(counted(kept, PROVIDER))),
        read=sum(one.read for one in kept),
        accepted=sum(one.records.num_rows for one in kept),
        quarantined=sum(one.rejected.num_rows for one in kept),
        excluded=sum(one.excluded.total() for one in kept),
        duplicates=sum(one.copies for one in kept),
        by_rule=dict(sorted(by_rule.items())),
        open_by_list=dict(sorted(open_by_list(kept).items())),
        unknown_columns=layout.unknown,
        remarks=(*_remarks(kept, snapshot, opened), *_of_empty(empty, mapping, sum(one.read for one in kept))),
        is_synthetic=all(system.startswith(SYNTHETIC_MARK) for system in systems),
        systems=tuple(systems),
        broken=tuple(one.told(mapping) for one in broken),
        fields=tuple(name for name in SENT if name in layout.places or name in layout.constants),
        filled=said,
        empty=empty,
    )


def _broken(kept: Sequence[Kept]) -> list[Broken]:
    """Rows quarantined and rows left out by rule and field, those of most rows first."""
    excluded: Counter[str] = Counter()
    for one in kept:
        excluded.update(one.excluded)
    left_out = [Broken(rule, "", rows) for rule, rows in excluded.items()]
    return sorted([*broken_of(one.rejected for one in kept), *left_out], key=lambda one: (-one.rows, *one))


def _of_empty(empty: Mapping[str, str], mapping: ProviderMapping, rows: int) -> Iterator[Remark]:
    # A few changes seldom touch every column.
    if empty and mapping.kind == "snapshot":
        yield Remark("W_EMPTY_COLUMN", ", ".join(empty.values()), rows, REMARKS["W_EMPTY_COLUMN"])


def _remarks(kept: Sequence[Kept], snapshot: date, opened: OpenSource) -> tuple[Remark, ...]:
    odd: Counter[tuple[str, str]] = Counter()
    for one in kept:
        odd.update(one.odd)
    if snapshot.isoweekday() != SUNDAY and not is_month_end(snapshot):
        odd["W_SNAPSHOT_DAY", "snapshot_date"] = sum(one.records.num_rows for one in kept)
    if not opened.is_ended():
        odd["W_LAST_LINE", shown(opened.header[-1])] = 1
    return tuple(Remark(code, field, rows, REMARKS[code]) for (code, field), rows in sorted(odd.items()))
