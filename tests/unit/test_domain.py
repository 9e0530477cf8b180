from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists.domain import (
    Coverage,
    Figure,
    Finding,
    Marker,
    Measure,
    MissingProvider,
    SeriesKey,
    Severity,
    Vintage,
    cell_address,
)
from waitlists.errors import BadArgument


@pytest.mark.parametrize(
    ("row", "column", "address"),
    [(1, 1, "A1"), (12, 37, "AK12"), (9, 26, "Z9"), (9, 27, "AA9"), (1, 52, "AZ1"), (1, 703, "AAA1")],
)
def test_a_cell_is_named_as_a_spreadsheet_names_it(row: int, column: int, address: str) -> None:
    assert cell_address(row, column) == address


@given(st.integers(1, 1_048_576), st.integers(1, 16_384))
def test_a_cell_address_can_be_read_back(row: int, column: int) -> None:
    address = cell_address(row, column)
    letters = address.rstrip("0123456789")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    assert (int(address[len(letters) :]), number) == (row, column)


@pytest.mark.parametrize(("row", "column"), [(0, 1), (1, 0), (-1, 1)])
def test_a_cell_before_the_first_is_refused(row: int, column: int) -> None:
    with pytest.raises(BadArgument, match="count from 1"):
        cell_address(row, column)


def test_a_figure_knows_its_cell() -> None:
    figure = Figure("SALT", "QKS", "total", 1651, Marker.NUMBER, "Table 4", 31, 48)
    assert figure.cell == "AV31"
    assert figure.kind == "waiting"


@pytest.mark.parametrize("empty", ["source", "service", "org"])
def test_a_series_is_about_something(empty: str) -> None:
    parts = {"source": "chs_sitrep", "service": "SALT", "org": "QKS"} | {empty: ""}
    with pytest.raises(BadArgument, match=f"needs a {empty}") as caught:
        SeriesKey(**parts, measure=Measure.LIST_SIZE)
    assert caught.value.field == empty


def test_a_series_key_reads_as_its_four_parts() -> None:
    assert str(SeriesKey("chs_sitrep", "SALT", "QKS", Measure.OVER_18_WEEKS)) == "chs_sitrep|SALT|QKS|over_18_weeks"


def finding(code: str = "step", sentence: str = "The list rose.") -> Finding:
    return Finding(code, Severity.INFO, sentence, date(2025, 3, 31), date(2025, 5, 15))


@pytest.mark.parametrize("code", ["", "Step", "two words", "1st", "a-b"])
def test_a_findings_code_is_one_stable_word(code: str) -> None:
    with pytest.raises(BadArgument, match="one lower-case word"):
        finding(code=code)


def test_a_finding_says_a_whole_sentence() -> None:
    assert finding().details == {}
    with pytest.raises(BadArgument, match="whole sentence"):
        finding(sentence="The list rose")


@pytest.mark.parametrize("share", [-0.01, 1.01, float("nan")])
def test_coverage_is_a_share(share: float) -> None:
    with pytest.raises(BadArgument, match="share from 0 to 1"):
        Coverage("SALT", "QKS", share)


def test_the_missing_part_is_the_sum_of_last_known_lists() -> None:
    missing = tuple(MissingProvider(org, date(2024, 10, 31), size) for org, size in (("NQ7", 3921), ("RPA", 79)))
    assert Coverage("COMM_PAEDS", "QKS", 0.5, missing).last_known_missing == 4000
    assert Coverage("COMM_PAEDS", "QKS", 1.0).last_known_missing == 0


def test_vintages_are_ordered_by_the_day_they_were_known_then_by_arrival() -> None:
    march, early, late = (
        Vintage(known, number, "chs_sitrep", date(2025, 3, 31))
        for known, number in ((date(2025, 5, 15), 1), (date(2025, 4, 10), 3), (date(2025, 5, 15), 2))
    )
    assert sorted([late, march, early]) == [early, march, late]
