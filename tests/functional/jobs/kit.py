"""Synthetic workbooks as files, and the content of a database as one number that ids and times do not enter."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine, func, select

from jobs.demo.files import content_of
from jobs.load import Moment, load
from waitlists.store import tables
from waitlists.store.session import reading
from waitlists.synthetic import SyntheticSheet, SyntheticWorkbook, workbooks

SEED = 5
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)


@cache
def books() -> tuple[SyntheticWorkbook, ...]:
    return workbooks(seed=SEED)


def book(year: int, month: int, *, revised: bool = False) -> SyntheticWorkbook:
    wanted = [item for item in books() if (item.period_end.year, item.period_end.month) == (year, month)]
    return next(item for item in wanted if bool(item.revised_on) is revised)


def put(folder: Path, *chosen: SyntheticWorkbook) -> list[Path]:
    """The workbooks as files of a folder."""
    folder.mkdir(exist_ok=True)
    for item in chosen:
        (folder / item.name).write_bytes(content_of(item))
    return [folder / item.name for item in chosen]


def changed(item: SyntheticWorkbook, sheet: str, row: int, column: int, cell: object) -> SyntheticWorkbook:
    """The workbook with one cell changed; rows and columns count from 0."""

    def page(found: SyntheticSheet) -> SyntheticSheet:
        if found.name != sheet:
            return found
        cells = [*found.rows[row]]
        cells[column] = cell
        return replace(found, rows=(*found.rows[:row], tuple(cells), *found.rows[row + 1 :]))

    return replace(item, sheets=tuple(map(page, item.sheets)))


def undated(item: SyntheticWorkbook) -> SyntheticWorkbook:
    """The workbook without a publication date."""
    return changed(item, "Cover page", 6, 1, "-")


def load_files(engine: Engine, paths: Iterable[Path], *, now: datetime = NOW, as_of: date | None = None):
    return load(engine, list(paths), moment=Moment(lambda: now, as_of), source=None, on_progress=lambda _: None)


def content_hash(engine: Engine) -> str:
    """Everything stored that readers can see, in an order of its own."""
    vintage, series, figure, delivery = tables.vintage, tables.series, tables.figure, tables.delivery
    finding, coverage = tables.finding, tables.coverage
    named = (delivery.c.sha256, vintage.c.source, vintage.c.scope, vintage.c.period_end, vintage.c.known_from)
    joined = select(*named).join(delivery, delivery.c.id == vintage.c.delivery_id)
    said = [column for column in finding.c if column.name not in {"id", "delivery_id", "vintage_id"}]
    facts = (
        delivery.c.sha256,
        delivery.c.known_from,
        delivery.c.period_end,
        delivery.c.is_synthetic,
        delivery.c.layout,
    )
    place = (figure.c.value, figure.c.marker, figure.c.sheet, figure.c.row, figure.c.column)
    queries = [
        joined.join(figure, figure.c.vintage_id == vintage.c.id)
        .join(series, series.c.id == figure.c.series_id)
        .add_columns(series.c.service, series.c.org, series.c.kind, series.c.band, *place),
        joined.join(coverage, coverage.c.vintage_id == vintage.c.id).add_columns(
            coverage.c.service, coverage.c.org, coverage.c.share, coverage.c.missing
        ),
        select(delivery.c.sha256, *said).join(delivery, delivery.c.id == finding.c.delivery_id),
        select(*tables.organisation.c),
        select(*facts),
    ]
    digest = sha256()
    with reading(engine) as connection:
        for query in queries:
            for row in sorted(map(repr, map(tuple, connection.execute(query)))):
                digest.update(row.encode())
    return digest.hexdigest()


def count(engine: Engine, table) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()
