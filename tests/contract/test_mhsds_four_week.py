"""Four-week waits: the real files, and the quirks of the layout one at a time."""

from datetime import date
from pathlib import Path

import pytest

from tests.conftest import shared
from tests.published_files import table, unpacked, values
from waitlists.counts.histories import VintageCells
from waitlists.domain import Level, Marker, Measure
from waitlists.errors import FileRefused
from waitlists.ingest import delimited, recognise
from waitlists.ingest.mhsds_four_week import KINDS, parse, recognises
from waitlists.quality import check_delivery

HEADER = (
    "REPORTING_PERIOD_START",
    "REPORTING_PERIOD_END",
    "STATUS",
    "BREAKDOWN",
    "PRIMARY_LEVEL",
    "PRIMARY_LEVEL_DESCRIPTION",
    "SECONDARY_LEVEL",
    "SECONDARY_LEVEL_DESCRIPTION",
    "MEASURE_ID",
    "MEASURE_NAME",
    "MEASURE_VALUE",
)
MONTH = ("01/06/2024", "30/06/2024")
JUNE = date(2024, 6, 30)


def row(measure: str = "MRS09", value: object = 100, **changed: object) -> tuple[object, ...]:
    cells = (*MONTH, "Performance", "Provider", "RAT", "NELFT", "NONE", "NONE", measure, "words", value)
    return tuple((dict(zip(HEADER, cells, strict=True)) | changed).values())


@pytest.fixture(scope="module")
def files() -> dict[str, Path]:
    return {path.name[15:18]: path for path in shared("data/mhsds-cyp-4ww").glob("*.csv.gz")}


@pytest.mark.parametrize(
    ("month", "day", "started", "waiting", "first"),
    [
        ("Apr", date(2024, 4, 30), 9475, 26105, 12040),
        ("May", date(2024, 5, 31), 9685, 27605, 12400),
        ("Jun", JUNE, 9210, 27730, 12675),
    ],
)
def test_a_real_file_gives_its_month(files, month: str, day: date, started: int, waiting: int, first: int):
    book = delimited.read(unpacked(files[month]))
    source = recognise(book, name=None)
    delivery = source.parse(book)
    kent = values(delivery, "QKS")
    assert (source.name, source.freq, delivery.period_end, delivery.published_on) == ("mhsds_four_week", "M", day, None)
    assert [kent[kind] for kind in ("spells_started_3m", "waiting", "first")] == [started, waiting, first]
    assert delivery.counts["quarantined"] == 0
    assert delivery.counts["cells_read"] > 5_000
    assert delivery.findings == ()
    assert check_delivery(delivery) == ()


def test_june_is_as_printed(files):
    delivery = parse(delimited.read(unpacked(files["Jun"])))
    assert values(delivery, "QKS") == {
        "stops_3m": 1265, "stops_in_4_weeks_3m": 555, "spells_started_3m": 9210, "spells_closed_3m": 8005,
        "waiting": 27730, "over_104_weeks": 8720, "over_78_weeks": 11140, "over_52_weeks": 14100, "first": 12675,
        "first_median_days": 202, "first_p90_days": 767, "spells_open": 31745, "first_over_104": 1425,
        "first_over_78": 2580, "first_over_52": 4260,
    }  # fmt: skip
    assert values(delivery, "ENG")["waiting"] == 577190
    levels = {organisation.code: organisation.level for organisation in delivery.organisations}
    assert (levels["ENG"], levels["QKS"], levels["RAT"]) == (Level.ENGLAND, Level.ICB, Level.PROVIDER)
    hidden = [f for f in delivery.vintages[0].figures if f.marker is Marker.SUPPRESSED]
    assert len(hidden) == delivery.counts["suppressed"] > 2_000
    assert {figure.value for figure in hidden} == {None}
    (figure,) = [f for f in delivery.vintages[0].figures if (f.org, f.kind) == ("QKS", "waiting")]
    assert (figure.row, figure.cell) == (3843, "K3843")


def test_the_window_comes_from_the_dates_and_not_from_the_measure():
    rows = [row("MRS11", 5, REPORTING_PERIOD_START="01/04/2024"), row("MRS12", 6)]
    assert values(parse(table(HEADER, rows)), "RAT") == {"spells_started_3m": 5, "spells_closed": 6}


def test_adults_and_shares_are_not_kept_and_an_unknown_measure_is_said():
    rows = [row(), row("MRS02", 7), row("MRS09b", 31.5), row("MRS15", 8)]
    delivery = parse(table(HEADER, rows))
    assert values(delivery, "RAT") == {"waiting": 100}
    assert [(finding.code, "MRS15" in finding.sentence) for finding in delivery.findings] == [
        ("unknown_measure_id", True)
    ]


def test_other_breakdowns_and_parts_count_the_same_people_again():
    rows = [row(), row(BREAKDOWN="Sub ICB - Residence"), row(SECONDARY_LEVEL="0 to 4", MEASURE_VALUE=3)]
    delivery = parse(table(HEADER, rows))
    assert values(delivery, "RAT") == {"waiting": 100}
    assert [finding.code for finding in delivery.findings] == ["unknown_breakdown"]


def test_markers_and_days_of_waits():
    rows = [row("MRS10a", 712.5), row("MRS09", "*"), row("MRS10", ""), row("MRS13", "n/a"), row("MRS10b", "long")]
    delivery = parse(table(HEADER, rows))
    assert values(delivery, "RAT") == {"first_median_days": 712, "waiting": None}
    assert delivery.counts == {"cells_read": 5, "numbers": 1, "suppressed": 1, "not_submitted": 1, "quarantined": 2}
    assert [finding.code for finding in delivery.findings] == ["unknown_marker"] * 2


def test_one_figure_twice_is_taken_once_or_put_aside():
    again = parse(table(HEADER, [row(), row()]))
    assert values(again, "RAT") == {"waiting": 100}
    assert [finding.code for finding in again.findings] == ["duplicate_same_value"]
    differing = parse(table(HEADER, [row(), row(value=105), row("MRS13", 9)]))
    assert values(differing, "RAT") == {"spells_open": 9}
    (finding,) = differing.findings
    assert finding.sentence.startswith("Rows 2, 3 print different figures")
    assert differing.counts["quarantined"] == 2


def test_one_code_under_several_names_is_one_organisation():
    rows = [row(), row("MRS13", 9, PRIMARY_LEVEL="rat", PRIMARY_LEVEL_DESCRIPTION="North East London")]
    (organisation,) = parse(table(HEADER, [*rows, ("",) * 11, row("MRS10", 4)])).organisations
    assert (organisation.code, organisation.name) == ("RAT", "NELFT")


def test_columns_may_be_renamed_and_reordered():
    renamed = [name.replace("MEASURE_ID", "METRIC").replace("MEASURE_VALUE", "Metric_Value") for name in HEADER]
    rows = [tuple(reversed(row(REPORTING_PERIOD_START="2024-06-01", REPORTING_PERIOD_END="2024-06-30")))]
    assert values(parse(table(list(reversed(renamed)), rows)), "RAT") == {"waiting": 100}


@pytest.mark.parametrize(
    ("rows", "code", "words"),
    [
        ([row(), row("MRS13", REPORTING_PERIOD_END="31/07/2024")], "PERIOD_UNCLEAR", "one month"),
        ([row(REPORTING_PERIOD_END="31/06/2024")], "CONTRACT", "the file, row 2, cell B2: expected a day"),
        ([row(REPORTING_PERIOD_END="31/12/9999")], "CONTRACT", "the file, row 2, cell B2: expected a day"),
        ([row(REPORTING_PERIOD_START="01/07/2024")], "CONTRACT", "after the start"),
        ([row("MRS02")], "EMPTY", "no figures"),
    ],
)
def test_what_cannot_be_read_is_refused(rows, code: str, words: str):
    with pytest.raises(FileRefused, match=words) as refused:
        parse(table(HEADER, rows))
    assert refused.value.code == code


def test_only_its_own_tables_are_recognised():
    assert recognises(table(HEADER, [row()]))
    assert not recognises(table(HEADER, [row("ED86")]))
    assert not recognises(table(("a", "b"), [(1, 2)]))
    with pytest.raises(FileRefused, match="columns of the Mental Health"):
        parse(table(("a", "b"), [(1, 2)]))


def test_kinds_fit_the_store():
    assert max(len(f"{kind}_3m") for kind in KINDS.values()) <= 20


def test_a_list_that_counts_long_waits_by_itself_has_series_of_them():
    cells = VintageCells(1, {"total": 100}, {"over_52_weeks": 40})
    assert [cells.value(measure) for measure in (Measure.LIST_SIZE, Measure.OVER_52_WEEKS)] == [100, 40]
    assert cells.value(Measure.OVER_104_WEEKS) is None
