"""A small community services workbook to bend: England, a region, a board, two providers and four service lines.

Rows are lists of cells as they would stand in the sheet; tests change one thing and look at what becomes of it. Counts
are made so that every table agrees: an organisation's counts are England's times a share.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import openpyxl

from waitlists.domain import Finding, ParsedDelivery
from waitlists.ingest import community_sitrep
from waitlists.ingest.sheets import Sheet, Workbook

Rows = list[list[Any]]
Book = dict[str, Rows]

MARCH = date(2025, 3, 31)
SALT = "(CYP) Therapy interventions: Speech and language"
AUDIOLOGY, ADULT_AUDIOLOGY = "(CYP) Audiology", "(A) Audiology"
PAEDIATRICS = "(CYP) Community paediatric service"
LINES = (ADULT_AUDIOLOGY, AUDIOLOGY, PAEDIATRICS, SALT)
COUNTS = {ADULT_AUDIOLOGY: 100, AUDIOLOGY: 200, PAEDIATRICS: 400, SALT: 800}
BANDS = {
    "Table 4": ("Total waiting list by service, March 2025", "Total waiting list", 10),
    "Table 4a": ("Number waiting 0-1 weeks (0-7 days) by service, March 2025", "Waiting 0-1 weeks", 1),
    "Table 4b": ("Number waiting >1-2 weeks (8-14 days) by service, March 2025", "Waiting >1-2 weeks", 1),
    "Table 4c": ("Number waiting >2-4 weeks (15-28 days) by service, March 2025", "Waiting >2-4 weeks", 1),
    "Table 4d": ("Number waiting >4-12 weeks (29-84 days) by service, March 2025", "Waiting >4-12 weeks", 2),
    "Table 4e": ("Number waiting >12-18 weeks (85-126 days) by service, March 2025", "Waiting >12-18 weeks", 1),
    "Table 4f": ("Number waiting >18-52 weeks (127-364 days) by service, March 2025", "Waiting >18-52 weeks", 2),
    "Table 4g": ("Number waiting >52-104 weeks (365-728 days) by service, March 2025", "Waiting >52-104 weeks", 1),
    "Table 4h": ("Number waiting over 104 weeks (over 2 years) by service, March 2025", "Waiting >104 weeks", 1),
}
"""Title, heading in Table 3 and share in tenths of each band table."""

ORGANISATIONS = (
    ("National", None, "England", 1.0),
    ("Region", "Y59", "SOUTH EAST", 1.0),
    ("ICB", "QKS", "NHS KENT AND MEDWAY INTEGRATED CARE BOARD", 1.0),
    ("Provider", "RYY", "KENT COMMUNITY HEALTH NHS FOUNDATION TRUST", 0.6),
    ("Provider", "NQ7", "MEDWAY COMMUNITY HEALTHCARE", 0.4),
)
MONTHS = ("Apr-24", "May-24", "Jun-24", "Jul-24", "Aug-24", "Sep-24", "Oct-24", "Nov-24", "Dec-24", "Jan-25", "Feb-25")
BLANKS_NOTE = "Blanks indicate no organisation submitted for the service line."


def book() -> Book:
    """The workbook as one would expect it, of March 2025."""
    return {
        "Cover page": cover(),
        "Contents": [["Contents"], *([f"{name}: {title}"] for name, (title, _, _) in BANDS.items())],
        "Table 1": table_1(),
        "Table 2": table_2(),
        "Table 3": table_3(),
        **{name: band_table(name) for name in BANDS},
    }


def cover() -> Rows:
    return [
        ["Title:", "Community Health Services Waiting Times"],
        ["Summary:", "This publication uses Community Health Services (CHS) SitRep data"],
        [None, "information."],
        ["Period:", "01 April 2024 - 31 March 2025"],
        ["Source:", "Community Health Services (CHS) SitRep"],
        ["Basis:", "Provider"],
        ["Published:", "15/05/2025"],
        ["Revised:", "-"],
        ["Status:", "Published"],
    ]


def table_1() -> Rows:
    title = "Number of organisations of 146 in scope that did not submit data at national, regional and ICB level"
    counts = [["Region", "South East", 1, 2, *[0] * 9, 1], ["ICB", "Kent and Medway", 0, 1, *[0] * 9, 1]]
    header = ["Organisation Type", "Organisation Name", *MONTHS, "Mar-25"]
    return [
        [title],
        ["A note about coverage that stands over the table"],
        header,
        [None, "England", 1, 2, *[0] * 9, 1],
        *counts,
    ]


def table_2() -> Rows:
    """Eleven months at nine tenths of March's figures, then March."""
    rows: Rows = [
        ["National time series of total reported waiting list by service"],
        ["Data is submitted at provider level"],
    ]
    rows.append(["Service", *MONTHS, "Mar-25"])
    for label, count in subtotals(COUNTS).items():
        rows.append([label, *[count * 9 // 10] * 11, count])
    return rows


def table_3() -> Rows:
    rows: Rows = [["National overview of waiting list metrics by service, March 2025"], [BLANKS_NOTE]]
    rows.append([None, *(heading for _, heading, _ in BANDS.values())])
    for label, count in subtotals(COUNTS).items():
        rows.append([label, *(count * tenths // 10 for _, _, tenths in BANDS.values())])
    return rows


def subtotals(counts: Mapping[str, int]) -> dict[str, int]:
    """England, adults and children before the lines they add up."""
    adults = sum(count for line, count in counts.items() if line.startswith("(A)"))
    children = sum(count for line, count in counts.items() if line.startswith("(CYP)"))
    return {"England": adults + children, "Adult services": adults, "CYP services": children, **counts}


def band_table(name: str, *, scale: float = 1.0) -> Rows:
    title, _, tenths = BANDS[name]
    rows: Rows = [[title], [BLANKS_NOTE], [], []]
    rows.append(["Organisation Type", "Organisation Code", "Organisation Name", *LINES])
    for kind, code, printed, share in ORGANISATIONS:
        rows.append([kind, code, printed, *(round(COUNTS[line] * tenths / 10 * share * scale) for line in LINES)])
    return rows


def tables_4(book: Book) -> list[Rows]:
    """Tables 4 to 4h of a book."""
    return [rows for name, rows in book.items() if name.startswith("Table 4")]


def early_2023(book: Book) -> Book:
    """The layout of January to April 2023: no codes, no headings, types on the first row of a block, column A empty."""
    early: Book = {}
    for name, rows in book.items():
        if name.startswith("Table 4"):
            head = [[], [None, None, None, *LINES]]
            types = ["", "Region", "ICB", "Organisation", None]
            body = [
                [None, kind, row[2].title().replace("Nhs", "NHS"), *row[3:]]
                for kind, row in zip(types, rows[5:], strict=True)
            ]
            early[name] = [[None, *row] for row in rows[:4]] + head + body
        else:
            early[name] = [[None, *row] for row in rows]
    return early


def workbook(
    book: Mapping[str, Sequence[Sequence[Any]]], *, hidden: Sequence[str] = (), uses_1904: bool = False
) -> Workbook:
    """The book as the reader would hand it over."""
    sheets = tuple(Sheet(name, tuple(map(tuple, rows)), is_hidden=name in hidden) for name, rows in book.items())
    return Workbook(sheets, uses_1904=uses_1904)


def parse(book: Book, *, hidden: Sequence[str] = (), uses_1904: bool = False) -> ParsedDelivery:
    return community_sitrep.parse(workbook(book, hidden=hidden, uses_1904=uses_1904))


def bent(change: Callable[[Book], object]) -> ParsedDelivery:
    """The delivery of a book after one change."""
    changed = book()
    change(changed)
    return parse(changed)


def figure(delivery: ParsedDelivery, service: str, org: str, band: str = "total") -> int | None:
    """The figure of a list in the delivery's own month; KeyError where there is none."""
    found = {(f.service, f.org, f.band): f.value for f in delivery.vintages[0].figures}
    return found[service, org, band]


def findings(delivery: ParsedDelivery, code: str) -> list[Finding]:
    return [finding for finding in delivery.findings if finding.code == code]


def as_xlsx(
    book: Mapping[str, Sequence[Sequence[Any]]], change: Callable[[openpyxl.Workbook], object] | None = None
) -> bytes:
    """The book as a real file; `change` may do to it what a spreadsheet program would."""
    written = openpyxl.Workbook()
    written.remove(written.worksheets[0])
    for name, rows in book.items():
        sheet = written.create_sheet(name)
        for row in rows:
            sheet.append([datetime(c.year, c.month, c.day) if isinstance(c, date) else c for c in row])  # noqa: DTZ001
    if change is not None:
        change(written)
    packed = io.BytesIO()
    written.save(packed)
    return packed.getvalue()
