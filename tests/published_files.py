"""Published tables as workbooks of text cells: the real files, and small ones laid out alike."""

import gzip
from collections.abc import Iterable, Sequence
from pathlib import Path

from waitlists.ingest import delimited
from waitlists.ingest.sheets import Workbook


def unpacked(path: Path) -> bytes:
    """A published file's bytes; some are kept here in gzip, to be small."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Workbook:
    """A table as the reader of delimited text gives it."""
    lines = [header, *rows]
    return delimited.read("\n".join("\t".join(str(cell) for cell in line) for line in lines).encode())


def values(delivery, org: str, *, period=None, band: str = "total") -> dict[str, int | None]:
    """Values of one organisation by kind, of the newest period unless another is given."""
    wanted = period or delivery.period_end
    return {
        figure.kind: figure.value
        for vintage in delivery.vintages
        if vintage.period_end == wanted
        for figure in vintage.figures
        if figure.org == org and figure.band == band
    }
