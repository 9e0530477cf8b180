"""Columns under a heading that says nothing are refused for what their cells say, before anything is stored."""

import io
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.extracts import DELIVERED, csv_of, read, row
from tests.spec.test_people_names import COMMON, NO_NAMES, RARE, people
from waitlists.errors import IdentifiersFound
from waitlists.ingest import referral_csv, referral_text
from waitlists.ingest.identifier_samples import SAMPLED, Children, Samples
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.referral_extract import read_extract
from waitlists.ingest.sheets import Sheet, Workbook
from waitlists.record.schema import SENT

NAMES = people("{s}, {f}", 40, COMMON + RARE)
LINES = [f"{n} Mill Lane" for n in range(1, 41)]
BIRTHS = [(date(2025, 3, 1) - timedelta(days=31 * n)).isoformat() for n in range(40)]
HIDDEN = {"people's names": NAMES, "lines of addresses": LINES, "days of birth": BIRTHS}


def rows_with(column: str, cells: list[str]) -> list[dict[str, str]]:
    return [row(n, **{column: cell}) for n, cell in enumerate(cells, start=1)]


@pytest.mark.parametrize(("likeness", "cells"), HIDDEN.items())
@pytest.mark.parametrize("column", ["col7", "x"])
def test_a_column_whose_heading_says_nothing_is_refused(likeness: str, cells: list[str], column: str):
    with pytest.raises(IdentifiersFound, match=f"column {column} holds {likeness}") as refusal:
        read(csv_of(rows_with(column, cells), columns=(*SENT, column)))
    assert not any(cell in str(refusal.value) for cell in cells)


@pytest.mark.parametrize("cells", HIDDEN.values())
def test_an_ignored_column_is_refused_like_any_other(cells: list[str]):
    with pytest.raises(IdentifiersFound, match="col7"):
        read(csv_of(rows_with("col7", cells), columns=(*SENT, "col7")), ProviderMapping(ignore=frozenset({"col7"})))


@pytest.mark.parametrize("field", ["service_request_identifier", "source_system", "service_or_team_type_referred_to"])
def test_names_in_a_column_that_is_mapped_are_refused(field: str):
    mapping = ProviderMapping(columns={field: "col7"})
    columns = [name for name in SENT if name != field]
    with pytest.raises(IdentifiersFound, match="col7 holds people's names"):
        read(csv_of(rows_with("col7", NAMES), columns=(*columns, "col7")), mapping)


@pytest.mark.parametrize("spelt", ["%d/%m/%Y", "%d-%b-%Y", "%Y%m%d", "%d/%m/%y"])
@pytest.mark.parametrize("field", ["source_system", "col7"])
def test_births_of_small_children_in_another_form_are_refused_mapped_or_not(field: str, spelt: str):
    births = [(date(2025, 3, 1) - timedelta(days=31 * n)).strftime(spelt) for n in range(40)]
    mapping = ProviderMapping(columns={"source_system": field})
    columns = [name for name in SENT if name != "source_system"]
    with pytest.raises(IdentifiersFound, match=f"{field} holds days of birth"):
        read(csv_of(rows_with(field, births), columns=(*columns, field)), mapping)


def test_names_in_parquet_and_on_another_sheet_are_refused():
    rows = rows_with("x", NAMES)
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), stream)
    with pytest.raises(IdentifiersFound, match="column x "):
        read(stream.getvalue())
    header = tuple(row())
    records = Sheet("Records", (header, *(tuple(one[name] for name in header) for one in rows)))
    names = Sheet("Sheet2", (("k", "v"), *((n, name) for n, name in enumerate(NAMES))))
    with pytest.raises(IdentifiersFound, match="column B of sheet Sheet2"):
        read_extract(Workbook((records, names)), on=DELIVERED)


def test_names_are_said_before_a_column_that_is_missing():
    with pytest.raises(IdentifiersFound, match="column x "):
        read(csv_of(rows_with("x", NAMES), columns=("pseudonym_id", "service", "waiting_for", "age_band", "x")))


@pytest.mark.parametrize("kind", NO_NAMES)
def test_an_unknown_column_of_places_teams_or_reasons_is_taken(kind: str):
    texts = NO_NAMES[kind].split("|")
    rows = rows_with("col7", [texts[n % len(texts)] for n in range(120)])
    assert read(csv_of(rows, columns=(*SENT, "col7"))).facts.accepted == 120


def test_days_on_which_clinics_worked_years_before_are_taken():
    days = [date(2025, 3, 3) - timedelta(days=7 * n + n % 5) for n in range(60)]
    working = [day - timedelta(days=2 * (day.weekday() > 4)) for day in days]
    rows = rows_with("col7", [day.isoformat() for day in working])
    assert read(csv_of(rows, columns=(*SENT, "col7"))).facts.accepted == 60


def test_names_here_and_there_in_a_large_file_are_seen(monkeypatch: pytest.MonkeyPatch):
    """A column that is empty for thousands of rows is sampled from those that fill it."""
    monkeypatch.setattr(referral_text, "CHUNK_BYTES", 1_500)
    monkeypatch.setattr(referral_csv, "BLOCK_BYTES", 1_500)
    rows = [row(n, x=NAMES[n // 10] if n % 10 == 0 else " ") for n in range(400)]
    with pytest.raises(IdentifiersFound, match="column x "):
        read(csv_of(rows, columns=(*SENT, "x")))


def test_no_more_is_looked_at_than_tells_a_column():
    samples = Samples(1, children=Children(), known=frozenset(), days=frozenset())
    samples.look([pa.array(["Parent request"] * SAMPLED)])
    samples.look([pa.array(people("{f} {s}", SAMPLED, COMMON))])
    assert samples.likeness(0) is None
    assert samples.likeness(0) is None
