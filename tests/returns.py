"""Weekly returns as rows, for tests: lists by band, flows, and the files they make."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from waitlists.domain import Figure, ParsedDelivery
from waitlists.ingest import delimited
from waitlists.ingest.sheets import Cell, Sheet, Workbook
from waitlists.ingest.weekly_return import parse
from waitlists.ingest.weekly_return_words import BAND_LABELS, HEADINGS

WEEK = date(2026, 11, 15)
Rows = list[tuple[Cell, ...]]


def waiting(
    service: str = "SALT",
    wait: str = "first_contact",
    *,
    counts: Sequence[Cell] = (1, 2, 3, 4, 5, 6, 7, 8),
    bands: Sequence[str] = BAND_LABELS,
    provider: str = "RYY",
    week: Cell = WEEK,
) -> Rows:
    """A row for each band of a list."""
    return [
        (week, provider, service, wait, "waiting", band, None, count) for band, count in zip(bands, counts, strict=True)
    ]


def flows(
    service: str = "SALT",
    *,
    referrals: Cell = None,
    removed: Mapping[str, Cell] | None = None,
    provider: str = "RYY",
    week: Cell = WEEK,
    wait: str | None = None,
) -> Rows:
    """A row of referrals, if any, and a row for each reason of removal."""
    rows: Rows = []
    if referrals is not None:
        rows.append((week, provider, service, wait, "referrals", None, None, referrals))
    return rows + [
        (week, provider, service, wait, "removed", None, reason, count) for reason, count in (removed or {}).items()
    ]


def book(rows: Iterable[Sequence[Cell]], *, name: str = "Return", above: Rows | None = None, **options) -> Workbook:
    """A workbook of one sheet, headings first unless `above` stands over them."""
    return Workbook((Sheet(name, (*(above or []), HEADINGS, *map(tuple, rows)), **options),))


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The same rows as a CSV file."""
    lines = (HEADINGS, *rows)
    return "\n".join(",".join("" if cell is None else str(cell) for cell in line) for line in lines).encode()


def parsed(rows: Iterable[Sequence[Cell]], **options) -> ParsedDelivery:
    """What the loader makes of rows on one sheet."""
    return parse(book(rows, **options))


def parsed_csv(rows: Iterable[Sequence[Cell]]) -> ParsedDelivery:
    """What the loader makes of rows in a CSV file."""
    return parse(delimited.read(as_csv(rows)))


def counts_of(
    delivery: ParsedDelivery, kind: str, *, week: date = WEEK, service: str = "SALT"
) -> dict[str, int | None]:
    """Counts by band of one kind of figure."""
    return {f.band: f.value for f in figures_of(delivery, week) if (f.kind, f.service) == (kind, service)}


def figures_of(delivery: ParsedDelivery, week: date = WEEK) -> tuple[Figure, ...]:
    """Figures of one week, of every service."""
    return tuple(f for vintage in delivery.vintages if vintage.period_end == week for f in vintage.figures)


def sentences(delivery: ParsedDelivery, code: str) -> list[str]:
    """What a kind of finding says."""
    return [finding.sentence for finding in delivery.findings if finding.code == code]
