"""The contract of the community health services workbook (CHS SitRep): every word and number its parser relies on.

Source: the 14 workbooks "Community Health Services Waiting Times", NHS England, published March 2023 to May 2025. Names
are in `columns.plain` form. Nothing here acts.
"""

from typing import Final

from waitlists.domain import Level
from waitlists.ingest.columns import Column, TableContract

SOURCE: Final = "chs_sitrep"
SOURCE_ENGLAND_SERIES: Final = "chs_sitrep_t2"

HIGHEST_COUNT: Final = 5_000_000
"""All of England's lists together hold 1.1 million; a cell of five million is a slipped digit or a telephone number."""

MOST_ROWS: Final = 1_000
"""Organisations in one table; 204 rows at most so far."""

HEAD_ROWS: Final = 30
"""Rows from the top in which a title and a header are looked for; they stand in the first six."""

ORGANISATION_TYPE: Final = Column(
    "type", frozenset({"organisation type", "organization type", "org type", "level", "type"})
)
ORGANISATION_CODE: Final = Column(
    "code", frozenset({"organisation code", "organization code", "org code", "ods code", "code"}), is_required=False
)
ORGANISATION_NAME: Final = Column(
    "name", frozenset({"organisation name", "organization name", "org name", "organisation", "name"})
)
ORGANISATION_COLUMNS: Final = (ORGANISATION_TYPE, ORGANISATION_CODE, ORGANISATION_NAME)

TABLE_1: Final = TableContract("Table 1", (ORGANISATION_NAME,), MOST_ROWS, MOST_ROWS, is_required=False)
TABLE_2: Final = TableContract("Table 2", (), MOST_ROWS, HIGHEST_COUNT, is_required=False)
TABLE_3: Final = TableContract("Table 3", (), MOST_ROWS, HIGHEST_COUNT, is_required=False)
TABLE_4: Final = TableContract("Table 4", ORGANISATION_COLUMNS, MOST_ROWS, HIGHEST_COUNT)
"""Tables 4 to 4h: organisations down, service lines across; the only source of figures below England."""

LEVELS: Final = {
    "national": Level.ENGLAND,
    "england": Level.ENGLAND,
    "country": Level.ENGLAND,
    "region": Level.REGION,
    "regional": Level.REGION,
    "nhs region": Level.REGION,
    "nhs england region": Level.REGION,
    "icb": Level.ICB,
    "ics": Level.ICB,
    "stp": Level.ICB,
    "integrated care board": Level.ICB,
    "sub icb": Level.SUB_ICB,
    "sub-icb": Level.SUB_ICB,
    "provider": Level.PROVIDER,
    "organisation": Level.PROVIDER,
    "organization": Level.PROVIDER,
    "trust": Level.PROVIDER,
}
"""What a row is about, by the word printed; "Organisation" became "Provider" in June 2023. A plural s is forgiven."""

ENGLAND_NAMES: Final = frozenset({"england", "national", "england total", "total england"})
TOTAL_NAMES: Final = frozenset({"total", "totals", "grand total", "all", "all organisations", "all providers"})
"""Rows that add others up without saying whose they are: no organisation, and not read."""

SUBTOTALS: Final = {
    "england": ("(A)", "(CYP)"),
    "all services": ("(A)", "(CYP)"),
    "adult services": ("(A)",),
    "cyp services": ("(CYP)",),
    "children and young people services": ("(CYP)",),
}
"""Rows among the service lines of Tables 2 and 3 that add lines up, and the prefixes of the lines they add."""

OTHER_COUNTS: Final = ("number of missing submissions",)
"""Rows among the service lines that count something else (Table 2, March and April 2023)."""

BANDS: Final = {
    (0, 1): ("0-1", (0, 7)),
    (1, 2): (">1-2", (8, 14)),
    (2, 4): (">2-4", (15, 28)),
    (4, 12): (">4-12", (29, 84)),
    (12, 18): (">12-18", (85, 126)),
    (18, 52): (">18-52", (127, 364)),
    (52, 104): (">52-104", (365, 728)),
}
"""Band label and days by the weeks a title names. The letter of a table says nothing: 4g was "over 52" until 2024."""

OPEN_BANDS: Final = {52: ">52", 104: ">104"}
ALWAYS_PRINTED: Final = ("total", "0-1", ">1-2", ">2-4", ">4-12", ">12-18", ">18-52")
SPLIT_TOP: Final = (">52-104", ">104")
OVER_52: Final = ">52"

STANDING_NOTES: Final = (
    "blanks indicate",
    "data is submitted at provider level",
    "the sum of weekly breakdowns",
    "* data for adult safeguarding",
)
"""Starts of the notes every workbook repeats; they are rules of the collection (published_sources), not news."""

STANDING_COVERAGE_NOTES: Final = ("a handful of submitters have been affected by a recent cyber incident",)
"""On Table 1 of all 14 files, unchanged since 2022: kept as a note and not raised again each month."""

_COVER_WORDS: Final = ("title", "summary", "period", "source", "basis", "published", "revised", "status", "contact")
_COVER_ALIASES: Final = {
    "publication date": "published",
    "published date": "published",
    "published on": "published",
    "date published": "published",
    "date of publication": "published",
    "revision date": "revised",
    "revised date": "revised",
    "revised on": "revised",
    "date revised": "revised",
    "last revised": "revised",
    "frequency": "frequency",
    "next publication": "next",
}
COVER_LABELS: Final = {word: word for word in _COVER_WORDS} | _COVER_ALIASES
"""Labels of the cover page and what each is known as here."""
NO_DATE: Final = frozenset({"", "-", "n/a", "na", "none", "tbc", "not revised"})
SYNTHETIC_MARK: Final = "synthetic"
COVER_TITLE: Final = "community health services"
