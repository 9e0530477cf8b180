"""Scottish CAMHS waiting times (Public Health Scotland, open data): a comparator with lists, flows and missed contacts.

Four files, each a source of its own: who waits, who was seen, referrals, and contacts that did not take place. Another
country and another clock (referral to treatment, 18 weeks). Boards that changed their code in mid-series are joined;
what the publisher marks beside a figure is said once a board.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from waitlists.domain import Level, ParsedDelivery, PrintedOrganisation, Severity
from waitlists.errors import FileRefused
from waitlists.ingest.columns import Column, month_in, plain
from waitlists.ingest.published import Markers, Printed, Table, collect, delivery_of, find_table
from waitlists.ingest.remarks import Remark
from waitlists.ingest.sheets import Workbook
from waitlists.periods import in_words

SERVICE: Final = "CAMHS_SCOT"
SCOTLAND: Final = "S92000003"

BOARDS: Final = {
    "S08000015": "NHS Ayrshire and Arran",
    "S08000016": "NHS Borders",
    "S08000017": "NHS Dumfries and Galloway",
    "S08000019": "NHS Forth Valley",
    "S08000020": "NHS Grampian",
    "S08000022": "NHS Highland",
    "S08000024": "NHS Lothian",
    "S08000025": "NHS Orkney",
    "S08000026": "NHS Shetland",
    "S08000028": "NHS Western Isles",
    "S08000029": "NHS Fife",
    "S08000030": "NHS Tayside",
    "S08000031": "NHS Greater Glasgow and Clyde",
    "S08000032": "NHS Lanarkshire",
    SCOTLAND: "Scotland",
}
"""Boards by their present code. Source: health board labels, Public Health Scotland open data."""

_FORMER: Final = {
    "S08000018": "S08000029",
    "S08000027": "S08000030",
    "S08000021": "S08000031",
    "S08000023": "S08000032",
}
"""Codes given up on 2 February 2018 (Fife, Tayside) and 1 April 2019 (Glasgow, Lanarkshire), each with the next."""

_QUALIFIERS: Final = {
    "b": ("break_in_series", Severity.WARNING, "a break in the series"),
    "u": ("low_reliability", Severity.WARNING, "of low reliability"),
    "y": ("incomplete", Severity.WARNING, "incomplete"),
    "e": ("estimated", Severity.INFO, "estimated"),
    "d": ("derived", Severity.INFO, "derived"),
    "p": ("provisional", Severity.INFO, "provisional"),
}
"""Marks that a reader must know of; revised figures are simply the newest, and not available is no figure."""

_CONFIDENTIAL: Final = "c"
_BANDS: Final = {"0To18Weeks": "weeks_0_18", "19To35Weeks": "weeks_19_35", "36To52Weeks": "weeks_36_52"}


@dataclass(frozen=True, slots=True)
class Collection:
    """One of the files: its source, and the kind of figure in each column that holds one."""

    source: str
    kinds: Mapping[str, str]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The contract: board, month, each figure, and the publisher's mark beside it."""
        return (
            Column("board", frozenset({"hb"})),
            Column("month", frozenset({"month"})),
            *(Column(kind, frozenset({plain(printed)})) for printed, kind in self.kinds.items()),
            *(
                Column(f"{kind} mark", frozenset({plain(f"{printed}QF")}), False)
                for printed, kind in self.kinds.items()
            ),
        )

    def recognises(self, workbook: Workbook) -> bool:
        """Whether a table has this file's columns."""
        return find_table(workbook, self.columns) is not None

    def parse(self, workbook: Workbook) -> ParsedDelivery:
        """Every month of every board.

        Raises
        ------
        FileRefused
            CONTRACT: a column is missing, or a month or board is none; the message names the cell. EMPTY: no figure.
        """
        table = find_table(workbook, self.columns)
        if table is None:
            raise FileRefused(f"expected the columns board, month and {', '.join(self.kinds)}", code="CONTRACT")
        marked: dict[tuple[str, str], set[date]] = defaultdict(set)
        printed = [item for row in table.rows() for item in self._figures(table, row, marked)]
        collected = collect(printed, table.sheet.name, Markers(), rounded_kinds=frozenset())
        return delivery_of(
            self.source,
            collected,
            layout="phs-open-data",
            organisations=[_organisation(org) for org in sorted({item.org for item in printed})],
            remarks=_remarks(marked),
        )

    def _figures(self, table: Table, row: int, marked: dict[tuple[str, str], set[date]]) -> Iterator[Printed]:
        org = _FORMER.get(code := table.text(row, "board").upper(), code)
        month = month_in(table.cell(row, "month"), uses_1904=False)
        if org not in BOARDS:
            table.wrong(row, "board", "the code of a Scottish health board, or of Scotland")
        if month is None:
            table.wrong(row, "month", "a month such as 202306")
        for kind in self.kinds.values():
            marks = set(table.text(row, f"{kind} mark").lower().split())
            for mark in marks & _QUALIFIERS.keys():
                marked[org, mark].add(month)
            cell = "*" if _CONFIDENTIAL in marks else table.cell(row, kind)
            yield Printed(month, SERVICE, org, kind, cell, row, table.places[kind])


def _remarks(marked: Mapping[tuple[str, str], set[date]]) -> Iterator[Remark]:
    for (org, mark), months in sorted(marked.items()):
        code, severity, words = _QUALIFIERS[mark]
        when = in_words(max(months)) if len(months) == 1 else f"{len(months)} months up to {in_words(max(months))}"
        sentence = f"The publisher marks figures of {BOARDS[org]} as {words} in {when}."
        yield Remark(code, severity, sentence, SERVICE, org, period_end=max(months))


def _organisation(org: str) -> PrintedOrganisation:
    return PrintedOrganisation(org, BOARDS[org], Level.REGION if org == SCOTLAND else Level.ICB)


COLLECTIONS: Final = (
    Collection(
        "phs_camhs",
        {
            "TotalPatientsWaiting": "waiting",
            **{f"NumberOfPatientsWaiting{band}": kind for band, kind in _BANDS.items()},
            "NumberOfPatientsWaitingOver52Weeks": "over_52_weeks",
        },
    ),
    Collection(
        "phs_camhs_seen",
        {
            "TotalPatientsSeen": "treated",
            **{f"NumberOfPatientsSeen{band}": f"seen_{kind}" for band, kind in _BANDS.items()},
            "NumberOfPatientsSeenOver52Weeks": "seen_over_52_weeks",
            "MedianWeeksPatientsSeen": "seen_median_weeks",
            "90thPercentileWeeksPatientsSeen": "seen_p90_weeks",
        },
    ),
    Collection(
        "phs_camhs_referrals",
        {"ReferralsAccepted": "referrals", "ReferralsReceived": "referrals_received"},
    ),
    Collection(
        "phs_camhs_missed",
        {
            "FirstContactAppointments": "first_appointments",
            "DidNotAttends": "not_brought",
            "TotalAppointments": "appointments",
        },
    ),
)
"""The four files; a referral that was accepted joins the list, so that is what `referrals` counts."""
