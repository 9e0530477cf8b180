"""The tables of a synthetic workbook, as rows: headers, notes, blanks and markers where the real ones have them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from waitlists.domain import ENGLAND
from waitlists.services import CHS_SERVICES, SERVICES
from waitlists.synthetic.places import BOARDS, HIDDEN_LINES, PROVIDERS, REGIONS, RENAMED, Place
from waitlists.synthetic.reports import MERGED_FROM, Counts, Month, in_scope, subtotal

Cell = str | int | date | None
Row = tuple[Cell, ...]

LINES = tuple(sorted(str(SERVICES[code].line) for code in CHS_SERVICES))
"""The service lines as the workbooks order them: adults first, each group by name."""

BAND_TITLES = (
    ("Table 4a", "0-1 weeks (0-7 days)", "Waiting 0-1 weeks"),
    ("Table 4b", ">1-2 weeks (8-14 days)", "Waiting >1-2 weeks"),
    ("Table 4c", ">2-4 weeks (15-28 days)", "Waiting >2-4 weeks"),
    ("Table 4d", ">4-12 weeks (29-84 days)", "Waiting >4-12 weeks"),
    ("Table 4e", ">12-18 weeks (85-126 days)", "Waiting >12-18 weeks"),
    ("Table 4f", ">18-52 weeks (127-364 days)", "Waiting >18-52 weeks"),
)
OVER_52_TITLES = (("Table 4g", "over 52 weeks (over 365 days)", "Waiting >52 weeks"),)
SPLIT_TITLES = (
    ("Table 4g", ">52-104 weeks (365-728 days)", "Waiting >52-104 weeks"),
    ("Table 4h", "over 104 weeks (over 2 years)", "Waiting >104 weeks"),
)

BLANKS_NOTE = "Blanks indicate no organisation submitted for the service line."
LEVEL_NOTE = (
    "Data is submitted at provider level and aggregated up to national, regional and ICB level. Therefore variation in "
    "the number of providers submitting each month could cause variation in the reported waiting list."
)
HIDDEN_NOTE = (
    "* Data for adult safeguarding, looked after children teams and children and young people's safeguarding is only "
    "published at national level and for total waiting list to prevent risk of disclosing sensitive information."
)
COVERAGE_NOTE = (
    "** Increased Community paediatric service waiting lists reflect Birmingham Community Healthcare NHS Foundation "
    "Trust's new Neurodevelopmental pathway data reporting. See cover page for more detail."
)


@dataclass(frozen=True, slots=True)
class Style:
    """How a month is printed: the generation of its layout (1 to 3) and whether over 104 weeks stands apart."""

    generation: int
    over_104: bool

    @property
    def titles(self) -> tuple[tuple[str, str, str], ...]:
        """Sheet, title and column heading of each band table."""
        return BAND_TITLES + (SPLIT_TITLES if self.over_104 else OVER_52_TITLES)

    def day(self, value: date) -> Cell:
        """A publication date as a cell: real in the first generation, then text with the day first."""
        return value if self.generation == 1 else f"{value:%d/%m/%Y}"

    def month(self, value: date) -> Cell:
        """A month in a heading: the real first day in the first generation, then text."""
        return value.replace(day=1) if self.generation == 1 else f"{value:%b-%y}"

    def name(self, place: Place) -> str:
        """An organisation's name: capitals came with the second generation."""
        return place.name if self.generation == 1 else place.name.upper()

    def line(self, line: str) -> str:
        """A service line's heading; the second generation capitalised its words."""
        return line.title().replace("(Cyp)", "(CYP)") if self.generation == 2 else line

    def shifted(self, rows: Iterable[Row]) -> Iterable[Row]:
        """The first generation leaves column A empty."""
        return ((None, *row) if self.generation == 1 and row else row for row in rows)

    def hidden(self) -> Cell:
        """What stands below England in a line that is never printed there."""
        return "*" if self.generation < 3 else None

    def printed(self, counts: Counts) -> Counts:
        """The total and the bands this layout has a table for."""
        return counts if self.over_104 else (*counts[:7], counts[7] + counts[8])


def contents(period: date, style: Style) -> list[Row]:
    """The list of sheets with their titles."""
    titles = [
        "Contents",
        "Table 1: Number of organisations that did not submit data by month",
        "Table 2: National time series of total reported waiting list by service",
        f"Table 3: National overview of waiting list metrics by service, {period:%B %Y}",
        f"Table 4: Total waiting list by service, {period:%B %Y}",
    ]
    titles += [f"{sheet}: Number waiting {title} by service, {period:%B %Y}" for sheet, title, _ in style.titles]
    return [(title,) for title in titles]


def table_1(year: Sequence[Month], columns: Sequence[date], style: Style) -> list[Row]:
    """How many providers sent nothing, by region, board and month of the financial year."""
    scope = len(in_scope(year[-1].period_end))
    rows: list[Row] = [
        (f"Number of organisations of {scope} providers in scope that did not submit data",),
        (LEVEL_NOTE,),
    ]
    headings = (None, None) if style.generation == 1 else ("Organisation Type", "Organisation Name")
    rows += [()] if style.generation == 1 else []
    rows.append((*headings, *map(style.month, columns)))
    rows.append((None, "England", *(len(month.absent) for month in year)))
    for kind, places in (("Region", REGIONS), ("ICB", BOARDS)):
        for number, place in enumerate(places):
            missing = (sum(_is_within(code, place.code) for code in month.absent) for month in year)
            rows.append((_kind(kind, number, style), place.name, *missing))
    return rows


def _is_within(provider: str, area: str) -> bool:
    board = next(place.parent for place in PROVIDERS if place.code == provider)
    return area in (board, next(place.parent for place in BOARDS if place.code == board))


def _kind(kind: str, number: int, style: Style) -> Cell:
    """The first generation prints a type once, on the first row of its block."""
    return kind if number == 0 or style.generation > 1 else None


def table_2(year: Sequence[Month], columns: Sequence[date], style: Style) -> list[Row]:
    """England's totals by line and month of the financial year; months to come have empty columns."""
    rows: list[Row] = [("National time series of total reported waiting list by service",), (LEVEL_NOTE,)]
    rows += [()] if style.generation == 1 else []
    rows.append((None if style.generation == 1 else "Service", *map(style.month, columns)))
    for title, prefix in (("England", ""), ("Adult services", "(A)"), ("CYP services", "(CYP)")):
        rows.append((title, *(subtotal(month, prefix)[0] for month in year)))
    rows += [(style.line(line), *(_england_total(month, line) for month in year)) for line in LINES]
    return rows


def _england_total(month: Month, line: str) -> int | None:
    if line in month.hidden:
        return month.hidden[line]
    counts = month.lists.get((ENGLAND, line))
    return None if counts is None else counts[0]


def table_3(month: Month, style: Style, *, noted: bool) -> list[Row]:
    """England's month: total and bands by line."""
    rows: list[Row] = [
        (f"National overview of waiting list metrics by service, {month.period_end:%B %Y}",),
        (LEVEL_NOTE,),
        ("The sum of weekly breakdowns may not match the total waiting list.",),
        (HIDDEN_NOTE,),
    ]
    rows += [(COVERAGE_NOTE,)] if noted else []
    rows += [()] if style.generation == 1 else []
    rows.append((None, "Total waiting list", *(heading for _, _, heading in style.titles)))
    for title, prefix in (("England", ""), ("Adult services", "(A)"), ("CYP services", "(CYP)")):
        rows.append((title, *style.printed(subtotal(month, prefix))))
    rows += [(style.line(line), *_england_row(month, line, style)) for line in LINES]
    return rows


def _england_row(month: Month, line: str, style: Style) -> Row:
    if line in month.hidden:
        return (month.hidden[line], *(style.hidden() for _ in style.titles))
    counts = month.lists.get((ENGLAND, line))
    return () if counts is None else style.printed(counts)


def lists_sheets(month: Month, style: Style, *, noted: bool) -> dict[str, list[Row]]:
    """Tables 4 to 4h: organisations down, lines across, one table for the total and one for each band."""
    when = f"by service, {month.period_end:%B %Y}"
    titles = [("Table 4", f"Total waiting list {when}")]
    titles += [(sheet, f"Number waiting {title} {when}") for sheet, title, _ in style.titles]
    return {
        sheet: _heading(title, style, noted=noted, old_words=sheet == "Table 4g") + _organisations(month, style, number)
        for number, (sheet, title) in enumerate(titles)
    }


def _heading(title: str, style: Style, *, noted: bool, old_words: bool) -> list[Row]:
    rows: list[Row] = [(title,), (BLANKS_NOTE,), (LEVEL_NOTE,), (HIDDEN_NOTE,)]
    rows += [(COVERAGE_NOTE,)] if noted else []
    if style.generation == 1:
        return [*rows, (), (None, None, *map(style.line, LINES))]
    words = ("level", "name") if old_words and style.generation == 2 else ("Organisation Type", "Organisation Name")
    named = words if style.generation == 2 else (words[0], "Organisation Code", words[1])
    return [*rows, (*named, *map(style.line, LINES))]


def _organisations(month: Month, style: Style, number: int) -> list[Row]:
    providers = [_renamed(place, month) for place in PROVIDERS if place.code in in_scope(month.period_end)]
    word = "Organisation" if style.generation == 1 else "Provider"
    rows: list[Row] = [_identified(None if style.generation == 1 else "National", None, "England", style)]
    rows[0] += _figures(month, ENGLAND, style, number)
    for kind, places in (("Region", REGIONS), ("ICB", BOARDS), (word, sorted(providers, key=lambda p: p.name.upper()))):
        for position, place in enumerate(places):
            identity = _identified(_kind(kind, position, style), place.code, style.name(place), style)
            rows.append(identity + _figures(month, place.code, style, number))
    return rows


def _renamed(place: Place, month: Month) -> Place:
    return place._replace(name=RENAMED.get(place.code, place.name)) if month.period_end >= MERGED_FROM else place


def _identified(kind: Cell, code: Cell, name: str, style: Style) -> Row:
    return (kind, code, name) if style.generation == 3 else (kind, name)


def _figures(month: Month, org: str, style: Style, number: int) -> Row:
    return tuple(_figure(month, org, line, style, number) for line in LINES)


def _figure(month: Month, org: str, line: str, style: Style, number: int) -> Cell:
    if line in HIDDEN_LINES:
        return month.hidden[line] if org == ENGLAND and number == 0 else style.hidden()
    counts = month.lists.get((org, line))
    return None if counts is None else style.printed(counts)[number]
